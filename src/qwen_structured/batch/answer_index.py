"""Where a journal has its answers, by their keys, in little memory however many there are."""

from __future__ import annotations

import sqlite3
from typing import Final

_CACHE_KIB: Final = 8192
_AT_ONCE: Final = 4096  # one transaction for all of them is a third of the cost of one for each


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
        self._recent: dict[bytes, tuple[int, int, int]] = {}  # that are not in the database yet

    def add(self, key: bytes, start: int, length: int, file: int) -> None:
        """Keep the place of an answer: a later one of the same key takes the earlier one's over."""
        self._recent[key] = (start, length, file)
        if len(self._recent) >= _AT_ONCE:
            self._settle()

    def _settle(self) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
            ((key, *place) for key, place in self._recent.items()),
        )
        self._database.execute("COMMIT")
        self._recent.clear()

    def find(self, key: bytes) -> tuple[int, int, int] | None:
        """The place, the length and the file of an answer, if there is one."""
        if (recent := self._recent.get(key)) is not None:
            return recent
        found: tuple[int, int, int] | None = self._database.execute(
            "SELECT start, length, file FROM answers WHERE key = ?", (key,)
        ).fetchone()
        return found

    def close(self) -> None:
        """Forget all."""
        self._database.close()
