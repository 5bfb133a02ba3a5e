"""Regular languages: what patterns mean, what operations give, and where the limits are."""

from __future__ import annotations

import random
from typing import Any

import pytest

from qwen_structured.schema.regular import Language, NotRegular, TooLarge

of = Language.of_pattern
lengths = Language.lengths
words = Language.literals


@pytest.mark.parametrize(
    ("pattern", "members", "others"),
    [
        (r"^INV-\d{4}$", ["INV-0042"], ["INV-42", "xINV-0042", "INV-00421", "INV-0042\n", "INV-٠٠٤٢"]),
        ("[0-9]+", ["7", "a7b", "\n7\n"], ["", "abc"]),
        ("^a|b$", ["a", "ax", "xb", "b"], ["xa", "bx", ""]),
        ("^(a|b)$", ["a", "b"], ["ax", "xb"]),
        ("(^|,)a(,|$)", ["a", "x,a", "a,x", "x,a,y"], ["xa", "ax", ""]),
        ("^^a$$", ["a"], ["aa", ""]),
        ("a^b", [], ["ab", "a^b"]),
        ("$^", [""], ["a"]),
        ("^.$", ["a", "é", "😀", "\x85"], ["", "ab", "\n", "\r", "\u2028", "\u2029"]),
        (r"^\s$", [" ", "\ufeff", "\u2028", "\xa0"], ["", "a", "\x85", "\u200b"]),
        (r"^\w$", ["a", "_", "0"], ["é", "-"]),
        (r"\bcat\b", ["cat", "a cat!", "écaté"], ["cats", "concat"]),
        (r"^\Bx", [], ["x"]),
        (r"a\B", ["ab"], ["a", "a b"]),
        (r"^(?!admin$)[a-z]+$", ["adm", "admins"], ["admin", ""]),
        (r"^((?!ab).)*$", ["", "a", "ba", "aab"[:2]], ["ab", "xaby"]),
        (r"^(?=.*\d)(?=.*[a-z]).{3}$", ["1a!", "a!1"], ["abc", "123", "a1"]),
        (r"^(?=a(?!bc))[a-c]+$", ["a", "ab", "abb", "abac"], ["abc", "abca", "b"]),
        (r"^(?=(?:ab$)|c)[a-c]+$", ["ab", "c", "ca"], ["aba", "a"]),
        (r"^(a{2}){1,3}$", ["aa", "aaaa"], ["a", "aaa"]),
        (r"^(a{2,}){0,1}(b{3,4}){2}$", ["bbbbbb", "aabbbbbbb"], ["abbbbbb", "bbbbb", "b" * 9]),
        (r"(?<!\$)\b\d+$", ["12", "x 12"], ["$12", "x12"]),
        (r"(?<=^a)b", ["ab"], ["b", "xab"]),
        (r"^\p{Lu}\p{Ll}*$", ["É", "Éa"], ["é", "A1"]),
        (r"^[^\p{L}]$", ["1"], ["a", "ж"]),
        (r"^\u{1F600}\uD83D\uDE00$", ["😀😀"], ["😀"]),
        (r"^[\b\cJ\x41\u0042\0]$", ["\b", "\n", "A", "B", "\0"], ["b", "J"]),
        (r"^[\w-.]$", ["-", ".", "a"], [" "]),
        (r"^[]$", [], ["", "]"]),
        (r"^[^]$", ["\n"], [""]),
        (r"^{a}$", ["{a}"], ["a"]),
        ("^(?<year>[0-9]{2})(?:x)$", ["20x"], ["20"]),
        ("^a{2,3}?b*?$", ["aa", "aaabb"], ["a"]),
        ("^(?i:straSSe)$", ["STRASSE", "ſtrasse"], ["straße"]),
        ("", ["", "x"], ["\ud800"]),
    ],
)
def test_a_json_schema_pattern_means_what_ecmascript_says(
    pattern: str, members: list[str], others: list[str]
) -> None:
    language = of(pattern)
    assert [text for text in members if not language.accepts(text)] == []
    assert [text for text in others if language.accepts(text)] == []


