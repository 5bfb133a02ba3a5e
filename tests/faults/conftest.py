"""What the tests under faults share: asyncio, which aiohttp knows alone, and backends that are closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import pytest
from benchmarks.hostile.server import HostileServer

from qwen_structured.backends.server import ServerBackend

MakeBackend: TypeAlias = Callable[..., Awaitable[ServerBackend]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def backend() -> AsyncIterator[MakeBackend]:
    """Makes warm backends; they are closed behind the test, so that no later one meets their tasks."""
    made: list[ServerBackend] = []

    async def make(server: HostileServer, **options: Any) -> ServerBackend:
        limits = {"read_timeout_s": 8, "answer_timeout_s": 16}
        made.append(ServerBackend(None, {"base_urls": server.url, **limits, **options}))
        await made[-1].warm_up()
        return made[-1]

    yield make
    for one in made:
        await one.aclose()
