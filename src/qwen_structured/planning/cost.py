"""Compute what GPUs cost, an hour and a million tokens. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .gpus import GPU, price


def usd_per_hour(gpu: GPU, count: int, prices: Mapping[str, float]) -> float | None:
    """US dollars an hour of `count` GPUs; None if no price is known.

    Args:
        gpu: the kind of GPU.
        count: how many.
        prices: US dollars an hour of one, by name, over Modal's list prices.

    Raises:
        ConfigurationError: `prices` names a GPU that is not known.
    """
    one = price(gpu, prices)
    return None if one is None else one * count


def usd_per_million_tokens(usd_an_hour: float | None, tokens_per_s: float) -> float | None:
    """US dollars of a million tokens at that rate; None if no price is known, or nothing is written."""
    if usd_an_hour is None or tokens_per_s <= 0:
        return None
    return usd_an_hour / 3600 / tokens_per_s * 1e6
