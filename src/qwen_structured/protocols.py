"""What the parts say to each other: messages, requests, and the two protocols; `results` has what comes back.

A `Backend` completes requests and knows nothing of types; a `Generator` makes typed values and knows
nothing of deployments. Write either against these definitions alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypedDict, overload, runtime_checkable

from typing_extensions import TypeForm, TypeVar, Unpack

from .results import (
    Attempt as Attempt,
    AttemptKind as AttemptKind,
    Completion as Completion,
    Ledger as Ledger,
    Logprobs as Logprobs,
    Result as Result,
    Timings as Timings,
    TokenLogprob as TokenLogprob,
    Usage as Usage,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .streams.reading import AsyncStream, Stream

T = TypeVar("T")

JSONSchema: TypeAlias = "Mapping[str, JsonValue]"
"""A JSON Schema (draft 7 or 2020-12) as plain data."""


# --- in ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


Prompt: TypeAlias = str | Sequence[Message | Mapping[str, str]]
"""A text, or a conversation: `Message` objects, or mappings with ``role`` and ``content``."""


class Options(TypedDict, total=False):
    """What a call may set for itself; what it leaves out comes from the generator and the settings.

    Attributes:
        temperature: randomness of sampling; 0 takes the likeliest token each time.
        top_p: sample among the likeliest tokens that have this probability together; above 0, up to 1.
        max_output_tokens: limit of the answer's tokens, reasoning included; by default what is left of the
            context, or less if the backend has a limit of its own (``embedded``: 4,096).
        seed: makes sampling reproducible on backends that can.
        enable_thinking: let a thinking model reason before it answers; the grammar binds the answer only.
        logprobs: keep the probability of every token that was written, for `Result.confidence`.
        schema_in_prompt: how the schema is shown to the model: as a type ``sketch``, as ``json``, or ``off``.
        defaults: whether the model has to write fields that have a default (``required``), or may leave them
            out (``optional``).
        repair: ask for failing parts of an answer alone where the decoder was held to the grammar, and for
            the whole again only where that does not help.
        refuse_checked: raise `UnsupportedSchema` for a type of which anything is checked after decoding
            instead of enforced.
        stop_when_invalid: of a stream, end it at the first part that is not valid, before the rest is written
            and paid for; otherwise the part is given with its problems, and the rest after it.
        max_attempts: answers that are asked of the model for one value, the first included.
        max_retries: retries of requests that the deployment failed, in the whole call; not counted by
            `max_attempts`.
        max_continuations: how often an answer that was cut off at `max_output_tokens` is gone on with, each
            time for up to as many tokens, on backends that can.
        deadline_s: seconds for the whole call, all attempts and the pauses between them together.
        max_total_tokens: tokens for the whole call, read and written, all attempts together.
        max_cost_usd: US dollars for the whole call, all attempts together; needs the backend's price.
    """

    temperature: float
    top_p: float
    max_output_tokens: int | None
    seed: int | None
    enable_thinking: bool
    logprobs: bool
    schema_in_prompt: Literal["sketch", "json", "off"]
    defaults: Literal["required", "optional"]
    refuse_checked: bool
    repair: bool
    stop_when_invalid: bool
    max_attempts: int
    max_retries: int
    max_continuations: int
    deadline_s: float | None
    max_total_tokens: int | None
    max_cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One attempt's input, as a backend gets it.

    Attributes:
        messages: the conversation, the schema's instruction included.
        grammar: what the decoder has to enforce, as XGrammar's EBNF; None leaves the text free.
        schema: the JSON Schema that the grammar was made of, for a backend that may fall back on less than
            the grammar and says so in its completion; None leaves it nothing to fall back on.
        temperature: see `Options`.
        top_p: see `Options`.
        max_output_tokens: see `Options`.
        seed: see `Options`.
        enable_thinking: see `Options`.
        logprobs: see `Options`.
        prefix: what is there of the answer, which the model goes on from; without reasoning. The completion's
            text begins with it.
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    schema: JSONSchema | None = None
    temperature: float = 0.0
    top_p: float = 1.0
    max_output_tokens: int | None = None
    seed: int | None = None
    enable_thinking: bool = False
    logprobs: bool = False
    prefix: str = ""


# --- backends ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of a backend's deployment.

    Attributes:
        state: ``idle``: not loaded yet, the first request loads it; ``loading``; ``ready``; ``busy``: a
            further request would have to wait for one in work; ``dead``.
        detail: one line for people.
        requests: requests that are waiting or in work.
    """

    state: Literal["idle", "loading", "ready", "busy", "dead"]
    detail: str = ""
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a backend can do. What it cannot is refused when it is asked for, never ignored.

    Attributes:
        grammar: the decoder enforces `Request.grammar`; without it everything is checked afterwards.
        seed: the same seed gives the same answer.
        thinking: `Request.enable_thinking` is passed to the model.
        streaming: `Backend.stream` yields text before the answer is whole.
        logprobs: `Completion.logprobs` is given to a `Request` that asks for it.
        prefix: it goes on from `Request.prefix`, held to what the grammar allows behind it.
        max_concurrency: requests that it works on at once; more would wait. None where it sets no limit.
    """

    grammar: bool = True
    seed: bool = True
    thinking: bool = True
    streaming: bool = True
    logprobs: bool = False
    prefix: bool = False
    max_concurrency: int | None = None


@runtime_checkable
class Backend(Protocol):
    """Adapter that completes requests. Found by name through the entry points ``qwen_structured.backends``.

    An entry point names a callable ``(model: str | None, options: Mapping[str, JsonValue]) -> Backend``.
    It raises `ConfigurationError` for a model or option that it does not take, and loads nothing yet.
    One backend serves several event loops and threads at once. Cancelling `complete` or closing the
    iterator of `stream` ends the work on the request. `qwen_structured.testing.contract.BackendContract`
    tests all of this.
    """

    @property
    def name(self) -> str:
        """The name under which it is registered."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    async def complete(self, request: Request, /) -> Completion:
        """Complete one request.

        Raises:
            PromptTooLong: the request leaves no room for an answer.
            UnsupportedSchema: the decoder cannot enforce the grammar.
            BackendError: the deployment failed.
        """
        ...

    def stream(self, request: Request, /) -> AsyncIterator[str | Completion]:
        """Yield pieces of the answer's text as they are written, and the whole completion last.

        Raises:
            QwenStructuredError: as `complete` does.
        """
        ...

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Load what the first request would load, and prepare `grammars`.

        Raises:
            QwenStructuredError: as `complete` does.
        """
        ...

    async def health(self) -> Health:
        """Tell the deployment's state, without loading it."""
        ...

    async def aclose(self) -> None:
        """Give up what the backend holds. Requests in work, and later ones, fail with `BackendClosed`."""
        ...


# --- generators ----------------------------------------------------------------------------------


class Generator(Protocol):
    """Makes typed values of prompts. Accept this in your own signatures; `StructuredGenerator` implements it.

    `T` is anything that Pydantic's ``TypeAdapter`` takes; a JSON Schema given as a mapping gives plain
    data. Every method raises `QwenStructuredError` alone.
    """

    @overload
    def generate(self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]) -> T: ...
    @overload
    def generate(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> JsonValue: ...

    @overload
    def generate_result(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[T]: ...
    @overload
    def generate_result(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[JsonValue]: ...

    @overload
    async def agenerate(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> T: ...
    @overload
    async def agenerate(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> JsonValue: ...

    @overload
    async def agenerate_result(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[T]: ...
    @overload
    async def agenerate_result(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[JsonValue]: ...

    @overload
    def stream(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Stream[T]: ...
    @overload
    def stream(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Stream[JsonValue]: ...

    @overload
    def astream(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> AsyncStream[T]: ...
    @overload
    def astream(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> AsyncStream[JsonValue]: ...
