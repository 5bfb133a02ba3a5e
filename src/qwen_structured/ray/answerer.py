"""What an actor does: it answers the rows of its batches, all in one run of `agenerate_many`."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeAlias

import pyarrow

from ..batch.items import Item, Outcome
from ..exceptions import BackendClosed
from .columns import Columns
from .job import Job, JobGenerator

_Asked: TypeAlias = "Future[Outcome[Any]]"


class RowAnswerer:
    """Answers batches of rows. Ray makes one in each actor, and calls it from several threads.

    One generator and one run last as long as the actor, whatever batches come: what was found out of the
    deployment is kept from one to the next, the rows of a batch need not wait for the last of the one before,
    and the journal is opened once.

    Args:
        job: what to do.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._lock = threading.Lock()
        self._asked: set[_Asked] = set()  # what has no outcome yet
        self._end: BaseException | None = None
        self._columns: Columns | None = None
        self._loop = asyncio.new_event_loop()
        self._items: asyncio.Queue[Item[Any] | None] = asyncio.Queue()
        self._thread = threading.Thread(target=self._run, name="qwen-structured-rows", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """Answer a batch: its columns, and those of the outcomes.

        Raises:
            QwenStructuredError: one that every further row would have ended with too.
            Exception: what a validator or a backend of the user's raised.
        """
        asked = [self._ask(prompt) for prompt in self._job.prompts(batch)]
        outcomes = [one.result() for one in asked]
        if self._columns is None:
            self._columns = Columns(self._job.type_of_values())
        return self._columns.table(batch, outcomes)

    def _ask(self, prompt: Any) -> _Asked:
        asked: _Asked = Future()
        with self._lock:
            if self._end is not None:
                raise self._end
            self._asked.add(asked)
            self._loop.call_soon_threadsafe(self._items.put_nowait, Item(prompt, data=asked))
        return asked

    def close(self) -> None:
        """End the run when what is asked is answered, and give up what the backends hold."""
        atexit.unregister(self.close)
        with suppress(RuntimeError):  # the run has ended already
            self._loop.call_soon_threadsafe(self._items.put_nowait, None)
        self._thread.join()

    # --- the run -----------------------------------------------------------------------------

    def _run(self) -> None:
        """Answer, until an error ends it: here, not in `__init__`, where Ray would start an actor again."""
        try:
            self._loop.run_until_complete(self._answer_all())
            self._fail(BackendClosed("the actor is closed: begin another job"))
        except BaseException as error:
            self._fail(error)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            self._end = error
        for one in self._asked:
            one.set_exception(error)

    async def _answer_all(self) -> None:
        generator = JobGenerator(self._job)
        kind, options = self._job.type_of_values(), self._job.many_options()
        async with generator, generator.agenerate_many(kind, self._given(), **options) as batch:
            async for outcome in batch:
                if not outcome.ok and (stopped := batch.summary.stopped_by) is not None:
                    raise stopped
                asked: _Asked = outcome.item.data
                with self._lock:
                    self._asked.discard(asked)
                asked.set_result(outcome)

    async def _given(self) -> AsyncIterator[Item[Any]]:
        while (item := await self._items.get()) is not None:
            yield item
