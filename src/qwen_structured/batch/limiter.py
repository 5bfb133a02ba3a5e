"""How many requests a batch has in flight: found out while it runs.

Three sources, for the three things that are known of a deployment:

- Its rate. By Little's law the rate is the requests in flight divided by their latency; so, as long as it
  grows with the requests in flight, latency has not grown as fast, and more of them are worth it. It is what
  BBR does to find the bottleneck's bandwidth: double until the delivery rate grows no more, then probe beside
  it now and then. A gradient of latency alone (TCP Vegas, Netflix's Gradient2) would stop too early: where
  requests share a batch, each gets slower long before all together get no faster.
- Its refusals (429, 503) and its timeouts. They halve the limit, once in a round, and it grows by one in each
  round from there: additive increase, multiplicative decrease.
- What the backend says that it works on at once, and what the caller allows: the limit stays below both.

Source: Cardwell et al., BBR: Congestion-Based Congestion Control, ACM Queue 14(5), 2016 (startup, and samples
that are left out where the sender had nothing to send); Chiu and Jain, Analysis of the Increase and Decrease
Algorithms for Congestion Avoidance, 1989 (AIMD).
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

_FIRST: Final = 8
_GROWTH: Final = 1.1  # doubling has to give this much, or the pipe is full
_FLAT_ROUNDS: Final = 2
_SHORTEST_ROUND: Final = 16  # requests over which a rate is measured, at least
_ROUNDS_BETWEEN_PROBES: Final = 8
_PROBE: Final = 1.25
_PROBE_GROWTH: Final = 1.05


class Limiter:
    """Adapts the limit of requests in flight to what comes back.

    Args:
        most: beyond it the limit never grows.
        clock: seconds that never go back.

    Attributes:
        limit: of requests in flight, at least 1.
    """

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        self.limit = min(_FIRST, most)
        self._most, self._clock = most, clock
        self._grow: Callable[[float], None] = self._start_up
        self._refused = self._starved = False
        self._best_rate, self._best_limit = 0.0, self.limit
        self._flat_rounds = self._rounds = 0
        self._settled = 0  # the limit to which a probe goes back
        self._new_round(settling=False)

    def ended(self, *, overloaded: bool, starved: bool) -> None:
        """Learn from a request that ended.

        Args:
            overloaded: the deployment refused it as too much, or let it time out.
            starved: fewer requests were in flight than the limit, because nothing waited.
        """
        self._ended += 1
        if overloaded:
            self._overloaded()
        elif starved:
            self._starved = True
        if self._ended >= self._length:
            self._end_round()

    def _overloaded(self) -> None:
        if self._refused:  # the others of this round were sent before
            return
        self.limit = max(1, self.limit // 2)
        self._grow = self._add_one
        self._new_round(settling=True)
        self._refused = True

    def _end_round(self) -> None:
        before = self.limit
        if not self._settling and not self._starved:
            self._grow(self._ended / max(self._clock() - self._since, 1e-9))
        self.limit = max(1, min(self.limit, self._most))
        self._new_round(settling=self.limit != before)

    def _new_round(self, *, settling: bool) -> None:
        """Begin to measure; after a change of the limit, requests that were sent before it come first."""
        self._ended = 0
        self._settling = settling
        self._length = self.limit if settling else max(_SHORTEST_ROUND, self.limit)
        self._since = self._clock()
        self._starved = self._refused = False

    # --- how it grows ------------------------------------------------------------------------

    def _start_up(self, rate: float) -> None:
        """Double, until the rate has not grown for some rounds."""
        if rate >= self._best_rate * _GROWTH:
            self._best_rate, self._best_limit = rate, self.limit
            self._flat_rounds = 0
            self.limit *= 2
            return
        self._flat_rounds += 1
        if self._flat_rounds >= _FLAT_ROUNDS:
            self.limit = self._best_limit
            self._grow = self._cruise

    def _cruise(self, rate: float) -> None:
        """Stay, and try a little more now and then."""
        self._rounds += 1
        self._best_rate = rate
        if self._rounds >= _ROUNDS_BETWEEN_PROBES:
            self._rounds, self._settled = 0, self.limit
            self.limit = max(self.limit + 1, int(self.limit * _PROBE))
            self._grow = self._probed

    def _probed(self, rate: float) -> None:
        """Keep what a probe found, if it was worth it."""
        if rate < self._best_rate * _PROBE_GROWTH:
            self.limit = self._settled
        self._grow = self._cruise

    def _add_one(self, _rate: float) -> None:
        self.limit += 1
