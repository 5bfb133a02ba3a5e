"""The `Backend` side of the embedded model: hands requests to the engine's thread, waits for its answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import anyio.to_thread
from pydantic import Field

from ..._registry import require
from ...protocols import Capabilities, Completion, Health, Request
from ..mailbox import Mailbox
from ..options import BackendOptions, validated
from ..sources import ModelSource
from .engine import Engine, Job

if TYPE_CHECKING:
    from pydantic import JsonValue


class EmbeddedOptions(BackendOptions):
    """Options of the backend, in the settings' table ``backends.embedded``."""

    threads: Annotated[int, Field(ge=1)] | None = Field(
        None, description="CPU threads that compute; by default one for a small model, else torch's choice."
    )
    max_batch: int = Field(32, ge=1, description="Requests that are worked on together; more wait.")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto",
        description="Form of the weights in memory: auto is float32 where it fits, else as they are stored.",
    )


class EmbeddedBackend:
    """Completes requests on this machine's CPU.

    Args:
        model: registry name, hub name or folder; None is the model that ships with the package.
        options: see `EmbeddedOptions`.

    Raises:
        BackendNotInstalled: the extra ``embedded`` is missing.
        UnknownModel: the name is neither registered, nor a folder, nor has a hub name's form.
        ModelNotLoadable: the folder lacks a file that the model needs.
        SettingsError: an option is misspelt or of the wrong type.
    """

    name = "embedded"
    capabilities = Capabilities(prefix=True)

    def __init__(self, model: str | None = None, options: Mapping[str, JsonValue] | None = None) -> None:
        require(("torch", "transformers", "xgrammar", "psutil"), "embedded")
        chosen = validated(EmbeddedOptions, "embedded", options or {})
        self.model = model
        self.capabilities = replace(self.capabilities, max_concurrency=chosen.max_batch)
        self._engine = Engine(ModelSource.of(model), chosen.max_batch, chosen.threads, chosen.dtype)

    async def complete(self, request: Request, /) -> Completion:
        """Complete one request; see `Backend.complete`."""
        async with aclosing(self._answers(request, streams=False)) as answers:
            async for answer in answers:
                if isinstance(answer, Completion):
                    return answer
        raise AssertionError("an answer ends in a completion or an error")

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        """Yield the answer's text as it is written, then the completion; see `Backend.stream`."""
        async with aclosing(self._answers(request, streams=True)) as answers:
            async for answer in answers:
                yield answer

    async def _answers(self, request: Request, *, streams: bool) -> AsyncGenerator[str | Completion]:
        mailbox = Mailbox()
        job = Job(request, mailbox.put, streams=streams)
        self._engine.submit(job)
        try:
            while True:
                answer = await mailbox.get()
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
                if isinstance(answer, Completion):
                    return
        finally:
            job.cancelled = True

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Load the model, and compile `grammars`."""
        mailbox = Mailbox()
        self._engine.prepare(grammars, mailbox.put)
        answer = await mailbox.get()
        if isinstance(answer, BaseException):
            raise answer

    async def health(self) -> Health:
        """Tell the state of the engine; loads nothing."""
        return self._engine.health()

    async def aclose(self) -> None:
        """End the engine's thread and free the model. Requests in work fail with `BackendClosed`."""
        await anyio.to_thread.run_sync(self._engine.close)
