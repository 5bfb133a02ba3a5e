"""An answer as it comes in, whole or in events, until it is a completion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from ...exceptions import AnswerGarbled, ProtocolError, QwenStructuredError
from ...protocols import Completion, Logprobs, Request, Timings
from . import logprobs
from .canary import Proof
from .errors import of_event
from .wire import (
    Answer,
    Dialect,
    Event,
    Score,
    Scores,
    Times,
    TokenCounts,
    error_in,
    finish_reason_of,
    only,
    read,
)

_MAX_CHARACTERS = 16 * 2**20  # of the longest context; a broken server must not fill memory


@dataclass(slots=True)
class Draft:
    """What has come in.

    Attributes:
        url: of the server that sends it, for errors.
        request: what was asked.
        proof: how the server takes the request's grammar; None if it has none.
        after_mask: see `Logprobs`.
        context_tokens: see `Completion`.
        put: takes the pieces of the text.
        called_at: when the backend was called, as `time.perf_counter` counts.
        sent_at: when the request went out.
    """

    url: str
    request: Request
    proof: Proof | None
    after_mask: bool | None
    context_tokens: int | None
    put: Callable[[str], object]
    called_at: float
    sent_at: float = field(default_factory=perf_counter)
    _content: list[str] = field(default_factory=list)
    _thought: list[str] = field(default_factory=list)
    _scores: list[Score] = field(default_factory=list)
    _finish_reason: str | None = None
    _usage: TokenCounts | None = None
    _times: Times = field(default_factory=Times)
    _model: str = ""
    _has_given: bool = False
    _first_at: float | None = None
    _last_at: float = 0.0
    _characters: int = 0
    _tokens: int | None = None  # that came in, if the server shows them

    def take_whole(self, body: bytes) -> None:
        """Take a whole answer."""
        answer = read(Answer, self.url, body)
        choice = only(answer.choices, self.url)
        self._content.append(choice.message.content or "")
        self._thought.append(choice.message.thought)
        self._score(choice.logprobs)
        self._finish_reason, self._usage, self._model = choice.finish_reason, answer.usage, answer.model
        self._times = answer.metrics or self._times

    def take(self, data: str) -> None:
        """Take the data of one event.

        Raises:
            QwenStructuredError: it is an error, or not of vLLM's form.
        """
        if failure := error_in(data):
            raise of_event(self.url, *failure)
        event = read(Event, self.url, data)
        self._usage = event.usage or self._usage
        self._times = event.metrics or self._times
        self._model = event.model or self._model
        for step in event.choices:
            self._finish_reason = step.finish_reason or self._finish_reason
            self._score(step.logprobs)
            if step.token_ids is not None:
                self._tokens = (self._tokens or 0) + len(step.token_ids)
            self._append(step.delta.content or "", step.delta.thought)

    def _score(self, scores: Scores | None) -> None:
        if scores is not None:
            self._scores += scores.content or ()

    def _append(self, content: str, thought: str) -> None:
        self._last_at = perf_counter()
        if (content or thought) and self._first_at is None:
            self._first_at = self._last_at
        self._content.append(content)
        self._thought.append(thought)
        self._characters += len(content) + len(thought)
        if self._characters > _MAX_CHARACTERS:
            raise AnswerGarbled(f"{self.url} does not end an answer of {self._characters} characters")
        if shown := thought if self._text_is_thought else content:
            self.put(shown if self._has_given else f"{self.request.prefix}{shown}")
            self._has_given = True

    @property
    def _text_is_thought(self) -> bool:
        """The canary has shown that the server takes such an answer for reasoning (vllm#50948)."""
        return self.proof is not None and self.proof.in_reasoning and not self.request.enable_thinking

    def completion(self) -> Completion:
        """The completion, now that all has come in.

        Raises:
            AnswerGarbled: its usage is missing, or events were lost or came twice.
            ProtocolError: its finish reason or its probabilities are.
            BackendUnavailable: the server gave the request up.
        """
        if self._usage is None:
            raise AnswerGarbled(f"{self.url} ended an answer without its usage")
        try:
            return self._whole(self._usage)
        except QwenStructuredError as error:
            error.spent = self._usage.usage()
            raise

    def _whole(self, usage: TokenCounts) -> Completion:
        if self._tokens not in (None, usage.completion_tokens):
            raise AnswerGarbled(
                f"{self.url} wrote {usage.completion_tokens} tokens, and {self._tokens} came in: events were "
                "lost, or came twice"
            )
        text, reasoning = "".join(self._content), "".join(self._thought)
        if self._text_is_thought:
            text, reasoning = reasoning, text
        return Completion(
            text=f"{self.request.prefix}{text}",
            finish_reason=finish_reason_of(self._finish_reason, self.url),
            usage=usage.usage(),
            model=self._model,
            reasoning=reasoning.strip(),
            timings=self._timings(usage.completion_tokens),
            enforced=self.proof is None or self.proof.dialect is not Dialect.RESPONSE_FORMAT,
            logprobs=self._logprobs(text) if self.request.logprobs else None,
            context_tokens=self.context_tokens,
        )

    def _logprobs(self, text: str) -> Logprobs:
        tokens = logprobs.of_answer(self._scores, text, ended=self._finish_reason == "stop")
        if tokens is None:
            written = f"do not spell {text[:80]!r}" if self._scores else "are missing"
            raise ProtocolError(
                f"the log-probabilities in the answer of {self.url} {written}: leave the option logprobs out"
            )
        return Logprobs(tokens=tokens, after_mask=self.after_mask)

    def _timings(self, output_tokens: int) -> Timings:
        """Where the time went: as the server tells, or else as the events of a stream came in."""
        told = self._times
        first_s = per_token_s = None
        if self._first_at is not None:
            first_s = self._first_at - self.sent_at
            if output_tokens > 1:
                per_token_s = (self._last_at - self._first_at) / (output_tokens - 1)
        return Timings(
            queue_s=self.sent_at - self.called_at + (_seconds(told.queue_time_ms) or 0.0),
            first_token_s=_seconds(told.time_to_first_token_ms) or first_s,
            per_token_s=_seconds(told.mean_itl_ms) or per_token_s,
            total_s=perf_counter() - self.called_at,
        )


def _seconds(told_ms: float | None) -> float | None:
    return None if told_ms is None else told_ms / 1000
