"""The `Backend` side: takes requests from any event loop, and asks one address after the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ... import _portal
from ..._registry import require
from ...exceptions import (
    BackendClosed,
    BackendOverloaded,
    BackendUnavailable,
    QwenStructuredError,
)
from ...protocols import Capabilities, Completion, Health, Message, Request
from ..options import validated
from .connections import Connections
from .endpoint import Endpoint
from .options import ServerOptions
from .wire import Dialect

if TYPE_CHECKING:
    from pydantic import JsonValue

T = TypeVar("T")


class ServerBackend:
    """Completes requests on a vLLM server, over HTTP.

    Args:
        model: name of a model that the server has; None is the only one that it has.
        options: see `ServerOptions`.

    Raises:
        BackendNotInstalled: the extra ``server`` is missing.
        SettingsError: an option is misspelt or of the wrong type, or a certificate cannot be read.
    """

    name = "server"
    capabilities = Capabilities(logprobs=True, prefix=True)

    def __init__(self, model: str | None = None, options: Mapping[str, JsonValue] | None = None) -> None:
        require(("aiohttp",), "server")
        self._options = validated(ServerOptions, self.name, options or {})
        self.model = model
        self.capabilities = replace(self.capabilities, max_concurrency=self._options.max_connections)
        self._connections = Connections(self._options)
        self._endpoints = tuple(
            Endpoint(url, model, self._options, self._connections) for url in self._options.base_urls
        )
        self._in_work: set[asyncio.Task[Any]] = set()
        self._cut_off: set[asyncio.Task[Any]] = set()  # those of them that closing has cancelled
        self._closed = False
        self._process = os.getpid()

    # --- completions -------------------------------------------------------------------------

    async def complete(self, request: Request, /) -> Completion:
        """Complete one request; see `Backend.complete`."""
        answer = partial(self._answer, request, stream=self._options.stream_answers, put=bool)
        return await _portal.acall(partial(self._working, answer))

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        """Yield the answer's text as it is written, then the completion; see `Backend.stream`."""

        async def produce(put: Callable[[str | Completion], None]) -> None:
            put(await self._working(partial(self._answer, request, stream=True, put=put)))

        async with aclosing(_portal.astream(produce)) as answers:
            async for answer in answers:
                yield answer

    async def _answer(self, request: Request, *, stream: bool, put: Callable[[str], object]) -> Completion:
        """Ask the addresses in turn, until one answers, or has begun to."""
        begun = False

        def began(piece: str) -> None:
            nonlocal begun
            begun = True
            put(piece)

        *others, last = self._in_turn()
        for endpoint in others:
            try:
                return await endpoint.answer(request, stream=stream, put=began)
            except (BackendUnavailable, BackendOverloaded) as error:
                endpoint.rest(error)
                if begun or error.spent is None:  # what it may have cost has to be seen as an attempt
                    raise
        try:
            return await last.answer(request, stream=stream, put=began)
        except (BackendUnavailable, BackendOverloaded) as error:
            last.rest(error)
            raise

    def _in_turn(self) -> list[Endpoint]:
        """In the order of the option, but those that rest last, the nearest to its end first."""
        return sorted(self._endpoints, key=lambda endpoint: endpoint.rests_s)

    # --- life --------------------------------------------------------------------------------

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Make the first contact with each address that is there, and have `grammars` compiled."""
        await _portal.acall(partial(self._working, partial(self._warm_up, grammars)))

    async def _warm_up(self, grammars: Sequence[str]) -> None:
        failure: BackendUnavailable | BackendOverloaded | None = None
        reached = False
        for endpoint in self._endpoints:
            try:
                await _prepare(endpoint, grammars)
                reached = True
            except (BackendUnavailable, BackendOverloaded) as error:
                endpoint.rest(error)
                failure = error
        if failure and not reached:
            raise failure

    async def health(self) -> Health:
        """Tell the state of the first address that is well; ``requests`` are those of this backend."""
        if self._is_closed():
            return Health(state="dead", detail="closed")
        return await _portal.acall(self._health)

    async def _health(self) -> Health:
        failures: list[str] = []
        for endpoint in self._in_turn():
            try:
                await endpoint.is_alive()
            except QwenStructuredError as error:
                failures.append(str(error))
                continue
            load = await endpoint.load()
            busy = f"; {load[0]} requests run there, {load[1]} wait" if load else ""
            return Health(state="ready", detail=f"{endpoint.url}{busy}", requests=len(self._in_work))
        return Health(state="dead", detail="; ".join(failures), requests=len(self._in_work))

    async def aclose(self) -> None:
        """Close the connections. Requests in work fail with `BackendClosed`."""
        if not self._is_closed():
            self._closed = True
            await _portal.acall(self._close)

    async def _close(self) -> None:
        for task in self._in_work:
            self._cut_off.add(task)
            task.cancel()
        await self._connections.aclose()

    async def _working(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do work, which closing the backend ends with `BackendClosed`.

        A cancel scope around it would do the same, for 5 in 100 of all that a request costs.
        """
        self._check_open()
        task = asyncio.current_task()
        assert task is not None, "whatever runs on the private loop runs in a task"
        self._in_work.add(task)
        try:
            return await work()
        except asyncio.CancelledError:
            if task not in self._cut_off or task.cancelling() > 1:
                raise
            raise BackendClosed("the backend 'server' was closed while it worked on the request") from None
        finally:
            self._in_work.discard(task)
            if task in self._cut_off:
                self._cut_off.discard(task)
                task.uncancel()

    def _is_closed(self) -> bool:
        return self._closed or self._process != os.getpid()

    def _check_open(self) -> None:
        if self._is_closed():
            raise BackendClosed(
                "the backend 'server' is closed, or belongs to the process that this one was forked from: "
                "make a new one"
            )


async def _prepare(endpoint: Endpoint, grammars: Sequence[str]) -> None:
    """Have the canary answered, and one token written for each grammar, so that it is compiled."""
    proof = await endpoint.contact.proof()
    if proof.dialect is Dialect.RESPONSE_FORMAT:
        return
    prompt = (Message("user", "Say hello."),)
    for grammar in grammars:
        await endpoint.answer(Request(messages=prompt, grammar=grammar, max_output_tokens=1), stream=False)
