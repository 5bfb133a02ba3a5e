"""An append-only file of JSON lines that one process writes, and that survives its death at any moment."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Generator, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json, to_json

from ..exceptions import JournalError, JournalInUse
from .locking import lock

_log = logging.getLogger(__name__)

_SYNC_S: Final = 1.0
_PRIVATE: Final = 0o600  # answers may hold what only the owner is to read


class LogFile:
    """Appends lines with one write to the operating system, so that only a death in its midst tears one.

    The kernel has a line when `append` returns, so the process may be killed at any moment. A thread has the
    disk take what is there once a second, so that a crash of the machine costs the last second.

    Args:
        path: of the file; made if it is not there.
        head: first line of a new file; the first line of any other has to have its keys.

    Raises:
        JournalInUse: another process, or another run of this one, has it open.
        JournalError: it cannot be opened, or is no such file.
    """

    def __init__(self, path: Path, head: dict[str, Any]) -> None:
        self.path = path
        self._file = _opened(path)
        try:
            _lock(self._file.fileno(), path)
            self._size = os.fstat(self._file.fileno()).st_size
            self._check(head)
            self._heal()
        except BaseException:
            self._file.close()
            raise
        self._lock = threading.Lock()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync_on, name="journal-sync", daemon=True)
        if self._size == 0:
            self.append(head)
        self._syncer.start()

    def append(self, *lines: dict[str, Any]) -> list[tuple[int, int]]:
        """Write lines together; gives the place of each, and its length in bytes.

        Raises:
            JournalError: it could not be written; what there is of it is taken back.
        """
        texts = [to_json(line) + b"\n" for line in lines]
        data = b"".join(texts)
        with self._lock:
            start = self._size
            try:
                written = 0
                while written < len(data):
                    written += self._file.write(data[written:]) or 0
            except (OSError, ValueError) as error:
                self._take_back(start)
                raise JournalError(
                    f"the journal {str(self.path)!r} cannot be written ({error}): see to its disk, and run "
                    "again: what it has is kept"
                ) from error
            self._size = start + len(data)
        self._dirty.set()
        ends = accumulate(map(len, texts), initial=start)
        return [(at, len(text)) for at, text in zip(ends, texts, strict=False)]

    def read(self, start: int, length: int) -> dict[str, Any]:
        """Read a line back."""
        with self._lock:
            self._file.seek(start)
            line: dict[str, Any] = from_json(self._file.read(length))
        return line

    def lines(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """All lines behind the first, each with its place and length; damaged ones are left out and said."""
        damaged: list[int] = []
        for number, (start, raw) in enumerate(self._raw_lines(), start=1):
            line = parsed(raw)
            if line is None:
                damaged.append(number)
            elif number > 1:
                yield start, len(raw), line
        if damaged:
            _log.warning(
                "the journal %r has %d damaged lines, the first is line %d: their items are asked for again",
                str(self.path),
                len(damaged),
                damaged[0],
            )

    def close(self) -> None:
        """Have the disk take everything, and let the lock go."""
        self._closing.set()
        self._dirty.set()
        if self._syncer.is_alive():
            self._syncer.join()
        with self._lock:
            if not self._file.closed:
                self._sync()
                self._file.close()

    # --- opening -----------------------------------------------------------------------------

    def _raw_lines(self) -> Generator[tuple[int, bytes]]:
        start = 0
        with self.path.open("rb") as file:
            for raw in file:
                yield start, raw
                start += len(raw)

    def _check(self, head: dict[str, Any]) -> None:
        """Refuse a file of another kind, which a line more would spoil."""
        first = next(self._raw_lines(), (0, b""))[1]
        found = parsed(first)
        torn = not first.endswith(b"\n") and to_json(head).startswith(first[: len(next(iter(head))) + 4])
        if first and not torn and not (found and head.keys() <= found.keys()):
            raise JournalError(
                f"{str(self.path)!r} is not a journal (it begins {first[:60]!r}): name another file"
            )

    def _heal(self) -> None:
        """Cut off a last line that was torn; end one that lacks nothing but its end."""
        start, last = 0, b""
        for start, last in self._raw_lines():  # noqa: B007 - the last one is meant
            pass
        if not last or last.endswith(b"\n"):
            return
        if parsed(last) is not None:
            self._file.write(b"\n")
            self._size += 1
        else:
            self._take_back(start)

    def _take_back(self, size: int) -> None:
        self._file.truncate(size)
        self._size = size

    # --- the disk ----------------------------------------------------------------------------

    def _sync_on(self) -> None:
        while not self._closing.wait(_SYNC_S):
            if self._dirty.is_set():
                self._dirty.clear()
                self._sync()
            else:
                self._dirty.wait()

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
        except OSError as error:  # a file that has no disk, such as a pipe; or the disk is broken
            _log.warning("the journal %r cannot be synced: %s", str(self.path), error)


def _opened(path: Path) -> Any:
    try:
        return open(path, "a+b", buffering=0, opener=lambda name, flags: os.open(name, flags, _PRIVATE))
    except OSError as error:
        raise JournalError(
            f"the journal {str(path)!r} cannot be opened ({error.strerror}): name a file that can be written"
        ) from error


def _lock(descriptor: int, path: Path) -> None:
    try:
        lock(descriptor)
    except (BlockingIOError, PermissionError) as error:
        raise JournalInUse(
            f"another run has the journal {str(path)!r} open: wait until it has ended, or name another file"
        ) from error
    except OSError as error:
        raise JournalError(
            f"the journal {str(path)!r} cannot be locked ({error.strerror}), so that two runs could write to "
            "it: put it on a file system that has locks"
        ) from error


def parsed(raw: bytes) -> dict[str, Any] | None:
    """The JSON object of a line; None if it is damaged."""
    try:
        line = from_json(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
