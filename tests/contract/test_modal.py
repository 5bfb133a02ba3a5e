"""The backend for Modal keeps the contract, through a control plane on loopback and a real container.

The container runs a small model on this CPU: the embedded engine, or with `make test-vllm` vLLM's.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from qwen_structured.protocols import Backend, Capabilities
from qwen_structured.testing.contract import BackendContract

if find_spec("modal") is None:
    pytest.skip("Modal's client is not installed here", allow_module_level=True)

from tests.modal.control_plane import ControlPlane
from tests.modal.deploying import APP, connected, deploy, settings
from tests.modal.scripted_engine import install

from qwen_structured.backends.modal import ModalBackend

ENGINE = "vllm" if find_spec("vllm") else "embedded"


class SmallModelBackend(ModalBackend):
    """The engine in the container is not always vLLM."""

    capabilities = Capabilities(logprobs=ENGINE == "vllm", prefix=True)


@pytest.fixture(scope="module")
def plane(
    tmp_path_factory: pytest.TempPathFactory, reasoner_folder: Path, vllm_model_folder: Path
) -> Iterator[ControlPlane]:
    model = vllm_model_folder if ENGINE == "vllm" else reasoner_folder
    path = ""
    if ENGINE == "vllm":  # its environment has the package only on its path
        install(
            engine := tmp_path_factory.mktemp("engine"), "vllm", "qwen_structured.backends.vllm:VLLMBackend"
        )
        path = str(engine)
    with ControlPlane(tmp_path_factory.mktemp("modal"), path=path).running() as plane:
        deploy(plane, APP, **settings(backend=ENGINE, gpu="none", model=str(model)))
        with connected(plane):
            yield plane


class TestModal(BackendContract):
    context_tokens = 1024
    reasons = True

    @pytest.fixture(autouse=True)
    def _plane(self, plane: ControlPlane) -> None:
        self.plane = plane

    def make_backend(self) -> Backend:
        return SmallModelBackend(options={"progress": False})
