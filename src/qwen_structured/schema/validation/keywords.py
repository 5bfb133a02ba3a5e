"""Say a rule in keywords of JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import JsonSchemaValue

from . import texts
from .beyond import marked

_LARGEST_FLOAT = 1.7976931348623157e308
BOUNDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "multiple_of": "multipleOf",
}
_INLINE_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}


def pattern_of(pattern: str | re.Pattern[str], engine: str | None) -> dict[str, Any]:
    """A pattern with the dialect that it is written in: a compiled one is Python's, flags and all."""
    if isinstance(pattern, str):
        return {"pattern": pattern, "x-pattern-dialect": "python" if engine == "python-re" else "rust"}
    flags = "".join(letter for flag, letter in _INLINE_FLAGS.items() if pattern.flags & flag)
    text = f"(?{flags}:{pattern.pattern})" if flags else pattern.pattern
    out: dict[str, Any] = {"pattern": text, "x-pattern-dialect": "python"}
    if pattern.flags & (re.VERBOSE | re.ASCII):
        return marked({}, f"pattern {pattern.pattern}", "it has a flag that a pattern cannot say")
    return out


def with_pattern(schema: JsonSchemaValue, pattern: str) -> JsonSchemaValue:
    """The schema with one more pattern."""
    if "pattern" not in schema:
        return {**schema, "pattern": pattern}
    return {**schema, "allOf": [*schema.get("allOf", ()), {"pattern": pattern}]}


def lengths(least: int | None, most: int | None) -> dict[str, int]:
    """Bounds in characters, where there are any."""
    return {key: value for key, value in (("minLength", least), ("maxLength", most)) if value is not None}


def email(schema: JsonSchemaValue) -> JsonSchemaValue:
    """The schema of addresses that ``email-validator`` takes without asking the network."""
    out = with_pattern(with_pattern(schema, texts.EMAIL), texts.EMAIL_LENGTH)
    return {**out, "not": {"pattern": texts.EMAIL_RESERVED}}


def finite(schema: JsonSchemaValue) -> JsonSchemaValue:
    """The schema without numbers that a float rounds to infinity."""
    out = dict(schema)
    if "exclusiveMinimum" not in out:
        out.setdefault("minimum", -_LARGEST_FLOAT)
    if "exclusiveMaximum" not in out:
        out.setdefault("maximum", _LARGEST_FLOAT)
    return out


def bounded(schema: JsonSchemaValue, bounds: Mapping[str, Any]) -> JsonSchemaValue:
    """The schema with bounds that Pydantic checks behind it, in the keywords of its type."""
    says: dict[str, Any] = {}
    for name, value in bounds.items():
        if keyword := _keyword_of(name, schema):
            says[keyword] = value
        else:
            schema = marked(schema, f"{name} {value}", "it is of a value that JSON has no type for")
    if not says.keys() & schema.keys():
        return {**schema, **says}
    return {**schema, "allOf": [*schema.get("allOf", ()), says]}


def _keyword_of(bound: str, schema: JsonSchemaValue) -> str | None:
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return BOUNDS.get(bound)
    if bound not in ("min_length", "max_length") or schema.get("format"):
        return None
    suffix = {"string": "Length", "array": "Items", "object": "Properties"}.get(str(kind))
    return suffix and bound[:3] + suffix


def parsed(pattern: str, value: JsonSchemaValue) -> JsonSchemaValue:
    """A key that is the JSON text of a number, whose bounds are those of what it spells."""
    out: JsonSchemaValue = {"type": "string", "pattern": pattern}
    says = {key for key in value if key not in ("type", "title")}
    return {**out, "contentMediaType": "application/json", "contentSchema": untitled(value)} if says else out


def untitled(schema: JsonSchemaValue) -> JsonSchemaValue:
    """The schema without the title that a field would give it."""
    return {key: value for key, value in schema.items() if key != "title"}
