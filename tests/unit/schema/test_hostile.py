"""Schemas that are meant to hurt end in time, in little memory, as a grammar or as `UnsupportedSchema`."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qwen_structured
from qwen_structured import UnsupportedSchema
from qwen_structured.schema import explain, lower

from .hostile import SCHEMAS, TYPES

HERE = Path(__file__).parent
LOWERING_S = 10
"""Of one process; none takes more than 2 s where nothing else runs."""
COMPILING_S = 30
MEMORY_MIB = 1_024
ADDRESSES = 8 * 2**30
"""Of which torch reserves most."""


def tried(names: list[str], *options: str) -> dict[str, Any]:
    """What lowering each takes, in a process that is killed if it is much more."""
    done = subprocess.run(
        [sys.executable, "-P", str(HERE / "hostile.py"), *names, *options],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit,
        env=os.environ | {"PYTHONPATH": str(Path(qwen_structured.__file__).parents[1])},  # this very package
    )
    took = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{names[len(took)]}: {done.stderr[-1_000:]}"
    return dict(zip(names, took, strict=True))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (200, 200))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def test_every_hostile_schema_is_lowered_or_refused_with_the_limit_that_it_passes() -> None:
    for name, took in tried([*SCHEMAS, *TYPES]).items():
        assert took["lowering_s"] < LOWERING_S, name
        assert took["lowering_mib"] < MEMORY_MIB, name
        assert "recursion" not in took.get("refused", ""), f"{name}: a limit of ours comes first"


def test_what_is_lowered_can_be_compiled() -> None:
    pytest.importorskip("xgrammar", reason="the engine that compiles")
    for name, took in tried([*SCHEMAS, *TYPES], "--compile").items():
        assert took.get("compiling_s", 0) < COMPILING_S, name
        assert took.get("compiling_mib", 0) < 2 * MEMORY_MIB, name


def _shared() -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(60):
        schema = {"properties": {"a": schema, "b": schema}}
    return schema


def _within_itself() -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array"}
    schema["items"] = schema
    return schema


@pytest.mark.parametrize("ask", [lower, explain])
@pytest.mark.parametrize(
    ("make", "said"), [(_shared, "500,000 values"), (_within_itself, "200 objects and arrays")]
)
def test_a_schema_that_shares_its_parts_is_counted_as_the_tree_that_it_spells(
    ask: Any, make: Any, said: str
) -> None:
    with pytest.raises(UnsupportedSchema, match=said):
        ask(make())


def test_a_type_that_is_too_deep_is_refused() -> None:
    deep: Any = int
    for _ in range(2_000):
        deep = list[deep]
    with pytest.raises(UnsupportedSchema, match="nested too deep"):
        lower(deep)
