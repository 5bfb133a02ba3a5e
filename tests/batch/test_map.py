"""The command `map`: what it reads and writes, what it says, how it ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from qwen_structured import AuthenticationFailed, _api, _registry
from qwen_structured.cli import main
from qwen_structured.protocols import Request
from qwen_structured.testing import ScriptedBackend

SHOP = """
from pydantic import BaseModel


class Mail(BaseModel):
    words: int
"""

Run = Callable[..., int]


def count(request: Request) -> object:
    text = request.messages[-1].content
    return "no" if text == "bad" else {"words": len(text.split())}


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ScriptedBackend:
    backend = ScriptedBackend(count)
    monkeypatch.setattr(_registry, "load", lambda name: lambda model, options: backend)
    monkeypatch.setattr(_api, "_circuits", {})
    Path("shop.py").write_text(SHOP)
    return backend


@pytest.fixture
def run(backend: ScriptedBackend) -> Run:
    def run(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["map", "--type", "shop:Mail", *words])
        code = ended.value.code
        return int(code or 0)

    return run


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()]


def test_rows_of_json_lines_become_rows_of_parquet(run: Run) -> None:
    Path("mails.jsonl").write_text('{"id": 1, "text": "one two"}\n\n{"id": 2, "text": "three"}\n')
    assert run("--input", "mails.jsonl", "--output", "out.parquet") == 0
    assert pyarrow.parquet.read_table("out.parquet").to_pylist() == [
        {"id": 1, "text": "one two", "words": 2, "error": None},
        {"id": 2, "text": "three", "words": 1, "error": None},
    ]


def test_csv_and_a_column_of_another_name(run: Run) -> None:
    Path("mails.csv").write_text('id,body\n1,one two\n2,"three, four"\n')
    assert run("-i", "mails.csv", "-o", "out.csv", "--column", "body") == 0
    with Path("out.csv").open(newline="") as file:
        assert [(row["id"], row["words"]) for row in csv.DictReader(file)] == [("1", "2"), ("2", "2")]


def test_parquet_is_read(run: Run) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"text": ["one", "one two"]}), "mails.parquet")
    assert run("-i", "mails.parquet", "-o", "out.jsonl") == 0
    assert [row["words"] for row in rows("out.jsonl")] == [1, 2]


def test_a_pattern_means_whole_files_in_order(run: Run) -> None:
    for name in ("b", "a"):
        Path(f"{name}.txt").write_text(f"mail {name}\nwith lines")
    assert run("-i", "*.txt", "-o", "out.jsonl") == 0
    assert rows("out.jsonl") == [
        {"file": "a.txt", "words": 4, "error": None},
        {"file": "b.txt", "words": 4, "error": None},
    ]


def test_standard_input_is_read_as_lines_and_written_to_standard_output(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("eins zwei\nü\n".encode())))
    assert run("-i", "-", "-o", "-", "-q") == 0
    out, err = capfdbinary.readouterr()
    assert [json.loads(line)["words"] for line in out.splitlines()] == [2, 1]
    assert err == b""


def test_what_failed_is_a_row_and_the_summary_says_why(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mails.txt").write_text("one\nbad\n\nthree\n")
    words = ("-i", "mails.txt", "--input-format", "lines", "-o", "out.jsonl", "--max-attempts", "1")
    assert run(*words) == 1
    good, bad, last = rows("out.jsonl")
    assert (good["words"], last["words"]) == (1, 1)
    assert bad["error"].startswith("OutputNotJSON")
    said = capsys.readouterr().err
    assert "done:    2" in said
    assert "failed:  1 (1 OutputNotJSON)" in said
    assert "p95" in said


def test_the_same_command_goes_on_and_pays_for_nothing_twice(
    run: Run, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mails.txt").write_text("one\nbad\nthree\n")
    words = (
        "-i",
        "mails.txt",
        "--input-format",
        "lines",
        "-o",
        "out.jsonl",
        "--max-attempts",
        "1",
        "--json",
        "-q",
    )
    assert run(*words) == 1
    Path("mails.txt").write_text("one\nbetter\nthree\n")
    capsys.readouterr()
    assert run(*words) == 0
    assert [request.messages[-1].content for request in backend.requests].count("one") == 1
    assert [row["words"] for row in rows("out.jsonl")] == [1, 1, 1]
    summary = json.loads(capsys.readouterr().out)
    assert (summary["done"], summary["restored"]) == (3, 2)


def test_a_schema_in_place_of_a_type(backend: ScriptedBackend) -> None:
    Path("mail.json").write_text('{"type": "object", "properties": {"words": {"type": "integer"}}}')
    Path("mails.txt").write_text("one two")
    with pytest.raises(SystemExit) as ended:
        main(["map", "--schema", "mail.json", "-i", "mails.txt", "-o", "out.jsonl", "-q"])
    assert not ended.value.code
    assert rows("out.jsonl") == [{"file": "mails.txt", "words": 2, "error": None}]


def test_a_changed_type_is_refused_until_it_is_accepted(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    schema = '{"title": "Mail", "type": "object", "properties": {"words": {"type": "integer"}}}'
    Path("mails.txt").write_text("one two")
    words = ["map", "--schema", "mail.json", "-i", "mails.txt", "-o", "out.jsonl", "-q"]
    codes = []
    for kind, more in (("integer", []), ("number", []), ("number", ["--accept-schema-change"])):
        Path("mail.json").write_text(schema.replace("integer", kind))
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        codes.append(ended.value.code or 0)
    assert codes == [0, 2, 0]
    assert "was 'integer' and is 'number'" in capsys.readouterr().err


def test_a_budget_ends_it_with_a_table_of_what_is_there(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mails.txt").write_text("\n".join(f"mail {number}" for number in range(200)))
    words = ("-i", "mails.txt", "--input-format", "lines", "-o", "out.jsonl")
    assert run(*words, "--max-total-tokens", "400", "--max-concurrency", "2") == 1
    assert 0 < sum(row["error"] is None for row in rows("out.jsonl")) < 200
    assert "stopped:" in capsys.readouterr().err
    assert run(*words) == 0
    assert len(rows("out.jsonl")) == 200


def test_refused_credentials_end_it_with_their_error(
    run: Run, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    backend._answer_every = lambda _: AuthenticationFailed("the key is refused")
    Path("mails.txt").write_text("one")
    assert run("-i", "mails.txt", "-o", "out.jsonl") == 1
    assert "error: the key is refused" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-i", "none.txt", "-o", "out.jsonl"], "means no file"),
        (["-i", "mails.csv", "-o", "out.xlsx"], "no known form"),
        (["-i", "mails.csv", "-o", "out.jsonl"], "say by --column"),
        (["-i", "mails.csv", "-o", "out.jsonl", "--column", "idd"], "did you mean 'id'"),
        (["-i", "broken.jsonl", "-o", "out.jsonl"], "line 2 is not JSON"),
        (["-i", "latin.txt", "-o", "out.jsonl"], "is not UTF-8"),
        (["-i", "broken.jsonl", "--input-format", "parquet", "-o", "out.jsonl"], "no Parquet file"),
        (
            ["-i", "mails.csv", "--column", "id", "-o", "out.jsonl", "--max-concurrency", "0"],
            "max_concurrency is 0",
        ),
        (["-i", "mails.csv", "--column", "id", "-o", "out.jsonl", "--max-cost", "1"], "price"),
    ],
)
def test_what_cannot_be_used_is_said(
    run: Run, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mails.csv").write_text("id,body\n1,one\n")
    Path("broken.jsonl").write_text('{"text": "one"}\n{"text": \n')
    Path("latin.txt").write_bytes("grün".encode("latin-1"))
    assert run(*words) == 2
    assert message in capsys.readouterr().err
