"""Tells the user what a request waits for while nothing is warm: a line on stderr, a phase at a time."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TextIO, TypeAlias

import anyio

from ...protocols import Health
from .starts import Start

_POLL_S = 2.0
_REWRITE = "\r\033[K"
"""Goes back to the begin of a terminal's line, and empties it."""

_STALE_S = 4 * 3600.0
"""A start that began longer ago is not the one that is waited for."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What Modal says of a class.

    Attributes:
        containers: containers that start or run.
        queued: requests that no container has taken.
        running: requests in work.
        start: the newest start; None if none is known.
    """

    containers: int
    queued: int
    running: int
    start: Start | None

    @property
    def starts(self) -> bool:
        """Whether a container is on its way."""
        if self.containers == 0:
            return self.queued > 0
        return self.start is not None and self.start.phase in ("loading weights", "compiling")

    def health(self, requests: int) -> Health:
        """The state of the class; `requests` are the caller's own."""
        line = self.line(time.time())
        if self.start is not None and self.start.phase == "failed" and self.containers:
            return Health(state="dead", detail=line, requests=requests)
        if self.starts:
            return Health(state="loading", detail=line, requests=requests)
        if self.containers == 0:
            return Health(state="idle", detail="the next request starts a container", requests=requests)
        state: Literal["busy", "ready"] = "busy" if self.queued else "ready"
        return Health(state=state, detail=f"{self.containers} containers, {line}", requests=requests)

    def line(self, now: float) -> str:
        """One line for people."""
        start = self.start
        if self.containers == 0:
            expected = _expected(start.durations_s.get("total", start.expected_s) if start else None)
            return f"waiting for a machine, {self.queued} requests in the queue{expected}"
        if start is None or now - start.began > _STALE_S:
            return "starting a container"
        if start.phase == "failed":
            return f"the start failed: {start.detail}"
        if start.phase == "ready":
            return f"{self.running} requests in work, {self.queued} in the queue"
        expected = _expected(start.expected_s, now - start.began)
        return f"{start.phase} for {now - start.phase_began:.0f} s{expected}"


Look: TypeAlias = Callable[[], Awaitable[Situation]]


class Herald:
    """Says on a stream what is waited for, once a phase; on a terminal it rewrites one line.

    Args:
        name: of the class.
        stream: where to.
    """

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name, self._stream = name, stream or sys.stderr
        self._said = ""
        self._begun = time.monotonic()

    def say(self, situation: Situation) -> None:
        """Say it, unless a phase was told already or nothing starts."""
        if not situation.starts:
            return
        line = situation.line(time.time())
        phase = line.split(" for ")[0]
        if self._stream.isatty():
            self._write(line, "")
        elif phase != self._said:
            self._write(line, "\n")
        self._said = phase

    def end(self) -> None:
        """Say how long it took, if anything was said."""
        if not self._said:
            return
        self._write(f"it took {time.monotonic() - self._begun:.0f} s", "\n")

    def _write(self, line: str, end: str) -> None:
        before = _REWRITE if self._stream.isatty() else ""
        self._stream.write(f"{before}qwen-structured: {self._name}: {line}{end}")
        self._stream.flush()


async def watch(look: Look, herald: Herald, after_s: float) -> None:
    """Look again and again, and say what there is, until it is cancelled."""
    await anyio.sleep(after_s)
    while True:
        herald.say(await look())
        await anyio.sleep(_POLL_S)


def _expected(seconds: float | None, past_s: float = 0.0) -> str:
    if seconds is None:
        return ""
    left_s = seconds - past_s
    return f"; the last start took {seconds:.0f} s" + (
        f", so about {left_s:.0f} s more" if left_s > 0 else ""
    )
