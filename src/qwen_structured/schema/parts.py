"""Find the schema of a part of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._sketch import resolve

Schema = Mapping[str, Any] | bool


def part_of(root: Mapping[str, Any], value: Any, steps: Iterable[int | str]) -> Schema | None:
    """The schema of what stands at a place of an answer, by the keywords for properties and items.

    It may say less than the whole schema does of that place, never more.

    Args:
        root: the schema of the whole answer.
        value: the answer; of a union, it says which branch is meant.
        steps: keys and indices that lead to the place.

    Returns:
        The schema, whose references lead into `root`; None if the place is not in it.
    """
    schema: Schema | None = root
    for step in steps:
        schema = _inner(root, schema, value, step)
        if schema is None:
            return None
        try:
            value = value[step]
        except LookupError:  # a field that is missing
            value = None
    return schema


def resolved(root: Mapping[str, Any], schema: Schema, value: Any) -> Mapping[str, Any]:
    """The object or array schema that a value is of, with references followed and a branch chosen."""
    for _ in range(100):  # references may go in a circle
        if isinstance(schema, bool):
            return {}
        if "$ref" in schema:
            schema = {**_mapping(resolve(root, schema["$ref"])), **_without_ref(schema)}
            continue
        branches = schema.get("anyOf") or schema.get("oneOf")
        chosen = next((one for one in branches or () if may_be(root, one, value)), None)
        if chosen is None:
            return schema
        schema = {**{k: v for k, v in schema.items() if k not in ("anyOf", "oneOf")}, **_mapping(chosen)}
    return {}


def may_be(root: Mapping[str, Any], schema: Schema, value: Any, depth: int = 3) -> bool:
    """Whether a value, which may lack fields, can be of a schema; looks at types, tags and names alone."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        schema = {**_mapping(resolve(root, schema["$ref"])), **_without_ref(schema)}
    if "const" in schema and schema["const"] != value:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "type" in schema and not _kinds_of(value) & set(listed(schema["type"])):
        return False
    if isinstance(value, Mapping) and depth and "properties" in schema:
        known = schema["properties"]
        closed = "additionalProperties" not in schema or schema["additionalProperties"] is False
        return all(
            may_be(root, known[key], inner, depth - 1) if key in known else not closed
            for key, inner in value.items()
        )
    branches = schema.get("anyOf") or schema.get("oneOf")
    return not branches or any(may_be(root, one, value, depth) for one in branches)


def _inner(root: Mapping[str, Any], schema: Schema | None, value: Any, step: int | str) -> Schema | None:
    if schema is None:
        return None
    found = resolved(root, schema, value)
    if isinstance(step, int):
        items = found.get("items")
        prefix = items if isinstance(items, list) else found.get("prefixItems", ())
        return prefix[step] if step < len(prefix) else None if isinstance(items, list) else items
    properties = found.get("properties", {})
    return properties[step] if step in properties else found.get("additionalProperties")


def _kinds_of(value: Any) -> set[str]:
    match value:
        case None:
            return {"null"}
        case bool():
            return {"boolean"}
        case int():
            return {"integer", "number"}
        case float():
            return {"number", "integer"} if value.is_integer() else {"number"}
        case str():
            return {"string"}
        case Mapping():
            return {"object"}
        case _:
            return {"array"}


def listed(kinds: Any) -> list[str]:
    """What a keyword ``type`` names."""
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _mapping(schema: Any) -> Mapping[str, Any]:
    return schema if isinstance(schema, Mapping) else {}


def _without_ref(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$ref"}
