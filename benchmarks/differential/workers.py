"""Run a job on many items in processes with a limit of time and of memory.

Some schemas make some engines run for hours or take all memory, in code that Python cannot interrupt; so the
job runs in a worker that can be killed.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar, cast

Item = TypeVar("Item")
Result = TypeVar("Result")

_MEMORY_BYTES = 6 * 2**30
_PROCESSES = multiprocessing.get_context("spawn")  # torch has threads, which a fork would lose


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no result: too much time, or the process died."""

    why: str


def run_all(
    prepare: Callable[[], Callable[[Item], Result]],
    items: Sequence[Item],
    *,
    limit_s: float,
    processes: int = 2,
) -> list[Result | Lost]:
    """Run a job on every item, each within the limit.

    Args:
        prepare: makes the job, in every process once and before time counts; it has to be picklable.
        items: picklable, too.
        limit_s: after which a worker is killed, and its item lost.
        processes: how many run at once.

    Returns:
        The results in the order of the items.
    """
    results: dict[int, Result | Lost] = {}
    pending = deque(enumerate(items))
    workers: list[_Worker[Item, Result]] = [
        _Worker(prepare, limit_s) for _ in range(min(processes, len(items)))
    ]
    while len(results) < len(items):
        for worker in workers:
            if worker.index is None and pending:
                worker.start(*pending.popleft())
        _collect(workers, results)
    for worker in workers:
        worker.kill()
    return [results[index] for index in range(len(items))]


def _collect(workers: Sequence[_Worker[Item, Result]], results: dict[int, Result | Lost]) -> None:
    """Wait until a worker has a result, has died or is over its time, and take what there is."""
    busy = [worker for worker in workers if worker.index is not None]
    wait([worker.connection for worker in busy], max(0.0, min(w.deadline for w in busy) - monotonic()))
    for worker in busy:
        result = worker.result()
        if result is not None and worker.index is not None:
            results[worker.index] = result
            worker.index = None


class _Worker(Generic[Item, Result]):
    """A process that does one item after the other, started again where it has to be killed."""

    def __init__(self, prepare: Callable[[], Callable[[Item], Result]], limit_s: float) -> None:
        self.index: int | None = None
        self.deadline = 0.0
        self._prepare = prepare
        self._limit_s = limit_s
        self._launch()

    def start(self, index: int, item: Item) -> None:
        self.index = index
        self.deadline = monotonic() + self._limit_s
        self.connection.send(item)

    def result(self) -> Result | Lost | None:
        """The result, or None while the worker has time left."""
        if self.connection.poll():
            try:
                return cast(Result, self.connection.recv())
            except EOFError:
                return self._lost("the process died")
        return self._lost(f"over {self._limit_s:g} s") if monotonic() >= self.deadline else None

    def kill(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()

    def _lost(self, why: str) -> Lost:
        self.kill()
        self._launch()
        return Lost(why)

    def _launch(self) -> None:
        self.connection, theirs = _PROCESSES.Pipe()
        self._process: BaseProcess = _PROCESSES.Process(
            target=_work, args=(theirs, self._prepare), daemon=True
        )
        self._process.start()
        theirs.close()
        self.connection.recv()  # it is prepared


def _work(connection: Connection, prepare: Callable[[], Callable[[Any], Any]]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    job = prepare()
    _silence()
    connection.send(None)
    while True:
        try:
            connection.send(job(connection.recv()))
        except EOFError:
            return


def _silence() -> None:
    """Keep this process's errors to itself: XGrammar warns of every keyword that it ignores."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
