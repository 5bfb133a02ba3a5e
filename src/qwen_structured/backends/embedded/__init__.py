"""A small model on this machine's CPU: no GPU, no network, no account.

The model that ships with the package is the default; any other of Qwen's architectures runs too, by hub
name or from a folder, as far as this machine's memory goes. Needs the extra ``embedded``.
"""

from .backend import EmbeddedBackend

__all__ = ["EmbeddedBackend"]
