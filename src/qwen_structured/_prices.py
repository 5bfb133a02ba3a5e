"""What completions cost: by the token, or by the time that a deployment works on them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from .protocols import Usage

if TYPE_CHECKING:
    from .settings import Settings

Pricing: TypeAlias = Callable[[Usage | None, float], float | None]
"""Takes the tokens of an attempt, if they are known, and its share of the deployment's time in seconds; gives
US dollars, or None."""


def pricing_of(settings: Settings, backend: str) -> Pricing:
    """How attempts on a backend are priced: by the setting `prices`.

    Raises:
        ConfigurationError: the price names a GPU that is not known.
    """
    price = settings.prices.get(backend)
    if price is None:
        return _unknown
    prompt, output = price.usd_per_million_prompt_tokens, price.usd_per_million_output_tokens
    if prompt is not None and output is not None:
        return lambda usage, _: (
            (usage.prompt_tokens * prompt + usage.output_tokens * output) / 1e6 if usage else None
        )
    per_hour = price.usd_per_hour if price.gpu is None else _of_gpu(price.gpu, settings)
    return _unknown if per_hour is None else lambda _, seconds: seconds / 3600 * per_hour


def _unknown(_usage: Usage | None, _seconds: float) -> None:
    return None


def _of_gpu(wanted: str, settings: Settings) -> float | None:
    from .planning import cost, gpus  # only those who price by GPU pay for their import

    gpu, count = gpus.parse(wanted)
    return cost.usd_per_hour(gpu, count or 1, settings.gpu_prices)


class Meter:
    """Divides the time of a deployment among the requests that this process has running on it at once.

    Two requests that run together for a second have half a second each, so that all shares together are the
    time for which the deployment worked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._share_s = 0.0  # of a request that would have run all the time
        self._at = 0.0

    def begin(self) -> float:
        """Count a request as running; gives the reading at which it began, in seconds."""
        return self._change(+1)

    def end(self) -> float:
        """Count a request as ended; gives the reading, which is its share above that at which it began."""
        return self._change(-1)

    def _change(self, by: int) -> float:
        with self._lock:
            now = perf_counter()
            if self._running:
                self._share_s += (now - self._at) / self._running
            self._at = now
            self._running += by
            return self._share_s
