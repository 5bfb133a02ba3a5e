"""The backend for servers against real vLLM: `make test-vllm` starts one, and names it in the environment."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import anyio
import pytest
from pydantic import BaseModel, Field

from qwen_structured import AuthenticationFailed, Message, PromptTooLong, StructuredGenerator, UnknownModel
from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Backend, Completion, Request
from qwen_structured.schema import lower
from qwen_structured.testing.contract import BackendContract

URL = os.environ.get("TEST_VLLM_URL", "")
KEY = os.environ.get("TEST_VLLM_KEY", "")
pytestmark = pytest.mark.skipif(not URL, reason="no vLLM is running: see `make test-vllm`")


def backend(model: str | None = None, **options: object) -> ServerBackend:
    return ServerBackend(model, {"base_urls": URL, "api_key": KEY, **options})  # type: ignore[dict-item]


class Item(BaseModel):
    name: Annotated[str, Field(max_length=12, pattern="^[a-z]+$")]
    kind: Literal["fruit", "tool"]
    pieces: Annotated[int, Field(ge=0, le=99)]


class TestServer(BackendContract):
    context_tokens = 2048
    reasons = True

    def make_backend(self) -> Backend:
        return backend()


@pytest.mark.anyio
async def test_sixty_four_requests_at_once_are_of_their_type() -> None:
    generator = StructuredGenerator(backend=backend(), temperature=1.0)
    items: list[Item] = []

    async def ask(number: int) -> None:
        items.append(await generator.agenerate(Item, f"thing {number}"))

    async with anyio.create_task_group() as group:
        for number in range(64):
            group.start_soon(ask, number)
    assert len(items) == 64


@pytest.mark.anyio
async def test_the_confidence_is_that_of_the_tokens_however_characters_are_parted_among_them() -> None:
    """The model's tokens are single bytes."""
    kinds = Literal["Äpfel", "日本語", "🍎🍏"]
    generator = StructuredGenerator(backend=backend(), temperature=1.0, logprobs=True)
    for seed in range(8):
        result = await generator.agenerate_result(kinds, f"thing {seed}", seed=seed)
        assert result.completion.logprobs is not None
        assert result.completion.logprobs.after_mask is True
        assert 0 < result.confidence[""] < 1
        *_, first, last = result.completion.logprobs.tokens
        assert (last.text, last.logprob) == ('"', 0), "the grammar allows nothing else there"
        assert first.logprob == 0


@pytest.mark.anyio
async def test_streamed_and_whole_answers_have_the_same_probabilities() -> None:
    request = Request(
        messages=(Message("user", "x"),), grammar=lower({"enum": ["ä", "ö", "🍎"]}).grammar, logprobs=True
    )
    one = backend()
    *_, streamed = [answer async for answer in one.stream(request)]
    whole = await one.complete(request)
    assert isinstance(streamed, Completion)
    assert streamed.logprobs is not None
    assert whole.logprobs is not None
    assert [token.text for token in streamed.logprobs.tokens] == [
        token.text for token in whole.logprobs.tokens
    ]
    for here, there in zip(streamed.logprobs.tokens, whole.logprobs.tokens, strict=True):
        assert here.logprob == pytest.approx(there.logprob, abs=0.01)


@pytest.mark.anyio
async def test_the_planned_server_tells_times_and_cached_tokens() -> None:
    generator = StructuredGenerator(backend=backend(), temperature=1.0)
    prompt = "so many things " * 60
    for _ in range(2):
        result = await generator.agenerate_result(Item, prompt)
    assert result.usage.prompt_tokens > result.usage.cached_tokens > 0
    assert result.completion.timings.first_token_s
    assert result.completion.timings.per_token_s


@pytest.mark.anyio
async def test_refusals_are_clear() -> None:
    with pytest.raises(AuthenticationFailed, match="api_key"):
        await StructuredGenerator(backend=backend(api_key="wrong")).agenerate(int, "x")
    with pytest.raises(UnknownModel, match=r"'80b', which is 'Qwen/.*it serves 'tiny'$"):
        await StructuredGenerator(backend=backend("80b")).agenerate(int, "x")
    with pytest.raises(UnknownModel, match="did you mean 'tiny'"):
        await StructuredGenerator(backend=backend("tinny")).agenerate(int, "x")
    with pytest.raises(PromptTooLong, match=r"has 1\d{4} tokens .* holds 2048"):
        await StructuredGenerator(backend=backend()).agenerate(int, "x " * 5_000)


@pytest.mark.anyio
@pytest.mark.parametrize("limit", [2_000, 2_048, 100_000])
async def test_a_limit_beyond_the_context_is_that_of_the_context(limit: int) -> None:
    generator = StructuredGenerator(backend=backend(), max_output_tokens=limit)
    assert await generator.agenerate(Literal["a", "b"], "x") in ("a", "b")
