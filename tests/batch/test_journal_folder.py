"""Several runs share a folder of journals, and go on from each other."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from qwen_structured import Budget, JournalError, SchemaChanged, StructuredGenerator
from qwen_structured.batch import journal_folder
from qwen_structured.testing import ScriptedBackend


class Order(BaseModel):
    item: str


ORDER = '{"item": "lamp"}'


def batch(folder: Path, backend: ScriptedBackend, prompts: Any, kind: Any = Order, **options: Any) -> Any:
    return StructuredGenerator(backend=backend, max_attempts=1).generate_many(
        kind, prompts, journal=folder, **options
    )


def answering() -> ScriptedBackend:
    return ScriptedBackend(lambda _: ORDER)


def asked(backend: ScriptedBackend) -> list[str]:
    return [request.messages[-1].content.splitlines()[0] for request in backend.requests]


def test_a_run_takes_the_answers_of_all_that_were_before(tmp_path: Path) -> None:
    for prompts in (["a", "b"], ["c"]):
        assert all(outcome.ok for outcome in batch(tmp_path, answering(), prompts))
    third = answering()
    outcomes = list(batch(tmp_path, third, ["a", "b", "c", "d"]))
    assert [outcome.restored for outcome in outcomes] == [True, True, True, False]
    assert {outcome.value.item for outcome in outcomes} == {"lamp"}
    assert asked(third) == ["d"]
    assert len(list(tmp_path.glob("*.jsonl"))) == 3


def test_runs_at_once_take_each_others_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(step=10)
    monkeypatch.setattr(journal_folder, "monotonic", lambda: float(next(clock)))
    one, other = answering(), answering()
    with batch(tmp_path, one, iter(["a", "b"]), max_concurrency=1) as first:
        assert next(first).ok
        with batch(tmp_path, other, ["a", "c"], max_concurrency=1) as second:
            assert [outcome.restored for outcome in second] == [True, False]
        list(first)
    assert asked(other) == ["c"]
    with batch(tmp_path, other, ["c"]) as third:
        assert next(third).restored


def test_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    list(batch(tmp_path, answering(), ["a", "b"]))
    [path] = tmp_path.glob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    again = answering()
    assert [outcome.restored for outcome in batch(tmp_path, again, ["a", "b"])].count(True) == 1
    assert path.read_bytes() == whole[:-10]


def test_a_damaged_line_costs_its_answer_alone(tmp_path: Path) -> None:
    list(batch(tmp_path, answering(), ["a", "b"]))
    [path] = tmp_path.glob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-2], b"\0" * 40 + b"\n", lines[-1]]))
    again = answering()
    list(batch(tmp_path, again, ["a", "b"]))
    assert len(again.requests) == 1


def test_a_changed_type_is_said_until_it_is_accepted(tmp_path: Path) -> None:
    list(batch(tmp_path, answering(), ["a"]))
    changed = create_model("Order", __module__=__name__, item=(str, ...), size=(int, 1))
    with pytest.raises(SchemaChanged, match=r"properties.size is new"):
        batch(tmp_path, answering(), ["a"], changed)
    sized = ScriptedBackend(lambda _: '{"item": "lamp", "size": 2}')
    list(batch(tmp_path, sized, ["a"], changed, accept_schema_change=True))
    assert [outcome.restored for outcome in batch(tmp_path, sized, ["a"], changed)] == [True]


def test_what_all_runs_spent_counts_for_a_budget(tmp_path: Path) -> None:
    list(batch(tmp_path, answering(), ["a"]))
    list(batch(tmp_path, answering(), ["b"]))
    spent = [json.loads(line) for path in tmp_path.glob("*.jsonl") for line in path.read_text().splitlines()]
    tokens = sum(sum(line["usage"][:2]) for line in spent if "usage" in line)
    outcomes = list(batch(tmp_path, answering(), ["c"], budget=Budget(max_total_tokens=tokens)))
    assert not any(outcome.ok for outcome in outcomes)


def test_a_file_that_is_no_journal_is_said(tmp_path: Path) -> None:
    (tmp_path / "mails.jsonl").write_text('{"mail": "hello"}\n')
    with pytest.raises(JournalError, match=r"mails.jsonl' is not a journal: move it out of the folder"):
        batch(tmp_path, answering(), ["a"])
