"""A cassette that records keeps the contract."""

from pathlib import Path

import pytest

from qwen_structured.protocols import Backend
from qwen_structured.testing import CassetteBackend, ScriptedBackend
from qwen_structured.testing.contract import BackendContract

ANSWER = '{"kind": "alpha", "size": 42, "flags": [true, false]}'


class TestRecording(BackendContract):
    takes_time = False

    @pytest.fixture(autouse=True)
    def _path(self, tmp_path: Path) -> None:
        self._file = tmp_path / "cassette.json"

    def make_backend(self) -> Backend:
        return CassetteBackend(self._file, ScriptedBackend(lambda _: ANSWER), record="all")
