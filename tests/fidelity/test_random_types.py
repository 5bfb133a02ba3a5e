"""Random Pydantic types: what the grammar allows is valid, and what is valid as we write it is allowed."""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

from benchmarks.differential.engines import Matcher, matcher_of, writer_of
from benchmarks.differential.random_types import Made, types, with_a_slip
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import TypeAdapter, ValidationError

from qwen_structured.schema import lower

EXAMPLES = int(os.environ.get("RANDOM_TYPES", "150"))
"""Types to try; thousands of them once in a while."""
TEXTS = 4
"""Of each type, by construction; and as many near misses of each, and texts that the grammar writes."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(types(), st.data(), st.randoms(use_true_random=False))
def test_the_grammar_of_a_random_type_is_what_pydantic_takes(
    made: Made, data: st.DataObject, random: Random
) -> None:
    lowering = lower(made.output_type)
    stops_at, adapter = matcher_of(lowering.grammar), TypeAdapter(made.output_type)
    drawn = [data.draw(made.texts) for _ in range(TEXTS)]
    for text in drawn:
        if is_valid(adapter, text):
            assert stops_at(text.encode()) is None, f"{shown(made)} forbids {text} in silence"
    if lowering.checked:
        return  # Pydantic may refuse what comes
    write = writer_of(lowering.grammar)
    written = [found.decode() for _ in range(TEXTS) if (found := write(random)) is not None]
    misses = [with_a_slip(text, random) for text in drawn * TEXTS]
    for text in [*written, *(miss for miss in misses if allows(stops_at, miss))]:
        assert is_valid(adapter, text), f"{shown(made)} lets {text} through in silence"


def allows(stops_at: Matcher, text: str) -> bool:
    return stops_at(text.encode()) is None


def is_valid(adapter: TypeAdapter[Any], text: str) -> bool:
    try:
        adapter.validate_json(text)
    except ValidationError:
        return False
    return True


def shown(made: Made) -> str:
    """The type by its schema, which says more of it than its name."""
    return f"{made.output_type} {json.dumps(dict(lower(made.output_type).schema))}"
