"""The sync side: one private event loop on a thread of its own, on which every sync verb runs.

So they work in scripts, threads and notebooks alike, whether or not an event loop runs in the caller's
thread.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

from ._inbox import Inbox, inbox_of
from .exceptions import ConfigurationError

T = TypeVar("T")

WAKE_S = 1.0  # a signal that arrives just before a thread begins to wait is handled when it wakes


@dataclass(frozen=True, slots=True)
class _Loop:
    """The running loop: the ways into it, and its thread."""

    portal: BlockingPortal
    inbox: Inbox
    thread: threading.Thread


_lock = threading.Lock()
_loop: _Loop | None = None
_ended = False


def call(function: Callable[[], Awaitable[T]]) -> T:
    """Run `function` on the private loop, wait for it, and return what it returns.

    An exception that interrupts the waiting, such as KeyboardInterrupt, cancels the work first. When the
    interpreter ends, daemon threads that wait here end too.

    Raises:
        ConfigurationError: it is called on the private loop itself, which would wait for itself.
    """
    loop = _running()
    if loop.thread is threading.current_thread():
        raise ConfigurationError(
            "a sync verb was called from code that a sync verb is running: await its async twin there"
        )
    future = loop.portal.start_task_soon(function)
    try:
        while wait([future], timeout=WAKE_S).not_done:
            pass
        return result_of(future)
    except CancelledError:
        raise
    except BaseException:
        future.cancel()
        raise


def result_of(work: Future[T] | asyncio.Task[T]) -> T:
    """What ended work gave or raised; when the program has ended, so do its threads, in silence."""
    try:
        return work.result()
    except CancelledError:
        if _ended:
            raise SystemExit from None
        raise


def start(function: Callable[[], Coroutine[Any, Any, T]]) -> Future[T] | asyncio.Task[T]:
    """Start `function` on the private loop, and do not wait for it."""
    if _on_the_loop():
        return asyncio.get_running_loop().create_task(function())
    return _running().portal.start_task_soon(function)


def cancel(work: Future[Any] | asyncio.Task[Any]) -> None:
    """Cancel what was started, from whatever thread."""
    if isinstance(work, asyncio.Task):
        with suppress(RuntimeError):  # the loop has ended, and the work with it
            work.get_loop().call_soon_threadsafe(work.cancel)
    else:
        work.cancel()


def start_here(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Start `function` on the event loop that runs here; gives what cancels it, from whatever thread."""
    call_soon = call_soon_threadsafe()
    try:
        cancel_it: Callable[[], object] = asyncio.get_running_loop().create_task(function()).cancel
    except RuntimeError:
        cancel_it = _start_on_trio(function)

    def cancel_from_anywhere() -> None:
        with suppress(RuntimeError):  # the loop has ended, and the work with it
            call_soon(cancel_it)

    return cancel_from_anywhere


def _start_on_trio(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], object]:
    from trio import CancelScope
    from trio.lowlevel import spawn_system_task

    scope = CancelScope()

    async def work() -> None:
        with scope:
            await function()

    spawn_system_task(work)
    return scope.cancel


async def acall(function: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `function` on the private loop, from whatever event loop; cancelling the wait cancels the work.

    A backend whose connections belong to one event loop runs on this one, and so serves them all.
    """
    if _on_the_loop():
        return await function()
    work, done = _start_beside(function)
    try:
        await done.wait()
    finally:
        work.cancel()
    return work.result()


async def astream(
    function: Callable[[Callable[[T], None]], Coroutine[Any, Any, None]],
) -> AsyncGenerator[T]:
    """Run `function` on the private loop, and yield here what it puts; closing the iterator cancels it.

    Args:
        function: is given the callable that takes each item, and may be called from its thread alone.
    """
    items: deque[T] = deque()
    filled = anyio.Event()
    call_soon = call_soon_threadsafe()

    def deliver(item: T) -> None:
        items.append(item)
        filled.set()

    def put(item: T) -> None:
        with suppress(RuntimeError):  # the caller's loop has ended, and nobody waits any more
            call_soon(deliver, item)

    work, done = _start_beside(partial(function, put), on_done=lambda: filled.set())
    try:
        while items or not done.is_set():
            while items:
                yield items.popleft()
            filled = anyio.Event()
            if not done.is_set():
                await filled.wait()
    finally:
        work.cancel()
    work.result()


def _start_beside(
    function: Callable[[], Coroutine[Any, Any, T]], on_done: Callable[[], object] = bool
) -> tuple[Future[T] | asyncio.Task[T], anyio.Event]:
    """Start `function` on the private loop; the event is of the caller's loop, and says when it has ended."""
    done = anyio.Event()
    call_soon = call_soon_threadsafe()

    def end() -> None:
        done.set()
        on_done()

    def wake(work: Future[T] | asyncio.Task[T]) -> None:
        if not work.cancelled():
            work.exception()  # or asyncio would say that nobody had asked for it
        with suppress(RuntimeError):
            call_soon(end)

    work = _begun(function)
    work.add_done_callback(wake)
    return work, done


def _begun(function: Callable[[], Coroutine[Any, Any, T]]) -> Future[T] | asyncio.Task[T]:
    """Start `function` as `start` does; from asyncio loops without waking the private one for each."""
    if _on_the_loop():
        return start(function)
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # it is trio's, and the context says so: the portal cleans it
        return start(function)
    return _running().inbox.start(function)


def _on_the_loop() -> bool:
    loop = _loop
    return loop is not None and loop.thread.ident == threading.get_ident()


def call_soon_threadsafe() -> Callable[..., object]:
    """What other threads call to have something run on the event loop that runs here."""
    try:
        return inbox_of(asyncio.get_running_loop()).put
    except RuntimeError:  # no asyncio loop runs here, so it is trio's
        from trio.lowlevel import current_trio_token

        return current_trio_token().run_sync_soon


def _running() -> _Loop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = _start()
        return _loop


def _start() -> _Loop:
    """Start the thread; anyio's own context for this cannot be forgotten in a forked child."""
    started: Future[tuple[BlockingPortal, Inbox]] = Future()

    async def serve() -> None:
        async with BlockingPortal() as portal:
            started.set_result((portal, inbox_of(asyncio.get_running_loop())))
            await portal.sleep_until_stopped()

    thread = threading.Thread(target=anyio.run, args=[serve], name="qwen-structured", daemon=True)
    thread.start()
    return _Loop(*started.result(), thread)


def _stop() -> None:
    """Cancel what still runs when the interpreter ends, and wait until it has cleaned up."""
    global _loop, _ended
    with _lock:
        _ended = True
        if _loop is not None:
            _loop.portal.call(_loop.portal.stop, True)
            _loop.thread.join()
            _loop = None


def _forget() -> None:
    """A forked child has the object, but not the thread: begin anew there."""
    global _loop, _lock
    _lock, _loop = threading.Lock(), None


atexit.register(_stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
