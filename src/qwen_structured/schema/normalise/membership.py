"""Whether a shape admits a value, and whether it admits any."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..shapes import Arrays, Node, Objects, Shape, spelled, together
from .difference import Beyond

if TYPE_CHECKING:
    from .normaliser import Normaliser


class Membership:
    """Looks into the nodes of one normaliser."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._guesses: list[Node] = []

    # --- whether there is any value ----------------------------------------------------------

    def is_empty(self, node: Node, depth: int = 4) -> bool:
        """Whether a node is known to admit no value."""
        if depth == 0 or self._normaliser.is_open(node):
            return False
        try:
            with self._normaliser.apart():
                return self.has_no_value(self._normaliser.shape(node), depth)
        except Beyond:  # which says where it matters
            return False

    def has_no_value(self, shape: Shape, depth: int = 4) -> bool:
        """Whether a shape is known to admit no value."""
        if shape.null or shape.booleans or shape.numbers or shape.constants:
            return False
        if any(
            not one.content or not self.is_empty(together(one.content), depth - 1) for one in shape.strings
        ):
            return False
        if any(not self.has_no_array(one, depth) for one in shape.arrays):
            return False
        return all(self.has_no_object(one, depth) for one in shape.objects)

    def has_no_array(self, arrays: Arrays, depth: int = 4) -> bool:
        """Whether an item that has to be there is known to have no value."""
        needed = [
            arrays.prefix[i] if i < len(arrays.prefix) else arrays.items for i in range(min(arrays.low, 8))
        ]
        return any(node is None or self.is_empty(node, depth - 1) for node in needed)

    def has_no_object(self, objects: Objects, depth: int = 4) -> bool:
        """Whether properties that have to be there are known to be too many, or one to have no value."""
        names = objects.only_names()
        if names is not None and objects.low > len(names):
            return True
        if objects.high is not None and objects.high < len(objects.required):
            return True
        return any(self.is_empty(objects.property(name), depth - 1) for name in objects.required)

    # --- whether there is this one -----------------------------------------------------------

    def admits(self, node: Node, value: Any) -> bool:
        """Whether a node admits a value, as far as sets say it."""
        shape = self._normaliser.shape(node)
        if not shape.exact:
            self._guesses.append(node)
        if value is None:
            return shape.null
        if isinstance(value, bool):
            return value in shape.booleans
        if isinstance(value, int | float):
            return any(one.admits(value) for one in shape.numbers)
        if isinstance(value, str):
            return any(one.admits(value) for one in shape.strings)
        return self.shape_admits(shape, value)

    def admits_surely(self, node: Node, value: Any) -> bool | None:
        """Whether a node admits a value; None where sets do not say it."""
        with self.guessing() as guesses:
            admitted = self.admits(node, value)
        return None if guesses else admitted

    @contextmanager
    def guessing(self) -> Generator[list[Node]]:
        """Collect the nodes that were asked of which sets do not say what they admit."""
        before, self._guesses = self._guesses, []
        try:
            yield self._guesses
        finally:
            self._guesses = before

    def shape_admits(self, shape: Shape, value: Any) -> bool:
        """Whether a shape admits an array or an object, as far as sets say it."""
        if shape.constants and spelled(value) in map(spelled, shape.constants):
            return True
        if isinstance(value, list):
            return any(self._admits_array(one, value) for one in shape.arrays)
        return any(self._admits_object(one, value) for one in shape.objects)

    def _admits_array(self, arrays: Arrays, value: list[Any]) -> bool:
        if len(value) < arrays.low or (arrays.high is not None and len(value) > arrays.high):
            return False
        if arrays.unique and len({spelled(item) for item in value}) < len(value):
            return False
        for node, fewest, most in arrays.contains:
            count = sum(self.admits(node, item) for item in value)
            if count < fewest or (most is not None and count > most):
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
