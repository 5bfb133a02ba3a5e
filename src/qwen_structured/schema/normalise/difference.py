"""What is in one shape and not in another: for ``not``, ``if`` and overlapping ``oneOf``.

It is taken kind by kind, so that only those kinds have to be complemented in which the two meet. Sets cannot
say the complement of everything: then there is no difference, and the caller finds that it is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ...exceptions import UnsupportedSchema
from ..fidelity import Fidelity
from ..regular import TooLarge
from ..shapes import Arrays, Layer, Node, Numbers, Objects, Shape, Strings

if TYPE_CHECKING:
    from .normaliser import Normaliser

MAX_ALTERNATIVES: Final = 256
MAX_DIFFERENT: Final = 64
"""Alternatives that a difference may have."""
MAX_NESTING: Final = 8
"""So deep a difference is looked into, which may need another one for each property."""
MAX_DIFFERENCES: Final = 300


class Beyond(UnsupportedSchema):
    """A limit that a difference may meet without harm, because what it is for can be checked instead."""


class Differences:
    """Takes the differences for one normaliser."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._depth = self._count = 0

    def minus(self, shape: Shape, node: Node) -> Shape | None:
        """What a shape admits and a node does not; None if sets cannot say it."""
        self._count += 1
        if self._depth == MAX_NESTING or self._count > MAX_DIFFERENCES:
            return None
        self._depth += 1
        try:
            with self._normaliser.apart():
                return self._minus(shape, node)
        except (TooLarge, Beyond):
            return None
        finally:
            self._depth -= 1

    def _minus(self, shape: Shape, node: Node) -> Shape | None:
        other = self._normaliser.shape(node)
        constants = self._constants(shape.constants, node)
        numbers = self._numbers(shape, other)
        strings = self._strings(shape, other)
        arrays = self._arrays(shape, other)
        objects = self._objects(shape, other)
        if constants is None or numbers is None or strings is None or arrays is None or objects is None:
            return None
        if not other.exact and ((shape.null and other.null) or shape.booleans & other.booleans):
            return None
        booleans = shape.booleans - other.booleans
        null = shape.null and not other.null
        return replace(
            shape,
            null=null,
            booleans=booleans,
            numbers=numbers,
            strings=strings,
            arrays=arrays,
            objects=objects,
            constants=constants,
        )

    def _constants(self, constants: Iterable[Any], node: Node) -> tuple[Any, ...] | None:
        kept = []
        for value in constants:
            admitted = self._normaliser.membership.admits_surely(node, value)
            if admitted is None:
                return None
            kept += [] if admitted else [value]
        return tuple(kept)

    def _numbers(self, shape: Shape, other: Shape) -> tuple[Numbers, ...] | None:
        if not products(shape.numbers, other.numbers):
            return shape.numbers
        return _outside(shape.numbers, [one.complement() for one in other.numbers]) if other.exact else None

    def _strings(self, shape: Shape, other: Shape) -> tuple[Strings, ...] | None:
        if not (shape.strings and other.strings):
            return shape.strings
        return _outside(shape.strings, [one.complement() for one in other.strings]) if other.exact else None

    # --- arrays and objects: what is denied of their values is a schema again ----------------

    def _arrays(self, shape: Shape, other: Shape) -> tuple[Arrays, ...] | None:
        rest: tuple[Arrays, ...] | None = shape.arrays
        met = [one for one in other.arrays if self._meet_arrays(shape.arrays, one)]
        listed = [_other_arrays(value) for value in other.constants if isinstance(value, list)]
        if met or listed:
            outside = [*map(Arrays.complement, met), *listed] if other.exact else [None]
            rest = _outside(rest, outside, self._normaliser.membership.has_no_array)
        if rest is None or rest == shape.arrays:
            return rest
        return rest if all(map(self._can_be_array, rest)) else None

    def _objects(self, shape: Shape, other: Shape) -> tuple[Objects, ...] | None:
        rest: tuple[Objects, ...] | None = shape.objects
        met = [one for one in other.objects if self._meet_objects(shape.objects, one)]
        if met:
            rest = self._outside_objects(rest, met) if other.exact else None
        listed = [_other_objects(value) for value in other.constants if isinstance(value, Mapping)]
        rest = _outside(rest, listed, self._normaliser.membership.has_no_object) if rest else rest
        if rest is None or rest == shape.objects:
            return rest
        return rest if all(map(self._can_be_object, rest)) else None

    def _outside_objects(
        self, rest: tuple[Objects, ...] | None, others: Iterable[Objects]
    ) -> tuple[Objects, ...] | None:
        """What is in none of the others, each looked at within what the ones before leave."""
        for other in others:
            left: list[Objects] = []
            for one in rest or ():
                found = _outside((one,), [other.complement(one)], self._normaliser.membership.has_no_object)
                if found is None or len(left) + len(found) > MAX_DIFFERENT:
                    return None
                left += found
            rest = tuple(left)
        return rest

    def _meet_arrays(self, those: Sequence[Arrays], one: Arrays) -> bool:
        return any(not self._normaliser.membership.has_no_array(both) for both in products(those, (one,)))

    def _meet_objects(self, those: Sequence[Objects], one: Objects) -> bool:
        return any(not self._normaliser.membership.has_no_object(both) for both in products(those, (one,)))

    def _can_be_array(self, arrays: Arrays) -> bool:
        """Whether what is denied of items can be said."""
        if arrays.contains and (len(arrays.contains) > 1 or arrays.prefix or arrays.high is not None):
            return False
        own = arrays.items.schemas if arrays.items else ()
        contained = [Node.of(*own, *node.schemas, path=node.path) for node, _, _ in arrays.contains]
        return all(self._can_be(node) for node in (*arrays.prefix, *contained))

    def _can_be_object(self, objects: Objects) -> bool:
        """Whether what is denied of properties can be said."""
        denied = [
            name for layer in objects.layers for name, node in layer.properties.items() if _denies(node)
        ]
        return all(self._can_be(objects.property(name)) for name in denied)

    def _can_be(self, node: Node) -> bool:
        if not _denies(node):
            return True
        with self._normaliser.apart() as found:
            self._normaliser.shape(node)
        return not any(one.constraint == "not" and one.fidelity is Fidelity.CHECKED for one in found)


def _denies(node: Node) -> bool:
    return any(isinstance(schema, Mapping) and "not" in schema for schema in node.schemas)


def products(one: Sequence[Any], other: Sequence[Any], limit: int = MAX_ALTERNATIVES) -> tuple[Any, ...]:
    """What alternatives of both admit.

    Raises:
        Beyond: they are too many.
    """
    if len(one) * len(other) > limit:
        raise Beyond(f"a conjunction of alternatives has more than {limit} of them: simplify the schema")
    both = (a & b for a in one for b in other)
    return tuple(product for product in both if product is not None)


def _outside(
    rest: tuple[Any, ...] | None,
    complements: Iterable[tuple[Any, ...] | None],
    is_nothing: Callable[[Any], bool] = lambda _: False,
) -> tuple[Any, ...] | None:
    """What is in all complements; None if one is not known."""
    for others in complements:
        if others is None or rest is None:
            return None
        rest = tuple(one for one in products(rest, others, MAX_DIFFERENT) if not is_nothing(one))
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
