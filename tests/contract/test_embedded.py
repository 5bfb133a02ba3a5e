"""The embedded backend keeps the contract: with the shipped model, and with one that can reason."""

from pathlib import Path

import pytest

from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.protocols import Backend
from qwen_structured.testing.contract import BackendContract


class TestShippedModel(BackendContract):
    context_tokens = 2048

    def make_backend(self) -> Backend:
        return EmbeddedBackend()


class TestRandomReasoner(BackendContract):
    context_tokens = 1024
    reasons = True

    @pytest.fixture(autouse=True)
    def _folder(self, reasoner_folder: Path) -> None:
        self._model = str(reasoner_folder)

    def make_backend(self) -> Backend:
        return EmbeddedBackend(self._model)
