"""Read a pattern: what the dialects of regular expressions have in common.

Lazy quantifiers are read as greedy ones, and groups of every kind as plain ones: neither makes a difference
to which strings have a match.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from . import properties
from .charset import ANY, MAX_CODE_POINT, CharSet, union
from .limits import MAX_NESTING, MAX_PATTERN_LENGTH, MAX_POSITIONS, MAX_REPETITIONS, NotRegular, TooLarge
from .syntax import END, START, Chars, Look, Node, character, choice, repeat, sequence

Dialect: TypeAlias = Literal["ecma", "rust"]

_BRACES: Final = re.compile(r"\{(\d+)(,?)(\d*)\}", re.ASCII)
_BRACED_HEX: Final = re.compile(r"\{([0-9a-fA-F]+)\}")
_FLAG_NAMES: Final = {"i": "ignore_case", "m": "multi_line", "s": "dot_all", "x": "extended", "u": "unicode"}
_IGNORED_FLAGS: Final = frozenset("U")
"""Of Rust: it swaps lazy and greedy."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a pattern or of a group in it."""

    ignore_case: bool = False
    multi_line: bool = False
    dot_all: bool = False
    extended: bool = False
    unicode: bool = True

    def changed(self, letters: str, value: bool) -> Flags | None:
        """Set or clear some flags by their letters; None if one of them is not known."""
        letters = "".join(letter for letter in letters if letter not in _IGNORED_FLAGS)
        if not set(letters) <= set(_FLAG_NAMES):
            return None
        return replace(self, **{_FLAG_NAMES[letter]: value for letter in letters})


