"""What the engine is to run on: this machine's GPUs as vLLM sees them, or its CPU."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ...exceptions import ModelNotLoadable
from ..free_memory import available_bytes

if TYPE_CHECKING:
    from pydantic import JsonValue

_GIB = 2**30


@dataclass(frozen=True, slots=True)
class GPUs:
    """GPUs of this machine, in the order in which vLLM takes them.

    Attributes:
        name: the driver's name of the first.
        memory_bytes: memory of each.
    """

    name: str
    memory_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CPU:
    """This machine's CPU, for vLLM's CPU build.

    Attributes:
        memory_bytes: memory in all, as vLLM counts it.
        available_bytes: memory that can still be taken.
        cache_bytes: what is set to be the room of the KV cache; None leaves it to `gpu_memory_utilization`.
    """

    memory_bytes: int
    available_bytes: int
    cache_bytes: int | None


Machine: TypeAlias = GPUs | CPU


def look(engine_args: Mapping[str, JsonValue]) -> Machine:
    """Look what there is, without taking memory of a GPU.

    Args:
        engine_args: further arguments of the engine, which may set the room of the cache.

    Raises:
        ModelNotLoadable: vLLM finds nothing that it can run on.
    """
    from vllm.platforms import current_platform  # pyright: ignore[reportMissingImports]

    if current_platform.is_cpu():
        total = int(current_platform.get_device_total_memory())
        return CPU(total, available_bytes(), _cache_bytes(engine_args))
    if not current_platform.is_cuda_alike():
        raise ModelNotLoadable(
            "vLLM finds no GPU on this machine: choose another backend, or vLLM's CPU build"
        )
    import torch

    # Through vLLM, which asks the driver: to ask torch would take memory of the GPU for this process.
    indices = range(torch.cuda.device_count())
    return GPUs(
        str(current_platform.get_device_name()),
        tuple(int(current_platform.get_device_total_memory(i)) for i in indices),
    )


def _cache_bytes(engine_args: Mapping[str, JsonValue]) -> int | None:
    """Source: vLLM 0.32, vllm/platforms/cpu.py, where the variable has the last word."""
    if gib := os.environ.get("VLLM_CPU_KVCACHE_SPACE"):
        return int(gib) * _GIB if gib.isdecimal() else None
    own = engine_args.get("kv_cache_memory_bytes")
    return own if isinstance(own, int) else None
