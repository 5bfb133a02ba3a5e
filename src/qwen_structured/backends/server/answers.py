"""An answer as it comes in, whole or in events, until it is a completion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from ...exceptions import ProtocolError
from ...protocols import Completion, Timings
from .canary import Proof
from .errors import of_status
from .wire import Answer, Dialect, Event, TokenCounts, error_in, finish_reason_of, only, read


@dataclass(slots=True)
class Draft:
    """What has come in.

    Attributes:
        url: of the server that sends it, for errors.
        proof: how the server takes the request's grammar; None if it has none.
        thinking: the model was asked to reason.
        put: takes the pieces of the text.
    """

    url: str
    proof: Proof | None
    thinking: bool
    put: Callable[[str], object]
    _content: list[str] = field(default_factory=list)
    _thought: list[str] = field(default_factory=list)
    _finish_reason: str | None = None
    _usage: TokenCounts | None = None
    _model: str = ""
    first_token_at: float | None = None

    def take_whole(self, body: bytes) -> None:
        """Take a whole answer."""
        answer = read(Answer, self.url, body)
        choice = only(answer.choices, self.url)
        self._content.append(choice.message.content or "")
        self._thought.append(choice.message.thought)
        self._finish_reason, self._usage, self._model = choice.finish_reason, answer.usage, answer.model

    def take(self, data: str) -> None:
        """Take the data of one event.

        Raises:
            QwenStructuredError: it is an error, or not of vLLM's form.
        """
        if failure := error_in(data):
            raise of_status(self.url, *failure)
        event = read(Event, self.url, data)
        self._usage = event.usage or self._usage
        self._model = event.model or self._model
        for step in event.choices:
            self._finish_reason = step.finish_reason or self._finish_reason
            self._append(step.delta.content or "", step.delta.thought)

    def _append(self, content: str, thought: str) -> None:
        if (content or thought) and self.first_token_at is None:
            self.first_token_at = perf_counter()
        self._content.append(content)
        self._thought.append(thought)
        if shown := thought if self._text_is_thought else content:
            self.put(shown)

    @property
    def _text_is_thought(self) -> bool:
        """The canary has shown that the server takes such an answer for reasoning (vllm#50948)."""
        return self.proof is not None and self.proof.in_reasoning and not self.thinking

    def completion(self, timings: Timings) -> Completion:
        """The completion, now that all has come in.

        Raises:
            ProtocolError: its finish reason or its usage is missing.
            BackendUnavailable: the server gave the request up.
        """
        if self._usage is None:
            raise ProtocolError(f"{self.url} ended an answer without its usage")
        text, reasoning = "".join(self._content), "".join(self._thought)
        if self._text_is_thought:
            text, reasoning = reasoning, text
        return Completion(
            text=text,
            finish_reason=finish_reason_of(self._finish_reason, self.url),
            usage=self._usage.usage(),
            model=self._model,
            reasoning=reasoning.strip(),
            timings=timings,
            enforced=self.proof is None or self.proof.dialect is not Dialect.RESPONSE_FORMAT,
        )
