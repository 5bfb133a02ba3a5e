"""The server: draws faults, counts what it would bill, and says so at ``/count``.

Which request meets which fault is drawn by call and by how often the call was asked: it is the same for every
client. Run it in a process of its own::

    python -m benchmarks.hostile.server --share 0.2
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from zlib import crc32

from ..loops import end_tasks
from .faults import STREAM_FAULTS, WHOLE_FAULTS, Exchange, Served, billed, head, stream, whole
from .model import CONTEXT_TOKENS, MODEL, Asked

_STORMS = {1.0: "429", 3.0: "500", 5.0: "503"}
_STORM_S = 0.5

_CALL = re.compile(rb"#(\d{6})#")
_CANARY = re.compile(r'root ::= "(\w+)"')


@dataclass
class HostileServer:
    """The server.

    Attributes:
        share: of all requests, how many meet a fault; from 0 to 1.
        seed: of the faults.
        only: faults to choose from; all of them by default.
        storm: takes the number of a request, and gives the fault that all meet now; ``""`` is none.
        pause_s: time that an answer takes.
        tls: makes connections secure.
        tls_fault: takes the number of a connection, and gives whether its handshake fails.
        served: what came of the requests of each call, in order.
        url: its address, once it runs.
        connections: that are open.
    """

    share: float = 0.2
    seed: int = 0
    only: tuple[str, ...] = ()
    storm: Callable[[int], str] = lambda _: ""
    pause_s: float = 0.0
    tls: ssl.SSLContext | None = None
    tls_fault: Callable[[int], bool] = lambda _: False
    served: dict[int, list[Served]] = field(default_factory=lambda: defaultdict(list))
    url: str = ""
    connections: int = 0
    _accepted: int = 0
    _requests: int = 0

    def fault_of(self, call: int, time: int, *, streams: bool) -> str:
        """The fault of a call's request, which is its first at time 0; ``""`` is none."""
        if storm := self.storm(self._requests):
            return storm
        names = [*(STREAM_FAULTS if streams else WHOLE_FAULTS)]
        names = [name for name in names if not self.only or name in self.only]
        chance = crc32(f"{self.seed}/{call}/{time}".encode()) / 2**32
        return names[int(chance / self.share * len(names))] if chance < self.share else ""

    def count(self) -> dict[str, int]:
        """Sums over all calls."""
        every = [one for requests in self.served.values() for one in requests]
        return {
            "requests": len(every),
            "faults": sum(bool(one.fault) for one in every),
            "prompt_tokens": sum(one.prompt_tokens for one in every),
            "output_tokens": sum(one.output_tokens for one in every),
        }

    @contextmanager
    def running(self) -> Iterator[HostileServer]:
        """Serve on a loopback port, from a thread."""
        loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

        async def main() -> None:
            server = await self.start()
            started.set()
            await stop.wait()
            server.close()
            await end_tasks()

        def serve() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(main())

        thread = threading.Thread(target=serve, name="hostile-server")
        thread.start()
        started.wait()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()

    async def start(self) -> asyncio.Server:
        """Begin to serve on the running event loop."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=1024)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{port}"
        return server

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._secured(writer)
            while await self._exchange(reader, writer):
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # what is not sent yet would keep it open
        finally:
            self.connections -= 1
            writer.close()

    async def _secured(self, writer: asyncio.StreamWriter) -> None:
        if self.tls is None:
            return
        self._accepted += 1
        if self.tls_fault(self._accepted):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            raise ConnectionAbortedError("a handshake that fails on purpose")
        await writer.start_tls(self.tls)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        raw = await reader.readexactly(int(length[1]) if length else 0)
        path = head.split(" ", 2)[1]
        if path != "/v1/chat/completions":
            writer.write(self._fact(path))
            return True
        self._requests += 1
        body = json.loads(raw)
        found = _CALL.search(raw)
        if found is None:
            writer.write(_canary(body))
            return True
        return await self._answer(int(found[1]), body, reader, writer)

    def _fact(self, path: str) -> bytes:
        known: dict[str, Any] = {
            "/v1/models": {"data": [{"id": MODEL, "root": MODEL, "max_model_len": CONTEXT_TOKENS}]},
            "/count": self.count(),
        }
        body = json.dumps(known.get(path, {})).encode()
        return head(200 if path in known else 404, "application/json", len(body)) + body

    async def _answer(
        self, call: int, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        streams = bool(body.get("stream"))
        so_far = self.served[call]
        asked = Asked(call, body, self.fault_of(call, len(so_far), streams=streams))
        so_far.append(billed(asked))
        await asyncio.sleep(self.pause_s)
        faults, plainly = (STREAM_FAULTS, stream) if streams else (WHOLE_FAULTS, whole)
        return await faults.get(asked.fault, plainly)(Exchange(asked, reader, writer))


def _canary(body: dict[str, Any]) -> bytes:
    word = _CANARY.search(body["structured_outputs"]["grammar"])
    choice = {"message": {"content": word and word[1]}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1}
    answer = json.dumps({"model": MODEL, "choices": [choice], "usage": usage}).encode()
    return head(200, "application/json", len(answer)) + answer


class Storms:
    """Half a second of one fault at a time, counted from the first request."""

    def __init__(self) -> None:
        self._began: float | None = None

    def __call__(self, _: int) -> str:
        now = monotonic()
        self._began = self._began or now
        passed = now - self._began
        return next((fault for start, fault in _STORMS.items() if 0 <= passed - start < _STORM_S), "")


async def _serve(share: float) -> None:
    hostile = HostileServer(share=share, storm=Storms() if share else lambda _: "")
    server = await hostile.start()
    print(hostile.url, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.2, help="of the requests that meet a fault")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().share))
