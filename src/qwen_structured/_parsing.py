"""Whether a completion is a whole answer, or how it is not."""

from __future__ import annotations

from typing import Any

from .exceptions import OutputEmpty, OutputTruncated
from .protocols import Completion, Request
from .schema import OutputSchema


def check(completion: Completion, request: Request, schema: OutputSchema[Any]) -> None:  # noqa: ARG001
    """Check that an answer is there, and not cut off.

    Raises:
        OutputTruncated: the answer was cut off; what there is of it is never taken for a value.
        OutputEmpty: there is no answer.
    """
    if completion.finish_reason == "length":
        raise OutputTruncated(_truncated(completion))
    if not completion.text.strip():
        raise OutputEmpty(_empty(completion))


def _truncated(completion: Completion) -> str:
    usage = completion.usage
    return (
        f"the answer was cut off after {usage.output_tokens} tokens"
        + (f" ({usage.reasoning_tokens} of them reasoning)" if usage.reasoning_tokens else "")
        + f"; it ends with {completion.text[-40:]!r}: raise max_output_tokens, or split the task"
    )


def _empty(completion: Completion) -> str:
    if completion.usage.reasoning_tokens:
        return f"the model reasoned for {completion.usage.reasoning_tokens} tokens and answered nothing"
    return "the model answered nothing"
