"""The sync side: one private event loop on a thread of its own, on which every sync verb runs.

So they work in scripts, threads and notebooks alike, whether or not an event loop runs in the caller's
thread.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TypeVar

import anyio
from anyio.from_thread import BlockingPortal

from .exceptions import ConfigurationError

T = TypeVar("T")

_WAKE_S = 1.0  # a signal that arrives just before a thread begins to wait is handled when it wakes


@dataclass(frozen=True, slots=True)
class _Loop:
    """The running loop: the way into it, and its thread."""

    portal: BlockingPortal
    thread: threading.Thread


_lock = threading.Lock()
_loop: _Loop | None = None


def call(function: Callable[[], Awaitable[T]]) -> T:
    """Run `function` on the private loop, wait for it, and return what it returns.

    An exception that interrupts the waiting, such as KeyboardInterrupt, cancels the work first.

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
        while wait([future], timeout=_WAKE_S).not_done:
            pass
        return future.result()
    except BaseException:
        future.cancel()
        raise


def _running() -> _Loop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = _start()
        return _loop


def _start() -> _Loop:
    """Start the thread; anyio's own context for this cannot be forgotten in a forked child."""
    started: Future[BlockingPortal] = Future()

    async def serve() -> None:
        async with BlockingPortal() as portal:
            started.set_result(portal)
            await portal.sleep_until_stopped()

    thread = threading.Thread(target=anyio.run, args=[serve], name="qwen-structured", daemon=True)
    thread.start()
    return _Loop(started.result(), thread)


def _stop() -> None:
    """Cancel what still runs when the interpreter ends, and wait until it has cleaned up."""
    global _loop
    with _lock:
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
