"""A batch against an HTTP server that refuses what is too much."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from benchmarks.loops import end_tasks

from qwen_structured import StructuredGenerator
from qwen_structured.backends.server import ServerBackend

CAPACITY = 6
_CANARY = 'root ::= "zq'


class Small:
    """Works on so many requests at once, and answers 429 to the others."""

    def __init__(self) -> None:
        self.working = self.refused = self.answered = 0
        self.url = ""
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, started: Future[None]) -> None:
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set_result(None)
        await self._stop.wait()
        server.close()
        await end_tasks()

    def stop(self) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                body = json.loads(await reader.readexactly(length) or b"null")
                status, answer = await self._answer(head, body)
                data = json.dumps(answer).encode()
                writer.write(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%s" % (status, len(data), data))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # what is not sent yet would keep it open
        finally:
            writer.close()

    async def _answer(self, head: bytes, body: dict[str, object]) -> tuple[int, object]:
        if b"/v1/models" in head:
            return 200, {"data": [{"id": "m", "max_model_len": 9999}]}
        grammar = str(body.get("structured_outputs"))
        if (at := grammar.find(_CANARY)) >= 0:
            return 200, _completion(grammar[at + 10 : at + 20])
        if self.working >= CAPACITY:
            self.refused += 1
            return 429, {"error": {"message": "too many requests", "code": 429}}
        self.working += 1
        await asyncio.sleep(0.01)  # long enough for requests to meet, on a busy machine too
        self.working -= 1
        self.answered += 1
        return 200, _completion("5")


def _completion(text: str) -> dict[str, object]:
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    return {"model": "m", "choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}


@pytest.fixture
def small() -> Iterator[Small]:
    server = Small()
    started: Future[None] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(started)))
    thread.start()
    started.result(5)
    yield server
    server.stop()
    thread.join()


def test_refusals_slow_a_batch_down_and_lose_nothing(small: Small) -> None:
    with StructuredGenerator(backend=ServerBackend(None, {"base_urls": [small.url]})) as generator:
        batch = generator.generate_many(int, map(str, range(600)))
        assert [one.value for one in batch] == [5] * 600
        summary = batch.summary
    assert small.answered == 600
    assert 0 < small.refused < 200
    assert summary.concurrency <= 2 * CAPACITY
