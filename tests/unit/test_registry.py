"""Backends are found by name; what is missing is told with the command that installs it."""

from pathlib import Path

import pytest

from qwen_structured import BackendNotInstalled, StructuredGenerator, UnknownBackend, _registry
from qwen_structured.settings import Settings


@pytest.fixture
def _plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution of somebody else with two backends, one of which needs a package that is not there."""
    metadata = tmp_path / "acme_backends-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-backends\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[qwen_structured.backends]\nacme = acme_backend:make\nacme-gpu = acme_gpu:make\n"
    )
    (tmp_path / "acme_backend.py").write_text("def make(model, options):\n    return model, options\n")
    (tmp_path / "acme_gpu.py").write_text("import acme_cuda_kernels\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("_plugin")
def test_a_backend_of_another_distribution_is_found_by_its_entry_point() -> None:
    assert {"acme", "acme-gpu"} <= set(_registry.names())
    created: object = _registry.choose(Settings(), "acme", "small").create()
    assert created == ("small", {})


@pytest.mark.usefixtures("_plugin")
def test_an_unknown_backend_is_told_the_nearest() -> None:
    with pytest.raises(UnknownBackend, match=r"unknown backend 'acne': did you mean 'acme'\?"):
        StructuredGenerator(backend="acne")


@pytest.mark.usefixtures("_plugin")
def test_a_backend_that_lacks_a_package_is_told_the_command() -> None:
    with pytest.raises(BackendNotInstalled) as caught:
        StructuredGenerator(backend="acme-gpu")
    assert str(caught.value) == (
        "'acme-gpu' needs the package 'acme_cuda_kernels', which is not installed: "
        'run pip install "acme-backends[acme-gpu]"'
    )
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_a_missing_extra_is_told_without_importing_it() -> None:
    with pytest.raises(BackendNotInstalled, match=r'run pip install "qwen-structured\[embedded\]"'):
        _registry.require(["json", "no_such_package"], "embedded")


SETTINGS = Settings(
    backend="modal", model="80b", backends={"modal": {"region": "eu"}, "embedded": {"threads": 2}}
)


@pytest.mark.parametrize(
    ("backend", "model", "expected"),
    [
        (None, None, _registry.Choice("modal", "80b", {"region": "eu"})),
        (None, "480b", _registry.Choice("modal", "480b", {"region": "eu"})),
        ("modal", None, _registry.Choice("modal", "80b", {"region": "eu"})),
        ("embedded", None, _registry.Choice("embedded", None, {"threads": 2})),
        ("embedded", "0.6b", _registry.Choice("embedded", "0.6b", {"threads": 2})),
        ("server", None, _registry.Choice("server", None, {})),
    ],
)
def test_a_call_chooses_over_the_settings_whose_model_goes_with_their_backend(
    backend: str | None, model: str | None, expected: _registry.Choice
) -> None:
    assert _registry.choose(SETTINGS, backend, model) == expected
