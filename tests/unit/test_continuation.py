"""An answer that was cut off at its limit is gone on with, on a backend that can."""

import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from qwen_structured import (
    BudgetExceeded,
    InvalidPrompt,
    OutputTruncated,
    StructuredGenerator,
    UnsupportedOption,
)
from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.protocols import Capabilities, Completion, Message, Request
from qwen_structured.schema import lower
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio
FLAGS = Annotated[list[bool], Field(min_length=30, max_length=30)]
UNLIKE = json.dumps(random.Random(1).choices([True, False], k=30))
"""Flags that do not look as if the model repeated itself."""


async def ask(folder: Path, **options: Any) -> Any:
    """On a real model, whose tokens are bytes and whose weights are random."""
    async with StructuredGenerator(backend=EmbeddedBackend(str(folder))) as generator:
        return await generator.agenerate_result(FLAGS, "x", temperature=1.0, seed=3, **options)


async def test_the_parts_together_are_one_answer(random_model_folder: Path) -> None:
    result = await ask(random_model_folder, max_output_tokens=50, max_continuations=9)
    _, *others = result.attempts
    assert {one.kind for one in others} == {"continuation"}
    assert result.ledger.continuations == len(others) >= 2
    texts = [one.completion.text for one in result.attempts]
    assert all(after.startswith(before) for before, after in pairwise(texts))
    assert len(json.loads(result.text)) == 30
    written = sum(one.completion.usage.output_tokens for one in result.attempts)
    assert written == len(result.text) + 1, "nothing is written, or paid, twice: a byte is a token here"


async def test_it_is_gone_on_with_as_often_as_is_allowed(random_model_folder: Path) -> None:
    with pytest.raises(OutputTruncated) as caught:
        await ask(random_model_folder, max_output_tokens=50, max_continuations=1)
    _, second = caught.value.attempts
    assert len(second.text) == 100
    assert caught.value.partial is not None
    needed = caught.value.needed_tokens
    assert needed is not None
    assert 100 < needed <= 181


async def test_a_budget_ends_it(random_model_folder: Path) -> None:
    with pytest.raises(BudgetExceeded) as caught:
        await ask(random_model_folder, max_output_tokens=50, max_continuations=9, max_total_tokens=500)
    assert caught.value.usage.total_tokens <= 500
    assert len(caught.value.attempts) > 1


async def test_a_character_that_was_cut_in_two_is_written_anew(random_model_folder: Path) -> None:
    kind = Annotated[str, Field(pattern="^(ä|ö|ü|€){9}$")]
    async with StructuredGenerator(backend=EmbeddedBackend(str(random_model_folder))) as generator:
        for limit in range(3, 8):
            result = await generator.agenerate_result(
                kind, "x", temperature=1.0, seed=limit, max_output_tokens=limit, max_continuations=40
            )
            assert result.ledger.continuations


async def test_an_answer_that_does_not_go_on_is_given_up(random_model_folder: Path) -> None:
    """A character of three bytes does not fit into two tokens, and the model is not asked for it for ever."""
    async with StructuredGenerator(backend=EmbeddedBackend(str(random_model_folder))) as generator:
        with pytest.raises(OutputTruncated) as caught:
            await generator.agenerate(Literal["€€"], "x", max_output_tokens=2, max_continuations=40)
    assert len(caught.value.attempts) == 2


async def test_a_stream_begins_with_what_is_there(random_model_folder: Path) -> None:
    backend = EmbeddedBackend(str(random_model_folder))
    request = Request(messages=(Message("user", "x"),), grammar=lower(FLAGS).grammar, prefix="[true,fal")
    *pieces, completion = [item async for item in backend.stream(request)]
    assert isinstance(completion, Completion)
    assert "".join(map(str, pieces)) == completion.text
    assert json.loads(completion.text)[:2] == [True, False]
    await backend.aclose()


async def test_a_backend_that_cannot_refuses_it() -> None:
    generator = StructuredGenerator(backend=ScriptedBackend([]))
    with pytest.raises(UnsupportedOption, match="'scripted' has no max_continuations"):
        await generator.agenerate(FLAGS, "x", max_continuations=1)


async def test_what_cannot_be_gone_on_with_after_all_is_told_as_cut_off() -> None:
    can = Capabilities(prefix=True)
    backend = ScriptedBackend([UNLIKE, InvalidPrompt("no")], capabilities=can)
    with pytest.raises(OutputTruncated) as caught:
        await StructuredGenerator(backend=backend).agenerate(
            FLAGS, "x", max_output_tokens=28, max_continuations=3
        )
    assert isinstance(caught.value.__cause__, InvalidPrompt)
    assert [one.kind for one in caught.value.attempts] == ["first", "continuation"]


async def test_nothing_is_gone_on_with_behind_reasoning() -> None:
    class Reasoning(ScriptedBackend):
        async def complete(self, request: Request, /) -> Completion:
            return replace(await super().complete(request), reasoning="Let me see.")

    backend = Reasoning([UNLIKE], capabilities=Capabilities(prefix=True))
    with pytest.raises(OutputTruncated) as caught:
        await StructuredGenerator(backend=backend).agenerate(
            FLAGS, "x", max_output_tokens=28, max_continuations=3
        )
    assert len(caught.value.attempts) == 1
