"""What a starting container tells those who wait: its phase, since when, and how long the last start took.

It stands in a dict on Modal, because a container that starts answers no calls yet.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

Phase: TypeAlias = Literal["loading weights", "compiling", "ready", "failed"]

_DICT_SUFFIX = "-starts"
_COMPILING = ("Model loading took", "Loading weights took")
"""Lines of vLLM's log after which it compiles. Source: vLLM 0.32, v1/worker/gpu_model_runner.py."""


def dict_name(app: str) -> str:
    """Name of the dict of an app."""
    return f"{app}{_DICT_SUFFIX}"


@dataclass(frozen=True, slots=True)
class Start:
    """The newest start of a class's containers.

    Attributes:
        phase: what it does.
        began: when, in seconds since 1970.
        phase_began: when the phase began.
        durations_s: seconds of each phase that it has finished, and ``total`` once it is ready.
        expected_s: seconds of the whole start before this one; None if there was none.
        version: of this package in the container.
        detail: why it failed, if it did.
    """

    phase: Phase
    began: float
    phase_began: float
    durations_s: Mapping[str, float] = field(default_factory=dict)
    expected_s: float | None = None
    version: str = ""
    detail: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Start | None:
        """Make it of what stands in the dict."""
        return cls(**data) if data else None


class Recorder:
    """Records the start of this container.

    Args:
        put: writes the newest state; its failure must not fail the start.
        before: the start before.
        now: the time, in seconds since 1970.
        version: of this package.
    """

    def __init__(
        self,
        put: Callable[[dict[str, Any]], Awaitable[None]],
        before: Start | None,
        now: Callable[[], float],
        version: str,
    ) -> None:
        self._put, self._now = put, now
        expected_s = None
        if before is not None:
            expected_s = before.durations_s.get("total", before.expected_s)
        self._start = Start("loading weights", now(), now(), expected_s=expected_s, version=version)

    async def begin(self) -> None:
        """The weights are being loaded."""
        await self._put(asdict(self._start))

    async def said(self, log: str) -> None:
        """Take note of what the engine has logged."""
        if self._start.phase == "loading weights" and any(line in log for line in _COMPILING):
            await self._enter("compiling")

    async def ready(self) -> None:
        """The container takes requests."""
        await self._enter("ready")

    async def failed(self, why: str) -> None:
        """The container cannot take requests."""
        await self._enter("failed", why)

    async def _enter(self, phase: Phase, detail: str = "") -> None:
        now, before = self._now(), self._start
        durations = {**before.durations_s, before.phase: now - before.phase_began}
        if phase == "ready":
            durations["total"] = now - before.began
        self._start = Start(phase, before.began, now, durations, before.expected_s, before.version, detail)
        await self._put(asdict(self._start))
