"""What ``unevaluatedProperties`` and ``unevaluatedItems`` apply to, for each way in which a schema can match.

The branches of ``anyOf``, ``oneOf``, ``if`` and ``dependentSchemas`` evaluate properties and items if they
match, so what is left unevaluated depends on which do. A schema is split into such *ways*. Within one it is
known what is evaluated, and the rest is said by ``additionalProperties`` or ``items``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeAlias, TypeVar

from ..shapes import Subschema

MAX_WAYS: Final = 64
MAX_STEPS: Final = 1_000

Resolve: TypeAlias = "Callable[[str], Subschema | None]"
IsPossible: TypeAlias = "Callable[[Sequence[Subschema]], bool]"

_SPLIT: Final = frozenset("$ref allOf anyOf oneOf if then else dependentSchemas".split())
_NOT_OF_A_WAY: Final = frozenset("$defs definitions unevaluatedProperties unevaluatedItems".split())


class NotSplit(Exception):
    """The ways in which a schema can match are too many, or not known; the message says why."""


class Evaluated(Protocol):
    """What is evaluated, of an object or of an array; without arguments, nothing."""

    keyword: ClassVar[str]

    def __init__(self) -> None: ...

    @classmethod
    def by(cls, schema: Mapping[str, Any]) -> Self:
        """What a schema's own keywords evaluate."""
        ...

    @classmethod
    def all(cls) -> Self:
        """All there is."""
        ...

    def and_(self, other: Self) -> Self:
        """This and something else."""
        ...

    def covers(self, other: Self) -> bool:
        """Whether something else is known to be a part of it."""
        ...

    def rest(self, schema: Subschema) -> Subschema:
        """That all the rest is of a schema."""
        ...


@dataclass(frozen=True)
class Properties:
    """Properties that are evaluated.

    Attributes:
        names: these.
        patterns: and those whose names these match.
        everything: all are.
    """

    keyword: ClassVar[str] = "unevaluatedProperties"

    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    everything: bool = False

    @classmethod
    def by(cls, schema: Mapping[str, Any]) -> Properties:
        """Those that a schema's own keywords evaluate."""
        names, patterns = schema.get("properties", ()), schema.get("patternProperties", ())
        return cls(tuple(names), tuple(patterns), "additionalProperties" in schema)

    def and_(self, other: Properties) -> Properties:
        """Those and others."""
        names = dict.fromkeys([*self.names, *other.names])
        patterns = dict.fromkeys([*self.patterns, *other.patterns])
        return Properties(tuple(names), tuple(patterns), self.everything or other.everything)

    def covers(self, other: Properties) -> bool:
        """Whether the others are known to be among them."""
        within = {*other.names} <= {*self.names} and {*other.patterns} <= {*self.patterns}
        return self.everything or (within and not other.everything)

    def rest(self, schema: Subschema) -> Subschema:
        """That all others are of a schema."""
        if self.everything or schema is True:
            return True
        return {
            "properties": dict.fromkeys(self.names, True),
            "patternProperties": dict.fromkeys(self.patterns, True),
            "additionalProperties": schema,
        }

    @classmethod
    def all(cls) -> Properties:
        """All of them."""
        return cls(everything=True)


@dataclass(frozen=True)
class Items:
    """Items that are evaluated.

    Attributes:
        first: so many at the beginning.
        contained: and those that are of one of these schemas.
        everything: all are.
    """

    keyword: ClassVar[str] = "unevaluatedItems"

    first: int = 0
    contained: tuple[Subschema, ...] = ()
    everything: bool = False

    @classmethod
    def by(cls, schema: Mapping[str, Any]) -> Items:
        """Those that a schema's own keywords evaluate."""
        items, prefix = schema.get("items"), schema.get("prefixItems", ())
        everything = "items" in schema
        if isinstance(items, list):  # draft 2019-09 spells prefixItems so
            prefix, everything = items, "additionalItems" in schema
        return cls(len(prefix), (schema["contains"],) if "contains" in schema else (), everything)

    def and_(self, other: Items) -> Items:
        """Those and others."""
        contained = (*self.contained, *(one for one in other.contained if one not in self.contained))
        return Items(max(self.first, other.first), contained, self.everything or other.everything)

    def covers(self, other: Items) -> bool:
        """Whether the others are known to be among them."""
        within = other.first <= self.first and all(one in self.contained for one in other.contained)
        return self.everything or (within and not other.everything)

    def rest(self, schema: Subschema) -> Subschema:
        """That all others are of a schema."""
        if self.everything or schema is True:
            return True
        others: Subschema = {"anyOf": [*self.contained, schema]} if self.contained else schema
        return {"prefixItems": [True] * self.first, "items": others}

    @classmethod
    def all(cls) -> Items:
        """All of them."""
        return cls(everything=True)


E = TypeVar("E", bound=Evaluated)


@dataclass(frozen=True)
class Way(Generic[E]):
    """One way in which a schema can match.

    Attributes:
        schemas: what all holds then.
        without: what does not.
        evaluated: what is evaluated then.
    """

    schemas: tuple[Subschema, ...]
    without: tuple[Subschema, ...]
    evaluated: E

    def and_(self, other: Way[E]) -> Way[E]:
        """Both at once."""
        return Way(
            self.schemas + other.schemas, self.without + other.without, self.evaluated.and_(other.evaluated)
        )


def ways_of(
    schema: Mapping[str, Any], evaluated: type[E], *, resolve: Resolve, is_possible: IsPossible
) -> list[Way[E]]:
    """The ways in which a schema can match; in each, what the keyword says of the rest is among the schemas.

    A value that matches in several ways is in each of them, so none has to be known to be the only one.

    Args:
        schema: the schema that has the keyword.
        evaluated: which of the two keywords is looked at; the other one is left out.
        resolve: gives the schema of a pointer.
        is_possible: whether objects, or arrays, may be of several schemas at once.

    Raises:
        NotSplit: they are too many.
    """
    return _Splitter(evaluated, resolve, is_possible).ways(schema, ())


class _Splitter(Generic[E]):
    def __init__(self, evaluated: type[E], resolve: Resolve, is_possible: IsPossible) -> None:
        self._evaluated, self._resolve, self._is_possible = evaluated, resolve, is_possible
        self._steps = 0

    def ways(self, schema: Subschema | None, refs: tuple[str, ...]) -> list[Way[E]]:
        """The ways in which a schema matches that is reached by references."""
        self._count()
        if isinstance(schema, bool) or schema is None:
            return [self._nothing()] if schema else []
        if any(isinstance(one, Mapping) for one in schema.get("dependencies", {}).values()):
            raise NotSplit("beside dependencies")
        own = {key: value for key, value in schema.items() if key not in _SPLIT | _NOT_OF_A_WAY}
        groups = []
        for part, ways in self._parts(schema, refs):
            if any(self._sees(way) for way in ways):
                groups.append(ways)
            else:
                own = _with(own, part)
        found = [Way((own,) if own else (), (), self._evaluated.by(schema))]
        for ways in groups:
            found = self._products(found, ways)
        return [self._closed(way, schema) for way in found]

    def _nothing(self) -> Way[E]:
        return Way((), (), self._evaluated())

    def _sees(self, way: Way[E]) -> bool:
        """Whether a way matters: it evaluates something, or has had the keyword applied."""
        return not self._evaluated().covers(way.evaluated)

    def _closed(self, way: Way[E], schema: Mapping[str, Any]) -> Way[E]:
        if self._evaluated.keyword not in schema:
            return way
        rest = way.evaluated.rest(schema[self._evaluated.keyword])
        return Way((*way.schemas, *([] if rest is True else [rest])), way.without, way.evaluated.all())

    def _products(self, ways: Sequence[Way[E]], others: Sequence[Way[E]]) -> list[Way[E]]:
        if len(ways) * len(others) > MAX_WAYS:
            raise NotSplit(f"its schemas match in more than {MAX_WAYS} ways")
        return [one.and_(other) for one in ways for other in others]

    # --- the parts that evaluate where the schema stands -------------------------------------

    def _parts(
        self, schema: Mapping[str, Any], refs: tuple[str, ...]
    ) -> Iterator[tuple[dict[str, Any], list[Way[E]]]]:
        """Each part of a schema that applies others, with the ways in which it matches."""
        if "$ref" in schema:
            yield {"$ref": schema["$ref"]}, self._referred(schema["$ref"], refs)
        for branch in schema.get("allOf", ()):
            yield {"allOf": [branch]}, self.ways(branch, refs)
        if "anyOf" in schema:
            yield {"anyOf": schema["anyOf"]}, self._some([self.ways(each, refs) for each in schema["anyOf"]])
        if "oneOf" in schema:
            yield {"oneOf": schema["oneOf"]}, self._one(schema["oneOf"], refs)
        if "if" in schema:
            part = {key: schema[key] for key in ("if", "then", "else") if key in schema}
            yield part, self._either(part, refs)
        for name, needed in schema.get("dependentSchemas", {}).items():
            if self._evaluated.keyword == Items.keyword:  # an array has no properties
                needed = True
            yield {"dependentSchemas": {name: needed}}, self._dependent(name, self.ways(needed, refs))

    def _referred(self, ref: str, refs: tuple[str, ...]) -> list[Way[E]]:
        if ref in refs:
            raise NotSplit(f"{ref} leads back to itself")
        return self.ways(self._resolve(ref), (*refs, ref))

    def _some(self, branches: Sequence[list[Way[E]]]) -> list[Way[E]]:
        """The ways in which one or more branches match, each of those that see what the others do not."""
        if not any(self._sees(way) for ways in branches for way in ways):
            return [self._nothing()]
        found: list[Way[E]] = []
        pending: list[tuple[int, Way[E] | None]] = [(0, None)]
        while pending:
            self._count()
            index, way = pending.pop()
            if index == len(branches):
                found += [way] if way else []
                continue
            pending.append((index + 1, way))
            pending += [(index + 1, more) for more in self._extended(way, branches[index])]
        return _best(found)

    def _extended(self, way: Way[E] | None, ways: Sequence[Way[E]]) -> Iterator[Way[E]]:
        for other in ways:
            if way is None:
                yield other
            elif not way.evaluated.covers(other.evaluated) and self._is_possible(way.schemas + other.schemas):
                yield way.and_(other)

    def _count(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise NotSplit(f"its schemas match in more than {MAX_WAYS} ways")

    def _one(self, branches: Sequence[Subschema], refs: tuple[str, ...]) -> list[Way[E]]:
        """The ways in which one branch matches and no other."""
        found = []
        for i, branch in enumerate(branches):
            others = [
                other for j, other in enumerate(branches) if i != j and self._is_possible((branch, other))
            ]
            found += [
                Way(way.schemas, (*way.without, *others), way.evaluated) for way in self.ways(branch, refs)
            ]
        return found

    def _either(self, part: Mapping[str, Any], refs: tuple[str, ...]) -> list[Way[E]]:
        """The ways of a condition and what follows, and those of what else there is."""
        met = self._products(self.ways(part["if"], refs), self.ways(part.get("then", True), refs))
        if "then" not in part and "else" not in part:
            return [*met, self._nothing()]
        unmet = Way((), (part["if"],), self._evaluated())
        return [*met, *self._products([unmet], self.ways(part.get("else", True), refs))]

    def _dependent(self, name: str, ways: Sequence[Way[E]]) -> list[Way[E]]:
        """The ways in which a property is there, with what it needs, and that in which it is not."""
        absent = Way(({"properties": {name: False}},), (), self._evaluated())
        there = Way(({"required": [name]},), (), self._evaluated())
        return [absent, *self._products([there], ways)] if any(map(self._sees, ways)) else [absent]


def _best(ways: Sequence[Way[E]]) -> list[Way[E]]:
    """Those that are not within another."""
    return [way for way in ways if not any(other is not way and _is_wider(other, way) for other in ways)]


def _is_wider(one: Way[E], other: Way[E]) -> bool:
    """Whether one asks for less than another, and yet evaluates as much."""
    return (
        len(one.schemas) < len(other.schemas)
        and all(schema in other.schemas for schema in one.schemas)
        and all(schema in other.without for schema in one.without)
        and bool(one.evaluated.covers(other.evaluated))
    )


def _with(own: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with a part more; lists and mappings in it are joined."""
    joined = dict(own)
    for key, value in part.items():
        if key == "allOf":
            joined[key] = [*own.get(key, ()), *value]
        elif key == "dependentSchemas":
            joined[key] = {**own.get(key, {}), **value}
        else:
            joined[key] = value
    return joined
