"""The way back from an engine's thread to a task that waits, on whatever event loop that runs."""

from __future__ import annotations

from collections import deque
from typing import Any

import anyio

from .._portal import call_soon_threadsafe


class Mailbox:
    """What the engine's thread says to one waiting task, on whatever event loop that runs."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._filled = anyio.Event()
        self._call_soon = call_soon_threadsafe()

    def put(self, item: object) -> None:
        """Deliver `item`; never blocks. Call from any thread.

        Raises:
            RuntimeError: the event loop has ended.
        """
        self._call_soon(self._deliver, item)

    def _deliver(self, item: object) -> None:
        self._items.append(item)
        self._filled.set()

    async def get(self) -> Any:
        """Wait for the next item."""
        while not self._items:
            self._filled = anyio.Event()
            await self._filled.wait()
        return self._items.popleft()
