"""Parts of an answer that are written anew: their schema and grammar, and the answer with them in place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ..exceptions import OutputNotJSON, UnsupportedSchema
from .ebnf import literal
from .lowering import lower_part
from .parts import part_of
from .problems import path_of

Steps: TypeAlias = tuple[int | str, ...]

_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_KEY_AT_END: Final = re.compile(r"[{\[,]\s*(?:\"(?:[^\"\\]|\\.)*\"\s*:\s*)?\Z")
_AGAIN_CHARACTERS: Final = 16
"""Behind a part; no token that ends a value and begins the next is longer."""
_DEFINITIONS: Final = ("$defs", "definitions")


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be written in place of parts of an answer: an object that has them by their paths.

    Attributes:
        answer: the text with the parts that are to go.
        places: where they stand.
        json_schema: of the object, as the model is shown it.
        grammar: of the object.
    """

    answer: str
    places: tuple[Steps, ...]
    json_schema: Mapping[str, Any]
    grammar: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The keys of the object."""
        return tuple(map(path_of, self.places))

    @property
    def characters(self) -> int:
        """Characters of the object, if the parts are as long as they are now."""
        parts = (_span(self.answer, place) for place in self.places)
        return 1 + sum(
            len(path) + 4 + end - start for path, (start, end) in zip(self.paths, parts, strict=True)
        )

    def applied(self, text: str) -> str:
        """The answer with the parts of a patch in their places; all else stays as it was written.

        Raises:
            OutputNotJSON: the patch is not such an object.
        """
        spans = []
        for place, path in zip(self.places, self.paths, strict=True):
            new = span_of(text, (path,))
            if new is None:
                raise OutputNotJSON(f"the repair has no {path!r}; it begins with {text[:80]!r}")
            spans.append((*_span(self.answer, place), text[slice(*new)]))
        whole = self.answer
        for start, end, new_text in sorted(spans, reverse=True):
            whole = whole[:start] + new_text + whole[end:]
        return whole


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A part of an answer that is written anew in its own place: behind what stands before it.

    Its key, and some characters behind it, are written again as they are. Models choose tokens that reach
    across quotes, colons and brackets, and err where a text begins or has to end within one.

    Attributes:
        places: of all parts that are wrong, the one that is written anew first.
        prefix: the text up to its key, which is kept.
        rest: the text behind what is written, which is kept too.
        grammar: of all the text before the rest, with the part in it.
        characters: of all parts as they stand.
    """

    places: tuple[Steps, ...]
    prefix: str
    rest: str
    grammar: str
    characters: int

    @property
    def path(self) -> str:
        """Path of the part that is written anew."""
        return path_of(self.places[0])

    def applied(self, text: str) -> str:
        """The answer, of its text before the rest."""
        return f"{text}{self.rest}"


def rewriting_for(
    lowered: Mapping[str, Any], answer: str, places: Sequence[Steps], *, drops_others: bool
) -> Rewriting | None:
    """Plan to write one part of an answer anew, in its own place; of several, the first.

    Args:
        lowered: the schema that the answer's grammar is made of.
        answer: the text, which is JSON.
        places: of what is wrong; those within others are parts of them.
        drops_others: see `lower_part`.

    Returns:
        The plan; None where a place is the whole answer or not in it, or the part has no schema of its own.
    """
    outer = _outer(answer, places)
    if not outer:
        return None
    spans = [_span(answer, one) for one in outer]
    span, path = spans[0], path_of(outer[0])
    fuller = _object(lowered, json.loads(answer), outer[:1])
    if fuller is None:
        return None
    part: Mapping[str, Any] | bool = fuller["properties"][path]
    definitions: dict[str, Any] = {key: fuller[key] for key in _DEFINITIONS if key in fuller}
    alone = {**(part if isinstance(part, Mapping) else {}), **definitions}
    try:
        grammar = lower_part(alone, drops_others=drops_others).grammar
    except UnsupportedSchema:
        return None
    before, behind = answer[: span[0]], answer[span[1] :]
    key = _KEY_AT_END.search(before)
    assert key is not None, "a part that is not the whole stands behind a bracket or a comma"
    again, rest = behind[:_AGAIN_CHARACTERS], behind[_AGAIN_CHARACTERS:]
    characters = sum(end - start for start, end in spans)
    return Rewriting(outer, before[: key.start()], rest, _between(before, grammar, again), characters)


