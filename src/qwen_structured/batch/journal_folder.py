"""A folder of journals, for runs that are at work at once: each writes one, and goes on from all of them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from typing_extensions import override

from ..exceptions import JournalError
from .journal import Journal
from .log_file import parsed

_SUFFIX: Final = ".jsonl"
_REREAD_S: Final = 1.0


class JournalFolder(Journal):
    """A journal of its own in a folder of journals, all of whose answers it has.

    What other runs append is read when an answer is looked for that is not there, once a second at most. So
    nothing is asked for again whose answer stood in a file of the folder a second before. Two runs that are
    at work on equal items at the same time may both ask for them.

    Args:
        folder: where the files are; on a file system that all machines of the runs share.
        model: see `Journal`.
        accept_schema_change: see `ManyOptions`.

    Raises:
        JournalError: it cannot be used, or a file in it is no journal.
    """

    def __init__(self, folder: Path, model: str, *, accept_schema_change: bool) -> None:
        self._folder = folder
        self._ends: dict[Path, int] = {}  # how far each file of the others is read, in the order of the index
        own = folder / f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}{_SUFFIX}"
        super().__init__(own, model, accept_schema_change=accept_schema_change)

    @override
    def _read(self, path: Path) -> None:
        super()._read(path)
        self._read_others()

    def _read_others(self) -> None:
        for path in sorted(self._folder.glob(f"*{_SUFFIX}"), key=_changed_at):
            if path != self._file.path and path.stat().st_size > self._ends.setdefault(path, 0):
                self._take(path, self._new_lines(path), file=1 + list(self._ends).index(path))
        self._read_at = monotonic()

    def _new_lines(self, path: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Whole lines that are not read yet; one that was torn, or is being written, is none."""
        with path.open("rb") as file:
            file.seek(self._ends[path])
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                start, self._ends[path] = self._ends[path], self._ends[path] + len(raw)
                line = parsed(raw)
                if start == 0:
                    _check_head(path, line)
                elif line is not None:
                    yield start, len(raw), line

    @override
    def _line(self, key: bytes) -> dict[str, Any] | None:
        place = self._index.find(key)
        if place is None and monotonic() - self._read_at > _REREAD_S:
            self._read_others()
            place = self._index.find(key)
        if place is None or place[2] == 0:
            return None if place is None else self._file.read(*place[:2])
        start, length, number = place
        with list(self._ends)[number - 1].open("rb") as file:
            file.seek(start)
            return parsed(file.read(length))


def _changed_at(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name


def _check_head(path: Path, line: dict[str, Any] | None) -> None:
    if line is None or "journal" not in line:
        raise JournalError(
            f"{str(path)!r} is not a journal: move it out of the folder, or name another folder for journals"
        )
