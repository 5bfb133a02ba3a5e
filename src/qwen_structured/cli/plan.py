"""The command ``plan``: on which GPUs a model fits, what that holds, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from .. import model_configs, settings
from ..planning import Placement, Plan, plan as make_plan
from ..planning.gpus import PRICES_DATE
from ..planning.memory import Memory
from ..planning.plan import CONCURRENCY, CONTEXT, UTILIZATION
from .printing import columns, print_json

PlannedModel = Annotated[str, typer.Argument(help="Registry name, folder, or hub name of a model.")]
ContextOption = Annotated[int, typer.Option(help="Tokens of a request, answer included.")]
ConcurrencyOption = Annotated[int, typer.Option(help="Requests at once.")]
UtilizationOption = Annotated[float, typer.Option(help="Part of each GPU's memory that vLLM may take.")]
KVCacheOption = Annotated[Literal["auto", "fp8"], typer.Option(help="Keys and values in 16 bits, or in FP8.")]

_GIB = 2**30
_HEAD = (
    "GPUS", "FITS", "SPLIT", "WEIGHTS", "OVERHEAD", "KV ROOM", "KV/TOKEN", "STATE", "REQUESTS", "KV TOKENS",
    "TOKENS/S", "$/HOUR", "$/M TOKENS",
)  # fmt: skip


def plan(
    model: PlannedModel,
    gpu: Annotated[
        str | None,
        typer.Option(metavar="GPU[:COUNT]", help="Only this kind, or so many: H100, H100:2."),
    ] = None,
    context: ContextOption = CONTEXT,
    concurrency: ConcurrencyOption = CONCURRENCY,
    utilization: UtilizationOption = UTILIZATION,
    kv_cache: KVCacheOption = "auto",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell on which GPUs a model fits, cheapest first.

    Computes memory, requests at once, a ceiling of tokens a second, and cost. Loads nothing.
    """
    planned = make_plan(
        model_configs.find(model),
        gpu,
        context,
        concurrency,
        utilization=utilization,
        kv_cache=kv_cache,
        prices=settings.load().settings.gpu_prices,
    )
    if json:
        print_json(_data(planned))
    else:
        typer.echo("\n".join(_page(planned, gpu is not None)))


def _page(planned: Plan, one_kind: bool) -> Iterator[str]:
    load = planned.load
    yield f"{load.model.name}: {load.concurrency} requests of {load.context:,} tokens at once"
    yield ""
    yield columns([_HEAD, *map(_row, planned.placements)])
    yield ""
    yield "Each GPU: weights, overhead and room in GiB, cache of a token in KiB, state of a request in MiB."
    yield "Requests at once, in brackets with prefix caching. Tokens/s is the ceiling of memory bandwidth."
    yield f"Prices: Modal's of {PRICES_DATE}, or the setting gpu_prices."
    for placement in planned.fitting:
        yield from (f"{placement}: {note}." for note in placement.notes)
    if not one_kind:
        yield "Why a model does not fit on some GPUs, --gpu tells."
        return
    for placement in planned.placements:
        if placement.problem:
            yield f"{placement} does not fit: {placement.problem}."


def _row(placement: Placement) -> tuple[str, ...]:
    name = f"{placement.count} x {placement.gpu.name}"
    if placement.layout is None or placement.memory is None:
        return name, "no", *["-"] * 9, _usd(placement.usd_per_hour), "-"
    return (
        name,
        "yes" if placement.fits else "no",
        str(placement.layout),
        *_sizes(placement.memory),
        f"{placement.requests:,}" + _bracketed(placement),
        f"{placement.kv_tokens:,}",
        f"{placement.tokens_per_s:,.0f}",
        _usd(placement.usd_per_hour),
        _usd(placement.usd_per_million_tokens),
    )


def _sizes(memory: Memory) -> Iterator[str]:
    yield from (f"{size / _GIB:.1f}" for size in (memory.weights, memory.overhead, max(0, memory.room)))
    yield f"{memory.cache.bytes_per_token / 2**10:g}"
    yield f"{memory.cache.state_bytes / 2**20:.1f}" if memory.cache.state_bytes else "-"


def _bracketed(placement: Placement) -> str:
    cached = placement.requests_prefix_caching
    return "" if cached == placement.requests else f" ({cached:,})"


def _usd(price: float | None) -> str:
    return "-" if price is None else f"{price:.2f}"


def _data(planned: Plan) -> dict[str, object]:
    load = planned.load
    return {
        "model": load.model,
        "context": load.context,
        "concurrency": load.concurrency,
        "utilization": load.utilization,
        "kv_cache": load.kv_cache,
        "prices_date": PRICES_DATE,
        "placements": [_placement(placement) for placement in planned.placements],
    }


def _placement(placement: Placement) -> dict[str, object]:
    memory = placement.memory
    return {
        "gpu": placement.gpu.name,
        "count": placement.count,
        "fits": placement.fits,
        "problem": placement.problem,
        "tensor_parallel": placement.layout.tensor_parallel if placement.layout else None,
        "expert_parallel": placement.layout.expert_parallel if placement.layout else None,
        "memory_per_gpu": memory
        and {
            "usable_bytes": memory.usable,
            "weight_bytes": memory.weights,
            "overhead_bytes": memory.overhead,
            "kv_room_bytes": max(0, memory.room),
            "kv_bytes_per_token": memory.cache.bytes_per_token,
            "state_bytes_per_request": memory.cache.state_bytes,
        },
        "requests": placement.requests,
        "requests_prefix_caching": placement.requests_prefix_caching,
        "kv_tokens": placement.kv_tokens,
        "ceiling_tokens_per_s": placement.tokens_per_s,
        "usd_per_hour": placement.usd_per_hour,
        "usd_per_million_tokens": placement.usd_per_million_tokens,
        "notes": placement.notes,
    }
