"""The type that the hostile server's model writes, and many calls for it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anyio
from benchmarks.hostile.model import meant, prompt
from pydantic import BaseModel, Field, field_validator

from qwen_structured import Ledger, QwenStructuredError, Result, StructuredGenerator

IN_FLIGHT = 256


class Line(BaseModel):
    article: str
    count: int
    price: int


class Order(BaseModel):
    number: int
    customer: str
    lines: list[Line] = Field(max_length=9)
    total: int

    @field_validator("total")
    @classmethod
    def _is_positive(cls, value: int) -> int:
        if value <= 0:
            raise ValueError("a total is above 0")
        return value


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
