"""The workers of a batch, on the private event loop: they take items in turn, within the limiter's limit.

They run there, whatever loop or thread the batch is read from, because there connections are kept; so an item
crosses between threads twice, in company, and a request not at all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from typing import Any, Final, Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

from ..exceptions import BackendOverloaded, BackendTimedOut
from ..protocols import Attempt
from .items import Done, Failed, Outcome, Work
from .limiter import Limiter
from .tally import Tally

T = TypeVar("T")

_GIVEN_TOGETHER_S: Final = 0.002
"""For so long outcomes are collected before they are given: each time, the reader's thread has to be woken
and the journal written, which gives the interpreter away."""

_TOO_MUCH: Final = (BackendOverloaded, BackendTimedOut)


class Workers(Generic[T]):
    """Works on items until it is cancelled.

    Args:
        answer: makes the outcomes of an item: its own, and those of equal ones that waited for it.
        limiter: says how many at once.
        write_down: is called before outcomes are given.
        tally: is told of each outcome.
        wake: is called, on the private loop, when outcomes have come in.
    """

    def __init__(
        self,
        answer: Callable[[Work], Awaitable[Sequence[Outcome[T]]]],
        write_down: Callable[[], object],
        limiter: Limiter,
        tally: Tally,
        wake: Callable[[], object],
    ) -> None:
        self._answer, self._write_down = answer, write_down
        self._limiter, self._tally, self._wake = limiter, tally, wake
        self._finished: list[Outcome[T]] = []  # since they were last given, all of a moment together
        self._inbox: deque[Work] = deque()
        self._outbox: deque[Outcome[T]] = deque()
        self._turn: deque[Work] = deque()
        self._active = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: Context | None = None  # of the task: that of the reader may be of another kind of loop
        self._group: TaskGroup | None = None
        self._called = self._waking = False
        self._failure: BaseException | None = None

    # --- from the thread that reads the batch -----------------------------------------------------

    def submit(self, work: Work) -> None:
        """Hand an item over; returns at once."""
        self._inbox.append(work)
        if not self._called and self._loop is not None:
            self._called = True
            self._loop.call_soon_threadsafe(self._begin, context=self._context)

    def take(self) -> list[Outcome[T]]:
        """The outcomes that came in since."""
        return [self._outbox.popleft() for _ in range(len(self._outbox))]

    # --- on the private loop ----------------------------------------------------------------------

    async def run(self) -> None:
        """Work until cancelled.

        Raises:
            Exception: an error that is no item's: of a user's backend or validator, for instance.
        """
        async with anyio.create_task_group() as self._group:
            self._context, self._loop = copy_context(), asyncio.get_running_loop()
            self._begin()
            try:
                await anyio.sleep_forever()
            finally:
                self._hand_over()
        assert self._failure is not None, "only a failure ends the wait without cancellation"
        raise self._failure

    def _begin(self) -> None:
        """Have as many workers as there is work for, within the limit."""
        self._called = False
        if self._group is None or self._failure is not None:
            return
        waiting = len(self._inbox) + len(self._turn)
        for _ in range(min(waiting, self._limiter.limit - self._active)):
            self._active += 1
            self._group.start_soon(self._work)
        self._tally.concurrency = self._limiter.limit

    async def _work(self) -> None:
        try:
            while self._active <= self._limiter.limit and (work := self._next()) is not None:
                outcomes = await self._answer(work)
                if outcomes:
                    self._give(outcomes)
        except Exception as error:
            self._failure = self._failure or error
            if self._group is not None:
                self._group.cancel_scope.cancel()
        finally:
            self._active -= 1
            self._tally.in_flight = self._active

    def _next(self) -> Work | None:
        """The next item: what has come in is put in order of its text, one lot after the other.

        So prompts that begin alike are asked for one after the other, which is the order in which a
        deployment's prefix cache is used best: depth first through the tree of their prefixes. That each lot
        is through before the next begins keeps items from waiting for ever.

        Source: Zheng et al., SGLang: Efficient Execution of Structured Language Model Programs, 2024,
        theorem 3.1.
        """
        if not self._turn and self._inbox:
            lot = [self._inbox.popleft() for _ in range(len(self._inbox))]
            self._turn.extend(sorted(lot, key=_by_prefix) if len(lot) > 1 else lot)
        self._tally.in_flight = self._active
        return self._turn.popleft() if self._turn else None

    def _give(self, outcomes: Sequence[Outcome[T]]) -> None:
        for outcome in outcomes:
            self._tally.add(outcome)
        self._finished += outcomes
        first = outcomes[0]
        if not first.restored:
            starved = self._active < self._limiter.limit or not (self._turn or self._inbox)
            before = self._limiter.limit
            self._limiter.ended(overloaded=_was_too_much(first), starved=starved)
            if self._limiter.limit > before:
                self._begin()
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(_GIVEN_TOGETHER_S, self._hand_over)

    def _hand_over(self) -> None:
        self._waking = False
        if not self._finished:
            return
        self._write_down()
        self._outbox.extend(self._finished)
        self._finished.clear()
        self._wake()


def _by_prefix(work: Work) -> tuple[str, str]:
    """Items of one type begin with the same instruction, so its name goes first."""
    prompt, own = work.item.prompt, work.item.output_type
    return "" if own is None else repr(own), prompt if isinstance(prompt, str) else repr(prompt)


def _was_too_much(outcome: Outcome[Any]) -> bool:
    made: Sequence[Attempt] = ()
    if isinstance(outcome, Failed):
        made = outcome.error.attempts
    elif isinstance(outcome, Done) and outcome.result is not None:
        made = outcome.result.attempts
    return any(isinstance(one.error, _TOO_MUCH) for one in made)
