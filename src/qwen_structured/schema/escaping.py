r"""Write rules again so that what they generate stands within a JSON string: ``"`` as ``\"``, and so on.

Spelling a text as JSON is a map from characters to texts. It needs no understanding of the rules: each
literal, class and expression is written anew, whatever it stands in. So JSON within JSON within JSON is the
same map applied twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .ebnf import Rules, literal, not_ended, regex, spelled

_TOKEN: Final = re.compile(
    r'Regex\("(?P<regex>(?:[^"\\]|\\.)*)"\)|"(?P<literal>(?:[^"\\]|\\.)*)"|\[(?P<characters>(?:[^\]\\]|\\.)*)\]'
)
_PART_OF_REGEX: Final = re.compile(
    r"\[(?P<characters>(?:\\u\{[0-9A-F]+\}|\\.|[^\]\\])*)\]|(?P<character>\\u\{[0-9A-F]+\}|\\.|[^\\()|*+?{}])"
    r"|\{[0-9,]*\}"
)
_CHARACTER: Final = re.compile(
    r"\\u\{(?P<braced>[0-9A-Fa-f]+)\}|\\u(?P<four>[0-9A-Fa-f]{4})|\\U(?P<eight>[0-9A-Fa-f]{8})"
    r"|\\?(?P<itself>.)",
    re.DOTALL,
)
_LONG_ESCAPE: Final = re.compile(r"\\U([0-9a-f]{8})")
_SPECIAL: Final = '"\\'
"""What a text of JSON has and a JSON string has not as it is: such a text has no raw control character."""


@dataclass
class EscapedRules(Rules):
    """Rules that are put among others, each so that it generates text within a JSON string.

    Args:
        others: those that it is put among; names are theirs.
    """

    others: Rules | None = None

    def reserve(self, hint: str) -> str:
        """A new rule's name, whose body follows."""
        return self._others.reserve(hint)

    def drop(self, name: str) -> None:
        """Give up a name that was reserved."""
        self._others.drop(name)

    def put(self, name: str, body: str) -> str:
        """Write the body of a rule."""
        return self._others.put(name, escaped(body))

    def own(self, name: str) -> str:
        """The name of a rule that is chosen by its writer."""
        return self._others.own(f"e{name}")

    def has(self, name: str) -> bool:
        """Whether a rule of a name is there."""
        return self._others.has(name)

    @property
    def _others(self) -> Rules:
        assert self.others is not None
        return self.others


def escaped(body: str) -> str:
    r"""A rule's body that generates each text of this one as it is spelled in a JSON string.

    Example:
        >>> print(escaped('"\\"" Regex("[a-z]*") v1'))
        "\\\"" Regex("[a-z]*") v1
    """
    return _TOKEN.sub(_escaped_token, not_ended(body))  # after the last value comes the string's quote


def _escaped_token(token: re.Match[str]) -> str:
    if (text := token["literal"]) is not None:
        return literal(spelled(unquoted(text))) or '""'
    if (pattern := token["regex"]) is not None:
        return regex(_PART_OF_REGEX.sub(_escaped_part, unquoted(pattern)))
    rest, found = _without_special(token["characters"])
    if not found:
        return token[0]
    ways = [f"[{rest}]"] * bool(rest) + [literal(spelled(character)) for character in found]
    return f"({' | '.join(ways)})"


def unquoted(text: str) -> str:
    """The text of what stands between the quotes of a literal, or of an expression."""
    plain = _LONG_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return str(json.loads(f'"{plain}"'))


def _escaped_part(part: re.Match[str]) -> str:
    if (character := part["character"]) is not None:
        special = character[-1] in _SPECIAL and len(character) <= 2
        return f"({_spelled_in_regex(character[-1])})" if special else part[0]
    if part["characters"] is None:
        return part[0]
    rest, found = _without_special(part["characters"])
    if not found:
        return part[0]
    ways = [f"[{rest}]"] * bool(rest) + [_spelled_in_regex(character) for character in found]
    return f"({'|'.join(ways)})"


def _spelled_in_regex(character: str) -> str:
    return spelled(character).replace("\\", "\\\\")


def _without_special(characters: str) -> tuple[str, list[str]]:
    """The inside of a class without what a JSON string has an escape for; and that, which is in it."""
    if characters.startswith("^"):
        singles = map(_code_point, _CHARACTER.finditer(characters))
        assert {*singles} >= set(map(ord, _SPECIAL)), characters
        return characters, []
    kept, found = "", list[str]()
    for written, first, last in ranges_of(characters):
        inside = [character for character in _SPECIAL if first <= ord(character) <= last]
        assert not inside or first == last, f"a range with a quote or a backslash in it: {characters}"
        found += inside
        kept += "" if inside else written
    return kept, found


def ranges_of(characters: str) -> Iterator[tuple[str, int, int]]:
    """What the inside of a class consists of: how it is written, its first and its last code point."""
    parts, place = list(_CHARACTER.finditer(characters)), 0
    while place < len(parts):
        is_range = place + 2 < len(parts) and parts[place + 1][0] == "-"
        span = parts[place : place + 3] if is_range else parts[place : place + 1]
        place += len(span)
        yield "".join(part[0] for part in span), _code_point(span[0]), _code_point(span[-1])


def _code_point(character: re.Match[str]) -> int:
    hexadecimal = character["braced"] or character["four"] or character["eight"]
    return int(hexadecimal, 16) if hexadecimal else ord(character["itself"])
