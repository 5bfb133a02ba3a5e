"""Where vLLM's engine spends a step, with masks filled early or by vLLM: a scheduler that says so.

`benchmarks.vllm_backend` passes it to vLLM as ``scheduler_cls``, and tells it through files what is measured:
the engine is another process. Whenever no request is in work it reads the file named by the environment
variable ``STEP_CONTROL``, JSON with a ``name`` and whether masks are filled ``early``; if it has changed, it
appends to the file named by ``STEP_TIMES`` what the steps under the former name took: mean milliseconds of a
step, and of planning it, filling its masks and taking in its tokens. What is left of a step is preparing,
launching and sampling the batch, and waiting for the GPU.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

from vllm.v1.core.sched.async_scheduler import AsyncScheduler

from qwen_structured.backends.vllm.scheduler import EarlyMaskScheduler


class TimedScheduler(EarlyMaskScheduler):
    """The scheduler with early masks, timed; or vLLM's own, if it is told so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._control = Path(os.environ["STEP_CONTROL"])
        self._told = ""
        self._name, self._early = "", True
        self._steps, self._last_s = 0, 0.0
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def schedule(self, *args: Any, **kwargs: Any) -> Any:
        """Plan a step."""
        if not self.running:
            self._read_control()
        now = perf_counter()
        if self._last_s and self.running:
            self._seconds["step"] += now - self._last_s
            self._steps += 1
        self._last_s = now if self.running else 0.0
        return self._timed("schedule", super().schedule, *args, **kwargs)

    def get_grammar_bitmask(self, *args: Any, **kwargs: Any) -> Any:
        """Fill, or wait for, the masks of a step."""
        return self._timed("masks", super().get_grammar_bitmask, *args, **kwargs)

    def update_from_output(self, *args: Any, **kwargs: Any) -> Any:
        """Take in the tokens of a step."""
        update = super().update_from_output if self._early else self._update_late
        return self._timed("tokens", update, *args, **kwargs)

    def _update_late(self, *args: Any, **kwargs: Any) -> Any:
        return AsyncScheduler.update_from_output(self, *args, **kwargs)

    def _timed(self, part: str, method: Any, *args: Any, **kwargs: Any) -> Any:
        begun = perf_counter()
        try:
            return method(*args, **kwargs)
        finally:
            self._seconds[part] += perf_counter() - begun

    def _read_control(self) -> None:
        told = self._control.read_text() if self._control.exists() else ""
        if told == self._told:
            return
        if self._steps:
            means = {part: round(1e3 * s / self._steps, 2) for part, s in self._seconds.items()}
            line = json.dumps({"name": self._name, "steps": self._steps, "ms": means})
            with Path(os.environ["STEP_TIMES"]).open("a") as file:
                file.write(line + "\n")
        self._told = told
        self._name, self._early = (json.loads(told)[key] for key in ("name", "early"))
        self._steps, self._last_s = 0, 0.0
        self._seconds.clear()
