"""What the decoder enforces is what the findings say: held against the engine, not against its manual."""

import json
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import pytest
from annotated_types import Len
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, networks
from typing_extensions import TypedDict

from qwen_structured import OutputInvalid, OutputNotJSON, UnsupportedSchema
from qwen_structured.schema import Fidelity, Finding, OutputSchema, explain, lower

xgrammar = pytest.importorskip("xgrammar", reason="the engine that these tests hold the findings against")

EXACT, NARROWED, CHECKED = Fidelity.EXACT, Fidelity.NARROWED, Fidelity.CHECKED


@lru_cache(maxsize=512)
def _compiled(grammar: str) -> Any:
    return xgrammar.Grammar.from_ebnf(grammar)


def decoder_allows(grammar: str, text: str) -> bool:
    from xgrammar.testing import _is_grammar_accept_string

    return bool(_is_grammar_accept_string(_compiled(grammar), text))


def is_valid(schema: OutputSchema[Any], text: str) -> bool:
    try:
        schema.validate(text)
    except (OutputInvalid, OutputNotJSON):
        return False
    return True


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- types -----------------------------------------------------------------------------------------


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Line(BaseModel):
    sku: str
    quantity: int = Field(ge=1, le=99)
    note: str | None = None


class Order(BaseModel):
    number: str = Field(pattern=r"^ORD-\d{3}$")
    lines: list[Line] = Field(min_length=1)
    gift: bool = False


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class OpenTyped(BaseModel):
    __pydantic_extra__: dict[str, int]
    model_config = ConfigDict(extra="allow")
    a: str


class Node(BaseModel):
    name: str
    children: list["Node"] = []


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    barks: bool


@dataclass
class Point:
    x: float
    y: float = 0.0


class Movie(TypedDict, total=False):
    title: str
    year: int


class Pair(NamedTuple):
    left: int
    right: str = "r"


class Aliased(BaseModel):
    first_name: str = Field(alias="firstName")
    odd: int = Field(alias='a "quoted" \\ näme')


class Case(NamedTuple):
    """A type, answers that are valid, answers that are not, and all fidelities that its findings have."""

    output_type: Any
    valid: list[str]
    invalid: list[str]
    fidelities: set[Fidelity]


