"""The errors of the package as HTTP answers: a status, and JSON that says what happened."""

from __future__ import annotations

from math import ceil

from fastapi.responses import JSONResponse

from ..exceptions import (
    BackendError,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    ConfigurationError,
    DeadlineExceeded,
    GenerationError,
    InvalidPrompt,
    OutputTruncated,
    PromptTooLong,
    QwenStructuredError,
    UnsupportedOption,
    UnsupportedSchema,
)
from .bodies import ErrorAnswer, ErrorDetail
from .generation import usage_body

STATUSES: tuple[tuple[type[QwenStructuredError], int], ...] = (
    (PromptTooLong, 413),
    (InvalidPrompt, 422),
    (UnsupportedSchema, 422),
    (UnsupportedOption, 422),
    (ConfigurationError, 503),
    (BackendOverloaded, 429),
    (BackendTimedOut, 504),
    (BackendUnavailable, 503),
    (BackendError, 502),
    (OutputTruncated, 422),
    (DeadlineExceeded, 504),
    (GenerationError, 502),
)
"""The first class that an error is of gives the status: 4xx where the request has to change, else 5xx."""


def status_of(error: QwenStructuredError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def response_of(error: QwenStructuredError) -> JSONResponse:
    """The whole answer for an error."""
    detail = ErrorDetail(type=type(error).__name__, message=str(error), retryable=error.retryable)
    if isinstance(error, GenerationError) and error.completions:
        detail.raw_output = error.completions[-1].text
        detail.usage = usage_body(error.usage)
    headers = {}
    if isinstance(error, BackendOverloaded) and error.retry_after_s is not None:
        headers["Retry-After"] = str(ceil(error.retry_after_s))
    return refusal(status_of(error), detail, headers)


def refusal(status: int, detail: ErrorDetail, headers: dict[str, str] | None = None) -> JSONResponse:
    """An answer that is an error."""
    content = ErrorAnswer(error=detail).model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, status, headers)
