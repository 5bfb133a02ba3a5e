"""What goes over the wire: requests as JSON bodies, answers as validated data.

Source: vLLM 0.32, entrypoints/openai/chat_completion/protocol.py and entrypoints/serve; `Dialect` has its
older form too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from ...exceptions import AnswerGarbled, BackendUnavailable, ProtocolError
from ...protocols import Request, Usage
from .errors import IS_IT_VLLM

if TYPE_CHECKING:
    from ...protocols import JSONSchema


CHAT = "/v1/chat/completions"


class Dialect(Enum):
    """How a server is told the grammar."""

    STRUCTURED_OUTPUTS = "structured_outputs"
    """vLLM from 0.11 on."""

    GUIDED_GRAMMAR = "guided_grammar"
    """vLLM before 0.12; later ones ignore the field and answer unconstrained (vllm#53975)."""

    RESPONSE_FORMAT = "response_format"
    """Any OpenAI-compatible server: no grammar, but the JSON Schema, of which it does what it can."""


# --- requests ------------------------------------------------------------------------------------


def completion_body(
    request: Request, model: str, dialect: Dialect | None, *, stream: bool = False
) -> dict[str, Any]:
    """The body of a chat completion."""
    body: dict[str, Any] = {
        **prompt_body(request, model),
        "temperature": request.temperature,
        "top_p": request.top_p,
    }
    if request.max_output_tokens is not None:
        body["max_tokens"] = request.max_output_tokens
    if request.seed is not None:
        body["seed"] = request.seed
    if request.logprobs:
        body["logprobs"] = True
    if dialect is not None and request.grammar is not None:
        body |= _constraint(dialect, request.grammar, request.schema)
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}, "return_token_ids": True}
    return body


def prompt_body(request: Request, model: str) -> dict[str, Any]:
    """The part of a body that says what the prompt is; alone it is what ``/tokenize`` takes."""
    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    body: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "chat_template_kwargs": {"enable_thinking": request.enable_thinking},
    }
    if request.prefix:
        messages.append({"role": "assistant", "content": request.prefix})
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    return body


def _constraint(dialect: Dialect, grammar: str, schema: JSONSchema | None) -> dict[str, Any]:
    match dialect:
        case Dialect.STRUCTURED_OUTPUTS:
            return {"structured_outputs": {"grammar": grammar}}
        case Dialect.GUIDED_GRAMMAR:
            return {"guided_grammar": grammar}
        case Dialect.RESPONSE_FORMAT:
            named = {"name": "answer", "schema": schema, "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": named}}


# --- answers -------------------------------------------------------------------------------------


class ModelCard(BaseModel):
    """A model that is served; an adapter has the `parent` that it belongs to."""

    id: str
    root: str | None = None
    parent: str | None = None
    max_model_len: int | None = None


class Models(BaseModel):
    """The answer of ``/v1/models``."""

    data: list[ModelCard]


class Tokens(BaseModel):
    """The answer of ``/tokenize``."""

    count: int


class _PromptDetails(BaseModel):
    cached_tokens: int | None = None


class _OutputDetails(BaseModel):
    reasoning_tokens: int | None = None


class TokenCounts(BaseModel):
    """The usage of an answer; the cached tokens need the server's flag ``--enable-prompt-tokens-details``."""

    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _OutputDetails | None = None

    def usage(self) -> Usage:
        """The same as `Usage`."""
        prompt, output = self.prompt_tokens_details, self.completion_tokens_details
        return Usage(
            prompt_tokens=self.prompt_tokens,
            output_tokens=self.completion_tokens,
            reasoning_tokens=(output and output.reasoning_tokens) or 0,
            cached_tokens=(prompt and prompt.cached_tokens) or 0,
        )


class Said(BaseModel):
    """What the model wrote: a whole message, or the next piece. The reasoning's field had two names."""

    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None

    @property
    def thought(self) -> str:
        """The reasoning, by either name."""
        return self.reasoning or self.reasoning_content or ""


class Likely(BaseModel):
    """A token that could have been written, with the logarithm of its probability."""

    token: str
    logprob: float
    bytes: list[int] | None = None


class Score(Likely):
    """A token that was written, and, where that is asked for, the likeliest of its place."""

    top_logprobs: list[Likely] = []


class Scores(BaseModel):
    """The probabilities of a choice's tokens: all that were written, the end and the reasoning included."""

    content: list[Score] | None = None


class Times(BaseModel):
    """Where the engine's time went, in ms; it needs the server's flag ``--enable-per-request-metrics``."""

    queue_time_ms: float | None = None
    time_to_first_token_ms: float | None = None
    mean_itl_ms: float | None = None


class Choice(BaseModel):
    """One of the answers; only one is asked for."""

    message: Said
    finish_reason: str | None = None
    logprobs: Scores | None = None


class Answer(BaseModel):
    """A whole chat completion."""

    model: str
    choices: list[Choice]
    usage: TokenCounts
    metrics: Times | None = None


class _Step(BaseModel):
    """A piece of a streamed answer, with its tokens where the server knows ``return_token_ids``."""

    delta: Said = Said()
    token_ids: list[int] | None = None
    finish_reason: str | None = None
    logprobs: Scores | None = None


class Event(BaseModel):
    """One event of a streamed chat completion; the last one before the end has the usage and no choices."""

    model: str = ""
    choices: list[_Step] = []
    usage: TokenCounts | None = None
    metrics: Times | None = None


ModelT = TypeVar("ModelT", bound=BaseModel)


def read(model: type[ModelT], url: str, text: str | bytes) -> ModelT:
    """Validate what a server sent.

    Raises:
        AnswerGarbled: it is not JSON, or not of this form.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        shown = bytes(text[:120], "utf-8") if isinstance(text, str) else text[:120]
        detail = error.errors(include_url=False)[0]
        place = ".".join(map(str, detail["loc"])) or "the whole"
        raise AnswerGarbled(
            f"{url} sent no {model.__name__.lower()} of vLLM's form ({place}: {detail['msg']}): it begins "
            f"{shown!r}: {IS_IT_VLLM}"
        ) from error


def only(choices: Sequence[Choice], url: str) -> Choice:
    """The one choice that was asked for.

    Raises:
        AnswerGarbled: there is none, or there are more.
    """
    if len(choices) != 1:
        raise AnswerGarbled(f"{url} answered with {len(choices)} choices, not with one")
    return choices[0]


def error_in(text: str) -> tuple[int, str] | None:
    """The status and body of an event that is an error, as vLLM sends where it fails within a stream."""
    if '"error"' not in text[:20]:
        return None
    try:
        found: Mapping[str, Any] = json.loads(text)
        return int(found["error"].get("code") or 500), text
    except (ValueError, TypeError, KeyError, AttributeError):
        return 500, text


def finish_reason_of(said: str | None, url: str) -> Literal["stop", "length"]:
    """The finish reason of a completion.

    Raises:
        BackendUnavailable: the server gave the request up.
        ProtocolError: it is none that a typed answer can have.
    """
    match said:
        case "stop" | "length":
            return said
        case "abort" | "error":
            raise BackendUnavailable(f"{url} gave the request up (finish reason {said!r})")
        case _:
            raise ProtocolError(f"{url} ended the answer with finish reason {said!r}, not 'stop' or 'length'")
