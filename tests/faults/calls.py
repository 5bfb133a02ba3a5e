"""Many calls at once for what the hostile server's model writes, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anyio
from benchmarks.hostile.model import meant, prompt
from benchmarks.hostile.orders import Order

from qwen_structured import Ledger, QwenStructuredError, Result, StructuredGenerator

IN_FLIGHT = 256


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended."""

    call: int
    result: Result[Order] | None = None
    error: BaseException | None = None

    @property
    def ledger(self) -> Ledger:
        """What it spent."""
        ended = self.result or self.error
        assert isinstance(ended, Result | QwenStructuredError), repr(ended)
        return ended.ledger

    @property
    def is_right(self) -> bool:
        """Whether its value is what the server meant."""
        return self.result is not None and self.result.value.model_dump() == meant(self.call)


async def ask(
    generator: StructuredGenerator, calls: Sequence[int], in_flight: int = IN_FLIGHT, **options: Any
) -> list[End]:
    """Make the calls, so many at once."""
    left = iter(calls)
    ends: list[End] = []

    async def worker() -> None:
        for call in left:
            try:
                result = await generator.agenerate_result(Order, prompt(call), **options)
            except Exception as error:
                ends.append(End(call, error=error))
            else:
                ends.append(End(call, result))

    async with anyio.create_task_group() as group:
        for _ in range(in_flight):
            group.start_soon(worker)
    return ends
