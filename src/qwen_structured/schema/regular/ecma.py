r"""Read the patterns of JSON Schema: ECMAScript's, with its flag u.

Source: ECMA-262 (2024), 22.2.1. What the flag u forbids but has one meaning without it is read all the same:
an escape that needs none (``\-``), a brace that begins no quantifier.
"""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from . import properties
from .charset import CharSet, union
from .parser import Parser
from .syntax import Look, Node

_CONTROL_ESCAPES: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_LOOKS: Final = {"=": (False, False), "!": (False, True), "<=": (True, False), "<!": (True, True)}
_LINE_TERMINATORS: Final = CharSet.of("\n\r\u2028\u2029")
_CLASSES: Final = {"d": properties.ASCII_DIGIT, "w": properties.ASCII_WORD, "s": properties.ECMA_SPACE}


class EcmaParser(Parser):
    """Reads a pattern of JSON Schema."""

    @override
    def line_terminators(self) -> CharSet:
        return _LINE_TERMINATORS

    @override
    def word(self) -> CharSet:
        return properties.ASCII_WORD

    @override
    def skip_ignored(self) -> None:
        """There are no comments."""

    @override
    def look_or_name(self) -> Node | None:
        for sign, (behind, negative) in _LOOKS.items():
            if self.take(sign):
                return Look(self.group_body(), behind, negative)
        if self.take("<"):
            self.take_until(">", "the name of a group")
        else:
            self.take_flags()
        return None

    @override
    def assertion_escape(self) -> Node | None:
        letter = self.peek()
        if letter in ("b", "B"):
            self.position += 1
            return self.word_edge(letter)
        if letter == "k" or letter in set("123456789"):
            raise self.error("a backreference", "\\" + letter)
        return None

    @override
    def bracket(self) -> CharSet:
        negated = self.take("^")
        items: list[CharSet] = []
        while not self.take("]"):
            first = self._class_item()
            if self.peek() == "-" and self.peek(2) not in ("-]", "-"):
                self.position += 1
                items.append(self.span(first, self._class_item()))
            else:
                items.append(first)
        return self.cased(union(items), negated=negated)

    @override
    def escape(self, *, in_class: bool) -> CharSet:
        letter = self.take_one("an escape")
        if letter.lower() in _CLASSES:
            return self.cased(_CLASSES[letter.lower()], negated=letter.isupper())
        if letter in ("p", "P"):
            return self.property_escape(negated=letter == "P")
        character = chr(8) if in_class and letter == "b" else self._character_escape(letter)
        return CharSet.of(character)

    def _character_escape(self, letter: str) -> str:
        match letter:
            case "t" | "n" | "v" | "f" | "r":
                return _CONTROL_ESCAPES[letter]
            case "c" if self.peek().isascii() and self.peek().isalpha():
                return chr(ord(self.take_one("an escape")) % 32)
            case "0" if not self.peek().isdigit():
                return "\0"
            case "x":
                return chr(self.take_hex(2))
            case "u":
                return self._after_u()
            case _ if letter.isascii() and letter.isalnum():
                raise self.error("an escape that is not known", "\\" + letter)
            case _:
                return letter

    def _after_u(self) -> str:
        code = self.take_hex(4)
        if 0xD800 <= code < 0xDC00 and self.take("\\u"):
            low = self.take_hex(4)
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00)
            raise self.error("half of a surrogate pair", f"\\u{code:04X}")
        return chr(code)

    def _class_item(self) -> CharSet:
        character = self.take_one("a class")
        return self.escape(in_class=True) if character == "\\" else CharSet.of(character)
