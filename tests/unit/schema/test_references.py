"""References mean what the resource says that they stand in; nothing is fetched, nothing mistaken."""

import json
from typing import Any

import pytest

from qwen_structured import UnsupportedSchema
from qwen_structured.schema import Fidelity, lower
from qwen_structured.schema.references import localised

xgrammar = pytest.importorskip("xgrammar", reason="the engine that these tests hold the findings against")

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
INTEGER, STRING = {"type": "integer"}, {"type": "string"}


def decoder_allows(schema: dict[str, Any], value: object) -> bool:
    from xgrammar.testing import _is_grammar_accept_string

    text = json.dumps(value, separators=(",", ":"))
    return bool(_is_grammar_accept_string(lower(schema).grammar, text))


LIST: dict[str, Any] = {
    "$id": "list",
    "type": "array",
    "items": {"$dynamicRef": "#item"},
    "$defs": {"any": {"$dynamicAnchor": "item"}},
}
"""A list whose items another resource may say."""


def of_items(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {"$id": name, "$ref": "list", "$defs": {"own": {"$dynamicAnchor": "item", **item}}}


MEANINGS: dict[str, tuple[dict[str, Any], list[Any], list[Any]]] = {
    "a pointer below an embedded resource is resolved against that": (
        {
            "$id": "http://example.com/a.json",
            "$ref": "b.json",
            "$defs": {
                "inner": STRING,
                "b": {"$id": "b.json", "$ref": "#/$defs/inner", "$defs": {"inner": INTEGER}},
            },
        },
        [1],
        ["x"],
    ),
    "an anchor is that of its own resource": (
        {
            "$id": "http://example.com/a.json",
            "$ref": "b.json#here",
            "$defs": {
                "here": {"$anchor": "here", **STRING},
                "b": {"$id": "b.json", "$defs": {"here": {"$anchor": "here", **INTEGER}}},
            },
        },
        [1],
        ["x"],
    ),
    "relative identifiers are joined with those around them": (
        {
            "$id": "http://example.com/a.json",
            "$ref": "nested/b.json",
            "$defs": {
                "b": {"$id": "nested/b.json", "$ref": "c.json"},
                "c": {"$id": "nested/c.json", **INTEGER},
                "other": {"$id": "c.json", **STRING},
            },
        },
        [1],
        ["x"],
    ),
    "an absolute path is joined with the host": (
        {
            "$id": "http://example.com/a/b.json",
            "$ref": "/c.json",
            "$defs": {"c": {"$id": "/c.json", **INTEGER}},
        },
        [1],
        ["x"],
    ),
    "without a base an identifier is a name": (
        {"$ref": "b", "$defs": {"b": {"$id": "b", **INTEGER}}},
        [1],
        ["x"],
    ),
    "a URN is a base for fragments": (
        {
            "$id": "urn:example:a",
            "allOf": [{"$ref": "#/$defs/b"}, {"$ref": "urn:example:a#c"}],
            "$defs": {"b": INTEGER, "c": {"$anchor": "c", "minimum": 5}},
        },
        [5],
        [4, "x"],
    ),
    "resources may refer to each other": (
        {
            "$id": "http://example.com/tree",
            "type": "object",
            "properties": {"node": {"$ref": "node"}},
            "additionalProperties": False,
            "$defs": {
                "node": {
                    "$id": "node",
                    "type": "object",
                    "properties": {"leaf": INTEGER, "tree": {"$ref": "tree"}},
                    "additionalProperties": False,
                }
            },
        },
        [{"node": {"tree": {"node": {"leaf": 1}}}}],
        [{"node": {"tree": {"leaf": 1}}}],
    ),
    "an identifier in data is data": (
        {
            "$ref": "b",
            "$defs": {"x": {"const": {"$id": "b", "type": "string"}}, "y": {"$id": "b", **INTEGER}},
        },
        [1],
        ["x"],
    ),
    "properties may have the names of keywords": (
        {
            "type": "object",
            "properties": {"$ref": {"$ref": "#/$defs/enum"}, "$id": STRING, "const": {"$ref": "b"}},
            "required": ["$ref", "$id", "const"],
            "additionalProperties": False,
            "$defs": {"enum": INTEGER, "b": {"$id": "b", "type": "null"}},
        },
        [{"$ref": 1, "$id": "b", "const": None}],
        [{"$ref": "#", "$id": "b", "const": None}, {"$ref": 1, "$id": "b", "const": 1}],
    ),
    "a pointer may lead where no keyword leads, and on from there": (
        {
            "$ref": "#/x-shared/age",
            "x-shared": {"age": {"$ref": "years"}, "n": {}},
            "$defs": {"y": {"$id": "years", **INTEGER}},
        },
        [1],
        ["x"],
    ),
    "a pointer may be escaped": (
        {"$ref": "#/$defs/a~1b%25c~0d", "$defs": {"a/b%c~d": {"$ref": "n"}, "n": {"$id": "n", **INTEGER}}},
        [1],
        ["x"],
    ),
    "up to draft 7 nothing counts beside a reference": (
        {
            "$schema": DRAFT_7,
            "properties": {"a": {"$ref": "#/definitions/b", "maximum": 5, "$id": "http://example.com/"}},
            "required": ["a"],
            "definitions": {"b": INTEGER},
        },
        [{"a": 7}],
        [{"a": "x"}],
    ),
    "since draft 2019-09 it does": (
        {"$schema": DRAFT_2019, "$ref": "#/$defs/b", "maximum": 5, "$defs": {"b": INTEGER}},
        [5],
        [7],
    ),
    "in draft 7 an identifier may be an anchor": (
        {"$schema": DRAFT_7, "allOf": [{"$ref": "#b"}], "definitions": {"a": {"$id": "#b", **INTEGER}}},
        [1],
        ["x"],
    ),
    "in draft 4 an identifier has no dollar": (
        {"$schema": DRAFT_4, "allOf": [{"$ref": "b"}], "definitions": {"a": {"id": "b", **INTEGER}}},
        [1],
        ["x"],
    ),
    "a dynamic reference to a plain anchor is a plain one": (
        {"$id": "http://example.com/", "$dynamicRef": "#a", "$defs": {"b": {"$anchor": "a", **INTEGER}}},
        [1],
        ["x"],
    ),
    "a dynamic reference leads to the outermost resource on the way": (
        {
            "$id": "http://example.com/root",
            "properties": {"n": {"$ref": "numbers"}, "s": {"$ref": "strings"}, "any": {"$ref": "list"}},
            "required": ["n", "s", "any"],
            "$defs": {
                "numbers": of_items(INTEGER, "numbers"),
                "strings": of_items(STRING, "strings"),
                "list": LIST,
            },
        },
        [{"n": [1], "s": ["x"], "any": [1, "x"]}],
        [{"n": ["x"], "s": ["x"], "any": []}, {"n": [1], "s": [1], "any": []}],
    ),
    "a resource that is left does not count": (
        {
            "$id": "http://example.com/root",
            "allOf": [{"$ref": "numbers"}, {"$ref": "list"}],
            "$defs": {"numbers": of_items(INTEGER, "numbers"), "list": LIST},
        },
        [[1]],
        [["x"]],
    ),
    "a recursive reference leads to the outermost resource, too": (
        {
            "$schema": DRAFT_2019,
            "$id": "http://example.com/strict",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "maxItems": 1,
            "$defs": {
                "tree": {
                    "$id": "tree",
                    "$recursiveAnchor": True,
                    "type": "array",
                    "items": {"$recursiveRef": "#"},
                }
            },
        },
        [[], [[[]]]],
        [[[], []], [[[], []]]],
    ),
}


@pytest.mark.parametrize(("schema", "valid", "invalid"), MEANINGS.values(), ids=MEANINGS.keys())
def test_a_reference_means_what_it_means_where_it_stands(
    schema: dict[str, Any], valid: list[Any], invalid: list[Any]
) -> None:
    assert Fidelity.CHECKED not in {finding.fidelity for finding in lower(schema).fidelity}
    assert [value for value in valid if not decoder_allows(schema, value)] == []
    assert [value for value in invalid if decoder_allows(schema, value)] == []


@pytest.mark.parametrize(("schema", "valid", "invalid"), MEANINGS.values(), ids=MEANINGS.keys())
def test_the_validator_agrees(schema: dict[str, Any], valid: list[Any], invalid: list[Any]) -> None:
    import jsonschema_rs

    validator: Any = jsonschema_rs.validator_for(schema)
    assert [value for value in valid if not validator.is_valid(value)] == []
    assert [value for value in invalid if validator.is_valid(value)] == []


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, "'https://json-schema.org/draft/2020-12"),
        ({"$id": "http://example.com/a/", "items": {"$ref": "b.json#c"}}, "'http://example.com/a/b.json#c'"),
        ({"items": {"$ref": "#nowhere"}}, "'#nowhere'"),
        (
            {"$ref": "b", "$defs": {"c": {}, "b": {"$id": "b", "items": {"$ref": "#/$defs/c"}}}},
            "'b#/$defs/c'",
        ),
    ],
)
def test_a_reference_to_elsewhere_is_refused_by_its_name(schema: dict[str, Any], named: str) -> None:
    with pytest.raises(UnsupportedSchema, match="nothing is fetched") as caught:
        lower(schema)
    assert named in str(caught.value)


def test_a_reference_to_elsewhere_that_nothing_needs_does_no_harm() -> None:
    schema = {"type": "null", "$defs": {"unused": {"$id": "b", "$ref": "http://example.com/c"}}}
    assert decoder_allows(schema, None)


def test_a_schema_of_pointers_alone_stays_as_it_is() -> None:
    schema = {"$id": "http://example.com/", "items": {"$ref": "#/$defs/a"}, "$defs": {"a": INTEGER}}
    assert localised(schema) is schema


def test_a_schema_that_nests_too_deep_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(1_000):
        schema = {"items": schema}
    with pytest.raises(UnsupportedSchema, match="nested deeper"):
        localised(schema)