CASES = {
    "integer": Case(int, ["0", "-7", "12345678901234567890"], ['"7a"', "1.5", "null", "[]", "01"], {EXACT}),
    "integer in bounds": Case(
        Annotated[int, Field(ge=-3, lt=120)], ["-3", "0", "119"], ["-4", "120", "1000"], {EXACT}
    ),
    "integer above": Case(Annotated[int, Field(gt=10)], ["11", "100"], ["10", "9", "-11"], {EXACT}),
    "integer multiple": Case(Annotated[int, Field(multiple_of=7)], ["0", "49"], ["50"], {EXACT}),
    "number": Case(float, ["0", "-1.5", "1e20", "0.1234567890123"], ['"x"', ".5", "1.", "+1"], {EXACT}),
    "number in bounds": Case(
        Annotated[float, Field(ge=0, le=1)],
        ["0", "0.5", "0.999999", "1"],
        ["-0.1", "1.000001"],
        {EXACT},
    ),
    "boolean": Case(bool, ["true", "false"], ["2", '"maybe"', "null"], {EXACT}),
    "null": Case(None, ["null"], ["0", '""'], {EXACT}),
    "string": Case(
        str, ['""', '"a \\"quote\\" and \\\\ and \\n"', '"é🙂"'], ["1", "null", '"open', '"a\nb"'], {EXACT}
    ),
    "string of a length": Case(
        Annotated[str, Field(min_length=2, max_length=3)],
        ['"ab"', '"a\\"b"'],
        ['"a"', '"abcd"'],
        {EXACT},
    ),
    "string by pattern": Case(
        Annotated[str, Field(pattern=r"^[A-Z]{2}-\d+(\.\d)?$")],
        ['"AB-1"', '"AB-12.3"'],
        ['"A-1"', '"AB-"', '"xAB-1"'],
        {EXACT},
    ),
    "string by unanchored pattern": Case(
        Annotated[str, Field(pattern=r"\d")], ['"1"', '"a1b"'], ['"a"'], {EXACT}
    ),
    "string by open alternatives": Case(
        Annotated[str, Field(pattern=r"^a|b$")], ['"ax"', '"xb"', '"b"'], ['"xax"'], {EXACT}
    ),
    "string by escaped anchor": Case(
        Annotated[str, Field(pattern=r"^a\$")], ['"a$"', '"a$b"'], ['"a"'], {EXACT}
    ),
    "string of words": Case(
        Annotated[str, Field(pattern=r"^\w+$")], ['"ab_1"', '"José"'], ['"a b"', '""'], {EXACT}
    ),
    "string of anything but commas": Case(
        Annotated[str, Field(pattern=r"^[^,]+$")],
        ['"ab"', '"é"', '"a\\"b"'],
        ['"a,b"', '""'],
        {EXACT},
    ),
    "string with a quote": Case(
        Annotated[str, Field(pattern=r'^"\w"$')], ['"\\"a\\""'], ['"a"', '""a""'], {EXACT}
    ),
    "date": Case(date, ['"2024-02-29"'], ['"2024-13-01"', '"2023-02-29"', '"24-01-01"'], {EXACT}),
    "datetime": Case(
        datetime,
        [
            '"2024-05-06T07:08:09"',
            '"2024-05-06T07:08:09.5Z"',
            '"2024-05-06T07:08:09+02:00"',
        ],
        ['"2024-05-06T25:00:00"', '"2024-02-30T00:00:00"'],
        {EXACT},
    ),
    "time": Case(time, ['"23:59:59"', '"07:08:09.25"'], ['"24:00:00"', '"7:00"'], {EXACT}),
    "uuid": Case(
        UUID,
        ['"123e4567-e89b-42d3-a456-426614174000"', '"123E4567-E89B-42D3-A456-426614174000"'],
        ['"123e4567-e89b-42d3-a456-42661417400"'],
        {EXACT},
    ),
    "decimal": Case(Decimal, ['"1.50"', '"-0.001"', '"12"'], ['"abc"', '""', '"1e"'], {EXACT, NARROWED}),
    "decimal of digits": Case(
        Annotated[Decimal, Field(max_digits=5, decimal_places=2, ge=0)],
        ['"0"', '"999.99"', '"0.01"'],
        ['"1000.00"', '"1.234"', '"-1.00"'],
        {EXACT, NARROWED},
    ),
    "decimal in bounds": Case(
        Annotated[Decimal, Field(ge=1, le=10)], ['"1"', '"9.99"'], ['"0.5"', '"11"'], {EXACT, NARROWED}
    ),
    "enum": Case(Colour, ['"red"', '"green"'], ['"blue"', "0", '"RED"'], {EXACT}),
    "integer enum": Case(Level, ["1", "10"], ["2", "100"], {EXACT}),
    "literal": Case(Literal["a", "ab", 1, None], ['"a"', '"ab"', "1", "null"], ['"abc"', "2", "[]"], {EXACT}),
    "literal of one": Case(Literal['say "yes"'], ['"say \\"yes\\""'], ['"say yes"'], {EXACT}),
    "optional": Case(int | None, ["1", "null"], ['"x"', "1.5"], {EXACT}),
    "union": Case(int | Annotated[str, Field(pattern="^[a-z]+$")], ["1", '"ab"'], ["1.5", '"AB"'], {EXACT}),
    "list": Case(list[int], ["[]", "[1,2,3]"], ["[1,null]", "1", '["x"]'], {EXACT}),
    "list of a length": Case(
        Annotated[list[int], Len(1, 3)], ["[1]", "[1,2,3]"], ["[]", "[1,2,3,4]"], {EXACT}
    ),
    "list of anything": Case(list[Any], ["[]", '[1,{"a":[2]}]'], ["1"], {EXACT}),
    "set": Case(set[int], ["[]", "[1,2]"], ['["x"]'], {EXACT, CHECKED}),
    "tuple": Case(tuple[int, str], ['[1,"a"]'], ["[]", "[1]", '[1,"a",2]', '["a",1]'], {EXACT}),
    "tuple of any length": Case(tuple[int, ...], ["[]", "[1,2]"], ['["a"]'], {EXACT}),
    "named tuple": Case(Pair, ['[1,"a"]'], ["[]", '["a"]', '[1,"a",2]'], {EXACT}),
    "dict": Case(dict[str, int], ["{}", '{"a":1,"b":2}'], ['{"a":"x"}', "[]"], {EXACT}),
    "dict of literal keys": Case(dict[Literal["a", "b"], int], ["{}", '{"a":1}'], ['{"c":1}'], {EXACT}),
    "dict of anything": Case(dict[str, Any], ["{}", '{"a":[1,{"b":null}]}'], ["[]"], {EXACT}),
    "JSON": Case(JsonValue, ["1", '[1,{"a":[true,null]}]', '"x"', "{}"], ["", "[1,]"], {EXACT}),
    "complex": Case(complex, ['"1+2j"', '"-0.5"'], ['"1+j2"', '""'], {EXACT, NARROWED}),
    "model": Case(
        Line,
        ['{"sku":"a","quantity":1,"note":null}'],
        ['{"sku":"a","quantity":0,"note":null}', '{"quantity":1}'],
        {EXACT},
    ),
    "nested models": Case(
        Order,
        ['{"number":"ORD-001","lines":[{"sku":"a","quantity":2,"note":"n"}],"gift":true}'],
        [
            '{"number":"ORD-001","lines":[],"gift":true}',
            '{"number":"ORD-1","lines":[{"sku":"a","quantity":2,"note":"n"}],"gift":true}',
        ],
        {EXACT},
    ),
    "closed model": Case(Closed, ['{"a":1}'], ["{}", '{"a":1,"b":2}'], {EXACT}),
    "open model": Case(Open, ['{"a":1}', '{"a":1,"b":2}'], ["{}"], {EXACT, NARROWED}),
    "open model of integers": Case(
        OpenTyped,
        ['{"a":"x"}', '{"a":"x","b":2}'],
        ['{"a":"x","b":"y"}', '{"a":"x","\\u0061":1}'],
        {EXACT},
    ),
    "recursive model": Case(
        Node,
        ['{"name":"a","children":[{"name":"b","children":[]}]}'],
        ['{"name":"a","children":[{"name":1}]}'],
        {EXACT},
    ),
    "tagged union": Case(
        Annotated[Cat | Dog, Field(discriminator="kind")],
        ['{"kind":"cat","lives":9}', '{"kind":"dog","barks":true}'],
        ['{"kind":"cat","barks":true}', '{"kind":"cow","lives":9}'],
        {EXACT},
    ),
    "dataclass": Case(Point, ['{"x":1,"y":2.5}'], ['{"y":1}', '{"x":"a","y":1}'], {EXACT}),
    "typed dict": Case(Movie, ["{}", '{"title":"Alien","year":1979}'], ['{"title":1}'], {EXACT}),
    "aliases": Case(
        Aliased,
        ['{"firstName":"Ada","a \\"quoted\\" \\\\ näme":1}'],
        ['{"first_name":"Ada","odd":1}'],
        {EXACT},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_findings_tell_what_the_decoder_does(case: Case) -> None:
    schema = OutputSchema.of(case.output_type)
    fidelities = {finding.fidelity for finding in schema.findings}
    assert fidelities == case.fidelities
    for text in case.valid:
        assert is_valid(schema, text), f"the table says that {text} is valid"
        assert decoder_allows(schema.grammar, text) or NARROWED in fidelities, (
            f"{text} is forbidden in silence"
        )
    for text in case.invalid:
        assert not is_valid(schema, text), f"the table says that {text} is not valid"
        assert not decoder_allows(schema.grammar, text) or CHECKED in fidelities, f"{text} passes in silence"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_something_valid_can_be_written(case: Case) -> None:
    schema = OutputSchema.of(case.output_type)
    enforced = [text for text in case.valid if decoder_allows(schema.grammar, text)]
    assert enforced


def test_a_set_of_a_range_has_each_number_once() -> None:
    grammar = lower(set[Annotated[int, Field(ge=0, le=25, multiple_of=5)]]).grammar
    assert all(decoder_allows(grammar, text) for text in ("[]", "[25,0]", "[5,10,15]"))
    assert not any(decoder_allows(grammar, text) for text in ("[5,5]", "[30]", "[4]", "[0,5,0]"))


def test_a_type_that_constrains_nothing_has_one_finding_that_says_so() -> None:
    assert str(explain(Any)).splitlines()[1:] == ["(all)  any JSON value  exact"]


def test_a_type_whose_package_is_missing_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "email_validator", None)
    monkeypatch.setattr(networks, "email_validator", None, raising=False)
    with pytest.raises(UnsupportedSchema, match=r"EmailStr.*pip install 'pydantic\[email\]'"):
        lower(networks.EmailStr)


# --- keywords of JSON Schema -----------------------------------------------------------------------

TWENTY = {"enum": list(range(20))}

OBJECT = {"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": False}

KEYWORDS: dict[str, tuple[dict[str, Any], Fidelity]] = {
    "type": ({"type": "string"}, EXACT),
    "enum": ({"enum": [1, "a", None]}, EXACT),
    "const": ({"const": {"a": [1]}}, EXACT),
    "multipleOf": ({"type": "number", "multipleOf": 0.5}, NARROWED),
    "minimum": ({"type": "integer", "minimum": 1}, EXACT),
    "maximum": ({"type": "integer", "maximum": 1}, EXACT),
    "exclusiveMinimum": ({"type": "integer", "exclusiveMinimum": 1}, EXACT),
    "exclusiveMaximum": ({"type": "integer", "exclusiveMaximum": 1}, EXACT),
    "minimum of a number": ({"type": "number", "minimum": 0.5}, EXACT),
    "minimum beyond the engine": ({"type": "number", "minimum": 1e12}, EXACT),
    "minimum of many decimals": ({"type": "number", "minimum": 0.12345678}, EXACT),
    "minimum beyond 53 bits": ({"type": "integer", "minimum": 2**60}, EXACT),
    "minimum that is not whole": ({"type": "integer", "minimum": 0.5}, EXACT),
    "minLength": ({"type": "string", "minLength": 1}, EXACT),
    "maxLength": ({"type": "string", "maxLength": 1}, EXACT),
    "pattern": ({"type": "string", "pattern": "^a+$"}, EXACT),
    "pattern with a length": ({"type": "string", "pattern": "^a+$", "maxLength": 3}, EXACT),
    "format date": ({"type": "string", "format": "date"}, NARROWED),
    "format uuid": ({"type": "string", "format": "uuid"}, EXACT),
    "format email": ({"type": "string", "format": "email"}, NARROWED),
    "minItems": ({"type": "array", "minItems": 1}, EXACT),
    "maxItems": ({"type": "array", "maxItems": 1}, EXACT),
    "prefixItems": ({"type": "array", "prefixItems": [{"type": "null"}]}, EXACT),
    "uniqueItems": ({"type": "array", "uniqueItems": True}, CHECKED),
    "uniqueItems of listed values": (
        {"uniqueItems": True, "items": {"anyOf": [{"const": 1}, {"enum": [1, "a"]}]}},
        EXACT,
    ),
    "uniqueItems of a range": (
        {"uniqueItems": True, "items": {"type": "integer", "minimum": 1, "maximum": 8}},
        EXACT,
    ),
    "uniqueItems behind others": ({"uniqueItems": True, "prefixItems": [{"const": 1}]}, CHECKED),
    "contains": ({"type": "array", "contains": {"type": "null"}}, EXACT),
    "required": ({**OBJECT, "required": ["a"]}, EXACT),
    "required that is not named": ({"type": "object", "required": ["a"]}, EXACT),
    "minProperties": ({**OBJECT, "minProperties": 1}, EXACT),
    "maxProperties": ({**OBJECT, "maxProperties": 1}, EXACT),
    "patternProperties": ({"type": "object", "patternProperties": {"^a": {"type": "null"}}}, EXACT),
    "propertyNames": ({"type": "object", "propertyNames": {"maxLength": 3}}, EXACT),
    "additionalProperties": (OBJECT, EXACT),
    "additionalProperties that are open": ({**OBJECT, "additionalProperties": True}, NARROWED),
    "dependentRequired": ({**OBJECT, "dependentRequired": {"a": ["b"]}}, EXACT),
    "oneOf": ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, EXACT),
    "oneOf of types that overlap": ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, NARROWED),
    "oneOf of multiples": ({"type": "integer", "oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, CHECKED),
    "unevaluatedProperties": (
        {"type": "object", "allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        EXACT,
    ),
    "unevaluatedItems": (
        {"type": "array", "allOf": [{"prefixItems": [{}]}], "unevaluatedItems": False},
        EXACT,
    ),
    "anyOf beside what it restricts": ({**OBJECT, "anyOf": [{"required": ["a"]}]}, EXACT),
    "allOf": ({"allOf": [{"type": "integer"}, {"minimum": 1}]}, EXACT),
    "allOf beside other keywords": ({"minimum": 3, "allOf": [{"minimum": 5}]}, EXACT),
    "not": ({"type": "string", "not": {"const": "a"}}, EXACT),
    "if": ({"type": "integer", "if": {"minimum": 1}, "then": {"maximum": 3}}, EXACT),
    "beside a reference": ({"$defs": {"a": {"type": "integer"}}, "$ref": "#/$defs/a", "minimum": 1}, EXACT),
    "a type that goes without saying": ({"minimum": 1}, EXACT),
}


@pytest.mark.parametrize(("schema", "fidelity"), KEYWORDS.values(), ids=KEYWORDS.keys())
def test_every_keyword_is_enforced_or_has_a_finding(schema: dict[str, Any], fidelity: Fidelity) -> None:
    lowering = lower(schema)
    _compiled(lowering.grammar)
    others = {finding.fidelity for finding in lowering.fidelity} - {EXACT}
    assert fidelity in others if fidelity is not EXACT else not others


def test_what_merely_describes_has_no_finding() -> None:
    described = {"title": "T", "description": "d", "default": 1, "examples": [2], "x-widget": "slider"}
    assert lower(described | {"type": "integer"}).fidelity == lower({"type": "integer"}).fidelity


def test_a_finding_names_the_place_by_its_way_from_the_root() -> None:
    findings = lower(OutputSchema.of(Order).json_schema).fidelity
    assert Finding("lines[].quantity", "maximum 99", EXACT) in findings


def test_a_finding_in_a_shared_definition_stands_at_its_name() -> None:
    class Trade(BaseModel):
        sold: Line
        bought: Line

    paths = [
        finding.path for finding in OutputSchema.of(Trade).findings if finding.constraint == "maximum 99"
    ]
    assert paths == ["Line.quantity"]


def test_findings_keep_their_order() -> None:
    schema = {"type": "string", "minLength": 1, "maxLength": 300, "not": {"const": "a"}, "format": "email"}
    assert [finding.constraint for finding in lower(schema).fidelity] == [
        "type string",
        "format email",
        "not",
        "minLength 1",
        "maxLength 300",
    ]


def test_findings_come_in_the_order_of_properties_whatever_their_names() -> None:
    names = ["z.1", "a b", "it's", "b", 'q"', "[]", "c"]
    schema = {"type": "object", "properties": {name: {"type": "null"} for name in names}}
    paths = [finding.path for finding in lower(schema).fidelity if finding.path]
    assert paths == ["'z.1'", "'a b'", '"it\'s"', "b", "'q\"'", "'[]'", "c"]


def test_a_rule_beyond_a_schema_has_the_same_place_as_a_keyword_there() -> None:
    class Odd(BaseModel):
        a: int = Field(alias="a b", ge=1)

        @field_validator("a")
        @classmethod
        def check(cls, value: int) -> int:
            return value

    assert {finding.path for finding in lower(Odd).fidelity} == {"", "'a b'"}


def test_a_branch_that_restricts_leaves_the_properties_enforced() -> None:
    grammar = lower({**OBJECT, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}).grammar
    assert decoder_allows(grammar, '{"a":null}')
    assert not decoder_allows(grammar, '{"a":1}')


def test_an_enum_keeps_the_values_of_its_type_alone() -> None:
    grammar = lower({"type": "integer", "enum": [1, "a", 2.5, True, None]}).grammar
    assert decoder_allows(grammar, "1")
    assert not any(decoder_allows(grammar, text) for text in ('"a"', "2.5", "true", "null"))


def test_a_reference_may_lead_anywhere_into_the_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer"},
            "b": {"$ref": "#/properties/a"},
            "c": {"$ref": "#/$defs/x~1y%20z"},
        },
        "required": ["a", "b", "c"],
        "$defs": {"x/y z": {"type": "boolean"}},
    }
    grammar = lower(schema).grammar
    assert decoder_allows(grammar, '{"a":1,"b":2,"c":true}')
    assert not decoder_allows(grammar, '{"a":1,"b":"2","c":true}')


