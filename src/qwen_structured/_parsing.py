"""From a completion to a value, or to the error that says what was wrong with it."""

from __future__ import annotations

from typing import TypeVar

from .exceptions import OutputEmpty, OutputTruncated
from .protocols import Completion
from .schema import OutputSchema

T = TypeVar("T")


def parse(completion: Completion, schema: OutputSchema[T]) -> T:
    """Make the value of an answer.

    Raises:
        OutputTruncated: the answer was cut off; what there is of it is never taken for a value.
        OutputEmpty: there is no answer.
        OutputNotJSON: the answer is not JSON.
        OutputInvalid: the answer is JSON, but not of the type.
    """
    if completion.finish_reason == "length":
        raise OutputTruncated(_truncated(completion))
    if not completion.text.strip():
        raise OutputEmpty(_empty(completion))
    return schema.validate(completion.text)


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
