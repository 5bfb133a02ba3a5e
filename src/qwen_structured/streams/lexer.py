"""The tokens of JSON that comes in pieces, each as soon as it is whole; work is linear in the text.

It is our own because a part is validated from its own text, by Pydantic's JSON validators, so that its bytes
have to be found: ijson, which is as quick, gives values and says not where they stand; json-stream is not fed
but reads; pydantic-core and jiter begin anew with each piece.
"""

from __future__ import annotations

import re
from typing import Final

OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, STRING = b'{}[]"'
SCALAR: Final = 0x30
"""The code of numbers and of ``true``, ``false`` and ``null``; each other token has its first byte's."""
MORE: Final = 0
"""No further token is whole yet."""
BROKEN: Final = -1
"""What stands there begins no token of JSON."""

_TOKEN = re.compile(
    rb"[ \t\n\r]*([,:]?)[ \t\n\r]*"
    rb'(?:([{}\[\]])|("(?:[^"\\]++|\\.)*+")|([-+.0-9A-Za-z]++)(?=[^-+.0-9A-Za-z]))',
    re.DOTALL,
)
_LEAD = re.compile(rb"[ \t\n\r]*([,:]?)[ \t\n\r]*")
_SCALAR_END = re.compile(rb"[^-+.0-9A-Za-z]")
_SCALAR_START = re.compile(rb"[-+.0-9A-Za-z]")


class Lexer:
    """Finds tokens in a text that is fed piece by piece.

    Attributes:
        start: offset of the last token, in bytes of UTF-8 from the beginning of the whole text.
        end: offset behind it.
        separator: what stood before it: ``b","``, ``b":"`` or nothing.
    """

    __slots__ = ("_at", "_bytes", "_dropped", "_lead", "_searched", "end", "separator", "start")

    def __init__(self) -> None:
        self._bytes = bytearray()  # of the text, what is behind the first `_dropped`
        self._dropped = 0
        self._at = 0  # in `_bytes`: what has been read
        self._lead = b""  # the separator before a token that is not whole
        self._searched = 0  # in `_bytes`: up to where the end of such a token was looked for
        self.start = self.end = 0
        self.separator = b""

    def __len__(self) -> int:
        """Bytes that are held."""
        return len(self._bytes)

    def feed(self, piece: str) -> None:
        """Take the next piece of the text."""
        self._bytes += piece.encode("utf-8", "surrogatepass")

    def text(self, start: int, end: int) -> bytes:
        """The text between two offsets, as far as it was not dropped."""
        return bytes(self._bytes[start - self._dropped : end - self._dropped])

    def drop(self, before: int | None = None) -> None:
        """Forget the text before an offset, or all that has been read."""
        count = self._at if before is None else before - self._dropped
        del self._bytes[:count]
        self._dropped += count
        self._at -= count
        self._searched = max(0, self._searched - count)

    def next(self) -> int:
        """Read a token, and give its code; `MORE` or `BROKEN` if there is none."""
        if not self._searched and (found := _TOKEN.match(self._bytes, self._at)):
            group = found.lastindex or 0
            start, end = found.span(group)
            return self._read(start, end, SCALAR if group == 4 else self._bytes[start], found[1])
        return self._rest()

    def _rest(self) -> int:
        """Look for the end of a token that was not whole, where it was not looked for yet."""
        if not self._searched:
            found = _LEAD.match(self._bytes, self._at)
            assert found is not None, "it matches everywhere"
            if self._lead and found[1]:
                return BROKEN
            self._lead, self._at = self._lead or found[1], found.end()
            if self._at == len(self._bytes):
                return MORE
        if self._bytes[self._at] == STRING:
            end, code = self._quote(max(self._searched, self._at + 1)) + 1, STRING
        elif _SCALAR_START.match(self._bytes, self._at):
            delimiter = _SCALAR_END.search(self._bytes, max(self._searched, self._at))
            end, code = delimiter.start() if delimiter else 0, SCALAR
        else:
            end, code = self._at + 1, self._bytes[self._at]
            if code not in b"{}[]":
                return BROKEN
        if not end:
            self._searched = len(self._bytes)
            return MORE
        return self._read(self._at, end, code, b"")

    def _quote(self, start: int) -> int:
        """Where a string ends; -1 if it does not yet."""
        end = self._bytes.find(b'"', start)
        while end >= 0 and self._is_escaped(end):
            end = self._bytes.find(b'"', end + 1)
        return end

    def _is_escaped(self, at: int) -> bool:
        begin = at
        while self._bytes[begin - 1] == 0x5C:
            begin -= 1
        return (at - begin) % 2 == 1

    def _read(self, start: int, end: int, code: int, separator: bytes) -> int:
        if self._lead and separator:
            return BROKEN
        self.separator = self._lead or separator
        self.start, self.end = start + self._dropped, end + self._dropped
        self._at, self._lead, self._searched = end, b"", 0
        return code
