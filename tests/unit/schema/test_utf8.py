"""Sets of characters as they are written, byte by byte against the engine: exactly UTF-8, and no dead end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from qwen_structured.schema import lower
from qwen_structured.schema.regular import Language
from qwen_structured.schema.regular.charset import ANY, CharSet
from qwen_structured.schema.regular.spelling import spelled
from qwen_structured.schema.regular.syntax import Chars
from qwen_structured.schema.regular.utf8 import pieces, pieces_apart

from .engine import END_OF_TEXT, Engine

LENGTHS = ((0, 0x7F), (0x80, 0x7FF), (0x800, 0xFFFF), (0x10000, 0x10FFFF))
SECOND_BYTES = {b"\xe0": (0xA0, 0xBF), b"\xed": (0x80, 0x9F), b"\xf0": (0x90, 0xBF), b"\xf4": (0x80, 0x8F)}
EDGES = (0x80, 0x800, 0x1000, 0xAC00, 0xD000, 0xD7A4, 0xD800, 0xE000, *range(0x10000, 0x110000, 0x10000))
PLAIN = CharSet.span("]", "\U0010ffff")  # all of them are spelled as they are
NOT_UTF8 = [
    *(b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf"),
    *(b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf7\xbf\xbf\xbf"),
    *(b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80", b"\x80", b"\xbf", b"\xfe", b"\xff"),
]


def code_points() -> st.SearchStrategy[int]:
    near_edges = st.builds(int.__add__, st.sampled_from(EDGES), st.integers(-2, 1))
    near_rows = st.builds(
        lambda width, row, by: width * row + by,
        st.sampled_from([0x40, 0x1000, 0x40000]),
        st.integers(0, 64),
        st.integers(-1, 1),
    )
    anywhere = st.integers(0x5D, 0x10FFFF)
    return st.one_of(near_edges, near_rows, anywhere).map(lambda code: min(max(code, 0x5D), 0x10FFFF))


def charsets() -> st.SearchStrategy[CharSet]:
    ranges = st.tuples(code_points(), code_points()).map(lambda ends: (min(ends), max(ends)))
    return st.lists(ranges, min_size=1, max_size=4).map(CharSet.from_ranges).filter(bool)


def next_bytes(charset: CharSet, prefix: bytes) -> list[int]:
    """What may follow some bytes of a character of a set, by the definition of UTF-8."""
    found: set[int] = set()
    for low, high in _ranges_of_one_length(charset):
        count = len(prefix)
        if not low[:count] <= prefix <= high[:count]:
            continue
        if count == len(low):
            found.add(END_OF_TEXT)
            continue
        least, most = SECOND_BYTES.get(prefix, (0x80, 0xBF))
        first = low[count] if prefix == low[:count] else least
        last = high[count] if prefix == high[:count] else most
        found.update(range(first, last + 1))
    return sorted(found)


def _ranges_of_one_length(charset: CharSet) -> Iterator[tuple[bytes, bytes]]:
    for first, last in charset.ranges:
        for shortest, longest in LENGTHS:
            if max(first, shortest) <= min(last, longest):
                yield chr(max(first, shortest)).encode(), chr(min(last, longest)).encode()


def differences(engine: Engine, charset: CharSet, choose: random.Random) -> list[Any]:
    """Where the engine's masks differ from UTF-8's, along the first and last and some other bytes."""
    found: list[Any] = []
    to_do = [b""]
    while to_do:
        prefix = to_do.pop()
        allowed, right = engine.allowed_after(prefix), next_bytes(charset, prefix)
        if allowed != right:
            found.append((prefix, sorted(set(allowed) ^ set(right))))
            continue
        some = {*right[:2], *right[-2:], *choose.sample(right, min(len(right), 3))} - {END_OF_TEXT}
        to_do += [prefix + bytes([byte]) for byte in some]
    return found


def one_character(charset: CharSet) -> Language:
    inside = "".join(f"\\u{{{first:x}}}-\\u{{{last:x}}}" for first, last in charset.ranges)
    return Language.of_pattern(f"^[{inside}]$")


@given(charsets(), st.integers(0, 2**32))
@example(PLAIN, 0)
@example(CharSet.span("가", "힣"), 0)
@example(CharSet.span("\u0400", "\u1000"), 0)
@example(CharSet.span("\U00010fff", "\U000130ff"), 0)
@settings(max_examples=100, deadline=None)
def test_a_set_is_written_as_exactly_its_utf8(charset: CharSet, seed: int) -> None:
    language = one_character(charset)
    written = [f"{name} ::= {body}" for name, body in language.rules("root")]
    for engine in (Engine.of_regex(spelled(Chars(charset))), Engine("\n".join(written))):
        assert differences(engine, charset, random.Random(seed)) == []


@given(charsets())
def test_pieces_are_the_set_and_those_of_a_class_do_not_touch(charset: CharSet) -> None:
    assert CharSet.from_ranges(pieces(charset)) == charset
    assert sorted(piece for ranges in pieces_apart(charset) for piece in ranges) == list(pieces(charset))
    for ranges in pieces_apart(charset):
        assert all(after[0] > before[1] + 1 for before, after in pairwise(ranges))


TEXTS = [
    "한",
    "힣",
    "가나다",
    "\ud7ff\ue000",
    "\u07ff\u0800",
    "\uffff\U00010000",
    "😀🇰🇷",
    "\U0010ffff",
    "é你",
]
SCHEMAS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"type": "string"}, ""),
    ({"type": "string", "minLength": 2}, "ab"),
    ({"type": "string", "maxLength": 4}, ""),
    ({"type": "string", "maxLength": 9}, ""),
    ({"type": "string", "minLength": 3, "maxLength": 12}, "abc"),
    ({"type": "string", "maxLength": 300}, ""),
    ({"type": "string", "pattern": "^a"}, "a"),
    ({"type": "string", "pattern": "^[^b]*$"}, ""),
    ({"type": "string", "pattern": "^a(?!b)"}, "a"),
    ({"type": "string", "pattern": "^a", "maxLength": 9}, "a"),
    ({"type": "string", "not": {"enum": ["x", "한국"]}}, ""),
    ({"type": "string", "format": "json-pointer"}, "/"),
    ({"type": "string", "format": "regex"}, "x"),
]


@pytest.mark.parametrize(("schema", "start"), SCHEMAS, ids=repr)
def test_strings_take_every_character_and_no_broken_one(schema: dict[str, Any], start: str) -> None:
    engine = Engine(lower(schema).grammar)
    for text in TEXTS:
        assert engine.takes(f'"{start}{text}"'.encode())
        assert engine.takes_within_masks(f'"{start}{text}"'.encode())
    for broken in NOT_UTF8:
        assert not engine.takes(f'"{start}'.encode() + broken + b'"')


@pytest.mark.parametrize("text", TEXTS)
def test_words_and_keys_are_taken_as_they_are(text: str) -> None:
    words = Engine(lower({"enum": [text, text + "x", "other"]}).grammar)
    keys = Engine(lower({"type": "object", "properties": {text: {"const": 1}}, "required": [text]}).grammar)
    others = Engine(lower({"properties": {"a": {}}, "additionalProperties": {"const": 1}}).grammar)
    assert words.takes_within_masks(f'"{text}"'.encode())
    assert keys.takes_within_masks(f'{{"{text}":1}}'.encode())
    assert others.takes_within_masks(f'{{"{text}":1}}'.encode())


def test_a_pattern_of_korean_is_enforced() -> None:
    engine = Engine(lower({"type": "string", "pattern": "^[가-힣]{1,3}$"}).grammar)
    assert all(engine.takes_within_masks(f'"{text}"'.encode()) for text in ("한국어", "힣", "가"))
    assert not any(engine.takes(f'"{text}"'.encode()) for text in ("", "a", "ㄱ", "\ud7a4"))


def test_all_characters_are_written_with_few_ranges() -> None:
    assert len(list(pieces(ANY))) == 6
