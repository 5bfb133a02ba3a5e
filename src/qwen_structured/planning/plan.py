"""Plan a model: on which GPUs it fits, cheapest first, and why not on others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from .. import models
from ..exceptions import ConfigurationError, DoesNotFit
from ..models import Model
from .gpus import COUNTS, GPU, GPUS, parse
from .memory import KVCache
from .placement import Load, Placement, place

CONTEXT = 8192
CONCURRENCY = 64
UTILIZATION = 0.9
"""vLLM's default of `gpu_memory_utilization`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served, and where it fits.

    Attributes:
        load: what is to be served.
        placements: all sets of GPUs that were looked at: those that hold the concurrency, the cheapest first,
            then those that hold less of it, then those that it does not fit on.
    """

    load: Load
    placements: tuple[Placement, ...]

    @property
    def fitting(self) -> tuple[Placement, ...]:
        """The placements that fit, in order; never empty."""
        return tuple(placement for placement in self.placements if placement.fits)

    @property
    def best(self) -> Placement:
        """The first that fits: the cheapest that holds the concurrency, if any does."""
        return self.fitting[0]


def plan(
    model: Model | str,
    gpu: str | None = None,
    context: int = CONTEXT,
    concurrency: int = CONCURRENCY,
    *,
    utilization: float = UTILIZATION,
    kv_cache: KVCache = "auto",
    prices: Mapping[str, float] | None = None,
) -> Plan:
    """Look where a model fits, cheapest first.

    Args:
        model: a registered model or its name; `model_configs.find` makes one of any other.
        gpu: only this kind, such as ``H100``, or only so many of it, such as ``H100:2``; by default all.
        context: tokens of a request, answer included.
        concurrency: requests at once.
        utilization: part of each GPU's memory that vLLM may take.
        kv_cache: ``fp8`` stores keys and values in 8 bits.
        prices: US dollars an hour of one GPU, by name, over Modal's list prices.

    Raises:
        DoesNotFit: it fits nowhere that was asked for; the message says where it does.
        UnknownModel: the model is not registered.
        ConfigurationError: a GPU is not known, or a number is out of bounds.

    Example:
        >>> str(plan("80b", gpu="H100").best)
        '2 x H100'
    """
    model = models.get(model) if isinstance(model, str) else model
    _check(model, context, concurrency, utilization)
    load = Load(
        model=model, context=context, concurrency=concurrency, utilization=utilization, kv_cache=kv_cache
    )
    placements = _placements(load, _wanted(gpu), prices or {})
    if not placements[0].fits:
        raise DoesNotFit(_misfit(load, placements))
    return Plan(load, placements)


def _check(model: Model, context: int, concurrency: int, utilization: float) -> None:
    if not 1 <= context <= model.context_tokens:
        raise ConfigurationError(
            f"context is {context}: {model.name} holds 1 to {model.context_tokens} tokens, answer included"
        )
    if concurrency < 1:
        raise ConfigurationError(f"concurrency is {concurrency}: plan for at least one request")
    if not 0 < utilization <= 1:
        raise ConfigurationError(f"utilization is {utilization}: it is a part of the memory, such as 0.9")


def _wanted(gpu: str | None) -> list[tuple[GPU, int]]:
    if gpu is None:
        return [(kind, count) for kind in GPUS for count in COUNTS]
    kind, only = parse(gpu)
    return [(kind, count) for count in ((only,) if only else COUNTS)]


def _placements(
    load: Load, wanted: Iterable[tuple[GPU, int]], prices: Mapping[str, float]
) -> tuple[Placement, ...]:
    found = [place(load, gpu, count, prices) for gpu, count in wanted]
    return tuple(sorted(found, key=lambda placement: _rank(placement, load.concurrency)))


def _rank(placement: Placement, concurrency: int) -> tuple[bool, bool, float, int]:
    """Sort keys; where a price is not known, fewer GPUs go first, behind those with a price."""
    cost = inf if placement.usd_per_hour is None else placement.usd_per_hour
    return not placement.fits, placement.requests < concurrency, cost, placement.count


def where_it_fits(load: Load) -> str:
    """The fewest of each kind of GPU that a load fits on, as the end of a sentence: ``on 2 x H100``."""
    where = [placement for placement in _placements(load, _wanted(None), {}) if placement.fits]
    fewest: dict[str, str] = {}
    for placement in sorted(where, key=lambda placement: placement.count):
        fewest.setdefault(placement.gpu.name, str(placement))
    return f"on {', or '.join(fewest.values())}" if fewest else "on no GPU that is known"


def _misfit(load: Load, placements: Iterable[Placement]) -> str:
    reasons = "; ".join(f"{placement} ({placement.problem})" for placement in placements)
    return f"{load.model.name} does not fit on {reasons}; it fits {where_it_fits(load)}"
