"""vLLM's scheduler, with a step's masks filled while the tokens of the step before are taken in.

Under load a step of vLLM's engine is bound by one CPU thread: it plans the next batch, launches it, takes in
the tokens of the batch before, fills the masks of the next one, and samples it, one after another. Filling
masks needs nothing but the tokens, and no Python: here XGrammar fills them on another core, from the moment
that the tokens are known, while vLLM counts and sends the tokens.

Measured: benchmarks/results/vllm_backend_h200.json. With 256 requests it takes 2.7 ms of a step off that
thread; throughput gains only where the thread is the bound, and not the GPU, as with the 80B. Source of the
order of a step: vLLM's ``EngineCore.step_with_batch_queue`` and ``Scheduler.update_from_output``, the same in
0.26 and 0.32.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import xgrammar
from vllm.v1.core.sched.async_scheduler import AsyncScheduler  # pyright: ignore[reportMissingImports]
from vllm.v1.structured_output.backend_types import (  # pyright: ignore[reportMissingImports]
    StructuredOutputGrammar,
)
from vllm.v1.structured_output.backend_xgrammar import (  # pyright: ignore[reportMissingImports]
    XgrammarGrammar,
)

_MOST_THREADS = 4


class EarlyMaskScheduler(AsyncScheduler):  # type: ignore[misc]  # pyright: ignore[reportUntypedBaseClass]
    """vLLM's scheduler of overlapping steps, with early masks.

    Name it in the engine argument ``scheduler_cls``. It does as vLLM's own scheduler does where a step has
    drafted tokens, a model that still reasons, or another engine of grammars than XGrammar.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manager = self.structured_output_manager
        self._masks = EarlyMasks(manager, rows=self.scheduler_config.max_num_seqs)
        manager.grammar_bitmask = self._masks.bitmask
        self._scheduled: Any = None

    def schedule(self, *args: Any, **kwargs: Any) -> Any:
        """Plan the next step, and remember it: its masks are filled in `update_from_output`."""
        self._scheduled = super().schedule(*args, **kwargs)
        return self._scheduled

    def update_from_output(self, scheduler_output: Any, model_runner_output: Any) -> Any:
        """Take in the tokens of a step, while the masks of the one that waits for them are filled."""
        waiting = self._scheduled
        if waiting is not scheduler_output and waiting.pending_structured_output_tokens:
            self._masks.begin(self.requests, scheduler_output, model_runner_output, waiting)
        try:
            return super().update_from_output(scheduler_output, model_runner_output)
        finally:
            self._masks.check()


