"""The public class: a set of strings that a finite automaton can recognise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from . import members, spelling
from .alphabet import Alphabet
from .automaton import Automaton
from .charset import ANY
from .ecma import EcmaParser
from .edges import whole_text
from .elimination import expression as expression_of
from .limits import MAX_STATES, TooLarge
from .parser import Dialect, Flags
from .program import compiled
from .rust import RustParser
from .subsets import Subsets, determinized
from .syntax import (
    ANYTHING,
    NOTHING,
    Chars,
    Choice,
    Embedded,
    Node,
    Repeat,
    Sequence,
    Words,
    choice,
    repeat,
    sequence,
)

_BROAD = 50
_FEW = 256
_PARSERS = {"ecma": EcmaParser, "rust": RustParser}


class Repetition(NamedTuple):
    """A language of strings that are ``low`` to ``high`` characters of a set.

    Attributes:
        unit: the set, as the language of its characters.
        low: the least length.
        high: the greatest length; None if there is none.
    """

    unit: Language
    low: int
    high: int | None


class Language:
    r"""A regular language of strings over Unicode code points without surrogates. Immutable.

    A language keeps the expression that it was made of, because that gives the shortest grammar, until an
    operation needs an automaton: ``&``, ``-`` and ``~`` in general do.

    Attributes:
        parts: the languages that it is a row of; itself alone if it was not made of parts.

    Example:
        >>> number = Language.of_pattern(r"^INV-\d{4}$") - Language.literals(["INV-0000"])
        >>> number.accepts("INV-0042"), number.accepts("INV-0000")
        (True, False)
        >>> Language.of_pattern(r"^INV-\d{4}$").spelled()
        'INV-[0-9]{4}'
    """

    def __init__(self, node: Node, parts: tuple[Language, ...] = ()) -> None:
        self._node = node
        self.parts = parts or (self,)

    @classmethod
    def of_pattern(cls, pattern: str, *, dialect: Dialect = "ecma", ignore_case: bool = False) -> Language:
        """Make the language of the strings in which a pattern is found.

        Args:
            pattern: a regular expression; what it does not anchor may have anything around it.
            dialect: ``ecma`` is the syntax of JSON Schema, ``rust`` that of Pydantic's models.
            ignore_case: upper and lower case are alike.

        Raises:
            NotRegular: it has backreferences, or is not in the syntax.
            TooLarge: it passes a limit.
        """
        return cls(whole_text(_PARSERS[dialect](pattern, Flags(ignore_case=ignore_case)).parsed()))

    @classmethod
    def of_parts(cls, *parts: Language) -> Language:
        """Make the language of a string of each part, one after the other; `parts` has them.

        An automaton for each part can be far smaller than one for all of them. What is made of the language
        by other operations has no parts.
        """
        return cls(sequence([part._node for part in parts]), parts if len(parts) > 1 else ())

    @classmethod
    def of_state_table(
        cls,
        starts: Iterable[int],
        classes: Iterable[int],
        rows: Iterable[Iterable[int]],
        accepting: Iterable[int],
    ) -> Language:
        """Make the language of an automaton that `state_table` wrote."""
        numbers, table, ends = tuple(classes), tuple(map(tuple, rows)), frozenset(accepting)
        alphabet = Alphabet(tuple(starts), numbers, max(numbers) + 1)
        return cls(Embedded(Automaton(alphabet, table, tuple(state in ends for state in range(len(table))))))

    def state_table(self) -> tuple[list[int], list[int], list[list[int]], list[int]]:
        """Its automaton as numbers: where classes of characters start and which, next states, and last ones.

        Raises:
            TooLarge: it is too large.
        """
        automaton = self._automaton
        accepting = [state for state, accepts in enumerate(automaton.accepting) if accepts]
        alphabet = automaton.alphabet
        return list(alphabet.starts), list(alphabet.classes), list(map(list, automaton.rows)), accepting

    @classmethod
    def literals(cls, values: Iterable[str]) -> Language:
        """Make the language of some strings; those with surrogates, which are no text, are left out."""
        return cls(_words(values))

    @classmethod
    def anything(cls) -> Language:
        """Make the language of all strings."""
        return cls(ANYTHING)

    @classmethod
    def lengths(cls, low: int, high: int | None) -> Language:
        """Make the language of the strings of ``low`` to ``high`` characters (code points)."""
        if high is not None and high < low:
            return cls(NOTHING)
        return cls(repeat(Chars(ANY), low, high))

    def __and__(self, other: Language) -> Language:
        for one, another in ((self, other), (other, self)):
            kept = _restricted(one._node, another._node, another.accepts)
            if kept is not None:
                return another if kept is another._node else Language(kept)
        return self._combined(other, lambda left, right: left and right)

    def __or__(self, other: Language) -> Language:
        words = [
            value for node in (self._node, other._node) if isinstance(node, Words) for value in node.values
        ]
        if isinstance(self._node, Words) and isinstance(other._node, Words):
            return Language(_words(words))
        return Language(choice([self._node, other._node]))

    def __sub__(self, other: Language) -> Language:
        if isinstance(self._node, Words):
            return Language(_words(value for value in self._node.values if not other.accepts(value)))
        if self._node == ANYTHING:
            return ~other
        return self._combined(other, lambda left, right: left and not right)

    def __invert__(self) -> Language:
        return Language(_embedded(self._automaton.complement()))

    def __add__(self, other: Language) -> Language:
        return Language(sequence([self._node, other._node]))

    def bounded(self, low: int, high: int | None) -> Language:
        """Make the language of its strings of ``low`` to ``high`` characters.

        Raises:
            TooLarge: each state in which a string can stay is needed once for each length, which is too many.
        """
        kept = _clamped(self._node, low, high)
        if kept is not None:
            return self if kept is self._node else Language(kept)
        if high is not None:
            rows = enumerate(self._automaton.rows)
            staying = sum(state != self._automaton.dead and state in row for state, row in rows)
            if staying * (high - len(self._automaton.rows)) > MAX_STATES:
                raise TooLarge(f"the automaton has more than {MAX_STATES:,} states")
        return self & Language.lengths(low, high)

    def repeated(self, low: int, high: int | None) -> Language:
        """Make the language of ``low`` to ``high`` strings of this one in a row."""
        return Language(repeat(self._node, low, high))

    def __repr__(self) -> str:
        return f"<Language {self._node!r}>"

    def is_empty(self) -> bool:
        """Whether it has no string."""
        return self._node == NOTHING

    def accepts(self, text: str) -> bool:
        """Whether it has a string."""
        match self._node:
            case Words():
                return text in self._word_set
            case Embedded(automaton):
                return automaton.accepts(text)
            case _:
                return self._subsets.matches(text)

    def length_bounds(self) -> tuple[int, int | None]:
        """The least and the greatest length of its strings, None if there is no greatest.

        Raises:
            ValueError: it is empty.
        """
        self._require_strings()
        return self._node.traits.shortest, self._node.traits.longest

    def shortest(self) -> str | None:
        """A string of the least length, the same one each time; None if it is empty."""
        return None if self.is_empty() else members.shortest(self._node)

    def values(self, limit: int) -> list[str] | None:
        """All of its strings in a stable order, or None if there are more than ``limit``.

        Literals keep their order; otherwise shorter strings come first, then the order of code points.

        Raises:
            TooLarge: its automaton is too large.
        """
        if isinstance(self._node, Words):
            return list(self._node.values) if len(self._node.values) <= limit else None
        if self._node.traits.longest is None:
            return None
        if len(self.parts) > 1 and any(part.values(limit) is None for part in self.parts):
            return None
        count = members.count(self._automaton)
        return None if count is None or count > limit else members.enumerated(self._automaton)

    def samples(self, random: random.Random, count: int) -> list[str]:
        """Some of its strings at random, with a liking for awkward characters; none if it is empty."""
        return [] if self.is_empty() else [members.sample(self._node, random) for _ in range(count)]

    def repetition(self) -> Repetition | None:
        """What it repeats, if its strings are any characters of one set: a bounded string, for example."""
        try:
            expression = self._expression
        except TooLarge:
            return None
        match expression:
            case Chars() as item:
                return Repetition(Language(item), 1, 1)
            case Repeat(Chars() as item, low, high):
                return Repetition(Language(item), low, high)
            case _:
                return None

    def spelled(self) -> str:
        r"""Write it in the dialect of XGrammar's ``Regex("...")``, before the quoting that EBNF strings need.

        The expression matches the canonical JSON spelling of each of its strings, that of `json.dumps` with
        ``ensure_ascii=False``, without the quotes around it.

        Raises:
            TooLarge: it would be too long; `rules` may still do.
            ValueError: it is empty.
        """
        self._require_strings()
        return spelling.spelled(self._expression)

    def states(self) -> int:
        """How many states its automaton has, or those of its parts.

        Raises:
            TooLarge: it is too large.
        """
        return sum(len(part._automaton.rows) for part in self.parts)

    def broad_states(self) -> int:
        """How many states of its automaton, or of those of its parts, go on with 50 characters or more.

        Raises:
            TooLarge: it is too large.
        """
        rows = (row for part in self.parts for row in part._automaton.transitions)
        return sum(sum(map(len, row.values())) >= _BROAD for row in rows)

    def is_plain(self) -> bool:
        """Whether it is a row of characters and repeated characters, without a choice."""
        return _is_plain(self._node)

    def rules(self, name: str, end: str = '""') -> list[tuple[str, str]]:
        """Write it as EBNF rules, each a name and a body, one for each state of its automaton.

        Args:
            name: that of the first rule, where it starts, and the beginning of the others' names.
            end: what follows the string, as EBNF.

        Raises:
            TooLarge: its automaton is too large.
            ValueError: it is empty.
        """
        self._require_strings()
        return spelling.rules(self._automaton, name, end)

    def _require_strings(self) -> None:
        if self.is_empty():
            raise ValueError("the language is empty")

    def _combined(self, other: Language, accepts: Callable[[bool, bool], bool]) -> Language:
        return Language(_embedded(self._automaton.combined(other._automaton, accepts)))

    @cached_property
    def _word_set(self) -> frozenset[str]:
        return frozenset(self._node.values if isinstance(self._node, Words) else ())

    @cached_property
    def _subsets(self) -> Subsets:
        return Subsets(compiled(self._node))

    @cached_property
    def _automaton(self) -> Automaton:
        if isinstance(self._node, Embedded):
            return self._node.automaton
        return determinized(compiled(self._node))

    @cached_property
    def _expression(self) -> Node:
        return _without_automata(self._node)


def _is_plain(node: Node) -> bool:
    match node:
        case Chars():
            return True
        case Words(values):
            return len(values) == 1
        case Sequence(parts):
            return all(map(_is_plain, parts))
        case Repeat(item, _, _):
            return isinstance(item, Chars)
        case _:
            return False


def _words(values: Iterable[str]) -> Node:
    kept = dict.fromkeys(value for value in values if not any("\ud800" <= c <= "\udfff" for c in value))
    return Words(tuple(kept)) if kept else NOTHING


def _embedded(automaton: Automaton) -> Node:
    return NOTHING if automaton.is_empty() else Embedded(automaton)


def _without_automata(node: Node) -> Node:
    """Write the automata in an expression as expressions."""
    match node:
        case Embedded(automaton):
            return expression_of(automaton)
        case Sequence(parts):
            return sequence(map(_without_automata, parts))
        case Choice(options):
            return choice(map(_without_automata, options))
        case Repeat(item, low, high):
            return repeat(_without_automata(item), low, high)
        case _:
            return node


def _restricted(node: Node, other: Node, other_accepts: Callable[[str], bool]) -> Node | None:
    """Intersect an expression that makes it easy with another one; None if it does not."""
    match node:
        case Words(values):
            return _words(filter(other_accepts, values))
        case Repeat(Chars(charset), low, high) if charset == ANY:
            return _clamped(other, low, high)
        case Embedded(automaton):
            excluded = _all_but(automaton)
            return None if excluded is None or any(map(other_accepts, excluded)) else other
        case _:
            return NOTHING if node == NOTHING else None


def _all_but(automaton: Automaton) -> list[str] | None:
    """The strings that an automaton lacks, if they are few."""
    others = automaton.complement()
    count = None if others.is_empty() else members.count(others)
    return None if count is None or count > _FEW else members.enumerated(others)


def _clamped(node: Node, low: int, high: int | None) -> Node | None:
    """Leave the strings of some lengths, if one repetition can be bounded for it."""
    least, most = node.traits.shortest, node.traits.longest
    if (high is not None and least > high) or (most is not None and most < low):
        return NOTHING
    if least >= low and (high is None or (most is not None and most <= high)):
        return node
    parts: list[Node] = list(node.parts) if isinstance(node, Sequence) else [node]
    varying = [place for place, part in enumerate(parts) if part.traits.shortest != part.traits.longest]
    if len(varying) != 1:
        return None
    part = parts[varying[0]]
    if not (isinstance(part, Repeat) and part.item.traits.shortest == part.item.traits.longest == 1):
        return None
    fixed = least - part.traits.shortest
    bounds = max(part.low, low - fixed), _least_of(part.high, None if high is None else high - fixed)
    parts[varying[0]] = repeat(part.item, *bounds)
    return sequence(parts)


def _least_of(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)
