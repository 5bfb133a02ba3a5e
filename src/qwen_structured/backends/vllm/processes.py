"""The processes that vLLM starts for an engine: what they import, and their end before they answer."""

from __future__ import annotations

import multiprocessing.spawn
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

_ENGINE = "EngineCore"
"""What vLLM calls them, with or without a number behind it (0.32, vllm/v1/engine/utils.py)."""

_turn = threading.Lock()  # one engine of this process starts at a time, so that whose is whose is known
_LOOK_S = 0.1


class Starting:
    """The processes of an engine that is not there yet. Kill them from any thread, as often as you like."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._before: frozenset[BaseProcess] | None = None

    def stop(self) -> None:
        """End the start, now or at its next process."""
        self._stopped.set()
        if self._before is not None:
            for process in set(multiprocessing.active_children()) - self._before:
                if process.name.startswith(_ENGINE):
                    _kill(process)

    @contextmanager
    def underway(self) -> Generator[Callable[[], None]]:
        """Start an engine within, on this thread; the function that it gives raises once `stop` was called.

        Processes that are started here do not import the caller's script: they run vLLM's functions alone.
        Without this, one that has no ``if __name__ == "__main__":`` would run a second time in each of them.

        Raises:
            StartStopped: `stop` was called before it was this engine's turn.
        """
        while not _turn.acquire(timeout=_LOOK_S):
            self._check()
        try:
            self._before = frozenset(multiprocessing.active_children())
            with _main_module_left_out():
                yield self._check
        finally:
            self._before = None
            _turn.release()

    def _check(self) -> None:
        if self._stopped.is_set():
            raise StartStopped


class StartStopped(Exception):
    """An engine was closed before it was there."""


def _kill(process: BaseProcess) -> None:
    """Kill a process and those that it has started."""
    import psutil  # which vLLM brings

    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for child in started:
            with suppress(psutil.NoSuchProcess):
                child.kill()


@contextmanager
def _main_module_left_out() -> Generator[None]:
    here = threading.get_ident()
    original = multiprocessing.spawn.get_preparation_data

    def without_main(name: str) -> dict[str, object]:
        data: dict[str, object] = original(name)
        if threading.get_ident() == here:
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    multiprocessing.spawn.get_preparation_data = without_main
    try:
        yield
    finally:
        multiprocessing.spawn.get_preparation_data = original
