"""What a grammar allows behind a text, beside XGrammar after it has read the text."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, Json

from qwen_structured.exceptions import UnsupportedSchema
from qwen_structured.schema import lower
from qwen_structured.schema.remaining import NotAllowed, remaining

from .engine import END_OF_TEXT, Engine

LONGEST = 150
CUTS = 12
BYTES_BEHIND = 8


class Counted(BaseModel):
    note: Annotated[str, Field(max_length=3000)]  # whose characters the engine counts


class Order(BaseModel):
    name: Annotated[str, Field(max_length=20)]
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{4}(x|y)?$")]
    count: Annotated[int, Field(ge=3, le=250)]
    tags: Annotated[list[Annotated[str, Field(min_length=2)]], Field(min_length=1, max_length=4)]
    prices: dict[str, float]
    kind: int | Literal["é", "b\n"] | None = None
    counted: list[Counted]
    when: datetime
    inner: Json[list[Annotated[str, Field(pattern='^[a"]*$')]]]
    either: tuple[int, str] | list[list[bool]]


class Tree(BaseModel):
    name: str
    below: list[Tree]


TYPES: list[Any] = [Order, list[Order], Counted, Tree, list[int], dict[str, list[str]], str, float, Any]


def written(engine: Engine, choose: random.Random) -> bytes:
    """The beginning of an answer, or a whole one."""
    text = b""
    while len(text) < LONGEST:
        allowed = [byte for byte in engine.allowed_after(text) if byte != END_OF_TEXT]
        if not allowed:
            break
        closing = [byte for byte in allowed if chr(byte) in '",]}'] if choose.random() < 0.35 else []
        text += bytes([choose.choice(closing or allowed)])
    return text


def whole_characters(text: bytes, cut: int) -> str | None:
    try:
        return text[:cut].decode()
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("output_type", TYPES, ids=str)
@pytest.mark.parametrize("seed", range(2))
def test_masks_behind_a_text_are_those_of_the_grammar_that_remains(output_type: Any, seed: int) -> None:
    grammar, choose = lower(output_type).grammar, random.Random(seed)
    engine = Engine(grammar)
    text = written(engine, choose)
    tried = 0
    for cut in choose.sample(range(len(text) + 1), min(CUTS, len(text) + 1)):
        if (before := whole_characters(text, cut)) is None:
            continue
        behind = Engine(remaining(grammar, before))
        for end in range(cut, min(len(text), cut + BYTES_BEHIND) + 1):
            assert behind.allowed_after(text[cut:end]) == engine.allowed_after(text[:end]), (before, text)
        tried += 1
    assert tried


def test_a_budget_of_characters_is_spent() -> None:
    grammar = lower(Counted).grammar
    assert "max_chars=3000" in grammar
    behind = remaining(grammar, '{"note":"' + "é" * 2990)
    assert "max_chars=10" in behind
    engine = Engine(behind)
    assert engine.takes(b"0123456789" + b'"}')
    assert not engine.takes(b"0123456789a" + b'"}')


def test_a_budget_that_is_used_up_leaves_no_further_character() -> None:
    grammar = lower(Counted).grammar
    with pytest.raises(NotAllowed, match="'x' behind"):
        remaining(grammar, '{"note":"' + "é" * 3000 + "x")
    assert Engine(remaining(grammar, '{"note":"' + "é" * 3000)).takes(b'"}')


def test_nothing_changes_behind_nothing() -> None:
    grammar = lower(Order).grammar
    assert remaining(grammar, "") == grammar


def test_a_whole_answer_leaves_nothing() -> None:
    assert Engine(remaining(lower(list[bool]).grammar, "[true,false]")).takes(b"")


def test_a_text_that_the_grammar_does_not_allow_is_told_with_its_place() -> None:
    with pytest.raises(NotAllowed, match=r"does not allow 'x' behind '\[true,'"):
        remaining(lower(list[bool]).grammar, "[true,x")


@pytest.mark.parametrize(
    "grammar",
    [
        "root ::= a\na ::= 'single'\n",
        "# a comment\nroot ::= [a]\n",
        'root ::= "a" missing\n',
        'root ::= Regex("\\\\d+")\n',
        'root ::= ("a"\n',
        'root ::= TagDispatch(("a", b))\n',
    ],
)
def test_a_grammar_of_another_make_is_refused(grammar: str) -> None:
    with pytest.raises(UnsupportedSchema, match="is not written as"):
        remaining(grammar, "aa")


def test_a_text_that_is_too_deep_is_refused() -> None:
    with pytest.raises(UnsupportedSchema):
        remaining(lower(Any).grammar, "[" * 6000)


def test_a_long_text_needs_no_depth() -> None:
    text = "[" + "true," * 20_000
    assert Engine(remaining(lower(list[bool]).grammar, text)).takes(b"false]")
