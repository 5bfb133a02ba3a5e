"""The bounded window between prompts and outcomes: what is read, what is given, in which order. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from .items import Outcome, Work, as_item

T = TypeVar("T")


class Window(Generic[T]):
    """Counts what was read and not given yet, and puts outcomes in order if they are to be.

    Args:
        size: items that are read ahead of those that were given, at most; so memory does not grow with the
            prompts.
        ordered: give outcomes in the order of the prompts.
    """

    def __init__(self, size: int, *, ordered: bool) -> None:
        self._size, self._ordered = size, ordered
        self._read = self._given = 0
        self._early: dict[int, Outcome[T]] = {}  # those that wait for one before them
        self._ready: deque[Outcome[T]] = deque()
        self._next = 0
        self.exhausted = False

    @property
    def room(self) -> int:
        """Items that may be read now; 0 behind the end of the prompts."""
        return 0 if self.exhausted else self._size - (self._read - self._given)

    @property
    def wants(self) -> bool:
        """Whether to read now: not for every item that was given, but for some at a time."""
        return self.room * 8 >= self._size

    @property
    def is_through(self) -> bool:
        """Whether everything that was read was given, and there is nothing left to read."""
        return self.exhausted and self._read == self._given

    def begin(self, prompt: Any) -> Work:
        """Count a prompt as read."""
        work = Work(self._read, as_item(prompt))
        self._read += 1
        return work

    def take(self, outcomes: Iterable[Outcome[T]]) -> None:
        """Take outcomes that came in."""
        if not self._ordered:
            self._ready.extend(outcomes)
            return
        self._early.update((outcome.index, outcome) for outcome in outcomes)
        while (outcome := self._early.pop(self._next, None)) is not None:
            self._ready.append(outcome)
            self._next += 1

    def pop(self) -> Outcome[T] | None:
        """The next outcome to give, if it is there."""
        if not self._ready:
            return None
        self._given += 1
        return self._ready.popleft()
