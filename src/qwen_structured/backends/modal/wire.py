"""What goes to a container and comes back: plain data, which any version of Python can read.

Exceptions of this package are data too, so that they arrive as what they were; Modal would pickle them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ... import exceptions
from ...exceptions import (
    BackendOverloaded,
    PromptTooLong,
    ProtocolError,
    QwenStructuredError,
)
from ...protocols import Completion, Logprobs, Message, Request, Timings, TokenLogprob, Usage

VERSION = 1
"""Raised when old containers would not understand new callers, or the other way round."""

VERSION_TAG = "qwen-structured-wire"
PACKAGE_TAG = "qwen-structured"
"""Tags of the app, which a caller reads before it sends anything."""


def request_to_data(request: Request) -> dict[str, Any]:
    """A request as plain data."""
    return {**asdict(request), "messages": [asdict(message) for message in request.messages]}


def request_from_data(data: Mapping[str, Any]) -> Request:
    """The request that `request_to_data` made `data` of."""
    fields = dict(data)
    fields["messages"] = tuple(Message(**message) for message in data["messages"])
    return Request(**fields)


def request_to_key(data: Any) -> str:
    """A text that equal requests have in common."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def completion_to_data(completion: Completion) -> dict[str, Any]:
    """A completion as plain data."""
    return asdict(completion)


def completion_from_data(data: Mapping[str, Any]) -> Completion:
    """The completion that `completion_to_data` made `data` of."""
    logprobs = data["logprobs"]
    tokens = tuple(TokenLogprob(**token) for token in logprobs["tokens"]) if logprobs else ()
    fields = dict(data)
    fields["usage"], fields["timings"] = Usage(**data["usage"]), Timings(**data["timings"])
    fields["logprobs"] = Logprobs(tokens=tokens, after_mask=logprobs["after_mask"]) if logprobs else None
    return Completion(**fields)


def with_waiting(completion: Completion, total_s: float, took_s: float) -> Completion:
    """Count what a container does not account for as waiting: its start, the queue, the way there and back.

    Args:
        completion: with the container's own times.
        total_s: seconds of the whole call.
        took_s: seconds of the work in the container.
    """
    timings = completion.timings
    waited_s = (timings.queue_s or 0.0) + max(0.0, total_s - took_s)
    return replace(completion, timings=replace(timings, queue_s=waited_s, total_s=total_s))


def error_to_data(error: QwenStructuredError) -> dict[str, Any]:
    """An error as plain data."""
    details = {
        name: getattr(error, name)
        for name in ("prompt_tokens", "context_tokens", "retry_after_s")
        if hasattr(error, name)
    }
    return {"type": type(error).__name__, "message": str(error), **details}


def error_from_data(data: Mapping[str, Any]) -> QwenStructuredError:
    """The error that `error_to_data` made `data` of; of a class that is not known here, a ProtocolError."""
    message = data["message"]
    if data["type"] == PromptTooLong.__name__:
        return PromptTooLong(data["prompt_tokens"], data["context_tokens"])
    if data["type"] == BackendOverloaded.__name__:
        return BackendOverloaded(message, retry_after_s=data["retry_after_s"])
    kind = getattr(exceptions, data["type"], None)
    if isinstance(kind, type) and issubclass(kind, QwenStructuredError):
        return kind(message)
    return ProtocolError(f"{data['type']}: {message}")
