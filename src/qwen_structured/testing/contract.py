"""The behaviour that every backend owes its callers, as a pytest class.

A backend's contract test is its factory::

    class TestMyBackend(BackendContract):
        def make_backend(self) -> Backend:
            return MyBackend("a-model")

The tests run on asyncio and trio. Nothing is skipped: what a backend's `Capabilities` deny has to be refused.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any, Literal, cast

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest
from jsonschema_rs import is_valid
from pydantic import Field

from .._generator import StructuredGenerator
from ..exceptions import BackendClosed, GenerationError, InvalidPrompt, PromptTooLong, UnsupportedOption
from ..protocols import Backend, Capabilities, Completion, Message, Request
from ..schema import Fidelity, lower

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["alpha", "beta"]},
        "size": {"type": "integer", "minimum": 10, "maximum": 99},
        "flags": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 2},
    },
    "required": ["kind", "size", "flags"],
}
"""A schema that hardly any text satisfies by chance, and that admits no long answer."""

GRAMMAR = lower(SCHEMA).grammar

LONG = lower({"type": "array", "items": {"type": "boolean"}, "minItems": 300, "maxItems": 300}).grammar
"""A grammar whose answers are long."""

THREE = Annotated[list[Literal["alpha", "beta"]], Field(min_length=3, max_length=3)]
"""A type whose values have three items."""

_PATIENCE_S = 60.0


@pytest.mark.anyio
class BackendContract(ABC):
    """Subclass it, name the subclass ``Test...`` and say how the backend is made.

    Attributes:
        context_tokens: tokens that the model's context holds; None if it has no limit.
        takes_time: whether an answer takes long enough to be cancelled in the middle; False where it is there
            at once.
        reasons: whether the model reasons when it is asked to; False where it has to refuse.
    """

    context_tokens: int | None = None
    takes_time: bool = True
    reasons: bool = False

    @abstractmethod
    def make_backend(self) -> Backend:
        """A fresh backend, nothing loaded."""

    def request(self, **changes: Any) -> Request:
        """The request that the tests send: short, constrained, greedy."""
        message = Message("user", "kind is alpha, size is 42, flags are true and false")
        request = Request(messages=(message,), grammar=GRAMMAR, max_output_tokens=60)
        return replace(request, **changes)

    def long_request(self, **changes: Any) -> Request:
        """A request whose answer has hundreds of tokens."""
        return self.request(**{"grammar": LONG, "max_output_tokens": None, **changes})

    @pytest.fixture
    async def backend(self) -> AsyncIterator[Backend]:
        """The backend under test, closed afterwards."""
        backend = self.make_backend()
        yield backend
        await backend.aclose()

    # --- completions -------------------------------------------------------------------------

    async def test_it_is_a_backend(self, backend: Backend) -> None:
        assert isinstance(backend, Backend)
        assert isinstance(backend.capabilities, Capabilities)
        assert backend.name

    async def test_a_completion_has_text_tokens_and_a_model(self, backend: Backend) -> None:
        completion = await backend.complete(self.request())
        assert completion.text
        assert completion.finish_reason == "stop"
        assert completion.usage.prompt_tokens > 0
        assert 0 < completion.usage.output_tokens <= 60
        assert completion.model

    async def test_the_grammar_is_enforced(self, backend: Backend) -> None:
        if not backend.capabilities.grammar:
            await self._checks_afterwards(backend)
            return
        for temperature in (0.0, 1.5):
            completion = await backend.complete(self.request(temperature=temperature))
            assert is_valid(SCHEMA, json.loads(completion.text)), completion.text

    async def _checks_afterwards(self, backend: Backend) -> None:
        try:
            result = await StructuredGenerator(backend=backend).agenerate_result(SCHEMA, "kind is alpha")
        except GenerationError:  # which tells what was wrong with the answer
            return
        assert {finding.fidelity for finding in result.fidelity} == {Fidelity.CHECKED}

    @pytest.mark.parametrize("limit", [1, 5])
    async def test_an_answer_is_cut_off_at_its_limit(self, backend: Backend, limit: int) -> None:
        completion = await backend.complete(self.request(max_output_tokens=limit))
        assert completion.finish_reason == "length"
        assert completion.usage.output_tokens == limit

    async def test_a_prompt_beyond_the_context_is_refused_with_its_tokens(self, backend: Backend) -> None:
        request = self.request(messages=(Message("user", "word " * (self.context_tokens or 20_000)),))
        if self.context_tokens is None:
            assert (await backend.complete(request)).text
            return
        with pytest.raises(PromptTooLong) as caught:
            await backend.complete(request)
        assert caught.value.prompt_tokens > caught.value.context_tokens == self.context_tokens
        with pytest.raises(PromptTooLong):
            await self._streamed(backend, request)

    # --- streams -----------------------------------------------------------------------------

    async def test_a_stream_is_the_completion_in_pieces(self, backend: Backend) -> None:
        *pieces, completion = await self._streamed(backend, self.request())
        assert isinstance(completion, Completion)
        assert "".join(map(str, pieces)) == completion.text
        assert (len(pieces) > 1) is backend.capabilities.streaming

    async def test_items_are_given_while_they_are_written(self, backend: Backend) -> None:
        async with StructuredGenerator(backend=backend).astream(THREE, "alpha, beta, alpha") as stream:
            try:
                items = [item async for item in stream.items()]
                assert items == (await stream.result()).value
            except GenerationError:  # which tells what was wrong with the answer
                assert not backend.capabilities.grammar

    async def _streamed(self, backend: Backend, request: Request) -> list[str | Completion]:
        return [item async for item in backend.stream(request)]

    # --- seeds, reasoning --------------------------------------------------------------------

    async def test_a_seed_gives_the_same_answer_again(self, backend: Backend) -> None:
        if not backend.capabilities.seed:
            await self._is_refused(backend, seed=1)
            return
        seeds = (1, 2, 3, 4, 5, 6)
        first, second = [
            [(await backend.complete(self.request(temperature=1.5, seed=seed))).text for seed in seeds]
            for _ in range(2)
        ]
        assert first == second
        assert len(set(first)) > 1

    async def test_reasoning_is_apart_from_the_answer_or_is_refused(self, backend: Backend) -> None:
        if not self.reasons:
            await self._is_refused(backend, enable_thinking=True)
            return
        completion = await backend.complete(self.request(enable_thinking=True, max_output_tokens=None))
        assert 0 < completion.usage.reasoning_tokens <= completion.usage.output_tokens
        if completion.text:  # else it ended while it reasoned
            assert is_valid(SCHEMA, json.loads(completion.text)), completion.text

    async def _is_refused(self, backend: Backend, **option: Any) -> None:
        with pytest.raises(UnsupportedOption):
            await StructuredGenerator(backend=backend).agenerate(SCHEMA, "kind is alpha", **option)

    # --- probabilities -----------------------------------------------------------------------

    async def test_probabilities_are_those_of_the_answers_tokens_or_are_refused(
        self, backend: Backend
    ) -> None:
        if not backend.capabilities.logprobs:
            await self._is_refused(backend, logprobs=True)
            return
        completion = await backend.complete(self.request(logprobs=True))
        assert completion.logprobs is not None
        assert "".join(token.text for token in completion.logprobs.tokens) == completion.text
        assert all(token.logprob <= 0 for token in completion.logprobs.tokens)
        assert (await backend.complete(self.request())).logprobs is None

    async def test_an_answer_is_gone_on_with_or_that_is_refused(self, backend: Backend) -> None:
        if not backend.capabilities.prefix:
            await self._is_refused(backend, max_continuations=1)
            return
        prefix = '{"kind":"beta","si'
        completion = await backend.complete(self.request(prefix=prefix))
        assert completion.text.startswith(prefix)
        assert is_valid(SCHEMA, json.loads(completion.text))
        with pytest.raises(InvalidPrompt):
            await backend.complete(self.request(prefix='{"kind":"gamma'))

    # --- many at once ------------------------------------------------------------------------

    async def test_sixteen_requests_at_once_are_all_answered(self, backend: Backend) -> None:
        texts: list[str] = []

        async def ask() -> None:
            texts.append((await backend.complete(self.request())).text)

        with anyio.fail_after(_PATIENCE_S):
            async with anyio.create_task_group() as group:
                for _ in range(16):
                    group.start_soon(ask)
        assert len(texts) == 16
        assert all(texts)

    async def test_two_event_loops_share_a_backend(
        self, backend: Backend, anyio_backend_name: Literal["asyncio", "trio"]
    ) -> None:
        texts: list[str] = []

        def on_another_loop() -> None:
            texts.append(anyio.run(backend.complete, self.request(), backend=anyio_backend_name).text)

        with anyio.fail_after(_PATIENCE_S):
            async with anyio.create_task_group() as group:
                group.start_soon(anyio.to_thread.run_sync, on_another_loop)
                texts.append((await backend.complete(self.request())).text)
        assert len(texts) == 2
        assert all(texts)

    # --- the end of work ---------------------------------------------------------------------

    async def test_cancelling_a_request_ends_the_work_on_it(self, backend: Backend) -> None:
        answers: list[Completion] = []

        async def ask() -> None:
            answers.append(await backend.complete(self.long_request()))

        await backend.warm_up()
        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await self._is_in_work(backend)
            group.cancel_scope.cancel()
        assert not answers or not self.takes_time, "the request was answered before it could be cancelled"
        await self._has_requests(backend, False)

    async def test_closing_a_stream_ends_the_work_on_it(self, backend: Backend) -> None:
        stream = cast("AsyncGenerator[str | Completion]", backend.stream(self.long_request()))
        async with aclosing(stream):
            async for _ in stream:
                assert (await backend.health()).requests or not backend.capabilities.streaming
                break
        await self._has_requests(backend, False)

    async def test_closing_the_backend_leaves_no_request_waiting(self, backend: Backend) -> None:
        outcomes: list[Completion | BackendClosed] = []

        async def ask() -> None:
            try:
                outcomes.append(await backend.complete(self.long_request()))
            except BackendClosed as error:
                outcomes.append(error)

        await backend.warm_up()
        with anyio.fail_after(_PATIENCE_S):
            async with anyio.create_task_group() as group:
                group.start_soon(ask)
                await self._is_in_work(backend)
                await backend.aclose()
        [outcome] = outcomes
        assert isinstance(outcome, BackendClosed) or not self.takes_time

    async def test_a_closed_backend_refuses_requests(self, backend: Backend) -> None:
        await backend.aclose()
        await backend.aclose()
        assert (await backend.health()).state == "dead"
        with pytest.raises(BackendClosed):
            await backend.complete(self.request())
        with pytest.raises(BackendClosed):
            await self._streamed(backend, self.request())
        with pytest.raises(BackendClosed):
            await backend.warm_up()

    async def _is_in_work(self, backend: Backend) -> None:
        """Wait until a request that was just made is in work; one that takes no time may be answered then."""
        if self.takes_time:
            await self._has_requests(backend, True)
        else:
            await anyio.lowlevel.checkpoint()

    async def _has_requests(self, backend: Backend, some: bool) -> None:
        """Wait until the backend has some requests, or none."""
        with anyio.fail_after(_PATIENCE_S):
            while bool((await backend.health()).requests) is not some:  # noqa: ASYNC110  # it announces no events
                await anyio.sleep(0.001)

    # --- state -------------------------------------------------------------------------------

    async def test_warming_up_makes_it_ready_and_may_be_repeated(self, backend: Backend) -> None:
        assert (await backend.health()).state in ("idle", "loading", "ready")
        await backend.warm_up([GRAMMAR])
        await backend.warm_up([GRAMMAR])
        health = await backend.health()
        assert (health.state, health.requests) == ("ready", 0)
