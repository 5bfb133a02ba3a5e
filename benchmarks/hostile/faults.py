"""What the hostile server does to its answers on their way, and what it bills for them all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from .model import DONE, Asked, event, is_endless

_HUGE_BYTES = 16 * 2**20
_PACE_S = 0.05


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and the connection that it came on."""

    asked: Asked
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Fault = Callable[[Exchange], Awaitable[bool]]
"""Answers a request in its way; gives whether the connection is kept."""


def head(status: int, kind: str, length: int | None, *more: str) -> bytes:
    """The head of a response; without a length, of one in chunks."""
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = (f"HTTP/1.1 {status} Status", f"Content-Type: {kind}", size, *more)
    return "\r\n".join((*lines, "", "")).encode()


def _send(
    exchange: Exchange, body: bytes, kind: str = "application/json", status: int = 200, *more: str
) -> None:
    exchange.writer.write(head(status, kind, len(body), *more) + body)


async def whole(exchange: Exchange) -> bool:
    """Answer without a fault of the way."""
    _send(exchange, exchange.asked.whole())
    return True


async def _reset(exchange: Exchange) -> bool:
    exchange.writer.transport.abort()
    return False


async def _half(exchange: Exchange) -> bool:
    body = exchange.asked.whole()
    exchange.writer.write(head(200, "application/json", len(body)) + body[: len(body) // 2])
    await exchange.writer.drain()
    return False


async def _stall(exchange: Exchange) -> bool:
    await exchange.reader.read()  # until the client has had enough
    return False


async def _slow(exchange: Exchange) -> bool:
    """Trickle (slow loris): each byte comes in time, the whole in more than half a minute."""
    body = exchange.asked.whole()
    exchange.writer.write(head(200, "application/json", len(body)))
    for start in range(len(body)):
        exchange.writer.write(body[start : start + 1])
        await exchange.writer.drain()
        if exchange.reader.at_eof() or exchange.writer.is_closing():
            return False
        await asyncio.sleep(_PACE_S)
    return True


async def _refused(exchange: Exchange) -> bool:
    return _error(exchange, 429, "Retry-After: 1")


async def _busy(exchange: Exchange) -> bool:
    return _error(exchange, 503)


async def _broken(exchange: Exchange) -> bool:
    return _error(exchange, 500)


def _error(exchange: Exchange, status: int, *headers: str) -> bool:
    error = {"message": f"a fault on purpose ({status})", "type": "error", "code": status}
    _send(exchange, json.dumps({"error": error}).encode(), "application/json", status, *headers)
    return True


async def _page(exchange: Exchange) -> bool:
    _send(exchange, b"<html><body>Please wait</body></html>", "text/html")
    return True


async def _plain(exchange: Exchange) -> bool:
    _send(exchange, exchange.asked.whole(), "text/plain")
    return True


async def _not_utf8(exchange: Exchange) -> bool:
    body = exchange.asked.whole()
    middle = body.index(b"customer")
    _send(exchange, body[:middle] + b"\xff\xfe" + body[middle + 2 :])
    return True


async def _empty(exchange: Exchange) -> bool:
    _send(exchange, b"")
    return True


async def _not_http(exchange: Exchange) -> bool:
    exchange.writer.write(b"\x16\x03\x01 what is this\r\n\r\n")
    await exchange.writer.drain()
    return False


async def _huge(exchange: Exchange) -> bool:
    exchange.writer.write(head(200, "application/json", _HUGE_BYTES))
    piece = b" " * 2**18
    for _ in range(_HUGE_BYTES // len(piece)):
        if exchange.writer.is_closing():
            return False
        exchange.writer.write(piece)
        await exchange.writer.drain()
    return True


# --- faults of streams ----------------------------------------------------------------------------


async def stream(exchange: Exchange, events: list[bytes] | None = None) -> bool:
    """Stream the answer, or these events."""
    writer = exchange.writer
    writer.write(head(200, "text/event-stream", None))
    for one in exchange.asked.events() if events is None else events:
        writer.write(b"%x\r\n%s\r\n" % (len(one), one))
        await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")
    return True


async def _cut(exchange: Exchange) -> bool:
    """End as if the answer were whole."""
    return await stream(exchange, exchange.asked.events()[:3])


async def _cut_off(exchange: Exchange) -> bool:
    first = exchange.asked.events()[0]
    exchange.writer.write(head(200, "text/event-stream", None) + b"%x\r\n%s\r\n" % (len(first), first))
    await exchange.writer.drain()
    exchange.writer.transport.abort()
    return False


async def _twice(exchange: Exchange) -> bool:
    events = exchange.asked.events()
    return await stream(exchange, [*events[:2], *events[1:]])


async def _lost(exchange: Exchange) -> bool:
    events = exchange.asked.events()
    return await stream(exchange, [events[0], *events[2:]])


async def _no_usage(exchange: Exchange) -> bool:
    return await stream(exchange, [*exchange.asked.events()[:-2], DONE])


async def _fails_within(exchange: Exchange) -> bool:
    failure = event({"error": {"message": "EngineDeadError", "type": "error", "code": 500}})
    return await stream(exchange, [*exchange.asked.events()[:2], failure, DONE])


async def _event_not_utf8(exchange: Exchange) -> bool:
    return await stream(exchange, [exchange.asked.events()[0], b'data: {"choices": "\xff"}\n\n'])


async def _huge_event(exchange: Exchange) -> bool:
    return await stream(exchange, [b"data: ", *[b" " * 2**18] * 32])


async def _hangs_within(exchange: Exchange) -> bool:
    first = exchange.asked.events()[0]
    exchange.writer.write(head(200, "text/event-stream", None) + b"%x\r\n%s\r\n" % (len(first), first))
    return await _stall(exchange)


REFUSALS: Final[dict[str, Fault]] = {"429": _refused, "503": _busy}
"""They come before any work, and are not billed."""

_OF_BOTH: Final[dict[str, Fault]] = {
    **REFUSALS, "500": _broken, "reset": _reset, "stall": _stall, "web page": _page, "not HTTP": _not_http,
}  # fmt: skip
_OF_THE_MODEL: Final = ("invalid value", "stopped")

WHOLE_FAULTS: Final[dict[str, Fault]] = {
    **_OF_BOTH, "half": _half, "slow": _slow, "plain text": _plain, "not UTF-8": _not_utf8, "empty": _empty,
    "huge": _huge, **dict.fromkeys(_OF_THE_MODEL, whole),
}  # fmt: skip
"""What is done to whole answers."""

STREAM_FAULTS: Final[dict[str, Fault]] = {
    **_OF_BOTH, "cut": _cut, "cut off": _cut_off, "event twice": _twice, "event lost": _lost,
    "no usage": _no_usage, "fails within": _fails_within, "event not UTF-8": _event_not_utf8,
    "huge event": _huge_event, "hangs within": _hangs_within, **dict.fromkeys(_OF_THE_MODEL, stream),
}  # fmt: skip
"""What is done to streamed answers."""

_TELL_THE_TRUTH: Final = ("", "plain text")
_BEFORE_WORK: Final = (*REFUSALS, "not HTTP")


@dataclass(frozen=True, slots=True)
class Served:
    """A request as the server saw it.

    Attributes:
        fault: what was done to its answer; ``""`` for nothing.
        prompt_tokens: tokens that the server read.
        output_tokens: tokens that it wrote, whether they arrived or not.
        right: the answer was right and left whole.
    """

    fault: str
    prompt_tokens: int = 0
    output_tokens: int = 0
    right: bool = False


def billed(asked: Asked) -> Served:
    """What a request costs, whatever becomes of its answer."""
    if asked.fault in _BEFORE_WORK:
        return Served(asked.fault)
    right = asked.fault in _TELL_THE_TRUTH and not is_endless(asked.call)
    return Served(asked.fault, asked.usage["prompt_tokens"], asked.usage["completion_tokens"], right)
