"""What the tests of Ray share: the stand-in of a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.server.fake_vllm import FakeVLLM


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVLLM]:
    with FakeVLLM().running() as running:
        monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__SERVER__BASE_URLS", running.url)
        yield running
