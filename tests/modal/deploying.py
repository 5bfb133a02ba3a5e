"""Deploy with Modal's own command, and point the client of this process at the control plane."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import modal
from tests.modal.control_plane import ControlPlane

ROOT = Path(__file__).parents[2]


def modal_command(plane: ControlPlane, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``modal`` with these words against the control plane."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("QWEN_STRUCTURED_")}
    return subprocess.run(
        [sys.executable, "-m", "modal", *words],
        env={**own, "PYTHONPATH": _python_path(), **plane.environment, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def deploy(plane: ControlPlane, module: str, **environment: str) -> None:
    """Deploy a module's app."""
    done = modal_command(plane, "deploy", "-m", module, **environment)
    assert done.returncode == 0, done.stdout + done.stderr


def _python_path() -> str:
    """This process's, in absolute paths, and the folder of the tests."""
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    return os.pathsep.join([str(ROOT), *(str(Path(folder).absolute()) for folder in folders)])


@contextmanager
def connected(plane: ControlPlane, **environment: str) -> Iterator[None]:
    """Let Modal's client in this process talk to the control plane; it keeps one for the whole process."""
    with patch.dict(os.environ, {**plane.environment, **environment}):
        try:
            yield
        finally:
            with ThreadPoolExecutor(1) as thread:  # its blocking side warns where an event loop runs
                thread.submit(_close_client).result()


def _close_client() -> None:
    with suppress(modal.exception.AuthError):
        modal.Client.from_env().close()
    modal.Client._set_env_client(None)


APP = "qwen_structured.backends.modal.app"


def settings(**deploy_80b: str) -> dict[str, str]:
    """Variables that deploy Qwen80BGenerator so."""
    return {
        f"QWEN_STRUCTURED_BACKENDS__MODAL__DEPLOY_80B__{name.upper()}": value
        for name, value in deploy_80b.items()
    }
