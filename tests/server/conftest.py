"""What the tests of the backend for servers share: asyncio, which aiohttp knows alone, and the stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.server.fake_vllm import FakeVLLM


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server() -> Iterator[FakeVLLM]:
    with FakeVLLM().running() as running:
        yield running
