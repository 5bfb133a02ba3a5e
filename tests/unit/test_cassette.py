"""Cassettes: what they keep, what they give again, and how they fail when something has changed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    BackendUnavailable,
    Completion,
    ConfigurationError,
    Generator,
    Request,
    StructuredGenerator,
    Usage,
    generate,
    health,
    stream,
)
from qwen_structured.protocols import Capabilities, Logprobs, Timings, TokenLogprob
from qwen_structured.testing import CassetteBackend, NotRecorded, ScriptedBackend, answering


class Order(BaseModel):
    customer: str
    quantity: int = Field(ge=1)


GOOD = {"customer": "Ana Costa", "quantity": 3}
WRONG = {"customer": "Ana Costa", "quantity": 0}
SECRET = "sk-12345-very-secret"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "orders.json"


def ask(generator: Generator, prompt: str = "3 lamps for Ana", **options: Any) -> Order:
    return generator.generate(Order, prompt, **options)


def recorded(path: Path, *answers: Any, capabilities: Capabilities | None = None) -> StructuredGenerator:
    real = ScriptedBackend(answers, capabilities=capabilities)
    return StructuredGenerator(backend=CassetteBackend(path, real))


def replayed(path: Path) -> StructuredGenerator:
    return StructuredGenerator(backend=CassetteBackend(path))


# --- what comes back -----------------------------------------------------------------------------


def test_an_answer_that_was_recorded_is_given_again() -> None:
    completion = Completion(
        text='{"customer":"Zoë","quantity":3}',
        finish_reason="stop",
        usage=Usage(20, 5, 1, 2),
        model="a-model",
        reasoning="Three.",
        timings=Timings(total_s=1.5),
        logprobs=Logprobs(tokens=(TokenLogprob("{", -0.5),), after_mask=True),
        context_tokens=100,
    )
    path = Path("cassette.json")
    capabilities = Capabilities(seed=False)
    ask(recorded(path, completion, capabilities=capabilities))
    again = replayed(path)
    result = again.generate_result(Order, "3 lamps for Ana")
    assert result.value.customer == "Zoë"
    assert result.completion == Completion(
        **{name: getattr(completion, name) for name in completion.__slots__ if name != "timings"}
    )
    assert (again.backend.name, again.backend.capabilities) == ("scripted", capabilities)


def test_the_real_parser_and_the_attempts_are_run_again(path: Path) -> None:
    ask(recorded(path, WRONG, "Sure!", GOOD))
    result = replayed(path).generate_result(Order, "3 lamps for Ana")
    assert [attempt.kind for attempt in result.attempts] == ["first", "re-ask", "re-ask"]
    assert result.value == Order(customer="Ana Costa", quantity=3)


def test_streams_come_in_the_pieces_in_which_they_were_recorded(path: Path) -> None:
    seen: list[list[str]] = []
    for again in (False, True):
        generator = replayed(path) if again else recorded(path, [GOOD, GOOD])
        with generator.stream(list[Order], "orders") as parts:
            seen.append([part.path for part in parts])
            assert parts.result().value == [Order(customer="Ana Costa", quantity=3)] * 2
    assert seen[0] == seen[1]
    pieces = json.loads(path.read_text())["requests"][0]["answers"][0]["pieces"]
    assert len(pieces.split()) > 10
    assert replayed(path).generate(list[Order], "orders")[0].quantity == 3  # also as a whole


def test_a_stream_that_was_left_is_given_as_far_as_it_was_read(path: Path) -> None:
    for again in (False, True):
        generator = replayed(path) if again else recorded(path, [GOOD] * 2_000)
        with generator.stream(list[Order], "orders") as parts:
            assert next(parts.items()) == Order(customer="Ana Costa", quantity=3)
    with replayed(path).stream(list[Order], "orders") as parts, pytest.raises(NotRecorded, match="was left"):
        parts.result()
    with pytest.raises(NotRecorded, match="was left"):
        replayed(path).generate(list[Order], "orders")


def test_equal_requests_have_an_answer_each_in_order(path: Path) -> None:
    generator = recorded(path, GOOD, {**GOOD, "quantity": 4})
    assert [ask(generator).quantity for _ in range(2)] == [3, 4]
    again = replayed(path)
    assert [ask(again).quantity for _ in range(2)] == [3, 4]
    with pytest.raises(NotRecorded, match="came 3 times, and was recorded 2 times"):
        ask(again)


def test_what_is_missing_is_recorded_and_the_rest_is_kept(path: Path) -> None:
    ask(recorded(path, GOOD))
    generator = recorded(path, {**GOOD, "quantity": 9})
    assert (ask(generator).quantity, ask(generator, "9 lamps").quantity) == (3, 9)
    again = replayed(path)
    assert (ask(again).quantity, ask(again, "9 lamps").quantity) == (3, 9)


def test_all_is_recorded_anew_where_that_is_asked_for(path: Path) -> None:
    ask(recorded(path, GOOD))
    ask(recorded(path, GOOD), "2 beds")
    real = ScriptedBackend([{**GOOD, "quantity": 9}])
    ask(StructuredGenerator(backend=CassetteBackend(path, real, record="all")))
    assert ask(replayed(path)).quantity == 9
    with pytest.raises(NotRecorded):
        ask(replayed(path), "2 beds")


def test_what_was_not_asked_for_is_counted(path: Path) -> None:
    generator = recorded(path, GOOD, GOOD)
    ask(generator)
    ask(generator, "2 beds")
    cassette = CassetteBackend(path)
    ask(StructuredGenerator(backend=cassette))
    assert cassette.unused == 1


# --- what has changed ----------------------------------------------------------------------------


def test_a_schema_that_has_changed_is_told_with_the_places(path: Path) -> None:
    ask(recorded(path, GOOD))

    class Changed(BaseModel):
        customer: str = Field(max_length=40)
        quantity: int = Field(ge=1)
        express: bool

    with pytest.raises(NotRecorded) as caught:
        replayed(path).generate(Changed, "3 lamps for Ana")
    said = str(caught.value)
    assert "the schema has changed since it was recorded" in said
    assert "/properties/express (new)" in said
    assert "/properties/customer/maxLength (new)" in said
    assert "pytest --record-cassettes=all" in said


def test_settings_that_have_changed_are_told(path: Path) -> None:
    ask(recorded(path, GOOD))
    with pytest.raises(NotRecorded, match=r"settings have changed .*temperature is 0.5 and was 0.0"):
        ask(replayed(path), temperature=0.5)


def test_a_prompt_that_is_not_there_is_told(path: Path) -> None:
    ask(recorded(path, GOOD))
    with pytest.raises(NotRecorded, match=r"'4 beds for Ben'.*--record-cassettes=missing"):
        ask(replayed(path), "4 beds for Ben")


def test_a_schema_that_is_shown_in_another_way_is_told(path: Path) -> None:
    ask(recorded(path, GOOD))
    with pytest.raises(NotRecorded, match="shown to the model in another way"):
        ask(replayed(path), schema_in_prompt="json")


def test_a_file_that_is_missing_or_none_is_told(path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no cassette .*record it once"):
        CassetteBackend(path)
    path.parent.mkdir()
    for text in ("{", "[]", "{}", '{"format": 1}', '{"format": 1, "backend": "x", "requests": 7}'):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match="is not a cassette"):
            CassetteBackend(path)
    path.write_text('{"format": 99}')
    with pytest.raises(ConfigurationError, match="has format 99"):
        CassetteBackend(path)
    with pytest.raises(ConfigurationError, match="needs a backend"):
        CassetteBackend(path, record="all")


# --- the file ------------------------------------------------------------------------------------


def test_the_file_is_the_same_whatever_the_order_and_the_time(tmp_path: Path) -> None:
    texts = []
    for number, prompts in enumerate((("a", "b", "c"), ("c", "a", "b"))):
        path = tmp_path / f"{number}.json"
        real = ScriptedBackend(lambda request: {**GOOD, "customer": request.messages[-1].content})
        generator = StructuredGenerator(backend=CassetteBackend(path, real))
        for prompt in prompts:
            ask(generator, prompt)
        texts.append(path.read_text("utf-8"))
    assert texts[0] == texts[1]
    assert '"content": "a"' in texts[0]
    assert not list(tmp_path.glob("*.new"))


def test_the_file_has_nothing_of_how_a_backend_is_reached(path: Path) -> None:
    class Guarded(ScriptedBackend):
        """A backend with a key, as the one for servers has."""

        api_key = SECRET

        async def complete(self, request: Request, /) -> Completion:
            if not self.requests:
                self.requests.append(request)
                raise BackendUnavailable(f"http://user:{SECRET}@host cannot be reached")
            return await super().complete(request)

    generator = StructuredGenerator(backend=CassetteBackend(path, Guarded([GOOD])))
    with pytest.raises(BackendUnavailable):
        generator.generate(Order, "x", max_retries=0)
    generator.generate(Order, "x", max_retries=0)
    assert SECRET not in path.read_text()
    assert "host" not in path.read_text()


def test_texts_are_redacted_before_they_are_written_and_compared(path: Path) -> None:
    def redact(text: str) -> str:
        return re.sub(r"sk-[\w-]+", "KEY", text)

    real = ScriptedBackend([{**GOOD, "customer": SECRET}])
    generator = StructuredGenerator(backend=CassetteBackend(path, real, redact=redact))
    with generator.stream(Order, f"the key is {SECRET}") as parts:
        assert parts.result().value.customer == SECRET
    assert SECRET not in path.read_text()
    again = StructuredGenerator(backend=CassetteBackend(path, redact=redact))
    with again.stream(Order, "the key is sk-another") as parts:
        assert parts.result().value.customer == "KEY"


def test_a_stream_that_failed_is_not_recorded(path: Path) -> None:
    class Failing(ScriptedBackend):
        async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
            yield '{"customer":'
            raise BackendUnavailable("gone")

    generator = StructuredGenerator(backend=CassetteBackend(path, Failing([])), max_retries=0)
    with generator.stream(Order, "x") as parts, pytest.raises(BackendUnavailable):
        parts.result()
    assert not path.exists()


# --- verbs ---------------------------------------------------------------------------------------


def test_a_backend_answers_all_verbs_while_it_stands_in() -> None:
    with answering(ScriptedBackend([12, [1, 2]])) as backend:
        assert generate(int, "How many eggs?", backend="server", model="x") == 12
        with stream(list[int], "Which?") as parts:
            assert list(parts.items()) == [1, 2]
        assert health().state == "ready"
    assert len(backend.requests) == 2  # type: ignore[attr-defined]


def test_real_backends_are_refused_where_they_are_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_FORBID_REAL_BACKENDS", "true")
    for make in (
        lambda: generate(int, "x"),
        StructuredGenerator,
        lambda: StructuredGenerator(backend="server"),
    ):
        with pytest.raises(ConfigurationError, match="forbid_real_backends is set"):
            make()
    assert StructuredGenerator(backend=ScriptedBackend([1])).generate(int, "x") == 1
    with answering(ScriptedBackend([1])):
        assert generate(int, "x") == 1


# --- the plugin ----------------------------------------------------------------------------------

TESTS = """
import pytest
from qwen_structured import ConfigurationError, StructuredGenerator, generate

