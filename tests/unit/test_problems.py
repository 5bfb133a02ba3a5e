"""Where in an answer a problem is, whatever names Pydantic gives the way there."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, Json, model_validator

from qwen_structured import OutputInvalid
from qwen_structured.schema import OutputSchema


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("it has to be even")
    return value


Even = Annotated[int, AfterValidator(_even)]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Even


class Dog(BaseModel):
    kind: Literal["dog"]
    age: Even


Pets = list[Annotated[Cat | Dog, Field(discriminator="kind")]]


class Span(BaseModel):
    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.first > self.last:
            raise ValueError("first has to come first")
        return self


@pytest.mark.parametrize(
    ("output_type", "text", "steps", "path"),
    [
        (list[Even], "[2,3]", (1,), "[1]"),
        (dict[str, Even], '{"a b":3}', ("a b",), "'a b'"),
        (dict[int, Even], '{"7":3}', ("7",), "7"),
        (Pets, '[{"kind":"dog","age":3}]', (0, "age"), "[0].age"),
        (list[Even | None], "[3]", (0,), "[0]"),
        (list[Span], '[{"first":2,"last":1}]', (0,), "[0]"),
        (dict[str, Json[list[Even]]], '{"a":"[1]"}', ("a",), "a"),
        (dict[str, Span], '{"a":{"first":2}}', ("a", "last"), "a.last"),
        (tuple[int, Even], "[1,1]", (1,), "[1]"),
        (Even, "1", (), ""),
    ],
)  # fmt: skip
def test_the_place_of_a_problem_is_one_in_the_answer(
    output_type: Any, text: str, steps: tuple[int | str, ...], path: str
) -> None:
    with pytest.raises(OutputInvalid) as caught:
        OutputSchema.of(output_type).validate(text)
    (problem,) = caught.value.problems
    assert (problem.steps, problem.path) == (steps, path)
    assert caught.value.text == text


def test_what_several_branches_of_a_union_say_of_one_place_is_one_problem() -> None:
    with pytest.raises(OutputInvalid) as caught:
        OutputSchema.of(list[int | bool]).validate('["x"]')
    (problem,) = caught.value.problems
    assert problem.path == "[0]"
    assert problem.rule.count("Input should be a valid") == 2
    assert " or " in problem.rule
