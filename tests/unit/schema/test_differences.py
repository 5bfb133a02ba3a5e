"""``not``, ``if`` and ``oneOf`` are enforced where sets can say them, and said to be checked where not."""

import json
from itertools import permutations
from typing import Any

import pytest

from qwen_structured.schema import Fidelity, Finding, lower

xgrammar = pytest.importorskip("xgrammar", reason="the engine that these tests hold the findings against")

INTEGER, STRING, NUMBER = {"type": "integer"}, {"type": "string"}, {"type": "number"}
VALUES: list[Any] = [
    *[-1, 0, 1, 2, 3, 7, 1.5, 2.25, "", "a", "b", "ab", None, True, False],
    *[[], [1], ["a"], [1, 1], [1, "a"], ["a", 1], [[]], [1.5]],
    *[{}, {"a": 1}, {"a": "a"}, {"a": 1.5}, {"b": 1}, {"a": 1, "b": 1}, {"a": "a", "b": 1}, {"c": 1}],
    *[{"a": {"b": 1}}, {"a": {"b": "b"}}],
]


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


ENFORCED: dict[str, dict[str, Any]] = {
    "numbers that are not whole": {"type": "number", "not": INTEGER},
    "numbers that are not whole, within bounds": {
        "type": "number",
        "minimum": 1,
        "maximum": 2,
        "not": INTEGER,
    },
    "numbers but some": {"type": "number", "not": {"enum": [0, 1.5, 7]}},
    "whole numbers but some": {"type": "integer", "not": {"enum": [0, 1.5, 7]}},
    "whole numbers beside strings": {"type": ["integer", "string"], "not": {"const": 1}},
    "of two types that share values, those of one": {"oneOf": [INTEGER, NUMBER]},
    "of bounds that overlap, what is in one": {
        "oneOf": [{**INTEGER, "minimum": 0}, {**INTEGER, "maximum": 2}]
    },
    "not a type": {"not": {"type": ["object", "array"]}},
    "not not": {"not": {"not": {"type": ["string", "null"]}}},
    "only the kinds that the schema has matter": {
        "type": "string",
        "not": {"type": "array", "uniqueItems": True},
    },
    "values without those of a schema": {
        "enum": [[1, 1], [1], {"a": 1}, {"a": "a"}],
        "not": {"anyOf": [{"uniqueItems": True, "type": "array"}, {"patternProperties": {"^a": STRING}}]},
    },
    "values that have what is contained": {"enum": [[1], ["a"], [1, "a"]], "contains": STRING},
    "values without a schema that another branch denies": {
        "allOf": [{"enum": [{"a": 1}, {"a": "a"}]}, {"not": {"additionalProperties": STRING}}]
    },
    "a property that is not": {
        **closed(a=True, b=True),
        "not": {"properties": {"a": INTEGER}, "required": ["a"]},
    },
    "a property that is not, further in": {
        **closed(a=closed(b=True)),
        "not": {"properties": {"a": {"properties": {"b": STRING}, "required": ["b"]}}},
    },
    "branches without a type": {
        "oneOf": [{**closed(a=True), "required": ["a"]}, {"required": ["b"], "additionalProperties": INTEGER}]
    },
    "closed objects that share the empty one": {"oneOf": [closed(a=INTEGER), closed(b=INTEGER)]},
    "a closed object and a wider one": {"oneOf": [closed(a=INTEGER), closed(a=True, b=True)]},
    "the empty array of two": {
        "oneOf": [{"type": "array", "items": INTEGER}, {"type": "array", "items": STRING}]
    },
    "first items that are not": {
        "type": "array",
        "maxItems": 2,
        "not": {"prefixItems": [INTEGER, STRING]},
    },
    "arrays that are longer than their prefix": {
        "type": "array",
        "not": {"prefixItems": [True], "items": False},
    },
    "if": {"if": {**NUMBER, "not": INTEGER}, "then": {"maximum": 2}, "else": {"type": ["integer", "null"]}},
    "if beside other keywords": {
        **closed(a=True, b=True),
        "if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
        "then": {"required": ["b"]},
        "else": {"required": ["a"]},
    },
}


def decoder_allows(grammar: Any, value: object) -> bool:
    """Whether the decoder allows a value, with its properties in one order or another."""
    from xgrammar.testing import _is_grammar_accept_string

    orders = [dict(one) for one in permutations(value.items())] if isinstance(value, dict) else [value]
    texts = [json.dumps(one, separators=(",", ":")) for one in orders]
    return any(_is_grammar_accept_string(grammar, text) for text in texts)


