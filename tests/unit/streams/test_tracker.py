"""The parts of a text that comes in pieces: the same ones, whatever the pieces, and linear work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from qwen_structured.streams import lexer
from qwen_structured.streams.lexer import Lexer
from qwen_structured.streams.places import Place
from qwen_structured.streams.tracker import ClosedPart, Tracker

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
SPACE = {"compact": (",", ":"), "loose": (" ,\n", "\t:  ")}


def parts(value: Any, steps: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], Any]]:
    """What has to be closed, in this order."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, child in children:
        yield from parts(child, (*steps, step))
    if steps:
        yield steps, value


def tracked(text: str, cuts: list[int], deepest: int = 16) -> list[ClosedPart]:
    tracker = Tracker(Place(), deepest)
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    starts = [0, *ends]
    return [part for a, b in zip(starts, ends, strict=False) for part in tracker.feed(text[a:b])]


def found(text: str, cuts: list[int], deepest: int = 16) -> list[tuple[tuple[int | str, ...], Any]]:
    return [(part.steps, part.value) for part in tracked(text, cuts, deepest)]


@given(VALUES, st.lists(st.integers(0, 300)), st.sampled_from(sorted(SPACE)), st.booleans())
@settings(max_examples=300)
def test_every_part_is_given_once_whatever_the_pieces_are(
    value: Any, cuts: list[int], space: str, ascii_only: bool
) -> None:
    text = json.dumps(value, separators=SPACE[space], ensure_ascii=ascii_only)
    assert found(text, cuts) == [one for one in parts(value) if len(one[0]) <= 16]


def test_a_part_is_given_with_the_character_that_ends_it() -> None:
    text = '{"a": "x\\"y", "b": [12, {"c": null}]}'
    tracker = Tracker(Place())
    ends = {part.path: text[: end + 1] for end, one in enumerate(text) for part in tracker.feed(one)}
    assert ends["a"].endswith('\\"y"')
    assert ends["b[0]"].endswith("12,")  # a number may go on until then
    assert ends["b[1].c"].endswith("null}")
    assert ends["b[1]"].endswith("null}")
    assert ends["b"].endswith("]")


@pytest.mark.parametrize("cut", range(1, 40))
def test_nothing_is_given_of_what_is_not_whole(cut: int) -> None:
    text = '{"text": "never \\\\ ended, in no \\u00e4 piece'
    assert found(text, [cut]) == []


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Sure! Here it is: [1, 2]", 0),
        ("[1, 2,, 3]", 2),
        ("[1 2]", 1),
        ('{"a": 1 "b": 2}', 1),
        ('{"a" 1}', 0),
        ('{"a": 1, }, "b": 2', 1),
        ("{1: 2, 3: 4}", 0),
        ("[1, 2}, 3]", 2),
        ("[1, tru, 3]", 1),
        ("[1, 2] and [3, 4]", 2),
        ("[1, 'two', 3]", 1),
        ("[,1]", 0),
        ("[1, :2]", 1),
    ],
)
def test_behind_what_is_no_json_no_part_is_given(text: str, before: int) -> None:
    for cuts in ([], list(range(len(text)))):
        assert len(found(text, cuts)) == before


def test_parts_below_the_deepest_come_with_the_one_they_are_in() -> None:
    text = json.dumps([{"a": [1]}, {"a": [2]}])
    assert found(text, [], deepest=1) == [((0,), {"a": [1]}), ((1,), {"a": [2]})]
    assert [steps for steps, _ in found(text, [], deepest=2)] == [(0, "a"), (0,), (1, "a"), (1,)]


def test_an_answer_that_is_nested_without_end_is_followed_and_costs_no_more() -> None:
    for deep, given_parts in ((150, 16), (50_000, 0)):  # Pydantic reads JSON that is 200 deep at most
        text = '{"a":' * deep + "1" + "}" * deep
        steps = [one.steps for one in tracked(text, list(range(0, len(text), 1000)))]
        assert [len(one) for one in steps] == list(range(given_parts, 0, -1))


# --- work ----------------------------------------------------------------------------------------


class Counted(bytearray):
    """Text that counts how many of its bytes were looked at for the end of a string."""

    looked_at = 0

    def find(self, sub: Any, start: Any = 0, *_: Any) -> int:
        end = super().find(sub, start)
        Counted.looked_at += (len(self) if end < 0 else end) - start
        return end


@pytest.mark.parametrize("text", ['"' + "x" * 20_000, '"' + '\\"' * 10_000, '"' + "\\\\" * 10_000])
def test_a_long_string_in_small_pieces_is_looked_through_once(text: str) -> None:
    one = Lexer()
    one._bytes = Counted()
    Counted.looked_at = 0
    for start in range(0, len(text), 4):
        one.feed(text[start : start + 4])
        assert one.next() == lexer.MORE
    assert Counted.looked_at <= 3 * len(text)


def test_text_that_no_part_needs_any_more_is_dropped() -> None:
    tracker = Tracker(Place())
    tracker.feed("[")
    most = 0
    for _ in range(5_000):
        tracker.feed('{"name": "' + "x" * 200 + '"},')
        most = max(most, len(tracker._lexer))
    assert most < 2 * 2**16
