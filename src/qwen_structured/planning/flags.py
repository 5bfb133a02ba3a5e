"""Write the flags of ``vllm serve`` for a plan. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..exceptions import ConfigurationError
from ..models import Model
from .memory import KVCache
from .placement import Placement
from .plan import CONCURRENCY, CONTEXT, UTILIZATION, plan

LOOPBACK = "127.0.0.1"
KEY_VARIABLE = "VLLM_API_KEY"
"""The variable that vLLM reads its key from, so that the key does not stand in the list of processes."""

_LOCAL = (LOOPBACK, "::1", "localhost")
_STRUCTURED_OUTPUTS = {"backend": "xgrammar", "disable_any_whitespace": True}
_READY_BYTES_PER_S = 100e6
_READY_DEFAULT_S = 600


def serve_flags(
    model: Model | str,
    gpu: str,
    count: int,
    context: int = CONTEXT,
    concurrency: int = CONCURRENCY,
    *,
    utilization: float = UTILIZATION,
    kv_cache: KVCache = "auto",
    host: str = LOOPBACK,
    port: int = 8000,
    authenticated: bool = False,
) -> list[str]:
    """The words that follow ``vllm serve MODEL``, after a check that the model fits.

    The key is never among them: vLLM reads it from the variable `KEY_VARIABLE`.

    Args:
        model: a registered model or its name.
        gpu: the kind of GPU.
        count: GPUs of the machine that the model is split over.
        context: tokens of a request, answer included; vLLM refuses longer ones.
        concurrency: requests at once; vLLM lets others wait.
        utilization: part of each GPU's memory that vLLM may take.
        kv_cache: ``fp8`` stores keys and values in 8 bits.
        host: address that the server listens on.
        port: port that it listens on.
        authenticated: `KEY_VARIABLE` is set where the server runs; a `host` that others reach needs it.

    Raises:
        DoesNotFit: the model does not fit there; the message says where it does.
        ConfigurationError: the server would be open to others, or a value is out of bounds.

    Example:
        >>> serve_flags("80b", "H100", 2)[:4]
        ['--tensor-parallel-size', '2', '--max-model-len', '8192']
    """
    if not is_local(host) and not authenticated:
        raise ConfigurationError(
            f"host is {host!r}, which others reach: set a key in {KEY_VARIABLE}, or listen on {LOOPBACK}"
        )
    chosen = plan(model, f"{gpu}:{count}", context, concurrency, utilization=utilization, kv_cache=kv_cache)
    options: dict[str, str | None] = {
        "--tensor-parallel-size": str(count),
        **({"--enable-expert-parallel": None} if _expert_parallel(chosen.best) else {}),
        "--max-model-len": str(context),
        "--gpu-memory-utilization": f"{utilization:g}",
        "--max-num-seqs": str(sequences(chosen.best, concurrency)),
        "--kv-cache-dtype": kv_cache,
        "--structured-outputs-config": json.dumps(_STRUCTURED_OUTPUTS, separators=(",", ":")),
        **({"--reasoning-parser": "qwen3"} if chosen.load.model.thinks else {}),
        "--enable-prompt-tokens-details": None,  # how many of them were cached
        "--enable-per-request-metrics": None,
        "--host": host,
        "--port": str(port),
    }
    return [word for name, value in options.items() for word in (name, value) if word is not None]


def is_local(host: str) -> bool:
    """Whether only this machine reaches what listens on this address."""
    return host in _LOCAL


def serve_environment(model: Model) -> Mapping[str, str]:
    """Variables that the server needs besides: a time limit that the start of a large model survives.

    vLLM gives its engine 600 s. Reading the weights at 100 MB a second, a slow disk, is added.
    """
    seconds = _READY_DEFAULT_S + round(model.weight_bytes / _READY_BYTES_PER_S)
    return {"VLLM_ENGINE_READY_TIMEOUT_S": str(seconds)}


def _expert_parallel(placement: Placement) -> bool:
    return placement.layout is not None and placement.layout.expert_parallel


def sequences(placement: Placement, concurrency: int) -> int:
    """Requests that are decoded at once: those asked for, as far as each can have its state.

    Source: vLLM refuses to start where `max_num_seqs` exceeds the blocks that are there for states.
    """
    if placement.memory is None or not placement.memory.cache.state_bytes:
        return concurrency
    return min(concurrency, placement.memory.requests(1, prefix_caching=True))
