r"""Write a JSON Schema as a short type sketch, the form in which prompts show it to the model.

A sketch says what the schema says in about half its tokens::

    {
      number: string (matches ^INV-\d{4}$) // the invoice's number
      lines: [{
        description: string
        quantity: integer (>= 1)
      }, ...]
      note: string | null
    }

It imports nothing but the standard library, because the training of the embedded model writes its
prompts with it too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*\Z")
_INDENT = "  "


def sketch(schema: Mapping[str, Any]) -> str:
    """Render `schema` as a type sketch.

    Definitions that are recursive or used more than once stand first, by name (``Node = {...}``);
    every other reference is written out where it is used. Keywords that a sketch has no notation
    for are left out: the sketch informs the model, it enforces nothing.

    Args:
        schema: a JSON Schema, draft 2020-12 or 7, with its definitions in ``$defs`` or
            ``definitions``.

    Returns:
        Text of one or more lines, without a final line break.

    Example:
        >>> print(sketch({"type": "array", "items": {"type": "integer", "minimum": 0}}))
        [integer (>= 0), ...]
    """
    return _Sketcher(schema).render()


def instruction(schema: Mapping[str, Any]) -> str:
    """Tell the model to answer with JSON of the type that `schema` describes."""
    return f"Answer with compact JSON only, of this type:\n{sketch(schema)}"


class _Sketcher:
    """One rendering: the root schema and which of its definitions go by name."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._named = definitions_to_name(root)

    def render(self) -> str:
        parts = [f"{_name_of(ref)} = {self._definition(ref)}" for ref in self._named]
        note = _note(self._root)
        return "\n".join([*parts, *([f"// {note}"] if note else []), self._type(self._root, "")])

    def _definition(self, ref: str) -> str:
        target = resolve(self._root, ref)
        return self._type(True if target is None else target, "")

    def _type(self, schema: Mapping[str, Any] | bool, indent: str) -> str:
        if isinstance(schema, bool):
            return "any" if schema else "never"
        if "$ref" in schema:
            ref = schema["$ref"]
            if ref in self._named:
                return _name_of(ref)
            target = resolve(self._root, ref)
            if not isinstance(target, Mapping):
                return self._type(target is not False, indent)
            return self._type({**target, **_without(schema, "$ref")}, indent)
        if "const" in schema:
            return _literal(schema["const"])
        if "enum" in schema:
            return " | ".join(_literal(value) for value in schema["enum"])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return " | ".join(self._type(branch, indent) for branch in schema[keyword])
        if "allOf" in schema and "type" not in schema:
            return " & ".join(self._type(branch, indent) for branch in schema["allOf"])
        return self._typed(schema, indent)

    def _typed(self, schema: Mapping[str, Any], indent: str) -> str:
        kind = schema.get("type") or _implied_type(schema)
        if isinstance(kind, list):
            return " | ".join(self._typed({**schema, "type": one}, indent) for one in kind)
        if kind == "object":
            return self._object(schema, indent)
        if kind == "array":
            return self._array(schema, indent) + _limits(schema, "Items", "items")
        if kind == "string":
            return f"{schema.get('format', 'string')}{_string_limits(schema)}{_number_limits(schema)}"
        if kind in ("integer", "number"):
            return f"{kind}{_number_limits(schema)}"
        return str(kind or "any")

    def _object(self, schema: Mapping[str, Any], indent: str) -> str:
        inner = indent + _INDENT
        required = schema.get("required", ())
        lines = [
            inner + self._property(name, value, name in required, inner)
            for name, value in schema.get("properties", {}).items()
        ]
        lines += [f"{inner}[key]: {self._type(rest, inner)}" for rest in _open_values(schema)]
        if not lines:
            return "{}"
        return "\n".join(["{", *lines, indent + "}"])

    def _property(self, name: str, schema: Mapping[str, Any] | bool, required: bool, indent: str) -> str:
        key = name if _IDENTIFIER.match(name) else json.dumps(name, ensure_ascii=False)
        text = f"{key}{'' if required else '?'}: {self._type(schema, indent)}"
        note = _note(schema) if isinstance(schema, Mapping) else ""
        return f"{text} // {note}" if note else text

    def _array(self, schema: Mapping[str, Any], indent: str) -> str:
        items = schema.get("prefixItems", [])
        rest = schema.get("items")
        if isinstance(rest, list):  # draft 7 spells prefixItems so
            items, rest = rest, schema.get("additionalItems")
        parts = [self._type(item, indent) for item in items]
        if rest is not False and (rest is not None or not items):
            parts += [self._type(True if rest is None else rest, indent), "..."]
        return f"[{', '.join(parts)}]"