@pytest.mark.parametrize("schema", ENFORCED.values(), ids=ENFORCED.keys())
def test_the_decoder_allows_what_the_validator_does(schema: dict[str, Any]) -> None:
    import jsonschema_rs

    validator: Any = jsonschema_rs.validator_for(schema)
    lowering = lower(schema)
    grammar = xgrammar.Grammar.from_ebnf(lowering.grammar)
    assert [v for v in VALUES if decoder_allows(grammar, v) and not validator.is_valid(v)] == []
    assert [v for v in VALUES if validator.is_valid(v) and not decoder_allows(grammar, v)] == []
    assert not lowering.checked


BACKREFERENCE = {"type": "string", "pattern": r"^(a|b)\1$"}


@pytest.mark.parametrize(
    ("schema", "constraint"),
    [
        ({"not": BACKREFERENCE}, "not"),
        ({"not": {"properties": {"a": BACKREFERENCE}}}, "not"),
        ({"not": {"properties": {"a": {"properties": {"b": BACKREFERENCE}}}}}, "not"),
        ({"oneOf": [{**BACKREFERENCE}, {"const": "aa"}]}, "oneOf"),
        ({"oneOf": [{"properties": {"a": BACKREFERENCE}}, {"required": ["a"]}]}, "oneOf"),
        ({"if": {"properties": {"a": BACKREFERENCE}}, "then": {"required": ["a"]}}, "if"),
        ({"not": {"type": "string", "format": "email"}}, "not"),
        ({"type": "object", "not": {"patternProperties": {"^a": INTEGER}}}, "not"),
        ({"oneOf": [{**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 3}]}, "oneOf"),
    ],
)
def test_what_an_inner_part_leaves_open_is_not_said_to_be_exact(
    schema: dict[str, Any], constraint: str
) -> None:
    found = {finding.fidelity for finding in lower(schema).fidelity if finding.constraint == constraint}
    assert found == {Fidelity.CHECKED}


def test_a_recursive_schema_can_be_denied_or_is_checked() -> None:
    tree = {**closed(child={"$ref": "#/$defs/tree"}, leaf=INTEGER)}
    lowering = lower(
        {"$defs": {"tree": tree}, **closed(a=True), "not": {"properties": {"a": {"$ref": "#/$defs/tree"}}}}
    )
    assert (
        Finding("", "not", Fidelity.CHECKED, "the grammar cannot say what is not of that schema")
        in lowering.fidelity
    )


def test_a_pattern_that_is_left_out_does_not_close_the_object() -> None:
    lowering = lower(
        {"type": "object", "patternProperties": {r"^(a|b)\1": INTEGER}, "additionalProperties": False}
    )
    assert decoder_allows(xgrammar.Grammar.from_ebnf(lowering.grammar), {"aa": 1})
    assert lowering.checked


def test_listed_values_that_sets_cannot_judge_are_checked() -> None:
    lowering = lower({"enum": [["aa"], ["ab"]], "items": BACKREFERENCE})
    assert "enum" in {finding.constraint for finding in lowering.checked}


def test_listed_values_have_unique_items_where_the_schema_asks_for_them() -> None:
    grammar = xgrammar.Grammar.from_ebnf(lower({"enum": [[1, 1.0], [1, True]], "uniqueItems": True}).grammar)
    assert [value for value in ([1, 1.0], [1, True]) if decoder_allows(grammar, value)] == [[1, True]]


def test_a_schema_that_leads_back_to_itself_within_a_union_of_one_is_no_obstacle() -> None:
    schema = {
        "$defs": {"a": {"oneOf": [STRING, {**closed(a={"$ref": "#/$defs/a"}), "required": ["a"]}]}},
        "$ref": "#/$defs/a",
    }
    lowering = lower(schema)
    assert not lowering.checked
    assert decoder_allows(xgrammar.Grammar.from_ebnf(lowering.grammar), {"a": {"a": "b"}})


def test_objects_that_need_more_than_they_may_have_are_known_to_be_empty() -> None:
    impossible = [
        {"type": "object", "required": ["a"], "maxProperties": 0},
        {**closed(a=True), "minProperties": 2},
        {"type": "string", "enum": ["ab"], "maxLength": 1},
    ]
    grammar = xgrammar.Grammar.from_ebnf(lower({"oneOf": [INTEGER, *impossible]}).grammar)
    assert decoder_allows(grammar, 1)


def test_conditions_that_make_the_grammar_too_large_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qwen_structured.schema.ebnf.MAX_RULES", 40)
    names = [f"p{number}" for number in range(8)]
    schema = closed(**{name: {"type": "null"} for name in names}) | {
        "dependentRequired": {"p0": ["p1"], "p2": ["p3"]}
    }
    lowering = lower(schema)
    why = "with it the grammar would be too large"
    assert Finding("", "dependentRequired", Fidelity.CHECKED, why) in lowering.fidelity
