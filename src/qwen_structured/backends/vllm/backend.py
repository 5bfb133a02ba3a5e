"""The `Backend` side of vLLM's engine: hands requests to its thread, waits for the answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import anyio.to_thread

from ..._registry import require
from ...exceptions import UnknownModel, UnsupportedOption
from ...protocols import Capabilities, Completion, Health, Request
from ..mailbox import Mailbox
from ..options import validated
from ..sources import ModelSource
from . import asking
from .engine import Engine, Job, Work
from .options import VLLMOptions
from .plan import check_options

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .host import Loaded


class VLLMBackend:
    """Completes requests on vLLM's engine in this process.

    Args:
        model: registry name, hub name or folder; it has to be named.
        options: see `VLLMOptions`.

    Raises:
        BackendNotInstalled: the extra ``vllm`` is missing.
        UnknownModel: no model is named, or the name is neither registered, nor a folder, nor has a hub name's
            form, or the model is made for other backends.
        ModelNotLoadable: the folder lacks a file that the model needs, or its config.json is broken.
        SettingsError: an option is misspelt, of the wrong type, or asks for what the model has not.
    """

    name = "vllm"
    capabilities = Capabilities(logprobs=True, prefix=True)

    def __init__(self, model: str | None = None, options: Mapping[str, JsonValue] | None = None) -> None:
        require(("vllm",), "vllm")
        if model is None:
            raise UnknownModel("backend 'vllm' has no model of its own: name one, such as model='80b'")
        self._options = validated(VLLMOptions, "vllm", options or {})
        self.model = model
        self.capabilities = replace(self.capabilities, max_concurrency=self._options.max_num_seqs)
        source = ModelSource.of(model)
        check_options(source, self._options)
        self._engine = self._make_engine(source, self._options)

    def _make_engine(self, source: ModelSource, options: VLLMOptions) -> Engine:
        return Engine(source, options)

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

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Load the model, run one generation, and compile `grammars`."""

        async def work(loaded: Loaded, job: Job) -> None:
            await asking.warm_up(loaded, grammars, job.submitted)

        await self._done(work)

    async def sleep(self, level: Literal[1, 2] = 1) -> None:
        """Give up GPU memory until the next request, or `wake_up`; requests in work end first.

        Args:
            level: 1 keeps the weights in the host's memory; 2 drops them, and they are read again.

        Raises:
            UnsupportedOption: the option `enable_sleep_mode` is off.
            BackendError: the engine failed.
        """
        if not self._options.enable_sleep_mode:
            raise UnsupportedOption(
                "the engine cannot sleep: set the option 'enable_sleep_mode' of backend 'vllm' first"
            )
        await self._done(partial(self._engine.sleep, level), wakes=False)

    async def wake_up(self) -> None:
        """Take GPU memory again, so that the next request does not wait for that."""
        await self._done(self._engine.wake_up)

    async def health(self) -> Health:
        """Tell the state of the engine; loads nothing."""
        return self._engine.health()

    async def aclose(self) -> None:
        """End the engine and its processes. Requests in work fail with `BackendClosed`."""
        await anyio.to_thread.run_sync(self._engine.close)

    async def _answers(self, request: Request, *, streams: bool) -> AsyncGenerator[str | Completion]:
        async def work(loaded: Loaded, job: Job) -> Completion:
            on_text = job.answer if streams else None
            return await asking.complete(loaded, request, on_text=on_text, submitted=job.submitted)

        mailbox = Mailbox()
        job = Job(work, mailbox.put, request)
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
            self._engine.cancel(job)

    async def _done(self, work: Work, *, wakes: bool = True) -> None:
        """Wait for a job that gives nothing."""
        mailbox = Mailbox()
        job = Job(work, mailbox.put, wakes=wakes)
        self._engine.submit(job)
        try:
            answer = await mailbox.get()
        finally:
            self._engine.cancel(job)
        if isinstance(answer, BaseException):
            raise answer
