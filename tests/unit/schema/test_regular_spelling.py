"""What is written for the engine against the engine itself, which reads the JSON spelling of each string."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, example, given, settings, strategies as st

from qwen_structured.schema.regular import Language, NotRegular, TooLarge

from .engine import Engine
from .patterns import patterns, texts_near

pytest.importorskip("xgrammar")


def of_rules(language: Language) -> Engine:
    return Engine("\n".join(f"{name} ::= {body}" for name, body in language.rules("root")))


AWKWARD = [
    *'"\\/\b\f\n\r\t\x00\x01\x0f\x1e\x1f \x7f\x85\xa0\u0301\u2028\ud7ff\ue000\uffff\U00010000😀\U0010ffff'
]
PUNCTUATION = [chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()]


@pytest.mark.parametrize("written", ["spelled", "rules"])
@pytest.mark.parametrize("character", AWKWARD + PUNCTUATION)
def test_each_character_is_spelled_alone_and_within_a_class(character: str, written: str) -> None:
    alone = Language.literals([character])
    within = Language.literals([character]) | Language.literals(["a", "z"]) & Language.lengths(1, 1)
    a_class = Language.of_pattern(f"^[a\\u{{{ord(character):x}}}]$")
    without = Language.of_pattern(f"^[^a\\u{{{ord(character):x}}}]$")
    for language in (alone, within, a_class, without):
        engine = Engine.of_regex(language.spelled()) if written == "spelled" else of_rules(language)
        for text in (character, "a", "z", "", character * 2, "u", "0", "n", "]", "^", "-"):
            assert engine.takes_text(text) == language.accepts(text)


@pytest.mark.parametrize("written", ["spelled", "rules"])
def test_other_spellings_and_broken_text_are_not_taken(written: str) -> None:
    language = Language.anything()
    engine = Engine.of_regex(language.spelled()) if written == "spelled" else of_rules(language)
    for spelling in [
        rb"\/",
        rb"\u0041",
        rb"\u001F",
        rb"\u000a",
        rb"\ud800",
        rb"\x41",
        b"\\",
        b'"',
        b"\n",
        b"\x1f",
    ]:
        assert not engine.takes(spelling)
    for not_utf8 in [
        b"\xed\xa0\x80",
        b"\xe0\x80\x80",
        b"\xf0\x80\x80\x80",
        b"\xc0\x80",
        b"\xf4\x90\x80\x80",
        b"\x80",
    ]:
        assert not engine.takes(not_utf8)
    assert engine.takes_text("".join(AWKWARD + PUNCTUATION))


CASES = [
    r"^INV-\d{4}$",
    r"^[0-9a-f]{8}-[0-9a-f]{4}$",
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    r"^(?=.*[a-z])(?=.*\d).{4,6}$",
    r"^((?!\n).)*$",
    r"^(1a*)?$",
    r"^a*(1b*)?$",
    r"^((1a*)?b)?$",
    r"^(a|ab)(c|bcd)?(d*)$",
    r"^$",
    r"^(|a)b$",
    r"[\x00-\x1f\"\\]",
    r"\bcat\b",
    r"^\p{L}+$",
    r"^[^\s\"]{0,3}$",
]


@pytest.mark.parametrize("pattern", CASES)
def test_a_pattern_is_enforced_as_it_is(pattern: str) -> None:
    language = Language.of_pattern(pattern)
    texts = [text for seed in range(5) for text in texts_near(language, random.Random(seed))]
    for engine in (Engine.of_regex(language.spelled()), of_rules(language)):
        assert [text for text in texts if engine.takes_text(text) != language.accepts(text)] == []


KINDS = st.sampled_from(["as it is", "and", "minus", "not", "lengths", "plus", "or"])


@given(patterns(), patterns(depth=1), KINDS, st.integers(0, 2**32))
@example(r"^1a*$", "^$", "or", 0)
@example(r"^(a*1)?b$", "a", "as it is", 0)
@settings(max_examples=120, deadline=None)
def test_a_language_is_enforced_as_it_is(one: str, two: str, kind: str, seed: int) -> None:
    try:
        language = made(one, two, kind)
        written = language.spelled()
        states = language.states()
    except (NotRegular, TooLarge, ValueError):
        assume(False)
    engines = [Engine.of_regex(written), *([of_rules(language)] if states < 40 else [])]
    for text in texts_near(language, random.Random(seed)):
        assert [engine.takes_text(text) for engine in engines] == [language.accepts(text)] * len(engines)


def made(one: str, two: str, kind: str) -> Language:
    left, right = Language.of_pattern(one), Language.of_pattern(two)
    match kind:
        case "and":
            return left & right
        case "minus":
            return left - right
        case "not":
            return ~left
        case "lengths":
            return left & Language.lengths(1, 5)
        case "plus":
            return left + Language.of_pattern(f"^(?:{two})$")
        case "or":
            return left | Language.literals(['a"\\', "\n", "é😀"])
        case _:
            return left
