"""The attempts of a stream: as those of any call, until something has been given to the caller."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, TypeVar, cast

from tenacity import RetryCallState

from .._attempts import Attempts
from .._conversation import Ask
from .._truncation import CHARACTERS_PER_TOKEN
from ..exceptions import ProtocolError, QwenStructuredError
from ..protocols import Backend, Completion, Request, Usage
from ..schema import problems
from .tracker import DEEPEST, ClosedPart, Tracker

T = TypeVar("T")

_MOST_CHARACTERS = 4096
"""Of the text that is followed at once, so that a backend that gives all of it at once fills no memory."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was written further.

    Attributes:
        text: the text.
        parts: those that it closed.
    """

    text: str
    parts: list[ClosedPart]


@dataclass(kw_only=True)
class StreamAttempts(Attempts[T]):
    """One stream's attempts.

    What has been given cannot be taken back, so nothing is tried again behind it: then the failure of a
    deployment, an answer that is not valid and one that was cut off end the stream.

    Attributes:
        give: takes what was written, and waits until there is room for it.
        deepest: see `Tracker`.
        gives_text: text is given that closes no part.
    """

    give: Callable[[Batch], Awaitable[None]]
    deepest: int = DEEPEST
    gives_text: bool = False
    _has_given: bool = False
    _tracker: Tracker = field(init=False)
    _written: StringIO = field(default_factory=StringIO)  # of the attempt in work
    _held: list[str] = field(default_factory=list)  # of that, what has not been given
    _pieces: int = 0

    async def flush(self) -> None:
        """Give the text behind the last part."""
        if self._held:
            await self._give([])

    async def _completion(self, backend: Backend, request: Request) -> Completion:
        goes_on = bool(request.prefix)
        if not goes_on:
            self._tracker = Tracker(self.schema.place, self.deepest)
            self._written = StringIO()
            self._held.clear()
        self._pieces = 0
        known = len(request.prefix)
        items = backend.stream(request)
        async with _closing(items):
            async for item in items:
                if isinstance(item, Completion):
                    if not self._pieces:  # the backend gives an answer as a whole
                        await self._follow(item.text[known:])
                    return item
                self._pieces += 1
                await self._follow(item[known:])
                known = max(0, known - len(item))
        raise ProtocolError(f"backend {backend.name!r} ended a stream without its completion")

    async def _follow(self, text: str) -> None:
        for start in range(0, len(text), _MOST_CHARACTERS):
            piece = text[start : start + _MOST_CHARACTERS]
            self._written.write(piece)
            self._held.append(piece)
            parts = self._tracker.feed(piece)
            if self.settings.stop_when_invalid:
                await self._stop_where_invalid(parts)
            if parts or self.gives_text:
                await self._give(parts)

    async def _stop_where_invalid(self, parts: list[ClosedPart]) -> None:
        for number, part in enumerate(parts):
            if part.problems:
                if number:
                    await self._give(parts[:number])
                raise problems.invalid(part.problems, self._written.getvalue())

    async def _give(self, parts: list[ClosedPart]) -> None:
        self._has_given = True
        text = "".join(self._held)
        self._held.clear()
        await self.give(Batch(text, parts))

    # --- what follows an attempt -------------------------------------------------------------

    def _is_asked_again(self, error: QwenStructuredError, ask: Ask) -> bool:
        return not self._has_given and super()._is_asked_again(error, ask)

    def _gives_up(self, state: RetryCallState) -> bool:
        return self._has_given or super()._gives_up(state)

    def _continues(self, error: QwenStructuredError, ask: Ask) -> Ask | None:
        longer = super()._continues(error, ask)
        if longer is None or longer.request.prefix != self._written.getvalue():
            return None  # its last character was written in part, and given
        return longer

    def _unfinished(self, _ask: Ask) -> tuple[str, Usage | None]:
        return (self._written.getvalue(), self._usage_so_far(_ask)) if self._pieces else ("", None)

    def _usage_so_far(self, ask: Ask) -> Usage:
        """About the tokens until now, and hardly more: a piece is at least one, most often."""
        asked = sum(len(message.content) for message in ask.request.messages)
        written = self._written.tell() - len(ask.request.prefix)
        return Usage(asked // CHARACTERS_PER_TOKEN, max(self._pieces, written // CHARACTERS_PER_TOKEN))


def _closing(items: AsyncIterator[Any]) -> AbstractAsyncContextManager[object]:
    """Close an iterator at the end, if it can be closed: that ends the work on the request."""
    return aclosing(cast("Any", items)) if hasattr(items, "aclose") else nullcontext()
