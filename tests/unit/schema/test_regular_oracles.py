"""Patterns against those who read them: Python's re, jsonschema-rs for ECMAScript, Pydantic for Rust."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import Annotated

import jsonschema_rs
import pytest
from hypothesis import assume, example, given, settings, strategies as st
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from qwen_structured.schema.regular import Language, NotRegular, TooLarge
from qwen_structured.schema.regular.parser import Dialect

from .patterns import LETTERS, patterns, texts_near

SEEDS = st.integers(0, 2**32)
thorough = settings(max_examples=150, deadline=None)


def language_of(pattern: str, dialect: Dialect = "ecma") -> Language:
    try:
        return Language.of_pattern(pattern, dialect=dialect)
    except TooLarge:
        assume(False)
    except NotRegular as error:
        assume("lookbehind" not in str(error))
        raise
    raise AssertionError


def disagreements(
    language: Language, seed: int, matches: Callable[[str], bool], ignored: str = ""
) -> list[str]:
    texts = texts_near(language, random.Random(seed))
    return [t for t in texts if not set(t) & set(ignored) and language.accepts(t) != matches(t)]


def python_agrees(language: Language, pattern: str, text: str) -> bool:
    try:
        found = re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None
    except re.error:
        return False
    return found == language.accepts(text)


@given(patterns(space=False), SEEDS)
@example("a^b", 0)
@example("(?:^|,)a(?:,|$)", 0)
@example("(^a|b)$|c", 0)
@example(r"^((?!ab).)*$", 0)
@example(r"^(?=.*\d)(?=.*[a-c]).{2,3}$", 0)
@example(r"(?<!a)b(?!c)", 0)
@example(r"(?:a(?=b)|b(?<=ab))+$", 0)
@example(r"\b\b1\B_", 0)
@thorough
def test_a_pattern_is_found_where_python_finds_it(pattern: str, seed: int) -> None:
    try:
        compiled = re.compile(pattern.replace("$", r"\Z"), re.ASCII)
    except re.error:  # a lookbehind of variable width
        assume(False)
    # A dot of Python's matches these, and no \B is in an empty text before Python 3.14.
    ignored = "\r\u2028\u2029"
    language = language_of(pattern)
    found = disagreements(language, seed, lambda text: compiled.search(text) is not None, ignored)
    assert [text for text in found if text or r"\B" not in pattern] == []


# Where jsonschema-rs 0.60 is not ECMAScript, it is left out: its \b is Unicode's, beside lookarounds its \w
# is too and a dot matches line terminators, and it finds a+a*a+ in "a".
@given(patterns(word_edges=False, looks=False), SEEDS)
@example("^(?=a)[a-c]+(?!b)1(?<![^c]1)", 0)
@example(r"\p{Lu}\P{L}[\p{Nd}x]", 0)
@example(r"^\u0041\x42\cJ\u{43}[\u{1F600}-\u{1F64F}]?$", 0)
@example(r"^[\w\-]+@[^\s@]+$", 0)
@example("^(?<year>[0-9]{4})$", 0)
@thorough
def test_a_pattern_is_found_where_json_schema_finds_it(pattern: str, seed: int) -> None:
    is_valid = jsonschema_rs.validator_for({"pattern": pattern}).is_valid
    language = language_of(pattern)
    found = disagreements(language, seed, is_valid, "\r\u2028\u2029")
    assert [text for text in found if not python_agrees(language, pattern, text)] == []


def pydantic_match(pattern: str) -> Callable[[str], bool]:
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=pattern)])

    def matches(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return matches


FLAGS = st.sampled_from(["", "(?i)", "(?s)", "(?m)", "(?im)", "(?-u:a)?"])


@given(patterns(looks=False), FLAGS, SEEDS)
@example(r"[[:alpha:]&&[^a-y]]|[\w--\d]x|[a-c~~b-d]+$", "", 0)
@example(r"\A[]a]\z", "", 0)
@example("a b # comment\n [ c ]", "(?x)", 0)
@example(r"(?i:a)b(?i)c|k", "", 0)
@example(r"(?i)ß|\u{1E9E}ſk[^a]", "", 0)
@example(r"\pL\P{gc=Lu}\p{Uppercase_Letter}?", "", 0)
@example(r"\b{start}a\b{end}.\b{start-half}1", "", 0)
@example(r"[^\n&&\S]{3}", "", 0)
@example(r"[a-\x63][\x{31}][\-\]]", "", 0)
@example("a**b{2}{2}", "", 0)
@thorough
def test_a_pattern_is_found_where_pydantic_finds_it(pattern: str, flags: str, seed: int) -> None:
    matches = pydantic_match(flags + pattern)
    found = disagreements(language_of(flags + pattern, "rust"), seed, matches)
    assert [
        text for text in found if "Cn" not in map(unicodedata.category, text)
    ] == []  # newer than Python's


@pytest.mark.parametrize(
    "escape", [r"\w", r"\W", r"\d", r"\s", r"\p{Lu}", r"\p{P}", r"(?i)[k-s]", r"(?i)ǆ|σ|ẞ"]
)
def test_a_class_has_the_characters_that_pydantic_gives_it(escape: str) -> None:
    matches, language = (
        pydantic_match(f"^(?:{escape})$"),
        Language.of_pattern(f"^(?:{escape})$", dialect="rust"),
    )
    codes = [*range(0x3000), *range(0xA000, 0xD800, 7), *range(0xFB00, 0x10600), *range(0x1F100, 0x1F200)]
    known = [chr(code) for code in codes if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    different = [f"{ord(one):04X}" for one in known if matches(one) != language.accepts(one)]
    assert different == []


@pytest.mark.parametrize(
    "pattern",
    [r"(?=a)", r"(?<!a)", r"(a)\1", r"\q", "[a", "a)", "(", "*", "a{", "a{2,1}", r"\p{No such}", "[z-a]"],
)
def test_what_pydantic_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(SchemaError):
        pydantic_match(pattern)
    with pytest.raises(NotRegular):
        Language.of_pattern(pattern, dialect="rust")


@given(patterns(), patterns(), st.lists(st.text(LETTERS, max_size=3), max_size=3), SEEDS)
@settings(max_examples=80, deadline=None)
def test_operations_are_those_of_sets(one: str, two: str, words: list[str], seed: int) -> None:
    left, right = language_of(one), language_of(two) | Language.literals(words)
    choose = random.Random(seed)
    texts = [*texts_near(left, choose), *texts_near(right, choose), *words]
    try:
        both, either, only, neither = left & right, left | right, left - right, ~left
    except TooLarge:
        assume(False)
    for text in texts:
        in_left, in_right = left.accepts(text), right.accepts(text)
        assert both.accepts(text) == (in_left and in_right)
        assert either.accepts(text) == (in_left or in_right)
        assert only.accepts(text) == (in_left and not in_right)
        assert neither.accepts(text) == (not in_left)


@given(patterns(), st.integers(0, 4), st.integers(0, 4), SEEDS)
@settings(max_examples=80, deadline=None)
def test_lengths_restrict_a_pattern(pattern: str, low: int, more: int, seed: int) -> None:
    language = language_of(pattern)
    try:
        restricted = language & Language.lengths(low, low + more)
    except TooLarge:
        assume(False)
    for text in texts_near(language, random.Random(seed)):
        assert restricted.accepts(text) == (language.accepts(text) and low <= len(text) <= low + more)
    if not restricted.is_empty():
        least, most = restricted.length_bounds()
        assert low <= least == len(restricted.shortest() or "")
        assert most is not None
        assert most <= low + more
