"""The values of a node: which kinds there are, and where a value has a rule that ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Final

from ...exceptions import UnsupportedSchema
from ..ebnf import Rules, choice, compact, literal, sequence
from ..escaping import EscapedRules
from ..fidelity import Fidelity
from ..normalise import Normaliser
from ..regular import TooLarge
from ..shapes import Node, Shape, Strings, together
from .arrays import ArrayEmitter
from .context import END, Context, Tail
from .numbers import NumberEmitter
from .objects import ObjectEmitter
from .texts import TextEmitter

MAX_COPIES: Final = 6
"""So often a value is written with its tail; then it has a rule of its own."""
MAX_DEPTH: Final = 60
MAX_ENCLOSED: Final = 3
"""JSON within JSON strings, so often; each level doubles the backslashes."""


class Emitter:
    """Writes the grammar of one schema.

    Args:
        normaliser: gives the shapes of its nodes, and takes the findings.
        rules: where to write; by default a grammar of its own.
        enclosed: how many strings its values stand within, as JSON text.
    """

    def __init__(self, normaliser: Normaliser, rules: Rules | None = None, enclosed: int = 0) -> None:
        self._context = Context(normaliser, self.value, rules or Rules())
        self._enclosed = enclosed
        self._rules = self._context.rules
        texts = TextEmitter(self._context)
        self._strings = texts
        self._numbers = NumberEmitter(self._context, texts)
        self._arrays = ArrayEmitter(self._context, self._numbers)
        self._objects = ObjectEmitter(self._context, texts, self._numbers)
        self._written: dict[tuple[str, Tail], str] = {}
        self._copies: dict[str, int] = {}
        self._open: list[tuple[str, ...]] = []

    def grammar(self, node: Node) -> str:
        """The grammar of the values that a node admits.

        Raises:
            UnsupportedSchema: it admits none, or the grammar passes a limit.
        """
        try:
            if self._context.is_empty(node):
                raise _no_value(node)
            return self._rules.text(self.value(node, END))
        except (TooLarge, RecursionError) as error:
            raise UnsupportedSchema(f"the schema is beyond a limit: {error}: simplify it") from error

    def value(self, node: Node, tail: Tail, /) -> str:
        """The name of the rule of a value and its tail."""
        written = self._written.get((node.key, tail))
        if written:
            return written
        if tail != END and self._stands_alone(node):
            return self._rules.named("t", sequence(self.value(node, END), *tail.parts))
        if len(self._open) > MAX_DEPTH:
            raise UnsupportedSchema(
                f"{node.path or 'the schema'} is nested deeper than {MAX_DEPTH}: simplify it"
            )
        name = self._written[node.key, tail] = self._rules.reserve("v")
        self._copies[node.key] = self._copies.get(node.key, 0) + 1
        self._open.append(node.meaning)
        parts = list(self._alternatives(self._context.normaliser.written(node), node.path, tail))
        self._open.pop()
        if not parts:
            raise _no_value(node)
        return self._rules.put(name, choice(parts))

    def _stands_alone(self, node: Node) -> bool:
        return node.meaning in self._open or self._copies.get(node.key, 0) >= MAX_COPIES

    def _alternatives(self, shape: Shape, path: str, tail: Tail) -> Iterator[str]:
        for word in chain(["null"] if shape.null else [], map(_word, sorted(shape.booleans, reverse=True))):
            yield sequence(*tail.after(word).parts)
        for numbers in shape.numbers:
            yield from self._numbers.number(numbers, path, sequence(*tail.parts))
        for strings in shape.strings:
            if strings.content:
                yield from self._json_text(strings, path, tail)
                continue
            yield from self._strings.string(strings, path, tail)
        for arrays in shape.arrays:
            begun = self._arrays.items(arrays, path, tail.after("]"))
            yield from [sequence(literal("["), begun)] if begun else []
        for objects in shape.objects:
            begun = self._objects.properties(objects, path, tail.after("}"))
            yield from [sequence(literal("{"), begun)] if begun else []
        for value in shape.constants:
            yield sequence(*tail.after(compact(value)).parts)

    def _json_text(self, strings: Strings, path: str, tail: Tail) -> Iterator[str]:
        """Strings that are JSON text of a node, each with its quotes and tail."""
        content = together(strings.content)
        if self._context.is_empty(content):
            return
        name, is_alone = "contentMediaType application/json", replace(strings, content=()) == Strings()
        if self._enclosed == MAX_ENCLOSED:
            why = f"more than {MAX_ENCLOSED} strings within each other"
            self._context.find(path, name, Fidelity.CHECKED, why)
            yield from self._strings.string(replace(strings, content=()), path, tail)
            return
        why = "" if is_alone else "beside other rules for the same string"
        self._context.find(path, name, Fidelity.EXACT if is_alone else Fidelity.CHECKED, why)
        yield sequence('"\\""', self._within.value(content, END), *tail.after('"').parts)

    @cached_property
    def _within(self) -> Emitter:
        """Writes values as JSON text within a string."""
        return Emitter(self._context.normaliser, EscapedRules(others=self._rules), self._enclosed + 1)


def _word(value: bool) -> str:
    return "true" if value else "false"


def _no_value(node: Node) -> UnsupportedSchema:
    return UnsupportedSchema(f"{node.path or 'the schema'} admits no value: remove or correct it")
