"""Write every reference of a schema as a pointer into it, ``#/...``, so that nothing else needs base URIs.

A schema may hold several resources: subschemas with an ``$id``, against which the references within them are
resolved. Nothing is fetched: what a reference means has to be in the schema.

What a ``$dynamicRef`` means depends on the way that leads to it: the outermost resource on that way that has
the anchor. So a place that is reached on ways which differ in that is copied, once for each, into ``$defs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit, uses_relative

from ..exceptions import UnsupportedSchema

MAX_NESTING: Final = 400
MAX_COPIES: Final = 500
"""Copies of places that are reached in several dynamic scopes."""

Pointer: TypeAlias = tuple[str, ...]
Scope: TypeAlias = Mapping[str, str]
"""For each dynamic anchor, the outermost resource on the way that has it."""

_RECURSIVE: Final = "#"
"""What draft 2019-09's nameless ``$recursiveAnchor`` is called in a `Scope`."""
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_ROOTS: Final = ""
"""The base of a schema without an ``$id``."""
_SINGLE: Final = frozenset(
    "additionalItems additionalProperties contains contentSchema else if items not propertyNames then "
    "unevaluatedItems unevaluatedProperties".split()
)
_LISTS: Final = frozenset("allOf anyOf items oneOf prefixItems".split())
_MAPPINGS: Final = frozenset(
    "$defs definitions dependencies dependentSchemas patternProperties properties".split()
)


