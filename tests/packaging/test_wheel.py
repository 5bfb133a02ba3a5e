"""The wheel, built and installed into a new environment: what is in it, and what it does without extras."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "qwen_structured"


def run(*words: str | Path, cwd: Path = ROOT, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program in an environment that knows nothing of the source."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QWEN_STRUCTURED_", "COV_"))
    }
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    if check and done.returncode:
        raise AssertionError(f"{words} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: frozenset[str]) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return BytesParser().parsebytes(
            archive.read(next(n for n in names if n.endswith(".dist-info/METADATA")))
        )


class Environment:
    """A new virtual environment with the wheel and no extra, in a folder far from the source."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        self.wheel = wheel
        run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
        self.install("")

    def install(self, extra: str) -> None:
        constraints = ROOT / "constraints.txt"
        self.program("python", "-m", "pip", "install", "-qq", "-c", str(constraints), f"{self.wheel}{extra}")

    def program(self, name: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return run(self.folder / "venv" / "bin" / name, *words, cwd=self.folder, check=check)

    def python(self, code: str) -> str:
        return self.program("python", "-W", "error", "-c", code).stdout.strip()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """Without any extra."""
    return Environment(tmp_path_factory.mktemp("bare"), wheel)


@pytest.fixture
def with_cli(bare: Environment) -> Iterator[Environment]:
    """With the extra ``cli`` alone, which is taken out again."""
    bare.install("[cli]")
    yield bare
    bare.program("python", "-m", "pip", "uninstall", "-qq", "-y", "typer")


# --- what is in it -------------------------------------------------------------------------------


def test_wheel_holds_the_package_and_nothing_else(names: frozenset[str]) -> None:
    source = {
        f"qwen_structured/{file.relative_to(PACKAGE).as_posix()}"
        for file in PACKAGE.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert {name for name in names if ".dist-info/" not in name} == source
    assert "qwen_structured/py.typed" in names


def test_wheel_holds_the_model(names: frozenset[str]) -> None:
    model = {Path(name).name for name in names if name.startswith("qwen_structured/backends/embedded/model/")}
    assert {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"} <= model


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 20_000_000


def test_metadata_says_what_pyproject_says(metadata: Message, names: frozenset[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert metadata["Version"] == project["version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert set(metadata.get_all("Provides-Extra", [])) == set(project["optional-dependencies"])
    assert any(name.endswith("licenses/LICENSE") for name in names)


# --- what it does without extras -----------------------------------------------------------------


def test_package_is_imported_from_the_environment(bare: Environment) -> None:
    assert bare.python("import qwen_structured; print(qwen_structured.__file__)").startswith(str(bare.folder))


def test_every_public_name_is_there_without_extras(bare: Environment) -> None:
    bare.python("import qwen_structured as q; [getattr(q, name) for name in dir(q)]")


def test_generate_names_the_command_that_installs_the_default_backend(bare: Environment) -> None:
    said = bare.python(
        "from qwen_structured import BackendNotInstalled, generate\n"
        "try: generate(int, 'How many? 3.')\n"
        "except BackendNotInstalled as error: print(error)"
    )
    assert said.endswith('run pip install "qwen-structured[embedded]"')


def test_a_backend_of_the_testing_kit_works_without_extras(bare: Environment) -> None:
    said = bare.python(
        "from qwen_structured import StructuredGenerator\n"
        "from qwen_structured.testing import ScriptedBackend\n"
        "print(StructuredGenerator(backend=ScriptedBackend(['[1, 2]'])).generate(list[int], 'Which?'))"
    )
    assert said == "[1, 2]"


def test_command_line_without_its_extra_is_one_line(bare: Environment) -> None:
    done = bare.program("qwen-structured", "--help", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith('run pip install "qwen-structured[cli]"\n')
    assert done.stderr.count("\n") == 1


def test_doctor_tells_what_the_default_backend_misses(with_cli: Environment) -> None:
    done = with_cli.program("qwen-structured", "doctor", check=False)
    assert done.returncode == 1
    assert "torch is missing" in done.stdout
    assert 'run pip install "qwen-structured[embedded]"' in done.stdout.splitlines()[-1]
