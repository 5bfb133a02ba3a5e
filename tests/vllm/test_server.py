"""The backend for servers against real vLLM: `make test-vllm` starts one, and names it in the environment."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import anyio
import pytest
from pydantic import BaseModel, Field

from qwen_structured import AuthenticationFailed, PromptTooLong, StructuredGenerator, UnknownModel
from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Backend
from qwen_structured.testing.contract import BackendContract

URL = os.environ.get("TEST_VLLM_URL", "")
KEY = os.environ.get("TEST_VLLM_KEY", "")
pytestmark = pytest.mark.skipif(not URL, reason="no vLLM is running: see `make test-vllm`")


def backend(model: str | None = None, **options: object) -> ServerBackend:
    return ServerBackend(model, {"base_urls": URL, "api_key": KEY, **options})  # type: ignore[dict-item]


class Item(BaseModel):
    name: Annotated[str, Field(max_length=12, pattern="^[a-z]+$")]
    kind: Literal["fruit", "tool"]
    pieces: Annotated[int, Field(ge=0, le=99)]


class TestServer(BackendContract):
    context_tokens = 2048

    def make_backend(self) -> Backend:
        return backend()


@pytest.mark.anyio
async def test_sixty_four_requests_at_once_are_of_their_type() -> None:
    generator = StructuredGenerator(backend=backend(), temperature=1.0)
    items: list[Item] = []

    async def ask(number: int) -> None:
        items.append(await generator.agenerate(Item, f"thing {number}"))

    async with anyio.create_task_group() as group:
        for number in range(64):
            group.start_soon(ask, number)
    assert len(items) == 64


@pytest.mark.anyio
async def test_refusals_are_clear() -> None:
    with pytest.raises(AuthenticationFailed, match="api_key"):
        await StructuredGenerator(backend=backend(api_key="wrong")).agenerate(int, "x")
    with pytest.raises(UnknownModel, match="it serves"):
        await StructuredGenerator(backend=backend("another")).agenerate(int, "x")
    with pytest.raises(PromptTooLong):
        await StructuredGenerator(backend=backend()).agenerate(int, "x " * 5_000)
