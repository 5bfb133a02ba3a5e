"""What other threads have an event loop run: many calls wake it once, since waking is what they cost."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, ref

T = TypeVar("T")


class Inbox:
    """Calls for one asyncio loop, from any thread; those that come while it is being woken wait together.

    ``call_soon_threadsafe`` writes to a socket each time, and so gives the interpreter away: with hundreds of
    requests in flight, that takes longer than the requests.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = ref(loop)
        self._calls: deque[tuple[Context, Callable[..., object], tuple[Any, ...]]] = deque()
        self._woken = False

    def put(self, function: Callable[..., object], *args: Any) -> None:
        """Have `function` called on the loop, in the context of now; never blocks.

        Raises:
            RuntimeError: the loop has ended.
        """
        loop = self._loop()
        if loop is None or loop.is_closed():
            raise RuntimeError("the event loop has ended")
        self._calls.append((copy_context(), function, args))
        if not self._woken:
            self._woken = True
            loop.call_soon_threadsafe(self._empty, loop)

    def _empty(self, loop: asyncio.AbstractEventLoop) -> None:
        self._woken = False  # first, or what is put meanwhile would wake nobody
        while self._calls:
            context, function, args = self._calls.popleft()
            loop.call_soon(function, *args, context=context)

    def start(self, function: Callable[[], Any]) -> Future[Any]:
        """Run a coroutine function on the loop; cancelling the future cancels it."""
        work: Future[Any] = Future()

        def begin() -> None:
            if work.cancelled():
                return
            task = asyncio.ensure_future(function())
            task.add_done_callback(lambda done: _settle(work, done))
            work.add_done_callback(lambda ended: self._cancel(task) if ended.cancelled() else None)

        self.put(begin)
        return work

    def _cancel(self, task: asyncio.Future[Any]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and its tasks with it
            self.put(task.cancel)


def _settle(work: Future[Any], task: asyncio.Future[Any]) -> None:
    if task.cancelled():
        work.cancel()
        return
    error = task.exception()
    with suppress(InvalidStateError):  # it was cancelled meanwhile
        if error is None:
            work.set_result(task.result())
        else:
            work.set_exception(error)


_inboxes: WeakKeyDictionary[asyncio.AbstractEventLoop, Inbox] = WeakKeyDictionary()


def inbox_of(loop: asyncio.AbstractEventLoop) -> Inbox:
    """The inbox of a loop, which is always the same. Call it on the loop itself."""
    found = _inboxes.get(loop)
    if found is None:
        found = _inboxes[loop] = Inbox(loop)
    return found
