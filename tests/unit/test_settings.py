"""Where settings come from, which source wins, and what is said of a wrong one."""

import os
from pathlib import Path
from typing import Any

import pytest

from qwen_structured import SettingsError
from qwen_structured.settings import Settings, load, overridden


def write(name: str, text: str) -> Path:
    path = Path.cwd() / name
    path.write_text(text, "utf-8")
    return path


def test_without_any_source_there_are_the_defaults() -> None:
    assert load().settings == Settings()
    assert load().origins == {}


def test_the_environment_wins_over_the_file_and_the_call_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    write("qwen_structured.toml", "temperature = 0.1\ntop_p = 0.1\nseed = 1\n")
    monkeypatch.setenv("QWEN_STRUCTURED_TEMPERATURE", "0.2")
    monkeypatch.setenv("QWEN_STRUCTURED_TOP_P", "0.2")
    merged = overridden(load().settings, {"temperature": 0.3}, "the call")
    assert (merged.temperature, merged.top_p, merged.seed) == (0.3, 0.2, 1)


def test_each_value_has_the_source_that_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("qwen_structured.toml", "seed = 1\n[backends.embedded]\nthreads = 4\n")
    monkeypatch.setenv("QWEN_STRUCTURED_MODEL", "4b")
    assert load().origins == {
        "seed": str(file),
        "backends.embedded.threads": str(file),
        "model": "QWEN_STRUCTURED_MODEL",
    }


def test_a_nested_variable_joins_the_table_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("qwen_structured.toml", "[backends.embedded]\nthreads = 4\nmax_batch = 8\n")
    monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__EMBEDDED__THREADS", "2")
    assert load().settings.backends == {"embedded": {"threads": "2", "max_batch": 8}}


def test_the_project_file_has_a_table_for_them() -> None:
    write("pyproject.toml", "[project]\nname = 'mine'\n[tool.qwen_structured]\nmodel = '4b'\n")
    assert load().settings.model == "4b"


def test_the_own_file_goes_before_the_project_file() -> None:
    write("pyproject.toml", "[tool.qwen_structured]\nmodel = '4b'\n")
    write("qwen_structured.toml", "model = '9m'\n")
    assert load().settings.model == "9m"


def test_the_nearest_folder_above_that_has_a_file_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    write("qwen_structured.toml", "model = '4b'\n")
    below = Path("a/b")
    below.mkdir(parents=True)
    (below / "pyproject.toml").write_text("[project]\nname = 'without our table'\n", "utf-8")
    monkeypatch.chdir(below)
    assert load().settings.model == "4b"


def test_a_changed_variable_counts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().settings.seed is None
    monkeypatch.setenv("QWEN_STRUCTURED_SEED", "7")
    assert load().settings.seed == 7


def test_a_changed_file_counts_at_once() -> None:
    file = write("qwen_structured.toml", "seed = 1\n")
    assert load().settings.seed == 1
    file.write_text("seed = 2\n", "utf-8")
    os.utime(file, ns=(1, 1))
    assert load().settings.seed == 2
    file.unlink()
    assert load().settings.seed is None


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_MODEL", "")
    assert load().settings.model is None


def test_nothing_is_read_again_while_nothing_changes() -> None:
    write("qwen_structured.toml", "seed = 1\n")
    assert load() is load()


# --- wrong ones ------------------------------------------------------------------------------------


def test_a_misspelt_variable_is_told_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_TEMPRATURE", "0")
    with pytest.raises(SettingsError, match=r"QWEN_STRUCTURED_TEMPRATURE.*'QWEN_STRUCTURED_TEMPERATURE'"):
        load()


def test_a_misspelt_name_in_a_file_is_told_the_file_and_the_nearest() -> None:
    file = write("qwen_structured.toml", "max_atempts = 2\n")
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value) == f"unknown setting 'max_atempts' in {file}: did you mean 'max_attempts'?"


def test_a_wrong_type_is_told_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_SEED", "soon")
    with pytest.raises(SettingsError, match=r"'seed' in QWEN_STRUCTURED_SEED is 'soon': .*integer"):
        load()


def test_a_wrong_type_is_told_the_file() -> None:
    file = write("pyproject.toml", "[tool.qwen_structured]\ntemperature = 'hot'\n")
    with pytest.raises(SettingsError) as caught:
        load()
    assert f"'temperature' in {file} is 'hot'" in str(caught.value)


def test_of_two_sources_the_one_at_fault_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("qwen_structured.toml", "seed = 1\n[backends]\nembedded = 3\n")
    monkeypatch.setenv("QWEN_STRUCTURED_SEED", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "'seed' in QWEN_STRUCTURED_SEED" in str(caught.value)
    assert f"'backends.embedded' in {file}" in str(caught.value)


@pytest.mark.parametrize("content", [b"model = ", b"model = '\xff'", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_named(content: bytes) -> None:
    file = Path.cwd() / "qwen_structured.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="is not valid TOML") as caught:
        load()
    assert str(file) in str(caught.value)


def test_a_project_file_of_others_need_not_be_text() -> None:
    (Path.cwd() / "pyproject.toml").write_bytes(b"\xff\xfe")
    assert load().settings == Settings()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"temperature": -1}, "'temperature' in the call is -1"),
        ({"top_p": 0}, "'top_p' in the call is 0"),
        ({"max_attempts": 0}, "'max_attempts' in the call is 0"),
        ({"deadline_s": 0}, "'deadline_s' in the call is 0"),
        ({"schema_in_prompt": "yaml"}, "'schema_in_prompt' in the call is 'yaml'"),
        ({"temprature": 1}, "unknown setting 'temprature' in the call: did you mean 'temperature'?"),
    ],
)
def test_a_wrong_option_of_a_call_is_told(values: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        overridden(Settings(), values, "the call")
    assert said in str(caught.value)
