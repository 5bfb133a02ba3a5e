"""What every test of batches stands on: no settings of the developer's machine reach it."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working folder, and an environment without our variables."""
    for variable in [name for name in os.environ if name.upper().startswith("QWEN_STRUCTURED_")]:
        monkeypatch.delenv(variable)
    folder = tmp_path / "working-folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