def definitions_to_name(root: Mapping[str, Any]) -> list[str]:
    """References that go by name: used more than once, or recursive; in order of first use."""
    uses: Counter[str] = Counter()
    recursive: set[str] = set()

    found = {"": _refs(_without(root, "$defs", "definitions"))}  # a stack: references may form long chains
    while found:
        last = next(reversed(found))
        ref = next(found[last], None)
        if ref is None:
            del found[last]
            continue
        uses[ref] += 1
        if ref in found:
            recursive.add(ref)
        elif uses[ref] == 1:
            found[ref] = _refs(resolve(root, ref))
    return [ref for ref, count in uses.items() if count > 1 or ref in recursive]


def _refs(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        ref = node.get("$ref")
        if isinstance(ref, str):
            yield ref
        for key, value in node.items():
            if key not in ("const", "enum", "default", "examples"):
                yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def resolve(root: Mapping[str, Any], ref: str) -> Mapping[str, Any] | bool | None:
    """The schema at a reference into `root` (``#/$defs/Line``); None if there is none."""
    if ref != "#" and not ref.startswith("#/"):
        return None
    node: Any = root
    for part in ref.split("/")[1:]:
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key)] if isinstance(node, list) else node[key]
        except (LookupError, ValueError, TypeError):
            return None
    return node if isinstance(node, Mapping | bool) else None


def _name_of(ref: str) -> str:
    return "Root" if ref == "#" else ref.rsplit("/", 1)[-1]


def _implied_type(schema: Mapping[str, Any]) -> str | None:
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    if "pattern" in schema or "format" in schema:
        return "string"
    return None


def _open_values(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | bool]:
    yield from schema.get("patternProperties", {}).values()
    rest = schema.get("additionalProperties")
    if isinstance(rest, Mapping) or (rest is True and not schema.get("properties")):
        yield rest


def _limits(schema: Mapping[str, Any], suffix: str, unit: str) -> str:
    span = _span(schema.get(f"min{suffix}"), schema.get(f"max{suffix}"))
    return f" ({span} {unit})" if span else ""


def _string_limits(schema: Mapping[str, Any]) -> str:
    parts = []
    if "pattern" in schema and schema.get("format") is None:
        parts.append(f"matches {schema['pattern']}")
    if span := _span(schema.get("minLength"), schema.get("maxLength")):
        parts.append(f"{span} characters")
    return f" ({', '.join(parts)})" if parts else ""


def _span(low: object, high: object) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"at least {low}"
    if not low:
        return f"at most {high}"
    return f"{low}" if low == high else f"{low} to {high}"


_BOUNDS = (
    ("minimum", ">="),
    ("exclusiveMinimum", ">"),
    ("maximum", "<="),
    ("exclusiveMaximum", "<"),
    ("multipleOf", "multiple of"),
)


def _number_limits(schema: Mapping[str, Any]) -> str:
    parts = [f"{sign} {schema[key]}" for key, sign in _BOUNDS if key in schema]
    return f" ({', '.join(parts)})" if parts else ""


def _note(schema: Mapping[str, Any]) -> str:
    parts = []
    if description := schema.get("description"):
        parts.append(" ".join(str(description).split()))
    if examples := schema.get("examples"):
        parts.append("e.g. " + ", ".join(_literal(example) for example in examples[:3]))
    if schema.get("default") is not None:
        parts.append(f"default {_literal(schema['default'])}")
    return "; ".join(parts)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without(schema: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in keys}
