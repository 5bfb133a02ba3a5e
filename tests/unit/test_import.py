"""What importing the package costs, and that its names are what they seem."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import qwen_structured

PUBLIC: list[str] = vars(qwen_structured)["__all__"]
HEAVY = {
    "aiohttp", "anyio", "httpx", "huggingface_hub", "jsonschema_rs", "modal", "numpy", "openai", "psutil",
    "pydantic", "tenacity", "tokenizers", "torch", "transformers", "trio", "typer", "vllm", "xgrammar",
}  # fmt: skip
CORE = {"anyio", "pydantic", "tenacity"}


def modules_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    assert not HEAVY & modules_after("import qwen_structured")


@pytest.mark.parametrize("name", ["generate", "StructuredGenerator"])
def test_importing_a_verb_loads_no_sdk_and_no_model_library(name: str) -> None:
    assert HEAVY & modules_after(f"from qwen_structured import {name}") <= CORE


def test_importing_an_error_loads_no_pydantic() -> None:
    assert not HEAVY & modules_after("from qwen_structured import OutputInvalid")


def test_no_backend_is_loaded_before_it_is_used() -> None:
    code = "import sys, qwen_structured as q\n[getattr(q, n) for n in q.__all__]"
    loaded = modules_after(
        f"{code}\nassert not [m for m in sys.modules if m.startswith('qwen_structured.backends')]"
    )
    assert not loaded & {"torch", "transformers", "xgrammar", "modal", "vllm", "openai", "httpx"}


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(qwen_structured, name).__module__.startswith("qwen_structured.")
    assert name in dir(qwen_structured)


def test_checkers_see_the_names_that_there_are() -> None:
    tree = ast.parse(Path(qwen_structured.__file__).read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1]
    seen = {(f"qwen_structured.{node.module}", alias.name) for node in imports for alias in node.names}
    assert {name for _, name in seen} == set(PUBLIC)
    homes = {name: getattr(qwen_structured, name).__module__ for name in PUBLIC}
    assert seen == {(home, name) for name, home in homes.items()}


def test_every_error_is_public() -> None:
    from qwen_structured import exceptions

    errors = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert errors <= set(PUBLIC)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'qwen_structured' has no attribute 'generat'"):
        getattr(qwen_structured, "generat")  # noqa: B009
