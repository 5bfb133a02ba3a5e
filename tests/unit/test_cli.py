"""The command line: what goes to stdout and stderr, and the exit codes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import qwen_structured
from qwen_structured import _api, _registry, models
from qwen_structured.cli import installed, machine, main
from qwen_structured.cli.printing import byte_size, columns
from qwen_structured.exceptions import (
    AuthenticationFailed,
    BackendNotInstalled,
    BackendUnavailable,
    QwenStructuredError,
)
from qwen_structured.protocols import Capabilities, Completion, Health, Request, Usage

if TYPE_CHECKING:
    from pydantic import JsonValue

SHOP = """
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field


class Item(BaseModel):
    colour: Literal["rot", "grün"] = Field(alias="color")
    pieces: int = Field(ge=1)
    day: date

    class Label(BaseModel):
        text: str


class Noted(BaseModel):
    note: str = ""


Either = Item | bool
Numbers = set[int]
"""
ITEM = '{"color":"grün","pieces":3,"day":"2026-02-03"}'


class Answering:
    """A backend that gives the same answers, one a request, the last for ever."""

    name = "embedded"
    capabilities = Capabilities()

    def __init__(self, *answers: str | QwenStructuredError | BaseException) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.model: str | None = None
        self.state = "idle"

    def __call__(self, model: str | None, options: Mapping[str, JsonValue]) -> Answering:
        self.model = model
        return self

    async def complete(self, request: Request, /) -> Completion:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return Completion(text=answer, finish_reason="stop", usage=Usage(1200, 7), model="scripted")

    async def stream(self, request: Request, /) -> AsyncIterator[str | Completion]:
        yield await self.complete(request)

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None: ...

    async def health(self) -> Health:
        return Health(state=self.state, detail="it was switched off")  # type: ignore[arg-type]

    async def aclose(self) -> None: ...


@dataclass
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def run(*words: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            main(words)
        code = exited.value.code
        assert isinstance(code, int)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in a folder with a module of types and no settings, and leave nothing imported from it."""
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    _api._forget()
    yield
    _api._forget()
    for name in ("shop", "broken", "needy"):
        sys.modules.pop(name, None)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """The default backend, which answers with a valid item."""
    answering = Answering(ITEM)
    monkeypatch.setattr(_registry, "load", lambda name: answering)
    return answering


# --- generate ------------------------------------------------------------------------------------


def test_value_alone_goes_to_stdout_as_json(run: Run, backend: Answering) -> None:
    done = run("generate", "--type", "shop:Item", "three green ones")
    assert done.code == 0
    assert done.data == {"color": "grün", "pieces": 3, "day": "2026-02-03"}
    assert "grün" in done.out
    assert backend.requests[0].messages[-1].content == "three green ones"


def test_summary_goes_to_stderr(run: Run, backend: Answering) -> None:
    err = run("generate", "--type", "shop:Item", "x").err
    assert err.startswith("enforced: ")
    assert "exact" in err.splitlines()[0]
    assert "model:    scripted (embedded)" in err
    assert "tokens:   1,200 read, 7 written" in err
    assert "attempts: 1" in err


def test_each_constraint_that_is_not_exact_is_told_with_its_reason(run: Run, backend: Answering) -> None:
    backend.answers = ["[1]"]
    assert "checked: the value: uniqueItems (" in run("generate", "--type", "shop:Numbers", "x").err


