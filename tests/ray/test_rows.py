"""What an actor makes of its rows, without a cluster."""

from __future__ import annotations

import pickle
from contextlib import closing
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pyarrow
import pytest
from pydantic import BaseModel
from tests.ray.orders import Order
from tests.server.fake_vllm import FakeVLLM, Reply

from qwen_structured import (
    AuthenticationFailed,
    BackendClosed,
    ConfigurationError,
    Item,
    SchemaChanged,
    settings,
)
from qwen_structured._registry import choices
from qwen_structured.batch.items import Done, Failed
from qwen_structured.exceptions import OutputNotJSON
from qwen_structured.protocols import Usage
from qwen_structured.ray.answerer import RowAnswerer
from qwen_structured.ray.columns import Columns
from qwen_structured.ray.job import Job


def job(output_type: Any = Order, **more: Any) -> Job:
    loaded = settings.load().settings
    chosen = settings.overridden(loaded, {"max_retries": 0, **more.pop("options", {})}, "the test")
    given: dict[str, Any] = {"max_concurrency": 8, "journal": None, "accept_schema_change": False, **more}
    return Job(
        output_type=output_type,
        prompt_column="mail",
        choices=choices(loaded, "server", None),
        settings=chosen,
        **given,
    )


def mails(*texts: str | None) -> pyarrow.Table:
    return pyarrow.table({"id": range(len(texts)), "mail": pyarrow.array(texts, pyarrow.string())})


def asked(server: FakeVLLM) -> list[str]:
    """The prompts of the requests so far, without those that prove that the server constrains."""
    texts = [request["messages"][-1]["content"] for request in server.requests]
    return [line for text in texts for line in text.splitlines() if line.startswith("mail")]


def answers(given: Job, *batches: pyarrow.Table) -> list[dict[str, Any]]:
    """The rows that an actor makes of batches, one after the other."""
    with closing(RowAnswerer(given)) as answerer:
        return [row for batch in batches for row in answerer(batch).to_pylist()]


# --- an actor ------------------------------------------------------------------------------------


def test_a_row_has_its_columns_the_fields_and_the_account(server: FakeVLLM) -> None:
    found = answers(job(), mails("mail 1", "mail 2"))
    assert [row["id"] for row in found] == [0, 1]
    for row in found:
        Order.model_validate({"item": row["item"], "quantity": row["quantity"]})
        assert (row["error"], row["attempts"]) == (None, 1)
        assert row["prompt_tokens"] > 0
        assert row["output_tokens"] > 0


def test_the_error_of_a_row_is_in_the_row(server: FakeVLLM) -> None:
    def fault(path: str, body: dict[str, Any]) -> Reply | None:
        bad = path == "/v1/chat/completions" and "mail 2" in body["messages"][-1]["content"]
        return Reply(500, "no memory") if bad else None

    server.fault = fault
    found = answers(job(), mails("mail 1", "mail 2", None))
    assert [row["item"] is None for row in found] == [False, True, True]
    assert found[1]["error"].startswith("BackendUnavailable: ")
    assert found[1]["attempts"] == 1
    assert found[2]["error"].startswith("InvalidPrompt: ")
    assert found[2]["attempts"] == 0


def test_what_every_row_would_end_with_ends_the_job(server: FakeVLLM) -> None:
    server.api_key = "secret"
    with closing(RowAnswerer(job())) as answerer:
        for _ in range(2):
            with pytest.raises(AuthenticationFailed):
                answerer(mails("mail 1"))


def test_batches_share_one_run(server: FakeVLLM, tmp_path: Path) -> None:
    rows = answers(job(journal=tmp_path), mails("mail 1", "mail 2"), mails("mail 1", "mail 3"))
    assert sorted(asked(server)) == ["mail 1", "mail 2", "mail 3"]
    assert {**rows[0], "attempts": 1} == rows[2]
    assert len(list(tmp_path.glob("*.jsonl"))) == 1


def test_actors_go_on_from_each_other(server: FakeVLLM, tmp_path: Path) -> None:
    before = answers(job(journal=tmp_path), mails("mail 1", "mail 2"))
    after = answers(job(journal=tmp_path), mails("mail 1", "mail 2"))
    assert after == before
    assert len(asked(server)) == 2


def test_a_changed_type_is_said(server: FakeVLLM, tmp_path: Path) -> None:
    answers(job(journal=tmp_path), mails("mail 1"))
    now = {"title": "Order", "type": "object", "properties": {"item": {"type": "boolean"}}}
    answers(job(dict(now), journal=tmp_path), mails("mail 1"))
    changed = {**now, "properties": {"thing": {"type": "boolean"}}}
    with pytest.raises(SchemaChanged, match=r"properties.thing is new"):
        answers(job(changed, journal=tmp_path), mails("mail 1"))
    answers(job(changed, journal=tmp_path, accept_schema_change=True), mails("mail 1"))
    answers(job(changed, journal=tmp_path), mails("mail 1"))
    assert len(asked(server)) == 3


def test_a_missing_column_is_said(server: FakeVLLM) -> None:
    with pytest.raises(ConfigurationError, match="no column 'mail' for the prompts: it has 'id'"):
        answers(job(), pyarrow.table({"id": [1]}))


