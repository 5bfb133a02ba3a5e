r"""Classes of characters by Unicode property, and simple case folding.

The tables are those of the running Python (`unicodedata.unidata_version`): a code point that a later Unicode
assigns counts as unassigned here.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import lru_cache
from itertools import groupby
from typing import Final

from .charset import ANY, NONE, CharSet, union

ASCII_DIGIT: Final = CharSet.span("0", "9")
ASCII_LETTER: Final = CharSet.span("a", "z") | CharSet.span("A", "Z")
ASCII_WORD: Final = ASCII_LETTER | ASCII_DIGIT | CharSet.of("_")
ASCII_SPACE: Final = CharSet.of("\t\n\v\f\r ")
UNICODE_SPACE: Final = (
    ASCII_SPACE
    | CharSet.of("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000")
    | CharSet.span("\u2000", "\u200a")
)
r"""White_Space, the \s of Rust. Source: PropList.txt, Unicode 16."""
ECMA_SPACE: Final = (UNICODE_SPACE - CharSet.of("\x85")) | CharSet.of("\ufeff")
r"""WhiteSpace and LineTerminator, the \s of ECMAScript. Source: ECMA-262, 2024, 12.2 and 12.3."""

_ASCII_CLASSES: Final = {
    "alnum": ASCII_LETTER | ASCII_DIGIT,
    "alpha": ASCII_LETTER,
    "ascii": CharSet.span("\0", "\x7f"),
    "blank": CharSet.of("\t "),
    "cntrl": CharSet.span("\0", "\x1f") | CharSet.of("\x7f"),
    "digit": ASCII_DIGIT,
    "graph": CharSet.span("!", "~"),
    "lower": CharSet.span("a", "z"),
    "print": CharSet.span(" ", "~"),
    "punct": CharSet.span("!", "~") - (ASCII_LETTER | ASCII_DIGIT),
    "space": ASCII_SPACE,
    "upper": CharSet.span("A", "Z"),
    "word": ASCII_WORD,
    "xdigit": ASCII_DIGIT | CharSet.span("a", "f") | CharSet.span("A", "F"),
}

# Long names and groups of general categories. Source: PropertyValueAliases.txt, Unicode 16.
_CATEGORY_NAMES: Final[dict[str, str]] = {
    pair.partition("=")[0]: pair.partition("=")[2]
    for pair in """
    other=C control=Cc cntrl=Cc format=Cf unassigned=Cn privateuse=Co surrogate=Cs letter=L casedletter=LC
    lowercaseletter=Ll modifierletter=Lm otherletter=Lo titlecaseletter=Lt uppercaseletter=Lu mark=M
    combiningmark=M spacingmark=Mc enclosingmark=Me nonspacingmark=Mn number=N decimalnumber=Nd digit=Nd
    letternumber=Nl othernumber=No punctuation=P punct=P connectorpunctuation=Pc dashpunctuation=Pd
    closepunctuation=Pe finalpunctuation=Pf initialpunctuation=Pi otherpunctuation=Po openpunctuation=Ps
    symbol=S currencysymbol=Sc modifiersymbol=Sk mathsymbol=Sm othersymbol=So separator=Z lineseparator=Zl
    paragraphseparator=Zp spaceseparator=Zs
    """.split()
}
# The planes between hold nothing but unassigned code points; the last two are private use.
_SCANNED: Final = (range(0x40000), range(0xE0000, 0x110000))


def posix_class(name: str) -> CharSet | None:
    """The ASCII class of ``[[:name:]]``; None if there is none of that name."""
    return _ASCII_CLASSES.get(name)


@lru_cache(maxsize=256)
def named(name: str) -> CharSet | None:
    r"""The class of ``\p{name}``: a general category or one of the most used binary properties.

    Names are matched loosely, as Unicode says (UAX 44, UAX44-LM3). Scripts are not among Python's tables.

    Returns:
        None if the property is not known.
    """
    loose = name.lower().replace("_", "").replace(" ", "").replace("-", "")
    for prefix in ("gc=", "generalcategory="):
        if loose.startswith(prefix):
            return category(_CATEGORY_NAMES.get(loose[len(prefix) :], loose[len(prefix) :].capitalize()))
    if loose == "lc":
        return category("LC")
    binary = _binary_property(loose)
    return binary if binary is not None else category(_CATEGORY_NAMES.get(loose, loose.capitalize()))


def category(name: str) -> CharSet | None:
    """The code points of a general category (``Lu``) or of a group of them (``L``); None if not known."""
    if name == "LC":
        return _union("Lu", "Ll", "Lt")
    if name == "Cs":
        return NONE
    found = [charset for key, charset in _categories().items() if key.startswith(name)]
    return union(found) if name and found else None


@lru_cache(maxsize=1)
def unicode_word() -> CharSet:
    r"""The ``\w`` of Rust: Alphabetic, marks, decimal digits, connectors and joiners.

    Source: UTS 18, annex C. Python has no table of Other_Alphabetic; beyond marks, it is the circled and
    squared letters.
    """
    enclosed = CharSet.from_ranges(
        [(0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]
    )
    return _union("L", "M", "Nd", "Nl", "Pc") | CharSet.of("\u200c\u200d") | enclosed


def unicode_digit() -> CharSet:
    r"""The ``\d`` of Rust: decimal digits of every script."""
    return _union("Nd")


@lru_cache(maxsize=256)
def fold(charset: CharSet) -> CharSet:
    """Add each character that differs from one of the set only in case (simple case folding)."""
    orbits = _orbits()
    cased = charset if len(charset) < len(orbits) else map(chr, orbits)
    added = {code for character in cased if character in charset for code in orbits.get(ord(character), ())}
    return charset | CharSet.from_ranges((code, code) for code in added)


def _binary_property(loose: str) -> CharSet | None:
    match loose:
        case "any":
            return ANY
        case "assigned":
            unassigned = category("Cn")
            return ANY - unassigned if unassigned else None
        case "ascii":
            return _ASCII_CLASSES["ascii"]
        case "whitespace" | "wspace" | "space":
            return UNICODE_SPACE
        case "asciihexdigit" | "ahex":
            return _ASCII_CLASSES["xdigit"]
        case _:
            return None


def _union(*names: str) -> CharSet:
    return union(charset for charset in map(category, names) if charset)


@lru_cache(maxsize=1)
def _categories() -> dict[str, CharSet]:
    ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
    ranges["Cn"].append((_SCANNED[0].stop, _SCANNED[1].start - 1))
    for codes in _SCANNED:
        first = codes.start
        for name, run in groupby(map(unicodedata.category, map(chr, codes))):
            after = first + sum(1 for _ in run)
            ranges[name].append((first, after - 1))
            first = after
    return {name: CharSet.from_ranges(found) for name, found in ranges.items()}


@lru_cache(maxsize=1)
def _orbits() -> dict[int, tuple[int, ...]]:
    """The code points that fold to the same one, for each that has company."""
    groups: dict[str, list[int]] = defaultdict(list)
    for code in range(0x20000):
        groups[_simple_fold(chr(code))].append(code)
    return {code: tuple(group) for group in groups.values() if len(group) > 1 for code in group}


# Simple foldings of characters whose full folding has several. Source: CaseFolding.txt, Unicode 16, status S.
_SPECIAL_FOLDS: Final = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb05": "\ufb06"}


def _simple_fold(character: str) -> str:
    full = character.casefold()
    if len(full) == 1:
        return full
    lower = character.lower()
    return _SPECIAL_FOLDS.get(character, lower if len(lower) == 1 else character)