@pytest.mark.parametrize(
    ("pattern", "members", "others"),
    [
        (r"^\d\w$", ["1a", "٣é"], ["a1"]),
        (r"(?-u)^\d\w$", ["1a"], ["٣é", "1é"]),
        (r"^.$", ["\r", "\u2028"], ["\n", ""]),
        (r"(?s)^.$", ["\n"], [""]),
        (r"(?m)^a$", ["a", "x\na\ny"], ["xa"]),
        (r"(?i)^k$", ["k", "K", "\u212a"], ["x"]),
        (r"(?x)^ a b # c", ["ab"], ["a b"]),
        (r"^[[:upper:]&&[^A-C]]$", ["D"], ["A", "d"]),
        (r"^[a-z--[b-y]]$", ["a", "z"], ["b"]),
        (r"^[a-c~~b-d]$", ["a", "d"], ["b", "c"]),
        (r"^[]a]$", ["]", "a"], [""]),
        (r"\Aa\z", ["a"], ["a\n", "ba"]),
        (r"^\x{1F600}\U0001F600$", ["😀😀"], ["😀"]),
    ],
)
def test_a_pydantic_pattern_means_what_rust_says(pattern: str, members: list[str], others: list[str]) -> None:
    language = of(pattern, dialect="rust")
    assert [text for text in members if not language.accepts(text)] == []
    assert [text for text in others if language.accepts(text)] == []


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        (r"(a)\1", r"a backreference"),
        (r"(?<x>a)\k<x>", r"a backreference"),
        (r"(?<=a(?=b))", "within a lookbehind"),
        (r"\p{Script=Greek}", "a property"),
        (r"\q", "an escape"),
        ("(a", "a group that does not end"),
        ("a)", "a parenthesis"),
        ("*a", "nothing to repeat"),
        ("[z-a]", "the wrong way round"),
        ("[a", "a class that does not end"),
        ("a{3,2}", "the wrong way round"),
        ("(?>a)", "a group of an unknown kind"),
        ("a\\", "an escape that does not end"),
    ],
)
def test_what_cannot_be_expressed_is_named(pattern: str, part: str) -> None:
    with pytest.raises(NotRegular, match=part):
        of(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{1000}){1000}",
        "a{200000}",
        "((((((a{9}){9}){9}){9}){9}){9}){9}",
        "(?:" * 200 + ")" * 200,
        "a" * 10_001,
        "^(?=.*a.{50}).*b.{50}$",
        "(?=a{0,5000}b)a{0,5000}",
        "(?!" * 90 + "a{50}" * 9 + ")" * 90 + "x{90000}{9}",
    ],
)
def test_a_hostile_pattern_is_too_large(pattern: str) -> None:
    with pytest.raises(TooLarge, match=r"more than|longer than"):
        of(pattern)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [("^.*a.{200}$", "b"), ("(a|aa)*b{500}[^c]{0,300}", "ab"), (r"\p{L}{500}", "a.{99}b")],
)
def test_a_hostile_intersection_is_too_large(pattern: str, other: str) -> None:
    with pytest.raises(TooLarge, match=r"states|steps"):
        of(pattern) & of(other)


def test_an_expression_with_too_many_copies_is_not_spelled() -> None:
    with pytest.raises(TooLarge, match="10,000"):
        of("^([a-z]{150}x){100}$").spelled()


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        (of(r"^INV-\d{4}$"), "INV-[0-9]{4}"),
        (of("^[a-z]*$") & lengths(2, 9), "[a-z]{2,9}"),
        (of("^[A-Z]{3}-[0-9]+$") & lengths(0, 64), "[A-Z]{3}-[0-9]{1,60}"),
        (of("^[0-9]{4}$") & lengths(1, 20), "[0-9]{4}"),
        (of("^[a-c]$") - words(["b"]), "[ac]"),
        (of("^(ab)?$"), "(ab){0,1}"),
        (of("^a?$"), "a{0,1}"),
        (of("^(?:a|b|[cd])$"), "[a-d]"),
        (of("^((a*)*|)*$"), "a*"),
        (words(["a.b", 'say "hi"\n', "\x1f"]), r'a\.b|say \\"hi\\"\\n|\\u001f'),
        (words(["yes"]) + of("^[!]$"), "yes!"),
        (of(r"^[\x00-\x02\n\"]$"), r'\\(["n]|u000[0-2])'),
        (of("^[^ -\uffff]$") & of("^[\U00010000-\U0010ffff]$"), r"[\u{10000}-\u{10FFFF}]"),
        (words(["a" * 3]) | words(["b"]), "aaa|b"),
    ],
    ids=repr,
)
def test_the_short_form_is_kept(language: Language, spelled: str) -> None:
    assert language.spelled() == spelled


def test_rules_are_right_linear() -> None:
    assert of('^[ab]x*"$').rules("s", "END") == [
        ("s", "[a-b] s_2"),
        ("s_2", 'Regex("x*") ("\\\\" [\\u0022] s_3)'),
        ("s_3", "END"),
    ]