def localised(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same schema with pointers as its only references.

    A reference to what is not in the schema stays, as a whole URI.

    Raises:
        UnsupportedSchema: a limit is passed.

    Example:
        >>> localised({"$ref": "#age", "$defs": {"years": {"$anchor": "age", "minimum": 0}}})["$ref"]
        '#/$defs/years'
    """
    if all(key == "$ref" and (ref == "#" or ref.startswith("#/")) for key, ref in _strings(schema, 0)):
        return schema
    return _Localiser(schema).localised()


def refs_stand_alone(schema: Mapping[str, Any]) -> bool:
    """Whether what stands beside a ``$ref`` is ignored, as it is up to draft 7."""
    return "json-schema.org/draft-0" in str(schema.get("$schema", ""))


def _strings(node: object, depth: int) -> Iterator[tuple[str, str]]:
    """The references and identifiers below a node; data and properties of these names may be among them."""
    if depth > MAX_NESTING:
        raise _too_deep()
    if isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, str):
                if key in _REFERENCES or (depth and key in ("$id", "id") and "$ref" not in node):
                    yield key, value
            else:
                yield from _strings(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, depth + 1)


def _too_deep() -> UnsupportedSchema:
    return UnsupportedSchema(f"the schema is nested deeper than {MAX_NESTING}: simplify it")


@dataclass
class _Resource:
    """A schema with a base URI of its own."""

    base: str
    pointer: Pointer
    anchors: dict[str, Pointer] = field(default_factory=dict)
    dynamic: dict[str, Pointer] = field(default_factory=dict)


class _Index:
    """The resources of a schema, and which of them each subschema is in."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self._alone = refs_stand_alone(root)
        self._keyword = "id" if "json-schema.org/draft-04" in str(root.get("$schema", "")) else "$id"
        self._by_uri: dict[str, _Resource] = {}
        self._of: dict[Pointer, _Resource] = {}
        outermost = _Resource(_ROOTS, ())
        self._by_uri[_ROOTS] = outermost
        self._read(root, (), outermost)

    def resource_of(self, pointer: Pointer) -> _Resource:
        """The resource of a place, also where no keyword leads."""
        while pointer not in self._of:
            pointer = pointer[:-1]
        return self._of[pointer]

    def target(self, ref: str, base: str) -> Pointer | None:
        """Where a reference leads; None if that is not in the schema."""
        uri, fragment = urldefrag(_joined(base, ref))
        resource = self._by_uri.get(uri)
        if resource is None:
            return None
        if fragment and not fragment.startswith("/"):
            return resource.anchors.get(unquote(fragment))
        pointer = (*resource.pointer, *map(_unescaped, fragment.split("/")[1:]))
        return pointer if _at(self.root, pointer) is not None else None

    def _read(self, node: Any, pointer: Pointer, resource: _Resource) -> None:
        if isinstance(node, Mapping):
            resource = self._entered(node, pointer, resource)
            self._note_anchors(node, pointer, resource)
            self._of[pointer] = resource
            for step, inner in _children(node):
                self._read(inner, (*pointer, *step), resource)

    def _entered(self, node: Mapping[str, Any], pointer: Pointer, resource: _Resource) -> _Resource:
        """The resource that a subschema starts, or else the one that it is in."""
        identifier = self._identifier(node)
        if not identifier or identifier.startswith("#"):
            return resource
        base = urldefrag(_joined(resource.base, identifier)).url
        entered = resource if not pointer else _Resource(base, pointer)
        entered.base = base
        self._by_uri.setdefault(base, entered)
        return entered

    def _identifier(self, node: Mapping[str, Any]) -> str:
        found = None if self._alone and "$ref" in node else node.get(self._keyword)
        return found if isinstance(found, str) else ""

    def _note_anchors(self, node: Mapping[str, Any], pointer: Pointer, resource: _Resource) -> None:
        identifier = self._identifier(node)
        if self._alone and identifier.startswith("#"):
            resource.anchors.setdefault(identifier[1:], pointer)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(name := node.get(keyword), str):
                resource.anchors.setdefault(name, pointer)
        if isinstance(name := node.get("$dynamicAnchor"), str):
            resource.dynamic.setdefault(name, pointer)
        if node.get("$recursiveAnchor") is True and pointer == resource.pointer:
            resource.dynamic.setdefault(_RECURSIVE, pointer)

    def scope_within(self, scope: Scope, resource: _Resource) -> Scope:
        """The scope once a resource is entered."""
        return {**dict.fromkeys(resource.dynamic, resource.base), **scope}

    def dynamic_target(self, name: str, initial: Pointer, scope: Scope) -> Pointer:
        """Where a dynamic reference leads that would lead to `initial` if it were none."""
        if self.resource_of(initial).dynamic.get(name) != initial or name not in scope:
            return initial
        return self._by_uri[scope[name]].dynamic[name]


class _Localiser:
    """Rewrites the references of one schema."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._index = _Index(root)
        self._root = root
        self._scopes: dict[Pointer, Scope] = {}
        self._copies: dict[tuple[Pointer, tuple[tuple[str, str], ...]], str] = {}
        self._pending: list[tuple[Pointer, Scope, str]] = []

    def localised(self) -> Mapping[str, Any]:
        self._note_scopes(self._root, (), {})
        root: dict[str, Any] = self._schema(self._root, (), {})
        copies: dict[str, Any] = {}
        while self._pending:
            pointer, scope, name = self._pending.pop()
            copies[name] = self._schema(_at(self._root, pointer), pointer, scope)
        if copies:
            root["$defs"] = {**root.get("$defs", {}), **copies}
        return root

    def _note_scopes(self, node: Any, pointer: Pointer, scope: Scope) -> None:
        """Note the scope in which each subschema is where it stands."""
        if isinstance(node, Mapping):
            self._scopes[pointer] = scope = self._index.scope_within(scope, self._index.resource_of(pointer))
            for step, inner in _children(node):
                self._note_scopes(inner, (*pointer, *step), scope)

    def _schema(self, node: Any, pointer: Pointer, scope: Scope) -> Any:
        """A subschema with its references rewritten, as it is when reached in a scope."""
        if not isinstance(node, Mapping):
            return node
        scope = self._index.scope_within(scope, self._index.resource_of(pointer))
        written = {key: self._value(key, value, pointer, scope) for key, value in node.items()}
        refs = [self._reference(key, node[key], pointer, scope) for key in _REFERENCES if _is_ref(node, key)]
        for key in _REFERENCES:
            if _is_ref(node, key):
                del written[key]
        if len(refs) > 1:
            written["allOf"] = [*({"$ref": ref} for ref in refs[1:]), *written.get("allOf", [])]
        return {"$ref": refs[0], **written} if refs else written

    def _value(self, key: str, value: Any, pointer: Pointer, scope: Scope) -> Any:
        if isinstance(value, Mapping) and key in _MAPPINGS:
            return {name: self._schema(inner, (*pointer, key, name), scope) for name, inner in value.items()}
        if isinstance(value, list) and key in _LISTS:
            return [self._schema(inner, (*pointer, key, str(i)), scope) for i, inner in enumerate(value)]
        return self._schema(value, (*pointer, key), scope) if key in _SINGLE else value

    def _reference(self, keyword: str, ref: str, pointer: Pointer, scope: Scope) -> str:
        """The pointer that a reference becomes."""
        base = self._index.resource_of(pointer).base
        target = self._index.target(ref, base)
        if target is None:
            return _joined(base, ref)
        if keyword == "$dynamicRef":
            target = self._index.dynamic_target(unquote(urldefrag(ref).fragment), target, scope)
        if keyword == "$recursiveRef":
            target = self._index.dynamic_target(_RECURSIVE, target, scope)
        within = self._index.scope_within(scope, self._index.resource_of(target))
        if self._scopes.get(target) == within or isinstance(_at(self._root, target), bool):
            return _spelled(target)
        return f"#/$defs/{_escaped(self._copy(target, within))}"

    def _copy(self, target: Pointer, scope: Scope) -> str:
        """The definition that is a place's copy for a scope."""
        key = target, tuple(sorted(scope.items()))
        if key not in self._copies:
            if len(self._copies) == MAX_COPIES:
                raise UnsupportedSchema(
                    f"dynamic references lead to more than {MAX_COPIES} schemas: use fewer, or $ref"
                )
            taken = {*self._root.get("$defs", ()), *self._copies.values()}
            stem = target[-1] if target else "root"
            name = next(name for name in _numbered(stem) if name not in taken)
            self._copies[key] = name
            self._pending.append((target, scope, name))
        return self._copies[key]


def _children(node: Mapping[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    """The subschemas of a schema, each with the way there."""
    for key, value in node.items():
        if key in _MAPPINGS and isinstance(value, Mapping):
            yield from (((key, name), inner) for name, inner in value.items())
        elif key in _LISTS and isinstance(value, list):
            yield from (((key, str(i)), inner) for i, inner in enumerate(value))
        elif key in _SINGLE:
            yield (key,), value


def _is_ref(node: Mapping[str, Any], key: str) -> bool:
    return isinstance(node.get(key), str)


def _at(root: Any, pointer: Pointer) -> Any:
    """The schema at a place; None if there is none."""
    for step in pointer:
        try:
            root = root[int(step)] if isinstance(root, list) else root[step]
        except (LookupError, ValueError, TypeError):
            return None
    return root if isinstance(root, Mapping | bool) else None


def _joined(base: str, ref: str) -> str:
    """A reference as a whole URI; that of a URN has no parts that a relative reference could replace."""
    if urlsplit(base).scheme not in uses_relative:
        return urldefrag(base).url + ref if ref.startswith("#") or not ref else ref
    return urljoin(base, ref)


def _numbered(stem: str) -> Iterator[str]:
    number = 2
    yield stem
    while True:
        yield f"{stem}-{number}"
        number += 1


def _spelled(pointer: Pointer) -> str:
    return "#" + "".join(f"/{_escaped(step)}" for step in pointer)


def _escaped(step: str) -> str:
    return quote(step.replace("~", "~0").replace("/", "~1"), safe="~$!&'()*+,;=:@ ")


def _unescaped(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")
