"""From the text of an answer, piece by piece, to its closed parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pydantic_core import from_json

from ..exceptions import Problem
from ..schema.problems import path_of
from . import lexer
from .lexer import Lexer
from .places import UNKNOWN_SHAPE, Kind, Place, Shape, Step

DEEPEST: Final = 16
"""Steps of the deepest path that has a part of its own: each character is validated that many times at most,
which keeps the work linear in the text, however deep it is nested."""

_HELD_BYTES: Final = 2**16
"""Of text, before it is looked whether some can be dropped."""

_CLOSING: Final = frozenset({lexer.CLOSE_OBJECT, lexer.CLOSE_ARRAY})
_OPENING: Final = frozenset({lexer.OPEN_OBJECT, lexer.OPEN_ARRAY})
_WHOLE: Final = frozenset({lexer.STRING, lexer.SCALAR})


@dataclass(frozen=True, slots=True)
class ClosedPart:
    """A field, list item or sub-object of an answer that has been written to its end.

    Attributes:
        steps: where it stands, as keys and indices.
        value: the value, validated by the type of its place; plain data, as it was written, where it is not
            validated or not valid.
        is_validated: it was validated. False where that cannot be done without the rest of the answer:
            behind a validator that sees the input first, in a union whose branch is not known yet, where a
            validator looks at other fields, and in all parts of a JSON Schema. The whole answer is validated
            in any case.
        problems: what is wrong with it, by paths from the answer's root; none if it is valid.
        names: where it stands, as attributes and indices: as `steps`, but with a field's name for its alias.
    """

    steps: tuple[Step, ...]
    value: object
    is_validated: bool = True
    problems: tuple[Problem, ...] = ()
    names: tuple[Step, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands, such as ``lines[0].price``."""
        return path_of(self.steps)

    @property
    def is_valid(self) -> bool:
        """It was validated, and nothing is wrong with it."""
        return self.is_validated and not self.problems


class _Frame:
    """An object or array that is open.

    Attributes:
        place: where it stands.
        start: offset of its bracket.
        shape: the places within it.
        is_object: it is an object.
        is_empty: nothing has been written in it yet.
        has_key: a key was written, and its value was not.
        step: key or index of what is being written in it.
        renames: a key of it, or in the path to it, differs from its field's name.
    """

    __slots__ = ("has_key", "is_empty", "is_object", "place", "renames", "shape", "start", "step")

    def __init__(self, place: Place, kind: Kind, shape: Shape, start: int, *, renames: bool) -> None:
        self.place = place
        self.start = start
        self.shape = shape
        self.is_object = kind == "object"
        self.is_empty = True
        self.has_key = False
        self.step: Step = "" if self.is_object else -1
        self.renames = renames or bool(shape.names)


class Tracker:
    """Takes the pieces of one answer, and gives its parts as they are closed, each validated once.

    A part comes before the part that it is in. The whole is none. What is no JSON ends the parts: then the
    validation of the whole says what is wrong.

    Args:
        place: of the whole answer.
        deepest: steps of the deepest parts that are given.
    """

    def __init__(self, place: Place, deepest: int = DEEPEST) -> None:
        self._root = place
        self._deepest = deepest
        self._lexer = Lexer()
        self._frames: list[_Frame] = []
        self._ended = False

    def feed(self, piece: str) -> list[ClosedPart]:
        """Take the next piece of the text.

        Returns:
            What it closes.
        """
        parts: list[ClosedPart] = []
        if self._ended:
            return parts
        self._lexer.feed(piece)
        while not self._ended and (token := self._lexer.next()) != lexer.MORE:
            self._ended = not self._take(token, parts)
        self._forget()
        return parts

    def _forget(self) -> None:
        """Drop the text that no part needs any more: the whole is not validated here."""
        if len(self._lexer) < _HELD_BYTES:
            return
        needed = next((one.start for one in self._frames[1 : self._deepest + 1]), None)
        self._lexer.drop(needed)

    # --- tokens ------------------------------------------------------------------------------

    def _take(self, token: int, parts: list[ClosedPart]) -> bool:
        """Follow the text by a token; False where it is no JSON, or at its end."""
        if not self._frames:
            return not self._lexer.separator and self._open(token, self._root)
        frame = self._frames[-1]
        if frame.has_key:
            frame.has_key = False
            return self._lexer.separator == b":" and self._value(token, frame, parts)
        if token in _CLOSING:
            return not self._lexer.separator and self._close(token, frame, parts)
        if self._lexer.separator != (b"" if frame.is_empty else b","):
            return False
        frame.is_empty = False
        if not frame.is_object:
            frame.step = int(frame.step) + 1
            return self._value(token, frame, parts)
        frame.has_key = True
        frame.step = _key_of(self._lexer.text(self._lexer.start, self._lexer.end))
        return token == lexer.STRING

    def _value(self, token: int, frame: _Frame, parts: list[ClosedPart]) -> bool:
        if token not in _WHOLE:
            return self._open(token, frame.shape.child(frame.step))
        if len(self._frames) > self._deepest:
            return True
        text = self._lexer.text(self._lexer.start, self._lexer.end)
        frame.shape = frame.shape.narrowed(frame.step, text)
        return self._part(frame.shape.child(frame.step), text, parts)

    def _open(self, token: int, place: Place) -> bool:
        if token not in _OPENING:
            return False
        kind: Kind = "object" if token == lexer.OPEN_OBJECT else "array"
        shape = place.shape(kind) if len(self._frames) < self._deepest else UNKNOWN_SHAPE
        renames = bool(self._frames) and self._frames[-1].renames
        self._frames.append(_Frame(place, kind, shape, self._lexer.start, renames=renames))
        return True

    def _close(self, token: int, frame: _Frame, parts: list[ClosedPart]) -> bool:
        if frame.is_object is not (token == lexer.CLOSE_OBJECT):
            return False
        self._frames.pop()
        if not self._frames or len(self._frames) > self._deepest:
            return bool(self._frames)
        return self._part(frame.place, self._lexer.text(frame.start, self._lexer.end), parts)

    # --- parts -------------------------------------------------------------------------------

    def _part(self, place: Place, text: bytes, parts: list[ClosedPart]) -> bool:
        try:
            reading = place.read(text)
        except ValueError:
            return False
        steps = tuple([frame.step for frame in self._frames])
        names = steps
        if self._frames[-1].renames:
            names = tuple([frame.shape.names.get(frame.step, frame.step) for frame in self._frames])
        found = tuple([_within(steps, one) for one in reading.problems])
        parts.append(ClosedPart(steps, reading.value, reading.is_validated, found, names))
        return True


def _within(steps: tuple[Step, ...], problem: Problem) -> Problem:
    """A problem of a part as one of the answer."""
    whole = (*steps, *problem.steps)
    return replace(problem, path=path_of(whole), steps=whole)


def _key_of(key: bytes) -> str:
    try:
        return str(from_json(key))
    except ValueError:
        return ""
