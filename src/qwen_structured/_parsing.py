"""From a completion to a value, or to the error that says what was wrong with it."""

from __future__ import annotations

from typing import Any, TypeVar

from ._truncation import is_cut_off, truncated
from .exceptions import OutputEmpty, OutputNotJSON, QwenStructuredError
from .protocols import Completion, Request
from .schema import OutputSchema

T = TypeVar("T")


def check(completion: Completion, request: Request, schema: OutputSchema[Any]) -> None:
    """Check that an answer is there, and not cut off.

    Raises:
        OutputTruncated: the answer was cut off; what there is of it is never taken for a value.
        OutputEmpty: there is no answer.
    """
    if completion.finish_reason == "length":
        raise truncated(completion, schema, len(request.prefix))
    if not completion.text.strip():
        raise _empty(completion, schema)


def value_of(text: str, completion: Completion, schema: OutputSchema[T]) -> T:
    """Make the value of a whole answer.

    Args:
        text: the whole answer.
        completion: what was written of it.
        schema: of the answer.

    Raises:
        OutputStopped: the answer ended in the middle.
        OutputNotJSON: the answer is not JSON.
        OutputInvalid: the answer is JSON, but not of the type.
    """
    try:
        return schema.validate(text)
    except OutputNotJSON as error:
        if is_cut_off(text):
            raise truncated(completion, schema) from error.__cause__
        raise


def _empty(completion: Completion, schema: OutputSchema[Any]) -> OutputEmpty:
    if not completion.usage.reasoning_tokens and not completion.reasoning:
        return OutputEmpty("the model answered nothing")
    spent = f"the model reasoned for {completion.usage.reasoning_tokens} tokens and answered nothing"
    try:
        schema.validate(completion.reasoning)
    except QwenStructuredError:
        return OutputEmpty(spent, reason="reasoning")
    return OutputEmpty(
        f"{spent}: the answer stands in the reasoning, where the deployment's reasoning parser put it: "
        "set enable_thinking to what the deployment does, or switch its parser off",
        reason="reasoning",
    )
