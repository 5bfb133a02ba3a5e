"""Sets of Unicode code points, as sorted ranges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

MAX_CODE_POINT: Final = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
_SURROGATES: Final = (0xD800, 0xDFFF)


@dataclass(frozen=True)
class CharSet:
    """A set of code points without surrogates, which are no characters.

    Attributes:
        ranges: first and last code point of each range; sorted, and neither overlapping nor touching.
            Only the gap of the surrogates parts two ranges that could be one.

    Example:
        >>> digits = CharSet.span("0", "9")
        >>> "7" in digits, len(digits | CharSet.of("x"))
        (True, 11)
    """

    ranges: Ranges

    @classmethod
    def from_ranges(cls, ranges: Iterable[tuple[int, int]]) -> CharSet:
        """Make a set of ranges in any order, which may overlap."""
        return cls(tuple(_without_surrogates(_merged(sorted(ranges)))))

    @classmethod
    @lru_cache(maxsize=1024)
    def span(cls, first: str, last: str) -> CharSet:
        """Make the set of all characters from ``first`` to ``last``."""
        return cls.from_ranges([(ord(first), ord(last))])

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, characters: str) -> CharSet:
        """Make the set of the characters of a text."""
        return cls.from_ranges((ord(character), ord(character)) for character in characters)

    def __or__(self, other: CharSet) -> CharSet:
        return union((self, other))

    def __invert__(self) -> CharSet:
        return CharSet(tuple(_without_surrogates(_gaps(self.ranges))))

    def __and__(self, other: CharSet) -> CharSet:
        return ~(~self | ~other)

    def __sub__(self, other: CharSet) -> CharSet:
        return ~(~self | other)

    def __xor__(self, other: CharSet) -> CharSet:
        return (self - other) | (other - self)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.ranges)

    def __iter__(self) -> Iterator[str]:
        return (chr(code) for first, last in self.ranges for code in range(first, last + 1))

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        index = bisect_right(self._firsts, code) - 1
        return index >= 0 and code <= self.ranges[index][1]

    def __getitem__(self, index: int) -> str:
        """The character at a place in the order of code points."""
        for first, last in self.ranges:
            if index <= last - first:
                return chr(first + index)
            index -= last - first + 1
        raise IndexError(index)

    @cached_property
    def _firsts(self) -> list[int]:
        return [first for first, _ in self.ranges]


def union(charsets: Iterable[CharSet]) -> CharSet:
    """Unite sets."""
    some = [charset for charset in charsets if charset]
    if len(some) == 1:
        return some[0]
    return CharSet.from_ranges(found for charset in some for found in charset.ranges)


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for first, last in ranges:
        if current is None:
            current = (first, last)
        elif first <= current[1] + 1:
            current = (current[0], max(current[1], last))
        else:
            yield current
            current = (first, last)
    if current is not None:
        yield current


def _gaps(ranges: Ranges) -> Iterator[tuple[int, int]]:
    start = 0
    for first, last in ranges:
        if start < first:
            yield start, first - 1
        start = last + 1
    if start <= MAX_CODE_POINT:
        yield start, MAX_CODE_POINT


def _without_surrogates(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    low, high = _SURROGATES
    for first, last in ranges:
        if last < low or first > high:
            yield first, last
            continue
        if first < low:
            yield first, low - 1
        if last > high:
            yield high + 1, last


NONE: Final = CharSet(())
ANY: Final = ~NONE
