"""The backend for servers keeps the contract with the stand-in: whole answers, streamed ones, reasoning."""

from collections.abc import Iterator

import pytest
from tests.server.fake_vllm import FakeVLLM

from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Backend
from qwen_structured.testing.contract import BackendContract


class TestServer(BackendContract):
    context_tokens = 4096
    options: dict[str, object] = {}

    @pytest.fixture(autouse=True)
    def _serve(self) -> Iterator[None]:
        with FakeVLLM(step_s=0.0005, reasons=self.reasons).running() as self.server:
            yield

    def make_backend(self) -> Backend:
        return ServerBackend(options={"base_urls": [self.server.url]})


class TestServerThatReasons(TestServer):
    reasons = True


class TestServerThatStreams(TestServer):
    def make_backend(self) -> Backend:
        return ServerBackend(options={"base_urls": [self.server.url], "stream_answers": True})
