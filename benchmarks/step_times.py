"""Where vLLM's engine spends a step: a scheduler that takes the time of its own parts.

Pass it as ``scheduler_cls="benchmarks.step_times.TimedScheduler"``, with the repository's root on the path of
Python, and name a file in the environment variable ``STEP_TIMES``. It writes a line of JSON for every 100
steps: mean milliseconds of a step, of scheduling, of filling the masks, and of taking in the tokens. What is
left of a step is preparing, launching and sampling the batch, and waiting for the GPU.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

from vllm.v1.core.sched.async_scheduler import AsyncScheduler

STEPS = 100


class TimedScheduler(AsyncScheduler):  # type: ignore[misc]  # vLLM is not installed where types are checked
    """vLLM's scheduler of asynchronous steps, timed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._steps, self._begun = 0, perf_counter()

    def schedule(self, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps == STEPS:
            self._write()
        return self._timed("schedule", super().schedule, *args, **kwargs)

    def get_grammar_bitmask(self, *args: Any, **kwargs: Any) -> Any:
        return self._timed("masks", super().get_grammar_bitmask, *args, **kwargs)

    def update_from_output(self, *args: Any, **kwargs: Any) -> Any:
        return self._timed("tokens", super().update_from_output, *args, **kwargs)

    def _timed(self, name: str, method: Any, *args: Any, **kwargs: Any) -> Any:
        begun = perf_counter()
        try:
            return method(*args, **kwargs)
        finally:
            self._seconds[name] += perf_counter() - begun

    def _write(self) -> None:
        self._seconds["step"] = perf_counter() - self._begun
        means = {name: round(1e3 * seconds / STEPS, 2) for name, seconds in self._seconds.items()}
        with Path(os.environ["STEP_TIMES"]).open("a") as file:
            file.write(json.dumps(means) + "\n")
        self._seconds.clear()
        self._steps, self._begun = 0, perf_counter()
