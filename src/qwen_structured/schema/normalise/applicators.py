"""What a schema says by other schemas: references, unions, denials, conditions, dependencies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from ..._sketch import resolve
from ...exceptions import UnsupportedSchema
from ..fidelity import Fidelity
from ..regular import Language
from ..shapes import ANYTHING, NOTHING, Node, Numbers, Shape, Strings, Subschema, distinct
from .difference import MAX_ALTERNATIVES, Beyond

if TYPE_CHECKING:
    from .normaliser import Normaliser

MAX_PAIRS: Final = 2_000

_MULTIPLYING: Final = ("if", "dependentRequired", "dependentSchemas", "dependencies")
"""What makes several alternatives of each one beside it."""

_ANNOTATIONS: Final = frozenset(
    "title description default examples deprecated readOnly writeOnly discriminator "
    "$schema $id $comment $defs definitions $anchor $vocabulary contentEncoding contentMediaType "
    "contentSchema $recursiveAnchor $dynamicAnchor id x-pattern-dialect enumNames".split()
)


class Applicators:
    """Applies the schemas within a schema, in place.

    Args:
        normaliser: gives their shapes, and takes the findings.
        root: the schema that references point into.
        named: the references whose findings stand under the name of what they lead to.
    """

    def __init__(self, normaliser: Normaliser, root: Mapping[str, Any], named: frozenset[str]) -> None:
        self._normaliser, self._root, self._named = normaliser, root, named
        self._find, self._shape, self._intersect = normaliser.note, normaliser.shape, normaliser.intersect
        self._minus, self._has_no_value = normaliser.differences.minus, normaliser.membership.has_no_value
        self._adding: dict[str, Callable[[Mapping[str, Any], str], Shape]] = {
            "$ref": self.reference,
            "const": self._values,
            "enum": self._values,
            "allOf": self._all_of,
            "anyOf": self._any_of,
            "dependentRequired": self._dependent,
            "dependentSchemas": self._dependent,
            "dependencies": self._dependent,
        }
        self._last: dict[str, Callable[[Shape, Mapping[str, Any], str], Shape]] = {
            "oneOf": self._one_of,
            "if": self._if,
            "allOf": self._denied_by_all,
            "not": self._denied,
        }

    def applied(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        """What of a shape a schema admits; what takes differences comes last, when least is left."""
        if self._normaliser.coarse and (left_out := [key for key in _MULTIPLYING if key in schema]):
            for keyword in left_out:
                self._find(path, keyword, Fidelity.CHECKED, "with it the grammar would be too large")
            rest = {key: value for key, value in schema.items() if key not in _MULTIPLYING}
            return self.applied(shape, rest, path).inexact()
        for keyword, added in self._adding.items():
            if keyword in schema and not shape.is_nothing:
                shape = self._intersect(shape, added(schema, path))
        for keyword, applied_to in self._last.items():
            if keyword in schema and not shape.is_nothing:
                shape = applied_to(shape, schema, path)
        return shape

    def reference(self, schema: Mapping[str, Any], path: str) -> Shape:
        """What the schema admits that a reference leads to."""
        ref = str(schema["$ref"])
        target = resolve(self._root, ref)
        if target is None:
            raise UnsupportedSchema(
                f"{path or 'the schema'} refers to {ref!r}, which is not in it, and nothing is "
                "fetched: put it into its $defs"
            )
        return self._shape(Node.of(target, path=ref.rsplit("/", 1)[-1] if ref in self._named else path))

    def _values(self, schema: Mapping[str, Any], path: str) -> Shape:
        keyword = "const" if "const" in schema else "enum"
        self._find(path, keyword, Fidelity.EXACT)
        return of_values([schema["const"]] if keyword == "const" else schema["enum"])

    def _all_of(self, schema: Mapping[str, Any], path: str) -> Shape:
        branches = [branch for branch in schema["allOf"] if not only_denies(branch)]
        return self._normaliser.all(self._shape(Node.of(branch, path=path)) for branch in branches)

    def _any_of(self, schema: Mapping[str, Any], path: str) -> Shape:
        return unite([self._shape(Node.of(branch, path=path)) for branch in schema["anyOf"]], path)

    def _one_of(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        branches = [Node.of(branch, path=path) for branch in schema["oneOf"]]
        shapes = [self._intersect(shape, self._shape(branch)) for branch in branches]
        live = [i for i, one in enumerate(shapes) if not self._has_no_value(one)]
        pairs = [(i, j) for i in live for j in live if i < j]
        meeting = self._meeting(shapes, branches, pairs) if len(pairs) <= MAX_PAIRS else None
        alone = None if meeting is None else [self._alone(i, shapes, branches, meeting) for i in live]
        if alone is None or None in alone:
            self._find(path, "oneOf", Fidelity.CHECKED, "that only one of its schemas matches")
            return unite([shapes[i] for i in live], path).inexact()
        self._find(path, "oneOf", Fidelity.EXACT)
        return unite([one for one in alone if one], path)

    def _meeting(
        self, shapes: Sequence[Shape], branches: Sequence[Node], pairs: Iterable[tuple[int, int]]
    ) -> set[tuple[int, int]] | None:
        """Which pairs of branches may have values in common; None if that is too much to ask."""
        try:
            with self._normaliser.apart():
                both = {(i, j): self._intersect(shapes[i], self._shape(branches[j])) for i, j in pairs}
            return {pair for pair, shape in both.items() if not self._has_no_value(shape)}
        except Beyond:
            return None

    def _alone(
        self, index: int, shapes: Sequence[Shape], branches: Sequence[Node], meeting: set[tuple[int, int]]
    ) -> Shape | None:
        """What only one of the branches admits; None if that cannot be said."""
        shape: Shape | None = shapes[index]
        for i, branch in enumerate(branches):
            if shape is not None and (min(i, index), max(i, index)) in meeting:
                shape = self._minus(shape, branch)
        return shape

    def _denied_by_all(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        return self.without(shape, filter(only_denies, schema["allOf"]), path)

    def _denied(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        return self.without(shape, [{"not": schema["not"]}], path)

    def without(self, shape: Shape, denials: Iterable[Subschema], path: str) -> Shape:
        """What a shape admits that schemas deny nothing of."""
        for denial in denials:
            denied: Subschema = denial["not"] if isinstance(denial, Mapping) else False
            if isinstance(denied, Mapping) and only_denies(denied):  # which asserts again
                left: Shape | None = self._intersect(shape, self._shape(Node.of(denied["not"], path=path)))
            else:
                left = self._minus(shape, Node.of(denied, path=path))
            why = "" if left else "the grammar cannot say what is not of that schema"
            self._find(path, "not", Fidelity.EXACT if left else Fidelity.CHECKED, why)
            shape = left or shape.inexact()
        return shape

    def _if(self, shape: Shape, schema: Mapping[str, Any], path: str) -> Shape:
        node = Node.of(schema["if"], path=path)
        then = self._shape(Node.of(schema.get("then", True), path=path))
        otherwise = self._shape(Node.of(schema.get("else", True), path=path))
        if then is ANYTHING and otherwise is ANYTHING:
            return shape
        with self._normaliser.apart():
            when = self._shape(node)
        unmet = self._minus(self._intersect(shape, otherwise), node) if when.exact else None
        if unmet is None:
            self._find(path, "if", Fidelity.CHECKED, "the grammar cannot say what is not of the schema of if")
            return shape.inexact()
        self._find(path, "if", Fidelity.EXACT)
        return unite([self._intersect(self._intersect(shape, when), then), unmet], path)

    def _dependent(self, schema: Mapping[str, Any], path: str) -> Shape:
        shape = ANYTHING
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            for name, needs in schema.get(keyword, {}).items():
                needed: Subschema = {"required": needs} if isinstance(needs, list) else needs
                self._find(path, f"{keyword} {name}", Fidelity.EXACT)
                absent = self._shape(Node.of({"properties": {name: False}}, path=path))
                present = self._shape(Node.of({"required": [name]}, needed, path=path))
                present = Shape(objects=present.objects, exact=present.exact, constants=present.constants)
                shape = self._intersect(shape, unite([absent, present], path))
        return shape


def unite(shapes: Sequence[Shape], path: str) -> Shape:
    """What one or more of some shapes admit."""
    united = reduce(lambda one, other: one | other, shapes, NOTHING)
    if max(map(len, (united.arrays, united.objects, united.strings, united.numbers))) > MAX_ALTERNATIVES:
        raise UnsupportedSchema(
            f"{path or 'the schema'} has more than {MAX_ALTERNATIVES} alternatives of one kind: "
            "split it, or use a discriminator"
        )
    return united


def of_values(values: Sequence[Any]) -> Shape:
    """The shape that admits some values and no others."""
    numbers = [_whole(value) for value in values if type(value) in (int, float)]
    texts = [value for value in values if isinstance(value, str)]
    constants = distinct(value for value in values if isinstance(value, list | Mapping))
    return Shape(
        null=None in values,
        booleans=frozenset(value for value in values if isinstance(value, bool)),
        numbers=(Numbers(values=tuple(dict.fromkeys(numbers))),) if numbers else (),
        strings=(Strings(Language.literals(texts)),) if texts else (),
        constants=constants,
    )


def _whole(value: float) -> float:
    """A number in its shortest spelling."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e16 else value


def only_denies(schema: Subschema) -> bool:
    """Whether a schema only says what a value is not."""
    return isinstance(schema, Mapping) and "not" in schema and schema.keys() - {"not"} <= _ANNOTATIONS
