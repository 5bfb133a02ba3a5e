"""Behind any beginning of a valid text, the grammar that remains allows what the whole one does."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmarks.differential import corpora
from tests.unit.schema.engine import Engine

from qwen_structured.exceptions import UnsupportedSchema
from qwen_structured.schema import lower
from qwen_structured.schema.remaining import remaining

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent.parent / "data" / "schemas"
CASES = 60
LONGEST_GRAMMAR = 60_000
LONGEST_TEXT = 1_500
BYTES_BEHIND = 4


def allowed(corpus: str) -> Iterator[tuple[str, str, Engine, str]]:
    """Name, grammar, engine and a valid text that the grammar allows."""
    cases = list(corpora.read(DATA, corpus))
    random.Random(1).shuffle(cases)
    for case in cases:
        try:
            grammar = lower(case.schema).grammar
        except UnsupportedSchema:
            continue
        valid = [each.respelt or each.text for each in case.instances if each.valid]
        if not valid or len(valid[0]) > LONGEST_TEXT or len(grammar) > LONGEST_GRAMMAR:
            continue
        engine = Engine(grammar)
        if engine.takes(valid[0].encode()):
            yield case.name, grammar, engine, valid[0]


@pytest.mark.parametrize("corpus", corpora.CORPORA)
def test_what_remains_is_what_the_engine_allows_then(corpus: str) -> None:
    choose, wrong, tried = random.Random(2), [], 0
    for name, grammar, engine, text in islice(allowed(corpus), CASES):
        cut = choose.randrange(len(text) + 1)
        before, behind = text[:cut].encode(), text[cut:].encode()
        rest = Engine(remaining(grammar, text[:cut]))
        ends = range(min(len(behind), BYTES_BEHIND) + 1)
        same = all(
            rest.allowed_after(behind[:end]) == engine.allowed_after(before + behind[:end]) for end in ends
        )
        if not (same and rest.takes(behind)):
            wrong.append((name, text[:cut]))
        tried += 1
    assert not wrong
    assert tried == CASES
