"""How long answers of a schema are, at least and at most, in characters of compact JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final, NamedTuple

from .._sketch import resolve
from .parts import listed

_MOST_NODES: Final = 20_000
_FORMATS: Final = {"date": 10, "uuid": 36}


class Size(NamedTuple):
    """Characters of an answer.

    Attributes:
        shortest: of the shortest one; never more than that.
        longest: of the longest one, each character of a text counted once; infinite where there is no limit.
    """

    shortest: float
    longest: float


def size_of(root: Mapping[str, Any], schema: Mapping[str, Any] | bool | None = None) -> Size:
    """The size of answers of `schema`, by default `root`, whose references lead into `root`.

    Example:
        >>> size_of({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3})
        Size(shortest=11, longest=19)
    """
    return _Sizes(root).of(root if schema is None else schema)


@dataclass(slots=True)
class _Sizes:
    root: Mapping[str, Any]
    _open: set[str] = field(default_factory=set)  # references that are being followed
    _seen: int = 0

    def of(self, schema: Mapping[str, Any] | bool | None) -> Size:
        self._seen += 1
        if not isinstance(schema, Mapping) or self._seen > _MOST_NODES:
            return Size(inf, 0) if schema is False else Size(1, inf)
        sizes = [Size(0, inf)]
        if "$ref" in schema:
            sizes.append(self._referred(schema["$ref"]))
        sizes += [_either(map(self.of, schema[key])) for key in ("anyOf", "oneOf") if key in schema]
        sizes += map(self.of, schema.get("allOf", ()))
        if "const" in schema or "enum" in schema:
            values = schema["enum"] if "enum" in schema else [schema["const"]]
            sizes.append(_either(_fixed(_length(value)) for value in values))
        elif "type" in schema:
            kinds = schema["type"]
            sizes.append(_either(self._typed(schema, kind) for kind in listed(kinds)))
        return Size(max(1, *(one.shortest for one in sizes)), min(one.longest for one in sizes))

    def _referred(self, ref: str) -> Size:
        if ref in self._open:  # the shortest answer does not go through it again
            return Size(inf, inf)
        self._open.add(ref)
        try:
            return self.of(resolve(self.root, ref))
        finally:
            self._open.discard(ref)

    def _typed(self, schema: Mapping[str, Any], kind: str) -> Size:
        match kind:
            case "object":
                return self._object(schema)
            case "array":
                return self._array(schema)
            case "string":
                length = _FORMATS.get(schema.get("format", ""))
                low, high = schema.get("minLength", 0), schema.get("maxLength", inf)
                return Size(2 + low, 2 + high) if length is None else _fixed(2 + length)
            case "integer":
                return _integer(schema)
            case "boolean":
                return Size(4, 5)
            case "null":
                return _fixed(4)
            case _:
                return Size(1, inf)

    def _object(self, schema: Mapping[str, Any]) -> Size:
        properties = schema.get("properties", {})
        required = set(schema.get("required", ()))
        others = schema.get("additionalProperties", False) is not False or "patternProperties" in schema
        low: list[float] = []
        high: list[float] = []
        for name, inner in properties.items():
            size = self.of(inner)
            key = _length(name) + 1
            high.append(key + size.longest)
            if name in required:
                low.append(key + size.shortest)
        low += [_length(name) + 2 for name in required if name not in properties]
        return Size(_enclosed(low), inf if others or not properties else _enclosed(high))

    def _array(self, schema: Mapping[str, Any]) -> Size:
        first = [self.of(one) for one in schema.get("prefixItems", ())]
        rest = self.of(schema.get("items"))
        low: int = schema.get("minItems", 0)
        high: float = schema.get("maxItems", len(first) if schema.get("items") is False else inf)
        shortest = [one.shortest for one in first[:low]]
        more = max(0, low - len(first))
        shortest += [rest.shortest] * min(more, _MOST_NODES)
        least = _enclosed(shortest)
        if high == inf:
            return Size(least, inf)
        longest = [one.longest for one in first[: int(high)]]
        longest += [rest.longest] * min(int(high) - len(longest), _MOST_NODES) if high > len(longest) else []
        return Size(least, _enclosed(longest))


def _either(sizes: Iterable[Size]) -> Size:
    found = list(sizes)
    return Size(
        min((one.shortest for one in found), default=inf), max((one.longest for one in found), default=0)
    )


def _fixed(length: float) -> Size:
    return Size(length, length)


def _enclosed(lengths: list[float]) -> float:
    """Brackets, parts, and commas between them."""
    return 2 + sum(lengths) + max(0, len(lengths) - 1)


def _integer(schema: Mapping[str, Any]) -> Size:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None or high is None:
        return Size(1 if low is None or low <= 0 else len(str(int(low))), inf)
    ends = (len(str(int(low))), len(str(int(high))))
    return Size(1 if low <= 0 <= high else min(ends), max(ends))


def _length(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
