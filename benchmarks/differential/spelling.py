"""JSON text as a decoder writes it: every scalar spelt as it was, properties in the schema's order.

A grammar fixes the order of properties, so an instance is fed in the order of its schema. Where the branches
of a union name the same properties in other orders, there are several such texts, and `texts` yields them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

Place = tuple[str | int, ...]
"""Where in an instance: names of properties and indices of items, from the root."""

COMPACT = (",", ":")
SPACED = (", ", ": ")

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+|[\[\]{},:])', re.DOTALL)
_END = ""
_PUNCTUATION = ("]", "}", ",", ":", _END)
_MAX_TURNS = 8
_IN_PLACE = ("allOf", "anyOf", "oneOf")
_CHOICES = ("anyOf", "oneOf")
_SINGLE = ("if", "then", "else")
_TAKES_MORE = ("additionalProperties", "unevaluatedProperties", "propertyNames")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean or null in its own spelling."""

    raw: str


@dataclass(frozen=True, slots=True)
class Array:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    members: tuple[tuple[str, Node], ...]
    """Keys in their own spelling, quotes included."""


Node = Scalar | Array | Object


@dataclass(frozen=True, slots=True)
class Text:
    """An instance, written.

    Attributes:
        data: the JSON text in UTF-8.
        spans: the first byte, the byte after the last, and the place of every value; outer ones first.
    """

    data: bytes
    spans: tuple[tuple[int, int, Place], ...]

    def place_at(self, offset: int) -> Place:
        """The innermost value that has the byte."""
        return next((place for start, end, place in reversed(self.spans) if start <= offset < end), ())


def texts(instance: str, schema: Any, separators: tuple[str, str] = COMPACT) -> list[Text]:
    """The instance in the orders that a grammar of the schema may ask for, the likeliest first.

    What is not JSON stays as it is.
    """
    try:
        node = parse(instance)
    except ValueError:
        return [write(Scalar(instance))]
    orders = [arrange(node, Subschemas.at_root(schema, turn)) for turn in range(_turns(schema))]
    distinct = {text.data: text for text in (write(each, separators) for each in [*orders, node])}
    return list(distinct.values())


def is_open(instance: str, schema: Any) -> bool:
    """Whether an object has a property that its schema, which lists properties, says nothing of."""
    return _has_ignored(parse(instance), Subschemas.at_root(schema))


def parse(text: str) -> Node:
    """Read JSON text.

    Raises:
        ValueError: it is not JSON; the spelling of scalars is not looked at.
    """
    tokens = _Tokens(text)
    node = _parse(tokens.take(), tokens)
    if tokens.take() != _END:
        raise ValueError(f"more than one JSON value: {text[:80]!r}")
    return node


