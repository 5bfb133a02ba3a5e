"""What is sent to the service and comes back, as Pydantic models; its OpenAPI description is made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Text = Annotated[str, Field(min_length=1)]


class Turn(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str


class GenerateBody(BaseModel):
    """A request to generate."""

    model_config = ConfigDict(extra="forbid")

    prompt: Text | Annotated[list[Turn], Field(min_length=1)] = Field(
        description="A text, or a conversation of which the last message is the user's."
    )
    json_schema: dict[str, JsonValue] | None = Field(
        default=None,
        alias="schema",
        description="JSON Schema of the answer; without it the answer is free text.",
    )
    max_tokens: int = Field(
        default=2048, ge=1, description="Limit of the answer's tokens, reasoning included."
    )
    temperature: float = Field(
        default=0.3, ge=0, le=2, strict=True, description="Randomness; 0 takes the likeliest token."
    )
    top_p: float = Field(
        default=0.95, gt=0, le=1, strict=True, description="Sample among tokens of this probability together."
    )
    seed: Annotated[int, Field(ge=0, lt=2**32, strict=True)] | None = Field(
        default=None, description="Makes sampling reproducible."
    )
    enable_thinking: bool = Field(
        default=False, strict=True, description="Let a thinking model reason first."
    )


class UsageBody(BaseModel):
    """Tokens of all attempts together."""

    prompt_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cached_tokens: int


class GenerateAnswer(BaseModel):
    """An answer."""

    text: Any = Field(description="The text, or the value if there was a schema.")
    usage: UsageBody
    finish_reason: Literal["stop", "length"]
    model: str = Field(description="Full name of the model that answered.")
    attempts: int = Field(description="Requests that it took.")
    enforced: bool = Field(description="The decoder was held to the schema.")
    queue_s: float | None = Field(
        description="Seconds of waiting for the deployment, its loading included; null if unknown."
    )
    total_s: float = Field(description="Seconds of all of it.")


class HealthAnswer(BaseModel):
    """The state of the deployment."""

    state: Literal["idle", "loading", "ready", "busy", "dead"]
    detail: str
    requests: int = Field(description="Requests that are waiting or in work.")
    version: str = Field(description="Version of qwen-structured.")


class ErrorDetail(BaseModel):
    """What went wrong."""

    type: str = Field(description="Name of the error; the documentation lists them.")
    message: str
    retryable: bool = Field(description="The same request may succeed when it is made again.")
    raw_output: str | None = Field(default=None, description="What the model wrote, if it did.")
    usage: UsageBody | None = Field(default=None, description="Tokens that were used in vain.")


class ErrorAnswer(BaseModel):
    """An error."""

    error: ErrorDetail
