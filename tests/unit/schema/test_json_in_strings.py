"""``Json[X]``: a string whose content is JSON text of X is enforced as X is."""

import json
from random import Random
from typing import Annotated, Any, Literal, Optional

import pytest
from hypothesis import example, given, strategies as st
from pydantic import BaseModel, Field, Json, TypeAdapter

from qwen_structured.schema import Fidelity, lower
from qwen_structured.schema.escaping import escaped

pytest.importorskip("xgrammar", reason="the engine that these tests hold the grammar against")

from benchmarks.differential.engines import matcher_of


class Cat(BaseModel):
    name: str
    lives: Annotated[int, Field(ge=0, le=9)]
    tags: list[Literal["a", 'q"\\']]
    code: Annotated[str, Field(pattern='^"[a-c\\\\"]{2}\\n?$')]


class Letter(BaseModel):
    text: str
    answer: Optional[Json["Letter"]] = None  # noqa: UP045


TYPES: dict[str, Any] = {
    "integer": int,
    "words": list[str],
    "three characters": Annotated[str, Field(min_length=3, max_length=3)],
    "choice": Literal["a", 'q"\\', "é\n", 1, None],
    "names": dict[Annotated[str, Field(pattern='^["\\\\a]+$')], int],
    "many": Literal[tuple(f'{i}"' for i in range(40))],
    "model": Cat,
    "anything": Any,
}
CAT = {"name": 'é\n"\\/ \x7f\u2028😀\x01', "lives": 3, "tags": ["a", 'q"\\'], "code": '""\\\n'}
VALUES: list[Any] = [5, -1, ["x", '"\\\n'], [], 'a"b', "a\\\x1f", '"', "é\n", 'q"\\', {'"\\a': 1}, CAT, '7"']


def _within_string(content: Any) -> Any:
    return Json[content]  # type: ignore[misc]


def text_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


MATCHERS = {
    name: (matcher_of(lower(one).grammar), matcher_of(lower(_within_string(one)).grammar))
    for name, one in TYPES.items()
}


@pytest.mark.parametrize("name", TYPES)
@given(st.sampled_from(VALUES), st.randoms())
@example(CAT, Random(0))
def test_the_string_is_allowed_where_its_content_is(name: str, value: Any, random: Random) -> None:
    plain, within = MATCHERS[name]
    for text in (text_of(value), _spoilt(text_of(value), random)):
        assert (plain(text.encode()) is None) == (within(text_of(text).encode()) is None), text


def _spoilt(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(["", '"', "\\", "\n", "0", "\\n", "}"]) + text[place + 1 :]


@pytest.mark.parametrize(
    ("output_type", "valid", "invalid"),
    [
        (Json[Json[Cat]], text_of(text_of(text_of(CAT))), text_of(text_of(CAT))),
        (Letter, text_of({"text": "a", "answer": text_of({"text": '"', "answer": None})}), '{"text":"a"}'),
        (dict[Json[int], int], '{"5":1}', '{"a":1}'),
        (dict[Annotated[int, Field(ge=3)], int], '{"3":1}', '{"2":1}'),
        (dict[Annotated[int, Field(multiple_of=3)], int], '{"3":1}', '{"4":1}'),
        (dict[Annotated[float, Field(ge=3, lt=4)], int], '{"3.5":1}', '{"4":1}'),
        (list[Json[Literal["x"]]], '["\\"x\\""]', '["x"]'),
        (Json[int] | int, '"5"', '"a"'),
    ],
)
def test_it_may_stand_anywhere(output_type: Any, valid: str, invalid: str) -> None:
    lowering = lower(output_type)
    stops_at = matcher_of(lowering.grammar)
    TypeAdapter(output_type).validate_json(valid)
    assert stops_at(valid.encode()) is None
    assert stops_at(invalid.encode()) is not None


def test_strings_in_each_other_are_checked_from_the_fourth_on() -> None:
    assert not lower(Json[Json[Json[int]]]).checked
    [finding] = lower(Json[Json[Json[Json[int]]]]).checked
    assert finding.constraint == "contentMediaType application/json"


def test_a_json_schema_only_annotates_its_content() -> None:
    schema = {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "integer"}}
    lowering = lower(schema)
    assert {one.fidelity for one in lowering.fidelity} == {Fidelity.EXACT}
    assert lowering.grammar == lower({"type": "string"}).grammar


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"\\"a\\"" v1 | ""', '"\\\\\\"a\\\\\\"" v1 | ""'),
        ('"\\\\" [\\u0022n] d2', '"\\\\\\\\" ([n] | "\\\\\\"") d2'),
        ('[a-z\\U0001f600] ("," v3){2,4}', '[a-z\\U0001f600] ("," v3){2,4}'),
        ("[^\\u0022\\u005c]", "[^\\u0022\\u005c]"),
        ('Regex("[^\\"\\\\\\\\]{2,3}")', 'Regex("[^\\"\\\\\\\\]{2,3}")'),
        ('Regex("\\"{0,1}\\\\u{7FF}")', 'Regex("(\\\\\\\\\\"){0,1}\\\\u{7FF}")'),
    ],
)
def test_each_part_of_a_rule_is_written_anew(body: str, expected: str) -> None:
    assert escaped(body) == expected
