"""Streams over HTTP: parts as they come, and a request that ends when the reader leaves."""

from __future__ import annotations

from typing import Annotated

import anyio
import pytest
from pydantic import BaseModel, Field
from tests.server.fake_vllm import FakeVLLM

from qwen_structured import BackendUnavailable, StructuredGenerator
from qwen_structured.backends.server import ServerBackend

pytestmark = pytest.mark.anyio


class Seat(BaseModel):
    row: int = Field(ge=1, le=9)
    taken: bool


Seats = Annotated[list[Seat], Field(min_length=8, max_length=8)]
Hall = Annotated[list[Seat], Field(min_length=60, max_length=60)]


def on(server: FakeVLLM) -> StructuredGenerator:
    return StructuredGenerator(backend=ServerBackend(options={"base_urls": [server.url]}))


async def aborted(server: FakeVLLM) -> None:
    """Wait until the server has seen that nobody listens any more."""
    with anyio.fail_after(30):
        while not server.aborted:  # noqa: ASYNC110  # it announces no events
            await anyio.sleep(0.01)


async def test_items_come_over_http(server: FakeVLLM) -> None:
    async with on(server) as generator, generator.astream(Seats, "Which seats?") as stream:
        items = [seat async for seat in stream.items()]
        result = await stream.result()
    assert items == result.value
    assert len(items) == 8
    assert result.usage.output_tokens > 0


def test_they_come_to_a_script_too(server: FakeVLLM) -> None:
    with on(server) as generator, generator.stream(Seats, "Which seats?") as stream:
        assert list(stream.items()) == stream.result().value


async def test_leaving_early_aborts_the_request_on_the_server(server: FakeVLLM) -> None:
    server.step_s = 0.005
    async with on(server) as generator:
        async with generator.astream(Hall, "Which seats?") as stream:
            async for _ in stream.items():
                break
        await aborted(server)
        assert (await generator.ahealth()).requests == 0
    assert stream.ledger.usage.output_tokens > 0


async def test_leaving_early_aborts_it_from_a_script_too(server: FakeVLLM) -> None:
    server.step_s = 0.005

    def leave() -> None:
        with on(server) as generator, generator.stream(Hall, "Which seats?") as stream:
            next(stream.items())

    await anyio.to_thread.run_sync(leave)
    await aborted(server)


async def test_a_connection_that_is_lost_ends_the_stream_with_what_there_is(server: FakeVLLM) -> None:
    async with on(server) as generator:
        await generator.agenerate(Seat, "Which seat?")  # the first contact
        server.cut_after = 15_000
        async with generator.astream(Hall, "Which seats?") as stream:
            with pytest.raises(BackendUnavailable) as caught:
                [seat async for seat in stream.items()]
    assert stream.partial.get(lambda seats: seats[0]) is not None
    assert caught.value.partial is stream.partial