def test_definitions_of_one_name_in_two_places_stay_apart() -> None:
    schema = {
        "$defs": {"a": {"type": "integer"}},
        "definitions": {"a": {"type": "string"}},
        "anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/definitions/a"}],
    }
    grammar = lower(schema).grammar
    assert decoder_allows(grammar, "1")
    assert decoder_allows(grammar, '"x"')


def test_of_branches_that_overlap_only_what_one_admits_can_be_written() -> None:
    branches = [{"multipleOf": 2}, {"multipleOf": 3}]
    findings = lower({"type": "integer", "oneOf": branches}).fidelity
    assert Finding("", "oneOf", CHECKED, "that only one of its schemas matches") in findings
    grammar = lower({"oneOf": [{"minimum": 0}, {"maximum": 9}], "type": "integer"}).grammar
    assert [decoder_allows(grammar, text) for text in ("-1", "0", "9", "10")] == [True, False, False, True]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "object", "properties": {"a": False}, "required": ["a"]}, "a admits no value"),
        ({"enum": []}, "admits no value"),
        ({"properties": 3}, "this is not a JSON Schema"),
        ({"type": "string", "const": 1}, "admits no value"),
        ({"anyOf": [False, False]}, "admits no value"),
        (
            {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/set"}}, "type": "object"}
            | {"$defs": {"set": {"type": "array", "uniqueItems": True, "minItems": 21, "items": TWENTY}}},
            "a admits no value",
        ),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}}, "a refers to '#/$defs/b'"),
        ({"$ref": "https://example.com/schema.json"}, "refers to 'https://example.com/schema.json'"),
    ],
)
def test_a_schema_that_admits_nothing_is_refused_with_its_place(schema: dict[str, Any], said: str) -> None:
    with pytest.raises(UnsupportedSchema, match=re.escape(said)):
        lower(schema)


