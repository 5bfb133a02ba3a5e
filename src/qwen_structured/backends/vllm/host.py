"""One life of vLLM's engine: `AsyncLLM`, and the event loop on a thread of its own that it lives on."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ...exceptions import ModelNotLoadable
from ..sources import ModelSource, hub_errors
from . import log, machine
from .options import VLLMOptions, engine_args, engine_config
from .plan import announce, make_plan
from .processes import Starting

_END_TIMEOUT_S = 30.0
"""How long the engine's processes may take to end; vLLM's own 5 s are too few on a busy machine."""

_JOIN_S = 0.1


@dataclass(eq=False)
class Loaded:
    """An engine that answers. All of it belongs to the engine's event loop.

    Attributes:
        name: the model's full name.
        llm: vLLM's AsyncLLM.
        tokenizer: the engine's.
        context_tokens: tokens of the context that memory is kept for.
        slots: requests that are worked on together.
        thinks: the chat template can ask the model to reason.
        thinking_ids: the tokens that begin and end reasoning; None if the model never reasons.
        log_start: bytes that the log had when the engine was started.
        renderer: the thread that makes tokens of messages.
        waking: held while the engine is put to sleep or woken.
    """

    name: str
    llm: Any
    tokenizer: Any
    context_tokens: int
    slots: int
    thinks: bool
    thinking_ids: tuple[int, int] | None
    log_start: int
    renderer: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="qwen-structured-tokens")
    )
    waking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Host:
    """Starts an engine, keeps its event loop running, and ends both.

    Args:
        source: the model.
        options: of the backend.
        on_started: called on the host's thread when the engine answers.
        on_failed: called on the host's thread with the exception, if it does not come up.
    """

    def __init__(
        self,
        source: ModelSource,
        options: VLLMOptions,
        on_started: Callable[[Host], None],
        on_failed: Callable[[Host, Exception], None],
    ) -> None:
        self._source, self._options = source, options
        self._on_started, self._on_failed = on_started, on_failed
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._starting = Starting()
        self._thread = threading.Thread(target=self._run, name="qwen-structured-vllm", daemon=True)
        self.log_start = log.size()
        self.loaded: Loaded | None = None

    # --- from any thread ---------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread, which loads the model; returns at once."""
        self._thread.start()

    def call(self, function: Callable[[], object]) -> None:
        """Call `function` on the event loop, after the model is loaded; nothing happens if that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def stop(self) -> None:
        """End the engine, or the loading of it; returns at once."""
        self.call(self._stopping.set)
        self._starting.stop()

    def join(self) -> None:
        """Wait for the end of the engine and its thread, after `stop`."""
        while self._thread.is_alive():
            self._starting.stop()  # a process may have been started meanwhile
            self._thread.join(_JOIN_S)

    @property
    def is_dead(self) -> bool:
        """Whether the engine came up and has died."""
        return self.loaded is not None and bool(self.loaded.llm.errored)

    def obituary(self) -> str:
        """Why the engine died, as far as its processes and its log tell."""
        codes: dict[str, int] = {}
        with suppress(AttributeError):  # vLLM publishes no way to them (0.32)
            assert self.loaded is not None
            codes = self.loaded.llm.engine_core.resources.engine_manager.finished_procs()
        ended = ", ".join(f"process {name} ended with {code}" for name, code in codes.items() if code)
        return f"{ended or 'its process ended'}; its log ends with:\n{log.last_lines(self.log_start)}"

    # --- on the host's thread ----------------------------------------------------------------

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        try:
            # It blocks the loop, which has nothing to do before.
            self.loaded = _load(self._source, self._options, self.log_start, self._starting)
        except Exception as error:
            self._on_failed(self, error)
            return
        self._on_started(self)
        await self._stopping.wait()
        await _cancel_others()
        self.loaded.renderer.shutdown(wait=False)
        self.loaded.llm.shutdown(timeout=_END_TIMEOUT_S)
        self.loaded = None
        gc.collect()  # vLLM's engine is in a cycle; left to the interpreter's end, its __del__ fails there


async def _cancel_others() -> None:
    """End the requests in work, while the engine can still be told of it."""
    others = [task for task in asyncio.all_tasks() if task.get_name().startswith("qwen-structured")]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _load(source: ModelSource, options: VLLMOptions, log_start: int, starting: Starting) -> Loaded:
    with starting.underway() as check_wanted, log.kept(options.start_timeout_s):
        from vllm.v1.engine.async_llm import AsyncLLM  # pyright: ignore[reportMissingImports]

        plan = make_plan(source, options, machine.look(options.engine_args))
        thinks, thinking_ids = _reasoning_of(source)
        arguments = engine_args(source, options, plan, reasons=thinking_ids is not None)
        check_wanted()
        announce(plan)
        config = engine_config(arguments, options, plan.context_tokens or 0)
        # No variable has the engine here: exceptions of imports that libraries keep hold this frame for ever.
        return _answering(AsyncLLM.from_vllm_config(config), source.name, thinks, thinking_ids, log_start)


def _answering(
    llm: Any, name: str, thinks: bool, thinking_ids: tuple[int, int] | None, log_start: int
) -> Loaded:
    return Loaded(
        name=name,
        llm=llm,
        tokenizer=llm.get_tokenizer(),
        context_tokens=int(llm.vllm_config.model_config.max_model_len),
        slots=int(llm.vllm_config.scheduler_config.max_num_seqs),
        thinks=thinks,
        thinking_ids=thinking_ids,
        log_start=log_start,
    )


def _reasoning_of(source: ModelSource) -> tuple[bool, tuple[int, int] | None]:
    """Whether the chat template can ask for reasoning, and the tokens that begin and end it."""
    from transformers import AutoTokenizer

    try:
        with hub_errors(source.name):
            tokenizer: Any = AutoTokenizer.from_pretrained(str(source.folder or source.name))
    except (ValueError, KeyError) as error:
        raise ModelNotLoadable(f"the tokenizer of {source.name!r} cannot be loaded: {error}") from error
    template = str(tokenizer.chat_template or "")
    if not template:
        raise ModelNotLoadable(
            f"the tokenizer of {source.name!r} has no chat template: use an instruction-tuned model"
        )
    vocabulary = tokenizer.get_vocab()
    begin, end = vocabulary.get("<think>"), vocabulary.get("</think>")
    thinks = "enable_thinking" in template
    if begin is None or end is None or not (thinks or "<think>" in template):
        return False, None
    return thinks, (begin, end)
