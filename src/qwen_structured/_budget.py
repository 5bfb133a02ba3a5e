"""What calls may spend together: time, tokens, money."""

from __future__ import annotations

import threading
from time import monotonic

from .exceptions import BudgetExceeded, ConfigurationError, DeadlineExceeded
from .protocols import Usage


class Budget:
    """Limits for any number of calls together; give it to one generator or to several.

    Each attempt is charged to it, whether it gave a value or not. Before each attempt it is checked; a value
    that is there is given back even if its attempt went over a limit. Requests that run at once may each use
    what is left. It is safe to share between threads and event loops.

    Args:
        deadline_s: seconds from now.
        max_total_tokens: tokens, read and written.
        max_cost_usd: US dollars; needs the price of the backend.

    Raises:
        ConfigurationError: a limit is not above 0.

    Example:
        >>> from qwen_structured import Budget, StructuredGenerator
        >>> budget = Budget(max_total_tokens=100_000)
        >>> generator = StructuredGenerator(budget=budget)
        >>> budget.usage.total_tokens
        0
    """

    def __init__(
        self,
        *,
        deadline_s: float | None = None,
        max_total_tokens: int | None = None,
        max_cost_usd: float | None = None,
    ) -> None:
        limits = {
            "deadline_s": deadline_s,
            "max_total_tokens": max_total_tokens,
            "max_cost_usd": max_cost_usd,
        }
        for name, limit in limits.items():
            if limit is not None and not limit > 0:
                raise ConfigurationError(f"the budget's {name} is {limit!r}: it has to be above 0")
        self.deadline_s = deadline_s
        self.max_total_tokens = max_total_tokens
        self.max_cost_usd = max_cost_usd
        self._made = monotonic()
        self._lock = threading.Lock()
        self._usage = Usage()
        self._cost_usd = 0.0

    @property
    def usage(self) -> Usage:
        """Tokens that were charged so far."""
        return self._usage

    @property
    def cost_usd(self) -> float:
        """US dollars that were charged so far; attempts whose price is not known are not in it."""
        return self._cost_usd

    @property
    def remaining_s(self) -> float | None:
        """Seconds that are left; below 0 when they are up, None without a limit."""
        return None if self.deadline_s is None else self._made + self.deadline_s - monotonic()

    @property
    def remaining_tokens(self) -> int | None:
        """Tokens that are left; None without a limit."""
        return None if self.max_total_tokens is None else self.max_total_tokens - self._usage.total_tokens

    def charge(self, usage: Usage, cost_usd: float | None) -> None:
        """Take what an attempt used off what is left."""
        with self._lock:
            self._usage += usage
            self._cost_usd += cost_usd or 0.0

    def check(self, next_tokens: int) -> None:
        """Check that an attempt may be made.

        Args:
            next_tokens: tokens that it will use at least.

        Raises:
            DeadlineExceeded: the time is up.
            BudgetExceeded: the tokens or the money do not suffice.
        """
        if self.remaining_s is not None and self.remaining_s <= 0:
            raise DeadlineExceeded(f"deadline_s={self.deadline_s} is up: raise it, or ask for less")
        left = self.remaining_tokens
        if left is not None and left < next_tokens:
            raise BudgetExceeded(
                f"max_total_tokens={self.max_total_tokens} does not suffice: {self._usage.total_tokens} are "
                f"used, and the next attempt takes at least {next_tokens}: raise it, or ask for less"
            )
        if self.max_cost_usd is not None and self._cost_usd >= self.max_cost_usd:
            raise BudgetExceeded(
                f"max_cost_usd={self.max_cost_usd} is used up: {self._cost_usd:.6f} US dollars are spent: "
                "raise it, or ask for less"
            )
