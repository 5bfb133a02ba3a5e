"""The harness finds what is wrong: it is run on XGrammar's own converter, whose holes are known."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from benchmarks.differential.corpora import Case, Instance
from benchmarks.differential.engines import Compiled, Refused, XGrammarConverter, matcher_of
from benchmarks.differential.spelling import SPACED, is_open, parse, texts, write
from benchmarks.differential.trial import Outcome, attempt
from benchmarks.differential.verdict import HOLE, LOSS, Failure, Tally, Verdict, covers
from benchmarks.differential.workers import Lost, run_all

from qwen_structured.schema import Fidelity, Finding

HALVES = {"type": "object", "properties": {"a": {"type": "number", "multipleOf": 0.5}}, "required": ["a"]}
PAIR = {"type": "object", "properties": {"b": {"type": "integer"}, "a": {"type": "integer"}}}


def case(schema: Any, *, valid: tuple[str, ...] = (), invalid: tuple[str, ...] = ()) -> Case:
    instances = [Instance(text, True, True) for text in valid]
    return Case("it", schema, (*instances, *(Instance(text, False, False) for text in invalid)))


class Scripted:
    """An engine with a grammar and findings of the test's choice."""

    separators = (",", ":")
    packages = ()

    def __init__(self, grammar: str, *findings: Finding) -> None:
        self._grammar = grammar
        self._findings = findings

    def compile(self, case: Case) -> Compiled:
        if not self._grammar:
            raise Refused("no grammar")
        return Compiled(matcher_of(self._grammar), self._findings)


def verdict(engine: Any, tried: Case) -> Verdict:
    return Verdict(tried, attempt(engine, tried))


def kinds(failures: list[Failure]) -> list[str]:
    return [failure.kind for failure in failures]


def test_a_known_hole_of_the_converter_is_found() -> None:
    found = verdict(XGrammarConverter(), case(HALVES, valid=('{"a":1.5}',), invalid=('{"a":1.3}',)))
    assert kinds(found.silent) == [HOLE]
    assert found.status == "silent"


def test_a_grammar_that_forbids_is_found() -> None:
    found = verdict(Scripted('root ::= "{\\"a\\":1}"'), case(HALVES, valid=('{"a":1}', '{"a":1.5}')))
    assert kinds(found.silent) == [LOSS]
    assert "refused, though valid" in str(found.silent[0])


def test_an_exact_grammar_is_right() -> None:
    grammar = 'root ::= "{\\"a\\":" ("1" | "1.5") "}"'
    found = verdict(Scripted(grammar), case(HALVES, valid=('{"a":1.5}',), invalid=('{"a":1.3}', '{"a":1.5')))
    assert (found.right, found.status) == (True, "exact")


def test_only_a_finding_of_the_right_kind_covers_a_hole() -> None:
    wide = 'root ::= "{\\"a\\":" [0-9.]+ "}"'
    tried = case(HALVES, invalid=('{"a":1.3}',))
    checked = verdict(Scripted(wide, Finding("a", "multipleOf 0.5", Fidelity.CHECKED)), tried)
    narrowed = verdict(Scripted(wide, Finding("a", "multipleOf 0.5", Fidelity.NARROWED)), tried)
    assert (checked.status, narrowed.status) == ("checked", "silent")


def test_a_finding_elsewhere_does_not_cover_by_place() -> None:
    engine = Scripted('root ::= "{\\"a\\":1.3}"', Finding("b", "pattern", Fidelity.CHECKED))
    [failure] = verdict(engine, case(HALVES, invalid=('{"a":1.3}',))).failures
    assert (failure.declared, failure.declared_by_place) == (True, False)


def test_the_place_of_a_loss_is_where_the_engine_stopped() -> None:
    engine = Scripted('root ::= "{\\"b\\":1,\\"a\\":2}"', Finding("a", "integer", Fidelity.NARROWED))
    tried = case(PAIR, valid=('{"a":3,"b":1}',))
    assert attempt(engine, tried).readings[0].stopped_at == ("a",)
    assert verdict(engine, tried).failures[0].declared_by_place


