"""Calls of methods on Modal: their answers, their cancellation, and their second chance.

A call that the way to Modal was lost to is still in work there. So it is waited for again, and a request that
is made again takes up the same call, instead of a second one that would be paid for too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any

import anyio
import modal
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from ...exceptions import BackendUnavailable, ProtocolError, QwenStructuredError
from . import wire
from .contact import Contact
from .errors import WEATHER, mapped, of_modal

_WAITS_AGAIN = 4
_BACKOFF = wait_random_exponential(multiplier=0.2, max=4)
_CANCEL_S = 5.0


class Calls:
    """Calls to one class. All of it runs on the private loop.

    Args:
        contact: the way to it.
    """

    def __init__(self, contact: Contact) -> None:
        self._contact = contact
        self._lost: dict[str, modal.FunctionCall[Any]] = {}
        self._abandoned: set[asyncio.Task[None]] = set()

    async def answer(self, method: str, data: Any) -> dict[str, Any]:
        """Call a method, and wait for what it returns.

        Raises:
            QwenStructuredError: the container says so, or Modal failed.
        """
        key = f"{method} {wire.request_to_key(data)}"
        function = await self._contact.method(method)
        call = self._lost.pop(key, None)
        with mapped(self._contact.what):
            if call is None:
                call = await self._spawned(function, data)
            try:
                return _checked(await self._awaited(call))
            except WEATHER:
                self._lost[key] = call
                raise
            except asyncio.CancelledError:
                await _cancel(call)
                raise

    async def _spawned(self, function: Any, data: Any) -> Any:
        """Begin a call; where the wait for its id is cancelled, it may have begun, and is ended."""
        spawning = asyncio.ensure_future(function.spawn.aio(data))
        try:
            return await asyncio.shield(spawning)
        except asyncio.CancelledError:
            self._abandon(_end_call(spawning))
            raise

    async def _awaited(self, call: Any) -> Any:
        """Wait for a call; where the way is lost, wait for the same again."""
        again = AsyncRetrying(
            sleep=anyio.sleep,
            stop=stop_after_attempt(_WAITS_AGAIN),
            wait=_BACKOFF,
            retry=retry_if_exception_type(WEATHER),
            reraise=True,
        )
        return await again(call.get.aio)

    async def stream(self, method: str, data: Any) -> AsyncGenerator[dict[str, Any]]:
        """Call a generator, and give what it yields after the id of its call.

        Raises:
            QwenStructuredError: the container says so, or Modal failed, or the stream broke off.
        """
        function = await self._contact.method(method)
        items: AsyncGenerator[dict[str, Any]] = function.remote_gen.aio(data)
        first = asyncio.ensure_future(anext(items))
        call_id: str | None = None
        last: dict[str, Any] = {}
        try:
            with mapped(self._contact.what):
                call_id = (await asyncio.shield(first))["call"]
                async for item in items:
                    last = _checked(item)
                    yield last
        finally:
            if "completion" not in last:
                self._abandon(_end_stream(items, first, call_id))
            else:
                await items.aclose()
        if "completion" not in last:
            raise BackendUnavailable(f"the stream of {self._contact.what} ended before its completion")

    def _abandon(self, ending: Coroutine[Any, Any, None]) -> None:
        """End a call that nobody waits for any more, also one whose id is still to come."""
        task = asyncio.create_task(ending)
        self._abandoned.add(task)
        task.add_done_callback(self._abandoned.discard)

    async def map(
        self, method: str, inputs: Sequence[Any]
    ) -> AsyncGenerator[dict[str, Any] | QwenStructuredError]:
        """Call a method for each input, as many at once as Modal has containers for; results in their order.

        Raises:
            QwenStructuredError: Modal failed for all that are left.
        """
        function = await self._contact.method(method)
        results: AsyncGenerator[Any] = function.map.aio(inputs, order_outputs=True, return_exceptions=True)
        with mapped(self._contact.what):
            async with aclosing(results):
                async for result in results:
                    yield self._outcome(result)

    def _outcome(self, result: Any) -> dict[str, Any] | QwenStructuredError:
        if isinstance(result, Exception):
            error = of_modal(self._contact.what, result)
            error.__cause__ = result
            return error
        try:
            return _checked(result)
        except QwenStructuredError as error:
            return error


def _checked(answer: Any) -> dict[str, Any]:
    """The answer of a container, unless it is an error."""
    if not isinstance(answer, Mapping):
        raise ProtocolError(f"a container answered {answer!r:.200}, which is not of the agreed form")
    if "error" in answer:
        raise wire.error_from_data(answer["error"])
    return dict(answer)


async def _cancel(call: Any) -> None:
    """End the work on a call, as far as Modal can be reached."""
    with anyio.move_on_after(_CANCEL_S, shield=True), suppress(modal.exception.Error, OSError):
        await call.cancel.aio()


async def _end_call(spawning: asyncio.Future[Any]) -> None:
    with suppress(modal.exception.Error, OSError):
        await _cancel(await spawning)


async def _end_stream(
    items: AsyncGenerator[dict[str, Any]], first: asyncio.Future[dict[str, Any]], call_id: str | None
) -> None:
    with suppress(modal.exception.Error, OSError, StopAsyncIteration):
        found = call_id or (await first)["call"]
        await _cancel(modal.FunctionCall.from_id(found))
    with suppress(RuntimeError):  # its last read is being cancelled in Modal's own loop, which ends it too
        await items.aclose()