def test_long_lists_of_constraints_end_with_a_count(run: Run, backend: Answering) -> None:
    properties = {f"field{i}": {"type": "array", "uniqueItems": True} for i in range(14)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    Path("wide.json").write_text(json.dumps(schema))
    backend.answers = ["{}"]
    lines = run("generate", "--schema", "wide.json", "x").err.splitlines()
    assert sum("uniqueItems" in line for line in lines) == 10
    assert "  and 4 more" in lines


def test_quiet_says_nothing(run: Run, backend: Answering) -> None:
    done = run("generate", "--type", "shop:Item", "x", "--quiet")
    assert (done.code, done.err) == (0, "")


def test_json_prints_one_object_with_everything(run: Run, backend: Answering) -> None:
    backend.answers = ['{"color":"blau","pieces":3,"day":"2026-02-03"}', ITEM]
    data = run("generate", "--type", "shop:Item", "x", "--json").data
    assert data["value"]["pieces"] == 3
    assert data["usage"] == {
        "prompt_tokens": 2400,
        "output_tokens": 14,
        "reasoning_tokens": 0,
        "cached_tokens": 0,
    }
    assert data["timings"].keys() == {"queue_s", "grammar_s", "first_token_s", "per_token_s", "total_s"}
    assert {"path": "pieces", "constraint": "minimum 1", "fidelity": "exact", "why": ""} in data["fidelity"]
    assert [attempt["number"] for attempt in data["attempts"]] == [1, 2]
    assert [attempt["kind"] for attempt in data["attempts"]] == ["first", "repair"]
    assert (data["attempts"][0]["usage"]["output_tokens"], data["attempts"][0]["cost_usd"]) == (7, None)
    assert data["attempts"][0]["error"].startswith("OutputInvalid: ")
    assert data["attempts"][1]["error"] is None


def test_failed_attempts_are_told(run: Run, backend: Answering) -> None:
    backend.answers = ["no", ITEM]
    err = run("generate", "--type", "shop:Item", "x").err
    assert "attempts: 2\n  1: OutputNotJSON: the answer is not JSON" in err


def test_prompt_is_read_from_stdin(run: Run, backend: Answering) -> None:
    run("generate", "--type", "shop:Item", "-", stdin="drei grüne".encode())
    assert backend.requests[0].messages[-1].content == "drei grüne"


def test_stdin_that_is_not_text_is_refused(run: Run, backend: Answering) -> None:
    done = run("generate", "--type", "shop:Item", "-", stdin=b"\xff\xfe\x00")
    assert done.code == 2
    assert done.err.startswith("error: standard input is not UTF-8 text")


def test_schema_file_gives_plain_data(run: Run, backend: Answering) -> None:
    Path("schema.json").write_text('{"enum": ["a", "b"]}')
    backend.answers = ['"b"']
    assert run("generate", "--schema", "schema.json", "x").data == "b"


@pytest.mark.parametrize(
    ("reference", "answer"),
    [("shop:Item.Label", '{"text":"new"}'), ("shop:Either", "true"), ("builtins:int", "7")],
)
def test_types_that_are_no_plain_class(run: Run, backend: Answering, reference: str, answer: str) -> None:
    backend.answers = [answer]
    assert run("generate", "--type", reference, "x").data == json.loads(answer)


def test_options_reach_the_backend(run: Run, backend: Answering) -> None:
    words = "--temperature 0.5 --top-p 0.9 --max-output-tokens 99 --seed 4 --thinking --model 0.6b".split()
    run("generate", "--type", "shop:Item", "x", *words)
    request = backend.requests[0]
    assert (request.temperature, request.top_p, request.max_output_tokens) == (0.5, 0.9, 99)
    assert (request.seed, request.enable_thinking, backend.model) == (4, True, "0.6b")


def test_max_attempts_bounds_the_attempts(run: Run, backend: Answering) -> None:
    backend.answers = ["no"]
    done = run("generate", "--type", "shop:Item", "x", "--max-attempts", "2")
    assert (done.code, done.out, len(backend.requests)) == (1, "", 2)


def test_max_retries_bounds_the_retries(run: Run, backend: Answering) -> None:
    backend.answers = [BackendUnavailable("away")]
    done = run("generate", "--type", "shop:Item", "x", "--max-retries", "0")
    assert (done.code, len(backend.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("--max-total-tokens", "1500", "max_total_tokens=1500 does not suffice: 1207 are used"),
        ("--max-cost", "0.001", "max_cost_usd=0.001 is used up"),
    ],
)
def test_tokens_and_money_are_limited(
    run: Run, backend: Answering, monkeypatch: pytest.MonkeyPatch, limit: str, value: str, said: str
) -> None:
    for kind in ("PROMPT", "OUTPUT"):
        monkeypatch.setenv(f"QWEN_STRUCTURED_PRICES__EMBEDDED__USD_PER_MILLION_{kind}_TOKENS", "1")
    backend.answers = ["no"]
    done = run("generate", "--type", "shop:Item", "x", limit, value)
    assert (done.code, done.out, len(backend.requests)) == (1, "", 1)
    assert f"error: {said}" in done.err


def test_verbose_shows_what_each_attempt_took(
    run: Run, backend: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("PROMPT", "OUTPUT"):
        monkeypatch.setenv(f"QWEN_STRUCTURED_PRICES__EMBEDDED__USD_PER_MILLION_{kind}_TOKENS", "1")
    backend.answers = ["no", ITEM]
    done = run("generate", "--type", "shop:Item", "x", "-v")
    assert done.data["pieces"] == 3
    *_, head, first, second, together = [line.split() for line in done.err.splitlines()]
    assert head == ["attempt", "kind", "backend", "read", "written", "seconds", "USD", "outcome"]
    assert [*first[:5], *first[6:]] == ["1", "first", "embedded", "1,200", "7", "0.001207", "OutputNotJSON"]
    assert [*second[:5], *second[6:]] == ["2", "re-ask", "embedded", "1,200", "7", "0.001207", "value"]
    assert [*together[:3], *together[4:]] == ["all", "2,400", "14", "0.002414"]


def test_verbose_shows_what_a_failed_call_took_before_its_error(run: Run, backend: Answering) -> None:
    backend.answers = ["no"]
    done = run("generate", "--type", "shop:Item", "x", "--verbose", "--max-attempts", "2")
    assert (done.code, done.out) == (1, "")
    *_, first, second, together, error = done.err.splitlines()
    assert (first.split()[-1], second.split()[-1]) == ("OutputNotJSON", "OutputNotJSON")
    assert together.split()[-1] == "unknown"
    assert error.startswith("error: 2 attempts gave no value")


def test_quiet_and_verbose_exclude_each_other(run: Run, backend: Answering) -> None:
    done = run("generate", "--type", "shop:Item", "x", "-q", "-v")
    assert (done.code, backend.requests) == (2, [])
    assert done.err == "error: --quiet and --verbose exclude each other: pass one of them\n"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("shop", "error: --type is 'shop': write it as MODULE:TYPE"),
        (":Item", "error: --type is ':Item': write it as MODULE:TYPE"),
        ("shop.py:Item", "error: --type names the file 'shop.py'"),
        ("shopp:Item", "error: there is no module 'shopp' in "),
        ("shop.deep:Item", "error: there is no module 'shop.deep' in "),
        ("shop:Itme", "error: 'shop' has no 'Itme': did you mean 'Item'?"),
        ("shop:Item.Lable", "error: 'Item' has no 'Lable': did you mean 'Label'?"),
        ("shop:Field", "is not a type that Pydantic can validate"),
        ("broken:Item", "error: module 'broken' cannot be imported (ZeroDivisionError: division by zero)"),
        (
            "needy:Item",
            "error: module 'needy' cannot be imported (ModuleNotFoundError: No module named 'nowhere')",
        ),
    ],
)
def test_type_that_cannot_be_used_is_one_clear_line(
    run: Run, backend: Answering, reference: str, message: str
) -> None:
    Path("broken.py").write_text("1 / 0")
    Path("needy.py").write_text("import nowhere")
    done = run("generate", "--type", reference, "x")
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "error: cannot read the schema 'schema.json': No such file or directory"),
        ("{", "error: the schema 'schema.json' is not JSON: "),
        ("[]", "error: the schema 'schema.json' is list, not an object"),
        ('{"type": 3}', "error: this is not a JSON Schema: "),
    ],
)
def test_schema_that_cannot_be_used_is_one_clear_line(
    run: Run, backend: Answering, content: str | None, message: str
) -> None:
    if content is not None:
        Path("schema.json").write_text(content)
    done = run("generate", "--schema", "schema.json", "x")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)


