"""From the tokens of the engine to the answer: reasoning apart, text in pieces, times, probabilities."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Literal

from tokenizers.decoders import DecodeStream

from ...exceptions import BackendUnavailable
from ...protocols import Completion, Logprobs, Request, Timings, TokenLogprob, Usage
from . import errors
from .host import Loaded

_FINISHED: dict[str, Literal["stop", "length"]] = {"stop": "stop", "length": "length", "repetition": "length"}


class Answer:
    """One answer, while the engine writes it.

    Args:
        request: what is asked.
        loaded: the engine.
        prompt_tokens: tokens of the prompt.
        reasons: it begins with reasoning.
        submitted: when the request was made, as `time.perf_counter` counts.
    """

    def __init__(
        self, request: Request, loaded: Loaded, prompt_tokens: int, *, reasons: bool, submitted: float
    ) -> None:
        self._request, self._loaded = request, loaded
        self._prompt_tokens = prompt_tokens
        self._reasons = reasons
        self._submitted, self._begun = submitted, perf_counter()
        self._decoder = DecodeStream(skip_special_tokens=True)
        self._reasoning_ids: list[int] = []
        self._answer_ids: list[int] = []
        self._tokens: list[TokenLogprob] = []
        self._sent = 0
        self._stops = 0

    def take(self, output: Any) -> str:
        """Take what is new in a RequestOutput of vLLM, and give what it adds to the text."""
        new = output.outputs[0]
        ids = list(new.token_ids)
        if new.finish_reason == "stop":
            ids.pop()  # it ends the answer and is no part of it
            self._stops = 1
        pieces: list[str] = []
        for place, token in enumerate(ids):
            if self._reasons:
                self._reasoning_ids.append(token)
                self._reasons = token != self._end_of_thinking_id
                continue
            self._answer_ids.append(token)
            piece = self._decoder.step(self._decoding, token) or ""
            pieces.append(piece)
            if new.logprobs is not None:
                self._tokens.append(TokenLogprob(piece, min(0.0, new.logprobs[place][token].logprob)))
        text = "".join(pieces)
        self._sent += len(text)
        return text

    def completion(self, output: Any) -> tuple[str, Completion]:
        """Give what the text still lacks in the stream, and the whole; `output` is the last.

        Raises:
            QwenStructuredError: the engine gave the request up.
        """
        reason = output.outputs[0].finish_reason
        if reason == "error":
            raise errors.ended_in_error(output.request_id, self._loaded.log_start)
        if reason not in _FINISHED:
            raise BackendUnavailable(f"vLLM's engine ended the request by itself: {reason}")
        text = self._decode(self._answer_ids)
        rest = text[self._sent :]
        if rest and self._tokens:
            last = self._tokens.pop()
            self._tokens.append(TokenLogprob(last.text + rest, last.logprob))
        return rest, Completion(
            text=f"{self._request.prefix}{text}",
            finish_reason=_FINISHED[reason],
            usage=Usage(
                prompt_tokens=self._prompt_tokens,
                output_tokens=len(self._reasoning_ids) + len(self._answer_ids) + self._stops,
                reasoning_tokens=len(self._reasoning_ids),
                cached_tokens=output.num_cached_tokens or 0,
            ),
            model=self._loaded.name,
            reasoning=self._decode(self._reasoning_ids)
            .removeprefix("<think>")
            .removesuffix("</think>")
            .strip(),
            timings=self._timings(output.metrics),
            logprobs=Logprobs(tokens=tuple(self._tokens), after_mask=True)
            if self._request.logprobs
            else None,
            context_tokens=self._loaded.context_tokens,
        )

    @property
    def _decoding(self) -> Any:
        """The tokenizer of the library `tokenizers` beneath that of transformers."""
        return self._loaded.tokenizer.backend_tokenizer

    @property
    def _end_of_thinking_id(self) -> int:
        assert self._loaded.thinking_ids is not None
        return self._loaded.thinking_ids[1]

    def _decode(self, ids: list[int]) -> str:
        return str(self._decoding.decode(ids, skip_special_tokens=True)) if ids else ""

    def _timings(self, metrics: Any) -> Timings:
        """How long the request waited and was worked on.

        The engine's process compiles the grammar while the request waits to be scheduled, and does not tell
        how long that takes: it is part of `queue_s`.

        Source: vLLM 0.32, RequestStateStats in vllm/v1/metrics/stats.py, in monotonic seconds.
        """
        after_first = metrics.num_generation_tokens - 1
        return Timings(
            queue_s=self._begun - self._submitted + metrics.scheduled_ts - metrics.queued_ts,
            first_token_s=metrics.first_token_ts - metrics.scheduled_ts,
            per_token_s=(metrics.last_token_ts - metrics.first_token_ts) / after_first
            if after_first > 0
            else None,
            total_s=perf_counter() - self._submitted,
        )