class _Tokens:
    """The tokens of JSON text; after the last comes `_END`, which is not due within a value."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._position = 0

    def take(self) -> str:
        if self._position == len(self._text):
            return _END
        if not (match := _TOKEN.match(self._text, self._position)):
            raise ValueError(f"not JSON at character {self._position}: {self._text[:80]!r}")
        self._position = match.end()
        return match[1]


def _parse(token: str, tokens: _Tokens) -> Node:
    if token == "[":
        return Array(tuple(_parse(each, tokens) for each in _elements(tokens, "]")))
    if token == "{":
        return Object(tuple((key, _value(tokens)) for key in _elements(tokens, "}")))
    if token in _PUNCTUATION:
        raise ValueError(f"{token!r} stands where a JSON value is due")
    return Scalar(token)


def _elements(tokens: _Tokens, end: str) -> Iterator[str]:
    """The first token of every element; the caller takes the rest of it."""
    token = tokens.take()
    while token != end:
        yield token
        token = tokens.take()
        if token == ",":
            token = tokens.take()
        elif token != end:
            raise ValueError(f"{token!r} stands where ',' or {end!r} is due")


def _value(tokens: _Tokens) -> Node:
    if (colon := tokens.take()) != ":":
        raise ValueError(f"{colon!r} stands where ':' is due")
    return _parse(tokens.take(), tokens)


def write(node: Node, separators: tuple[str, str] = COMPACT) -> Text:
    """Write JSON with the separators of items and of keys."""
    pieces: list[bytes] = []
    spans: list[tuple[int, int, Place]] = []
    _write(node, (), separators, pieces, spans, 0)
    return Text(b"".join(pieces), tuple(spans))


def _write(
    node: Node,
    place: Place,
    separators: tuple[str, str],
    pieces: list[bytes],
    spans: list[tuple[int, int, Place]],
    start: int,
) -> int:
    """Append a value that starts at a byte; return the byte after it."""
    offset = start
    slot = len(spans)
    spans.append((start, start, place))

    def add(piece: str) -> None:
        nonlocal offset
        pieces.append(piece.encode(errors="surrogatepass"))
        offset += len(pieces[-1])

    opening, closing, children = _parts(node, separators[1])
    add(opening)
    for position, (label, step, child) in enumerate(children):
        add((separators[0] if position else "") + label)
        offset = _write(child, (*place, step), separators, pieces, spans, offset)
    add(closing)
    spans[slot] = (start, offset, place)
    return offset


def _parts(node: Node, colon: str) -> tuple[str, str, list[tuple[str, str | int, Node]]]:
    """What opens a value, what closes it, and its children: what stands before each, its step, itself."""
    match node:
        case Scalar(raw):
            return raw, "", []
        case Array(items):
            return "[", "]", [("", index, item) for index, item in enumerate(items)]
        case Object(members):
            return "{", "}", [(raw + colon, name_of(raw), value) for raw, value in members]


def name_of(raw_key: str) -> str:
    """The name that a key spells."""
    return str(json.loads(raw_key))


# --- the schema's order ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subschemas:
    """All that a schema says of one place: every subschema that may apply there, references followed.

    Attributes:
        each: the subschemas, in the schema's order.
        root: the whole schema, for its references.
        turn: by how many branches every union is rotated.
    """

    each: tuple[Mapping[str, Any], ...]
    root: Any
    turn: int = 0

    @classmethod
    def at_root(cls, schema: Any, turn: int = 0) -> Subschemas:
        return cls(tuple(_expand([schema], schema, turn)), schema, turn)

    def names(self) -> list[str]:
        """The properties in order: those with a schema, then those that are only required."""
        declared = [name for schema in self.each for name in _mapping(schema.get("properties"))]
        required = [name for schema in self.each for name in _names(schema.get("required"))]
        return list(dict.fromkeys([*declared, *required]))

    def of_property(self, name: str) -> Subschemas:
        return self._within(part for schema in self.each for part in _property_schemas(schema, name))

    def of_item(self, index: int) -> Subschemas:
        return self._within(part for schema in self.each for part in _item_schemas(schema, index))

    def ignores(self, name: str) -> bool:
        """Whether a property is allowed only because nothing is said of it, beside others that are listed."""
        lists = any("properties" in schema for schema in self.each)
        says = any(keyword in schema for schema in self.each for keyword in _TAKES_MORE)
        return lists and not says and not self.of_property(name).each and name not in self.names()

    def _within(self, parts: Iterable[Any]) -> Subschemas:
        return Subschemas(tuple(_expand(list(parts), self.root, self.turn)), self.root, self.turn)


def arrange(node: Node, subschemas: Subschemas) -> Node:
    """Put the properties of every object in the schema's order, unknown ones last as they were."""
    match node:
        case Scalar():
            return node
        case Array(items):
            return Array(tuple(arrange(item, subschemas.of_item(i)) for i, item in enumerate(items)))
        case Object(members):
            rank = {name: position for position, name in enumerate(subschemas.names())}
            ordered = sorted(members, key=lambda member: rank.get(name_of(member[0]), len(rank)))
            return Object(tuple((raw, _arranged(raw, value, subschemas)) for raw, value in ordered))


