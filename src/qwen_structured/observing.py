"""Observers: what your own code is told of attempts and calls, such as to count them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .results import Attempt, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that has ended; one that was refused before anything could be sent is none.

    Attributes:
        number: counts the calls of this process, from 1.
        output_type: name of the output type, such as ``Invoice`` or ``list[Invoice]``; of a JSON Schema, its
            title.
        attempts: every attempt, in order; none if it was given up before the first.
        duration_s: seconds from call to end.
        error: what the caller got in place of a value; None if there is a value. It may be a cancellation.
    """

    number: int
    output_type: str
    attempts: tuple[Attempt, ...]
    duration_s: float
    error: BaseException | None

    @property
    def ledger(self) -> Ledger:
        """The account of all attempts together."""
        return Ledger(self.attempts)


class Observer(Protocol):
    """Is told of what has ended. Subclass it, and override what you want to know.

    It is told on the event loop that the call runs on, so it must not wait for anything, and from several
    threads where calls are made from several. What it raises is logged, and changes nothing for the call.
    """

    def attempt_ended(self, attempt: Attempt, /) -> None:
        """An attempt has ended, with a value or without."""

    def call_ended(self, call: Call, /) -> None:
        """A call has ended, with a value or without."""


def observe(observer: Observer) -> Callable[[], None]:
    """Tell an observer of all calls of this process from now on.

    Args:
        observer: see `Observer`. An observer of one generator's calls alone is given to that generator.

    Returns:
        What ends it.

    Example:
        >>> from qwen_structured import Call, Observer, observe
        >>> class Tokens(Observer):
        ...     total = 0
        ...
        ...     def call_ended(self, call: Call, /) -> None:
        ...         self.total += call.ledger.usage.total_tokens
        >>> stop = observe(Tokens())
        >>> stop()
    """
    global _observers
    with _lock:
        _observers = (*_observers, observer)

    def stop() -> None:
        global _observers
        with _lock:
            _observers = tuple(one for one in _observers if one is not observer)

    return stop


def observers() -> tuple[Observer, ...]:
    """Those that are told of all calls."""
    return _observers


_lock = threading.Lock()
_observers: tuple[Observer, ...] = ()
