"""A type is lowered once, however many ask for it at once, and only so many stay."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from qwen_structured import UnsupportedSchema
from qwen_structured.schema import Lowering, OutputSchema, lower, output
from qwen_structured.schema.once import Once


class Asked:
    """A function that says how often it was called, and waits until it may answer."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls: list[Any] = []
        self.may_answer = threading.Event()
        self.error = error

    def __call__(self, key: Any) -> list[Any]:
        self.calls.append(key)
        self.may_answer.wait(10)
        if self.error:
            raise self.error
        return [key]


def test_who_asks_at_once_gets_one_answer() -> None:
    asked = Asked()
    once = Once(asked, 3)
    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(once, "a") for _ in range(16)]
        asked.may_answer.set()
        first, *others = (answer.result() for answer in answers)
    assert asked.calls == ["a"]
    assert all(other is first for other in others)


def test_an_error_reaches_all_and_is_not_remembered() -> None:
    asked = Asked(UnsupportedSchema("no"))
    once = Once(asked, 3)
    asked.may_answer.set()
    for _ in range(2):
        with pytest.raises(UnsupportedSchema, match="no"):
            once("a")
    assert len(asked.calls) == 2
    assert not len(once)


def test_what_was_asked_for_last_is_kept() -> None:
    asked = Asked()
    asked.may_answer.set()
    once = Once(asked, 2)
    for key in "abacab":
        once(key)
    assert asked.calls == ["a", "b", "c", "b"]


def test_many_requests_for_one_type_lower_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fresh(BaseModel):
        a: int

    lowered: list[object] = []

    def counted(output_type: object, **named: Any) -> Lowering:
        lowered.append(output_type)
        return lower(output_type, **named)

    monkeypatch.setattr(output, "lower", counted)
    at_once = threading.Barrier(8)

    def ask(_: int) -> OutputSchema[Any]:
        at_once.wait(10)
        return OutputSchema.of(Fresh)

    with ThreadPoolExecutor(8) as threads:
        first, *others = threads.map(ask, range(8))
    assert len(lowered) == 1
    assert all(other is first for other in others)


def test_schemas_made_in_a_loop_do_not_pile_up() -> None:
    for number in range(output.REMEMBERED + 50):
        OutputSchema.of({"const": number})
    assert len(output._of_schema_text_once) == output.REMEMBERED


def test_a_type_with_constraints_is_remembered_too() -> None:
    constrained = Annotated[int, Field(ge=1, le=9)]
    assert OutputSchema.of(constrained) is OutputSchema.of(constrained)
