"""The JSON Schema that the model is shown, where it differs from Pydantic's own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, NotRequired

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypedDict

from qwen_structured import UnsupportedSchema
from qwen_structured.schema.from_type import adapter_of, json_schema_of


class Invoice(BaseModel):
    number: str
    note: str | None = None
    tags: list[str] = Field(default_factory=list)


@dataclass
class Point:
    x: int
    y: int = 0
    labels: list[str] = field(default_factory=list)


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


@pytest.mark.parametrize(
    ("output_type", "required"),
    [(Invoice, ["number", "note", "tags"]), (Point, ["x", "y", "labels"]), (Movie, ["title"])],
)
def test_fields_with_a_default_are_asked_for(output_type: Any, required: list[str]) -> None:
    assert json_schema_of(adapter_of(output_type))["required"] == required


def test_fields_go_by_their_alias() -> None:
    class Person(BaseModel):
        first_name: str = Field(alias="firstName")

    assert list(json_schema_of(adapter_of(Person))["properties"]) == ["firstName"]


def test_a_type_without_a_json_schema_is_refused() -> None:
    with pytest.raises(UnsupportedSchema, match="has no JSON Schema"):
        json_schema_of(adapter_of(Callable[[int], int]))


# --- decimals --------------------------------------------------------------------------------------


def decimal_type(**constraints: Any) -> Any:
    return Annotated[Decimal, Field(**constraints)]


def pattern_of(output_type: Any) -> str:
    pattern = json_schema_of(adapter_of(output_type))["pattern"]
    assert isinstance(pattern, str)
    return pattern


def test_a_decimal_is_a_string_so_that_it_keeps_its_digits() -> None:
    schema = json_schema_of(adapter_of(decimal_type(ge=0, lt=Decimal("10.5"), multiple_of=Decimal("0.5"))))
    assert schema == {
        "type": "string",
        "format": "decimal",
        "pattern": r"^(0|[1-9]\d*)(\.\d+)?$",
        "minimum": 0,
        "exclusiveMaximum": 10.5,
        "multipleOf": 0.5,
    }


@pytest.mark.parametrize(
    ("constraints", "fits", "does_not"),
    [
        ({}, ["0", "-12.50", "1000000.000001"], ["01", ".5", "1.", "1e5", "+1", ""]),
        ({"decimal_places": 2}, ["1", "1.5", "-1.25"], ["1.125"]),
        ({"decimal_places": 0}, ["1", "-100"], ["1.0"]),
        ({"max_digits": 3}, ["123", "12.3", "1.23", "0.123", "-9"], ["1234", "12.34", "0.1234"]),
        ({"max_digits": 1}, ["1", "0", "0.1"], ["10", "1.0"]),
        ({"max_digits": 5, "decimal_places": 2}, ["999.99", "0.5"], ["1000", "1.234"]),
        ({"max_digits": 2, "decimal_places": 2}, ["0.99", "0.0"], ["0", "1", "1.0", "0.999"]),
        ({"max_digits": 2, "decimal_places": 4}, ["0.99"], ["0.0099", "1"]),
        ({"ge": 0}, ["0", "1.5"], ["-1"]),
        ({"gt": -5}, ["-4"], []),
    ],
)
def test_a_decimals_pattern(constraints: dict[str, Any], fits: list[str], does_not: list[str]) -> None:
    pattern = re.compile(pattern_of(decimal_type(**constraints)))
    assert [text for text in fits if not pattern.search(text)] == []
    assert [text for text in does_not if pattern.search(text)] == []


DIGITS = st.fixed_dictionaries(
    {},
    optional={"max_digits": st.integers(1, 12), "decimal_places": st.integers(0, 8), "ge": st.just(0)},
)


@settings(deadline=None, max_examples=150)
@given(st.data(), DIGITS)
def test_pydantic_takes_whatever_the_pattern_allows(data: st.DataObject, constraints: dict[str, Any]) -> None:
    output_type = decimal_type(**constraints)
    pattern = re.compile(pattern_of(output_type), re.ASCII)
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    assert TypeAdapter(output_type).validate_python(text) == Decimal(text)


@settings(deadline=None, max_examples=150)
@given(st.data(), DIGITS)
def test_the_pattern_allows_every_decimal_that_pydantic_takes(
    data: st.DataObject, constraints: dict[str, Any]
) -> None:
    value = data.draw(st.decimals(-(10**7), 10**7, places=data.draw(st.integers(0, 8))))
    output_type = decimal_type(**constraints)
    if TypeAdapter(output_type).validator.isinstance_python(value):
        plain = f"{value.normalize():f}"
        assert any(re.search(pattern_of(output_type), text) for text in (plain, f"{plain}.0"))
