"""Where a journal has its answers, by their keys, in little memory however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_CACHE_KIB: Final = 8192


class AnswerIndex:
    """Places in files by keys.

    It is a database of SQLite's without a name: what its cache does not hold is in a temporary file, which
    goes with the process.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(
            "CREATE TABLE answers (key BLOB PRIMARY KEY, start INTEGER, length INTEGER, file INTEGER) "
            "WITHOUT ROWID"
        )

    @contextmanager
    def filling(self) -> Generator[None]:
        """Add many at once, which is quicker."""
        self._database.execute("BEGIN")
        yield
        self._database.execute("COMMIT")

    def add(self, *places: tuple[bytes, int, int, int]) -> None:
        """Keep places of answers: key, start, length, file. A later one takes an earlier one's over."""
        self._database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", places)

    def find(self, key: bytes) -> tuple[int, int, int] | None:
        """The place, the length and the file of an answer, if there is one."""
        found: tuple[int, int, int] | None = self._database.execute(
            "SELECT start, length, file FROM answers WHERE key = ?", (key,)
        ).fetchone()
        return found

    def close(self) -> None:
        """Forget all."""
        self._database.close()