def _between(before: str, grammar: str, behind: str) -> str:
    """A grammar with a text before it, and one behind."""
    root, rules = grammar.split("\n", 1)
    name, body = root.split(" ::= ", 1)
    return f"{name} ::= {literal(before)} ({body}) {literal(behind)}\n{rules}"


def _outer(answer: str, places: Sequence[Steps]) -> tuple[Steps, ...]:
    """Places without those that are within others; none if one is the whole answer or not in it."""
    outer = [one for one in dict.fromkeys(places) if not any(one[:n] in places for n in range(len(one)))]
    return tuple(outer) if all(one and span_of(answer, one) is not None for one in outer) else ()


def patch_for(
    shown: Mapping[str, Any],
    lowered: Mapping[str, Any],
    answer: str,
    places: Sequence[Steps],
    *,
    drops_others: bool,
) -> Patch | None:
    """Plan to write parts of an answer anew.

    Args:
        shown: the JSON Schema of the answer, as the model is shown it.
        lowered: the fuller one that its grammar is made of.
        answer: the text, which is JSON.
        places: of the parts; of those within others, the outer ones count.
        drops_others: see `lower_part`.

    Returns:
        The plan; None where a place is the whole answer or not in it, or has no schema of its own.
    """
    outer = _outer(answer, places)
    if not outer:
        return None
    value = json.loads(answer)
    fuller = _object(lowered, value, outer)
    if fuller is None:
        return None
    try:
        grammar = lower_part(fuller, drops_others=drops_others).grammar
    except UnsupportedSchema:  # by itself it passes a limit, or admits nothing
        return None
    return Patch(answer, outer, _object(shown, value, outer) or fuller, grammar)


def _object(root: Mapping[str, Any], value: Any, places: Sequence[Steps]) -> dict[str, Any] | None:
    """The schema of an object that has the parts by their paths."""
    parts = {path_of(steps): part_of(root, value, steps) for steps in places}
    if any(part is None or part is False or not _is_portable(part) for part in parts.values()):
        return None
    definitions = {key: root[key] for key in _DEFINITIONS if key in root}
    if not _is_portable(definitions):
        return None
    return {
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
        **definitions,
    }


def _is_portable(schema: Any) -> bool:
    """Whether its references lead to definitions alone, which go with it."""
    if isinstance(schema, Mapping):
        ref = schema.get("$ref", "#/$defs/")
        if isinstance(ref, str) and not ref.startswith(("#/$defs/", "#/definitions/")):
            return False
        return "$dynamicRef" not in schema and all(map(_is_portable, schema.values()))
    return not isinstance(schema, list) or all(map(_is_portable, schema))


# --- places in a text ----------------------------------------------------------------------------


def span_of(text: str, steps: Steps) -> tuple[int, int] | None:
    """Where a part of a JSON text begins and ends; None if it is not there.

    Example:
        >>> span_of('{"a": [1, 23]}', ("a", 1))
        (10, 12)
    """
    try:
        return _span(text, steps)
    except (LookupError, ValueError):
        return None


def _span(text: str, steps: Steps) -> tuple[int, int]:
    start = _after_space(text, 0)
    end = _DECODER.raw_decode(text, start)[1]
    for step in steps:
        items = dict(_items(text, start))
        start, end = items[step]
    return start, end


def _items(text: str, start: int) -> Iterator[tuple[int | str, tuple[int, int]]]:
    """The key or index, and the span, of each item of the object or array that begins at `start`."""
    at, index = _after_space(text, start + 1), 0
    if text[start] not in "{[" or text[at] in "}]":
        return
    while True:
        key: int | str = index
        if text[start] == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        end = _DECODER.raw_decode(text, at)[1]
        yield key, (at, end)
        at, index = _after_space(text, end), index + 1
        if text[at] != ",":
            return
        at = _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None, "it matches everywhere"
    return found.end()
