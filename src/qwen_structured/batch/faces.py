"""The two faces of a batch: an iterator for threads, and one for event loops."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sized
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

import anyio
from typing_extensions import override

from .. import _portal
from ..exceptions import BudgetExceeded, ConfigurationError
from .answering import Answering
from .items import Outcome
from .journal import Journal
from .limiter import Limiter
from .tally import Summary, Tally
from .window import Window
from .workers import Workers

T = TypeVar("T")

_AHEAD: Final = 4  # items that are read, for each that may be in flight
_SMALLEST_WINDOW: Final = 64
_CLOSE_S: Final = 10.0
_READ_S: Final = 0.001  # then what was read is handed over, although there is room for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a batch is to run.

    Attributes:
        answering: makes the outcomes.
        tally: its account.
        journal: where it is kept; closed at the end.
        ordered: give outcomes in the order of the prompts.
        max_concurrency: items in flight at most.
        progress: shows the account meanwhile.
    """

    answering: Answering[Any]
    tally: Tally
    journal: Journal | None = None
    ordered: bool = True
    max_concurrency: int
    progress: AbstractContextManager[object]


class _Run(Generic[T]):
    """What both faces share: a window, and workers on the private loop."""

    def __init__(self, plan: Plan, wake: Callable[[], object]) -> None:
        self._tally, self._journal, self._progress = plan.tally, plan.journal, plan.progress
        self.window: Window[T] = Window(
            max(_SMALLEST_WINDOW, _AHEAD * plan.max_concurrency), ordered=plan.ordered
        )
        self.workers: Workers[T] = Workers(
            plan.answering.outcomes,
            plan.answering.write_down,
            Limiter(plan.max_concurrency),
            plan.tally,
            wake,
        )
        self._failure: BaseException | None = None  # what ended the workers
        self._prompts_failure: BaseException | None = None  # what ended the prompts
        self._wake = wake
        self._process = os.getpid()
        self.ended = threading.Event()
        self._work: Future[None] | asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to work, once."""
        if self._work is None and not self._closed:
            self._progress.__enter__()
            self._work = _portal.start(self._worked)
            if isinstance(self._work, asyncio.Task):  # which, cancelled early, never begins
                self._work.add_done_callback(lambda _: self._finish())

    async def _worked(self) -> None:
        try:
            await self.workers.run()
        except Exception as error:
            self._failure = error
        finally:
            self._finish()

    def _finish(self) -> None:
        """Let the journal go, now that nobody writes to it."""
        if self._journal is not None:
            self._journal.close()
        self.ended.set()
        self._wake()

    def read(self, prompts: Iterator[Any]) -> None:
        """Read prompts while there is room, and no longer than a moment."""
        until = perf_counter() + _READ_S
        while self.window.room > 0 and perf_counter() < until:
            try:
                self.workers.submit(self.window.begin(next(prompts)))
            except StopIteration:
                self.end_prompts()
            except Exception as error:  # is raised when what was read before is answered
                self.end_prompts(error)

    def end_prompts(self, error: BaseException | None = None) -> None:
        """Read no further, at the end of the prompts or behind an error of theirs."""
        self.window.exhausted = True
        self._prompts_failure = error

    def next(self) -> Outcome[T] | None:
        """The next outcome, if it is there."""
        if (outcome := self.window.pop()) is None:
            self.window.take(self.workers.take())
            outcome = self.window.pop()
        if self._tally.stopped_by is not None:
            self.window.exhausted = True
        return outcome

    def check(self) -> None:
        """Check that the workers still work.

        Raises:
            ConfigurationError: they belong to the process that this one was forked from.
            Exception: what ended them.
        """
        if self._process != os.getpid():
            raise ConfigurationError("a batch does not survive a fork: begin a new one in the child")
        if self.ended.is_set() and self._work is not None:
            if self._failure is not None:
                raise self._failure
            _portal.result_of(self._work)

    def end(self) -> None:
        """Raise what ended the batch before its prompts did, unless it is a budget.

        Raises:
            QwenStructuredError: an error that every further item would have ended with too.
            Exception: what the prompts raised.
        """
        if (failure := self._failure or self._prompts_failure) is not None:
            raise failure
        stopped = self._tally.stopped_by
        if stopped is not None and not isinstance(stopped, BudgetExceeded):
            raise stopped

    @property
    def is_closed(self) -> bool:
        """Whether it was left, so that no further outcomes come."""
        return self._closed

    def close(self) -> None:
        """Cancel what is in work; `ended` is set when that has ended."""
        if self._closed:
            return
        self._closed = True
        self._tally.end()
        if self._work is None or self._process != os.getpid():
            self._finish()
            return
        _portal.cancel(self._work)
        self._progress.__exit__(None, None, None)


class Batch(Iterator[Outcome[T]], Generic[T]):
    """Outcomes of many prompts, one for each, as `generate_many` gives them.

    It reads the prompts in the thread that iterates it, a bounded number ahead. Leaving it early, by `close`,
    the end of a ``with`` block or the garbage collector, cancels what is in work; what had come in stays in
    the journal.
    """

    def __init__(self, plan: Plan, prompts: Iterable[Any]) -> None:
        self._tally = plan.tally
        self._tally.total = len(prompts) if isinstance(prompts, Sized) else None
        self._prompts = iter(prompts)
        self._filled = threading.Event()
        self._run: _Run[T] = _Run(plan, self._filled.set)
        self._finalizer = weakref.finalize(self, self._run.close)

    @property
    def summary(self) -> Summary:
        """Where it stands now."""
        return self._tally.summary()

    @override
    def __iter__(self) -> Self:
        return self

    @override
    def __next__(self) -> Outcome[T]:
        """Wait for the next outcome.

        Raises:
            QwenStructuredError: behind the last outcome: why every further item would have failed too.
            Exception: what the prompts, a validator or a backend of yours raised.
        """
        try:
            return self._next()
        except StopIteration:
            self.close()
            self._run.end()
            raise
        except BaseException:
            self.close()
            raise

    def _next(self) -> Outcome[T]:
        run = self._run
        run.start()
        while True:
            self._filled.clear()
            if (outcome := run.next()) is not None:
                return outcome
            if run.window.is_through or run.is_closed:
                raise StopIteration
            if run.window.wants:
                run.read(self._prompts)
                continue
            run.check()
            self._filled.wait(_portal.WAKE_S)

    def close(self) -> None:
        """Cancel what is in work, and wait until it has ended."""
        self._finalizer()
        self._run.ended.wait(_CLOSE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncBatch(AsyncIterator[Outcome[T]], Generic[T]):
    """Outcomes of many prompts, one for each, as `agenerate_many` gives them.

    It reads the prompts on the event loop that iterates it, a bounded number ahead. Leaving it early, by
    `aclose`, the end of an ``async with`` block, cancellation or the garbage collector, cancels what is in
    work; what had come in stays in the journal.
    """

    def __init__(self, plan: Plan, prompts: Iterable[Any] | AsyncIterable[Any]) -> None:
        self._tally = plan.tally
        self._tally.total = len(prompts) if isinstance(prompts, Sized) else None
        self._prompts = prompts if isinstance(prompts, AsyncIterable) else iter(prompts)
        self._bell = _Bell()
        self._run: _Run[T] = _Run(plan, self._bell.ring)
        self._reader: _Reader | None = None
        self._finalizer = weakref.finalize(self, self._run.close)

    @property
    def summary(self) -> Summary:
        """Where it stands now."""
        return self._tally.summary()

    @override
    def __aiter__(self) -> Self:
        return self

    @override
    async def __anext__(self) -> Outcome[T]:
        """Wait for the next outcome. Raises as `Batch.__next__` does."""
        try:
            return await self._next()
        except StopAsyncIteration:
            await self.aclose()
            self._run.end()
            raise
        except BaseException:
            await self.aclose()
            raise

    async def _next(self) -> Outcome[T]:
        run = self._run
        self._bell.hang()
        run.start()
        while True:
            rung = self._bell.rung()
            if (outcome := run.next()) is not None:
                return outcome
            if run.window.is_through or run.is_closed:
                raise StopAsyncIteration
            if run.window.wants:
                if not isinstance(self._prompts, AsyncIterable):
                    run.read(self._prompts)
                    continue
                self._read_on(self._prompts)
            run.check()
            await rung.wait()

    def _read_on(self, prompts: AsyncIterable[Any]) -> None:
        """Have the reader read, which waits where there is no room."""
        if self._reader is None:
            self._reader = _Reader(prompts, self._run, self._bell.ring)
        self._reader.go_on()

    async def aclose(self) -> None:
        """Cancel what is in work, and wait until it has ended."""
        if self._reader is not None:
            self._reader.cancel()
        self._bell.hang()
        self._finalizer()
        with anyio.move_on_after(_CLOSE_S, shield=True):
            while True:
                rung = self._bell.rung()
                if self._run.ended.is_set():
                    return
                await rung.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class _Bell:
    """Wakes a task of one event loop from any thread."""

    def __init__(self) -> None:
        self._call_soon: Callable[..., object] | None = None
        self._event: anyio.Event | None = None

    def hang(self) -> None:
        """Belong to the event loop that runs here."""
        if self._call_soon is None:
            self._call_soon = _portal.call_soon_threadsafe()

    def rung(self) -> anyio.Event:
        """What is set by the next ring from here on."""
        self._event = anyio.Event()
        return self._event

    def ring(self) -> None:
        """Wake the task, if it waits."""
        if self._call_soon is not None:
            with suppress(RuntimeError):  # its loop has ended, and nobody waits any more
                self._call_soon(self._set)

    def _set(self) -> None:
        if self._event is not None:
            self._event.set()


class _Reader:
    """Reads an async iterable in a task of the loop that iterates the batch, while there is room."""

    def __init__(self, prompts: AsyncIterable[Any], run: _Run[Any], ring: Callable[[], object]) -> None:
        self._prompts, self._run, self._ring = prompts, run, ring
        self._room = anyio.Event()
        self._cancel = _portal.start_here(self._read)

    def go_on(self) -> None:
        """Say that there is room."""
        self._room.set()

    def cancel(self) -> None:
        """End the reading."""
        self._cancel()

    async def _read(self) -> None:
        failure: Exception | None = None
        try:
            async for prompt in self._prompts:
                self._run.workers.submit(self._run.window.begin(prompt))
                while self._run.window.room <= 0 and not self._run.window.exhausted:
                    self._room = anyio.Event()
                    await self._room.wait()
                if self._run.window.exhausted:
                    return
        except Exception as error:  # is raised when what was read before is answered
            failure = error
        self._run.end_prompts(failure)
        self._ring()
