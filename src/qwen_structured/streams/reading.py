"""What callers hold: a stream that is read by iteration, in both colours."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from types import TracebackType
from typing import Any, Generic, Self

import anyio
from typing_extensions import TypeVar

from .. import _portal
from .._partial import Partial
from ..exceptions import ConfigurationError, QwenStructuredError
from ..protocols import Ledger, Result
from ..schema import OutputSchema, problems
from .attempts import Batch
from .places import Typed
from .production import Production
from .tracker import ClosedPart

T_co = TypeVar("T_co", covariant=True)
Item = TypeVar("Item")
V = TypeVar("V")


class _Reading(Generic[T_co]):
    """What both colours know of a stream."""

    def __init__(self, schema: OutputSchema[T_co], production: Production[T_co]) -> None:
        self._schema = schema
        self._production = production
        self._taken: deque[tuple[str, ClosedPart | None]] = deque()  # and not given to the caller yet
        self._partial: Partial[T_co] = Partial(schema.lowered, parts_of=schema.parts)
        self._is_entered = self._is_begun = self._is_closed = False

    @property
    def partial(self) -> Partial[T_co]:
        """What there is so far: always the same object, which grows while the stream is read."""
        return self._partial

    @property
    def ledger(self) -> Ledger:
        """The account of its attempts so far; that of a stream that was left early has an estimate of it."""
        return Ledger(self._production.made)

    def _follow(self, *, deepest: int | None = None, gives_text: bool = False) -> None:
        """Say what is to be given; only before anything is.

        Raises:
            ConfigurationError: the stream was begun in another way, or not entered, or left.
        """
        verb = "async with astream(...)" if isinstance(self, AsyncStream) else "with stream(...)"
        if not self._is_entered or self._is_closed:
            raise ConfigurationError(f"the stream is not open: read it within a block `{verb} as parts:`")
        if deepest is None and not gives_text:
            return
        if self._is_begun:
            raise ConfigurationError("the stream is being read already: take items() or partials() first")
        if gives_text:
            self._production.follow(gives_text=True)
        elif deepest is not None:
            self._production.follow(deepest=deepest)

    def _check_has_items(self) -> None:
        shape = self._schema.place.shape("array")
        if not any(isinstance(place, Typed) for place in (*shape.fields.values(), shape.others)):
            raise ConfigurationError(
                "the stream has no items: its output type is no list, or one whose items are not validated "
                "by themselves; iterate over the stream itself, for its parts"
            )

    def _take(self, batches: Sequence[Batch]) -> None:
        for text, parts in ((batch.text, batch.parts) for batch in batches):
            first = parts[0] if parts else None
            self._taken.append((text, first))
            self._taken.extend(("", part) for part in parts[1:])

    def _next_taken(self) -> ClosedPart | None:
        """The next part that was taken, which `partial` has from now on."""
        while self._taken:
            text, part = self._taken.popleft()
            self._partial.add(text, () if part is None else (part,))
            if part is not None:
                return part
        return None

    def _pass_over(self) -> None:
        while self._next_taken() is not None:
            pass

    def _raise_error(self) -> None:
        """Raise what ended the stream, with all that there was."""
        error = self._production.error
        if isinstance(error, QwenStructuredError):
            error.partial = self._partial
        if error is not None:
            raise error

    def _item(self, part: ClosedPart) -> Any:
        if part.problems:
            error = problems.invalid(part.problems, self._partial.text)
            error.partial, error.attempts = self._partial, self._production.made
            raise error
        return part.value

    def _result(self) -> Result[T_co]:
        result = self._production.result
        if result is None:
            raise ConfigurationError(
                "the stream was left before its value was whole: call result() within its block"
            )
        return result


class Stream(_Reading[T_co]):
    """An answer while it is written; made by `stream`, and read within a ``with`` block.

    It is read once, in one of four ways: by iteration over it, for its closed parts; by `items`, for the
    items of a list; by `partials`, for what there is after each piece of text; or by `result`. The first
    three may be left at any time; the end of the block ends the work on the request. `result` reads the rest.

    Raises:
        QwenStructuredError: when it is read, as `generate` does, with `partial` on it.
    """

    def __enter__(self) -> Self:
        self._is_entered = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the work on the request, if it is not done."""
        if not self._is_closed:
            self._is_closed = True
            if self._is_begun:
                _portal.call(self._production.cancel)

    def __iter__(self) -> Iterator[ClosedPart]:
        return self

    def __next__(self) -> ClosedPart:
        """Wait for the next part that is closed."""
        self._follow()
        while (part := self._next_taken()) is None:
            if not self._read():
                raise StopIteration
        return part

    def partials(self) -> Iterator[Partial[T_co]]:
        """Give what there is, each time when more has been written: always the same object, `partial`."""
        self._follow(gives_text=True)
        return iter(self._next_partial, None)

    def _next_partial(self) -> Partial[T_co] | None:
        there = self._read()
        self._pass_over()
        return self._partial if there else None

    def items(self: Stream[Collection[Item]]) -> Iterator[Item]:
        """Give the items of a list, set or tuple, each as soon as it is closed and validated.

        Raises:
            ConfigurationError: the output type is none.
            OutputInvalid: an item is not valid; to go on behind it, iterate over the parts.
        """
        self._check_has_items()
        self._follow(deepest=1)
        return map(self._item, self)

    def result(self) -> Result[T_co]:
        """Read the rest, and give the value with its attempts, tokens, timings and fidelity."""
        if not self._is_closed:
            self._follow()
            while self._next_partial() is not None:
                pass
        return self._result()

    def _read(self) -> bool:
        """Wait for more; whether there is."""
        if not self._is_begun:
            self._is_begun = True
            _portal.call(self._production.open)
            _portal.start(self._production.run)
        batches = _portal.call(self._production.take)
        self._take(batches)
        if not batches:
            self._raise_error()
        return bool(batches)