def test_refused_and_broken_schemas_are_counted_apart() -> None:
    tried = case(HALVES)
    verdicts = [verdict(Scripted(""), tried), verdict(Scripted("root ::= ("), tried)]
    tally = Tally.of([*verdicts, Verdict(tried, Outcome(1.0))])
    assert (tally.refused, tally.broke, tally.exact) == (1, 1, 1)


def test_open_instances_may_be_refused() -> None:
    tried = Case("it", PAIR, (Instance('{"c":1}', True, True, is_open=True),))
    found = verdict(Scripted('root ::= "{}"'), tried)
    assert (found.failures, found.open_losses) == ([], 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1,"b":2}', '{"b":2,"a":1}'),
        ('{"z":0, "a":1e2 ,"b":2.0}', '{"b":2.0,"a":1e2,"z":0}'),
        ('{"\\u0061":"\\u00e9\\/","b":2}', '{"b":2,"\\u0061":"\\u00e9\\/"}'),
    ],
)
def test_properties_come_in_the_schemas_order_and_scalars_keep_their_spelling(
    text: str, expected: str
) -> None:
    assert texts(text, PAIR)[0].data.decode() == expected


def test_every_branch_of_a_union_has_its_order() -> None:
    other = {"type": "object", "properties": {"a": {}, "b": {}}}
    orders = [text.data for text in texts('{"a":1,"b":2}', {"anyOf": [PAIR, other]})]
    assert orders == [b'{"b":2,"a":1}', b'{"a":1,"b":2}']


def test_the_order_is_found_through_references_and_items() -> None:
    schema = {"type": "array", "items": {"$ref": "#/$defs/pair"}, "$defs": {"pair": PAIR}}
    assert texts('[{"a":1,"b":2}]', schema)[0].data == b'[{"b":2,"a":1}]'


def test_separators_are_the_engines() -> None:
    assert write(parse('{"a":[1,2],"b":{}}'), SPACED).data == b'{"a": [1, 2], "b": {}}'


@pytest.mark.parametrize("text", ["", "[1", "[1] 2", '{"a" 1}', '{"a":'])
def test_what_is_not_json_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|due"):
        parse(text)


def test_a_place_is_told_by_its_byte() -> None:
    text = write(parse('{"é":[1,{"b":2}]}'))
    assert text.place_at(text.data.index(b"2")) == ("é", 1, "b")
    assert text.place_at(0) == ()


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        ('{"b":1,"c":2}', PAIR, True),
        ('{"b":1}', PAIR, False),
        ('{"c":2}', {"type": "object"}, False),
        ('{"c":2}', PAIR | {"additionalProperties": True}, False),
        ('[{"c":2}]', {"items": PAIR}, True),
    ],
)
def test_open_is_what_a_schema_with_properties_says_nothing_of(
    text: str, schema: Any, expected: bool
) -> None:
    assert is_open(text, schema) is expected


@pytest.mark.parametrize(
    ("path", "place", "expected"),
    [
        ("", ("a", 0), True),
        ("a[].b", ("a", 3, "b", "c"), True),
        ("a[].b", ("a",), True),
        ("a[].b", ("a", 3, "c"), False),
        ("a[0]", ("a", 1), False),
        ("a.*", ("a", "x"), True),
    ],
)
def test_a_finding_covers_what_its_path_leads_to(
    path: str, place: tuple[str | int, ...], expected: bool
) -> None:
    assert covers(path, place) is expected


def test_a_job_over_its_time_or_dead_is_lost_and_the_others_go_on() -> None:
    results = run_all(partial(_job_of_seconds), [0, 60, -1, 0], limit_s=1.0)
    assert results == [0, Lost("over 1 s"), Lost("the process died"), 0]


def _job_of_seconds() -> Callable[[int], int]:
    return _sleep


def _sleep(seconds: int) -> int:
    if seconds < 0:
        os._exit(1)
    time.sleep(seconds)
    return seconds