@pytest.mark.parametrize("words", [[], ["--type", "shop:Item", "--schema", "schema.json"]])
def test_either_type_or_schema_is_needed(run: Run, backend: Answering, words: list[str]) -> None:
    done = run("generate", "x", *words)
    assert done.code == 2
    assert done.err == "error: say what to make: pass either --type MODULE:TYPE or --schema FILE\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--temperature", "7"], "error: setting 'temperature' in the call is 7.0"),
        (["--max-attempts", "0"], "error: setting 'max_attempts' in the call is 0"),
        (["--seed", "x"], "Invalid value for '--seed'"),
        (["--sed", "1"], "No such option"),
    ],
)
def test_wrong_options_exit_with_2(run: Run, backend: Answering, words: list[str], message: str) -> None:
    done = run("generate", "--type", "shop:Item", "x", *words)
    assert done.code == 2
    assert message in done.err


def test_unknown_backend_exits_with_2(run: Run) -> None:
    done = run("generate", "--type", "shop:Item", "x", "--backend", "embeded")
    assert done.code == 2
    assert done.err == "error: unknown backend 'embeded': did you mean 'embedded'?\n"


def test_backend_that_is_not_installed_names_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    done = run("generate", "--type", "shop:Item", "x")
    assert done.code == 2
    assert 'pip install "qwen-structured[embedded]"' in done.err


