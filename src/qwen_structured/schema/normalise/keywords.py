"""What a schema's own keywords say of each kind of value: bounds, patterns, formats, items, properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Protocol

from ..fidelity import Fidelity, property_path
from ..format_languages import format_language
from ..formats import FORMATS
from ..numbers import NotExpressible, NoValue, decimal_pattern
from ..regular import Language, NotRegular, TooLarge
from ..regular.parser import Dialect
from ..shapes import ANYTHING, Arrays, Layer, Node, Numbers, Objects, Shape, Strings

_KINDS: Final = ("null", "boolean", "number", "string", "array", "object")


class Note(Protocol):
    """Says what becomes of a constraint."""

    def __call__(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say it once or more often."""
        ...


class Keywords:
    """Reads the keywords that are about one kind of value.

    Args:
        note: takes the findings.
        drops_others: it is the schema of a Python type, and formats are Pydantic's.
    """

    def __init__(self, note: Note, *, drops_others: bool) -> None:
        self._find, self._drops_others = note, drops_others

    def shape(self, schema: Mapping[str, Any], path: str) -> Shape:
        """What they admit of all kinds."""
        if not schema.keys() & _OF_A_KIND:
            return ANYTHING
        kinds = _kinds(schema)
        if "type" in schema:
            self._find(path, f"type {_names(schema['type'])}", Fidelity.EXACT)
        shape = Shape(null="null" in kinds, booleans=ANYTHING.booleans if "boolean" in kinds else frozenset())
        if "number" in kinds or "integer" in kinds:
            shape |= self._number(schema, integer="number" not in kinds)
        if "string" in kinds:
            shape |= self._string(schema, path)
        if "array" in kinds:
            shape |= self._array(schema, path)
        if "object" in kinds:
            shape |= self._object(schema, path)
        return ANYTHING if shape == ANYTHING else shape

    def _number(self, schema: Mapping[str, Any], *, integer: bool) -> Shape:
        numbers: Numbers | None = Numbers(integer=integer)
        for keyword, make in _BOUNDS.items():
            bound = schema.get(keyword)
            if bound is None:
                continue
            if isinstance(bound, bool):  # draft 4 says so that minimum and maximum are exclusive
                bound = schema.get("minimum" if keyword == "exclusiveMinimum" else "maximum")
                if not schema[keyword] or bound is None:
                    continue
            numbers = numbers and numbers & make(Fraction(repr(bound) if isinstance(bound, float) else bound))
        return Shape(numbers=(numbers,) if numbers else ())

    def _string(self, schema: Mapping[str, Any], path: str) -> Shape:
        exact = True
        strings: Strings | None = Strings(
            low=int(schema.get("minLength", 0)),
            high=int(schema["maxLength"]) if "maxLength" in schema else None,
        )
        if "contentSchema" in schema and self._drops_others and strings:  # elsewhere it asserts nothing
            strings &= Strings(content=(Node.of(schema["contentSchema"], path=path),))
            exact = False
        if schema.get("format") in FORMATS and not FORMATS[schema["format"]].exact:
            exact = False
        for keyword, language in self._languages(schema, path):
            if language is None:
                exact = False
                continue
            try:
                if not language.is_plain():
                    language.states()  # which it is written by
                strings = strings and strings & Strings(language)
            except TooLarge as error:
                self._find(path, said(schema, keyword), Fidelity.CHECKED, f"beyond a limit: {error}")
                exact = False
        return Shape(strings=(strings,) if strings else (), exact=exact)

    def _languages(self, schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, Language | None]]:
        if "x-decimal" in schema:
            yield "x-decimal", self._decimal(schema["x-decimal"], path)
        elif "pattern" in schema:
            dialect = _DIALECTS[schema.get("x-pattern-dialect", "ecma")]
            try:
                language = Language.of_pattern(schema["pattern"], dialect=dialect)
                self._find(path, said(schema, "pattern"), Fidelity.EXACT)
                yield "pattern", language
            except (NotRegular, TooLarge) as error:
                self._find(path, said(schema, "pattern"), Fidelity.CHECKED, str(error))
                yield "pattern", None
        named = str(schema.get("format"))
        if self._drops_others:
            named = "" if "pattern" in schema and named in _SAID_BY_PATTERN else _OF_PYTHON.get(named, named)
        if self._drops_others and (why := _NARROWED_BY_PATTERN.get(str(schema.get("format")))):
            self._find(path, said(schema, "format"), Fidelity.NARROWED, why)
        if (known := FORMATS.get(named)) is not None:
            exact = known.exact or (self._drops_others and named.startswith(_BY_VALUE))
            fidelity, why = (Fidelity.EXACT, "") if exact else (Fidelity.NARROWED, known.why)
            self._find(path, said(schema, "format"), fidelity, why)
            yield "format", format_language(named)

    def _decimal(self, rules: Mapping[str, str], path: str) -> Language | None:
        """The texts of a decimal within bounds."""
        low, high = rules.get("ge", rules.get("gt")), rules.get("le", rules.get("lt"))
        try:
            pattern = decimal_pattern(
                None if low is None else Decimal(low),
                None if high is None else Decimal(high),
                "gt" in rules,
                "lt" in rules,
                int(rules["max_digits"]) if "max_digits" in rules else None,
                int(rules["decimal_places"]) if "decimal_places" in rules else None,
                Decimal(rules["multiple_of"]) if "multiple_of" in rules else None,
            )
            language = Language.of_pattern(f"^({pattern})$")
        except (NotExpressible, NoValue, TooLarge) as error:
            self._find_rules(rules, path, Fidelity.CHECKED, str(error))
            return None
        self._find_rules(rules, path, Fidelity.EXACT)
        return language

    def _find_rules(self, rules: Mapping[str, str], path: str, fidelity: Fidelity, why: str = "") -> None:
        for name, value in rules.items():
            self._find(path, f"{name} {value}", fidelity, why)

    def _array(self, schema: Mapping[str, Any], path: str) -> Shape:
        items, prefix = schema.get("items"), schema.get("prefixItems", ())
        if isinstance(items, list):  # draft 7 spells prefixItems so
            items, prefix = schema.get("additionalItems"), items
        rest = None if items is False else Node.of(True if items is None else items, path=f"{path}[]")
        contains: tuple[tuple[Node, int, int | None], ...] = ()
        if "contains" in schema and schema.get("minContains", 1) + (schema.get("maxContains") is not None):
            node = Node.of(schema["contains"], path=f"{path}[]")
            contains = ((node, int(schema.get("minContains", 1)), schema.get("maxContains")),)
        arrays = Arrays(
            tuple(Node.of(item, path=f"{path}[{i}]") for i, item in enumerate(prefix)),
            rest,
            int(schema.get("minItems", 0)),
            int(schema["maxItems"]) if "maxItems" in schema else None,
            bool(schema.get("uniqueItems", False)),
            contains,
        )
        possible = arrays.high is None or arrays.low <= arrays.high
        return Shape(arrays=(arrays,) if possible else ())

    def _object(self, schema: Mapping[str, Any], path: str) -> Shape:
        exact = True
        patterns: list[tuple[Language, Node]] = []
        for pattern, inner in schema.get("patternProperties", {}).items():
            try:
                patterns.append((Language.of_pattern(pattern), Node.of(inner, path=f"{path}{{{pattern}}}")))
            except (NotRegular, TooLarge) as error:
                self._find(path, f"patternProperties {pattern}", Fidelity.CHECKED, str(error))
                exact = False
        rest = schema.get("additionalProperties", True) if exact else True
        properties = {
            name: Node.of(inner, path=property_path(path, name))
            for name, inner in schema.get("properties", {}).items()
        }
        layer = Layer(
            properties,
            tuple(patterns),
            None if rest is False else Node.of(rest, path=f"{path}{{}}"),
            "additionalProperties" in schema,
        )
        says = properties or patterns or rest is not True
        names = (
            (Node.of(schema["propertyNames"], {"type": "string"}, path=path),)
            if "propertyNames" in schema
            else ()
        )
        objects = Objects(
            (layer,) if says else (),
            tuple(schema.get("required", ())) if not isinstance(schema.get("required"), bool) else (),
            names,
            int(schema.get("minProperties", 0)),
            int(schema["maxProperties"]) if "maxProperties" in schema else None,
        )
        possible = objects.high is None or objects.low <= objects.high
        return Shape(objects=(objects,) if possible else (), exact=exact)


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type")
    if named is None:
        return frozenset(_KINDS)
    return frozenset([named] if isinstance(named, str) else named)