def test_a_job_travels_and_shows_no_secret(server: FakeVLLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_SERVER_API_KEY", "hunter2")
    server.api_key = "hunter2"
    sent = job("tests.ray.orders:Order")
    monkeypatch.delenv("QWEN_STRUCTURED_SERVER_API_KEY")
    assert "hunter2" not in repr(sent)
    arrived = pickle.loads(pickle.dumps(sent))
    assert answers(arrived, mails("mail 1"))[0]["error"] is None


def test_a_closed_actor_says_so(server: FakeVLLM) -> None:
    answerer = RowAnswerer(job())
    answerer.close()
    with pytest.raises(BackendClosed):
        answerer(mails("mail 1"))


# --- columns -------------------------------------------------------------------------------------


class Colour(Enum):
    RED = "red"


class Line(BaseModel):
    name: str
    count: int | None


class Invoice(BaseModel):
    total: Decimal
    due: date
    lines: list[Line]
    colour: Colour
    flag: Literal["a", "b"] | None
    ratio: int | float
    mixed: int | str
    tags: dict[str, int]
    pair: tuple[int, str]


class Tree(BaseModel):
    name: str
    trees: list[Tree]


def columns(output_type: Any) -> dict[str, str]:
    schema = Columns(output_type).schema
    account = {"attempts", "prompt_tokens", "output_tokens", "cost_usd"}
    return {field.name: str(field.type) for field in schema if field.name not in account}


@pytest.mark.parametrize(
    ("output_type", "expected"),
    [
        (
            Invoice,
            {
                "total": "string",
                "due": "string",
                "lines": "list<item: struct<name: string, count: int64>>",
                "colour": "string",
                "flag": "string",
                "ratio": "double",
                "mixed": "string",
                "tags": "string",
                "pair": "string",
            },
        ),
        (Tree, {"name": "string", "trees": "string"}),
        (int, {"value": "int64"}),
        (list[Line], {"value": "list<item: struct<name: string, count: int64>>"}),
        (dict[str, int], {"value": "string"}),
        (Literal[1, 2], {"value": "int64"}),
        (Line | Colour, {"name": "string", "count": "int64", "value": "string"}),
        (Line | None, {"name": "string", "count": "int64"}),
        ({"type": "object", "properties": {"a": {"type": ["integer", "null"]}}}, {"a": "int64"}),
    ],
)
def test_columns_follow_from_the_type(output_type: Any, expected: dict[str, str]) -> None:
    assert columns(output_type) == {**expected, "error": "string"}


class Report(BaseModel):
    error: str
    attempts: int


def test_a_field_keeps_its_name_and_the_account_gets_another() -> None:
    names = Columns(Report).schema.names
    assert names == ["error", "attempts", "error_", "attempts_", "prompt_tokens", "output_tokens", "cost_usd"]


def done(value: Any, text: str = "") -> Done[Any]:
    return Done(
        index=0,
        item=Item("x"),
        value=value,
        usage=Usage(3, 2),
        cost_usd=0.5,
        duration_s=1.0,
        attempts=2,
        text=text,
    )


def failed() -> Failed:
    return Failed(index=1, item=Item("x"), error=OutputNotJSON("half \ud83d of it"), duration_s=1.0)


def test_values_become_cells() -> None:
    value = Invoice(
        total=Decimal("12.50"),
        due=date(2026, 1, 2),
        lines=[Line(name="lamp", count=None)],
        colour=Colour.RED,
        flag=None,
        ratio=1,
        mixed=1,
        tags={"x": 1},
        pair=(1, "a"),
    )
    batch = pyarrow.table({"id": [1, 2], "total": ["of", "old"]})
    first, second = Columns(Invoice).table(batch, [done(value), failed()]).to_pylist()
    assert first == {
        "id": 1,
        "input.total": "of",
        "total": "12.50",
        "due": "2026-01-02",
        "lines": [{"name": "lamp", "count": None}],
        "colour": "red",
        "flag": None,
        "ratio": 1.0,
        "mixed": "1",
        "tags": '{"x":1}',
        "pair": '[1,"a"]',
        "error": None,
        "attempts": 2,
        "prompt_tokens": 3,
        "output_tokens": 2,
        "cost_usd": 0.5,
    }
    assert second["error"] == "OutputNotJSON: half \\ud83d of it"
    assert second["total"] is None


def test_blocks_have_the_same_schema_whatever_they_hold() -> None:
    batch = pyarrow.table({"id": [1]})
    made = Columns(list[Line])
    tables = [
        made.table(batch, [outcome]) for outcome in (done([]), done([Line(name="a", count=1)]), failed())
    ]
    assert len({table.schema for table in tables}) == 1


@pytest.mark.parametrize("value", [2**70, -(2**64)])
def test_a_number_that_no_column_holds_is_said_in_its_row(value: int) -> None:
    batch = pyarrow.table({"id": [1, 2]})
    first, second = Columns(int).table(batch, [done(value, str(value)), done(5)]).to_pylist()
    assert first["value"] is None
    assert str(value) in first["error"]
    assert (second["value"], second["error"]) == (5, None)


def test_fields_that_no_schema_announces_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Columns(Line).table(pyarrow.table({"id": [1]}), [done({"name": "a", "other": 1})]).to_pylist()[0]
    assert "no ['other']" in row["error"]
    assert '"other":1' in row["error"]
