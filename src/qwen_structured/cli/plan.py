"""The command ``plan``: on which GPUs a model fits, what that holds, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from .. import model_configs, settings
from ..planning import Placement, Plan, plan as make_plan
from ..planning.gpus import PRICES_DATE
from ..planning.plan import CONCURRENCY, CONTEXT, UTILIZATION
from .printing import columns, print_json

_GIB = 2**30
_HEAD = (
    "GPUS", "SPLIT", "WEIGHTS", "OVERHEAD", "KV ROOM", "REQUESTS", "KV TOKENS", "TOKENS/S", "$/HOUR", "$/M TOKENS",
)  # fmt: skip


def plan(
    model: Annotated[str, typer.Argument(help="Registry name, folder, or hub name of a model.")],
    gpu: Annotated[
        str | None,
        typer.Option(metavar="GPU[:COUNT]", help="Only this kind, or so many of it: H100, H100:2."),
    ] = None,
    context: Annotated[int, typer.Option(help="Tokens of a request, answer included.")] = CONTEXT,
    concurrency: Annotated[int, typer.Option(help="Requests at once.")] = CONCURRENCY,
    utilization: Annotated[
        float, typer.Option(help="Part of each GPU's memory that vLLM may take.")
    ] = UTILIZATION,
    kv_cache: Annotated[
        Literal["auto", "fp8"], typer.Option(help="Keys and values in 16 bits, or in FP8.")
    ] = "auto",
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
        typer.echo("\n".join(_page(planned)))


def _page(planned: Plan) -> Iterator[str]:
    load = planned.load
    cache = planned.best.memory and planned.best.memory.cache
    yield f"{load.model.name}: {load.concurrency} requests of {load.context:,} tokens"
    yield ""
    yield columns([_HEAD, *map(_row, planned.fitting)])
    yield ""
    yield "Memory is GiB a GPU; tokens/s is the ceiling that memory bandwidth sets, so $/M tokens is the least."
    yield f"Prices: Modal's list of {PRICES_DATE}, under the setting gpu_prices."
    if cache:
        state = f", and its state {cache.state_bytes / 2**20:.1f} MiB" if cache.state_bytes else ""
        yield (
            f"On {planned.best}, a token takes {cache.bytes_per_token / 1024:g} KiB of a GPU's KV room{state}."
        )
    for placement in planned.fitting:
        yield from (f"{placement}: {note}." for note in placement.notes)
    for placement in planned.placements:
        if not placement.fits:
            yield f"{placement} does not fit: {placement.problem}."


def _row(placement: Placement) -> tuple[str, ...]:
    memory = placement.memory
    sizes = (memory.weights, memory.overhead, memory.room) if memory else ()
    return (
        f"{placement.count} x {placement.gpu.name}",
        str(placement.layout),
        *(f"{size / _GIB:.1f}" for size in sizes),
        f"{placement.requests:,}",
        f"{placement.kv_tokens:,}",
        f"{placement.tokens_per_s:,.0f}",
        _usd(placement.usd_per_hour),
        _usd(placement.usd_per_million_tokens),
    )


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
        "kv_tokens": placement.kv_tokens,
        "ceiling_tokens_per_s": placement.tokens_per_s,
        "usd_per_hour": placement.usd_per_hour,
        "usd_per_million_tokens": placement.usd_per_million_tokens,
        "notes": placement.notes,
    }
