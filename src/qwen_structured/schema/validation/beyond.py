"""Rules of a type that no JSON Schema keyword says, and how they travel inside a schema until it is done.

While a schema is made, a rule is a mark at its place, in the private keyword `MARKS`; so it goes wherever
Pydantic copies, merges or names that place. `take_marks` takes them out and says where they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..._sketch import definitions_to_name, resolve
from ..fidelity import property_path

MARKS = "x-beyond"
_SAME_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "contentSchema")
_MEMBERS = ("additionalProperties", "propertyNames", "unevaluatedProperties")
_DATA = frozenset({"const", "default", "enum", "examples"})


@dataclass(frozen=True, slots=True)
class Beyond:
    """A rule that no JSON Schema keyword says.

    Attributes:
        path: the place, such as ``lines[].price``, in the notation of `Finding.path`.
        constraint: the rule, such as ``validator check_total``.
        why: why it is not in the schema.
    """

    path: str
    constraint: str
    why: str


def marked(schema: Mapping[str, Any], constraint: str, why: str) -> dict[str, Any]:
    """The schema with one more mark."""
    return {**schema, MARKS: [*schema.get(MARKS, ()), [constraint, why]]}


def take_marks(root: dict[str, Any]) -> tuple[dict[str, Any], tuple[Beyond, ...]]:
    """Split a schema into one without marks, and what they say.

    Those of a definition that is recursive or used more than once are told once, at its own name; those of
    any other, where it is used.
    """
    found = tuple(dict.fromkeys(_Walk(root).of(root, "")))
    clean: dict[str, Any] = _without_marks(root)
    return clean, found


class _Walk:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._named = frozenset(definitions_to_name(root))
        self._seen: set[str] = set()

    def of(self, schema: object, path: str) -> Iterator[Beyond]:
        if isinstance(schema, list):
            for branch in schema:
                yield from self.of(branch, path)
        if not isinstance(schema, Mapping):
            return
        for constraint, why in schema.get(MARKS, ()):
            yield Beyond(path, constraint, why)
        yield from self._of_reference(schema.get("$ref"), path)
        for keyword in _SAME_PLACE:
            yield from self.of(schema.get(keyword), path)
        for keyword in _MEMBERS:
            yield from self.of(schema.get(keyword), f"{path}{{}}")
        yield from self._of_parts(schema, path)

    def _of_reference(self, ref: object, path: str) -> Iterator[Beyond]:
        if isinstance(ref, str) and ref not in self._seen:
            self._seen.add(ref)
            name = ref.rsplit("/", 1)[-1]
            yield from self.of(resolve(self._root, ref), name if ref in self._named else path)

    def _of_parts(self, schema: Mapping[str, Any], path: str) -> Iterator[Beyond]:
        for name, part in schema.get("properties", {}).items():
            yield from self.of(part, property_path(path, name))
        for part in schema.get("patternProperties", {}).values():
            yield from self.of(part, f"{path}{{}}")
        for index, part in enumerate(schema.get("prefixItems", ())):
            yield from self.of(part, f"{path}[{index}]")
        for keyword in ("items", "contains", "unevaluatedItems"):
            yield from self.of(schema.get(keyword), f"{path}[]")


def _without_marks(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_marks(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if key in _DATA else _without_marks(value) for key, value in node.items() if key != MARKS
    }
