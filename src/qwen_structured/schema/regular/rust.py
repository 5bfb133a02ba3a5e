r"""Read the patterns of Rust's regex crate, which Pydantic's models have.

Source: the documentation of regex 1.11, tried out against pydantic-core 2.50.
"""

from __future__ import annotations

import re
from typing import Final

from typing_extensions import override

from . import properties
from .charset import ANY, CharSet, union
from .parser import Parser
from .syntax import END, START, Chars, Look, Node, sequence

_CONTROL_ESCAPES: Final = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_HEX_ESCAPES: Final = {"x": 2, "u": 4, "U": 8}
_WORD_EDGES: Final = ("{start}", "{end}", "{start-half}", "{end-half}")
_POSIX: Final = re.compile(r"\[:(\^?)([a-z]+):\]")
_BRACES: Final = re.compile(r"\{\s*\d*\s*,?\s*\d*\s*\}", re.ASCII)
_COMMENT: Final = re.compile(r"(?:\s+|#[^\n]*\n?)*")
_OPERATORS: Final = ("&&", "--", "~~")


class RustParser(Parser):
    """Reads a pattern of a Pydantic model."""

    @override
    def line_terminators(self) -> CharSet:
        return CharSet.of("\n")

    @override
    def word(self) -> CharSet:
        return properties.unicode_word() if self.flags.unicode else properties.ASCII_WORD

    @override
    def starts_quantifier(self) -> bool:
        return self.peek() == "{"

    @override
    def skip_ignored(self) -> None:
        if self.flags.extended:
            match = _COMMENT.match(self.pattern, self.position)
            self.position = match.end() if match else self.position

    @override
    def look_or_name(self) -> Node | None:
        for sign in ("=", "!", "<=", "<!"):
            if self.take(sign):
                raise self.error("a lookaround, which Rust's regex crate does not have", sign)
        if self.take("P<") or self.take("<"):
            self.take_until(">", "the name of a group")
        else:
            self.take_flags()
        return None

    @override
    def assertion_escape(self) -> Node | None:
        letter = self.peek()
        if letter not in ("b", "B", "A", "z", "<", ">"):
            if letter.isdecimal():
                raise self.error("a backreference, which Rust's regex crate does not have", "\\" + letter)
            return None
        self.position += 1
        match letter:
            case "A":
                return START
            case "z":
                return END
            case "<":
                return self._word_edge("{start}")
            case ">":
                return self._word_edge("{end}")
            case _:
                edge = next((edge for edge in _WORD_EDGES if letter == "b" and self.take(edge)), None)
                return self._word_edge(edge) if edge else self.word_edge(letter)

    def _word_edge(self, edge: str) -> Node:
        word = Chars(self.word())
        behind = Look(word, behind=True, negative=edge.startswith("{start"))
        ahead = Look(word, behind=False, negative=edge.startswith("{end"))
        match edge:
            case "{start-half}":
                return behind
            case "{end-half}":
                return ahead
            case _:
                return sequence([behind, ahead])

    @override
    def escape(self, *, in_class: bool) -> CharSet:
        letter = self.take_one("an escape")
        if letter.lower() in ("d", "w", "s"):
            return self.cased(self._perl_class(letter.lower()), negated=letter.isupper())
        if letter in ("p", "P"):
            return self.property_escape(negated=letter == "P")
        if letter in _CONTROL_ESCAPES:
            return CharSet.of(_CONTROL_ESCAPES[letter])
        if letter in _HEX_ESCAPES:
            return CharSet.of(chr(self.take_hex(_HEX_ESCAPES[letter])))
        if not letter.isascii() or letter.isalnum() or letter in "<>":
            raise self.error("an escape that is not known", "\\" + letter)
        return CharSet.of(letter)

    def _perl_class(self, letter: str) -> CharSet:
        unicode = self.flags.unicode
        match letter:
            case "d":
                return properties.unicode_digit() if unicode else properties.ASCII_DIGIT
            case "w":
                return self.word()
            case _:
                return properties.UNICODE_SPACE if unicode else properties.ASCII_SPACE

    @override
    def bracket(self) -> CharSet:
        negated = self.take("^")
        charset = self._class_union(first=True)
        while not self.take("]"):
            operator = self.take_one("a class") + self.take_one("a class")
            right = self._class_union(first=False)
            match operator:
                case "&&":
                    charset &= right
                case "--":
                    charset -= right
                case _:
                    charset ^= right
        return self.cased(charset, negated=negated)

    def _class_union(self, *, first: bool) -> CharSet:
        """Read items up to the end of the class or an operator; its first item may be a ``]``."""
        items: list[CharSet] = []
        while first or not (self.peek() == "]" or self.peek(2) in _OPERATORS):
            self.skip_ignored()
            item = self._class_item()
            if self.peek() == "-" and self.peek(2) not in ("-]", "--", "-"):
                self.position += 1
                item = self.span(item, self._class_item())
            items.append(item)
            first = False
            self.skip_ignored()
        return self.cased(union(items))

    def _class_item(self) -> CharSet:
        posix = _POSIX.match(self.pattern, self.position)
        named = properties.posix_class(posix[2]) if posix else None
        if posix and named is not None:
            self.position = posix.end()
            return ANY - named if posix[1] else named
        character = self.take_one("a class")
        match character:
            case "[":
                return self.bracket()
            case "\\":
                return self.escape(in_class=True)
            case _:
                return CharSet.of(character)
