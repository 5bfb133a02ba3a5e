"""Qwen on Modal's GPUs: the app that is deployed there, and the backend that calls it.

The backend needs the extra ``modal`` and an account; nothing here is imported before it is used.
"""

from .backend import ModalBackend

__all__ = ["ModalBackend"]
