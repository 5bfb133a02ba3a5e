"""What a stream costs: however long it is, and against instructor's partials.

- ``long``: one answer of up to 10 MB, a list of records, in pieces of 16 characters from a backend in this
  process: once for all parts, once for the items alone. Time and memory should grow with the text.
- ``peers``: the same answers from one server on loopback, which writes them at once in events of 12
  characters, read by this package and by instructor: seconds to the first closed field or item, seconds for
  all, and what is given a second. The server enforces nothing but the canary's word.
- ``tokens``: JSON's tokens alone, by our lexer and by ijson, in pieces of 16 characters.

Each run is a fresh process. Needs what is measured: ``pip install instructor openai ijson``. Writes
``results/streams.json`` beside this file::

    python benchmarks/streams.py
"""

from __future__ import annotations

import asyncio
import json
import platform
import re
import resource
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from pydantic import BaseModel

RESULTS = Path(__file__).parent / "results" / "streams.json"
MEGABYTES = (1.25, 2.5, 5.0, 10.0)
RECORDS = (50, 100, 200)
PIECE_CHARACTERS = 16
EVENT_CHARACTERS = 12
ROUNDS = 1


class Place(BaseModel):
    street: str
    floor: int | None


class Record(BaseModel):
    name: str
    price: float
    tags: list[str]
    place: Place


class Report(BaseModel):
    records: list[Record]


def record(number: int) -> dict[str, Any]:
    place = {"street": f"{number} Mill Lane", "floor": number % 7 or None}
    return {"name": f"item {number}", "price": number * 1.25, "tags": ["new", "näh\n"], "place": place}


def written(records: int) -> str:
    return json.dumps([record(number) for number in range(records)], ensure_ascii=False)


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


# --- long ----------------------------------------------------------------------------------------


