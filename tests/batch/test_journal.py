"""A run goes on from where another was killed, and pays for nothing twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from qwen_structured import (
    Budget,
    Failed,
    Item,
    JournalError,
    JournalInUse,
    Message,
    SchemaChanged,
    StructuredGenerator,
    Usage,
)
from qwen_structured.batch.log_file import LogFile
from qwen_structured.protocols import Completion, Request
from qwen_structured.testing import ScriptedBackend

KILLED = Path(__file__).with_name("killed.py")


class Invoice(BaseModel):
    number: str
    total: Decimal


INVOICE = '{"number": "INV-1", "total": "12.50"}'


def backend(answer: Callable[[Request], object] | str = INVOICE) -> ScriptedBackend:
    return ScriptedBackend(answer if callable(answer) else lambda _: answer)


def run(
    journal: Path, prompts: list[Any], answering: ScriptedBackend, kind: Any = Invoice, **options: Any
) -> Any:
    batch = StructuredGenerator(backend=answering, max_attempts=1).generate_many(
        kind, prompts, journal=journal, **options
    )
    return list(batch)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


# --- resuming ------------------------------------------------------------------------------------


def test_a_second_run_asks_for_nothing_and_gives_values_of_the_type(journal: Path) -> None:
    first = run(journal, ["a", "b"], backend())
    again = backend("wrong")
    second = run(journal, ["a", "b"], again)
    assert again.requests == []
    assert [one.value for one in second] == [one.value for one in first]
    assert second[0].value == Invoice(number="INV-1", total=Decimal("12.50"))
    assert [one.restored for one in second] == [True, True]
    assert (second[0].usage, second[0].attempts) == (first[0].usage, first[0].attempts)


def test_equal_prompts_are_asked_for_once_unless_they_are_samples(journal: Path) -> None:
    answering = backend()
    outcomes = run(journal, ["a", "a", [Message("user", "b")], "b", Item("a", sample=1)], answering)
    assert all(one.ok for one in outcomes)
    contents = Counter(request.messages[-1].content for request in answering.requests)
    assert contents["a"] == 2
    assert contents["b"] in (1, 2)  # a text and a conversation of it are different prompts


def test_failed_items_are_asked_for_again(journal: Path) -> None:
    first = run(journal, ["a", "b"], backend(lambda r: INVOICE if r.messages[-1].content == "a" else "x"))
    assert [one.ok for one in first] == [True, False]
    answering = backend()
    assert all(one.ok for one in run(journal, ["a", "b"], answering))
    assert [request.messages[-1].content for request in answering.requests] == ["b"]


def test_an_answer_that_the_type_takes_no_more_is_asked_for_again(journal: Path) -> None:
    run(journal, ["a"], backend())
    lines = journal.read_text().splitlines()
    lines[-1] = lines[-1].replace("12.50", "a lot")
    journal.write_text("\n".join([*lines, ""]))
    answering = backend()
    assert run(journal, ["a"], answering)[0].ok
    assert len(answering.requests) == 1


@pytest.mark.parametrize(
    "options", [{"temperature": 0.5}, {"max_output_tokens": 99}, {"defaults": "optional"}]
)
def test_what_an_answer_depends_on_is_in_its_key(journal: Path, options: Any) -> None:
    run(journal, ["a"], backend())
    answering = backend()
    run(journal, ["a"], answering, **options)
    assert len(answering.requests) == 1


def test_what_an_answer_does_not_depend_on_is_not(journal: Path) -> None:
    run(journal, ["a"], backend())
    answering = backend()
    run(journal, ["a"], answering, deadline_s=9, max_retries=1, ordered=False)
    assert answering.requests == []


def test_another_model_is_asked_again(journal: Path) -> None:
    for model in ("small", "large"):
        answering = backend()
        answering.model = model  # type: ignore[attr-defined]
        run(journal, ["a"], answering)
        assert len(answering.requests) == 1


def test_earlier_runs_count_for_the_budget(journal: Path) -> None:
    def answer(_: Request) -> Completion:
        return Completion(text=INVOICE, finish_reason="stop", usage=Usage(50, 10), model="m")

    run(journal, ["a", "b"], backend(answer))
    outcomes = run(
        journal, ["a", "c", "d"], backend(answer), budget=Budget(max_total_tokens=170), max_concurrency=1
    )
    assert [one.ok for one in outcomes] == [True, True, False]
    assert type(outcomes[2].error).__name__ == "BudgetExceeded"


# --- killed --------------------------------------------------------------------------------------


def test_a_run_that_is_killed_at_any_moment_loses_at_most_what_was_in_flight(tmp_path: Path) -> None:
    journal, log = tmp_path / "run.jsonl", tmp_path / "log"
    command = [sys.executable, str(KILLED), str(journal), str(log), "1500"]
    chance = random.Random(5)
    kills = 0
    for _ in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            seen = journal.stat().st_size if journal.exists() else 0
            more = chance.randint(1, 60_000)
            while process.poll() is None and (not journal.exists() or journal.stat().st_size < seen + more):
                threading.Event().wait(0.0005)
            process.kill()
            kills += 1
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    total, restored = map(int, done.stdout.split())
    assert total == sum(range(1500))
    assert restored > 0
    paid = Counter(log.read_text().split())
    assert len(paid) == 1500
    assert sum(paid.values()) - 1500 <= 8 * kills


@pytest.mark.parametrize("torn", [b'{"key": "ab', b'{"key"', b"\0\0\0\0", b"\xff"])
def test_a_torn_last_line_is_healed(journal: Path, torn: bytes) -> None:
    run(journal, ["a"], backend())
    whole = journal.read_bytes()
    journal.write_bytes(whole + torn)
    answering = backend()
    assert run(journal, ["a", "b"], answering)[1].ok
    assert len(answering.requests) == 1
    assert journal.read_bytes().startswith(whole)
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())


def test_a_last_line_that_lacks_only_its_end_is_kept(journal: Path) -> None:
    run(journal, ["a"], backend())
    journal.write_bytes(journal.read_bytes()[:-1])
    answering = backend()
    run(journal, ["a", "b"], answering)
    assert [request.messages[-1].content for request in answering.requests] == ["b"]
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_journal_that_was_killed_at_its_first_line_begins_anew(journal: Path, cut: int) -> None:
    run(journal, ["a"], backend())
    journal.write_bytes(journal.read_bytes()[:cut])
    assert run(journal, ["a"], backend())[0].ok
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())


def test_damage_in_the_midst_costs_its_items_alone(journal: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(journal, ["a", "b", "c"], backend(), max_concurrency=1)
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[3] = b"\0" * len(lines[3][:-1]) + b"\n"
    journal.write_bytes(b"".join(lines))
    answering = backend()
    assert all(one.ok for one in run(journal, ["a", "b", "c"], answering))
    assert len(answering.requests) == 1
    assert "1 damaged lines, the first is line 4" in caplog.text


# --- refusals ------------------------------------------------------------------------------------


def test_a_second_run_on_one_journal_is_refused(journal: Path) -> None:
    generator = StructuredGenerator(backend=backend())
    with generator.generate_many(Invoice, ["a"], journal=journal) as batch:
        with pytest.raises(JournalInUse, match="another run has the journal"):
            generator.generate_many(Invoice, ["a"], journal=journal)
        next(batch)
    assert generator.generate_many(Invoice, ["a"], journal=journal).__next__().ok


def test_a_run_of_another_process_is_refused_too(journal: Path, tmp_path: Path) -> None:
    with StructuredGenerator(backend=backend()).generate_many(Invoice, ["a"], journal=journal):
        command = [sys.executable, str(KILLED), str(journal), str(tmp_path / "log"), "5"]
        refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "JournalInUse" in refused.stderr


def test_a_change_of_the_schema_is_said_and_refused(journal: Path) -> None:
    before = create_model("Row", number=(str, ...), total=(int, ...))
    after = create_model("Row", number=(str, ...), vat=(int, ...))
    run(journal, ["a"], backend('{"number": "1", "total": 1}'), before)
    with pytest.raises(SchemaChanged, match=r"properties\.total is gone, properties\.vat is new"):
        run(journal, ["a"], backend(), after)
    answering = backend('{"number": "1", "vat": 1}')
    assert run(journal, ["a"], answering, after, accept_schema_change=True)[0].ok
    assert len(answering.requests) == 1
    assert run(journal, ["a"], backend("wrong"), after)[0].restored


def test_a_change_of_an_items_own_type_is_its_error(journal: Path) -> None:
    one, two = create_model("Own", a=(int, ...)), create_model("Own", b=(int, ...))
    assert run(journal, [Item("x", one)], backend('{"a": 1}'))[0].ok
    [outcome] = run(journal, [Item("x", two)], backend('{"b": 1}'))
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, SchemaChanged)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", '{"text": "mail"}\n', "x"])
def test_a_file_that_is_no_journal_is_left_alone(journal: Path, content: str) -> None:
    journal.write_text(content)
    with pytest.raises(JournalError, match="is not a journal"):
        run(journal, ["a"], backend())
    assert journal.read_text() == content


def test_a_journal_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        run(tmp_path / "none" / "run.jsonl", ["a"], backend())


def test_a_journal_that_cannot_be_written_ends_the_run_with_what_was_paid_for(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = StructuredGenerator(backend=backend()).generate_many(
        Invoice, ["a", "b", "c"], journal=journal, max_concurrency=1
    )

    def full(self: LogFile, *lines: Any) -> Any:
        raise JournalError("no space")

    monkeypatch.setattr(LogFile, "append", full)
    assert next(batch).ok
    with pytest.raises(JournalError, match="no space"):
        list(batch)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_what_a_full_disk_took_of_a_line_is_taken_back(journal: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from qwen_structured import JournalError\n"
        "from qwen_structured.batch.log_file import LogFile\n"
        "log = LogFile(Path(sys.argv[1]), {'journal': 1})\n"
        "size = Path(sys.argv[1]).stat().st_size\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, size + 10))\n"
        "try: log.append({'key': 'ab' * 99})\n"
        "except JournalError as error: print(error)\n"
        "log.close()\n"
        "assert Path(sys.argv[1]).stat().st_size == size\n"
    )
    done = subprocess.run([sys.executable, "-c", program, journal], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stdout


# --- secrets -------------------------------------------------------------------------------------


def test_nothing_of_prompts_options_or_errors_is_in_the_journal(journal: Path) -> None:
    def answer(request: Request) -> object:
        if request.messages[-1].content == "fails":
            return "the secret in an answer that is none"
        return INVOICE

    run(journal, ["my password is hunter2", "fails", Item("x", data="hunter3")], backend(answer))
    text = journal.read_text()
    assert "hunter" not in text
    assert "secret" not in text
    assert '"error":"OutputNotJSON"' in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_its_owner_can_read_it(journal: Path) -> None:
    run(journal, ["a"], backend())
    assert journal.stat().st_mode & 0o077 == 0
