"""Weights on the volume: fetched once, on a CPU, at one commit; found there by containers with GPUs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from ...exceptions import ModelNotLoadable, UnknownModel
from ..sources import hub_errors

VOLUME = "qwen-vllm-models"
FOLDER = "/models"
_PINS = "revisions.json"
_UNUSED = ["*.bin", "*.pth", "*.gguf", "original/*", "*.onnx"]
_REPORT_S = 30.0


def find(root: Path, model: str, revision: str | None) -> Path:
    """The folder of a model's weights on the volume.

    Raises:
        ModelNotLoadable: they are not there, or not all of them.
    """
    pinned = revision or _pins(root).get(model)
    folder = _folder(root, model, pinned) if pinned else None
    if folder is None or not (folder / ".complete").is_file():
        at = f" at the revision {pinned}" if pinned else ""
        raise ModelNotLoadable(
            f"the weights of {model!r}{at} are not on the volume {VOLUME!r}: fetch them with "
            "`qwen-structured modal deploy`, or with the app's function `download`; that takes no GPU"
        )
    return folder


def fetch(root: Path, model: str, revision: str | None, say: Callable[[str], None] = print) -> Path:
    """Fetch a model's weights, unless they are there.

    Without a revision it takes the commit that was taken the first time, or else the newest, which is then
    kept in `revisions.json` for good.

    Raises:
        UnknownModel: the hub has no such model, or not this commit.
        BackendUnavailable: the hub cannot be reached, or the weights come broken off.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RevisionNotFoundError

    pins = _pins(root)
    wanted = revision or pins.get(model)
    with hub_errors(model):
        try:
            info = HfApi().model_info(model, revision=wanted, files_metadata=True)
        except RevisionNotFoundError as error:
            raise UnknownModel(
                f"the hub's model {model!r} has no commit {wanted!r}: check revision"
            ) from error
        commit = info.sha
        if commit is None:
            raise UnknownModel(f"the hub names no commit of the model {model!r}")
        folder = _folder(root, model, commit)
        total = sum(file.size or 0 for file in info.siblings or [])
        if not (folder / ".complete").is_file():
            say(f"{model} at {commit}: fetching {total / 1e9:.1f} GB into {folder}")
            with _reported(folder, total, say):
                snapshot_download(model, revision=commit, local_dir=folder, ignore_patterns=_UNUSED)
            (folder / ".complete").write_text(commit, "utf-8")
    (root / _PINS).write_text(json.dumps({**pins, model: commit}, indent=2), "utf-8")
    say(f"{model} at {commit}: complete")
    return folder


@contextmanager
def _reported(folder: Path, total: int, say: Callable[[str], None]) -> Generator[None]:
    """Say every half minute how much is there, from a thread: the hub's own bars need a terminal."""
    done = threading.Event()
    began = time.monotonic()

    def report() -> None:
        while not done.wait(_REPORT_S):
            there = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            speed = there / (time.monotonic() - began)
            left = f", about {(total - there) / speed / 60:.0f} min left" if speed else ""
            say(f"{there / 1e9:.1f} of {total / 1e9:.1f} GB, {speed / 1e6:.0f} MB/s{left}")

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _folder(root: Path, model: str, revision: str) -> Path:
    return root / model / revision


def _pins(root: Path) -> dict[str, str]:
    file = root / _PINS
    if not file.is_file():
        return {}
    pins: dict[str, str] = json.loads(file.read_text("utf-8"))
    return pins
