"""Divide the code points into classes that an automaton need not tell apart."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from .charset import MAX_CODE_POINT, CharSet

_SURROGATE = -1
_FIRST_SURROGATE, _AFTER_SURROGATES = 0xD800, 0xE000
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Alphabet:
    """Classes of code points, numbered from 0; each character is in one of them.

    Attributes:
        starts: first code point of each interval, the first of them 0.
        classes: number of the class that each interval belongs to; -1 for the surrogates.
        size: how many classes there are.
    """

    starts: tuple[int, ...]
    classes: tuple[int, ...]
    size: int

    @classmethod
    def telling_apart(cls, charsets: Sequence[CharSet]) -> tuple[Alphabet, list[list[int]]]:
        """Make the coarsest alphabet of which each set is a union of classes.

        Returns:
            The alphabet, and for each set the numbers of its classes.
        """
        toggles: dict[int, int] = defaultdict(int)
        for index, charset in enumerate(charsets):
            for first, last in charset.ranges:
                toggles[first] ^= 1 << index
                toggles[last + 1] ^= 1 << index
        surrogates = 1 << len(charsets)
        for edge in (_FIRST_SURROGATE, _AFTER_SURROGATES):
            toggles[edge] ^= surrogates
        mask, intervals = 0, list[tuple[int, int | None]]()
        for start in sorted({0, *toggles} - {MAX_CODE_POINT + 1}):
            mask ^= toggles.get(start, 0)
            intervals.append((start, None if mask & surrogates else mask))
        alphabet, masks = _numbered(intervals)
        classes: list[list[int]] = [[] for _ in charsets]
        for number, mask in enumerate(masks):
            for index in _bits(mask):
                classes[index].append(number)
        return alphabet, classes

    def refined(self, other: Alphabet) -> tuple[Alphabet, list[tuple[int, int]]]:
        """Make the coarsest alphabet that tells apart what either of two does.

        Returns:
            The alphabet, and for each of its classes those that it belongs to in this one and in the other.
        """
        intervals = list[tuple[int, tuple[int, int] | None]]()
        for start in sorted({*self.starts, *other.starts}):
            pair = (self.class_at(start), other.class_at(start))
            intervals.append((start, None if _SURROGATE in pair else pair))
        return _numbered(intervals)

    def merged(self, keys: Sequence[int]) -> tuple[Alphabet, list[int]]:
        """Make one class of those that have the same key.

        Returns:
            The alphabet, and the key of each of its classes.
        """
        return _numbered(
            (start, None if number == _SURROGATE else keys[number])
            for start, number in zip(self.starts, self.classes, strict=True)
        )

    def class_at(self, code_point: int) -> int:
        """Number of the class of a code point; -1 for a surrogate."""
        return self.classes[bisect_right(self.starts, code_point) - 1]

    @cached_property
    def charsets(self) -> list[CharSet]:
        """The characters of each class."""
        ranges: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        ends = (*self.starts[1:], MAX_CODE_POINT + 1)
        for start, end, number in zip(self.starts, ends, self.classes, strict=True):
            if number != _SURROGATE:
                ranges[number].append((start, end - 1))
        return [CharSet.from_ranges(found) for found in ranges]


def _numbered(intervals: Iterable[tuple[int, _Key | None]]) -> tuple[Alphabet, list[_Key]]:
    """Number the keys in order of appearance; None marks the surrogates."""
    numbers: dict[_Key, int] = {}
    starts, classes = list[int](), list[int]()
    for start, key in intervals:
        number = _SURROGATE if key is None else numbers.setdefault(key, len(numbers))
        if not classes or classes[-1] != number:
            starts.append(start)
            classes.append(number)
    return Alphabet(tuple(starts), tuple(classes), len(numbers)), list(numbers)


def _bits(mask: int) -> Iterable[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
