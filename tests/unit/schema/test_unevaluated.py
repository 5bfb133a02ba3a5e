"""What is left unevaluated depends on which branches match; the decoder knows, as the validator does."""

import json
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from qwen_structured import UnsupportedSchema
from qwen_structured.schema import Fidelity, Finding, lower

xgrammar = pytest.importorskip("xgrammar", reason="the engine that these tests hold the findings against")

A, B, C = ({"properties": {name: True}, "required": [name]} for name in "abc")
CLOSED = {"type": "object", "unevaluatedProperties": False}
TUPLE = {"type": "array", "unevaluatedItems": False}

OBJECTS: list[Any] = [
    {name: value for name, value in zip("abcd", values, strict=True) if value is not None}
    for values in product([None, 1, "x"], [None, 1], [None, 1], [None, 2])
]
ARRAYS: list[Any] = [list(values) for length in range(4) for values in product([1, "x", None], repeat=length)]

SCHEMAS: dict[str, dict[str, Any]] = {
    "own properties": {**CLOSED, "properties": {"a": {"type": "integer"}}},
    "patterns": {**CLOSED, "patternProperties": {"^[ab]$": True}},
    "a schema for the rest": {**CLOSED, "properties": {"a": True}, "unevaluatedProperties": {"const": 2}},
    "allOf": {**CLOSED, "allOf": [A, {"properties": {"b": True}}]},
    "anyOf": {**CLOSED, "anyOf": [A, B, C]},
    "anyOf that evaluates nothing": {**CLOSED, "properties": {"a": True}, "anyOf": [{"required": ["a"]}]},
    "anyOf of a branch that closes": {
        "anyOf": [{**CLOSED, **A}, {**B, "patternProperties": {"^[a-d]$": True}}]
    },
    "oneOf": {**CLOSED, "oneOf": [A, B]},
    "oneOf beside its discriminator": {
        **CLOSED,
        "properties": {"a": {"enum": [1, "x"]}},
        "required": ["a"],
        "oneOf": [
            {"properties": {"a": {"const": 1}, "b": True}},
            {"properties": {"a": {"const": "x"}, "c": True}},
        ],
    },
    "if, then and else": {**CLOSED, "if": {**A, "properties": {"a": {"const": 1}}}, "then": B, "else": C},
    "if alone": {**CLOSED, "if": A},
    "if without then": {**CLOSED, "if": A, "else": B},
    "if without else": {**CLOSED, "properties": {"c": True}, "if": {"required": ["c"]}, "then": A},
    "dependentSchemas": {**CLOSED, "properties": {"a": True}, "dependentSchemas": {"a": B}},
    "not": {**CLOSED, "properties": {"a": True, "b": True}, "not": {"not": B}},
    "not, which evaluates nothing": {
        **CLOSED,
        "properties": {"a": True},
        "not": {"not": {"properties": {"b": True}}},
    },
    "a reference": {**CLOSED, "$ref": "#/$defs/a", "properties": {"b": True}, "$defs": {"a": A}},
    "a reference to one that closes": {"$ref": "#/$defs/a", "$defs": {"a": {**CLOSED, **A}}},
    "within another": {
        **CLOSED,
        "allOf": [{"properties": {"a": True}, "unevaluatedProperties": {"const": 1}}],
    },
    "cousins": {"type": "object", "allOf": [A, {"unevaluatedProperties": {"const": 1}}]},
    "prefixes": {**TUPLE, "prefixItems": [{"type": "integer"}], "allOf": [{"prefixItems": [True, True]}]},
    "items": {**TUPLE, "allOf": [{"items": {"type": ["string", "null"]}}]},
    "a schema for the rest of items": {
        **TUPLE,
        "prefixItems": [True],
        "unevaluatedItems": {"type": "integer"},
    },
    "prefixes by branch": {
        **TUPLE,
        "oneOf": [
            {"prefixItems": [{"const": 1}, True], "minItems": 1},
            {"prefixItems": [{"const": "x"}], "minItems": 1},
        ],
    },
    "prefixes by condition": {
        **TUPLE,
        "if": {"prefixItems": [{"const": 1}], "minItems": 1},
        "then": {"prefixItems": [True, True, True]},
    },
    "items that are contained": {**TUPLE, "contains": {"type": "integer"}, "minContains": 0},
}


