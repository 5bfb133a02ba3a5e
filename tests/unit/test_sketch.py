"""The short form in which prompts show a schema."""

from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel, Field, TypeAdapter, create_model

from qwen_structured._sketch import instruction, sketch
from qwen_structured.schema import OutputSchema


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Line(BaseModel):
    description: str
    quantity: int = Field(ge=1)


class Invoice(BaseModel):
    """A bill."""

    number: str = Field(pattern=r"^INV-\d{4}$", description="the invoice's\n  number", examples=["INV-0042"])
    lines: list[Line]
    note: str | None = None


class Node(BaseModel):
    name: str
    children: list["Node"]


class Trade(BaseModel):
    sold: Line
    bought: Line


INVOICE = r"""// A bill.
{
  number: string (matches ^INV-\d{4}$) // the invoice's number; e.g. "INV-0042"
  lines: [{
    description: string
    quantity: integer (>= 1)
  }, ...]
  note: string | null
}"""

NODE = """Node = {
  name: string
  children: [Node, ...]
}
Node"""

TRADE = """Line = {
  description: string
  quantity: integer (>= 1)
}
{
  sold: Line
  bought: Line
}"""


@pytest.mark.parametrize(
    ("output_type", "expected"),
    [(Invoice, INVOICE), (Node, NODE), (Trade, TRADE)],
    ids=["used once", "recursive", "used twice"],
)
def test_a_model(output_type: Any, expected: str) -> None:
    assert sketch(OutputSchema.of(output_type).json_schema) == expected


@pytest.mark.parametrize(
    ("output_type", "expected"),
    [
        (int, "integer"),
        (bool, "boolean"),
        (None, "null"),
        (Any, "any"),
        (Annotated[float, Field(gt=0, le=1)], "number (> 0, <= 1)"),
        (Annotated[int, Field(multiple_of=5)], "integer (multiple of 5)"),
        (Annotated[str, Field(min_length=3)], "string (at least 3 characters)"),
        (Annotated[str, Field(max_length=80)], "string (at most 80 characters)"),
        (Annotated[str, Field(min_length=2, max_length=2)], "string (2 characters)"),
        (Annotated[str, Field(min_length=2, max_length=4)], "string (2 to 4 characters)"),
        (list[int], "[integer, ...]"),
        (Annotated[list[int], Field(min_length=1, max_length=3)], "[integer, ...] (1 to 3 items)"),
        (tuple[int, str], "[integer, string] (2 items)"),
        (dict[str, int], "{\n  [key]: integer\n}"),
        (Literal["a", 1, None], '"a" | 1 | null'),
        (Colour, '"red" | "green"'),
        (int | str | None, "integer | string | null"),
    ],
)
def test_a_type(output_type: Any, expected: str) -> None:
    assert sketch(TypeAdapter(output_type).json_schema()) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "any"),
        ({"type": "object"}, "{}"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"type": "object", "properties": {"a b": True, "c": False}}, '{\n  "a b"?: any\n  c?: never\n}'),
        ({"allOf": [{"type": "integer"}, {"minimum": 1}]}, "integer & any"),
        ({"items": [{"type": "integer"}], "additionalItems": False}, "[integer]"),
        ({"type": "string", "format": "date"}, "date"),
        ({"$ref": "#/$defs/missing"}, "any"),
        ({"$ref": "https://example.com/elsewhere"}, "any"),
        ({"$ref": "#/$defs/no", "$defs": {"no": False}}, "never"),
        ({"type": "array", "items": {"$ref": "#"}}, "Root = [Root, ...]\n[Root, ...]"),
    ],
)
def test_a_schema(schema: dict[str, Any], expected: str) -> None:
    assert sketch(schema) == expected


def test_the_instruction_stands_before_the_sketch() -> None:
    assert instruction({"type": "integer"}) == "Answer with compact JSON only, of this type:\ninteger"


# --- properties ------------------------------------------------------------------------------------

LEAVES = st.sampled_from([int, float, str, bool, None, Any, Colour, Line, Node, Literal["x", 2]])
TYPES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: (
        inner.map(lambda item: list[item])  # type: ignore[valid-type]
        | inner.map(lambda item: dict[str, item])  # type: ignore[valid-type]
        | st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1] if None not in pair else pair[0])
        | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3).map(
            lambda fields: create_model("Made", **{name: (one, ...) for name, one in fields.items()})  # type: ignore[call-overload]
        )
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=100)
@given(TYPES)
def test_every_type_has_a_sketch_without_references(output_type: Any) -> None:
    text = sketch(OutputSchema.of(output_type).json_schema)
    assert text
    assert "$ref" not in text
    assert "$defs" not in text
