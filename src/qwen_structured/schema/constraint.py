"""Choose what of a JSON Schema the decoder enforces, and say so for each constraint.

The engine's own converter (XGrammar 0.2) drops in silence what it does not know and forbids some of what it
should allow. So it is given only what it is known to do right; everything else is left to validation, with a
finding that says so. Formats of dates and times are handed over as patterns, because its own forbid local
times.

These hold for every answer, and get no finding of their own: it is compact JSON, with properties in the
schema's order and each number of an enum in one spelling; an object whose schema does not mention additional
properties has none.

Source: measured with xgrammar 0.2.8 on 81 Pydantic models, the JSON Schema Test Suite and 1,499 schemas from
practice; `tests/unit/test_constraint.py` holds findings to what the engine does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from .._sketch import definitions_to_name, resolve
from ..exceptions import UnsupportedSchema
from . import pattern
from .fidelity import Fidelity, Finding

_MAX_INTEGER = 2**53
_MAX_NUMBER = 1e9
_NUMBER_DECIMALS = 6
_ANNOTATIONS = frozenset(
    "title description default examples deprecated readOnly writeOnly discriminator "
    "$schema $id $comment $defs definitions".split()
)
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
_ZONE = r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_SPELLING = (Fidelity.NARROWED, "one spelling of several")
_CALENDAR = (Fidelity.CHECKED, "the calendar, such as 30 February")
_ZONE_RULE = (Fidelity.CHECKED, "whether there has to be a time zone")
_FORMATS: Mapping[str, tuple[str, tuple[tuple[Fidelity, str], ...]]] = {
    "date": (f"^{_DAY}$", (_CALENDAR,)),
    "time": (f"^{_CLOCK}{_ZONE}$", (_SPELLING, _ZONE_RULE)),
    "date-time": (f"^{_DAY}T{_CLOCK}{_ZONE}$", (_SPELLING, _CALENDAR, _ZONE_RULE)),
    "uuid": ("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", (_SPELLING,)),
}
_KEYWORDS = {
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "object": frozenset(
        "properties required additionalProperties patternProperties propertyNames minProperties "
        "maxProperties dependentRequired dependentSchemas unevaluatedProperties dependencies".split()
    ),
    "array": frozenset(
        "items prefixItems additionalItems minItems maxItems uniqueItems contains minContains maxContains "
        "unevaluatedItems".split()
    ),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
}
_KEYWORDS["integer"] = _KEYWORDS["number"]
_OF_A_TYPE = frozenset().union(*_KEYWORDS.values())
_ANY = "any"

_Schema = Mapping[str, Any]
_Handled = tuple[set[str], dict[str, Any]]
"""The keywords that were dealt with, and the constraint that they gave."""


def constrain(schema: _Schema) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Split a schema into what the decoder enforces and what becomes of each of its constraints.

    A definition that is recursive or used more than once is reported once, at its own name; every other one
    where it is used.

    Returns:
        The schema for the engine's converter, of which every keyword is enforced; and a finding for each way
        in which a constraint of `schema` is enforced or not.

    Raises:
        UnsupportedSchema: some place of it admits no value at all, or refers to what is not there.
    """
    walk = _Walk(schema)
    constraint = walk.node(schema, "")
    return constraint | ({"$defs": walk.definitions} if walk.definitions else {}), tuple(walk.findings)