def decoder_allows(grammar: Any, value: object) -> bool:
    """Whether the decoder allows a value, with its properties in one order or another."""
    from xgrammar.testing import _is_grammar_accept_string

    orders = [dict(one) for one in permutations(value.items())] if isinstance(value, dict) else [value]
    texts = [json.dumps(one, separators=(",", ":")) for one in orders]
    return any(_is_grammar_accept_string(grammar, text) for text in texts)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_the_decoder_allows_what_the_validator_does(schema: dict[str, Any]) -> None:
    import jsonschema_rs

    validator: Any = jsonschema_rs.validator_for(schema)
    lowering = lower(schema)
    grammar = xgrammar.Grammar.from_ebnf(lowering.grammar)
    values = OBJECTS + ARRAYS
    wrong = [v for v in values if decoder_allows(grammar, v) != validator.is_valid(v)]
    assert wrong == []
    assert not lowering.checked


def test_other_kinds_of_values_are_as_before() -> None:
    grammar = xgrammar.Grammar.from_ebnf(
        lower({"unevaluatedProperties": False, "unevaluatedItems": False}).grammar
    )
    values: list[Any] = [1, "x", None, {}, [], {"a": 1}, [1]]
    assert [value for value in values if not decoder_allows(grammar, value)] == [{"a": 1}, [1]]


def test_draft_7_does_not_know_the_keywords() -> None:
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "unevaluatedProperties": False}
    assert decoder_allows(xgrammar.Grammar.from_ebnf(lower(schema).grammar), {"a": 1})


def test_too_many_ways_are_checked() -> None:
    names = [f"p{number}" for number in range(12)]
    branches = [{"properties": {name: True}} for name in names]
    findings = lower({**CLOSED, "anyOf": branches}).fidelity
    why = "its schemas match in more than 64 ways"
    assert Finding("", "unevaluatedProperties False", Fidelity.CHECKED, why) in findings


def test_a_bomb_of_references_is_checked() -> None:
    bomb: dict[str, Any] = {
        f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}, {"$ref": f"#/$defs/d{i + 1}"}]} for i in range(30)
    }
    lowering = lower({**CLOSED, "$ref": "#/$defs/d0", "$defs": {**bomb, "d30": A}})
    assert "unevaluatedProperties False" in {finding.constraint for finding in lowering.checked}


# --- random schemas, held against the validator ----------------------------------------------------

NAMES = st.sampled_from("abc")
LEAVES = st.sampled_from([True, {"type": "integer"}, {"const": 1}, {"enum": ["x", 1]}, {"type": "string"}])
REST = st.sampled_from([False, {"type": "integer"}, True])


def parts(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of objects that apply others in place."""
    return st.fixed_dictionaries(
        {"type": st.just("object")},
        optional={
            "properties": st.dictionaries(NAMES, LEAVES, max_size=2),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": REST,
            "unevaluatedProperties": REST,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "dependentSchemas": st.dictionaries(NAMES, inner, max_size=1),
        },
    )


RANDOM = parts(parts(LEAVES) | LEAVES)
CANDIDATES: list[Any] = [
    {name: value for name, value in zip("abd", values, strict=True) if value is not None}
    for values in product([None, 1, "x"], repeat=3)
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(RANDOM)
def test_of_random_schemas_nothing_is_wider_or_narrower_in_silence(schema: dict[str, Any]) -> None:
    import jsonschema_rs

    validator: Any = jsonschema_rs.validator_for(schema)
    valid = [value for value in CANDIDATES if validator.is_valid(value)]
    try:
        lowering = lower(schema)
    except UnsupportedSchema:
        assert valid == []
        return
    fidelities = {finding.fidelity for finding in lowering.fidelity}
    grammar = xgrammar.Grammar.from_ebnf(lowering.grammar)
    allowed = [value for value in CANDIDATES if decoder_allows(grammar, value)]
    assert Fidelity.CHECKED in fidelities or [value for value in allowed if value not in valid] == []
    assert Fidelity.NARROWED in fidelities or [value for value in valid if value not in allowed] == []
