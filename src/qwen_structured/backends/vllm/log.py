"""What vLLM's processes log, kept in a file, so that the error of a dead engine can say its last lines."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

_TAIL_BYTES = 100_000
_TAIL_LINES = 15
_FORMAT = "%(levelname)s pid=%(process)d %(asctime)s [%(filename)s:%(lineno)d] %(message)s"
_HANDLER = "qwen_structured"


@contextmanager
def kept(start_timeout_s: int) -> Generator[None]:
    """Let the engine that is started within log into the file, and to stderr what is worth a warning.

    vLLM hands its logging to its processes by environment variables alone (0.32, vllm/envs.py).
    """
    variables = {
        "VLLM_LOGGING_CONFIG_PATH": str(_configuration(os.environ.get("VLLM_LOGGING_CONFIG_PATH"))),
        "VLLM_ENGINE_READY_TIMEOUT_S": str(start_timeout_s),
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def size() -> int:
    """Bytes of the log so far."""
    return _file().stat().st_size


def since(start: int) -> str:
    """What was logged since it had `start` bytes, at most its last 100,000 bytes."""
    with _file().open("rb") as log:
        log.seek(max(start, _file().stat().st_size - _TAIL_BYTES))
        return log.read().decode(errors="replace")


def last_lines(start: int) -> str:
    """The last lines that were logged since it had `start` bytes, errors before all else."""
    lines = [line for line in since(start).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "CRITICAL"))]
    return "\n".join((errors or lines)[-_TAIL_LINES:])


def _file() -> Path:
    return _folder() / "vllm.log"


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="qwen-structured-")
    _kept_folders.append(folder)
    (Path(folder.name) / "vllm.log").touch()
    return Path(folder.name)


_kept_folders: list[tempfile.TemporaryDirectory[str]] = []  # each is deleted with the interpreter


def _configuration(own: str | None) -> Path:
    """Write a logging configuration with our file, on the base of the user's own if there is one."""
    path = _folder() / "logging.json"
    if own == str(path):
        return path
    tree: dict[str, Any]
    if own:
        tree = json.loads(Path(own).read_text("utf-8"))
    else:
        level = os.environ.get("VLLM_LOGGING_LEVEL", "WARNING")
        tree = {
            "version": 1,
            "handlers": {"vllm": _handler(f"{__name__}.StderrHandler", level)},
            "loggers": {"vllm": {"handlers": ["vllm"], "level": "INFO", "propagate": False}},
        }
    tree["disable_existing_loggers"] = False
    tree.setdefault("formatters", {})[_HANDLER] = {
        "class": "vllm.logging_utils.NewLineFormatter",
        "format": _FORMAT,
        "datefmt": "%m-%d %H:%M:%S",
    }
    tree.setdefault("handlers", {})[_HANDLER] = _handler("logging.FileHandler", "INFO", filename=str(_file()))
    logger = tree.setdefault("loggers", {}).setdefault("vllm", {"level": "INFO", "propagate": False})
    logger["handlers"] = [*logger.get("handlers", []), _HANDLER]
    path.write_text(json.dumps(tree), "utf-8")
    return path


class StderrHandler(logging.Handler):
    """Writes to what is ``sys.stderr`` at that moment; one that was there before may be closed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:
            self.handleError(record)


def _handler(kind: str, level: str, **arguments: str) -> dict[str, str]:
    return {"class": kind, "level": level, "formatter": _HANDLER, **arguments}
