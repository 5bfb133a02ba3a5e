"""The account of a batch while it runs: counts, tokens, money, and how long requests take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log
from time import monotonic
from typing import Any, Final

from ..exceptions import QwenStructuredError
from ..protocols import Usage
from .items import Done, Failed, Outcome

_RATIO: Final = 1.02  # of the bounds of a bucket, so that a percentile errs by 1 in 100
_SHORTEST_S: Final = 1e-6


class Durations:
    """Percentiles of any number of durations, in little memory: counts of buckets that grow by a ratio.

    Source: Masson, Rim and Lee, DDSketch, VLDB 2019.
    """

    def __init__(self) -> None:
        self._buckets: Counter[int] = Counter()

    def add(self, seconds: float) -> None:
        """Count one."""
        self._buckets[ceil(log(max(seconds, _SHORTEST_S), _RATIO))] += 1

    def percentile(self, share: float) -> float | None:
        """Seconds that a share (from 0 to 1) of them does not exceed; None of none."""
        left = share * self._buckets.total()
        for bucket, count in sorted(self._buckets.items()):
            left -= count
            if left <= 1e-9:
                return float(2 * _RATIO**bucket / (1 + _RATIO))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Where a batch stands.

    Attributes:
        total: prompts that there are; None where that is not known.
        done: items that have a value.
        failed: items that have none.
        restored: those of them for which nothing was asked: the journal had them, or an equal item.
        reasons: failed items by the name of their error.
        usage: tokens that this run used.
        cost_usd: US dollars that this run cost; None where a price is not known.
        elapsed_s: seconds since it began.
        in_flight: items that are being worked on.
        concurrency: items that may be worked on at once, as the deployment is found to bear.
        p50_s: seconds that half of the items did not exceed, restored ones left out; None if there are none.
        p95_s: the same for 95 in 100.
        p99_s: the same for 99 in 100.
        stopped_by: why it ended before the prompts did; None if it did not.
    """

    total: int | None
    done: int
    failed: int
    restored: int
    reasons: Mapping[str, int]
    usage: Usage
    cost_usd: float | None
    elapsed_s: float
    in_flight: int
    concurrency: int
    p50_s: float | None
    p95_s: float | None
    p99_s: float | None
    stopped_by: QwenStructuredError | None

    @property
    def items_per_s(self) -> float:
        """Items that were asked for, a second."""
        return self._asked / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def tokens_per_s(self) -> float:
        """Tokens that were written, a second."""
        return self.usage.output_tokens / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def cost_to_finish_usd(self) -> float | None:
        """US dollars that the rest will cost if it is like what was asked so far; None if not known."""
        if self.total is None or self.cost_usd is None or not self._asked:
            return None
        return self.cost_usd / self._asked * max(0, self.total - self.done - self.failed)

    @property
    def _asked(self) -> int:
        return self.done + self.failed - self.restored


@dataclass(slots=True)
class Tally:
    """Adds up outcomes. One thread adds, any may read.

    Attributes:
        total: see `Summary`.
        stopped_by: see `Summary`.
        in_flight: see `Summary`.
        concurrency: see `Summary`.
    """

    total: int | None = None
    stopped_by: QwenStructuredError | None = None
    in_flight: int = 0
    concurrency: int = 0
    _done: int = 0
    _failed: int = 0
    _restored: int = 0
    _reasons: Counter[str] = field(default_factory=Counter)
    _prompt_tokens: int = 0
    _output_tokens: int = 0
    _reasoning_tokens: int = 0
    _cached_tokens: int = 0
    _cost_usd: float | None = 0.0
    _durations: Durations = field(default_factory=Durations)
    _begun: float = field(default_factory=monotonic)
    _ended: float | None = None

    def add(self, outcome: Outcome[Any]) -> None:
        """Enter an outcome."""
        if isinstance(outcome, Done):
            self._done += 1
        else:
            self._failed += 1
            self._reasons[type(outcome.error).__name__] += 1
        if outcome.restored:
            self._restored += 1
            return
        spent = outcome.error if isinstance(outcome, Failed) else outcome
        self._spend(spent.usage, spent.cost_usd)
        self._durations.add(outcome.duration_s)

    def _spend(self, usage: Usage, cost_usd: float | None) -> None:
        self._prompt_tokens += usage.prompt_tokens
        self._output_tokens += usage.output_tokens
        self._reasoning_tokens += usage.reasoning_tokens
        self._cached_tokens += usage.cached_tokens
        known = self._cost_usd is not None and cost_usd is not None
        self._cost_usd = (self._cost_usd or 0.0) + (cost_usd or 0.0) if known else None

    def end(self) -> None:
        """Stop the clock."""
        self._ended = self._ended or monotonic()

    def summary(self) -> Summary:
        """Where it stands now."""
        return Summary(
            total=self.total,
            done=self._done,
            failed=self._failed,
            restored=self._restored,
            reasons=dict(self._reasons.most_common()),
            usage=Usage(
                self._prompt_tokens, self._output_tokens, self._reasoning_tokens, self._cached_tokens
            ),
            cost_usd=self._cost_usd,
            elapsed_s=(self._ended or monotonic()) - self._begun,
            in_flight=self.in_flight,
            concurrency=self.concurrency,
            p50_s=self._durations.percentile(0.5),
            p95_s=self._durations.percentile(0.95),
            p99_s=self._durations.percentile(0.99),
            stopped_by=self.stopped_by,
        )
