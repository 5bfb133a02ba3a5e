"""How the servers of benchmarks and tests stop."""

from __future__ import annotations

import asyncio

_PATIENCE_S = 0.2


async def end_tasks() -> None:
    """Cancel all other tasks of this event loop until they have ended, and let their transports close.

    Libraries swallow a cancellation at times, so it is repeated.
    """
    while left := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_PATIENCE_S)
    await asyncio.sleep(0)  # transports close in the next turn of the loop
