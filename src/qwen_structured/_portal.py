"""The sync side: one private event loop on a thread of its own, on which every sync verb runs.

So they work in scripts, threads and notebooks alike, whether or not an event loop runs in the caller's thread.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from .exceptions import ConfigurationError

T = TypeVar("T")

_lock = threading.Lock()
_running: tuple[AbstractContextManager[BlockingPortal], BlockingPortal, int] | None = None


def call(function: Callable[[], Awaitable[T]]) -> T:
    """Run `function` on the private loop, wait for it, and return what it returns.

    An exception that interrupts the waiting, such as KeyboardInterrupt, cancels the work first.

    Raises:
        ConfigurationError: it is called on the private loop itself, which would wait for itself.
    """
    portal, thread_id = _portal()
    if thread_id == threading.get_ident():
        raise ConfigurationError(
            "a sync verb was called from code that a sync verb is running: await its async twin there"
        )
    future = portal.start_task_soon(function)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def _portal() -> tuple[BlockingPortal, int]:
    global _running
    with _lock:
        if _running is None:
            context = start_blocking_portal(name="qwen-structured")
            portal = context.__enter__()
            _running = context, portal, portal.call(threading.get_ident)
        return _running[1], _running[2]


def _stop() -> None:
    global _running
    with _lock:
        if _running is not None:
            _running[0].__exit__(None, None, None)
            _running = None


def _forget() -> None:
    """A forked child has the object, but not the thread: begin anew there."""
    global _running, _lock
    _lock, _running = threading.Lock(), None


atexit.register(_stop)
os.register_at_fork(after_in_child=_forget)
