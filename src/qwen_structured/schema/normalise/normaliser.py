"""From schemas to the `Shape` of what they admit, and to findings on what a shape cannot say.

References are resolved, conjunctions intersected, alternatives united, and negations made where sets can say
them. Where they cannot, the shape is wider than the schema, and a finding says that the rest is checked.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from ..._sketch import definitions_to_name
from ..fidelity import Fidelity, Finding
from ..references import refs_stand_alone
from ..shapes import ANYTHING, NOTHING, Node, Shape, Subschema, distinct
from .applicators import Applicators, only_denies
from .difference import Beyond, Differences, products
from .keywords import Keywords, said
from .membership import Membership
from .unevaluated import UNEVALUATED, Unevaluated

MAX_NODES: Final = 20_000
MAX_DEPTH: Final = 64

_UNKNOWN_BUT_BINDING: Final = frozenset(["extends", "disallow", "divisibleBy"])


class Normaliser:
    """Shapes of the nodes of one schema.

    Args:
        root: the schema that references point into, all of them by pointers.
        drops_others: it is the schema of a Python type: properties of which it says nothing are no part of
            the value, and formats are Pydantic's.
        coarse: conditions and dependencies are left to be checked; with them the grammar is too large.

    Attributes:
        findings: on what is written, without repetition.
        membership: whether nodes admit values.
        differences: what is in one shape and not in another.
    """

    def __init__(self, root: Mapping[str, Any], *, drops_others: bool = False, coarse: bool = False) -> None:
        self.drops_others, self.coarse = drops_others, coarse
        self.findings: dict[Finding, None] = {}
        self.membership, self.differences = Membership(self), Differences(self)
        self._shapes: dict[str, tuple[Shape, tuple[Finding, ...]]] = {}
        self._open: list[str] = []
        self._found: list[list[Finding]] = [[]]
        self._refs_stand_alone = refs_stand_alone(root)
        self._keywords = Keywords(self.note, drops_others=drops_others)
        self._applicators = Applicators(self, root, frozenset(definitions_to_name(root)))
        self._unevaluated = Unevaluated(self, root)

    def shape(self, node: Node) -> Shape:
        """What a node admits.

        Raises:
            UnsupportedSchema: it refers to what is not there or to itself, or passes a limit.
        """
        key = node.key
        if key not in self._shapes:
            if key in self._open:
                raise Beyond(
                    f"{node.path or 'the schema'} refers to itself without anything in between: "
                    "remove one reference"
                )
            if len(self._shapes) > MAX_NODES or len(self._open) > MAX_DEPTH:
                raise Beyond(
                    f"{node.path or 'the schema'} is beyond the limits of {MAX_NODES} subschemas and of "
                    f"{MAX_DEPTH} schemas that lead to each other: simplify the schema"
                )
            self._open.append(key)
            try:
                with self.apart() as found:
                    shape = self._together(node.schemas, node.path)
            finally:
                self._open.pop()
            self._shapes[key] = shape, tuple(dict.fromkeys(found))
        shape, findings = self._shapes[key]
        self._found[-1].extend(findings)
        return shape

    def written(self, node: Node) -> Shape:
        """What a node admits, which is written now, so that findings on it count."""
        with self.apart() as found:
            shape = self.shape(node)
        self.findings.update(dict.fromkeys(found))
        if any(one.excluded for one in shape.numbers):
            return replace(shape, numbers=tuple(span for one in shape.numbers for span in one.spans()))
        return shape

    def find(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say what becomes of a constraint."""
        self.findings[Finding(path, constraint, fidelity, why)] = None

    def note(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say what becomes of a constraint, if the node that is looked at is written."""
        self._found[-1].append(Finding(path, constraint, fidelity, why))

    @contextmanager
    def apart(self) -> Generator[list[Finding]]:
        """Keep what is found apart."""
        self._found.append([])
        try:
            yield self._found[-1]
        finally:
            self._found.pop()

    def is_open(self, node: Node) -> bool:
        """Whether a node is being looked at."""
        return node.key in self._open

    def is_empty(self, node: Node) -> bool:
        """Whether a node is known to admit no value."""
        return self.membership.is_empty(node)

    def admits(self, node: Node, value: Any) -> bool:
        """Whether a node admits a value, as far as sets say it."""
        return self.membership.admits(node, value)

    def _together(self, schemas: Sequence[Subschema], path: str) -> Shape:
        """What all of some schemas admit; what one denies is looked at last, when least is left."""
        shape = self.all(self._one(schema, path) for schema in schemas if not only_denies(schema))
        return self._applicators.without(shape, filter(only_denies, schemas), path)

    def all(self, shapes: Iterable[Shape]) -> Shape:
        """What all of some shapes admit."""
        return reduce(self.intersect, shapes, ANYTHING)

    def intersect(self, one: Shape, other: Shape) -> Shape:
        """What both admit."""
        if one is ANYTHING or other is ANYTHING:
            return other if one is ANYTHING else one
        constants = [value for value in one.constants if self._admits(other, value)]
        constants += [value for value in other.constants if self._admits(one, value)]
        return Shape(
            one.null and other.null,
            one.booleans & other.booleans,
            products(one.numbers, other.numbers),
            products(one.strings, other.strings),
            products(one.arrays, other.arrays),
            products(one.objects, other.objects),
            distinct(constants),
            one.exact and other.exact,
        )

    def _admits(self, shape: Shape, value: Any) -> bool:
        """Whether a shape admits an array or an object; if sets do not say it, that is to be checked."""
        with self.membership.guessing() as guesses:
            admitted = self.membership.shape_admits(shape, value)
        for node in guesses:
            self.note(node.path, "enum", Fidelity.CHECKED, "whether its values are of the schema there")
        return admitted or bool(guesses)

    def _one(self, schema: Subschema, path: str) -> Shape:
        if isinstance(schema, bool):
            return ANYTHING if schema else NOTHING
        if self._refs_stand_alone and "$ref" in schema:
            return self._applicators.reference(schema, path)
        if schema.keys() & UNEVALUATED:
            others = {key: value for key, value in schema.items() if key not in UNEVALUATED}
            shape = self._one(others, path)  # draft 7 does not know these keywords
            return shape if self._refs_stand_alone else self._unevaluated.applied(shape, schema, path)
        shape = self._applicators.applied(self._keywords.shape(schema, path), schema, path)
        for keyword in schema:
            if keyword in _UNKNOWN_BUT_BINDING:
                self.note(path, said(schema, keyword), Fidelity.CHECKED, "the grammar cannot say it")
                shape = shape.inexact()
        return shape
