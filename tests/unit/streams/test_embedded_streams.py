"""Streams of the model in this process: items as they are written, and work that ends with the block."""

from __future__ import annotations

from typing import Annotated

import anyio
import pytest
from pydantic import BaseModel, Field

from qwen_structured import StructuredGenerator
from qwen_structured.backends.embedded import EmbeddedBackend

pytestmark = pytest.mark.anyio


class Flag(BaseModel):
    up: bool


Flags = Annotated[list[Flag], Field(min_length=100, max_length=100)]


async def idle(backend: EmbeddedBackend) -> None:
    with anyio.fail_after(30):
        while (await backend.health()).requests:  # noqa: ASYNC110  # it announces no events
            await anyio.sleep(0.01)


async def test_items_come_while_the_model_writes_and_the_work_ends_with_the_block() -> None:
    backend = EmbeddedBackend()
    async with StructuredGenerator(backend=backend) as generator:
        async with generator.astream(Flags, "Which flags are up?") as stream:
            async for flag in stream.items():
                assert isinstance(flag, Flag)
                assert (await backend.health()).requests == 1
                break
        await idle(backend)
        [attempt] = stream.ledger.attempts
        assert attempt.completion is None
        assert attempt.text.count("}") < 100


def test_a_script_gets_the_parts_and_the_value() -> None:
    with StructuredGenerator(backend=EmbeddedBackend()) as generator:
        with generator.stream(Flag, "The flag is up.") as stream:
            [part] = list(stream)
            result = stream.result()
        assert (part.path, part.value) == ("up", result.value.up)
        assert result.completion.model
