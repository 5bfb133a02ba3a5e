"""Part ranges of characters into pieces that every supported XGrammar compiles into the right UTF-8.

XGrammar 0.2.7 compiles two kinds of range wrongly. Of a range whose characters differ in length it takes
overlong forms (C0 80, E0 80 80, F0 80 80 80). Of a range that ends with a part of its last 4,096 characters
it forbids most of that part, and takes the bytes that lead to it: of U+0800 to U+D7FF it takes ED, and then
nothing. 0.2.8 is right, but for ranges of a ``Regex`` from shorter to longer characters.

Source: XGrammar 0.2.7 and 0.2.8, tried out in tests/unit/schema/test_utf8.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from .charset import CharSet, Ranges

_LENGTHENS = (0x80, 0x800, 0x10000)
"""The first characters of two, three and four bytes."""
_TWO_BYTES = 1 << 12
"""So many characters differ only in their last two bytes."""


def pieces(charset: CharSet) -> Iterator[tuple[int, int]]:
    r"""Part a set's ranges into such pieces.

    The characters of a piece have one length. They share all but two bytes, or the last of them is the last
    that shares all but two bytes with it.

    Example:
        >>> [f"{first:X}-{last:X}" for first, last in pieces(CharSet.span("a", "\ud7ff"))]
        ['61-7F', '80-7FF', '800-CFFF', 'D000-D7FF']
    """
    for first, last in charset.ranges:
        begun = (last + 1) // _TWO_BYTES * _TWO_BYTES
        starts = sorted({first, *(start for start in (*_LENGTHENS, begun) if first < start <= last)})
        ends = [start - 1 for start in starts[1:]]
        yield from zip(starts, [*ends, last], strict=True)


def pieces_apart(charset: CharSet) -> list[Ranges]:
    """Part a set into pieces, and these into one or two lists, so that none touches another of its list.

    XGrammar makes one range of those in a class of a ``Regex`` that touch.
    """
    apart: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for first, last in pieces(charset):
        touches = bool(apart[0]) and apart[0][-1][1] == first - 1
        apart[touches].append((first, last))
    return [tuple(part) for part in apart if part]
