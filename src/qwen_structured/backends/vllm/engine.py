"""The engine through all of its lives: what is open, what state it is in, and when a new one is started."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, perf_counter
from typing import Literal, TypeAlias

from ...exceptions import BackendClosed, BackendError, QwenStructuredError
from ...protocols import Health, Request
from ..sources import ModelSource
from . import asking, errors
from .host import Host, Loaded
from .options import VLLMOptions

_HOUR_S = 3600.0

Work: TypeAlias = "Callable[[Loaded, Job], Awaitable[object]]"
"""What a job does, on the engine's event loop."""


@dataclass(eq=False)
class Job:
    """Something that is asked of the engine.

    Attributes:
        work: does it, on the engine's event loop.
        put: takes what comes of it, or an exception. Called on the engine's thread.
        request: the request that it completes, if it does.
        wakes: it needs the engine awake.
    """

    work: Work
    put: Callable[[object], None]
    request: Request | None = None
    wakes: bool = True
    submitted: float = field(default_factory=perf_counter)
    task: asyncio.Task[None] | None = None

    def answer(self, item: object) -> None:
        """Deliver; a caller whose event loop is gone wants nothing any more."""
        try:
            self.put(item)
        except RuntimeError:
            if self.task is not None:
                self.task.cancel()


class Engine:
    """Hands jobs to vLLM's engine, which it starts for the first of them, and anew when it has died.

    Args:
        source: the model.
        options: of the backend.
        host: makes a life of the engine; tests put their own there.
    """

    def __init__(self, source: ModelSource, options: VLLMOptions, host: Callable[..., Host] = Host) -> None:
        self._source, self._options, self._new_host = source, options, host
        self._lock = threading.RLock()
        self._host: Host | None = None
        self._process = os.getpid()
        self._state: Literal["idle", "loading", "ready", "dead"] = "idle"
        self._detail = f"{source.name} is loaded by the first request"
        self._closed = False
        self._open: set[Job] = set()
        self._deaths: list[float] = []
        self._last_death = ""
        self._started = 0.0
        self._sleep_level = 0
        self._in_work: set[asyncio.Task[None]] = set()  # those that need the engine awake

    # --- from any thread ---------------------------------------------------------------------

    def submit(self, job: Job) -> None:
        """Hand a job over; returns at once.

        Raises:
            BackendClosed: the engine is closed, or belongs to the process that this one was forked from.
            BackendError: it died too often.
        """
        with self._lock:
            if self._closed:
                raise BackendClosed("the backend 'vllm' is closed: make a new generator")
            if self._process != os.getpid():
                raise BackendClosed(
                    "the backend 'vllm' does not survive a fork: make a new generator in the child"
                )
            self._notice_death()
            host = self._host or self._start()
            self._open.add(job)
            host.call(partial(self._begin, host, job))  # before the host can be told to stop

    def cancel(self, job: Job) -> None:
        """End the work on a job, if there is any."""
        with self._lock:
            if job not in self._open:
                return
            host = self._host
            if job.task is None or host is None:
                self._open.discard(job)
                return
        host.call(job.task.cancel)

    def health(self) -> Health:
        """The engine's state."""
        with self._lock:
            self._notice_death()
            requests = sum(1 for job in self._open if job.request is not None)
            state, detail = self._state, self._detail
            slots = self._host.loaded.slots if self._host and self._host.loaded else 0
        if state == "loading":
            detail = f"{detail} for {monotonic() - self._started:.0f} s"
        if state != "ready":
            return Health(state=state, detail=detail, requests=requests)
        if self._sleep_level:
            asleep = f"{self._source.name} is asleep at level {self._sleep_level}; the next request wakes it"
            return Health(state="idle", detail=asleep, requests=requests)
        if requests >= slots:
            busy = f"{slots} requests in work, {requests - slots} in the queue"
            return Health(state="busy", detail=busy, requests=requests)
        return Health(state="ready", detail=detail, requests=requests)

    def close(self) -> None:
        """Fail what is open and end the engine. If it is loading, that is broken off."""
        with self._lock:
            self._closed = True
            self._state, self._detail = "dead", "closed"
            host, self._host = self._host, None
            jobs = list(self._open)
        for job in jobs:
            self._finish(job, _closed())
        if host is not None and self._process == os.getpid():
            atexit.unregister(self.close)
            host.stop()
            host.join()

    # --- its lives ---------------------------------------------------------------------------

    def _start(self) -> Host:
        self._deaths = [death for death in self._deaths if monotonic() - death < _HOUR_S]
        limit = self._options.restart_limit
        if len(self._deaths) > limit:
            raise BackendError(
                f"vLLM's engine died {len(self._deaths)} times within an hour, and restart_limit is {limit}: "
                f"cure the cause, or raise restart_limit. The last time: {self._last_death}"
            )
        self._state, self._detail, self._sleep_level = "loading", f"loading {self._source.name}", 0
        self._started = monotonic()
        self._host = self._new_host(self._source, self._options, self._has_started, self._has_failed)
        self._host.start()
        atexit.unregister(self.close)
        atexit.register(self.close)  # before multiprocessing waits for the engine's processes
        return self._host

    def _has_started(self, host: Host) -> None:
        with self._lock:
            if self._host is host:
                self._state, self._detail = "ready", f"{self._source.name} is loaded"

    def _has_failed(self, host: Host, error: Exception) -> None:
        failure = errors.not_started(self._source.name, host.log_start, error)
        with self._lock:
            if self._host is not host:
                return
            self._host = None
            self._state, self._detail = "idle", str(failure)
            jobs = list(self._open)
        for job in jobs:
            self._finish(job, failure)

    def _notice_death(self) -> None:
        if self._host is not None and self._host.is_dead:
            self._bury(self._host)

    def _bury(self, host: Host) -> None:
        """Take note that an engine died."""
        with self._lock:
            if self._host is host:
                self._host = None
                self._deaths.append(monotonic())
                self._last_death = host.obituary()
                self._state, self._detail = "dead", f"died: {self._last_death}"
                host.stop()

    def _died(self, cause: BaseException | None) -> QwenStructuredError:
        """The error of a request that was in work when the engine died."""
        left = self._options.restart_limit - len(self._deaths) + 1
        next_step = (
            f"The next request starts a new one; restart_limit leaves {left} of them within an hour."
            if left > 0
            else "It is not started again, because restart_limit is reached."
        )
        return errors.died(self._last_death, next_step, cause)

    # --- on the engine's thread --------------------------------------------------------------

    def _begin(self, host: Host, job: Job) -> None:
        with self._lock:
            if job in self._open:
                name = f"qwen-structured-{id(job)}"
                job.task = asyncio.get_running_loop().create_task(self._run(host, job), name=name)

    async def _run(self, host: Host, job: Job) -> None:
        assert host.loaded is not None
        try:
            if job.wakes:
                await self._wake(host.loaded)
                self._keep_awake(job)
            answer = await job.work(host.loaded, job)
        except asyncio.CancelledError:
            # by its caller, who wants no answer; or because the engine was closed, or died
            self._finish(job, _closed() if self._closed else self._died(None))
            raise
        except Exception as error:
            self._finish(job, self._failure(host, job, error))
        else:
            self._finish(job, answer)

    def _failure(self, host: Host, job: Job, error: Exception) -> QwenStructuredError:
        try:
            if errors.is_death(error):
                self._bury(host)
                return self._died(error)
            return errors.mapped(error, job.request)
        except Exception as unmapped:  # a vLLM that has other errors; whoever asked must not wait for ever
            return errors.unknown(error, unmapped)

    def _finish(self, job: Job, answer: object) -> None:
        """Deliver a job's last answer, once."""
        with self._lock:
            if job not in self._open:
                return
            self._open.discard(job)
        job.answer(answer)

    # --- sleep -------------------------------------------------------------------------------

    async def sleep(self, level: int, loaded: Loaded, _: Job) -> None:
        """Let the requests in work end, then put the engine to sleep."""
        async with loaded.waking:
            if self._in_work:
                await asyncio.wait(self._in_work)
            await self._wake_from(loaded)
            await asking.sleep(loaded, level)
            self._sleep_level = level

    async def wake_up(self, loaded: Loaded, _: Job) -> None:
        """Wake the engine, if it sleeps."""
        await self._wake(loaded)

    def _keep_awake(self, job: Job) -> None:
        assert job.task is not None
        self._in_work.add(job.task)
        job.task.add_done_callback(self._in_work.discard)

    async def _wake(self, loaded: Loaded) -> None:
        if self._sleep_level or loaded.waking.locked():
            async with loaded.waking:
                await self._wake_from(loaded)

    async def _wake_from(self, loaded: Loaded) -> None:
        if self._sleep_level:
            await asking.wake_up(loaded, self._sleep_level)
            self._sleep_level = 0


def _closed() -> BackendClosed:
    return BackendClosed("the backend 'vllm' was closed while it worked on the request")
