"""Regular expressions as trees, and the constructors that keep them small.

The classes are plain data. Trees are made with `sequence`, `choice` and `repeat`, which simplify as they go:
what they return describes the same language as their arguments do, often with fewer nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from .charset import ANY, NONE, CharSet, union
from .limits import MAX_DEPTH, TooLarge

if TYPE_CHECKING:
    from .automaton import Automaton


class Traits(NamedTuple):
    """What is known of an expression without looking into it again.

    Attributes:
        shortest: length of its shortest string, in characters.
        longest: length of its longest string; None if there is none.
        positions: the characters of the expression when its counted repetitions are written out.
        depth: levels of the tree.
        pure: it has no `Look`, so that what it matches does not depend on the text around it.
    """

    shortest: int
    longest: int | None
    positions: int
    depth: int = 1
    pure: bool = True


@dataclass(frozen=True, slots=True)
class _Described:
    """A node that describes itself when it is made."""

    traits: Traits = field(init=False, repr=False, compare=False)

    def _describe(self) -> Traits:
        raise NotImplementedError

    def __post_init__(self) -> None:
        traits = self._describe()
        if traits.depth > MAX_DEPTH:
            raise TooLarge(f"the expression nests more than {MAX_DEPTH} levels deep")
        object.__setattr__(self, "traits", traits)


@dataclass(frozen=True, slots=True)
class Chars(_Described):
    """One character of a set."""

    charset: CharSet

    def _describe(self) -> Traits:
        return Traits(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Words(_Described):
    """One of some strings: a finite language that is kept as it is, because there may be thousands."""

    values: tuple[str, ...]

    def _describe(self) -> Traits:
        lengths = [len(value) for value in self.values]
        return Traits(min(lengths), max(lengths), sum(lengths))


@dataclass(frozen=True, slots=True)
class Sequence(_Described):
    """One expression after the other; the empty string if there are none."""

    parts: tuple[Node, ...]

    def _describe(self) -> Traits:
        traits = [part.traits for part in self.parts]
        longest = [trait.longest for trait in traits]
        return Traits(
            shortest=sum(trait.shortest for trait in traits),
            longest=None if None in longest else sum(length or 0 for length in longest),
            positions=sum(trait.positions for trait in traits),
            depth=1 + max((trait.depth for trait in traits), default=0),
            pure=all(trait.pure for trait in traits),
        )


@dataclass(frozen=True, slots=True)
class Choice(_Described):
    """One of at least two expressions."""

    options: tuple[Node, ...]

    def _describe(self) -> Traits:
        traits = [option.traits for option in self.options]
        longest = [trait.longest for trait in traits]
        return Traits(
            shortest=min(trait.shortest for trait in traits),
            longest=None if None in longest else max(length or 0 for length in longest),
            positions=sum(trait.positions for trait in traits),
            depth=1 + max(trait.depth for trait in traits),
            pure=all(trait.pure for trait in traits),
        )


@dataclass(frozen=True, slots=True)
class Repeat(_Described):
    """An expression ``low`` to ``high`` times, or at least ``low`` times if ``high`` is None."""

    item: Node
    low: int
    high: int | None

    def _describe(self) -> Traits:
        item, high = self.item.traits, self.high
        return Traits(
            shortest=item.shortest * self.low,
            longest=_product(item.longest, high),
            positions=item.positions * max(1, self.low if high is None else high),
            depth=1 + item.depth,
            pure=item.pure,
        )


def _product(longest: int | None, high: int | None) -> int | None:
    if longest == 0:
        return 0
    return None if longest is None or high is None else longest * high


@dataclass(frozen=True, slots=True)
class Embedded(_Described):
    """The language of an automaton, which is not empty."""

    automaton: Automaton

    def _describe(self) -> Traits:
        return Traits(*self.automaton.length_bounds(), positions=len(self.automaton.rows))


@dataclass(frozen=True, slots=True)
class Look(_Described):
    """A place in the text (no characters) before or behind which an expression matches, or does not."""

    body: Node
    behind: bool
    negative: bool

    def _describe(self) -> Traits:
        body = self.body.traits
        return Traits(0, 0, body.positions, 1 + body.depth, pure=False)


Node: TypeAlias = Chars | Words | Sequence | Choice | Repeat | Embedded | Look

EMPTY: Final = Sequence(())
"""The empty string."""
NOTHING: Final = Chars(NONE)
"""No string at all."""
ANYTHING: Final = Repeat(Chars(ANY), 0, None)
START: Final = Look(Chars(ANY), behind=True, negative=True)
END: Final = Look(Chars(ANY), behind=False, negative=True)


@lru_cache(maxsize=1024)
def character(text: str) -> Chars:
    """Make the expression of one character."""
    return Chars(CharSet.of(text))


def sequence(parts: Iterable[Node]) -> Node:
    """Make the concatenation of expressions."""
    kept: list[Node] = []
    for part in parts:
        if _is_nothing(part):
            return NOTHING
        _append(kept, part)
    return kept[0] if len(kept) == 1 else Sequence(tuple(kept))


def choice(options: Iterable[Node]) -> Node:
    """Make the union of expressions."""
    kept: dict[Node, None] = {}
    charsets: list[CharSet] = []
    for option in options:
        for piece in option.options if isinstance(option, Choice) else (option,):
            if isinstance(piece, Chars):
                charsets.append(piece.charset)
            else:
                kept[piece] = None
    if ANYTHING in kept:
        return ANYTHING
    empty = EMPTY in kept
    kept.pop(EMPTY, None)
    charset = union(charsets)
    return _with_empty([*([Chars(charset)] if charset else []), *kept], empty)


def repeat(item: Node, low: int, high: int | None) -> Node:
    """Make the repetition of an expression, ``low`` to ``high`` times."""
    if _is_nothing(item):
        return NOTHING if low else EMPTY
    if item == EMPTY or high == 0:
        return EMPTY
    if (low, high) == (1, 1):
        return item
    if isinstance(item, Repeat):
        bounds = _nested_bounds(item, low, high)
        if bounds is not None:
            return Repeat(item.item, *bounds)
    return Repeat(item, low, high)


def optional(item: Node) -> Node:
    """Make the union of an expression and the empty string."""
    return _with_empty([item], True)


def is_nullable(node: Node) -> bool:
    """Whether an expression matches the empty string in whatever place of a text."""
    return node.traits.pure and node.traits.shortest == 0


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Chars) and not node.charset


def _is_anything(node: Node) -> bool:
    return isinstance(node, Repeat) and node.high is None and node == ANYTHING


def _append(parts: list[Node], part: Node) -> None:
    """Append to a sequence; leave out or merge what changes nothing."""
    if isinstance(part, Sequence):
        for piece in part.parts:
            _append(parts, piece)
    elif parts and _is_anything(parts[-1]):
        if not is_nullable(part):
            _append_as_it_is(parts, _least(part))
    elif _is_anything(part):
        while parts and is_nullable(parts[-1]):
            parts.pop()
        if parts:
            _append_as_it_is(parts, _least(parts.pop()))
        parts.append(part)
    elif not (isinstance(part, Repeat) and _take_in(parts, part)):
        parts.append(part)


def _append_as_it_is(parts: list[Node], part: Node) -> None:
    parts.extend(part.parts if isinstance(part, Sequence) else (part,))


def _least(part: Node) -> Node:
    """What is left of an expression beside `ANYTHING`: x{m,n} need not go beyond x{m} there."""
    return repeat(part.item, part.low, part.low) if isinstance(part, Repeat) else part


def _take_in(parts: list[Node], part: Repeat) -> bool:
    """Turn what ends in x, before x{m,n}, into x{m+1,n+1}."""
    item = part.item.parts if isinstance(part.item, Sequence) else (part.item,)
    if tuple(parts[-len(item) :]) != item:
        return False
    del parts[-len(item) :]
    _append(parts, repeat(part.item, part.low + 1, None if part.high is None else part.high + 1))
    return True


def _with_empty(options: list[Node], empty: bool) -> Node:
    if not options:
        return EMPTY if empty else NOTHING
    node = options[0] if len(options) == 1 else Choice(tuple(options))
    if not empty or is_nullable(node):
        return node
    if isinstance(node, Repeat) and node.low == 1:
        return repeat(node.item, 0, node.high)
    return Repeat(node, 0, 1)


def _nested_bounds(inner: Repeat, low: int, high: int | None) -> tuple[int, int | None] | None:
    """The bounds of (x{a,b}){low,high} as one repetition, if it is one without gaps."""
    if low == high or inner.low == 0 or (inner.low == 1 and low <= 1):
        unbounded = inner.high is None or high is None
        return inner.low * low, None if unbounded else (inner.high or 0) * (high or 0)
    return None
