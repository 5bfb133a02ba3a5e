"""Weights are fetched once, at one commit for good, and are found only when all of them are there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.modal.hub import COMMITS, FILES, MODEL, Hub

from qwen_structured import ModelNotLoadable
from qwen_structured.backends.modal import weights

FETCH = """
import sys
from pathlib import Path
from qwen_structured.backends.modal import weights
print(weights.fetch(Path(sys.argv[1]), sys.argv[2], sys.argv[3] or None))
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub().running() as hub:
        yield hub


def fetch(hub: Hub, root: Path, model: str = MODEL, revision: str = "") -> subprocess.CompletedProcess[str]:
    """In a process of its own, because huggingface_hub reads its address when it is imported."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(root / "home"),
        "HF_HUB_DISABLE_XET": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", FETCH, str(root), model, revision],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_weights_are_fetched_once_and_found(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelNotLoadable, match="not on the volume"):
        weights.find(tmp_path, MODEL, None)
    first = fetch(hub, tmp_path)
    assert first.returncode == 0, first.stderr
    assert "complete" in first.stdout
    folder = weights.find(tmp_path, MODEL, None)
    assert folder == tmp_path / MODEL / COMMITS[0]
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert sorted(hub.fetched) == sorted(FILES)
    assert fetch(hub, tmp_path).returncode == 0
    assert len(hub.fetched) == len(FILES)


def test_a_newer_commit_is_taken_only_when_it_is_named(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.newest = COMMITS[1]
    fetch(hub, tmp_path)
    assert weights.find(tmp_path, MODEL, None).name == COMMITS[0]
    assert fetch(hub, tmp_path, revision=COMMITS[1]).returncode == 0
    assert weights.find(tmp_path, MODEL, COMMITS[1]).name == COMMITS[1]


def test_weights_that_are_not_complete_are_not_taken(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    (tmp_path / MODEL / COMMITS[0] / ".complete").unlink()
    with pytest.raises(ModelNotLoadable, match=COMMITS[0]):
        weights.find(tmp_path, MODEL, None)


def test_a_model_that_is_not_there_is_told(hub: Hub, tmp_path: Path) -> None:
    done = fetch(hub, tmp_path, model="test/other")
    assert done.returncode
    assert "UnknownModel: the hub has no model 'test/other'" in done.stderr
    done = fetch(hub, tmp_path, revision="3" * 40)
    assert done.returncode
    assert "UnknownModel" in done.stderr