def _names(kinds: str | Sequence[str]) -> str:
    return kinds if isinstance(kinds, str) else " | ".join(kinds)


def said(schema: Mapping[str, Any], keyword: str) -> str:
    """A keyword as findings name it."""
    value = schema[keyword]
    return f"{keyword} {value}" if isinstance(value, str | int | float) else keyword


_DIALECTS: Final[Mapping[str, Dialect]] = {"ecma": "ecma", "rust": "rust", "python": "rust"}
_OF_PYTHON: Final = {"date-time": "date-time-any", "time": "time-any", "duration": "timedelta"}
"""The names that formats of Python's types have in `FORMATS`, where JSON Schema's mean something else."""
_SAID_BY_PATTERN: Final = frozenset("duration uri multi-host-uri decimal fraction binary complex".split())
"""Formats that say nothing beyond the pattern that stands beside them in the schema of a Python type."""
_NARROWED_BY_PATTERN: Final = {
    "decimal": "written out, without exponent",
    "complex": "of finite parts, without parentheses",
}
"""What the pattern of a format leaves out."""
_BY_VALUE: Final = ("date", "time", "uuid")
"""Formats whose every value, as Python has it, can be written in one spelling of several."""
_BOUNDS: Final[Mapping[str, Callable[[Fraction], Numbers]]] = {
    "minimum": lambda bound: Numbers(low=bound),
    "exclusiveMinimum": lambda bound: Numbers(low=bound, low_open=True),
    "maximum": lambda bound: Numbers(high=bound),
    "exclusiveMaximum": lambda bound: Numbers(high=bound, high_open=True),
    "multipleOf": lambda bound: Numbers(multiple_of=bound),
}
_OF_A_KIND: Final = _BOUNDS.keys() | frozenset(
    "type minLength maxLength pattern format items prefixItems additionalItems minItems maxItems uniqueItems "
    "contains properties required additionalProperties patternProperties propertyNames minProperties "
    "maxProperties".split()
)