def long(way: str, megabytes: float) -> dict[str, Any]:
    from qwen_structured import Completion, Health, Request, StructuredGenerator, Usage
    from qwen_structured.protocols import Capabilities

    text = written(int(megabytes * 1e6 / (len(written(1000)) / 1000)))

    class Writer:
        """Writes the text."""

        name = "writer"
        capabilities = Capabilities()

        async def complete(self, _: Request, /) -> Completion:
            return Completion(text=text, finish_reason="stop", usage=Usage(1, 1), model="writer")

        async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
            for piece in pieces(text, PIECE_CHARACTERS):
                yield piece
            yield await self.complete(request)

        async def warm_up(self, grammars: Sequence[str] = (), /) -> None: ...

        async def health(self) -> Health:
            return Health(state="ready")

        async def aclose(self) -> None: ...

    generator = StructuredGenerator(backend=Writer())
    before, start, work = _peak_mb(), perf_counter(), process_time()
    with generator.stream(list[Record], "All records.") as stream:
        first_s = None
        count = 0
        for _ in stream if way == "parts" else stream.items():
            first_s = first_s or perf_counter() - start
            count += 1
        stream.result()
    return {
        "way": way,
        "megabytes": round(len(text.encode()) / 1e6, 2),
        "given": count,
        "seconds": round(perf_counter() - start, 2),
        "cpu_seconds": round(process_time() - work, 2),
        "first_ms": round((first_s or 0) * 1000, 1),
        "more_memory_mb": round(_peak_mb() - before, 1),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- the server ----------------------------------------------------------------------------------


def serve() -> None:
    async def main() -> None:
        server = await asyncio.start_server(_connection, "127.0.0.1", 0, limit=2**20)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            body = await reader.readexactly(int(length[1])) if length else b""
            await _answer(head.split()[1].decode(), json.loads(body) if body else {}, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _answer(path: str, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    if path.endswith("/models"):
        _whole({"data": [{"id": "loopback", "root": "loopback", "max_model_len": 10**9}]}, writer)
    elif not path.endswith("/chat/completions"):
        _whole({}, writer)
    elif body.get("stream"):
        await _streamed(_text(body), writer)
    else:
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": _text(body)},
            "finish_reason": "stop",
        }
        _whole({"model": "loopback", "choices": [choice], "usage": _USAGE}, writer)


async def _streamed(text: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    for piece in pieces(text, EVENT_CHARACTERS):
        _event(writer, [{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
        await writer.drain()
    _event(writer, [{"index": 0, "delta": {}, "finish_reason": "stop"}])
    _event(writer, [], usage=_USAGE)
    _chunk(writer, b"data: [DONE]\n\n")
    _chunk(writer, b"")
    await writer.drain()


_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


def _text(body: dict[str, Any]) -> str:
    constraint = body.get("structured_outputs") or {}
    if word := re.fullmatch(r'root ::= "(\w+)"', str(constraint.get("grammar", ""))):
        return word[1]
    found = re.search(r"form (\w+), records (\d+)", body["messages"][-1]["content"])
    assert found, body["messages"]
    text = written(int(found[2]))
    return text if found[1] == "list" else f'{{"{found[1]}": {text}}}'


def _whole(data: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    body = json.dumps(data).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


def _event(writer: asyncio.StreamWriter, choices: list[Any], **more: Any) -> None:
    data = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "loopback",
        "choices": choices,
    }
    _chunk(writer, f"data: {json.dumps(data | more)}\n\n".encode())


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))


# --- the readers ---------------------------------------------------------------------------------


@lru_cache
def _ours(url: str) -> Any:
    from qwen_structured import StructuredGenerator
    from qwen_structured.backends.server import ServerBackend

    return StructuredGenerator(backend=ServerBackend(options={"base_urls": [url]}))


def _instructor(url: str) -> Any:
    import instructor
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=f"{url}/v1", api_key="none")
    return instructor.from_openai(client, mode=instructor.Mode.JSON)


async def our_parts(url: str, records: int) -> AsyncGenerator[bool]:
    """Whether something is closed, for each thing that is given."""
    async with _ours(url).astream(Report, f"form records, records {records}") as stream:
        async for _ in stream:
            yield True
        assert len((await stream.result()).value.records) == records


async def our_items(url: str, records: int) -> AsyncGenerator[bool]:
    async with _ours(url).astream(list[Record], f"form list, records {records}") as stream:
        async for _ in stream.items():
            yield True
        assert len((await stream.result()).value) == records


async def instructor_partial(url: str, records: int) -> AsyncGenerator[bool]:
    message = {"role": "user", "content": f"form records, records {records}"}
    found: Any = None
    async for found in _instructor(url).chat.completions.create_partial(
        model="loopback", response_model=Report, messages=[message], max_retries=0
    ):
        yield bool(found.records) and found.records[0].name == "item 0"
    assert len(found.records) == records


async def instructor_iterable(url: str, records: int) -> AsyncGenerator[bool]:
    message = {"role": "user", "content": f"form tasks, records {records}"}
    count = 0
    async for _ in _instructor(url).chat.completions.create_iterable(
        model="loopback", response_model=Record, messages=[message], max_retries=0
    ):
        count += 1
        yield True
    assert count == records


READERS: dict[str, Callable[[str, int], AsyncGenerator[bool]]] = {
    "parts": our_parts,
    "items": our_items,
    "instructor create_partial": instructor_partial,
    "instructor create_iterable": instructor_iterable,
}


async def read(reader: str, records: int, url: str) -> dict[str, Any]:
    async for _ in READERS[reader](url, 1):  # imports, types, the first contact
        pass
    start = perf_counter()
    first_s, given = None, 0
    async for is_closed in READERS[reader](url, records):
        given += 1
        if is_closed and first_s is None:
            first_s = perf_counter() - start
    took_s = perf_counter() - start
    return {
        "reader": reader,
        "records": records,
        "given": given,
        "first_closed_ms": round((first_s or 0) * 1000, 1),
        "seconds": round(took_s, 3),
        "given_per_second": round(given / took_s),
        "records_per_second": round(records / took_s),
    }


# --- tokens --------------------------------------------------------------------------------------


def tokens(of: str) -> dict[str, Any]:
    text = written(10_000)
    start = process_time()
    count = _ijson(text) if of == "ijson" else _lexer(text)
    took_s = process_time() - start
    return {
        "of": of,
        "megabytes": round(len(text) / 1e6, 2),
        "tokens": count,
        "cpu_seconds": round(took_s, 2),
    }


def _lexer(text: str) -> int:
    from qwen_structured.streams.lexer import Lexer

    lexer, count = Lexer(), 0
    for piece in pieces(text, PIECE_CHARACTERS):
        lexer.feed(piece)
        while lexer.next():
            count += 1
        lexer.drop()
    return count


def _ijson(text: str) -> int:
    import ijson

    events, count = ijson.sendable_list(), 0
    parser = ijson.get_backend("yajl2_c").basic_parse_coro(events)
    for piece in pieces(text, PIECE_CHARACTERS):
        parser.send(piece.encode())
        count += len(events)
        del events[:]
    return count


# --- all -----------------------------------------------------------------------------------------


def _in_a_process(*words: object) -> dict[str, Any]:
    command = [sys.executable, __file__, *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(found, flush=True)
    return found


def main() -> None:
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    try:
        peers = [
            _in_a_process("read", reader, records, url)
            for _ in range(ROUNDS)
            for records in RECORDS
            for reader in READERS
        ]
    finally:
        server.kill()
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("pydantic", "instructor", "openai", "ijson")},
        "tokens": [_in_a_process("tokens", of) for of in ("lexer", "ijson")],
        "long": [_in_a_process("long", way, size) for way in ("parts", "items") for size in MEGABYTES],
        "peers": peers,
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["long", way, size]:
            print(json.dumps(long(way, float(size))))
        case ["read", reader, count, url]:
            print(json.dumps(asyncio.run(read(reader, int(count), url))))
        case ["tokens", of]:
            print(json.dumps(tokens(of)))
        case _:
            main()
