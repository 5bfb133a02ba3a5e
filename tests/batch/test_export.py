"""Outcomes as tables: what JSON lines, CSV, Parquet and DataFrames have of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from pydantic import BaseModel, Field

from qwen_structured import ConfigurationError, Item, StructuredGenerator
from qwen_structured.batch.export import save, to_dataframe
from qwen_structured.batch.items import Outcome
from qwen_structured.batch.rows import row_of, rows_of_journal
from qwen_structured.protocols import Request
from qwen_structured.testing import ScriptedBackend


class Vendor(BaseModel):
    name: str
    city: str = Field(alias="town")


class Invoice(BaseModel):
    number: str
    due: date
    total: Decimal
    vendor: Vendor
    tags: list[str]


GOOD = {
    "number": "INV-1",
    "due": "2026-02-03",
    "total": "12.50",
    "vendor": {"name": "Ada", "town": "Oslo"},
    "tags": ["a", "b"],
}


def outcomes(*prompts: Any, kind: Any = Invoice, answer: Any = GOOD, **options: Any) -> list[Outcome[Any]]:
    def answered(request: Request) -> object:
        return "no" if request.messages[-1].content == "bad" else answer

    generator = StructuredGenerator(backend=ScriptedBackend(answered), max_attempts=1)
    return list(generator.generate_many(kind, prompts, **options))


def test_json_lines_keep_nesting_and_carry_data_through(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert save(outcomes(Item("x", data={"id": 7}), Item("bad", data={"id": 8})), path) == 2
    first, second = map(json.loads, path.read_text("utf-8").splitlines())
    assert first == {"id": 7, **GOOD, "error": None}
    assert second["id"] == 8
    assert second["error"].startswith("OutputNotJSON: ")


def test_csv_has_columns_for_nested_fields_and_json_for_lists(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    save(outcomes("bad", "x"), path)
    with path.open(newline="", encoding="utf-8") as file:
        bad, good = csv.DictReader(file)
    assert good["vendor.town"] == "Oslo"
    assert json.loads(good["tags"]) == ["a", "b"]
    assert good["total"] == "12.50"
    assert good["error"] == bad["number"] == ""


def test_parquet_keeps_nesting(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    save(outcomes("bad", "x", Item("y", data={"id": 7})), path)
    rows = pyarrow.parquet.read_table(path).to_pylist()
    assert rows[1]["vendor"] == {"name": "Ada", "town": "Oslo"}
    assert rows[1]["tags"] == ["a", "b"]
    assert rows[0]["vendor"] is None
    assert rows[2]["id"] == 7


def test_parquet_types_are_those_of_all_rows_not_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"

    def rows() -> Iterator[dict[str, Any]]:
        yield from ({"n": 1, "mixed": 1, "late": None, "big": 2**70, "empty": {}} for _ in range(6000))
        yield {"n": 1.5, "mixed": "one", "late": {"a": 1}, "big": 1, "empty": {}}

    assert save(rows(), path) == 6001
    table = pyarrow.parquet.read_table(path).to_pylist()
    assert (table[0]["n"], table[-1]["n"]) == (1.0, 1.5)
    assert (table[0]["mixed"], table[-1]["mixed"]) == ("1", '"one"')
    assert (table[0]["late"], table[-1]["late"]) == (None, {"a": 1})
    assert json.loads(table[0]["big"]) == 2**70
    assert table[0]["empty"] == "{}"


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_no_rows_make_an_empty_table(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert save([], path) == 0
    assert path.exists()


def test_a_dataframe_has_a_row_for_each_outcome() -> None:
    frame = to_dataframe(outcomes("x", "bad"))
    assert frame["number"][0] == "INV-1"
    assert frame["vendor"][0] == {"name": "Ada", "town": "Oslo"}


def test_a_value_without_fields_is_in_the_column_value() -> None:
    [outcome] = outcomes("x", kind=int, answer=5)
    assert row_of(outcome) == {"value": 5, "error": None}


def test_names_that_are_taken_are_kept_apart() -> None:
    [outcome] = outcomes(
        Item("x", data={"a": 1, "error": 2}), kind=dict[str, int], answer={"a": 5, "error": 6}
    )
    assert row_of(outcome) == {"input.a": 1, "input.error": 2, "a": 5, "error": 6, "error_": None}


def test_a_journal_can_be_exported_alone(tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    outcomes("x", "bad", journal=journal)
    [row] = rows_of_journal(journal)
    assert {name: value for name, value in row.items() if name != "key"} == GOOD


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")

    def rows() -> Iterator[dict[str, Any]]:
        yield {"a": 1}
        raise KeyError("x")

    with pytest.raises(KeyError):
        save(rows(), path)
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["out.jsonl"]


@pytest.mark.parametrize(
    ("name", "message"), [("out.xlsx", "no known form"), ("no/out.csv", "cannot be written")]
)
def test_a_file_that_cannot_be_is_said(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        save([], tmp_path / name)
