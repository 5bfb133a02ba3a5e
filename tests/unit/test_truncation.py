"""Why an answer was cut off, what there is of it, what is missing, and how many tokens it would take."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    Completion,
    OutputEmpty,
    OutputNotJSON,
    OutputStopped,
    OutputTruncated,
    Request,
    StructuredGenerator,
    TokenBudgetTooSmall,
    Usage,
)
from qwen_structured._parsing import check, value_of
from qwen_structured._truncation import is_cut_off, partial, repeats
from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.schema import OutputSchema
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio


class Line(BaseModel):
    name: str = Field(max_length=10)
    price: float


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int
    name: str


class Dog(BaseModel):
    kind: Literal["dog"]
    age: int


class Invoice(BaseModel):
    number: str
    lines: list[Line] = Field(min_length=2)
    pet: Cat | Dog
    paid: bool


WHOLE = (
    '{"number":"A-1","lines":[{"name":"lamp","price":12.5},{"name":"desk","price":-3}],'
    '"pet":{"kind":"cat","lives":9,"name":"Tom"},"paid":true}'
)
SCHEMA = OutputSchema.of(Invoice)
REQUEST = Request(messages=())
ENDLESS = Annotated[list[bool], Field(min_length=1000)]


def answer(text: str, **changes: Any) -> Completion:
    reasoned = changes.pop("reasoned", 0)
    usage = Usage(100, len(text) + reasoned, reasoned)
    return Completion(
        **{"text": text, "finish_reason": "length", "usage": usage, "model": "scripted", **changes}
    )


def cut_off(completion: Completion, schema: OutputSchema[Any] = SCHEMA) -> OutputTruncated:
    with pytest.raises(OutputTruncated) as caught:
        check(completion, REQUEST, schema)
    return caught.value


# --- why -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("completion", "reason", "said"),
    [
        (answer(WHOLE[:20]), "length", "raise max_output_tokens"),
        (answer(WHOLE[:20], context_tokens=4096), "length", "raise max_output_tokens"),
        (answer(WHOLE[:20], context_tokens=120), "context", "context is full"),
        (answer('{"number":"' + " " * 50), "loop", "repeats itself"),
        (answer('{"number":"' + "ab, " * 60), "loop", "repeats itself"),
        (answer("", reasoned=40, reasoning="Let me see."), "reasoning", "went into reasoning"),
        (answer("", reasoned=40, reasoning="Wait. " * 60), "loop", "repeats itself"),
    ],
)
def test_the_reasons_are_told_apart(completion: Completion, reason: str, said: str) -> None:
    error = cut_off(completion)
    assert error.reason == reason
    assert said in str(error)
    assert not error.retryable


@pytest.mark.parametrize("end", range(1, len(WHOLE)))
def test_an_answer_that_ends_in_the_middle_by_itself_is_asked_again(end: int) -> None:
    completion = answer(WHOLE[:end], finish_reason="stop")
    with pytest.raises(OutputStopped) as caught:
        value_of(completion.text, completion, SCHEMA)
    assert (caught.value.reason, caught.value.retryable) == ("stop", True)


@pytest.mark.parametrize("text", ["Sure! Here it is", "{]", '{"a":1}}', "nul l"])
def test_what_is_no_beginning_of_json_is_not_cut_off(text: str) -> None:
    assert not is_cut_off(text)
    with pytest.raises(OutputNotJSON):
        value_of(text, answer(text, finish_reason="stop"), SCHEMA)


def test_an_answer_in_the_reasoning_is_told() -> None:
    for reasoning, said in ((WHOLE, "the answer stands in the reasoning"), ("Hm.", "answered nothing")):
        completion = answer("", finish_reason="stop", reasoned=9, reasoning=reasoning)
        with pytest.raises(OutputEmpty, match=said) as caught:
            check(completion, REQUEST, SCHEMA)
        assert caught.value.reason == "reasoning"
    with pytest.raises(OutputEmpty) as caught:
        check(answer("", finish_reason="stop"), REQUEST, SCHEMA)
    assert caught.value.reason == "nothing"


@pytest.mark.parametrize("text", ["", "abc", "a" * 70, WHOLE, "the quick brown fox " * 2, " " * 39])
def test_ordinary_text_is_no_loop(text: str) -> None:
    assert not repeats(text)


# --- what there is, and what is missing ----------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "value", "missing"),
    [
        ('{"num', {}, ["number", "lines", "pet", "paid"]),
        ('"A-1', {}, ["number", "lines", "pet", "paid"]),
        ('"lines":[', {"number": "A-1", "lines": []}, ["pet", "paid", "lines[0]", "lines[1]"]),
        (
            '"price":12.5',
            {"number": "A-1", "lines": [{"name": "lamp"}]},
            ["pet", "paid", "lines[1]", "lines[0].price"],
        ),
        ('"kind":"cat",', None, ["paid", "pet.lives", "pet.name"]),
        ('"name":"Tom"}', None, ["paid"]),
    ],
)
def test_what_was_written_to_its_end_is_there_and_the_rest_is_named(
    end: str, value: Any, missing: list[str]
) -> None:
    there = cut_off(answer(WHOLE[: WHOLE.index(end) + len(end)])).partial
    assert there is not None
    assert list(there.missing) == missing
    assert value is None or there.value == value


@pytest.mark.parametrize("text", ["", "12", "-", '"abc', "tru", "Sure"])
def test_of_a_value_that_was_being_written_there_is_nothing(text: str) -> None:
    assert partial(text, {"type": "integer"}) is None


def test_nothing_is_missing_that_is_there() -> None:
    there = partial(WHOLE, SCHEMA.lowered)
    assert there is not None
    assert (there.value, there.missing) == (json.loads(WHOLE), ())


# --- how many tokens -----------------------------------------------------------------------------


@pytest.mark.parametrize("end", range(1, len(WHOLE)))
def test_no_fewer_tokens_are_said_to_be_needed_than_are(end: int) -> None:
    """A character is a token here, so that the whole needs as many as it has characters."""
    needed = cut_off(answer(WHOLE[:end])).needed_tokens
    assert needed is not None
    assert end < needed <= len(WHOLE)


def test_for_a_bounded_type_it_is_said_how_many_suffice() -> None:
    schema = OutputSchema.of(Annotated[list[bool], Field(max_length=4)])
    error = cut_off(answer("[false,fa"), schema)
    assert error.sufficient_tokens == len("[false,false,false,false]") + 1
    assert cut_off(answer("[1,"), OutputSchema.of(list[int])).sufficient_tokens is None


async def test_the_tokens_that_are_said_to_suffice_do(random_model_folder: Path) -> None:
    """On a real model, whose tokens are bytes."""
    kind = Annotated[list[bool], Field(min_length=30, max_length=30)]
    async with StructuredGenerator(backend=EmbeddedBackend(str(random_model_folder))) as generator:
        with pytest.raises(OutputTruncated) as caught:
            await generator.agenerate(kind, "x", max_output_tokens=60)
        error = caught.value
        assert error.reason in ("length", "loop")
        assert error.needed_tokens is not None
        assert error.sufficient_tokens is not None
        result = await generator.agenerate_result(kind, "x", max_output_tokens=error.sufficient_tokens)
    assert error.needed_tokens <= result.usage.output_tokens <= error.sufficient_tokens


async def test_a_full_context_is_told_from_a_limit(random_model_folder: Path) -> None:
    async with StructuredGenerator(backend=EmbeddedBackend(str(random_model_folder))) as generator:
        with pytest.raises(OutputTruncated) as caught:
            await generator.agenerate(ENDLESS, "x", temperature=2.0, seed=1)
    assert caught.value.reason == "context"
    assert caught.value.partial is not None
    assert len(caught.value.partial.missing) > 100


# --- plans ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["max_output_tokens", "max_total_tokens"])
async def test_a_limit_that_no_answer_fits_into_is_warned_of(option: str) -> None:
    limits: Any = {option: 80}
    backend = ScriptedBackend(lambda _: "[]")
    generator = StructuredGenerator(backend=backend, max_attempts=1)
    kind = Annotated[list[bool], Field(min_length=100)]
    with (
        pytest.warns(TokenBudgetTooSmall, match=f"{option}=80 is too small: .* 501 characters, about 84"),
        pytest.raises(Exception, match="at least 100 items"),
    ):
        await generator.agenerate(kind, "x", **limits)


async def test_a_limit_into_which_an_answer_may_fit_is_not_warned_of() -> None:
    generator = StructuredGenerator(backend=ScriptedBackend([[True] * 100]))
    kind = Annotated[list[bool], Field(min_length=100)]
    assert await generator.agenerate(kind, "x", max_output_tokens=84) == [True] * 100
