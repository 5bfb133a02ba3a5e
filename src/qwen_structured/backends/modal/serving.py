"""What runs in a container: one backend, asked in plain data. Knows nothing of Modal but its dict's shape."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ... import __version__, _registry
from ...exceptions import ModelNotLoadable, QwenStructuredError, UnsupportedOption
from ...protocols import Backend, Completion, Request
from . import weights, wire
from .deployment import Deployment
from .starts import Recorder, Start

if TYPE_CHECKING:
    from ...api.bodies import GenerateAnswer

_LOOK_S = 1.0


@runtime_checkable
class Sleeper(Protocol):
    """A backend that can give up the GPU and take it again."""

    async def sleep(self) -> None:
        """Give it up."""
        ...

    async def wake_up(self) -> None:
        """Take it again."""
        ...


class Serving:
    """A deployed class's work.

    Args:
        deployment: what is deployed.
        root: the folder of the weights' volume.
    """

    def __init__(self, deployment: Deployment, root: Path = Path(weights.FOLDER)) -> None:
        self._deployment, self._root = deployment, root
        self._backend: Backend | None = None
        self._failure: QwenStructuredError | None = None

    # --- life ------------------------------------------------------------------------------------

    async def start(
        self, put: Callable[[dict[str, Any]], Awaitable[None]], before: Mapping[str, Any] | None
    ) -> None:
        """Load the model, and say how far it is.

        An error of this package is kept for those who ask: Modal would start the container anew, and have
        each start paid for, while they wait.

        Args:
            put: writes the state of the start where callers see it.
            before: what stood there.
        """
        recorder = Recorder(put, Start.from_data(before), time.time, __version__)
        await recorder.begin()
        try:
            self._backend = self._made()
            async with _log_told_to(recorder, self._deployment.options.backend):
                await self._backend.warm_up()
        except QwenStructuredError as error:
            self._failure = error
            await recorder.failed(str(error))
            return
        await recorder.ready()

    def _made(self) -> Backend:
        options = self._deployment.options
        return _registry.load(options.backend)(self._source(), self._deployment.engine)

    def _source(self) -> str:
        """The folder of the weights, or a model that needs none from the volume."""
        model = self._deployment.model
        if not self._deployment.reads_volume:
            return model
        return str(weights.find(self._root, model, self._deployment.options.revision))

    async def sleep(self) -> None:
        """Give up the GPU before a snapshot, if the model is loaded."""
        if isinstance(self._backend, Sleeper) and self._failure is None:
            await self._backend.sleep()

    async def wake_up(self) -> None:
        """Take the GPU again after a snapshot."""
        if isinstance(self._backend, Sleeper) and self._failure is None:
            await self._backend.wake_up()

    async def stop(self) -> None:
        """End the backend."""
        if self._backend is not None:
            await self._backend.aclose()

    async def is_broken(self) -> bool:
        """Whether no further request can be answered here, but perhaps in a new container."""
        if self._failure is not None or self._backend is None:
            return True
        return (await self._backend.health()).state == "dead"

    @property
    def backend(self) -> Backend:
        """The backend.

        Raises:
            QwenStructuredError: it did not start.
        """
        if self._failure is not None:
            raise self._failure
        if self._backend is None:
            raise ModelNotLoadable(f"{self._deployment.model!r} has not been loaded in this container")
        return self._backend

    # --- requests, as plain data -------------------------------------------------------------------

    async def complete(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Complete a request."""
        try:
            begun, request = perf_counter(), self._request(data)
            completion = await self.backend.complete(request)
        except QwenStructuredError as error:
            return {"error": wire.error_to_data(error)}
        return self._completed(completion, begun)

    async def stream(self, data: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """Give pieces of text, then the whole."""
        try:
            begun, request = perf_counter(), self._request(data)
            async with aclosing(_closeable(self.backend.stream(request))) as items:
                async for item in items:
                    yield {"text": item} if isinstance(item, str) else self._completed(item, begun)
        except QwenStructuredError as error:
            yield {"error": wire.error_to_data(error)}

    async def warm_up(self, grammars: Sequence[str]) -> dict[str, Any]:
        """Have grammars compiled."""
        try:
            await self.backend.warm_up(grammars)
        except QwenStructuredError as error:
            return {"error": wire.error_to_data(error)}
        return {}

    async def generate(self, body: Mapping[str, Any]) -> GenerateAnswer:
        """Answer a request of the service's own form.

        Raises:
            QwenStructuredError: as the verbs of the package do.
        """
        from ...api.bodies import GenerateBody
        from ...api.generation import generate

        return await generate(self.backend, GenerateBody.model_validate(body))

    async def generate_batch(self, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Answer requests at once, in their order; an error stands in the place of its answer."""
        return list(await asyncio.gather(*map(self._generated, bodies)))

    async def _generated(self, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return (await self.generate(body)).model_dump(mode="json")
        except QwenStructuredError as error:
            return {"error": wire.error_to_data(error)}

    async def generate_stream(self, body: Mapping[str, Any]) -> AsyncGenerator[str]:
        """Give the text of an answer in pieces.

        Raises:
            QwenStructuredError: as the verbs of the package do.
        """
        from ...api.bodies import GenerateBody
        from ...api.generation import stream_request

        request = stream_request(self.backend, GenerateBody.model_validate(body))
        async with aclosing(_closeable(self.backend.stream(request))) as items:
            async for item in items:
                if isinstance(item, str):
                    yield item

    async def health(self) -> dict[str, Any]:
        """Tell state, model and version."""
        about = {"model": self._deployment.model, "version": __version__, "gpu": self._deployment.gpu}
        if self._failure is not None:
            return {"state": "dead", "detail": str(self._failure), "requests": 0, **about}
        return {**asdict(await self.backend.health()), **about}

    def _request(self, data: Mapping[str, Any]) -> Request:
        request, can = wire.request_from_data(data), self.backend.capabilities
        for option, asked, able in (
            ("seed", request.seed is not None, can.seed),
            ("enable_thinking", request.enable_thinking, can.thinking),
            ("logprobs", request.logprobs, can.logprobs),
            ("prefix", bool(request.prefix), can.prefix),
        ):
            if asked and not able:
                raise UnsupportedOption(f"backend {self.backend.name!r} in the container has no {option}")
        return request

    def _completed(self, completion: Completion, begun: float) -> dict[str, Any]:
        """The completion under the model's own name, which may be a folder's here; and the time it took."""
        named = replace(completion, model=self._deployment.model)
        return {"completion": wire.completion_to_data(named), "took_s": perf_counter() - begun}


def _closeable(items: Any) -> AsyncGenerator[str | Completion]:
    """Streams of all backends are generators, though the protocol asks only for iterators."""
    closeable: AsyncGenerator[str | Completion] = items
    return closeable


@asynccontextmanager
async def _log_told_to(recorder: Recorder, backend: str) -> AsyncGenerator[None]:
    """Look into vLLM's log while it loads: only that says what it does."""
    if backend != "vllm":
        yield
        return
    from ..vllm import log

    async def look(start: int) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            await recorder.said(log.since(start))

    looking = asyncio.create_task(look(log.size()))
    try:
        yield
    finally:
        looking.cancel()
