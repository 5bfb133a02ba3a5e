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
        self._seen = _Seen()
        self._recent: dict[bytes, tuple[int, int, int]] = {}  # that are not in the database yet

    def add(self, key: bytes, start: int, length: int, file: int) -> None:
        """Keep the place of an answer: a later one of the same key takes the earlier one's over."""
        self._seen.add(key)
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
        if key not in self._seen:
            return None
        if (recent := self._recent.get(key)) is not None:
            return recent
        found: tuple[int, int, int] | None = self._database.execute(
            "SELECT start, length, file FROM answers WHERE key = ?", (key,)
        ).fetchone()
        return found

    def close(self) -> None:
        """Forget all."""
        self._database.close()


class _Seen:
    """A filter of Bloom's, by which nearly no key is looked for that was never added.

    A look at SQLite gives the interpreter away each time. The filter has 8 bits for each of a million keys,
    of which 3 are set for a key; so of keys that were not added it takes 3 in 100 for known by then, and more
    beyond that.

    Source: Bloom, Space/Time Trade-offs in Hash Coding with Allowable Errors, CACM 13(7), 1970.
    """

    def __init__(self) -> None:
        self._bits = bytearray(2**20)

    def add(self, key: bytes) -> None:
        for byte, bit in _places(key):
            self._bits[byte] |= bit

    def __contains__(self, key: bytes) -> bool:
        return all(self._bits[byte] & bit for byte, bit in _places(key))


def _places(key: bytes) -> list[tuple[int, int]]:
    number = int.from_bytes(key[:9], "little")
    return [(number >> shift + 3 & 0xFFFFF, 1 << (number >> shift & 7)) for shift in (0, 24, 48)]
