"""Which JSON values a schema admits, kind by kind: the sets that normalising computes with.

A `Shape` says of each kind of value (null, boolean, number, string, array, object) what is admitted. Sets of
one kind are unions of alternatives; an alternative is a conjunction of what JSON Schema's keywords say of the
kind. Inner values are `Node`s, that is schemas which have to hold together, and are looked into when they are
needed, because they may lead back to where they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any, Final, TypeAlias

from .regular import Language

Subschema: TypeAlias = "Mapping[str, Any] | bool"


@dataclass(frozen=True, eq=False)
class Node:
    """Schemas that have to hold together.

    Attributes:
        schemas: the schemas, none of them ``true``.
        path: where the first of them stands in the output type, for findings.
    """

    schemas: tuple[Subschema, ...]
    path: str = ""

    @classmethod
    def of(cls, *schemas: Subschema, path: str = "") -> Node:
        """Make a node of schemas, each of which counts once."""
        kept = {_key(schema): schema for schema in schemas if schema is not True and schema != {}}
        return cls(tuple(kept.values()), path)

    def and_(self, *schemas: Subschema) -> Node:
        """The node in which these hold too."""
        return Node.of(*self.schemas, *schemas, path=self.path)

    @cached_property
    def key(self) -> str:
        """The same for nodes that admit the same values at the same place."""
        return "\0".join([self.path, *sorted(map(_key, self.schemas))])

    @cached_property
    def meaning(self) -> tuple[str, ...]:
        """The same for nodes that admit the same values, wherever they are and whatever they are called."""
        return tuple(sorted(key for schema in self.schemas if (key := _key(_unnamed(schema))) != "{}"))

    def at(self, path: str) -> Node:
        """The same node at another place."""
        return Node(self.schemas, path)


def _key(schema: Subschema) -> str:
    return repr(schema)


def _unnamed(schema: Subschema) -> Subschema:
    if isinstance(schema, bool):
        return schema
    return {keyword: value for keyword, value in schema.items() if keyword not in _NAMES}


_NAMES: Final = frozenset(["title", "description", "default", "examples"])
NEVER: Final = (False,)
MAX_SPANS: Final = 16
"""Up to so many numbers are excluded by the spans between them."""


@dataclass(frozen=True)
class Numbers:
    """Numbers within bounds.

    Attributes:
        values: the only ones, as JSON writes them; None where the rest decides.
        integer: whole numbers only. fractional: only those that are not.
        low: least; None is without end. `low_open`: the bound itself is not among them.
        high: greatest.
        multiple_of: each is a multiple of this.
        excluded: numbers that are not among them.
    """

    values: tuple[int | float, ...] | None = None
    integer: bool = False
    fractional: bool = False
    low: Fraction | None = None
    low_open: bool = False
    high: Fraction | None = None
    high_open: bool = False
    multiple_of: Fraction | None = None
    excluded: frozenset[Fraction] = frozenset()

    def admits(self, value: float) -> bool:
        """Whether a number is among them."""
        exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
        if self.values is not None and not any(exact == _exact(one) for one in self.values):
            return False
        if (self.integer and exact.denominator != 1) or (self.fractional and exact.denominator == 1):
            return False
        if exact in self.excluded:
            return False
        if self.low is not None and (exact < self.low or (self.low_open and exact == self.low)):
            return False
        if self.high is not None and (exact > self.high or (self.high_open and exact == self.high)):
            return False
        return self.multiple_of is None or (exact / self.multiple_of).denominator == 1

    def listed(self, limit: int) -> list[int | float] | None:
        """All of them; None if they are more than `limit`, or known by bounds alone and not whole."""
        if self.values is not None:
            return list(self.values) if len(self.values) <= limit else None
        if not self.integer or self.low is None or self.high is None:
            return None
        step = 1 if self.multiple_of is None else self.multiple_of.numerator
        first, last = ceil(self.low / step), floor(self.high / step)
        if last - first > limit:
            return None
        return [value for each in range(first, last + 1) if self.admits(value := each * step)]

    def __and__(self, other: Numbers) -> Numbers | None:
        """What is in both; None if nothing is."""
        if self.values is not None or other.values is not None:
            finite, rest = (self, other) if self.values is not None else (other, self)
            values = tuple(value for value in finite.values or () if rest.admits(value))
            return Numbers(values=values) if values else None
        low, low_open = _tighter((self.low, self.low_open), (other.low, other.low_open), greatest=True)
        high, high_open = _tighter((self.high, self.high_open), (other.high, other.high_open), greatest=False)
        integer, fractional = self.integer or other.integer, self.fractional or other.fractional
        multiple_of = _common_multiple(self.multiple_of, other.multiple_of)
        if fractional and (integer or (multiple_of and multiple_of.denominator == 1)):
            return None
        if low is not None and high is not None and (low > high or (low == high and (low_open or high_open))):
            return None
        return Numbers(
            integer=integer,
            fractional=fractional,
            low=low,
            low_open=low_open,
            high=high,
            high_open=high_open,
            multiple_of=multiple_of,
            excluded=self.excluded | other.excluded,
        )

    def complement(self) -> tuple[Numbers, ...] | None:
        """All other numbers; None if these sets cannot say it."""
        if self.values is not None:
            return (Numbers(excluded=frozenset(map(_exact, self.values))),)
        if self.multiple_of is not None:
            return None
        rest = [Numbers(values=tuple(map(_plain, sorted(self.excluded))))] if self.excluded else []
        if self.integer or self.fractional:
            rest.append(Numbers(integer=self.fractional, fractional=self.integer))
        if self.low is not None:
            rest.append(Numbers(high=self.low, high_open=not self.low_open))
        if self.high is not None:
            rest.append(Numbers(low=self.high, low_open=not self.high_open))
        return tuple(rest)

    def spans(self) -> tuple[Numbers, ...]:
        """The same as spans between the numbers that are excluded, unless these are whole or many."""
        if self.integer or not 0 < len(self.excluded) <= MAX_SPANS:
            return (self,)
        rest: list[Numbers] = [replace(self, excluded=frozenset())]
        for value in sorted(self.excluded):
            below, above = Numbers(high=value, high_open=True), Numbers(low=value, low_open=True)
            rest = [part for span in rest for part in (span & below, span & above) if part is not None]
        return tuple(rest)


def _exact(value: float) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _tighter(
    one: tuple[Fraction | None, bool], other: tuple[Fraction | None, bool], *, greatest: bool
) -> tuple[Fraction | None, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] or other[1]
    return max(one, other) if greatest else min(one, other)


def _common_multiple(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    if one is None or other is None:
        return one or other
    scale = one.denominator * other.denominator
    from math import lcm

    return Fraction(lcm(int(one * scale), int(other * scale)), scale)


@dataclass(frozen=True)
class Strings:
    """Strings of a regular language within bounds of length.

    Attributes:
        language: the language; None is that of all strings.
        low: fewest characters.
        high: most; None is without end.
        content: each is JSON text of a value of all these.
    """

    language: Language | None = None
    low: int = 0
    high: int | None = None
    content: tuple[Node, ...] = ()

    def admits(self, text: str) -> bool:
        """Whether a string is among them."""
        within = self.low <= len(text) and (self.high is None or len(text) <= self.high)
        return within and (self.language is None or self.language.accepts(text))

    def __and__(self, other: Strings) -> Strings | None:
        """What is in both; None if that is known to be nothing."""
        highs = [high for high in (self.high, other.high) if high is not None]
        low, high = max(self.low, other.low), min(highs, default=None)
        if high is not None and low > high:
            return None
        content = self.content + other.content
        if self.language is None or other.language is None or self.language is other.language:
            both = Strings(self.language or other.language, low, high, content)
        else:
            language = self.language & other.language
            if language.is_empty():
                return None
            both = Strings(language, low, high, content)
        return None if both._is_out_of_bounds() else both

    def _is_out_of_bounds(self) -> bool:
        """Whether all strings of the language are known to be too short or too long."""
        if self.language is None or not (self.low or self.high is not None) or self.language.is_empty():
            return False
        shortest, longest = self.language.length_bounds()
        return (longest is not None and longest < self.low) or (
            self.high is not None and shortest > self.high
        )

    def complement(self) -> tuple[Strings, ...]:
        """All other strings."""
        rest = []
        if self.language is not None:
            rest.append(Strings(~self.language))
        if self.low:
            rest.append(Strings(high=self.low - 1))
        if self.high is not None:
            rest.append(Strings(low=self.high + 1))
        return tuple(rest)

    def values(self, limit: int) -> list[str] | None:
        """All of them; None if they are more than `limit`."""
        if self.language is None:
            return [""] if self.high == 0 else None
        found = self.language.values(limit)
        return None if found is None else [text for text in found if self.admits(text)]


@dataclass(frozen=True)
class Arrays:
    """Arrays by their items.

    Attributes:
        prefix: what the first items are.
        items: what the others are; None is that there are none.
        low: fewest items.
        high: most; None is without end.
        unique: no two are equal.
        contains: what some items have to be, with the fewest and the most of them.
    """

    prefix: tuple[Node, ...] = ()
    items: Node | None = field(default_factory=lambda: Node.of())
    low: int = 0
    high: int | None = None
    unique: bool = False
    contains: tuple[tuple[Node, int, int | None], ...] = ()

    def __and__(self, other: Arrays) -> Arrays | None:
        """What is in both; None if that is known to be nothing."""
        highs = [high for high in (self.high, other.high) if high is not None]
        low, high = max(self.low, other.low), min(highs, default=None)
        if high is not None and low > high:
            return None
        length = max(len(self.prefix), len(other.prefix))
        pairs = [(self._item(i), other._item(i)) for i in range(length)]
        prefix: list[Node] = []
        for one, another in pairs:
            if one is None or another is None:
                high = len(prefix) if high is None else min(high, len(prefix))
                break
            prefix.append(together([one, another]))
        items = None
        if self.items is not None and other.items is not None:
            items = together([self.items, other.items])
        if high is not None and low > high:
            return None
        return Arrays(
            tuple(prefix), items, low, high, self.unique or other.unique, self.contains + other.contains
        )

    def _item(self, index: int) -> Node | None:
        return self.prefix[index] if index < len(self.prefix) else self.items

    def complement(self) -> tuple[Arrays, ...] | None:
        """All other arrays; None if these sets cannot say it."""
        if self.unique or self.contains:
            return None
        rest = [Arrays(high=self.low - 1)] if self.low else []
        rest += [Arrays(low=self.high + 1)] if self.high is not None else []
        for index, node in enumerate(self.prefix):
            if node.schemas:
                rest.append(Arrays((*[Node.of()] * index, _denied(node)), low=index + 1))
        if self.items is None:
            rest.append(Arrays(low=len(self.prefix) + 1))
        elif self.items.schemas and self.prefix:
            return None
        elif self.items.schemas:
            rest.append(Arrays(contains=((_denied(self.items), 1, None),)))
        return tuple(rest)


@dataclass(frozen=True)
class Layer:
    """What one schema says of an object's properties.

    Attributes:
        properties: what the named ones are.
        patterns: what properties are whose name has a pattern; a name may have several.
        rest: what the others are; None is that there are none.
        mentions_rest: the schema says something of the others, if only that they may be anything.
    """

    properties: Mapping[str, Node] = field(default_factory=dict)
    patterns: tuple[tuple[Language, Node], ...] = ()
    rest: Node | None = field(default_factory=lambda: Node.of())
    mentions_rest: bool = False

    def property(self, name: str) -> Node:
        """What a property is, if it is there."""
        found = [self.properties[name]] if name in self.properties else []
        found += [node for language, node in self.patterns if language.accepts(name)]
        if not found:
            return _or_never(self.rest)
        return together(found)

    def complement(self, names: Sequence[str] | None) -> tuple[Objects, ...] | None:
        """Objects of which this does not hold; None if these sets cannot say it.

        Args:
            names: the only ones that the objects can have; None if they can have others.
        """
        if names is None and (self.patterns or self.rest is None or self.rest.schemas):
            return None
        found = {name: self.property(name) for name in (self.properties if names is None else names)}
        return tuple(
            Objects((Layer({name: _denied(node)}),), (name,)) for name, node in found.items() if node.schemas
        )


@dataclass(frozen=True)
class Objects:
    """Objects by their properties.

    Attributes:
        layers: what is said of properties; all of it holds.
        required: names that have to be there.
        names: what all names are.
        low: fewest properties.
        high: most; None is without end.
    """

    layers: tuple[Layer, ...] = ()
    required: tuple[str, ...] = ()
    names: tuple[Node, ...] = ()
    low: int = 0
    high: int | None = None

    def __and__(self, other: Objects) -> Objects | None:
        """What is in both; None if that is known to be nothing."""
        highs = [high for high in (self.high, other.high) if high is not None]
        low, high = max(self.low, other.low), min(highs, default=None)
        if high is not None and low > high:
            return None
        required = tuple(dict.fromkeys([*self.required, *other.required]))
        own = {id(layer) for layer in self.layers}  # a schema that is referred to twice counts once
        layers = (*self.layers, *(layer for layer in other.layers if id(layer) not in own))
        return Objects(layers, required, self.names + other.names, low, high)

    @property
    def properties(self) -> tuple[str, ...]:
        """The names that are mentioned, in the order in which they are written."""
        named = (name for layer in self.layers for name in layer.properties)
        return tuple(dict.fromkeys([*named, *self.required]))

    def property(self, name: str) -> Node:
        """What a property is, if it is there."""
        return together([layer.property(name) for layer in self.layers] or [Node.of()])

    def only_names(self) -> tuple[str, ...] | None:
        """The only names that properties can have; None if these are not listed."""
        closed = [layer.properties for layer in self.layers if layer.rest is None and not layer.patterns]
        if not closed:
            return None
        return tuple(name for name in closed[0] if all(name in properties for properties in closed))

    def complement(self, within: Objects) -> tuple[Objects, ...] | None:
        """What else there is within some objects, and maybe more; None if these sets cannot say it."""
        if self.names:
            return None
        rest = [Objects((Layer({name: Node(NEVER)}),)) for name in self.required]
        for layer in self.layers:
            wrong = layer.complement(within.only_names())
            if wrong is None:
                return None
            rest += wrong
        rest += [Objects(high=self.low - 1)] if self.low else []
        rest += [Objects(low=self.high + 1)] if self.high is not None else []
        return tuple(rest)


def together(nodes: Sequence[Node]) -> Node:
    """The node in which all of some nodes hold."""
    schemas = (schema for node in nodes for schema in node.schemas)
    saying = [node.path for node in nodes if node.schemas] or [node.path for node in nodes]
    return Node.of(*schemas, path=next(filter(None, saying), ""))


def _denied(node: Node) -> Node:
    """All that is not of a node."""
    if node.schemas == NEVER:
        return Node.of(path=node.path)
    schema = node.schemas[0] if len(node.schemas) == 1 else {"allOf": list(node.schemas)}
    return Node.of({"not": schema}, path=node.path)


def _or_never(node: Node | None) -> Node:
    return node if node is not None else Node(NEVER)


_BOTH: Final = frozenset({True, False})


@dataclass(frozen=True)
class Shape:
    """What is admitted of each kind.

    Attributes:
        null: whether null is.
        booleans: which of the two.
        numbers: alternatives; none of them is that no number is admitted. The same for the others.
        constants: whole arrays and objects that are admitted, as the schema has them.
        exact: these sets are what the schema says; False if they are wider, which a finding then says.
    """

    null: bool = False
    booleans: frozenset[bool] = frozenset()
    numbers: tuple[Numbers, ...] = ()
    strings: tuple[Strings, ...] = ()
    arrays: tuple[Arrays, ...] = ()
    objects: tuple[Objects, ...] = ()
    constants: tuple[Any, ...] = ()
    exact: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether no value is admitted, as far as is known without looking into nodes."""
        return not (
            self.null
            or self.booleans
            or self.numbers
            or self.strings
            or self.arrays
            or self.objects
            or self.constants
        )

    def __or__(self, other: Shape) -> Shape:
        return Shape(
            self.null or other.null,
            self.booleans | other.booleans,
            _union(self.numbers, other.numbers),
            _union(self.strings, other.strings),
            self.arrays + other.arrays,
            self.objects + other.objects,
            distinct([*self.constants, *other.constants]),
            self.exact and other.exact,
        )

    def inexact(self) -> Shape:
        """The same, known to be wider than what the schema says."""
        return replace(self, exact=False)


ANYTHING: Final = Shape(True, _BOTH, (Numbers(),), (Strings(),), (Arrays(),), (Objects(),))
NOTHING: Final = Shape()


def distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values without those that JSON Schema holds to be equal to one before; Python has ``False == 0``."""
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(spelled(value), value)
    return tuple(found.values())


def spelled(value: Any) -> str:
    """A value in the one spelling of all that JSON Schema holds to be equal to it."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _union(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """Alternatives of both, without those that an unbounded one makes needless."""
    return (
        one
        if one == other
        else tuple(dict.fromkeys([*one, *other]))
        if _hashable(one, other)
        else one + other
    )


def _hashable(*groups: tuple[Any, ...]) -> bool:
    return all(isinstance(one, Numbers) for group in groups for one in group)
