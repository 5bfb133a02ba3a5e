"""Put a model on some GPUs: whether it fits, and what that holds, yields and costs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..models import Model
from .cost import usd_per_hour, usd_per_million_tokens
from .gpus import GPU
from .memory import KVCache, Memory, memory
from .parallelism import Layout, layout
from .throughput import ceiling_tokens_per_s

GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be served.

    Attributes:
        model: the model.
        context: tokens of a request, answer included.
        concurrency: requests at once that are asked for.
        utilization: part of each GPU's memory that vLLM may take (its `gpu_memory_utilization`).
        kv_cache: how keys and values are stored.
    """

    model: Model
    context: int
    concurrency: int
    utilization: float
    kv_cache: KVCache


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A model on some GPUs of one machine.

    Attributes:
        gpu: the kind of GPU.
        count: how many.
        layout: how the model is split over them; None if it cannot be.
        memory: how each GPU's memory is divided; None if the model cannot be split so.
        requests: requests of the planned context that fit at once.
        requests_prefix_caching: the same with vLLM's prefix caching, which doubles the blocks of a state.
        kv_tokens: tokens that the cache holds, in requests of that context.
        tokens_per_s: ceiling of output tokens a second, at the planned concurrency or at `requests`, if that
            is less, each with half the context in the cache.
        usd_per_hour: price of all GPUs, in US dollars; None if it is not known.
        usd_per_million_tokens: price of a million output tokens at that ceiling, so the least that it can be.
        problem: why it does not fit; None if it does.
        notes: what else is to be known.
    """

    gpu: GPU
    count: int
    layout: Layout | None = None
    memory: Memory | None = None
    requests: int = 0
    requests_prefix_caching: int = 0
    kv_tokens: int = 0
    tokens_per_s: float = 0.0
    usd_per_hour: float | None = None
    usd_per_million_tokens: float | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """At least one request of the planned context fits."""
        return self.problem is None

    def __str__(self) -> str:
        split = " with expert parallelism" if self.layout and self.layout.expert_parallel else ""
        return f"{self.count} x {self.gpu.name}{split}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A model on some GPUs of one machine, by their memory alone.

    Attributes:
        layout: how the model is split over them; None if it cannot be.
        memory: how each GPU's memory is divided; None if the model cannot be split so.
        problem: why it does not fit; None if at least one request of the planned context does.
    """

    layout: Layout | None = None
    memory: Memory | None = None
    problem: str | None = None


def fit(load: Load, memory_bytes: int, count: int) -> Fit:
    """Tell whether a load fits on `count` GPUs that have `memory_bytes` each."""
    split = layout(load.model.architecture, count)
    if isinstance(split, str):
        return Fit(problem=split)
    divided = memory(load.model, memory_bytes, count, utilization=load.utilization, kv_cache=load.kv_cache)
    fits = divided.requests(load.context) > 0
    return Fit(layout=split, memory=divided, problem=None if fits else _problem(load, divided))


def place(load: Load, gpu: GPU, count: int, prices: Mapping[str, float]) -> Placement:
    """Compute what becomes of a load on `count` GPUs of one machine.

    Raises:
        ConfigurationError: `prices` names a GPU that is not known.
    """
    cost = usd_per_hour(gpu, count, prices)
    fitted = fit(load, gpu.memory_bytes, count)
    if (divided := fitted.memory) is None:
        return Placement(gpu=gpu, count=count, usd_per_hour=cost, problem=fitted.problem)
    requests = divided.requests(load.context)
    speed = _ceiling(load, gpu, count, divided, min(requests, load.concurrency))
    return Placement(
        gpu=gpu,
        count=count,
        layout=fitted.layout,
        memory=divided,
        requests=requests,
        requests_prefix_caching=divided.requests(load.context, prefix_caching=True),
        kv_tokens=divided.tokens(load.context),
        tokens_per_s=speed,
        usd_per_hour=cost,
        usd_per_million_tokens=usd_per_million_tokens(cost, speed),
        problem=fitted.problem,
        notes=tuple(_notes(load, gpu, requests)) if requests else (),
    )


def _ceiling(load: Load, gpu: GPU, count: int, divided: Memory, requests: int) -> float:
    if not requests:
        return 0.0
    return ceiling_tokens_per_s(
        load.model.architecture, gpu, count, divided.cache, requests=requests, held_tokens=load.context // 2
    )


def _problem(load: Load, divided: Memory) -> str:
    usable = f"vLLM may take {divided.usable / GIB:.1f} GiB of a GPU"
    if divided.weights >= divided.usable:
        return f"{usable}, and the weights need {divided.weights / GIB:.1f}"
    request = divided.cache.blocks(load.context) * divided.cache.block_bytes
    return (
        f"{usable}, weights need {divided.weights / GIB:.1f} and overhead {divided.overhead / GIB:.1f}, "
        f"which leaves {max(0, divided.room) / GIB:.1f}, and a request of {load.context:,} tokens needs "
        f"{request / GIB:.1f}"
    )


def _notes(load: Load, gpu: GPU, requests: int) -> Iterator[str]:
    if requests < load.concurrency:
        yield f"{requests} of {load.concurrency} requests of {load.context:,} tokens run at once, others wait"
    if load.model.architecture.weight_format == "fp8" and not gpu.computes_fp8:
        yield "the GPU does not compute in FP8: weights are unpacked to 16 bits as they are read"