class _Walk:
    """One pass over a schema, collecting findings and the definitions that the constraint refers to."""

    def __init__(self, root: _Schema) -> None:
        self._root = root
        self._named = frozenset(definitions_to_name(root))
        self._names: dict[str, str] = {}
        self.definitions: dict[str, Any] = {}
        self.findings: list[Finding] = []

    def node(self, schema: _Schema | bool, path: str) -> dict[str, Any]:
        if schema is False:
            raise _no_value(path, "it is false")
        if schema is True:
            return self._any()
        if "$ref" in schema:
            return self._reference(schema, path)
        if "const" in schema or "enum" in schema:
            return self._values(schema, path)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema and not _OF_A_TYPE & schema.keys():
                return self._choice(schema, keyword, path)
        if merged := _merged(schema):
            return self.node(merged, path)
        return self._typed(schema, path)

    def _any(self) -> dict[str, Any]:
        """Any value, spelt out, because the converter's own asks for spaces inside it."""
        again = {"$ref": f"#/$defs/{_ANY}"}
        self.definitions[_ANY] = {
            "anyOf": [
                {"type": "object", "additionalProperties": again},
                {"type": "array", "items": again},
                *({"type": kind} for kind in ("string", "number", "boolean", "null")),
            ]
        }
        return again

    def _reference(self, schema: _Schema, path: str) -> dict[str, Any]:
        ref = str(schema["$ref"])
        self._rest(schema, {"$ref"}, path)
        if ref == "#":
            return {"$ref": ref}
        if ref not in self._names:
            target = self._target(ref, path)
            name = self._names[ref] = self._free_name(ref)
            self.definitions[name] = {}
            self.definitions[name] = self.node(target, name if ref in self._named else path)
        return {"$ref": f"#/$defs/{self._names[ref]}"}

    def _target(self, ref: str, path: str) -> _Schema | bool:
        target = resolve(self._root, ref)
        if target is None:
            raise UnsupportedSchema(
                f"{path or 'the schema'} refers to {ref!r}, which is not in it: put it into its $defs"
            )
        return target

    def _free_name(self, ref: str) -> str:
        name = re.sub(r"[^\w.-]", "_", ref.rsplit("/", 1)[-1]) or "definition"
        taken = {*self.definitions, _ANY}
        return name if name not in taken else f"{name}.{len(taken)}"

    def _values(self, schema: _Schema, path: str) -> dict[str, Any]:
        keyword = "const" if "const" in schema else "enum"
        values = [schema["const"]] if keyword == "const" else schema["enum"]
        values = [value for value in values if _is_of_type(value, schema.get("type"))]
        if not values:
            raise _no_value(path, f"its {keyword} has no value of its type")
        self._find(path, keyword, Fidelity.EXACT)
        self._rest(schema, {keyword, "type"}, path)
        return {"enum": values} if keyword == "enum" else {"const": values[0]}

    def _choice(self, schema: _Schema, keyword: str, path: str) -> dict[str, Any]:
        branches = [self.node(branch, path) for branch in schema[keyword] if branch is not False]
        if not branches:
            raise _no_value(path, f"its {keyword} has no branch that admits one")
        if keyword == "oneOf" and not self._are_told_apart(schema):
            self._checked(path, keyword, "that only one of them matches")
        self._rest(schema, {keyword}, path)
        return {"anyOf": branches}

    def _are_told_apart(self, schema: _Schema) -> bool:
        """Whether at most one branch of a ``oneOf`` can match, because each has tags of its own."""
        tag = schema.get("discriminator", {}).get("propertyName")
        tags = [value for branch in schema["oneOf"] for value in self._tags(branch, tag) or [None, None]]
        return len(tags) == len(set(map(repr, tags)))

    def _tags(self, schema: _Schema | bool | None, tag: str) -> Sequence[Any] | None:
        """The values that a property must have one of; None if any will do."""
        if isinstance(schema, Mapping) and "$ref" in schema:
            schema = resolve(self._root, str(schema["$ref"]))
        if not isinstance(schema, Mapping):
            return None
        if nested := schema.get("oneOf"):
            inner = [self._tags(branch, tag) for branch in nested]
            return None if None in inner else [value for values in inner for value in values or ()]
        values = schema.get("properties", {}).get(tag, {})
        if tag not in schema.get("required", ()):
            return None
        return [values["const"]] if "const" in values else values.get("enum")

    def _typed(self, schema: _Schema, path: str) -> dict[str, Any]:
        kind = schema.get("type")
        if isinstance(kind, list):
            return {"anyOf": [self._typed({**schema, "type": one}, path) for one in kind]}
        if kind:
            self._find(path, f"type {kind}", Fidelity.EXACT)
        elif kind := _implied_type(schema):
            self._find(path, f"type {kind}", Fidelity.NARROWED, "the schema allows any other type too")
        else:
            self._rest(schema, set(), path)
            return self._any()
        handle = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": self._number,
        }
        handled, constraint = handle.get(kind, _bare)(schema, path)
        applying = {key: value for key, value in schema.items() if _applies(key, kind)}
        self._rest(applying, handled | {"type"}, path)
        return {"type": kind, **constraint}

    # --- objects and arrays ------------------------------------------------------------------

    def _object(self, schema: _Schema, path: str) -> _Handled:
        out: dict[str, Any] = {}
        required = list(schema.get("required", ()))
        if properties := self._properties(schema, required, path):
            out["properties"] = properties
        if required:
            out["required"] = required
            self._find(path, "required", Fidelity.EXACT)
        rest = schema.get("additionalProperties", not properties)
        if "patternProperties" in schema:
            out["additionalProperties"] = self._any()
            return {"properties", "required"}, out
        if rest is True and properties:
            self._find(path, "additionalProperties", Fidelity.NARROWED, "only the named ones are written")
        elif rest is False:
            out["additionalProperties"] = False
            if "additionalProperties" in schema:
                self._find(path, "additionalProperties", Fidelity.EXACT)
        else:
            out["additionalProperties"] = self.node(rest, f"{path}{{}}")
            if properties:
                self._checked(path, "additionalProperties", "a named property that is spelt with escapes")
        return {"properties", "required", "additionalProperties"}, out

    def _properties(self, schema: _Schema, required: Sequence[str], path: str) -> dict[str, Any]:
        """The named ones, and those that are only required: the decoder does not know a name otherwise."""
        named = schema.get("properties", {})
        rest = True if "patternProperties" in schema else schema.get("additionalProperties", True)
        properties = {**named, **{name: rest for name in required if name not in named}}
        return {
            name: self.node(inner, _join(path, name))
            for name, inner in properties.items()
            if inner is not False or name in required
        }

    def _array(self, schema: _Schema, path: str) -> _Handled:
        out: dict[str, Any] = {}
        items, prefix = schema.get("items"), schema.get("prefixItems")
        if isinstance(items, list):  # draft 7 spells prefixItems so
            items, prefix = schema.get("additionalItems"), items
        if prefix is not None:
            out["prefixItems"] = [self.node(item, f"{path}[{i}]") for i, item in enumerate(prefix)]
        if items is None and prefix and schema.get("maxItems", len(prefix) + 1) > len(prefix):
            self._find(path, "prefixItems", Fidelity.NARROWED, "no items are written beyond them")
            items = schema.get("minItems", 0) > len(prefix)
        if items is None and not prefix:
            items = True
        if items is not None:
            out["items"] = False if items is False else self.node(items, f"{path}[]")
        for keyword in ("minItems", "maxItems"):
            if keyword in schema:
                out[keyword] = int(schema[keyword])
                self._find(path, f"{keyword} {schema[keyword]}", Fidelity.EXACT)
        return {"items", "prefixItems", "additionalItems", "minItems", "maxItems"}, out

    # --- texts and numbers -------------------------------------------------------------------

    def _string(self, schema: _Schema, path: str) -> _Handled:
        named = str(schema.get("format"))
        if (text := schema.get("pattern")) is not None:
            reading = pattern.read(text)
            self._find_each(path, f"pattern {text}", reading.deviations)
            handled = {"pattern"} | (_decided_by_decimal(schema) if named == "decimal" else set())
            return handled, {"pattern": text} if reading.enforced else {}
        if named in _FORMATS:
            enforced, deviations = _FORMATS[named]
            self._find_each(path, f"format {named}", deviations)
            return {"format"}, {"pattern": enforced}
        return set(), {}

    def _integer(self, schema: _Schema, path: str) -> _Handled:
        out: dict[str, Any] = {}
        for keyword, target, step in (
            ("minimum", "minimum", 0),
            ("exclusiveMinimum", "minimum", 1),
            ("maximum", "maximum", 0),
            ("exclusiveMaximum", "maximum", -1),
        ):
            bound = schema.get(keyword)
            if bound is None:
                continue
            if isinstance(bound, bool) or abs(bound) > _MAX_INTEGER or bound != int(bound):
                self._checked(path, f"{keyword} {bound}", "not a whole number of at most 53 bits")
                continue
            limit = int(bound) + step
            tighter = max if target == "minimum" else min
            out[target] = tighter(out[target], limit) if target in out else limit
            self._find(path, f"{keyword} {bound}", Fidelity.EXACT)
        return {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}, out

    def _number(self, schema: _Schema, path: str) -> _Handled:
        keywords = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
        out: dict[str, Any] = {}
        for keyword in keywords:
            bound = schema.get(keyword)
            if bound is None:
                continue
            if isinstance(bound, bool) or abs(bound) > _MAX_NUMBER or round(bound, _NUMBER_DECIMALS) != bound:
                self._checked(path, f"{keyword} {bound}", "too large, or more than six decimals")
                continue
            out[keyword] = bound
            self._find(path, f"{keyword} {bound}", Fidelity.NARROWED, "at most six decimals, no exponent")
        return set(keywords), out

    # --- findings ----------------------------------------------------------------------------

    def _rest(self, schema: _Schema, handled: set[str], path: str) -> None:
        """Say of every keyword that was not handled that it is only checked."""
        for keyword, value in schema.items():
            if keyword in handled or keyword in _ANNOTATIONS or keyword.startswith("x-"):
                continue
            shown = f"{keyword} {value}" if isinstance(value, str | int | float) else keyword
            self._checked(path, shown, "the decoder does not know it")

    def _find_each(self, path: str, constraint: str, deviations: Sequence[tuple[Fidelity, str]]) -> None:
        for fidelity, why in deviations or ((Fidelity.EXACT, ""),):
            self._find(path, constraint, fidelity, why)

    def _checked(self, path: str, constraint: str, why: str) -> None:
        self._find(path, constraint, Fidelity.CHECKED, why)

    def _find(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        finding = Finding(path, constraint, fidelity, why)
        if finding not in self.findings:
            self.findings.append(finding)


def _no_value(path: str, why: str) -> UnsupportedSchema:
    return UnsupportedSchema(f"{path or 'the schema'} admits no value ({why}): remove or correct it")


def _merged(schema: _Schema) -> dict[str, Any] | None:
    """A schema with its only ``allOf`` branch laid into it; None where both say something of the value."""
    branches = schema.get("allOf", ())
    own = {key: value for key, value in schema.items() if key != "allOf"}
    if len(branches) != 1 or not isinstance(branches[0], Mapping):
        return None
    says = own.keys() - _ANNOTATIONS
    return None if says - {"type"} or says & branches[0].keys() else {**branches[0], **own}


def _applies(keyword: str, kind: str) -> bool:
    """Whether a keyword says anything of a type; bounds do of a decimal's text, though not to JSON Schema."""
    if keyword not in _OF_A_TYPE:
        return True
    return keyword in _KEYWORDS.get(kind, ()) or (kind == "string" and keyword in _KEYWORDS["number"])


def _decided_by_decimal(schema: _Schema) -> set[str]:
    """What the pattern of a decimal enforces by itself: its form, and by having no sign the bound 0."""
    return {"format", "minimum"} if schema.get("minimum") == 0 else {"format"}


def _bare(_schema: _Schema, _path: str) -> _Handled:
    return set(), {}


def _implied_type(schema: _Schema) -> str | None:
    return next((kind for kind, keywords in _KEYWORDS.items() if keywords & schema.keys()), None)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "object": Mapping,
    "array": list,
    "number": (int, float),
    "integer": (int, float),
    "boolean": bool,
    "null": type(None),
}


def _is_of_type(value: object, kind: str | Sequence[str] | None) -> bool:
    if kind is None:
        return True
    if not isinstance(kind, str):
        return any(_is_of_type(value, one) for one in kind)
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _TYPES[kind]) and (kind != "integer" or value == int(cast("float", value)))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
