"""RPCs as plain methods: a request in, a response out; each is noted, and may be made to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from grpclib.server import Stream

S = TypeVar("S", bound="Noted")

EMPTY = Empty()


class Noted:
    """What every servicer does before it answers: note the request, and raise what is ordered for it."""

    async def received(self, name: str, request: Any, metadata: Any) -> None:
        raise NotImplementedError


def unary(method: Callable[[S, Any], Awaitable[Any]]) -> Callable[[S, Stream[Any, Any]], Awaitable[None]]:
    """Make an RPC of a method that gives one response."""

    async def rpc(self: S, stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        await self.received(method.__name__, request, stream.metadata)
        await stream.send_message(await method(self, request))

    return rpc


def streaming(
    method: Callable[[S, Any], AsyncIterator[Any]],
) -> Callable[[S, Stream[Any, Any]], Awaitable[None]]:
    """Make an RPC of a method that gives several."""

    async def rpc(self: S, stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        await self.received(method.__name__, request, stream.metadata)
        async for response in method(self, request):
            await stream.send_message(response)

    return rpc


def with_metadata(
    method: Callable[[S, Any, Any], Awaitable[Any]],
) -> Callable[[S, Stream[Any, Any]], Awaitable[None]]:
    """Make an RPC of a method that also has to know who sent the request."""

    async def rpc(self: S, stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        await self.received(method.__name__, request, stream.metadata)
        await stream.send_message(await method(self, request, stream.metadata))

    return rpc
