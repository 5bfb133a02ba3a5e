"""Every schema of the corpora, lowered and fed its instances: the grammar is right or says where it isn't."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from benchmarks.differential import corpora, typed
from benchmarks.differential.corpora import Case
from benchmarks.differential.trial import attempt_all
from benchmarks.differential.verdict import HOLE, LOSS, Tally, Verdict, judge

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data" / "schemas"
TYPES = TESTS / "unit" / "schema" / "types.py"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())
SHOWN = 40
NO_LOSS = {
    "const#1:const with object": "a constant has its properties in its own order",
    "DataclassF": "a field that is not for __init__ is no input, and Pydantic ignores it",
    "DataclassPydantic": "an InitVar with a default has to be written, by the policy for defaults",
}
"""Instances that Pydantic or a validator takes and that no grammar of ours writes, on purpose."""
INSTANCES_OF_A_TYPE = 60

pytestmark = pytest.mark.parametrize("corpus", [*corpora.CORPORA, "types"])


def cases_of(corpus: str) -> list[Case]:
    if corpus == "types":
        return typed.read(TYPES, INSTANCES_OF_A_TYPE)
    return corpora.read(DATA, corpus)


@cache
def verdicts_on(corpus: str) -> list[Verdict]:
    cases = cases_of(corpus)
    return judge(cases, attempt_all("ours", cases, limit_s=60))


def shown(lines: list[str]) -> str:
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([f"{len(lines)}:", *lines[:SHOWN], *more])


def test_every_schema_compiles_or_is_refused(corpus: str) -> None:
    broken = [f"{v.case.name}: {v.outcome.broke}" for v in verdicts_on(corpus) if v.outcome.broke]
    assert not broken, shown(broken)


@pytest.mark.parametrize("kind", [HOLE, LOSS])
def test_nothing_is_wider_or_narrower_in_silence(corpus: str, kind: str) -> None:
    silent = [
        str(failure)
        for verdict in verdicts_on(corpus)
        for failure in verdict.silent
        if failure.kind == kind and not (kind == LOSS and verdict.case.name in NO_LOSS)
    ]
    assert not silent, shown(silent)


def test_as_many_schemas_as_before_are_exact_or_narrowed(corpus: str) -> None:
    tally = Tally.of(verdicts_on(corpus))
    floor = FLOORS[corpus]
    assert tally.exact + tally.narrowed >= floor["exact or narrowed"], tally
    assert tally.right >= floor["all right"], tally
