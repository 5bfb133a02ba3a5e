"""An engine that outlives the backends of the tests, because to start one takes half a minute."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Callable
from pathlib import Path

from qwen_structured.backends.sources import ModelSource
from qwen_structured.backends.vllm import VLLMBackend
from qwen_structured.backends.vllm.engine import Engine
from qwen_structured.backends.vllm.host import Host
from qwen_structured.backends.vllm.options import VLLMOptions

OPTIONS = {"enforce_eager": True, "max_num_seqs": 8}
"""Compiles nothing, and has as many places as fit the tests."""

_hosts: dict[str, Host] = {}


class KeptHost(Host):
    """Stands for an engine that is started by the first test, and ended with the interpreter."""

    def __init__(
        self,
        source: ModelSource,
        options: VLLMOptions,
        on_started: Callable[[Host], None],
        on_failed: Callable[[Host, Exception], None],
    ) -> None:
        super().__init__(source, options, on_started, on_failed)
        self._loop.close()
        if source.name not in _hosts:
            _hosts[source.name] = Host(
                source, options, lambda _: None, lambda _, error: on_failed(self, error)
            )
            _hosts[source.name].start()
            atexit.register(_end, _hosts[source.name])
        self._kept = _hosts[source.name]

    def start(self) -> None:
        self._kept.call(self._begin)

    def _begin(self) -> None:
        self.loaded = self._kept.loaded
        self._on_started(self)

    def call(self, function: Callable[[], object]) -> None:
        self._kept.call(function)

    def stop(self) -> None:
        self._kept.call(self._cancel)

    def _cancel(self) -> None:
        for task in asyncio.all_tasks():
            if task.get_name().startswith("qwen-structured"):
                task.cancel()

    def join(self) -> None:
        """Leave it."""


def _end(host: Host) -> None:
    host.stop()
    host.join()


class KeptBackend(VLLMBackend):
    """A backend on the kept engine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), OPTIONS)

    def _make_engine(self, source: ModelSource, options: VLLMOptions) -> Engine:
        return Engine(source, options, KeptHost)
