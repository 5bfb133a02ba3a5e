"""Hypothesis strategies for the values of a JSON Schema as Pydantic writes it, dense at its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MAX_DEPTH = 5
_NO_VALUES: tuple[str, ...] = ()
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "date": ("2024-02-29", "1999-12-31", "2026-06-30", "0001-01-01"),
    "time": ("12:30:00", "12:30:00Z", "23:59:59.999999+05:30", "00:00:00-08:00"),
    "date-time": ("2024-02-29T12:30:00Z", "2024-02-29T12:30:00", "1999-12-31T23:59:59.5+05:30"),
    "duration": ("P1D", "PT1H30M", "P1Y2M3DT4H5M6S", "PT0.5S", "P1W", "-P1D"),
    "uuid": ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-11d4-a716-446655440000"),
    "uuid4": ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-11d4-a716-446655440000"),
    "ipv4": ("127.0.0.1", "255.255.255.255"),
    "ipv6": ("::1", "2001:db8::8a2e:370:7334", "::ffff:1.2.3.4"),
    "email": ("ada@example.org", "a.b+c@x.co"),
    "uri": ("https://example.org/a?b=c#d", "http://localhost:8000", "ftp://x.y/z"),
    "json-string": ("1", '{"a":1}', "[1,2]", '"x"'),
    "base64url": ("aGVsbG8=", "aGVsbG8", "_-8="),
}
_NEAR_FORMATS = (
    *("2023-02-29", "2024-04-31", "2024-1-1", "24:00:00", "12:60:00", "12:30", "2023-02-29T00:00:00Z"),
    *("P", "1 day", "550e8400", "256.0.0.1", "01.2.3.4", "1::2::3", "@example.org", "a b@c.de", "https://"),
    *("+/8=", "nope", "1.5", "1e5", "-0.01", "123456789.123"),
)
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 1e20, "", "x", '"\\\n\u00e9\U0001f600', [], [1, 1], {}, {"a": 1}),
    *_NEAR_FORMATS,
)
"""Values that few schemas allow."""


class Strategies:
    """Strategies of one schema and what it defines."""

    def __init__(self, root: Any) -> None:
        from hypothesis import strategies

        self._st: Any = strategies
        self._definitions: Mapping[str, Any] = root.get("$defs", {})

    def of(self, schema: Any, depth: int = 0) -> Any:
        """Values of a schema; far down, only the smallest."""
        match schema:
            case {"$ref": reference}:
                name = reference.removeprefix("#/$defs/")
                return self._st.deferred(lambda: self.of(self._definitions[name], depth + 1))
            case {"const": value}:
                return self._st.just(value)
            case {"enum": values}:
                return self._st.sampled_from(values)
            case {"anyOf": branches} | {"oneOf": branches}:
                return self._union(branches, depth)
            case {"type": "array"}:
                return self._array(schema, depth)
            case {"type": "object"}:
                return self._object(schema, depth)
        return self._scalar(schema)

    def _union(self, branches: list[Any], depth: int) -> Any:
        if depth > _MAX_DEPTH and {"type": "null"} in branches:
            return self._st.none()
        return self._st.one_of([self.of(branch, depth) for branch in branches])

    def _scalar(self, schema: Any) -> Any:
        match schema:
            case {"type": "null"}:
                return self._st.none()
            case {"type": "boolean"}:
                return self._st.booleans()
            case {"type": "integer"}:
                return self._integer(schema)
            case {"type": "number"}:
                return self._number(schema)
            case {"type": "string"}:
                return self._string(schema)
        return self._st.sampled_from(ODD)

    def _integer(self, schema: Any) -> Any:
        low, high = _bounds(schema)
        step = int(schema.get("multipleOf", 1)) or 1
        first = None if low is None else -int(-low // step)
        last = None if high is None else int(high // step)
        edges = [each for each in (first, last) if each is not None]
        quotients = self._st.integers(first, last)
        if edges:
            quotients = self._st.one_of(self._st.sampled_from(edges), quotients)
        return quotients.map(lambda quotient: quotient * step)

    def _number(self, schema: Any) -> Any:
        low, high = _bounds(schema)
        low = -1e6 if low is None else low
        high = max(low, 1e6 if high is None else high)
        between = self._st.floats(low, high).map(lambda number: min(max(round(number, 2), low), high))
        return self._st.one_of(self._st.sampled_from([low, high]), between)

    def _string(self, schema: Any) -> Any:
        if "pattern" in schema:
            return self._st.from_regex(_python_pattern(schema["pattern"]))
        if values := _FORMATS.get(schema.get("format", ""), _NO_VALUES):
            return self._st.sampled_from(values)
        low = schema.get("minLength", 0)
        high = min(schema.get("maxLength", low + 8), low + 400)
        letters = self._st.characters(exclude_categories=["Cs"])
        letters = self._st.one_of(self._st.sampled_from('ab 1"\\\n'), letters)
        return self._st.one_of(
            self._st.text(letters, min_size=low, max_size=high),
            self._st.text(letters, min_size=high, max_size=high),
        )

    def _array(self, schema: Any, depth: int) -> Any:
        prefix = self._st.tuples(*(self.of(item, depth) for item in schema.get("prefixItems", ())))
        if "items" not in schema and "prefixItems" in schema:
            return prefix.map(list)
        low = schema.get("minItems", 0)
        high = low if depth > _MAX_DEPTH else min(schema.get("maxItems", low + 3), low + 8)
        unique = repr if schema.get("uniqueItems") else None
        items = self._st.lists(
            self.of(schema.get("items", {}), depth + 1), min_size=low, max_size=high, unique_by=unique
        )
        return self._st.tuples(prefix, items).map(lambda parts: [*parts[0], *parts[1]])

    def _object(self, schema: Any, depth: int) -> Any:
        properties = {name: self.of(each, depth + 1) for name, each in schema.get("properties", {}).items()}
        required = {name: each for name, each in properties.items() if name in schema.get("required", ())}
        optional = {name: each for name, each in properties.items() if name not in required}
        if properties or not (values := schema.get("additionalProperties", {})):
            if depth > _MAX_DEPTH:
                return self._st.fixed_dictionaries(required)
            some = self._st.fixed_dictionaries(required, optional=optional)
            return self._st.one_of(self._st.fixed_dictionaries(properties), some)
        names = self.of(schema["propertyNames"], depth).map(str) if "propertyNames" in schema else self._key()
        low = schema.get("minProperties", 0)
        return self._st.dictionaries(
            names,
            self.of(values if isinstance(values, dict) else {}, depth + 1),
            min_size=low,
            max_size=schema.get("maxProperties", low + 3),
        )

    def _key(self) -> Any:
        """A property's name; mostly a number: the schema does not say which dicts have numbers for keys."""
        return self._st.one_of(
            self._st.integers(-9, 99).map(str), self._st.sampled_from(["7", "0", "a", "é\n"])
        )


def _bounds(schema: Any) -> tuple[Any, Any]:
    """The least and the greatest value; an exclusive bound is moved by a hundredth, or by one."""
    by = 1 if schema["type"] == "integer" else 0.01
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + by
    if "exclusiveMaximum" in schema:
        high = schema["exclusiveMaximum"] - by
    return low, high


def _python_pattern(pattern: str) -> str:
    """The pattern with an end that means the end: Python's ``$`` allows a newline after it."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern
