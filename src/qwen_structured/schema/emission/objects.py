"""Objects: the rules of what follows the brace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Final

from ...exceptions import UnsupportedSchema
from ..ebnf import choice, literal, sequence, spelled
from ..fidelity import Fidelity
from ..numbers import NoValue
from ..regular import Language
from ..shapes import NOTHING, Layer, Node, Objects, together
from .context import Context, Tail
from .numbers import NumberEmitter
from .texts import TextEmitter

MAX_COUNTED: Final = 64
"""Numbers of properties up to this are enforced."""
MAX_NAME_CLASSES: Final = 128
MAX_LEFT_OUT: Final = 550
"""Optional properties in a row. The engine looks from each at all that follow: 1 s for 400, 10 s for 800."""


@dataclass(frozen=True)
class Free:
    """Properties that are not named.

    Attributes:
        names: their names; None is any name.
        node: what they are.
    """

    names: Language | None
    node: Node


@dataclass(frozen=True)
class _NameClass:
    """Names that the same patterns match."""

    names: Language | None
    matched: frozenset[int]


class ObjectEmitter:
    """Writes objects, each with its tail."""

    def __init__(self, context: Context, texts: TextEmitter, numbers: NumberEmitter) -> None:
        self._context, self._texts, self._numbers = context, texts, numbers

    def properties(self, objects: Objects, path: str, end: Tail) -> str | None:
        """The rule of what follows the brace, None if there is no such object; `end` has the other brace."""
        names = [name for name in objects.properties if self._may_be_there(objects, name)]
        if not set(objects.required) <= set(names):
            return None
        if objects.required:
            self._context.find(path, "required", Fidelity.EXACT)
        self._check_optional(objects, names, path)
        free = self._free(objects, path)
        low, high = self._counts(objects, names, bool(free), path)
        rules = _ObjectRules(self._context, self._texts, objects, names, free, low, high, end)
        return rules.start()

    def _may_be_there(self, objects: Objects, name: str) -> bool:
        named = all(self._context.normaliser.admits(node, name) for node in objects.names)
        return named and not self._context.is_empty(objects.property(name))

    def _check_optional(self, objects: Objects, names: Sequence[str], path: str) -> None:
        """Refuse more optional properties in a row than the engine can compile."""
        required = frozenset(objects.required)
        runs = (len(list(run)) for is_needed, run in groupby(names, required.__contains__) if not is_needed)
        if max(runs, default=0) > MAX_LEFT_OUT:
            raise UnsupportedSchema(
                f"{path or 'the schema'} has more than {MAX_LEFT_OUT} optional properties in a row: "
                "require some of them"
            )

    # --- numbers of properties ---------------------------------------------------------------

    def _counts(
        self, objects: Objects, names: Sequence[str], free: bool, path: str
    ) -> tuple[int, int | None]:
        """The bounds that rules have to count for; those that hold anyway are left out."""
        low, high = objects.low, objects.high
        if max(low, high or 0) > MAX_COUNTED:
            self._find_counts(objects, path, Fidelity.CHECKED, f"of more than {MAX_COUNTED} properties")
            return 0, None
        counts_twice = free and low > len(objects.required) + 1
        why = "a name that is written twice counts twice" if counts_twice else ""
        self._find_counts(objects, path, Fidelity.CHECKED if counts_twice else Fidelity.EXACT, why)
        low = 0 if low <= len(objects.required) else low
        return low, None if high is None or (not free and high >= len(names)) else high

    def _find_counts(self, objects: Objects, path: str, fidelity: Fidelity, why: str) -> None:
        if objects.low:
            self._context.find(path, f"minProperties {objects.low}", fidelity, why)
        if objects.high is not None:
            self._context.find(path, f"maxProperties {objects.high}", fidelity, why)

    # --- properties that are not named -------------------------------------------------------

    def _free(self, objects: Objects, path: str) -> list[Free]:
        layers = objects.layers
        if not objects.names and any(map(_is_closed, layers)):
            return []
        if not objects.names and any(layer.properties for layer in layers) and all(map(_is_open, layers)):
            if not self._context.normaliser.drops_others or any(layer.mentions_rest for layer in layers):
                why = "only the named ones are written"
                self._context.find(path, "additionalProperties", Fidelity.NARROWED, why)
            return []
        found = []
        for name_class in self._name_classes(objects, path):
            node = _value_of(layers, name_class.matched)
            if node is not None and not self._context.is_empty(node):
                found.append(Free(name_class.names, node))
        return found

    def _name_classes(self, objects: Objects, path: str) -> list[_NameClass]:
        """Split the names that are not mentioned by which patterns match them."""
        names: Language | None = None
        for node in objects.names:
            allowed = self._language(node)
            names = allowed if names is None else names & allowed
        if objects.properties:
            names = (names or Language.anything()) - Language.literals(objects.properties)
        classes = [_NameClass(names, frozenset())]
        for number, language in enumerate(_patterns(objects.layers)):
            classes = [part for one in classes for part in _parts(one, number, language)]
            if len(classes) > MAX_NAME_CLASSES:
                raise UnsupportedSchema(
                    f"{path or 'the schema'} has patternProperties that part names into more than "
                    f"{MAX_NAME_CLASSES} kinds: use fewer, or such as exclude each other"
                )
        return [one for one in classes if one.names is None or not one.names.is_empty()]

    def _language(self, node: Node) -> Language:
        """The language of the strings that a node admits."""
        language = Language.literals([])
        for strings in self._context.normaliser.written(node).strings:
            one = strings.language or Language.anything()
            if strings.low or strings.high is not None:
                one = one & Language.lengths(strings.low, strings.high)
            if strings.content:
                content = self._number_texts(together(strings.content))
                one = one if content is None else one & content
            language = language | one
        return language

    def _number_texts(self, node: Node) -> Language | None:
        """What JSON writes a node's numbers as; None if it has other values, which a finding says."""
        shape = self._context.normaliser.written(node)
        if replace(shape, numbers=()) != NOTHING or any(one.values is not None for one in shape.numbers):
            why = "of names, unless they are numbers"
            self._context.find(node.path, "contentMediaType application/json", Fidelity.CHECKED, why)
            return None
        texts = Language.literals([])
        for numbers in shape.numbers:
            with suppress(NoValue):
                texts = texts | self._numbers.language(numbers, node.path)
        return texts


