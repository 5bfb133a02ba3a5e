"""A vLLM server's HTTP interface, on this machine or anywhere: one base URL, or several with failover.

Any deployment that speaks vLLM's OpenAI-compatible interface will do, whether ``vllm serve`` itself or a
proxy before it. Needs the extra ``server``.
"""

from .backend import ServerBackend
from .options import ServerOptions

__all__ = ["ServerBackend", "ServerOptions"]
