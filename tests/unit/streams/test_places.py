"""What each part of a type is validated by, and which parts cannot be validated by themselves."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired

import pytest
from benchmarks.differential.random_types import Made, types
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Json,
    RootModel,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass as pydantic_dataclass
from typing_extensions import TypedDict

from qwen_structured.schema import OutputSchema
from qwen_structured.streams.places import root_place
from qwen_structured.streams.tracker import ClosedPart, Tracker


class Line(BaseModel):
    name: str
    price: Decimal = Field(ge=0, alias="Price")


class Node(BaseModel):
    value: int
    children: list[Node] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    lives: str


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Open(BaseModel):
    b: int


@dataclass
class Point:
    x: int
    tags: set[int]


@pydantic_dataclass
class Size:
    width: int = Field(gt=0)


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


class Colour(Enum):
    RED = "red"


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, str_strip_whitespace=True)
    day: date
    name: str
    count: int


class Checked(BaseModel):
    names: list[str]

    @field_validator("names")
    @classmethod
    def _upper(cls, names: list[str]) -> list[str]:
        return [name.upper() for name in names]

    @model_validator(mode="after")
    def _more_than_one(self) -> Checked:
        if len(self.names) < 2:
            raise ValueError("name two")
        return self


Lines = RootModel[list[Line]]


def read(output_type: object, value: object) -> dict[str, ClosedPart]:
    schema: OutputSchema[Any] = OutputSchema.of(output_type)
    return {part.path: part for part in schema.parts(json.dumps(value))}


def values(output_type: object, value: object) -> dict[str, object]:
    """The values of the parts, all of which have to be valid."""
    found = read(output_type, value)
    assert all(part.is_valid for part in found.values()), found
    return {path: part.value for path, part in found.items()}


def test_the_fields_of_a_model_are_validated_by_their_own_types() -> None:
    line = {"name": "lamp", "Price": "1.50"}
    assert values(Line, line) == {"name": "lamp", "Price": Decimal("1.50")}
    assert values(list[Line], [line])["[0]"] == Line(name="lamp", Price=Decimal("1.50"))
    assert values(Lines, [line])["[0]"] == Line(name="lamp", Price=Decimal("1.50"))
    assert read(Line, line)["Price"].names == ("price",)


def test_dataclasses_typeddicts_and_containers_are_too() -> None:
    found = values(Point, {"x": 1, "tags": [2, 2, 3]})
    assert found == {"x": 1, "tags[0]": 2, "tags[1]": 2, "tags[2]": 3, "tags": {2, 3}}
    assert values(list[Size], [{"width": 1}])["[0]"] == Size(1)
    assert values(Movie, {"title": "Up", "year": 2009}) == {"title": "Up", "year": 2009}
    assert values(dict[str, date], {"a": "2026-01-02"}) == {"a": date(2026, 1, 2)}
    assert values(tuple[int, str, date], [1, "x", "2026-01-02"])["[2]"] == date(2026, 1, 2)
    assert values(tuple[date, ...], ["2026-01-02"]) == {"[0]": date(2026, 1, 2)}
    assert values(dict[str, Any], {"a": {"b": [1]}})["a.b[0]"] == 1
    assert values(list[Colour], ["red"]) == {"[0]": Colour.RED}


def test_a_type_that_refers_to_itself_is_followed() -> None:
    found = values(Node, {"value": 1, "children": [{"value": 2, "children": []}]})
    assert found["children[0].value"] == 2
    assert found["children[0]"] == Node(value=2)


def test_a_part_is_read_by_the_configuration_of_its_model_and_as_json() -> None:
    found = read(Strict, {"day": "2026-01-02", "name": " Ada ", "count": "3"})
    assert found["day"].value == date(2026, 1, 2)  # strict, and a text: so JSON says it
    assert found["name"].value == "Ada"
    assert [str(problem) for problem in found["count"].problems] == [
        'count: Input should be a valid integer (was "3")'
    ]


def test_a_wrong_part_has_problems_by_their_paths_in_the_whole() -> None:
    wrong = [{"name": "lamp", "Price": -1}]
    found = read(list[Line], wrong)
    for path in ("[0].Price", "[0]"):
        assert [problem.path for problem in found[path].problems] == ["[0].Price"]
        assert (found[path].is_validated, found[path].is_valid) == (True, False)
    assert found["[0]"].value == wrong[0]
    assert found["[0].name"].is_valid


def test_validators_of_fields_and_of_models_run_when_the_part_is_closed() -> None:
    found = read(list[Checked], [{"names": ["a"]}, {"names": ["a", "b"]}])
    assert found["[0].names"].value == ["A"]
    assert "name two" in found["[0]"].problems[0].rule
    assert found["[1]"].value == Checked(names=["a", "b"])


# --- unions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "union", [Cat | Dog, Annotated[Cat | Dog, Field(discriminator="kind")]], ids=["plain", "tagged"]
)
def test_the_branch_of_a_union_is_known_once_its_tag_is_closed(union: Any) -> None:
    assert values(union, {"kind": "dog", "lives": "many"}) == {"kind": "dog", "lives": "many"}
    found = read(union, {"lives": "9", "kind": "cat"})
    assert not found["lives"].is_validated  # a text for the one, a number for the other
    assert found["lives"].value == "9"
    assert found["kind"].is_valid


def test_what_only_one_branch_can_be_is_known_at_once() -> None:
    assert values(Line | None, {"name": "lamp", "Price": 1})["Price"] == Decimal(1)
    assert values(list[date] | Line, ["2026-01-02"]) == {"[0]": date(2026, 1, 2)}
    assert values(str | dict[str, date], {"a": "2026-01-02"}) == {"a": date(2026, 1, 2)}


def test_a_key_that_a_branch_forbids_leaves_the_other() -> None:
    assert values(Closed | Open, {"b": 1})["b"] == 1


# --- what cannot be validated by itself ----------------------------------------------------------


def _first(value: Any) -> Any:
    return value


def _looks_around(value: int, info: ValidationInfo) -> int:
    return value + info.data["base"] if info.data else value


def _around(value: Any, handler: Any) -> Any:
    return handler(value)


class Relative(BaseModel):
    base: int
    offset: Annotated[int, AfterValidator(_looks_around)]
    many: list[Annotated[int, AfterValidator(_looks_around)]] = []


class Prepared(BaseModel):
    lines: Annotated[list[date], BeforeValidator(_first)]


class Turned(BaseModel):
    day: date

    @model_validator(mode="before")
    @classmethod
    def _turn(cls, value: Any) -> Any:
        return value


def test_a_validator_that_looks_at_other_fields_waits_for_their_object() -> None:
    found = read(list[Relative], [{"base": 1, "offset": 2, "many": [3]}])
    for path in ("[0].offset", "[0].many[0]", "[0].many"):
        assert not found[path].is_validated, path
    assert found["[0]"].value == Relative.model_construct(base=1, offset=3, many=[4])


def test_behind_a_validator_that_sees_the_input_first_nothing_is_guessed() -> None:
    for output_type, value, inner, outer in (
        (Prepared, {"lines": ["2026-01-02"]}, "lines[0]", "lines"),
        (list[Turned], [{"day": "2026-01-02"}], "[0].day", "[0]"),
        (dict[str, Annotated[list[date], WrapValidator(_around)]], {"a": ["2026-01-02"]}, "a[0]", "a"),
        (list[Json[list[int]]], ["[1]"], "", "[0]"),
        (list[deque[int]], [[1]], "[0][0]", "[0]"),
    ):
        found = read(output_type, value)
        assert not inner or not found[inner].is_validated, inner
        assert found[outer].is_valid, outer


def test_the_parts_of_a_json_schema_are_plain_data() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    found = read(schema, {"a": 1})
    assert (found["a"].value, found["a"].is_validated) == (1, False)


# --- any type ------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(types(), st.data())
def test_a_part_that_is_validated_by_itself_is_as_in_the_whole(made: Made, data: st.DataObject) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(made.output_type)
    text = data.draw(made.texts)
    try:
        whole = adapter.validate_json(text)
    except ValidationError:
        return
    for part in Tracker(root_place(adapter.core_schema)).feed(text):
        assert not part.problems, f"{part} of {text} for {made.output_type}"
        there = at(whole, part.names)
        if part.is_validated and there is not NOT_THERE:
            assert (type(there), there) == (type(part.value), part.value)


NOT_THERE = object()


def at(value: Any, names: tuple[int | str, ...]) -> Any:
    for name in names:
        if isinstance(value, BaseModel):
            value = getattr(value, str(name))
        elif isinstance(value, dict | list | tuple) and not (isinstance(value, dict) and name not in value):
            value = value[name]  # type: ignore[index]
        else:  # sets have no order, and keys of dicts may be numbers
            return NOT_THERE
    return value


def test_parts_of_a_whole_agree_with_it() -> None:
    whole = {"number": 1, "lines": [{"name": "a", "Price": 1}, {"name": "b", "Price": "2"}]}

    class Order(BaseModel):
        number: int
        lines: list[Line]

    order = TypeAdapter(Order).validate_python(whole)
    found = values(Order, whole)
    assert found["lines"] == order.lines
    assert found["lines[1]"] == order.lines[1]
    assert found["lines[1].Price"] == order.lines[1].price
