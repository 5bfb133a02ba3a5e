"""From schemas to the `Shape` of what they admit, and to findings on what a shape cannot say.

References are resolved, conjunctions intersected, alternatives united, and negations made where sets can say
them. Where they cannot, the shape is wider than the schema, and a finding says that the rest is checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, Final

from .._sketch import definitions_to_name, resolve
from ..exceptions import UnsupportedSchema
from .fidelity import Fidelity, Finding
from .formats import FORMATS, Format
from .numbers import NotExpressible, NoValue, decimal_pattern
from .regular import Language, NotRegular, TooLarge
from .regular.parser import Dialect
from .shapes import (
    ANYTHING,
    NOTHING,
    Arrays,
    Layer,
    Node,
    Numbers,
    Objects,
    Shape,
    Strings,
    Subschema,
)

MAX_NODES: Final = 20_000
MAX_ALTERNATIVES: Final = 256
MAX_DEPTH: Final = 64

_ANNOTATIONS: Final = frozenset(
    "title description default examples deprecated readOnly writeOnly discriminator type "
    "$schema $id $comment $defs definitions $anchor $vocabulary contentEncoding contentMediaType "
    "$recursiveAnchor $dynamicAnchor id x-pattern-dialect enumNames".split()
)
_KINDS: Final = ("null", "boolean", "number", "string", "array", "object")


class Normaliser:
    """Shapes of the nodes of one schema.

    Args:
        root: the schema that references point into.
        drops_others: it is the schema of a Python type: properties of which it says nothing are no part of
            the value, and formats are Pydantic's.
    """

    def __init__(self, root: Mapping[str, Any], *, drops_others: bool = False) -> None:
        self._root = root
        self.drops_others = drops_others
        self._named = frozenset(definitions_to_name(root))
        self._shapes: dict[str, tuple[Shape, tuple[Finding, ...]]] = {}
        self._open: list[str] = []
        self._found: list[list[Finding]] = [[]]
        self.findings: dict[Finding, None] = {}
        self._applicators: dict[str, Callable[[Mapping[str, Any], str], Shape]] = {
            "$ref": self._reference,
            "$dynamicRef": self._reference,
            "const": self._values,
            "enum": self._values,
            "allOf": self._all_of,
            "anyOf": self._any_of,
            "oneOf": self._one_of,
            "not": self._not,
            "if": self._if,
            "dependentRequired": self._dependent,
            "dependentSchemas": self._dependent,
            "dependencies": self._dependent,
        }

    def shape(self, node: Node) -> Shape:
        """What a node admits.

        Raises:
            UnsupportedSchema: it refers to what is not there or to itself, or passes a limit.
        """
        key = node.key
        if key not in self._shapes:
            if key in self._open:
                raise UnsupportedSchema(
                    f"{node.path or 'the schema'} refers to itself without anything in between: "
                    "remove one reference"
                )
            if len(self._shapes) > MAX_NODES or len(self._open) > MAX_DEPTH:
                raise UnsupportedSchema(
                    f"{node.path or 'the schema'} is beyond the limits of {MAX_NODES} subschemas and of "
                    f"{MAX_DEPTH} schemas that lead to each other: simplify the schema"
                )
            self._open.append(key)
            with self._apart() as found:
                shape = self._all([self._one(schema, node.path) for schema in node.schemas])
            self._shapes[key] = shape, tuple(found)
            self._open.pop()
        shape, findings = self._shapes[key]
        self._found[-1].extend(findings)
        return shape

    def written(self, node: Node) -> Shape:
        """What a node admits, which is written now, so that findings on it count."""
        with self._apart() as found:
            shape = self.shape(node)
        self.findings.update(dict.fromkeys(found))
        return shape

    def find(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say what becomes of a constraint."""
        self.findings[Finding(path, constraint, fidelity, why)] = None

    def _find(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say what becomes of a constraint, if the node that is looked at is written."""
        self._found[-1].append(Finding(path, constraint, fidelity, why))

    @contextmanager
    def _apart(self) -> Generator[list[Finding]]:
        """Keep what is found apart."""
        self._found.append([])
        try:
            yield self._found[-1]
        finally:
            self._found.pop()

    def is_empty(self, node: Node, depth: int = 4) -> bool:
        """Whether a node is known to admit no value."""
        if depth == 0:
            return False
        with self._apart():
            shape = self.shape(node)
        if shape.null or shape.booleans or shape.numbers or shape.strings or shape.constants:
            return False
        if any(not self._no_array(one, depth) for one in shape.arrays):
            return False
        return all(self._no_object(one, depth) for one in shape.objects)

    def _no_array(self, arrays: Arrays, depth: int) -> bool:
        needed = [
            arrays.prefix[i] if i < len(arrays.prefix) else arrays.items for i in range(min(arrays.low, 8))
        ]
        return any(node is None or self.is_empty(node, depth - 1) for node in needed)

    def _no_object(self, objects: Objects, depth: int) -> bool:
        return any(self.is_empty(objects.property(name), depth - 1) for name in objects.required)

    # --- conjunctions ------------------------------------------------------------------------

    def _all(self, shapes: Iterable[Shape]) -> Shape:
        return reduce(self.intersect, shapes, ANYTHING)

    def intersect(self, one: Shape, other: Shape) -> Shape:
        """What both admit."""
        if one is ANYTHING or other is ANYTHING:
            return other if one is ANYTHING else one
        constants = [value for value in one.constants if self._admits(other, value)]
        constants += [
            value for value in other.constants if value not in constants and self._admits(one, value)
        ]
        return Shape(
            one.null and other.null,
            one.booleans & other.booleans,
            _products(one.numbers, other.numbers),
            _products(one.strings, other.strings),
            _products(one.arrays, other.arrays),
            _products(one.objects, other.objects),
            tuple(constants),
            one.exact and other.exact,
        )

    def _admits(self, shape: Shape, value: Any) -> bool:
        if value in shape.constants and _same_type(value, shape.constants):
            return True
        if isinstance(value, list):
            return any(self._admits_array(one, value) for one in shape.arrays)
        return any(self._admits_object(one, value) for one in shape.objects)

    def admits(self, node: Node, value: Any) -> bool:
        """Whether a node admits a value."""
        shape = self.shape(node)
        if value is None:
            return shape.null
        if isinstance(value, bool):
            return value in shape.booleans
        if isinstance(value, int | float):
            return any(one.admits(value) for one in shape.numbers)
        if isinstance(value, str):
            return any(one.admits(value) for one in shape.strings)
        return self._admits(shape, value)

    def _admits_array(self, arrays: Arrays, value: list[Any]) -> bool:
        if len(value) < arrays.low or (arrays.high is not None and len(value) > arrays.high):
            return False
        nodes = [arrays.prefix[i] if i < len(arrays.prefix) else arrays.items for i in range(len(value))]
        return all(
            node is not None and self.admits(node, item) for node, item in zip(nodes, value, strict=True)
        )

    def _admits_object(self, objects: Objects, value: Mapping[str, Any]) -> bool:
        if len(value) < objects.low or (objects.high is not None and len(value) > objects.high):
            return False
        return all(name in value for name in objects.required) and all(
            self.admits(objects.property(name), inner)
            and all(self.admits(node, name) for node in objects.names)
            for name, inner in value.items()
        )

    # --- one schema --------------------------------------------------------------------------

    def _one(self, schema: Subschema, path: str) -> Shape:
        if isinstance(schema, bool):
            return ANYTHING if schema else NOTHING
        shape = self._typed(schema, path)
        for keyword, applied in self._applicators.items():
            if keyword in schema and not shape.is_nothing:
                shape = self.intersect(shape, applied(schema, path))
        for keyword in schema:
            if keyword in _UNKNOWN_BUT_BINDING:
                self._find(path, _said(schema, keyword), Fidelity.CHECKED, "the grammar cannot say it")
                shape = shape.inexact()
        return shape

    def _typed(self, schema: Mapping[str, Any], path: str) -> Shape:
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

    # --- numbers and strings -----------------------------------------------------------------

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
                self._find(path, _said(schema, keyword), Fidelity.CHECKED, f"beyond a limit: {error}")
                exact = False
        return Shape(strings=(strings,) if strings else (), exact=exact)

    def _languages(self, schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, Language | None]]:
        if "x-decimal" in schema:
            yield "x-decimal", self._decimal(schema["x-decimal"], path)
        elif "pattern" in schema:
            dialect = _DIALECTS[schema.get("x-pattern-dialect", "ecma")]
            try:
                language = Language.of_pattern(schema["pattern"], dialect=dialect)
                self._find(path, _said(schema, "pattern"), Fidelity.EXACT)
                yield "pattern", language
            except (NotRegular, TooLarge) as error:
                self._find(path, _said(schema, "pattern"), Fidelity.CHECKED, str(error))
                yield "pattern", None
        named = str(schema.get("format"))
        if self.drops_others:
            named = "" if "pattern" in schema and named in _SAID_BY_PATTERN else _OF_PYTHON.get(named, named)
        if self.drops_others and schema.get("format") == "decimal":
            self._find(path, "format decimal", Fidelity.NARROWED, "written out, without exponent")
        if (known := FORMATS.get(named)) is not None:
            exact = known.exact or (self.drops_others and named.startswith(_BY_VALUE))
            fidelity, why = (Fidelity.EXACT, "") if exact else (Fidelity.NARROWED, known.why)
            self._find(path, _said(schema, "format"), fidelity, why)
            yield "format", _format_language(named, known)

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

    # --- arrays ------------------------------------------------------------------------------

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

    # --- objects -----------------------------------------------------------------------------

    def _object(self, schema: Mapping[str, Any], path: str) -> Shape:
        exact = True
        patterns: list[tuple[Language, Node]] = []
        for pattern, inner in schema.get("patternProperties", {}).items():
            try:
                patterns.append((Language.of_pattern(pattern), Node.of(inner, path=f"{path}{{{pattern}}}")))
            except (NotRegular, TooLarge) as error:
                self._find(path, f"patternProperties {pattern}", Fidelity.CHECKED, str(error))
                exact = False
        rest = schema.get("additionalProperties", True)
        properties = {
            name: Node.of(inner, path=_join(path, name))
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

    # --- what applies other schemas ----------------------------------------------------------

    def _reference(self, schema: Mapping[str, Any], path: str) -> Shape:
        ref = str(schema.get("$ref", schema.get("$dynamicRef")))
        if "$ref" not in schema and _count_anchors(self._root, ref.partition("#")[2]) > 1:
            self._find(path, f"$dynamicRef {ref}", Fidelity.CHECKED, "which of several anchors it means")
            return ANYTHING.inexact()
        target = resolve(self._root, ref)
        if target is None:
            target = _by_anchor(self._root, ref)
        if target is None:
            raise UnsupportedSchema(
                f"{path or 'the schema'} refers to {ref!r}, which is not in it: put it into its $defs"
            )
        has_name = ref in self._named or not ref.startswith("#")
        return self.shape(Node.of(target, path=ref.rsplit("/", 1)[-1] if has_name else path))

    def _values(self, schema: Mapping[str, Any], path: str) -> Shape:
        keyword = "const" if "const" in schema else "enum"
        self._find(path, keyword, Fidelity.EXACT)
        return of_values([schema["const"]] if keyword == "const" else schema["enum"])

    def _all_of(self, schema: Mapping[str, Any], path: str) -> Shape:
        return self._all(self.shape(Node.of(branch, path=path)) for branch in schema["allOf"])

    def _any_of(self, schema: Mapping[str, Any], path: str) -> Shape:
        return self._unite([self.shape(Node.of(branch, path=path)) for branch in schema["anyOf"]], path)

    def _one_of(self, schema: Mapping[str, Any], path: str) -> Shape:
        branches = [Node.of(branch, path=path) for branch in schema["oneOf"]]
        shapes = [self.shape(branch) for branch in branches]
        live = [i for i, shape in enumerate(shapes) if not shape.is_nothing]
        pairs = [(i, j) for i in live for j in live if i < j]
        if len(pairs) > 2_000:
            overlapping = {(-1, -1)}
        else:
            overlapping = {(i, j) for i, j in pairs if not self._are_disjoint(branches[i], branches[j])}
        if not overlapping:
            self._find(path, "oneOf", Fidelity.EXACT)
            return self._unite(shapes, path)
        alone = [self._alone(i, branches, overlapping) for i in live] if len(overlapping) <= 8 else [None]
        if None not in alone:
            self._find(path, "oneOf", Fidelity.EXACT)
            return self._unite([shape for shape in alone if shape], path)
        self._find(path, "oneOf", Fidelity.CHECKED, "that only one of its schemas matches")
        return self._unite(shapes, path).inexact()

    def _are_disjoint(self, one: Node, other: Node) -> bool:
        return self.is_empty(Node.of(*one.schemas, *other.schemas, path=one.path))

    def _alone(self, index: int, branches: Sequence[Node], overlapping: set[tuple[int, int]]) -> Shape | None:
        """What only one of the branches admits; None if that cannot be said."""
        shape = self.shape(branches[index])
        for i, branch in enumerate(branches):
            if (min(i, index), max(i, index)) in overlapping:
                others = complement(self.shape(branch))
                if others is None:
                    return None
                shape = self.intersect(shape, others)
        return shape

    def _not(self, schema: Mapping[str, Any], path: str) -> Shape:
        negated = self._negated(Node.of(schema["not"], path=path))
        if negated is None:
            self._find(path, "not", Fidelity.CHECKED, "the grammar cannot say what is not of that schema")
            return ANYTHING.inexact()
        self._find(path, "not", Fidelity.EXACT)
        return negated

    def _negated(self, node: Node) -> Shape | None:
        try:
            with self._apart():
                return complement(self.shape(node))
        except TooLarge:
            return None

    def _if(self, schema: Mapping[str, Any], path: str) -> Shape:
        node = Node.of(schema["if"], path=path)
        then = self.shape(Node.of(schema.get("then", True), path=path))
        otherwise = self.shape(Node.of(schema.get("else", True), path=path))
        if then is ANYTHING and otherwise is ANYTHING:
            return ANYTHING
        with self._apart():
            when = self.shape(node)
        negated = self._negated(node)
        if negated is None or not when.exact:
            self._find(path, "if", Fidelity.CHECKED, "the grammar cannot say what is not of the schema of if")
            return ANYTHING.inexact()
        self._find(path, "if", Fidelity.EXACT)
        return self._unite([self.intersect(when, then), self.intersect(negated, otherwise)], path)

    def _dependent(self, schema: Mapping[str, Any], path: str) -> Shape:
        shape = ANYTHING
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            for name, needs in schema.get(keyword, {}).items():
                needed: Subschema = {"required": needs} if isinstance(needs, list) else needs
                self._find(path, f"{keyword} {name}", Fidelity.EXACT)
                absent = self.shape(Node.of({"properties": {name: False}}, path=path))
                present = self.shape(Node.of({"required": [name]}, needed, path=path))
                present = Shape(objects=present.objects, exact=present.exact, constants=present.constants)
                shape = self.intersect(shape, self._unite([absent, present], path))
        return shape

    def _unite(self, shapes: Sequence[Shape], path: str) -> Shape:
        united = reduce(lambda one, other: one | other, shapes, NOTHING)
        if max(map(len, (united.arrays, united.objects, united.strings, united.numbers))) > MAX_ALTERNATIVES:
            raise UnsupportedSchema(
                f"{path or 'the schema'} has more than {MAX_ALTERNATIVES} alternatives of one kind: "
                "split it, or use a discriminator"
            )
        return united


def complement(shape: Shape) -> Shape | None:
    """All that a shape does not admit; None if shapes cannot say it, or the shape is not exact."""
    if not shape.exact:
        return None
    lists = [_other_arrays(value) for value in shape.constants if isinstance(value, list)]
    mappings = [_other_objects(value) for value in shape.constants if isinstance(value, Mapping)]
    numbers = _outside((Numbers(),), [one.complement() for one in shape.numbers])
    strings = _outside((Strings(),), [one.complement() for one in shape.strings])
    arrays = _outside((Arrays(),), [*(one.complement() for one in shape.arrays), *lists])
    objects = _outside((Objects(),), [*(one.complement() for one in shape.objects), *mappings])
    if numbers is None or strings is None or arrays is None or objects is None:
        return None
    return Shape(not shape.null, ANYTHING.booleans - shape.booleans, numbers, strings, arrays, objects)


def _outside(
    everything: tuple[Any, ...], complements: Sequence[tuple[Any, ...] | None]
) -> tuple[Any, ...] | None:
    """What is in all complements; None if one is not known, or there are too many alternatives."""
    rest = everything
    for others in complements:
        if others is None or len(rest) * len(others) > MAX_ALTERNATIVES:
            return None
        rest = _products(rest, others)
    return rest


def _other_arrays(value: Sequence[Any]) -> tuple[Arrays, ...]:
    """All arrays but one."""
    count = len(value)
    shorter = (Arrays(high=count - 1),) if count else ()
    differing = (
        Arrays((*[Node.of()] * index, Node.of({"not": {"const": item}})), low=index + 1)
        for index, item in enumerate(value)
    )
    return (*shorter, *differing, Arrays(low=count + 1))


def _other_objects(value: Mapping[str, Any]) -> tuple[Objects, ...]:
    """All objects but one."""
    lacking = (Objects((Layer({name: Node((False,))}),)) for name in value)
    differing = (
        Objects((Layer({name: Node.of({"not": {"const": item}})}),), (name,)) for name, item in value.items()
    )
    return (*lacking, *differing, Objects(low=len(value) + 1))


def of_values(values: Sequence[Any]) -> Shape:
    """The shape that admits some values and no others."""
    numbers = [_whole(value) for value in values if type(value) in (int, float)]
    texts = [value for value in values if isinstance(value, str)]
    constants: list[Any] = []
    for value in values:
        if isinstance(value, list | Mapping) and value not in constants:
            constants.append(value)
    return Shape(
        null=None in values,
        booleans=frozenset(value for value in values if isinstance(value, bool)),
        numbers=(Numbers(values=tuple(dict.fromkeys(numbers))),) if numbers else (),
        strings=(Strings(Language.literals(texts)),) if texts else (),
        constants=tuple(constants),
    )


def _whole(value: float) -> float:
    """A number in its shortest spelling."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e16 else value


def _products(one: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    if len(one) * len(other) > MAX_ALTERNATIVES:
        raise UnsupportedSchema(
            f"a conjunction of alternatives has more than {MAX_ALTERNATIVES} of them: simplify the schema"
        )
    both = (a & b for a in one for b in other)
    return tuple(product for product in both if product is not None)


def _same_type(value: Any, values: Iterable[Any]) -> bool:
    import json

    return json.dumps(value, sort_keys=True) in {json.dumps(one, sort_keys=True) for one in values}


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type")
    if named is None:
        return frozenset(_KINDS)
    return frozenset([named] if isinstance(named, str) else named)


def _names(kinds: str | Sequence[str]) -> str:
    return kinds if isinstance(kinds, str) else " | ".join(kinds)


def _said(schema: Mapping[str, Any], keyword: str) -> str:
    value = schema[keyword]
    return f"{keyword} {value}" if isinstance(value, str | int | float) else keyword


def _format_language(name: str, known: Format) -> Language:
    if name not in _FORMAT_LANGUAGES:
        parts = known.parts or ((known.pattern, None),)
        languages = [Language.of_pattern(f"^(?:{part})$") & Language.lengths(0, most) for part, most in parts]
        _FORMAT_LANGUAGES[name] = Language.of_parts(*languages)
    return _FORMAT_LANGUAGES[name]


_FORMAT_LANGUAGES: dict[str, Language] = {}


def _by_anchor(root: Any, ref: str) -> Subschema | None:
    """The one subschema that has the anchor or the identifier of a reference; None if several have it."""
    wanted = ref.removeprefix("#")
    found: list[Subschema] = []
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            anchors = (node.get("$anchor"), node.get("$dynamicAnchor")) if ref.startswith("#") else ()
            if wanted and wanted in (*anchors, node.get("$id"), node.get("id")):
                found.append(node)
            pending += [value for key, value in node.items() if key not in _DATA]
        elif isinstance(node, list):
            pending += node
    return found[0] if len(found) == 1 else None


def _count_anchors(root: Any, name: str) -> int:
    """How many subschemas have a dynamic anchor of a name."""
    if isinstance(root, Mapping):
        own = root.get("$dynamicAnchor") == name
        return own + sum(_count_anchors(inner, name) for inner in root.values())
    return sum(_count_anchors(inner, name) for inner in root) if isinstance(root, list) else 0


def _join(path: str, name: str) -> str:
    shown = name if re.fullmatch(r"[\w$-]+", name) else repr(name)
    return f"{path}.{shown}" if path else shown


_DIALECTS: Final[Mapping[str, Dialect]] = {"ecma": "ecma", "rust": "rust", "python": "rust"}
_OF_PYTHON: Final = {"date-time": "date-time-any", "time": "time-any", "duration": "timedelta"}
"""The names that formats of Python's types have in `FORMATS`, where JSON Schema's mean something else."""
_SAID_BY_PATTERN: Final = frozenset(["duration", "uri", "multi-host-uri", "decimal", "fraction", "binary"])
"""Formats that say nothing beyond the pattern that stands beside them in the schema of a Python type."""
_BY_VALUE: Final = ("date", "time", "uuid")
"""Formats whose every value, as Python has it, can be written in one spelling of several."""
_BOUNDS: Final[Mapping[str, Callable[[Fraction], Numbers]]] = {
    "minimum": lambda bound: Numbers(low=bound),
    "exclusiveMinimum": lambda bound: Numbers(low=bound, low_open=True),
    "maximum": lambda bound: Numbers(high=bound),
    "exclusiveMaximum": lambda bound: Numbers(high=bound, high_open=True),
    "multipleOf": lambda bound: Numbers(multiple_of=bound),
}
_DATA: Final = frozenset(["const", "enum", "default", "examples"])
_UNKNOWN_BUT_BINDING: Final = frozenset(
    [
        "unevaluatedProperties",
        "unevaluatedItems",
        "$recursiveRef",
        "contentSchema",
        "extends",
        "disallow",
        "divisibleBy",
    ]
)
_OF_A_KIND: Final = _BOUNDS.keys() | frozenset(
    "type minLength maxLength pattern format items prefixItems additionalItems minItems maxItems uniqueItems "
    "contains properties required additionalProperties patternProperties propertyNames minProperties "
    "maxProperties".split()
)
