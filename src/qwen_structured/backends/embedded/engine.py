"""The engine: one thread that owns the model and answers batches of requests.

Requests that arrive while a batch runs wait for its end and form the next one. Everything that touches torch
happens on the engine's thread; other threads only put jobs into its queue.
"""

from __future__ import annotations

import atexit
import gc
import os
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from ...exceptions import (
    BackendClosed,
    BackendUnavailable,
    InvalidPrompt,
    PromptTooLong,
    QwenStructuredError,
    UnsupportedOption,
    UnsupportedSchema,
)
from ...protocols import Health, Request
from ..sources import ModelSource
from .loading import LoadedModel, load

if TYPE_CHECKING:
    import xgrammar

    from .decoding import Row

_GATHER_S = 0.005  # how long a batch waits for company; a hundredth of a short answer
_DEFAULT_OUTPUT_TOKENS = 4096  # where neither the request nor a small context sets a limit
_SMALL_MODEL_PARAMETERS = 100_000_000
_GRAMMAR_CACHE_BYTES = 256 * 2**20


@dataclass(eq=False)
class Job:
    """A request on its way through the engine.

    Attributes:
        request: what is asked; None only warms up.
        put: takes what comes of it: pieces of text, a `Completion`, or an exception. Called on the engine's
            thread.
        streams: whether pieces of text are wanted.
        grammars: what to compile (when warming up).
        cancelled: set it to end the work at the next token.
    """

    request: Request | None
    put: Callable[[object], None]
    streams: bool = False
    grammars: Sequence[str] = ()
    cancelled: bool = False
    submitted: float = field(default_factory=perf_counter)

    def answer(self, item: object) -> None:
        """Deliver; a caller whose event loop is gone wants nothing any more."""
        try:
            self.put(item)
        except RuntimeError:
            self.cancelled = True


