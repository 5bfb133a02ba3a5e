"""Whoever asks vLLM's engine gets an answer, whatever fails; the engine itself is tested on real vLLM."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from qwen_structured.backends.vllm import errors
from qwen_structured.backends.vllm.engine import Engine, Job
from qwen_structured.backends.vllm.options import VLLMOptions
from qwen_structured.exceptions import BackendError


class Loop:
    """A host without an engine: an event loop on a thread."""

    loaded: Any = object()
    is_dead = False

    def __init__(self, *_: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def start(self) -> None:
        self._thread.start()

    def call(self, function: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(function)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def join(self) -> None:
        self._thread.join()
        self._loop.close()


class Source:
    name = "a model"


@contextmanager
def engine() -> Iterator[Engine]:
    engine = Engine(Source(), VLLMOptions.model_validate({}), Loop)  # type: ignore[arg-type]
    try:
        yield engine
    finally:
        engine.close()


def test_an_error_that_cannot_be_mapped_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_its_errors(*_: object) -> bool:
        raise ImportError("cannot import name 'EngineDeadError'")

    async def work(*_: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(errors, "is_death", without_its_errors)
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    with engine() as asked:
        asked.submit(Job(work, answers.put, wakes=False))
        answer = answers.get(timeout=10)
    assert isinstance(answer, BackendError)
    assert str(answer).startswith("vLLM failed: RuntimeError: out of luck; this version of vLLM")
    assert isinstance(answer.__cause__, RuntimeError)