@pytest.mark.parametrize("error", [BackendUnavailable("gone\nfor ever"), AuthenticationFailed("no")])
def test_backend_failures_exit_with_1(run: Run, backend: Answering, error: QwenStructuredError) -> None:
    backend.answers = [error]
    done = run("generate", "--type", "shop:Item", "x", "--max-attempts", "1")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1


def test_interruption_exits_with_130(run: Run, backend: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qwen_structured._portal.call", interrupt)
    assert run("generate", "--type", "shop:Item", "x").code == 130


# --- models, backends, version -------------------------------------------------------------------


def test_models_are_listed(run: Run) -> None:
    lines = run("models").out.splitlines()
    assert lines[0].split() == ["NAME", "ALIAS", "PARAMETERS", "CONTEXT", "SIZE", "BACKENDS"]
    assert len(lines) == 1 + len(models.MODELS)
    assert any("480.1 B (35.5 B active)" in line for line in lines)


def test_models_as_json(run: Run) -> None:
    first = run("models", "--json").data[0]
    assert first["name"] == models.SHIPPED
    assert first["backends"] == ["embedded"]


def test_backends_are_listed(run: Run) -> None:
    row = next(line for line in run("backends").out.splitlines() if line.startswith("embedded "))
    assert "installed" in row
    assert "grammar, seed, thinking, streaming" in row


def test_backends_as_json(run: Run) -> None:
    row = next(row for row in run("backends", "--json").data if row["name"] == "embedded")
    assert row["install"] is None
    assert row["capabilities"] == ["grammar", "seed", "thinking", "streaming", "prefix"]


def test_backend_that_misses_a_package_shows_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_version", lambda distribution: None)
    assert 'pip install "qwen-structured[embedded]"' in run("backends").out


def test_backend_that_cannot_be_imported_shows_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> object:
        raise BackendNotInstalled("missing")

    monkeypatch.setattr(_registry, "load", load)
    row = next(row for row in run("backends", "--json").data if row["name"] == "embedded")
    assert row["install"] == 'pip install "qwen-structured[embedded]"'
    assert row["capabilities"] == []


def test_extras_of_what_is_not_installed_are_none() -> None:
    assert installed.extras("no-such-distribution") == ()


def test_version_is_told(run: Run) -> None:
    assert run("--version") == Done(0, f"qwen-structured {qwen_structured.__version__}\n", "")


def test_exit_codes_are_in_the_help(run: Run) -> None:
    assert "Exit codes: 0 done" in " ".join(run("--help").out.split())


# --- doctor --------------------------------------------------------------------------------------


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor without the seconds that importing torch takes."""
    monkeypatch.setattr("qwen_structured.cli.diagnosis.look_at_torch", lambda: None)


def test_doctor_finds_no_problem(run: Run, backend: Answering, no_torch: None) -> None:
    done = run("doctor")
    assert done.code == 0
    assert done.out.endswith("problems\n  none\n")


def test_doctor_tells_where_each_setting_comes_from(
    run: Run, backend: Answering, no_torch: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "qwen_structured.toml"
    file.write_text('seed = 3\n[backends.server]\napi_key = "very secret"\n')
    monkeypatch.setenv("QWEN_STRUCTURED_TEMPERATURE", "0.3")
    done = run("doctor", "--json")
    settings = {row["name"]: (row["value"], row["origin"]) for row in done.data["settings"]}
    assert settings["seed"] == (3, str(file))
    assert settings["temperature"] == (0.3, "QWEN_STRUCTURED_TEMPERATURE")
    assert settings["top_p"] == (1.0, "default")
    assert settings["backends.server.api_key"] == ("***", str(file))
    assert "very secret" not in done.out


def test_doctor_marks_settings_that_cannot_be_read(
    run: Run, no_torch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_SED", "3")
    done = run("doctor")
    assert done.code == 1
    assert "  ! unknown variable QWEN_STRUCTURED_SED: did you mean 'QWEN_STRUCTURED_SEED'?" in done.out


def test_doctor_marks_a_default_backend_that_cannot_run(
    run: Run, no_torch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xgrammar", None)
    done = run("doctor", "--json")
    assert done.code == 1
    assert 'pip install "qwen-structured[embedded]"' in done.data["problems"][0]


def test_doctor_marks_a_dead_deployment(run: Run, backend: Answering, no_torch: None) -> None:
    backend.state = "dead"
    done = run("doctor")
    assert done.code == 1
    assert "  ! the default backend is dead: it was switched off" in done.out


def test_doctor_marks_what_an_extra_misses(
    run: Run, backend: Answering, no_torch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {"torch": "2.1.0", "psutil": None}
    known = installed._version
    monkeypatch.setattr(installed, "_version", lambda name: versions.get(name, known(name)))
    row = next(line for line in run("doctor").out.splitlines() if line.startswith("  embedded"))
    assert 'pip install "qwen-structured[embedded]"' in row
    assert "psutil is missing" in row
    assert "torch 2.1.0 (needs <3,>=2.7)" in row


def test_doctor_describes_torch(run: Run, backend: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    for cuda, said in ((None, "2.13.0, a CPU build"), ("13.0", "2.13.0, built for CUDA 13.0")):
        torch = machine.Torch("2.13.0", cuda, ("H200",))
        monkeypatch.setattr("qwen_structured.cli.diagnosis.look_at_torch", lambda torch=torch: torch)
        out = run("doctor").out
        assert said in out
        assert "H200" in out


def test_torch_of_this_machine_is_looked_at() -> None:
    torch = pytest.importorskip("torch", reason="the extra embedded is not installed")
    looked = machine.look_at_torch()
    assert looked is not None
    assert (looked.version, looked.cuda) == (torch.__version__, torch.version.cuda)


def test_machine_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert machine.look_at_torch() is None
    looked = machine.look_at_machine(None)
    assert looked.cores >= 1
    assert looked.available_bytes is None


def test_gpus_are_taken_from_nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771 MiB'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.look_at_machine(None).gpus == ("NVIDIA H200, 143771 MiB",)
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert machine.look_at_machine(None).gpus == ()


# --- printing ------------------------------------------------------------------------------------


def test_columns_are_aligned() -> None:
    assert columns([("a", "bb"), ("ccc", "")], "  ") == "  a    bb\n  ccc"


def test_byte_sizes_are_short() -> None:
    assert [byte_size(n) for n in (14_682_624, 482_000_000_000)] == ["14.7 MB", "482 GB"]


# --- the program ---------------------------------------------------------------------------------


def test_help_imports_no_model_library() -> None:
    code = (
        "import sys; from qwen_structured.cli import main\n"
        "try: main(['generate', '--help'])\n"
        "except SystemExit: print({'torch', 'transformers', 'xgrammar'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"


def test_console_script_runs() -> None:
    script = Path(sys.executable).with_name("qwen-structured")
    done = subprocess.run([script, "models", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0]["name"] == models.SHIPPED
    assert done.stderr == ""


def test_missing_extra_is_one_line_with_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    done = run("models")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert 'pip install "qwen-structured[cli]"' in done.err


# --- explain -------------------------------------------------------------------------------------


def test_a_type_is_explained_without_a_backend(run: Run) -> None:
    done = run("explain", "--type", "shop:Numbers")
    assert done.code == 0
    head, *rows = done.out.splitlines()
    assert head.split() == ["path", "constraint", "fidelity", "why"]
    assert any(row.split()[:3] == ["(all)", "uniqueItems", "checked"] for row in rows)


def test_an_explanation_is_data_too(run: Run) -> None:
    data = json.loads(run("explain", "--type", "shop:Item", "--json").out)
    assert {"path": "pieces", "constraint": "minimum 1", "fidelity": "exact", "why": ""} in data["findings"]
    assert data["grammar"] == run("explain", "--type", "shop:Item", "--grammar").out


def test_what_may_be_left_out_can_be_chosen(run: Run) -> None:
    asked = ("explain", "--type", "shop:Noted")
    assert run(*asked, "--defaults", "required").out == run(*asked).out
    assert "required" in run(*asked).out
    assert "required" not in run(*asked, "--defaults", "optional").out
    assert run(*asked, "--defaults", "never").code == 2


def test_explaining_nothing_says_what_to_pass(run: Run) -> None:
    done = run("explain")
    assert (done.code, done.out) == (2, "")
    assert "--type MODULE:TYPE or --schema FILE" in done.err


# --- plan ----------------------------------------------------------------------------------------


def test_plan_is_a_table_of_gpus(run: Run) -> None:
    done = run("plan", "80b", "--gpu", "H100")
    assert (done.code, done.err) == (0, "")
    head, *rows = done.out.splitlines()[2:7]
    assert head.split()[:3] == ["GPUS", "FITS", "SPLIT"]
    assert [row.split("  ")[0] for row in rows[:4]] == ["2 x H100", "4 x H100", "1 x H100", "8 x H100"]
    assert "1 x H100 does not fit: vLLM may take 71.2 GiB of a GPU, and the weights need 74.9." in done.out


def test_plan_of_all_gpus_leaves_reasons_out(run: Run) -> None:
    out = run("plan", "480b").out
    assert out.splitlines()[3].startswith("4 x B200 ")
    assert "does not fit:" not in out


def test_plan_as_json(run: Run) -> None:
    data = run("plan", "80b", "--gpu", "H200:1", "--context", "4096", "--json").data
    assert (data["model"]["name"], data["context"]) == (models.get("80b").name, 4096)
    [placement] = data["placements"]
    assert placement["fits"]
    assert placement["memory_per_gpu"]["weight_bytes"] == models.get("80b").weight_bytes
    assert placement["usd_per_hour"] == 4.54


def test_plan_takes_prices_from_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_GPU_PRICES__H100", "0.5")
    data = run("plan", "80b", "--json").data
    assert (data["placements"][0]["gpu"], data["placements"][0]["usd_per_hour"]) == ("H100", 1.0)


def test_plan_of_a_folder(run: Run, random_model_folder: Path) -> None:
    assert "1 x L40S" in run("plan", str(random_model_folder), "--gpu", "L40S", "--context", "512").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("480b", "--gpu", "H100:4"), "does not fit on 4 x H100 .* it fits on 4 x B200"),
        (("81b",), "model '81b' is neither known, nor a folder"),
        (("80b", "--gpu", "H900"), "unknown GPU 'H900'"),
        (("80b", "--context", "999999"), "context is 999999"),
    ],
)
def test_plan_that_cannot_be_made_is_one_line(run: Run, words: tuple[str, ...], message: str) -> None:
    done = run("plan", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert re.search(message, done.err)


def test_a_price_of_an_unknown_gpu_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_GPU_PRICES__H101", "1")
    assert "a price is set for the unknown GPU 'h101': did you mean" in run("plan", "80b").err
