"""One stream's task, which asks the backend and follows the text, and the way from it to the caller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import anyio

from ..protocols import Attempt, Result
from .attempts import Batch, StreamAttempts
from .tracker import DEEPEST

T = TypeVar("T")

_MOST_BATCHES = 64
"""That wait for the caller; then the backend's stream is not read further until some are taken."""


class Production(Generic[T]):
    """Makes what a stream gives, as fast as the caller takes it.

    Args:
        attempts: makes the attempts, whose batches go to the function that it is given.
        result_of: makes the result of the value.
    """

    def __init__(
        self,
        attempts: Callable[[Callable[[Batch], Awaitable[None]]], StreamAttempts[T]],
        result_of: Callable[[StreamAttempts[T], T], Result[T]],
    ) -> None:
        self._attempts = attempts(self._give)
        self._result_of = result_of
        self.result: Result[T] | None = None
        self.error: Exception | None = None

    def follow(self, *, deepest: int = DEEPEST, gives_text: bool = False) -> None:
        """Say what is to be given, before it runs; see `StreamAttempts`."""
        self._attempts.deepest, self._attempts.gives_text = deepest, gives_text

    @property
    def made(self) -> tuple[Attempt, ...]:
        """The attempts so far."""
        return tuple(self._attempts.made)

    async def open(self) -> None:
        """Make the way to the caller, on the event loop that it runs on."""
        self._scope, self._ended = anyio.CancelScope(), anyio.Event()
        self._to_caller, self._from_task = anyio.create_memory_object_stream[Batch](_MOST_BATCHES)

    async def run(self) -> None:
        """Make the value; an error is kept for the caller."""
        try:
            with self._scope:
                await self._make()
        finally:
            self._to_caller.close()
            self._ended.set()

    async def _make(self) -> None:
        try:
            value = await self._attempts.run()
            self.result = self._result_of(self._attempts, value)
        except Exception as error:  # also one of a validator, which is the caller's
            self.error = error
        await self._attempts.flush()

    async def _give(self, batch: Batch) -> None:
        try:
            self._to_caller.send_nowait(batch)
        except anyio.WouldBlock:
            await self._to_caller.send(batch)

    async def take(self) -> list[Batch]:
        """Wait for what is there, and take all of it; nothing at the end."""
        batches: list[Batch] = []
        try:
            batches.append(await self._from_task.receive())
            while True:
                batches.append(self._from_task.receive_nowait())
        except (anyio.EndOfStream, anyio.WouldBlock):
            return batches

    async def cancel(self) -> None:
        """End the work on the request, and wait until it has ended."""
        self._scope.cancel()
        with anyio.CancelScope(shield=True):
            await self._ended.wait()
        self._from_task.close()
