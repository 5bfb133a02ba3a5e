"""What an HTTP client costs the backend ``server`` at 256 requests in flight.

A server on loopback, in a process of its own, answers like vLLM after a pause: whole, or as 128 events with
the pause in front. Each client runs in a fresh process, with keep-alive, from one event loop; processor time
is that of the client's process alone. The clients take turns. Needs what is measured, which our extras do not
bring: ``pip install httpx httpx2 aiohttp niquests``. Writes ``results/http_clients.json`` beside this file::

    python benchmarks/http_clients.py
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

RESULTS = Path(__file__).parent / "results" / "http_clients.json"
IN_FLIGHT = 256
ROUNDS = 3
PAUSE_S = 0.2
EVENTS = 128
REQUESTS = {"whole": 2_048, "streamed": 256}
QUESTION = json.dumps({"messages": [{"role": "user", "content": "x" * 2000}], "grammar": "g" * 99}).encode()
ANSWER = json.dumps(
    {"choices": [{"message": {"content": "y" * 500}}], "usage": {"prompt_tokens": 1}}
).encode()
EVENT = b'data: {"id": "chatcmpl-0", "choices": [{"index": 0, "delta": {"content": "a few"}}]}\n\n'

Send = Callable[[str], Awaitable[int]]


# --- the server ----------------------------------------------------------------------------------


async def serve() -> None:
    server = await asyncio.start_server(_connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            await asyncio.sleep(PAUSE_S)
            await (_streamed if b"/streamed" in head else _whole)(writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _whole(writer: asyncio.StreamWriter) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(ANSWER)}\r\n\r\n"
    writer.write(head.encode() + ANSWER)
    await writer.drain()


async def _streamed(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    chunk = b"%x\r\n%s\r\n" % (len(EVENT), EVENT)
    for _ in range(EVENTS):
        writer.write(chunk)
        await asyncio.sleep(0)  # or they would all leave in one piece
    writer.write(b"0\r\n\r\n")
    await writer.drain()


# --- the clients ---------------------------------------------------------------------------------


async def _httpx(module: Any, url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    limits = module.Limits(max_connections=1024, max_keepalive_connections=1024)
    async with module.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:

        async def send(kind: str) -> int:
            async with client.stream("POST", f"{url}/{kind}", content=QUESTION) as response:
                return sum([len(chunk) async for chunk in response.aiter_bytes()])

        await work(send)


async def httpx(url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    import httpx

    await _httpx(httpx, url, work)


async def httpx2(url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    import httpx2

    await _httpx(httpx2, url, work)


async def httpcore2(url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    import httpcore2

    headers = [(b"host", b"127.0.0.1"), (b"content-length", str(len(QUESTION)).encode())]
    async with httpcore2.AsyncConnectionPool(
        max_connections=1024, max_keepalive_connections=1024, keepalive_expiry=5
    ) as pool:

        async def send(kind: str) -> int:
            async with pool.stream("POST", f"{url}/{kind}", headers=headers, content=QUESTION) as response:
                return sum([len(chunk) async for chunk in response.aiter_stream()])

        await work(send)


async def aiohttp(url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1024)) as session:

        async def send(kind: str) -> int:
            async with session.post(f"{url}/{kind}", data=QUESTION) as response:
                return sum([len(chunk) async for chunk in response.content.iter_any()])

        await work(send)


async def niquests(url: str, work: Callable[[Send], Awaitable[None]]) -> None:
    import niquests

    async with niquests.AsyncSession(pool_connections=1, pool_maxsize=1024) as session:

        async def send(kind: str) -> int:
            response = await session.post(f"{url}/{kind}", data=QUESTION, stream=True)
            return sum([len(chunk) async for chunk in await response.iter_raw(65536)])

        await work(send)


CLIENTS = {client.__name__: client for client in (httpx2, httpx, httpcore2, aiohttp, niquests)}


# --- measuring -----------------------------------------------------------------------------------


async def measure(name: str, kind: str, url: str) -> dict[str, float]:
    """Requests a second and the client's processor time of one, after a round that opens connections."""
    found: dict[str, float] = {}

    async def work(send: Send) -> None:
        await _all(send, kind, IN_FLIGHT)
        start, cpu = perf_counter(), process_time()
        await _all(send, kind, REQUESTS[kind])
        found["requests_per_s"] = REQUESTS[kind] / (perf_counter() - start)
        found["cpu_ms_per_request"] = (process_time() - cpu) / REQUESTS[kind] * 1e3

    await CLIENTS[name](url, work)
    return found


async def _all(send: Send, kind: str, requests: int) -> None:
    left = iter(range(requests))
    expected = len(ANSWER) if kind == "whole" else len(EVENT) * EVENTS

    async def worker() -> None:
        for _ in left:
            assert await send(kind) == expected

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


def main() -> None:
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        runs: dict[str, dict[str, list[dict[str, float]]]] = {n: {k: [] for k in REQUESTS} for n in CLIENTS}
        for _ in range(ROUNDS):
            for name in CLIENTS:
                for kind in REQUESTS:
                    command = [sys.executable, __file__, "measure", name, kind, url]
                    done = subprocess.run(command, check=True, capture_output=True, text=True)
                    runs[name][kind].append(json.loads(done.stdout))
        server.terminate()
    _report(runs)


def _report(runs: dict[str, dict[str, list[dict[str, float]]]]) -> None:
    print(f"{'client':12}{'answers':10}{'requests/s':>12}{'cpu ms/request':>16}")
    rows = []
    for name, kinds in runs.items():
        for kind, taken in kinds.items():
            middle = {key: round(median(run[key] for run in taken), 3) for key in taken[0]}
            print(f"{name:12}{kind:10}{middle['requests_per_s']:12.0f}{middle['cpu_ms_per_request']:16.2f}")
            rows.append({"client": name, "version": version(name), "answers": kind, **middle, "runs": taken})
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "in_flight": IN_FLIGHT,
        "pause_s": PAUSE_S,
        "events_per_stream": EVENTS,
        "requests": REQUESTS,
        "rounds": ROUNDS,
        "rows": rows,
    }
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["measure", name, kind, url]:
            print(json.dumps(asyncio.run(measure(name, kind, url))))
        case _:
            main()
