"""The vllm backend keeps the contract, on vLLM's CPU build, with a model that can reason."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from qwen_structured.protocols import Backend
from qwen_structured.testing.contract import BackendContract

if find_spec("vllm") is None:
    pytest.skip("vLLM is not installed here; `make test-vllm` runs this", allow_module_level=True)

from tests.vllm.kept import KeptBackend

pytestmark = pytest.mark.filterwarnings("default")  # vLLM and what it imports give many


class TestRandomReasoner(BackendContract):
    context_tokens = 1024
    reasons = True

    @pytest.fixture(autouse=True)
    def _folder(self, vllm_model_folder: Path) -> None:
        self._model = vllm_model_folder

    def make_backend(self) -> Backend:
        return KeptBackend(self._model)
