"""From a completion to a value: what is wrong with an answer is told apart."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    Completion,
    GenerationError,
    OutputEmpty,
    OutputInvalid,
    OutputNotJSON,
    OutputStopped,
    OutputTruncated,
    Request,
    Usage,
)
from qwen_structured._parsing import check, value_of
from qwen_structured.exceptions import Problem
from qwen_structured.schema import OutputSchema


class Line(BaseModel):
    price: float = Field(lt=10)


class Invoice(BaseModel):
    lines: list[Line]


INVOICE_SCHEMA = {
    "type": "object",
    "properties": {"lines": {"type": "array", "items": {"properties": {"price": {"exclusiveMaximum": 10}}}}},
    "required": ["lines"],
}


@dataclass
class Point:
    x: int
    y: int


def answer(text: str, finish_reason: Literal["stop", "length"] = "stop", **usage: int) -> Completion:
    return Completion(text=text, finish_reason=finish_reason, usage=Usage(**usage), model="scripted")


def parse(completion: Completion, schema: OutputSchema[Any]) -> Any:
    check(completion, Request(messages=()), schema)
    return value_of(completion.text, completion, schema)


@pytest.mark.parametrize(
    ("output_type", "text", "value"),
    [
        (int, "7", 7),
        (int | None, "null", None),
        (Point, '{"x":1,"y":2}', Point(1, 2)),
        (Invoice, '{"lines":[]}', Invoice(lines=[])),
        ({"type": "array"}, '[1,"a",null]', [1, "a", None]),
        (list[int], " [1]\n", [1]),
    ],
)
def test_an_answer_becomes_a_value_of_the_type(output_type: Any, text: str, value: object) -> None:
    assert parse(answer(text), OutputSchema.of(output_type)) == value


@pytest.mark.parametrize("output_type", [Invoice, INVOICE_SCHEMA], ids=["type", "schema"])
@pytest.mark.parametrize(
    ("completion", "error", "said"),
    [
        (
            answer('{"lines":[', "length", output_tokens=5),
            OutputTruncated,
            r"after 5 tokens; it ends with '{\"lines\":\['",
        ),
        (answer('{"lines":[]}', "length", output_tokens=5), OutputTruncated, "raise max_output_tokens"),
        (
            answer("", "length", output_tokens=9, reasoning_tokens=9),
            OutputTruncated,
            r"\(9 of them reasoning\)",
        ),
        (answer(""), OutputEmpty, "the model answered nothing"),
        (answer(" \n"), OutputEmpty, "the model answered nothing"),
        (answer("", reasoning_tokens=40), OutputEmpty, "reasoned for 40 tokens and answered nothing"),
        (answer("Sure! Here it is"), OutputNotJSON, "is not JSON .*; it begins with 'Sure! Here it is'"),
        (answer('{"lines":['), OutputStopped, "a stop sequence of the deployment ended it"),
        (answer('{"lines":[]} and more'), OutputNotJSON, "trailing characters"),
        (answer('"\\ud800"'), OutputNotJSON, "is not JSON"),
        (answer('{"lines":3}'), OutputInvalid, "lines: "),
        (answer("{}"), OutputInvalid, "but not of the output type"),
    ],
)
def test_what_is_wrong_is_told_apart(
    completion: Completion, error: type[GenerationError], said: str, output_type: Any
) -> None:
    with pytest.raises(error, match=said) as caught:
        parse(completion, OutputSchema.of(output_type))
    assert type(caught.value) is error


@pytest.mark.parametrize("output_type", [Invoice, INVOICE_SCHEMA], ids=["type", "schema"])
def test_a_problem_has_path_rule_and_value(output_type: Any) -> None:
    with pytest.raises(OutputInvalid) as caught:
        parse(answer('{"lines":[{"price":1},{"price":12.5}]}'), OutputSchema.of(output_type))
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("lines[1].price", "12.5")
    assert "10" in problem.rule


def test_a_problem_at_the_root_says_so() -> None:
    with pytest.raises(OutputInvalid) as caught:
        parse(answer('"x"'), OutputSchema.of(int))
    assert str(caught.value.problems[0]).startswith("the value: ")


def test_a_long_value_is_shortened() -> None:
    with pytest.raises(OutputInvalid) as caught:
        parse(answer(f'"{"a" * 500}"'), OutputSchema.of(int))
    assert caught.value.problems == (Problem("", caught.value.problems[0].rule, f'"{"a" * 78}…', ()),)


def test_the_message_names_three_problems_and_counts_the_others() -> None:
    with pytest.raises(OutputInvalid, match=r"and 2 more$") as caught:
        parse(answer('["a","b","c","d","e"]'), OutputSchema.of(list[int]))
    assert len(caught.value.problems) == 5