def test_no_real_model():
    with pytest.raises(ConfigurationError, match="forbid_real_backends"):
        generate(int, "How many eggs? We bought 12 eggs.")

@pytest.mark.real_backend
def test_a_real_model():
    assert isinstance(generate(int, "How many eggs? We bought 12 eggs."), int)

def test_a_script(scripted_backend, answered_by):
    answered_by(scripted_backend([3]))
    assert generate(int, "x") == 3

@pytest.mark.parametrize("number", [7, 12])
def test_a_cassette(cassette, number):
    generator = StructuredGenerator(backend=cassette)
    assert generator.generate(int, f"How many apples? Nora has {number} apples.") == number
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        *options,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_the_plugin_forbids_scripts_records_and_replays(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["qwen_structured.testing.plugin"]\n')
    (tmp_path / "test_it.py").write_text(TESTS)
    first = run(tmp_path, "-k", "cassette")
    assert "there is no cassette" in first.stdout
    recording = run(tmp_path, "--record-cassettes=missing")
    assert "5 passed" in recording.stdout, recording.stdout
    files = sorted(path.name for path in (tmp_path / "cassettes" / "test_it").iterdir())
    assert files == ["test_a_cassette-12.json", "test_a_cassette-7.json"]
    again = run(tmp_path, "-k", "not real_model or no_real")
    assert "passed" in again.stdout, again.stdout
    assert again.returncode == 0


def test_the_plugin_is_loaded_by_those_alone_who_name_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n\ndef test_it():\n    assert not [m for m in sys.modules if m.startswith('qwen')]\n"
    )
    assert "1 passed" in run(tmp_path).stdout
