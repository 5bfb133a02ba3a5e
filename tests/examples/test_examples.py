"""Every example runs without a warning and prints the form that it should; the content is the model's."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"
INVOICE = "invoice/invoice.py"
TESTS = "test_with_script.py"
FORMS = {
    "extraction.py": r'\{\n(  "(number|placed|customer|total|shipping)": ".*",?\n){5}\}\n'
    r"(\w+ +\S.* (exact|narrowed|checked)\b.*\n)+",
    "classification.py": r"((cancel_subscription|track_order|request_refund|opening_hours|reset_password)"
    r" +\S.*\n){5}",
    "unions.py": r"((An alarm rings at \d\d:\d\d|Music plays in the .* at volume \d+|A message goes to .*)"
    r"\.\n){3}",
    "nested_lists.py": r"bill for .*\n( *\d+ x .* \d+\.\d\d\n)+total +\d+\.\d\d\n",
    "code_signature.py": r"(async )?def \w+\(.*\) -> .*\n(  \w+ has the type .*\n)*",
    "many_labels.py": r"((positive|negative) +\S.*\n){5}5 done, 0 of them from the journal, 0 failed\n",
    TESTS: r"(?s).*\b3 passed\b.*",
}
SCRIPTS = [path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*.py"))]

Runs = Mapping[str, "Future[subprocess.CompletedProcess[str]]"]


def command(name: str) -> list[str | Path]:
    if name == INVOICE:
        program = Path(sys.executable).with_name("qwen-structured")
        return [sys.executable, "-W", "error", program, "generate", "--type", "invoice:Invoice", "-"]
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if name == TESTS else []
    return [sys.executable, "-W", "error", *words, FOLDER / name]


def run(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    ours = {key: value for key, value in os.environ.items() if not key.upper().startswith("QWEN_STRUCTURED_")}
    return subprocess.run(
        command(name),
        cwd=FOLDER / "invoice" if name == INVOICE else folder,
        env=ours,
        input=(FOLDER / "invoice" / "invoice.txt").read_text("utf-8"),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """All examples, two at a time: most of a run is the import of torch, on one core."""
    folder = tmp_path_factory.mktemp("empty")
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(run, name, folder) for name in SCRIPTS}


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != INVOICE])
def test_an_example_prints_what_has_the_form_it_should(name: str, runs: Runs) -> None:
    done = runs[name].result()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(FORMS[name], done.stdout), done.stdout
    assert done.stderr == ""


def test_the_command_line_reads_the_invoice(runs: Runs) -> None:
    done = runs[INVOICE].result()
    assert done.returncode == 0, done.stderr
    invoice = json.loads(done.stdout)
    assert list(invoice) == "number issued due vendor customer lines total currency paid".split()
    assert re.fullmatch(r"INV-\d{4}", invoice["number"])
    assert all(list(line) == ["quantity", "description", "unit_price"] for line in invoice["lines"])


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_says_first_how_to_run_it(name: str) -> None:
    text = ast.get_docstring(ast.parse((FOLDER / name).read_text("utf-8"))) or ""
    assert "Run it with" in text
    assert name == INVOICE or f"examples/{name}``" in text


def test_the_table_of_examples_has_every_file() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| .+ \|$", page, re.MULTILINE)
    assert sorted(target for _, target in rows) == SCRIPTS
    assert all(shown == target for shown, target in rows)


@pytest.mark.parametrize("link", re.findall(r"\]\((.+?)\)", (FOLDER / "README.md").read_text("utf-8")))
def test_a_link_of_the_table_leads_to_a_file(link: str) -> None:
    assert (FOLDER / link.partition("#")[0]).is_file()