@pytest.mark.parametrize(
    ("language", "values"),
    [
        (words(["b", "a", "b"]), ["b", "a"]),
        (of("^(b|a|ab?)$"), ["a", "b", "ab"]),
        (of("^[a-c]$") - words(["b"]), ["a", "c"]),
        (of("^a*$") & lengths(0, 2), ["", "a", "aa"]),
        (words(["a", "bb", "\ud800"]) & of("^.$"), ["a"]),
        (words(["a", "b"]) - of("a"), ["b"]),
        (of("a^"), []),
        (of("^a*$"), None),
        (of("^[a-z]{2}$"), None),
    ],
    ids=repr,
)
def test_values_are_all_in_a_stable_order(language: Language, values: list[str] | None) -> None:
    assert language.values(4) == values


@pytest.mark.parametrize(
    ("language", "bounds"),
    [
        (of("^a{2,3}b?$"), (2, 4)),
        (of("a"), (1, None)),
        (lengths(3, 5), (3, 5)),
        (words(["a", "abc"]), (1, 3)),
        (~of("^.{0,2}$") & lengths(0, 7), (1, 7)),
        (of("^(?=.*b)[ab]{2,4}$"), (2, 4)),
    ],
    ids=repr,
)
def test_lengths_are_counted_in_characters(language: Language, bounds: tuple[int, int | None]) -> None:
    assert language.length_bounds() == bounds
    shortest = language.shortest()
    assert shortest is not None
    assert len(shortest) == bounds[0]
    assert language.accepts(shortest)


@pytest.mark.parametrize(
    "language",
    [
        of("^a$") & of("^b$"),
        of("a") - of("a"),
        ~Language.anything(),
        lengths(3, 2),
        words([]),
        of("^[]"),
        of("x(?!)"),
    ],
    ids=repr,
)
def test_an_empty_language_says_so(language: Language) -> None:
    assert language.is_empty()
    assert language.shortest() is None
    assert language.values(1) == []
    assert language.samples(random.Random(0), 3) == []
    for question in (language.spelled, language.length_bounds, lambda: language.rules("s")):
        with pytest.raises(ValueError, match="empty"):
            question()


@pytest.mark.parametrize("language", [of("^a*$"), of("a") | ~of("b"), words(["a"]), lengths(0, 1)], ids=repr)
def test_a_language_that_has_a_string_is_not_empty(language: Language) -> None:
    assert not language.is_empty()


@pytest.mark.parametrize(
    "language",
    [of(r'["\\\n]'), ~of("^[a-z]*$"), of(r"^(?=.*\d).{3,5}$"), words(["x", "é"]), of("^(ab|c){2}$")],
    ids=repr,
)
def test_samples_are_members_and_differ(language: Language) -> None:
    samples = language.samples(random.Random(1), 50)
    assert [text for text in samples if not language.accepts(text)] == []
    assert len(set(samples)) > 1
    assert samples == language.samples(random.Random(1), 50)


def test_a_repetition_of_one_set_is_recognised() -> None:
    repetition = of("^[a-f]{2,300}$").repetition()
    assert repetition is not None
    assert (repetition.low, repetition.high, repetition.unit.spelled()) == (2, 300, "[a-f]")
    assert of("^[a-f]x*$").repetition() is None
    assert (of("^[a-z]+(-[a-z]+)*$") & lengths(3, 64)).repetition() is None


def test_concatenation_and_repetition_take_words_and_automata() -> None:
    language = words(["ab", "b"]) + (of("^[a-c]$") - words(["c"])).repeated(1, 2)
    assert sorted(language.values(99) or []) == sorted(
        {one + two + three for one in ("ab", "b") for two in "ab" for three in ("", "a", "b")}
    )


def test_many_literals_are_cheap() -> None:
    many = words(f"value-{number}" for number in range(3000))
    assert len((many & of("7$")).values(3000) or []) == 300
    assert len((many - of("7$")).values(3000) or []) == 2700
    assert (of("^value-[0-9]{2}$") & many).values(100) == [f"value-{number}" for number in range(10, 100)]


def test_a_long_text_is_read_to_its_end() -> None:
    language = of(r"^(?=.*b)((?!cc).)*$")
    assert language.accepts("ac" * 20_000 + "b")
    assert not language.accepts("ac" * 20_000 + "cb")


@pytest.mark.parametrize("ignore_case", [True, False])
def test_case_can_be_ignored(ignore_case: bool) -> None:
    assert of("^[a-c]x$", ignore_case=ignore_case).accepts("BX") is ignore_case


@pytest.mark.parametrize(
    ("same", "other"), [("^a+$", "^aa*$"), ("^(a|ab)(c|bc)$", "^(ac|abc|abbc)$"), ("(?!)", "a^")]
)
def test_equal_languages_have_equal_rules(same: str, other: str) -> None:
    def rules(pattern: str) -> Any:
        language = of(pattern) & of("^[^]*$")
        return None if language.is_empty() else language.rules("s")

    assert rules(same) == rules(other)