def _arranged(raw: str, value: Node, subschemas: Subschemas) -> Node:
    return arrange(value, subschemas.of_property(name_of(raw)))


def _has_ignored(node: Node, subschemas: Subschemas) -> bool:
    match node:
        case Scalar():
            return False
        case Array(items):
            return any(_has_ignored(item, subschemas.of_item(i)) for i, item in enumerate(items))
        case Object(members):
            named = [(name_of(raw), value) for raw, value in members]
            return any(
                subschemas.ignores(name) or _has_ignored(value, subschemas.of_property(name))
                for name, value in named
            )


def _turns(schema: Any) -> int:
    """How many rotations of the unions are worth a text of their own."""
    widest = 1
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            widest = max(widest, *(len(_list(node.get(keyword))) for keyword in _CHOICES))
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return min(widest, _MAX_TURNS)


def _expand(schemas: Sequence[Any], root: Any, turn: int) -> Iterator[Mapping[str, Any]]:
    """The subschemas that apply at one place together with these: references, unions, conditions."""
    pending = list(reversed(schemas))
    seen: set[int] = set()
    while pending:
        schema = pending.pop()
        if not isinstance(schema, Mapping) or id(schema) in seen:
            continue
        seen.add(id(schema))
        yield schema
        pending.extend(reversed(list(_alongside(schema, root, turn))))


def _alongside(schema: Mapping[str, Any], root: Any, turn: int) -> Iterator[Any]:
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if isinstance(reference := schema.get(keyword), str):
            yield _target(reference, root)
    for keyword in _IN_PLACE:
        branches = _list(schema.get(keyword))
        shift = turn % len(branches) if branches and keyword in _CHOICES else 0
        yield from branches[shift:] + branches[:shift]
    yield from (schema[keyword] for keyword in _SINGLE if keyword in schema)
    yield from _mapping(schema.get("dependentSchemas")).values()


def _target(reference: str, root: Any) -> Any:
    """What a reference names, if it is a pointer into the schema, an anchor or an ``$id`` of it."""
    base, _, fragment = reference.partition("#")
    start = _identified(base, root) if base else root
    if fragment and not fragment.startswith("/"):
        return _identified(fragment, start)
    for step in unquote(fragment).split("/")[1:]:
        start = _step(start, step.replace("~1", "/").replace("~0", "~"))
    return start


def _step(node: Any, step: str) -> Any:
    if isinstance(node, list):
        return node[int(step)] if step.isdigit() and int(step) < len(node) else None
    return _mapping(node).get(step)


def _identified(name: str, root: Any) -> Any:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            if name in (node.get("$id"), node.get("$anchor"), node.get("$dynamicAnchor")):
                return node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return None


def _property_schemas(schema: Mapping[str, Any], name: str) -> Iterator[Any]:
    declared = _mapping(schema.get("properties"))
    matching = [part for pattern, part in _patterns(schema) if _found(pattern, name)]
    yield from matching
    if name in declared:
        yield declared[name]
    elif not matching:
        yield from (schema[keyword] for keyword in _TAKES_MORE[:2] if keyword in schema)


def _patterns(schema: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return _mapping(schema.get("patternProperties")).items()


def _found(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # a dialect that Python does not read: then nothing is known of the order within
        return False


def _item_schemas(schema: Mapping[str, Any], index: int) -> Iterator[Any]:
    items = schema.get("items")
    prefix = _list(schema.get("prefixItems")) or _list(items)
    if index < len(prefix):
        yield prefix[index]
    else:
        yield schema.get("additionalItems") if isinstance(items, list) else items
    yield from (schema[keyword] for keyword in ("contains", "unevaluatedItems") if keyword in schema)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    return [name for name in _list(value) if isinstance(name, str)]