class Parser(ABC):
    """Reads a pattern once, from left to right.

    Attributes:
        pattern: the pattern.
        position: where the next character is read.
        flags: those that hold there.
    """

    def __init__(self, pattern: str, flags: Flags) -> None:
        self.pattern = pattern
        self.position = 0
        self.flags: Flags = flags
        self._depth = 0

    def parsed(self) -> Node:
        """Read the whole pattern.

        Raises:
            NotRegular: it has backreferences, or is not in the syntax.
            TooLarge: it is too long, nests too deep, or counts too far.
        """
        if len(self.pattern) > MAX_PATTERN_LENGTH:
            raise TooLarge(f"the pattern is longer than {MAX_PATTERN_LENGTH:,} characters")
        node = self._alternation()
        if self.position < len(self.pattern):
            raise self.error("a parenthesis that was not opened", ")")
        if node.traits.positions > MAX_POSITIONS:
            raise TooLarge(f"the pattern has more than {MAX_POSITIONS:,} characters, repetitions written out")
        return node

    # What the dialects differ in.

    @abstractmethod
    def bracket(self) -> CharSet:
        """Read a class after its ``[``."""

    @abstractmethod
    def assertion_escape(self) -> Node | None:
        """Read an escape that asserts a place, after its backslash; None if it is no such escape."""

    @abstractmethod
    def escape(self, *, in_class: bool) -> CharSet:
        """Read an escape that means one character of a set, after its backslash."""

    @abstractmethod
    def look_or_name(self) -> Node | None:
        """Read what follows ``(?``: all of a lookaround, or what precedes a plain group's inside (None)."""

    @abstractmethod
    def line_terminators(self) -> CharSet:
        """The characters that end a line, which ``.`` does not match."""

    @abstractmethod
    def word(self) -> CharSet:
        r"""The characters of ``\\w``."""

    def starts_quantifier(self) -> bool:
        """Whether a ``{`` here is a counted repetition rather than a character."""
        return _BRACES.match(self.pattern, self.position) is not None

    @abstractmethod
    def skip_ignored(self) -> None:
        """Skip what has no meaning, as comments."""

    # Scanning.

    def peek(self, length: int = 1) -> str:
        """The next characters, fewer at the end."""
        return self.pattern[self.position : self.position + length]

    def take(self, text: str) -> bool:
        """Skip a text if it comes next."""
        found = self.pattern.startswith(text, self.position)
        if found:
            self.position += len(text)
        return found

    def take_one(self, what: str) -> str:
        """Read a character; ``what`` says in which it is missing at the end of the pattern."""
        if self.position >= len(self.pattern):
            raise self.error(f"{what} that does not end", "")
        self.position += 1
        return self.pattern[self.position - 1]

    def take_until(self, end: str, what: str) -> str:
        """Read up to an end, which is skipped."""
        found = self.pattern.find(end, self.position)
        if found < 0:
            raise self.error(f"{what} that does not end", self.peek(8))
        text = self.pattern[self.position : found]
        self.position = found + len(end)
        return text

    def take_hex(self, digits: int) -> int:
        r"""Read the code point of ``\\xXX``, ``\\uXXXX`` or ``\\u{X...}`` after the letter."""
        braced = _BRACED_HEX.match(self.pattern, self.position)
        text = braced[1] if braced else self.peek(digits)
        if not braced and not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", text):
            raise self.error("an escape without its digits", text)
        self.position += len(braced[0]) if braced else digits
        code = int(text, 16)
        if code > MAX_CODE_POINT:
            raise self.error("a code point that Unicode does not have", text)
        return code

    def error(self, what: str, text: str) -> NotRegular:
        """Say what of the pattern cannot be read, and where."""
        quoted = f", {text!r}," if text else ""
        return NotRegular(f"the pattern {_shortened(self.pattern)!r} has {what}{quoted} at {self.position}")

    # The grammar.

    def _alternation(self) -> Node:
        options = [self._concatenation()]
        while self.take("|"):
            options.append(self._concatenation())
        return choice(options) if len(options) > 1 else options[0]

    def _concatenation(self) -> Node:
        parts: list[Node] = []
        while True:
            self.skip_ignored()
            if self.peek() in ("", "|", ")"):
                return sequence(parts)
            term = self._term()
            if term is not None:
                parts.append(self._quantified(term))

    def _term(self) -> Node | None:
        """Read a term; None if it sets flags only."""
        letter = self.take_one("a term")
        match letter:
            case "(":
                return self._group()
            case "[":
                return Chars(self.bracket())
            case "\\":
                return self.assertion_escape() or Chars(self.cased(self.escape(in_class=False)))
            case ".":
                return Chars(ANY if self.flags.dot_all else ~self.line_terminators())
            case "^":
                return self._line_edge(behind=True)
            case "$":
                return self._line_edge(behind=False)
            case "*" | "+" | "?":
                raise self.error("a quantifier with nothing to repeat", letter)
            case "{" if self._is_stray_quantifier():
                raise self.error("a quantifier with nothing to repeat", letter)
            case _:
                return self._literal(letter)

    def _literal(self, text: str) -> Node:
        node = character(text)
        return Chars(self.cased(node.charset)) if self.flags.ignore_case else node

    def _is_stray_quantifier(self) -> bool:
        self.position -= 1
        stray = self.starts_quantifier()
        self.position += 1
        return stray

    def _quantified(self, node: Node) -> Node:
        while True:
            self.skip_ignored()
            bounds = self._bounds()
            if bounds is None:
                return node
            low, high = bounds
            if isinstance(node, Look):
                low, high = min(low, 1), None if high is None else min(high, 1)
            node = repeat(node, low, high)

    def _bounds(self) -> tuple[int, int | None] | None:
        bounds: tuple[int, int | None]
        match self.peek():
            case "*":
                bounds = (0, None)
            case "+":
                bounds = (1, None)
            case "?":
                bounds = (0, 1)
            case "{" if self.starts_quantifier():
                return self._counted()
            case _:
                return None
        self.position += 1
        self.take("?")
        return bounds

    def _counted(self) -> tuple[int, int | None]:
        match = _BRACES.match(self.pattern, self.position)
        if match is None:
            raise self.error("a repetition that cannot be read", self.peek(8))
        if max(len(match[1]), len(match[3])) > len(str(MAX_REPETITIONS)):
            raise TooLarge(f"the pattern repeats more than {MAX_REPETITIONS:,} times: {match[0][:20]}")
        low = int(match[1])
        high = int(match[3]) if match[3] else None if match[2] else low
        if max(low, high or 0) > MAX_REPETITIONS:
            raise TooLarge(f"the pattern repeats more than {MAX_REPETITIONS:,} times: {match[0]}")
        if high is not None and low > high:
            raise self.error("a repetition whose bounds are the wrong way round", match[0])
        self.position = match.end()
        self.take("?")
        return low, high

    def _group(self) -> Node | None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise TooLarge(f"the pattern nests groups more than {MAX_NESTING} deep")
        outside = self.flags
        if self.take("?"):
            look = self.look_or_name()
            if look is not None:
                self._depth -= 1
                return look
            if self.pattern[self.position - 1] == ")":
                self._depth -= 1
                return None
        node = self.group_body()
        self.flags = outside
        self._depth -= 1
        return node

    def group_body(self) -> Node:
        """Read the inside of a group and its end."""
        node = self._alternation()
        if not self.take(")"):
            raise self.error("a group that does not end", "")
        return node

    # Building blocks.

    def cased(self, charset: CharSet, *, negated: bool = False) -> CharSet:
        """Apply the flag for case, and then a negation."""
        charset = properties.fold(charset) if self.flags.ignore_case else charset
        return ~charset if negated else charset

    def span(self, first: CharSet, last: CharSet) -> CharSet:
        """The characters from one to another; where one of them is a class, the hyphen is a character."""
        if len(first) != 1 or len(last) != 1:
            return union([first, CharSet.of("-"), last])
        if first[0] > last[0]:
            raise self.error("a range of characters the wrong way round", f"{first[0]}-{last[0]}")
        return CharSet.span(first[0], last[0])

    def take_flags(self) -> None:
        """Read flags up to their ``:`` or ``)``, which is skipped, and let them hold."""
        letters = re.compile(r"([a-zA-Z]*)(?:-([a-zA-Z]+))?[:)]").match(self.pattern, self.position)
        if letters is None:
            raise self.error("a group of an unknown kind", self.peek(4))
        on = self.flags.changed(letters[1], True)
        flags = on.changed(letters[2] or "", False) if on else None
        if flags is None:
            raise self.error("a flag that is not known", letters[0])
        self.flags = flags
        self.position = letters.end()

    def property_escape(self, *, negated: bool) -> CharSet:
        r"""Read what follows ``\\p``."""
        name = self.take_until("}", "a property") if self.take("{") else self.take_one("a property")
        if name.startswith("^"):
            name, negated = name[1:], not negated
        charset = properties.named(name)
        if charset is None:
            raise self.error("a property of characters that is not known here", name)
        return self.cased(charset, negated=negated)

    def word_edge(self, letter: str) -> Node:
        r"""The places of ``\\b`` and ``\\B``."""
        word = Chars(self.word())
        return either_side(word, negative=letter == "B")

    def _line_edge(self, *, behind: bool) -> Node:
        if not self.flags.multi_line:
            return START if behind else END
        return Look(Chars(~self.line_terminators()), behind=behind, negative=True)


def either_side(word: Node, *, negative: bool) -> Node:
    """The places with a match on one side only, or, if negative, on both sides or on neither."""

    def place(before: bool, after: bool) -> Node:
        return sequence([Look(word, True, not before), Look(word, False, not after)])

    return choice(place(before, before == negative) for before in (False, True))


def _shortened(pattern: str) -> str:
    return pattern if len(pattern) <= 60 else pattern[:57] + "..."
