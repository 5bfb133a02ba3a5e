"""What type checkers infer. mypy and pyright read this file, both strict; nothing of it is run.

Where a line is wrong on purpose, it says which error it must be: a checker that no longer sees it complains.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple, TypedDict, assert_type

from pydantic import BaseModel, Field, JsonValue

from qwen_structured import (
    AsyncBatch,
    Backend,
    Batch,
    Done,
    Failed,
    Generator,
    Item,
    Message,
    Options,
    QwenStructuredError,
    Result,
    StructuredGenerator,
    Usage,
    agenerate,
    agenerate_many,
    agenerate_result,
    generate,
    generate_many,
    generate_result,
)
from qwen_structured.batch.items import Outcome
from qwen_structured.testing import ScriptedBackend


class Invoice(BaseModel):
    number: str
    total: Decimal


class Receipt(BaseModel):
    total: Decimal


@dataclass
class Point:
    x: int


class Movie(TypedDict):
    title: str


class Pair(NamedTuple):
    left: int
    right: str


class Colour(Enum):
    RED = "red"


Positive = Annotated[int, Field(gt=0)]
Mood = Literal["good", "bad"]


def test_the_value_has_the_type_that_was_asked_for() -> None:
    assert_type(generate(Invoice, "x"), Invoice)
    assert_type(generate(Point, "x"), Point)
    assert_type(generate(Movie, "x"), Movie)
    assert_type(generate(Pair, "x"), Pair)
    assert_type(generate(Colour, "x"), Colour)
    assert_type(generate(int, "x"), int)
    assert_type(generate(str, "x"), str)
    assert_type(generate(bool, "x"), bool)
    assert_type(generate(date, "x"), date)
    assert_type(generate(None, "x"), None)


def test_types_that_are_no_classes_are_inferred_too() -> None:
    assert_type(generate(Invoice | Receipt, "x"), Invoice | Receipt)
    assert_type(generate(Invoice | None, "x"), Invoice | None)
    assert_type(generate(Literal["good", "bad"], "x"), Literal["good", "bad"])
    assert_type(generate(Mood, "x"), Mood)
    assert_type(generate(list[Invoice], "x"), list[Invoice])
    assert_type(generate(dict[str, int], "x"), dict[str, int])
    assert_type(generate(tuple[int, str], "x"), tuple[int, str])
    assert_type(generate(list[int | None], "x"), list[int | None])
    assert_type(generate(Annotated[int, Field(gt=0)], "x"), int)
    assert_type(generate(Positive, "x"), int)


def test_a_json_schema_gives_plain_data(schema: Mapping[str, JsonValue], literal: dict[str, Any]) -> None:
    assert_type(generate({"type": "integer"}, "x"), JsonValue)
    assert_type(generate(schema, "x"), JsonValue)
    assert_type(generate(literal, "x"), JsonValue)


def test_a_result_is_of_the_type() -> None:
    assert_type(generate_result(Invoice, "x"), Result[Invoice])
    assert_type(generate_result(int | str, "x"), Result[int | str])
    assert_type(generate_result({"type": "integer"}, "x"), Result[JsonValue])
    assert_type(generate_result(Invoice, "x").value, Invoice)
    assert_type(generate_result(Invoice, "x").usage, Usage)


async def test_async_twins_infer_the_same() -> None:
    assert_type(await agenerate(Invoice, "x"), Invoice)
    assert_type(await agenerate(Invoice | None, "x"), Invoice | None)
    assert_type(await agenerate({"type": "integer"}, "x"), JsonValue)
    assert_type(await agenerate_result(list[Invoice], "x"), Result[list[Invoice]])


async def test_a_generators_methods_infer_the_same() -> None:
    with StructuredGenerator(backend=ScriptedBackend([])) as generator:
        assert_type(generator, StructuredGenerator)
        assert_type(generator.generate(Invoice, "x"), Invoice)
        assert_type(generator.generate(Literal["good", "bad"], "x"), Mood)
        assert_type(generator.generate_result(int | str, "x"), Result[int | str])
        assert_type(generator.generate({"type": "integer"}, "x"), JsonValue)
        assert_type(await generator.agenerate(Point, "x"), Point)
        assert_type(await generator.agenerate_result(Movie, "x"), Result[Movie])
        assert_type(generator.backend, Backend)


def test_a_batch_is_of_outcomes_of_the_type(prompts: Iterator[str], schema: Mapping[str, JsonValue]) -> None:
    assert_type(generate_many(Invoice, ["x"]), Batch[Invoice])
    assert_type(generate_many(Invoice | None, prompts), Batch[Invoice | None])
    assert_type(generate_many(Literal["good", "bad"], [[Message("user", "x")]]), Batch[Mood])
    assert_type(generate_many(schema, prompts), Batch[JsonValue])
    assert_type(next(generate_many(Invoice, prompts)), Done[Invoice] | Failed)


def test_items_bring_their_types(mixed: list[str | Item[Receipt]]) -> None:
    assert_type(Item("x", Receipt), Item[Receipt])
    assert_type(Item("x", Invoice | None, temperature=0.5), Item[Invoice | None])
    assert_type(Item("x", {"type": "integer"}), Item[JsonValue])
    assert_type(generate_many(Invoice, [Item("x", Receipt)]), Batch[Invoice | Receipt])
    assert_type(generate_many({"type": "integer"}, [Item("x", data=1)]), Batch[JsonValue])
    assert_type(generate_many(Invoice, mixed), Batch[Invoice | Receipt])
    assert_type(generate_many(Invoice, [Item("x"), Item("y", data=1)]), Batch[Invoice])


def test_an_outcome_is_told_apart(outcome: Outcome[Invoice]) -> None:
    if outcome.ok:
        assert_type(outcome.value, Invoice)
        assert_type(outcome.result, Result[Invoice] | None)
    if isinstance(outcome, Failed):
        assert_type(outcome.error, QwenStructuredError)
    match outcome:
        case Done(value=value):
            assert_type(value, Invoice)
        case Failed(error=error):
            assert_type(error, QwenStructuredError)


async def test_async_batches_take_both_kinds_of_prompts(
    prompts: AsyncIterator[str], items: AsyncIterator[str | Item[Receipt]], structured: StructuredGenerator
) -> None:
    assert_type(agenerate_many(Invoice, prompts, ordered=False), AsyncBatch[Invoice])
    assert_type(agenerate_many(Invoice, items), AsyncBatch[Invoice | Receipt])
    assert_type(structured.agenerate_many(Invoice, ["x"]), AsyncBatch[Invoice])
    async for outcome in structured.agenerate_many(list[Invoice], prompts, max_concurrency=8):
        assert_type(outcome, Done[list[Invoice]] | Failed)


def extract(generator: Generator, text: str) -> Invoice:
    """A function of a user: it takes any generator."""
    return generator.generate(Invoice, text, temperature=0.0)


async def aextract(generator: Generator, text: str) -> Invoice | None:
    return await generator.agenerate(Invoice | None, text)


async def test_a_structured_generator_is_a_generator(structured: StructuredGenerator) -> None:
    generator: Generator = structured
    assert_type(extract(structured, "x"), Invoice)
    assert_type(await aextract(generator, "x"), Invoice | None)
    assert_type(generator.generate_result(Mood, "x"), Result[Mood])


def test_results_are_covariant(result: Result[bool]) -> Result[int]:
    return result


def test_prompts_are_texts_or_messages() -> None:
    generate(int, [Message("system", "Be brief."), {"role": "user", "content": "x"}])
    generate(int, (Message("user", "x"),))


def test_options_are_checked(options: Options) -> None:
    generate(int, "x", temperature=0.5, seed=None, deadline_s=3, schema_in_prompt="json")
    generate(int, "x", backend="server", model="4b")
    generate(int, "x", **options)
    StructuredGenerator(**options).generate(int, "x", **options)


def test_misuse_is_an_error(generator: Generator) -> None:
    generate(int)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    generate(int, 5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    generate(int, "x", temprature=0)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    generate(int, "x", top_p="1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    generate(output_type=int, prompt="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    generator.generate(int, "x", backend="server")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    Message("robot", "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    StructuredGenerator("server")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    wrong: str = generate(int, "x")  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    extract("server", wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
