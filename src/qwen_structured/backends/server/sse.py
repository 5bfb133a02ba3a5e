"""Server-sent events: lines of bytes in, the data of events out.

Source: WHATWG HTML, section 9.2.6 (of its fields, ``data`` alone is used by vLLM and kept here).
"""

from __future__ import annotations

from collections.abc import Iterator

from ...exceptions import AnswerGarbled

_MAX_EVENT_BYTES = 4 * 2**20  # an answer's events are far smaller; a broken server must not fill memory


class EventDecoder:
    r"""Takes the bytes of a stream as they come, and gives the data of each event that is whole.

    Example:
        >>> decoder = EventDecoder()
        >>> list(decoder.feed(b'data: {"a": 1}\n\ndata: [DO'))
        ['{"a": 1}']
        >>> list(decoder.feed(b"NE]\r\n\r\n"))
        ['[DONE]']
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> Iterator[str]:
        """Take the next bytes.

        Raises:
            AnswerGarbled: they are not UTF-8, or an event does not end.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _MAX_EVENT_BYTES:
            raise AnswerGarbled(f"the server sent an event of more than {_MAX_EVENT_BYTES} bytes")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r"))

    def _line(self, line: bytes) -> Iterator[str]:
        if line:
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(_decoded(value.removeprefix(b" ")))
        elif self._data:
            yield "\n".join(self._data)
            self._data.clear()


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise AnswerGarbled(f"the server sent an event that is not UTF-8: {value[:80]!r}") from error
