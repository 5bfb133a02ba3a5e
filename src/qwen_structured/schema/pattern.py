r"""Tell how far the engine enforces a regular expression of JSON Schema.

XGrammar 0.2 matches a pattern against the JSON text between the quotes, not against the string that it
spells. A pattern that asks for a quote, a backslash or a control character would give text that is no JSON,
and one that merely allows them gets by without. It also ignores anchors in the middle. So a pattern is handed
over only if each of its parts is known to be understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .fidelity import Fidelity

_ITEM = r"""(?: [^\\\]\["\x00-\x1f] | \\[dwsDWS] | \\[^\w\s"\\<>] | \\u(?!00[0-7])[0-9a-fA-F]{4} )"""
_TOKEN = re.compile(
    rf"""
    (?P<set> \. | \\[dwsDWS] | \[\^?{_ITEM}+\] )
  | (?P<literal> [^\\"^$.*+?()\[\]{{}}|\x00-\x1f] | \\[^\w\s"\\<>] | \\u(?!00[0-7])[0-9a-fA-F]{{4}} )
  | (?P<operator> [*+?]\?? | \{{\d+(?:,\d*)?\}}\?? | \((?:\?:|(?!\?)) | \) | \| )
    """,
    re.VERBOSE,
)
_SET_OPERATION = re.compile(r"&&|--|~~")
_BEYOND_ASCII = re.compile(r"\\[DWS]|\[\^[^\]]*\\[dws]")
_NOT_IN_JSON_TEXT = [chr(code) for code in range(0x20)] + ['"', "\\"]


@dataclass(frozen=True, slots=True)
class PatternReading:
    """How the engine takes a pattern.

    Attributes:
        enforced: the pattern can be handed to the engine.
        deviations: how far what it then allows is from the pattern, and why; empty where it is the same.
    """

    enforced: bool
    deviations: tuple[tuple[Fidelity, str], ...] = ()


def read(pattern: str) -> PatternReading:
    r"""Read a pattern as the engine would.

    Example:
        >>> read(r"^INV-\d{4}$")
        PatternReading(enforced=True, deviations=())
        >>> read("[0-9]+").enforced
        False
    """
    if not pattern.startswith("^") or not re.search(r"(?<!\\)(\\\\)*\$\Z", pattern):
        return _only_checked("it is not anchored at both ends (^...$)")
    try:
        tokens = list(_tokens(pattern[1:-1]))
    except _NotUnderstood as error:
        return _only_checked(f"the decoder cannot enforce {error}")
    if _has_open_alternative(tokens):
        return _only_checked("not each of its alternatives is anchored at both ends: write ^(...|...)$")
    return PatternReading(True, tuple(_deviations(tokens)))


class _NotUnderstood(Exception):
    """A part of a pattern; the text names it."""


def _only_checked(why: str) -> PatternReading:
    return PatternReading(False, ((Fidelity.CHECKED, why),))


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each part: ``set``, ``literal`` or ``operator``."""
    position = 0
    while position < len(pattern):
        match = _TOKEN.match(pattern, position)
        if match is None or _SET_OPERATION.search(match["set"] or ""):
            raise _NotUnderstood(f"what begins with {pattern[position : position + 8]!r}")
        yield str(match.lastgroup), match.group()
        position = match.end()


def _has_open_alternative(tokens: list[tuple[str, str]]) -> bool:
    depth = 0
    for kind, text in tokens:
        if kind == "operator":
            depth += {"(": 1, "(?:": 1, ")": -1}.get(text, 0)
            if text == "|" and depth == 0:
                return True
    return False


def _deviations(tokens: list[tuple[str, str]]) -> Iterator[tuple[Fidelity, str]]:
    sets = {text for kind, text in tokens if kind == "set"}
    if any(_allows_what_needs_an_escape(text) for text in sets):
        yield Fidelity.NARROWED, "no quotes, backslashes or control characters"
    if any(r"\w" in text for text in sets):
        yield Fidelity.NARROWED, r"\w is ASCII letters, digits and _"
    if any(_BEYOND_ASCII.search(text) for text in sets):
        yield Fidelity.CHECKED, "letters, digits and spaces beyond ASCII count as none"


def _allows_what_needs_an_escape(character_set: str) -> bool:
    return any(re.fullmatch(character_set, character) for character in _NOT_IN_JSON_TEXT)