class Engine:
    """Owns a model, loaded on first use, and answers jobs in batches on a thread of its own.

    Args:
        source: the model.
        max_batch: most requests in a batch.
        threads: CPU threads for torch; None leaves torch's choice.
        dtype: form of the weights in memory.
    """

    def __init__(
        self,
        source: ModelSource,
        max_batch: int,
        threads: int | None,
        dtype: Literal["auto", "float32", "bfloat16"],
    ) -> None:
        self._source, self._max_batch, self._threads = source, max_batch, threads
        self._dtype: Literal["auto", "float32", "bfloat16"] = dtype
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._state: Literal["idle", "loading", "ready", "dead"] = "idle"
        self._detail = f"{source.name} is loaded by the first request"
        self._open: set[Job] = set()
        self._grammars: _Grammars | None = None

    # --- from any thread ---------------------------------------------------------------------

    def submit(self, job: Job) -> None:
        """Queue a job; returns at once.

        Raises:
            BackendClosed: the engine is closed, or belongs to the process that this one was forked from.
        """
        with self._lock:
            if self._state == "dead":
                raise BackendClosed("the embedded backend is closed: make a new generator")
            if self._process != os.getpid():
                raise BackendClosed(
                    "the embedded backend does not survive a fork: make a new generator in the child"
                )
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="qwen-structured-embedded", daemon=True
                )
                self._thread.start()
                atexit.register(self.close)
            self._open.add(job)
        self._queue.put(job)

    def prepare(self, grammars: Sequence[str], put: Callable[[object], None]) -> None:
        """Queue loading the model and compiling grammars; `put` gets None, or an exception."""
        self.submit(Job(None, put, grammars=grammars))

    def health(self) -> Health:
        """The engine's state."""
        return Health(state=self._state, detail=self._detail, requests=len(self._open))

    def close(self) -> None:
        """Fail what is open, end the thread and free the model. Waits for the token in work."""
        with self._lock:
            self._state, self._detail = "dead", "closed"
            for job in self._open:
                job.cancelled = True
            thread, self._thread = self._thread, None
        if thread is not None and self._process == os.getpid():
            atexit.unregister(self.close)
            self._queue.put(None)
            thread.join()

    # --- on the engine's thread --------------------------------------------------------------

    def _run(self) -> None:
        loaded: LoadedModel | None = None
        while (job := self._queue.get()) is not None:
            jobs = [job, *self._company()]
            try:
                loaded = loaded or self._load()
                self._answer(loaded, [job for job in jobs if not job.cancelled])
            except Exception as error:
                for job in jobs:
                    self._finish(job, _failure(error))
            for job in jobs:
                self._finish(job, _closed())
        self._grammars = None
        for job in list(self._open):
            self._finish(job, _closed())

    def _company(self) -> list[Job]:
        """Jobs that are waiting too, or arrive at once."""
        jobs: list[Job] = []
        while len(jobs) < self._max_batch - 1:
            try:
                job = self._queue.get(timeout=_GATHER_S)
            except queue.Empty:
                break
            if job is None:
                self._queue.put(None)  # closing: the loop must see it too
                break
            jobs.append(job)
        return jobs

    def _load(self) -> LoadedModel:
        self._state, self._detail = "loading", f"loading {self._source.name}"
        try:
            with _collector_paused():
                loaded = load(self._source, self._dtype)
                _set_threads(loaded, self._threads)
                self._grammars = _Grammars(loaded)
        except BaseException as error:
            self._back_to("idle", f"{self._source.name} could not be loaded: {error}")
            raise
        self._back_to("ready", f"{self._source.name} is loaded")
        return loaded

    def _back_to(self, state: Literal["idle", "ready"], detail: str) -> None:
        with self._lock:
            if self._state != "dead":
                self._state, self._detail = state, detail

    def _answer(self, loaded: LoadedModel, jobs: list[Job]) -> None:
        rows: dict[Row, Job] = {}
        for job in jobs:
            try:
                if job.request is None:
                    self._warm_up(job)
                else:
                    rows[self._row(loaded, job, job.request)] = job
            except Exception as error:
                self._finish(job, _failure(error))
        if rows:
            _generate(loaded, list(rows), lambda row: self._finish(rows[row], row.completion()))

    def _warm_up(self, job: Job) -> None:
        assert self._grammars is not None
        for grammar in job.grammars:
            self._grammars.compiled(grammar)
        self._finish(job, None)

    def _row(self, loaded: LoadedModel, job: Job, request: Request) -> Row:
        from .decoding import Row

        assert self._grammars is not None
        if request.enable_thinking and loaded.end_of_thinking_id is None:
            raise UnsupportedOption(
                f"model {loaded.name!r} does not reason: leave enable_thinking out, or choose one that does"
            )
        started = perf_counter()
        matcher = self._grammars.matcher(request.grammar) if request.grammar is not None else None
        if matcher is not None and request.prefix and not matcher.accept_string(request.prefix):
            raise InvalidPrompt(
                f"the grammar does not allow the prefix, which ends with {request.prefix[-40:]!r}"
            )
        compiled = perf_counter()
        prompt_ids = _tokens(loaded, request)
        room = loaded.context_tokens - len(prompt_ids)
        if room < 1:
            raise PromptTooLong(len(prompt_ids), loaded.context_tokens)
        return Row(
            request=request,
            loaded=loaded,
            prompt_ids=prompt_ids,
            limit=min(room, request.max_output_tokens or _DEFAULT_OUTPUT_TOKENS),
            matcher=matcher,
            reasons=request.enable_thinking,
            on_text=job.answer if job.streams else None,
            is_cancelled=partial(getattr, job, "cancelled"),
            queue_s=started - job.submitted,
            grammar_s=compiled - started,
        )

    def _finish(self, job: Job, answer: object) -> None:
        """Deliver a job's last answer, once."""
        with self._lock:
            if job not in self._open:
                return
            self._open.discard(job)
            closed = self._state == "dead"
        job.answer(_closed() if closed and job.cancelled else answer)


