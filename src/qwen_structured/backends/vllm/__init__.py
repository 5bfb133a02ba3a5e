"""vLLM's engine in this process, on this machine's GPUs, or on its CPU with vLLM's CPU build.

Needs the extra ``vllm``, and a model: it has none of its own.
"""

from .backend import VLLMBackend

__all__ = ["VLLMBackend"]
