"""``unevaluatedProperties`` and ``unevaluatedItems``: united over the ways in which a schema can match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ..._sketch import resolve
from ..fidelity import Fidelity
from ..shapes import Node, Shape, Subschema
from .applicators import unite
from .difference import Beyond
from .keywords import said
from .ways import Evaluated, Items, NotSplit, Properties, Way, ways_of

if TYPE_CHECKING:
    from .normaliser import Normaliser

UNEVALUATED: Final = frozenset([Properties.keyword, Items.keyword])


class Unevaluated:
    """Applies the two keywords for one normaliser."""

    def __init__(self, normaliser: Normaliser, root: Mapping[str, Any]) -> None:
        self._normaliser, self._root = normaliser, root

    def applied(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        """What of a shape, which is that of the schema without the keywords, they admit."""
        if Properties.keyword in schema:
            closed = self._split(schema, Properties, path, shape)
            constants = _of_type(Mapping, closed) + _of_type(list, shape)
            exact = shape.exact and closed.exact
            shape = replace(shape, objects=closed.objects, constants=constants, exact=exact)
        if Items.keyword in schema:
            closed = self._split(schema, Items, path, shape)
            constants = _of_type(Mapping, shape) + _of_type(list, closed)
            exact = shape.exact and closed.exact
            shape = replace(shape, arrays=closed.arrays, constants=constants, exact=exact)
        return shape

    def _split(self, schema: Mapping[str, Any], evaluated: type[Evaluated], path: str, wider: Shape) -> Shape:
        """What a schema admits with one of the keywords; `wider` is what it admits without."""

        def is_possible(schemas: Sequence[Subschema]) -> bool:
            return self._is_possible(Node.of(*schemas, path=path), evaluated.keyword)

        constraint = said(schema, evaluated.keyword)
        try:
            ways = ways_of(schema, evaluated, resolve=partial(resolve, self._root), is_possible=is_possible)
            parts = [self._way(way, path) for way in ways]
        except NotSplit as error:
            self._normaliser.note(path, constraint, Fidelity.CHECKED, str(error))
            return wider.inexact()
        self._normaliser.note(path, constraint, Fidelity.EXACT)
        return unite(parts, path)

    def _is_possible(self, node: Node, keyword: str) -> bool:
        """Whether objects, or arrays, may be of a node."""
        try:
            with self._normaliser.apart():
                shape = self._normaliser.shape(node)
        except Beyond:
            return True
        membership = self._normaliser.membership
        if keyword == Properties.keyword:
            return not all(map(membership.has_no_object, shape.objects)) or bool(_of_type(Mapping, shape))
        return not all(map(membership.has_no_array, shape.arrays)) or bool(_of_type(list, shape))

    def _way(self, way: Way[Any], path: str) -> Shape:
        shape = self._normaliser.shape(Node.of(*way.schemas, path=path))
        for schema in way.without:
            left = self._normaliser.differences.minus(shape, Node.of(schema, path=path))
            if left is None:
                raise NotSplit("the grammar cannot say what is not of one of its schemas")
            shape = left
        return shape


def _of_type(kind: type, shape: Shape) -> tuple[Any, ...]:
    return tuple(value for value in shape.constants if isinstance(value, kind))