class AsyncStream(_Reading[T_co]):
    """An answer while it is written; the async twin of `Stream`, read within an ``async with`` block."""

    async def __aenter__(self) -> Self:
        self._is_entered = True
        self._group = anyio.create_task_group()
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
        if isinstance(error, anyio.get_cancelled_exc_class()):
            await self._group.__aexit__(kind, error, trace)
        else:  # an error of the block is the caller's, and not the group's
            await self._group.__aexit__(None, None, None)

    async def aclose(self) -> None:
        """End the work on the request, if it is not done."""
        if not self._is_closed:
            self._is_closed = True
            if self._is_begun:
                await self._production.cancel()

    def __aiter__(self) -> AsyncIterator[ClosedPart]:
        return self

    async def __anext__(self) -> ClosedPart:
        """Wait for the next part that is closed."""
        self._follow()
        while (part := self._next_taken()) is None:
            if not await self._read():
                raise StopAsyncIteration
        return part

    def partials(self) -> AsyncIterator[Partial[T_co]]:
        """Give what there is, each time when more has been written; see `Stream.partials`."""
        self._follow(gives_text=True)
        return _Each(self._next_partial)

    async def _next_partial(self) -> Partial[T_co]:
        there = await self._read()
        self._pass_over()
        if not there:
            raise StopAsyncIteration
        return self._partial

    def items(self: AsyncStream[Collection[Item]]) -> AsyncIterator[Item]:
        """Give the items of a list, set or tuple; see `Stream.items`."""
        self._check_has_items()
        self._follow(deepest=1)

        async def next_item() -> Item:
            item: Item = self._item(await anext(self))
            return item

        return _Each(next_item)

    async def result(self) -> Result[T_co]:
        """Read the rest, and give the value with its attempts; see `Stream.result`."""
        if not self._is_closed:
            self._follow()
            while await self._read():
                self._pass_over()
            self._pass_over()
        return self._result()

    async def _read(self) -> bool:
        """Wait for more; whether there is."""
        if not self._is_begun:
            self._is_begun = True
            await self._production.open()
            self._group.start_soon(self._production.run)
        batches = await self._production.take()
        self._take(batches)
        if not batches:
            self._raise_error()
        return bool(batches)


class _Each(AsyncIterator[V]):
    """What a function gives, until it raises `StopAsyncIteration`; no generator, which would want closing."""

    def __init__(self, give: Callable[[], Awaitable[V]]) -> None:
        self._give = give

    async def __anext__(self) -> V:
        return await self._give()
