"""Every snippet of the README and the documentation does what its page says.

A page's snippets run from top to bottom, in one namespace and one folder, which is empty at first and has no
settings:

- ``python`` is run; with a ``title`` it is written to a file of that name, to be imported by those after it;
- ``sh`` is run by bash;
- ``toml`` is parsed, and its settings are validated if they are ours; with a ``title`` it is written to a
  file, from which the snippets after it take their settings;
- ``json`` is parsed, and written to a file if it has a ``title``;
- ``text`` is what the snippet before it has printed on stdout; ``...`` in it stands for anything.

A snippet that needs what is absent here has the comment ``<!-- not run: why -->`` before it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt

from qwen_structured import settings

ROOT = Path(__file__).parents[2]
CARD = ROOT / "src/qwen_structured/backends/embedded/model/README.md"
PAGES = [ROOT / "README.md", CARD, *sorted((ROOT / "docs").glob("*.md"))]

_INFO = re.compile(r'(?P<language>\w+)(?: title="(?P<title>[^"]+)")?')
_NOT_RUN = re.compile(r"<!-- not run: .+ -->")


@dataclass(frozen=True)
class Snippet:
    """A fenced block; `line` is that of its first line of code, counted from 1."""

    language: str
    title: str | None
    code: str
    line: int


def snippets(page: Path) -> Iterator[Snippet]:
    """The page's snippets, in order, without those that are marked as not run."""
    marked = False
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type == "html_block" and _NOT_RUN.fullmatch(token.content.strip()):
            marked = True
        elif token.type == "fence":
            info = _INFO.fullmatch(token.info)
            assert info, f"{page.name}: a snippet begins with {token.info!r}"
            assert token.map
            if not marked:
                yield Snippet(info["language"], info["title"], token.content, token.map[0] + 2)
            marked = False


class Reader:
    """Someone who does everything that a page says."""

    def __init__(self, page: Path) -> None:
        self._page = page
        self._module = ModuleType(f"docs_{page.stem}")  # types that are defined in snippets live in a module
        self._printed = ""

    def do(self, snippet: Snippet) -> None:
        getattr(self, f"_{snippet.language}")(snippet)

    def _python(self, snippet: Snippet) -> None:
        if snippet.title:
            self._write(snippet)
            return
        code = compile("\n" * (snippet.line - 1) + snippet.code, str(self._page), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as stdout:
            exec(code, self._module.__dict__)
        self._printed = stdout.getvalue()

    def _sh(self, snippet: Snippet) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        script = f"set -euo pipefail\n{snippet.code}"
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(
            ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{self._at(snippet)}: {done.stderr}"
        self._printed = done.stdout

    def _text(self, snippet: Snippet) -> None:
        same = doctest.OutputChecker().check_output(snippet.code, self._printed, doctest.ELLIPSIS)
        assert same, f"{self._at(snippet)} says\n{snippet.code}\nand this was printed:\n{self._printed}"

    def _toml(self, snippet: Snippet) -> None:
        tree = tomllib.loads(snippet.code)
        if "tool" in tree or "project" in tree:
            tree = tree.get("tool", {}).get("qwen_structured", {})
        assert all(name in settings.Settings.model_fields for name in tree), self._at(snippet)
        settings.Settings.model_validate(tree)
        self._write(snippet)

    def _json(self, snippet: Snippet) -> None:
        json.loads(snippet.code)
        self._write(snippet)

    def _write(self, snippet: Snippet) -> None:
        if snippet.title:
            Path(snippet.title).write_text(snippet.code, "utf-8")

    def _at(self, snippet: Snippet) -> str:
        return f"{self._page.name}, line {snippet.line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_snippets_of_a_page_do_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for variable in [name for name in os.environ if name.upper().startswith(settings.PREFIX)]:
        monkeypatch.delenv(variable)
    reader = Reader(page)
    monkeypatch.setitem(sys.modules, f"docs_{page.stem}", reader._module)
    try:
        for snippet in snippets(page):
            reader.do(snippet)
    finally:
        for snippet in snippets(page):
            if snippet.title and snippet.title.endswith(".py"):  # another page may have one of the same name
                sys.modules.pop(snippet.title.removesuffix(".py"), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_snippet_of_a_page_is_overlooked(page: Path) -> None:
    text = page.read_text("utf-8")
    tokens = MarkdownIt().parse(text)
    fences = [token for token in tokens if token.type == "fence"]
    assert len(re.findall(r"^\s*```", text, re.MULTILINE)) == 2 * len(fences)
    marks = [token.content for token in tokens if "not run" in token.content and token.type != "fence"]
    assert all(_NOT_RUN.fullmatch(mark.strip()) for mark in marks)