class _Grammars:
    """Compiles grammars for one model's tokenizer; XGrammar keeps what it has compiled."""

    def __init__(self, loaded: LoadedModel) -> None:
        import xgrammar

        info = xgrammar.TokenizerInfo.from_huggingface(
            loaded.tokenizer,
            vocab_size=loaded.model.config.vocab_size,
            stop_token_ids=list(loaded.stop_token_ids),
        )
        self._compiler = xgrammar.GrammarCompiler(info, max_threads=2, cache_limit_bytes=_GRAMMAR_CACHE_BYTES)

    def compiled(self, grammar: str) -> xgrammar.CompiledGrammar:
        try:
            return self._compiler.compile_grammar(grammar)
        except Exception as error:
            raise UnsupportedSchema(f"the decoder cannot enforce this grammar: {error}") from error

    def matcher(self, grammar: str) -> xgrammar.GrammarMatcher:
        import xgrammar

        return xgrammar.GrammarMatcher(self.compiled(grammar))


def _set_threads(loaded: LoadedModel, threads: int | None) -> None:
    """Choose how many threads compute what the calling thread asks for, and no other.

    A small model gains little from a second one, and waits for it where cores are busy.
    """
    import torch

    if threads is None and loaded.model.num_parameters() < _SMALL_MODEL_PARAMETERS:
        threads = 1
    if threads is None:
        return
    default = torch.get_num_threads()
    torch.set_num_threads(threads)
    # torch makes this the default of threads that start later, too: another one sets that back.
    restoring = threading.Thread(target=torch.set_num_threads, args=(default,))
    restoring.start()
    restoring.join()


@contextmanager
def _collector_paused() -> Generator[None]:
    """Make many objects that stay, as imports do, without a search for garbage among them.

    For torch, transformers and a small model this takes 0.6 s off 3.3 s.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else the caller froze objects of its own, which must stay so
            gc.freeze()
            gc.unfreeze()  # which leaves all of them in the oldest generation
        gc.enable()


def _tokens(loaded: LoadedModel, request: Request) -> list[int]:
    from jinja2 import TemplateError

    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    try:
        text: Any = loaded.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=request.enable_thinking
        )
    except TemplateError as error:
        raise InvalidPrompt(f"the chat template of {loaded.name!r} refuses the messages: {error}") from error
    text = f"{text}{request.prefix}"
    ids: list[int] = loaded.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    return ids


def _generate(loaded: LoadedModel, rows: list[Row], on_finished: Callable[[Row], None]) -> None:
    """Run one batch to its end, on transformers' own generate."""
    import torch
    from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteriaList

    from .ahead import may_try, trying_ahead
    from .cache import roomy_cache
    from .decoding import EndRows, MaskAndSample

    width = max(len(row.prompt_ids) for row in rows)
    pad = loaded.tokenizer.pad_token_id
    pad = loaded.stop_token_ids[0] if pad is None else pad
    padding = [width - len(row.prompt_ids) for row in rows]
    ids = torch.tensor([[pad] * n + list(row.prompt_ids) for n, row in zip(padding, rows, strict=True)])
    attention = torch.tensor([[0] * n + [1] * (width - n) for n in padding])
    model: Any = loaded.model  # transformers types it as a class without `generate`
    cache = roomy_cache(model.config)
    ahead = len(rows) == 1 and rows[0].looks_ahead and may_try(cache)
    with torch.inference_mode(), trying_ahead(model, rows[0]):
        model.generate(
            ids,
            attention_mask=attention,
            past_key_values=cache,
            generation_config=GenerationConfig(  # type: ignore[no-untyped-call]
                do_sample=False,
                max_new_tokens=max(row.limit for row in rows),
                pad_token_id=pad,
                eos_token_id=list(loaded.stop_token_ids),
                prompt_lookup_num_tokens=1 if ahead else None,  # makes it ask for candidates
            ),
            logits_processor=LogitsProcessorList([MaskAndSample(rows, model.config.vocab_size, width)]),
            stopping_criteria=StoppingCriteriaList([EndRows(rows, on_finished, width)]),
        )


def _failure(error: Exception) -> QwenStructuredError:
    """The error as callers get it."""
    if isinstance(error, QwenStructuredError):
        return error
    failure = BackendUnavailable(f"the embedded model failed: {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure


def _closed() -> BackendClosed:
    return BackendClosed("the embedded backend was closed while it worked on the request")
