"""A pytest plugin for code that generates: no real model by accident, scripts, and cassettes.

Load it from the ``conftest.py`` at the top of your tests::

    pytest_plugins = ["qwen_structured.testing.plugin"]

It registers itself nowhere, so that the tests of other projects on the same machine do not load it.

Where it is loaded, real backends are refused in every test that has no marker ``real_backend``, also in those
that a subprocess makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias, get_args

import pytest

from .. import _registry, settings
from ..protocols import Backend
from .answering import answering
from .cassette import CassetteBackend, Record
from .scripted import ScriptedBackend

FORBID_REAL_BACKENDS = "QWEN_STRUCTURED_FORBID_REAL_BACKENDS"
"""The variable of the setting `forbid_real_backends`."""

Answering: TypeAlias = Callable[[Backend], Backend]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that records."""
    parser.getgroup("qwen-structured").addoption(
        "--record-cassettes",
        choices=get_args(Record),
        default="none",
        help="record answers of the backend of the settings: what the cassettes have not, or all of it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "real_backend: lets the test use the backends that settings name")


@pytest.fixture(autouse=True)
def forbid_real_backends(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse real backends, unless the test has the marker ``real_backend``."""
    allowed = request.node.get_closest_marker("real_backend") is not None
    monkeypatch.setenv(FORBID_REAL_BACKENDS, "false" if allowed else "true")


@pytest.fixture
def scripted_backend() -> type[ScriptedBackend]:
    """`ScriptedBackend`, to be called with the script."""
    return ScriptedBackend


@pytest.fixture
def answered_by() -> Iterator[Answering]:
    """A function that has a backend answer all verbs until the test ends; see `answering`."""
    with ExitStack() as stack:
        yield lambda backend: stack.enter_context(answering(backend))


@pytest.fixture
def cassette(request: pytest.FixtureRequest) -> CassetteBackend:
    """The test's cassette: the file ``cassettes/<module>/<test>.json`` beside its module.

    With ``--record-cassettes``, the backend that the settings name answers and is recorded.
    """
    path = _path_of(request)
    record: Any = request.config.getoption("--record-cassettes")
    if record == "none":
        return CassetteBackend(path)
    loaded = settings.load().settings.model_copy(update={"forbid_real_backends": False})
    return CassetteBackend(path, _registry.choose(loaded, None, None).create(), record=record)


def _path_of(request: pytest.FixtureRequest) -> Path:
    module: Path = request.path
    name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
    return module.parent / "cassettes" / module.stem / f"{name}.json"