# --- properties ------------------------------------------------------------------------------------

ENGINE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@ENGINE
@given(st.data(), st.integers(-(2**53), 2**53), st.integers(-(2**53), 2**53))
def test_bounds_of_integers_are_exact(data: st.DataObject, one: int, other: int) -> None:
    low, high = sorted((one, other))
    grammar = lower({"type": "integer", "minimum": low, "maximum": high}).grammar
    value = data.draw(st.integers(low - 20, low + 20) | st.integers(high - 20, high + 20) | st.integers())
    assert decoder_allows(grammar, str(value)) == (low <= value <= high)


@ENGINE
@given(
    low=st.decimals(-(10**8), 10**8, places=6),
    width=st.decimals(0, 10**6, places=6),
    offset=st.decimals(-2, 2, places=6),
    exclusive=st.booleans(),
)
def test_bounds_of_numbers_let_nothing_else_through(
    low: Decimal, width: Decimal, offset: Decimal, exclusive: bool
) -> None:
    least, most = ("exclusiveMinimum", "exclusiveMaximum") if exclusive else ("minimum", "maximum")
    high = low + width + Decimal("0.000002")
    grammar = lower({"type": "number", least: float(low), most: float(high)}).grammar
    for text in (f"{low + offset:f}", f"{high + offset:f}", f"{low:f}", f"{high:f}"):
        value = float(text)
        inside = float(low) < value < float(high) if exclusive else float(low) <= value <= float(high)
        assert inside or not decoder_allows(grammar, text)