class EarlyMasks:
    """Masks of one step, filled from the tokens of the step before.

    Args:
        manager: vLLM's StructuredOutputManager.
        rows: requests of the largest step.
    """

    def __init__(self, manager: Any, *, rows: int) -> None:
        self._manager = manager
        self._fill_late: Callable[..., Any] = manager.grammar_bitmask
        self._size = rows
        self._bitmask: Any = None
        self._rows: dict[str, int] = {}
        self._advanced: list[EarlyGrammar] = []
        self._filled: Future[None] | None = None
        threads = max(1, min((os.cpu_count() or 1) // 2, _MOST_THREADS))
        self._matchers = xgrammar.BatchGrammarMatcher(max_threads=threads)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="qwen-structured-masks")

    def begin(self, requests: dict[str, Any], step: Any, output: Any, waiting: Any) -> None:
        """Advance the grammars by the tokens of `step`, and begin to fill the masks of `waiting`."""
        if step.scheduled_spec_decode_tokens or waiting.scheduled_spec_decode_tokens:
            return
        constrained = [
            request
            for request_id in waiting.num_scheduled_tokens
            if (request := requests.get(request_id))
            and request.use_structured_output
            and not request.is_prefill_chunk
        ]
        grammars = [self._early_grammar(request) for request in constrained]
        ready = [grammar for grammar in grammars if grammar is not None]
        if not ready or len(ready) < len(grammars):
            return
        for request, grammar in zip(constrained, ready, strict=True):
            place = output.req_id_to_index.get(request.request_id)
            if place is not None and request.request_id in step.num_scheduled_tokens:
                grammar.advance(output.sampled_token_ids[place])
        self._advanced = ready
        self._rows = {request.request_id: row for row, request in enumerate(constrained)}
        self._fill(ready)

    def check(self) -> None:
        """Take back tokens that vLLM has not taken in: it dropped the output of that request."""
        dropped = [grammar for grammar in self._advanced if grammar.take_back()]
        self._advanced = []
        if dropped:
            self._wait()
            self._rows = {}

    def bitmask(self, requests: dict[str, Any], ids: Sequence[str], drafted: Any) -> Any:
        """The masks of requests, a row each: vLLM's ``StructuredOutputManager.grammar_bitmask``."""
        rows, self._rows = self._rows, {}
        self._wait()
        if not rows or not all(request_id in rows for request_id in ids):
            return self._fill_late(requests, ids, drafted)
        masks = self._bitmask.numpy()
        if len(ids) == len(rows):  # both in the order of the step
            return masks[: len(ids)]
        return masks[[rows[request_id] for request_id in ids]]

    def _early_grammar(self, request: Any) -> EarlyGrammar | None:
        """The grammar of a request, made one that can be advanced early; None if it cannot."""
        asked = request.structured_output_request
        if self._manager.reasoner_cls is not None and not asked.reasoning_ended:
            return None
        if isinstance(asked.grammar, XgrammarGrammar):
            asked.grammar = EarlyGrammar(asked.grammar)
        return asked.grammar if isinstance(asked.grammar, EarlyGrammar) else None

    def _fill(self, grammars: Sequence[EarlyGrammar]) -> None:
        if self._bitmask is None:
            self._bitmask = self._manager.backend.allocate_token_bitmask(self._size)
        matchers, rows = [], []
        for row, grammar in enumerate(grammars):
            if grammar.is_terminated():
                self._bitmask[row].fill_(-1)
            else:
                matchers.append(grammar.matcher)
                rows.append(row)
        begun = Event()

        def fill() -> None:
            begun.set()
            self._matchers.batch_fill_next_token_bitmask(matchers, self._bitmask, rows)

        self._filled = self._thread.submit(fill)
        begun.wait()  # gives it Python's lock, which it needs to begin and not to go on

    def _wait(self) -> None:
        filled, self._filled = self._filled, None
        if filled is not None:
            filled.result()


class EarlyGrammar(StructuredOutputGrammar):  # type: ignore[misc]  # pyright: ignore[reportUntypedBaseClass]
    """A grammar of vLLM that may be advanced before vLLM does it, once in a step.

    Args:
        grammar: that of vLLM.
    """

    def __init__(self, grammar: XgrammarGrammar) -> None:
        self._grammar = grammar
        self._tokens: list[int] = []
        self._accepted = True
        self.matcher = grammar.matcher

    def advance(self, tokens: Sequence[int]) -> None:
        """Accept tokens that vLLM is going to accept."""
        self._tokens = list(tokens)
        self._accepted = not tokens or self._grammar.accept_tokens("early", self._tokens)

    def take_back(self) -> bool:
        """Undo `advance` where vLLM has not accepted the same tokens since; tells whether it had to."""
        tokens, self._tokens = self._tokens, []
        if tokens and self._accepted:
            self._grammar.rollback(len(tokens))
        return bool(tokens)

    def accept_tokens(self, request_id: str, tokens: list[int]) -> bool:
        """Accept tokens, unless that is done."""
        if self._tokens == tokens:
            self._tokens = []
            return bool(self._accepted)
        self.take_back()
        return bool(self._grammar.accept_tokens(request_id, tokens))

    def validate_tokens(self, tokens: list[int]) -> list[int]:
        """As vLLM's."""
        accepted: list[int] = self._grammar.validate_tokens(tokens)
        return accepted

    def rollback(self, num_tokens: int) -> None:
        """As vLLM's."""
        self._grammar.rollback(num_tokens)

    def fill_bitmask(self, bitmask: Any, batch_index: int) -> None:
        """As vLLM's."""
        self._grammar.fill_bitmask(bitmask, batch_index)

    def is_terminated(self) -> bool:
        """As vLLM's."""
        return bool(self._grammar.is_terminated())

    def reset(self) -> None:
        """As vLLM's."""
        self._tokens = []
        self._grammar.reset()