def _is_open(layer: Layer) -> bool:
    """Whether a layer says nothing of properties that it does not name."""
    return not layer.patterns and layer.rest is not None and not layer.rest.schemas


def _is_closed(layer: Layer) -> bool:
    """Whether a layer allows only the properties that it names."""
    return not layer.patterns and layer.rest is None


def _patterns(layers: Sequence[Layer]) -> Iterator[Language]:
    for layer in layers:
        for language, _ in layer.patterns:
            yield language


def _parts(one: _NameClass, number: int, language: Language) -> Iterator[_NameClass]:
    """The part of a class that a pattern matches, and the other."""
    names = one.names or Language.anything()
    for part, matched in ((names & language, one.matched | {number}), (names - language, one.matched)):
        if not part.is_empty():
            yield _NameClass(part, matched)


def _value_of(layers: Sequence[Layer], matched: frozenset[int]) -> Node | None:
    """What properties are whose names these patterns match; None if they may not be there."""
    nodes: list[Node] = []
    number = 0
    for layer in layers:
        own = [node for i, (_, node) in enumerate(layer.patterns, number) if i in matched]
        number += len(layer.patterns)
        if not own and layer.rest is None:
            return None
        nodes += own or ([layer.rest] if layer.rest else [])
    return together(nodes) if nodes else Node.of()


class _ObjectRules:
    """The rules of one object: by the property that may come next, and the number of those that are there."""

    def __init__(
        self,
        context: Context,
        texts: TextEmitter,
        objects: Objects,
        names: Sequence[str],
        free: Sequence[Free],
        low: int,
        high: int | None,
        end: Tail,
    ) -> None:
        self._context, self._texts, self._objects = context, texts, objects
        self._names, self._free, self._low, self._high, self._end = names, free, low, high, end
        self._required = frozenset(objects.required)
        counted = accumulate((name in self._required for name in names), initial=0)
        self._required_before = list(counted)
        self._most = max(low, 1) if high is None else max(low, high)
        self._states: dict[tuple[int, int], str] = {}

    def start(self) -> str | None:
        """The rule of what follows the brace; None if there is no such object."""
        if not self._can_end(0, 0):
            return None
        for index in range(len(self._names), 0, -1):  # from behind, which needs no deep recursion
            needed = self._required_before[index]
            for count in range(min(needed, self._most), min(index, self._most) + 1):
                if self._can_end(index, count):
                    self._state(index, count)
        return self._state(0, 0)

    def _can_end(self, index: int, count: int) -> bool:
        """Whether an object can end where `count` properties are there and those from `index` on may come."""
        needed = self._required_before[-1] - self._required_before[index]
        enough = bool(self._free) or count + len(self._names) - index >= self._low
        return enough and (self._high is None or count + needed <= self._high)

    def _state(self, index: int, count: int) -> str:
        """The rule of what follows there."""
        count = min(count, self._most)
        if (index, count) not in self._states:
            name = self._states[index, count] = self._context.rules.reserve("o")
            self._context.rules.put(name, choice(self._ways(index, count)))
        return self._states[index, count]

    def _ways(self, index: int, count: int) -> Iterator[str]:
        comma = "," if count else ""
        if index < len(self._names):
            yield from self._named(index, count, comma)
            return
        if self._high is None or count < self._high:
            for free in self._free:
                value = self._context.value(free.node, Tail("", self._state(index, count + 1)))
                rest = self._texts.of_language(free.names, sequence(literal('":'), value))
                yield sequence(literal(comma + '"'), rest)
        if count >= self._low:
            yield sequence(*self._end.parts)

    def _named(self, index: int, count: int, comma: str) -> Iterator[str]:
        name = self._names[index]
        if self._can_end(index + 1, count + 1):
            following = Tail("", self._state(index + 1, count + 1))
            value = self._context.value(self._objects.property(name), following)
            yield sequence(literal(f'{comma}"{spelled(name)}":'), value)
        if name not in self._required and self._can_end(index + 1, count):
            yield self._state(index + 1, count)