LITERALS = [
    "a",
    "b",
    "1",
    " ",
    "-",
    "é",
    '"',
    "/",
    ":",
    ",",
    r"\.",
    r"\-",
    r"\$",
    r"\\",
    r"\"",
    r"\n",
    r"\x41",
]
SETS = [
    r"\d",
    r"\w",
    r"\s",
    r"\D",
    r"\W",
    r"\S",
    ".",
    "[ab]",
    "[^a]",
    r"[^\d]",
    "[!-~]",
    r"[\w.-]",
    '["a]',
    "[a-z0-9]",
]
# No \b and no lookahead: jsonschema-rs reads the first as Unicode's, and beside the second \w too.
OPERATORS = ["(a|b)", "(?:ab)", "|", "^", "$", "?", "*", "+", "{2}", "{1,2}", "*?"]
PARTS = st.sampled_from([*LITERALS, *SETS, *OPERATORS])
TEXTS = st.text(st.sampled_from('ab1_ -é"/:,.$\\\n\tA~') | st.characters(codec="utf-8"), max_size=4)


@settings(ENGINE, max_examples=400)
@given(st.lists(PARTS, min_size=1, max_size=4), st.lists(TEXTS, min_size=1, max_size=8))
def test_patterns_are_enforced_as_far_as_their_findings_say(parts: list[str], texts: list[str]) -> None:
    schema = {"type": "string", "pattern": f"^{''.join(parts)}$"}
    try:
        re.compile(schema["pattern"])
        whole = OutputSchema.of(schema)
    except (re.error, FutureWarning, UnsupportedSchema):  # it is no pattern, or admits nothing
        return
    fidelities = {finding.fidelity for finding in whole.findings}
    for text in map(compact, texts):
        allowed, valid = decoder_allows(whole.grammar, text), is_valid(whole, text)
        assert allowed or not valid or NARROWED in fidelities, f"{text} is forbidden in silence"
        assert valid or not allowed or CHECKED in fidelities, f"{text} passes in silence"


PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | PRINTABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTABLE, inner, max_size=3),
    max_leaves=8,
)


@ENGINE
@given(JSON)
def test_where_anything_goes_any_json_can_be_written(value: object) -> None:
    assert decoder_allows(lower({}).grammar, compact(value))


@ENGINE
@given(st.lists(JSON, min_size=1, max_size=4))
def test_every_value_of_an_enum_can_be_written(values: list[object]) -> None:
    lowering = lower({"enum": values})
    grammar = lowering.grammar
    assert {finding.fidelity for finding in lowering.fidelity} == {EXACT}
    for value in values:
        assert decoder_allows(grammar, compact(value))
