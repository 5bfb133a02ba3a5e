"""One request of the service: free text, or a value of a JSON Schema, from any backend."""

from __future__ import annotations

from dataclasses import asdict, replace
from time import perf_counter
from typing import Any

from .. import _prompt
from .._generator import StructuredGenerator
from ..exceptions import UnsupportedOption
from ..protocols import Backend, Completion, Message, Prompt, Request, Usage
from ..schema import OutputSchema
from .bodies import GenerateAnswer, GenerateBody, UsageBody


async def generate(backend: Backend, body: GenerateBody) -> GenerateAnswer:
    """Answer a request.

    Raises:
        QwenStructuredError: as the verbs of the package do.
    """
    begun = perf_counter()
    if body.json_schema is None:
        completion = await backend.complete(free_request(backend, body))
        return _answer(completion.text, completion, completion.usage, 1, begun)
    result = await StructuredGenerator(backend=backend).agenerate_result(
        body.json_schema,
        prompt_of(body),
        max_output_tokens=body.max_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        seed=body.seed,
        enable_thinking=body.enable_thinking,
    )
    return _answer(result.value, result.completion, result.usage, len(result.attempts), begun)


def stream_request(backend: Backend, body: GenerateBody) -> Request:
    """The request of a body whose answer is streamed, and checked by whoever reads it.

    Raises:
        ConfigurationError: prompt, schema or an option cannot be used.
    """
    request = free_request(backend, body)
    if body.json_schema is None:
        return request
    schema = OutputSchema.of(body.json_schema)
    messages = _prompt.compose(prompt_of(body), schema.json_schema, "sketch")
    return replace(request, messages=messages, grammar=schema.grammar, schema=schema.json_schema)


def free_request(backend: Backend, body: GenerateBody) -> Request:
    """The request of a body without a schema.

    Raises:
        InvalidPrompt: the prompt is empty or malformed.
        UnsupportedOption: the backend cannot do what is asked.
    """
    for option, asked, able in (
        ("seed", body.seed is not None, backend.capabilities.seed),
        ("enable_thinking", body.enable_thinking, backend.capabilities.thinking),
    ):
        if asked and not able:
            raise UnsupportedOption(f"backend {backend.name!r} has no {option}: leave the option out")
    return Request(
        messages=_prompt.compose(prompt_of(body), {}, "off"),
        max_output_tokens=body.max_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        seed=body.seed,
        enable_thinking=body.enable_thinking,
    )


def prompt_of(body: GenerateBody) -> Prompt:
    """The prompt as the package has it."""
    if isinstance(body.prompt, str):
        return body.prompt
    return [Message(turn.role, turn.content) for turn in body.prompt]


def usage_body(usage: Usage) -> UsageBody:
    """Tokens as the service tells them."""
    return UsageBody(**asdict(usage))


def _answer(value: Any, completion: Completion, usage: Usage, attempts: int, begun: float) -> GenerateAnswer:
    return GenerateAnswer(
        text=value,
        usage=usage_body(usage),
        finish_reason=completion.finish_reason,
        model=completion.model,
        attempts=attempts,
        enforced=completion.enforced,
        queue_s=completion.timings.queue_s,
        total_s=perf_counter() - begun,
    )
