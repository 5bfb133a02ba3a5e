"""How long the answers of a schema are."""

from collections.abc import Iterator
from datetime import date
from math import inf
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from qwen_structured.schema import lower
from qwen_structured.schema.size import size_of


class Tree(BaseModel):
    value: int
    left: "Tree | None"
    right: "Tree | None"


class Chain(BaseModel):
    links: list["Chain"]


class Both(BaseModel):
    a: Literal["x", "yyy"]
    b: bool


@pytest.mark.parametrize(
    ("output_type", "shortest", "longest"),
    [
        (bool, "true", "false"),
        (None, "null", "null"),
        (int, "0", None),
        (Annotated[int, Field(ge=10, le=12345)], "10", "12345"),
        (Annotated[int, Field(ge=-100, le=5)], "0", "-100"),
        (Annotated[int, Field(ge=1000)], "1000", None),
        (float, "0", None),
        (str, '""', None),
        (Annotated[str, Field(min_length=2, max_length=4)], '"ab"', '"abcd"'),
        (date, '"2026-01-01"', '"2026-01-01"'),
        (UUID, f'"{UUID(int=0)}"', f'"{UUID(int=0)}"'),
        (Literal["x", "yyy"], '"x"', '"yyy"'),
        (bool | None, "true", "false"),
        (list[int], "[]", None),
        (Annotated[list[bool], Field(min_length=2, max_length=3)], "[true,true]", "[false,false,false]"),
        (tuple[bool, bool], "[true,true]", "[false,false]"),
        (tuple[()], "[]", "[]"),
        (Both, '{"a":"x","b":true}', '{"a":"yyy","b":false}'),
        (dict[str, int], "{}", None),
        (Tree, '{"value":0,"left":null,"right":null}', None),
        (Chain, '{"links":[]}', None),
        ({"type": "object", "required": ["a"]}, '{"a":0}', None),
        ({"allOf": [{"minLength": 3}, {"type": "string"}]}, '"abc"', None),
    ],
)  # fmt: skip
def test_the_shortest_and_the_longest_answer(output_type: Any, shortest: str, longest: str | None) -> None:
    size = size_of(lower(output_type).schema)
    if not isinstance(output_type, dict):
        TypeAdapter(output_type).validate_json(shortest)
    assert size.shortest <= len(shortest)
    if output_type != {"allOf": [{"minLength": 3}, {"type": "string"}]}:
        assert size.shortest == len(shortest)
    assert size.longest == (inf if longest is None else len(longest))


def _nested(depth: int) -> Iterator[dict[str, Any]]:
    for number in range(depth):
        yield {"anyOf": [{"$ref": f"#/$defs/d{number + 1}"}, {"$ref": f"#/$defs/d{number + 1}"}]}
    yield {"type": "boolean"}


def test_a_schema_that_branches_without_end_takes_no_more_than_its_share_of_time() -> None:
    schema = {"$defs": {f"d{i}": one for i, one in enumerate(_nested(60))}, "$ref": "#/$defs/d0"}
    size = size_of(schema)
    assert size.shortest <= 4
    assert size.longest == inf
