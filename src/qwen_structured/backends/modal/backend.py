"""The `Backend` side: takes requests from any event loop, has them answered by a class on Modal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ... import _portal
from ..._registry import require
from ...exceptions import BackendUnavailable, InvalidPrompt, QwenStructuredError
from ...protocols import Capabilities, Completion, Health, Request
from ..work import OpenWork
from . import wire
from .deployment import deploy_options, offer
from .options import validated

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .calls import Calls
    from .contact import Contact


class ModalBackend:
    """Completes requests on Modal, with the deployed classes Qwen80BGenerator and Qwen480BGenerator.

    Args:
        model: ``80b`` (the default), ``480b``, or the full name of a model that one of them serves.
        options: see `ModalOptions`.

    Raises:
        BackendNotInstalled: the extra ``modal`` is missing.
        UnknownModel: no class serves the model.
        SettingsError: an option is misspelt or of the wrong type.
    """

    name = "modal"
    capabilities = Capabilities(logprobs=True, prefix=True)

    def __init__(self, model: str | None = None, options: Mapping[str, JsonValue] | None = None) -> None:
        require(("modal",), "modal")
        from .calls import Calls
        from .contact import Contact

        self._options = validated(options or {})
        self._offer = offer(model, self._options)
        self.model = model
        deployed = deploy_options(self._offer, self._options)
        self.capabilities = replace(
            self.capabilities, max_concurrency=deployed.concurrency * deployed.max_containers
        )
        self._contact: Contact = Contact(self._offer, self._options)
        self._calls: Calls = Calls(self._contact)
        self._open = OpenWork(self.name)

    # --- completions -------------------------------------------------------------------------

    async def complete(self, request: Request, /) -> Completion:
        """Complete one request; see `Backend.complete`."""
        self._open.check_open()
        return await _portal.acall(partial(self._complete, request))

    async def _complete(self, request: Request) -> Completion:
        begun = perf_counter()
        with self._open.working(), self._told():
            data = self._fitting(request)
            return _completion(await self._calls.answer("complete", data), begun)
        raise AssertionError("either an answer or an error leaves the block")

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        """Yield the answer's text as it is written, then the completion; see `Backend.stream`."""
        self._open.check_open()

        async def produce(put: Callable[[str | Completion], None]) -> None:
            begun, written = perf_counter(), ""
            with self._open.working(), self._told():
                async with aclosing(self._calls.stream("stream", self._fitting(request))) as items:
                    async for item in items:
                        if "text" in item:
                            written += item["text"]
                            put(item["text"])
                        else:
                            put(_whole(_completion(item, begun), written))

        async with aclosing(_portal.astream(produce)) as answers:
            async for answer in answers:
                yield answer

    async def complete_many(
        self, requests: Sequence[Request]
    ) -> AsyncGenerator[Completion | QwenStructuredError]:
        """Complete requests through Modal's own parallel map, in their order; an error stands in its place.

        Args:
            requests: what is asked; Modal starts up to ``max_containers`` for them.

        Raises:
            QwenStructuredError: Modal failed for all that are left.
        """
        self._open.check_open()

        async def produce(put: Callable[[Completion | QwenStructuredError], None]) -> None:
            begun = perf_counter()
            with self._open.working(), self._told():
                async with aclosing(
                    self._calls.map("complete", [self._fitting(request) for request in requests])
                ) as items:
                    async for item in items:
                        put(item if isinstance(item, QwenStructuredError) else _completion(item, begun))

        async with aclosing(_portal.astream(produce)) as answers:
            async for answer in answers:
                yield answer

    def _fitting(self, request: Request) -> dict[str, Any]:
        data = wire.request_to_data(request)
        size = len(wire.request_to_key(data).encode())
        if size > self._options.max_request_bytes:
            raise InvalidPrompt(
                f"the request has {size} bytes, grammar included, and max_request_bytes is "
                f"{self._options.max_request_bytes}: shorten the prompt or simplify the type, or raise it"
            )
        return data

    # --- life --------------------------------------------------------------------------------

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Start a container, unless one runs, and have `grammars` compiled there."""
        self._open.check_open()
        await _portal.acall(partial(self._warm_up, list(grammars)))

    async def _warm_up(self, grammars: list[str]) -> None:
        with self._open.working(), self._told():
            await self._calls.answer("warmup", grammars)

    async def health(self) -> Health:
        """Tell what Modal says of the class; starts nothing. ``requests`` are those of this backend."""
        if self._open.is_closed:
            return Health(state="dead", detail="closed")
        return await _portal.acall(self._health)

    async def _health(self) -> Health:
        try:
            situation = await self._contact.look()
        except QwenStructuredError as error:
            return Health(state="dead", detail=str(error), requests=len(self._open))
        return situation.health(len(self._open))

    async def aclose(self) -> None:
        """Give up the calls in work, which fail with `BackendClosed`; containers end by themselves."""
        if not self._open.is_closed:
            self._open.close()
            await _portal.acall(self._close)

    async def _close(self) -> None:
        self._open.cancel()

    # --- waiting -----------------------------------------------------------------------------

    @contextmanager
    def _told(self) -> Generator[None]:
        """Say on stderr what is waited for, if nothing is warm."""
        if not self._options.progress:
            yield
            return
        from .waiting import Herald, watch

        herald = Herald(self._offer.class_name)
        watching = asyncio.create_task(watch(self._contact.look, herald, self._options.progress_after_s))
        try:
            yield
        finally:
            watching.cancel()
            herald.end()


def _whole(completion: Completion, written: str) -> Completion:
    """Refuse a stream that a second container began anew, after the first was lost in the midst of it."""
    if completion.text != written:
        raise BackendUnavailable(
            "a container was lost within its answer, and another's answer does not continue it: ask again"
        )
    return completion


def _completion(answer: Mapping[str, Any], begun: float) -> Completion:
    """The completion of an answer; the time that the container does not account for was spent waiting."""
    completion = wire.completion_from_data(answer["completion"])
    return wire.with_waiting(completion, perf_counter() - begun, answer["took_s"])
