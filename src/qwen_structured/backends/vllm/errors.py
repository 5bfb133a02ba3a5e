"""vLLM's exceptions, as callers get them."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from ..._redaction import as_cause
from ...exceptions import (
    BackendError,
    BackendOverloaded,
    BackendUnavailable,
    ModelNotLoadable,
    QwenStructuredError,
    SettingsError,
    UnsupportedSchema,
)
from ...protocols import Request
from . import log

E = TypeVar("E", bound=QwenStructuredError)

_SAID_CHARACTERS = 500  # vLLM lists all architectures that it knows


def mapped(error: Exception, request: Request | None) -> QwenStructuredError:
    """The error of a request; only what vLLM says to be transient may be tried again.

    The death of an engine is not told here: see `died`.
    """
    if isinstance(error, QwenStructuredError):
        return error
    from vllm.exceptions import GracefulHTTPError  # pyright: ignore[reportMissingImports]

    if isinstance(error, GracefulHTTPError):
        return _caused(BackendOverloaded(f"vLLM's engine takes no more requests for now: {error}"), error)
    if request is not None and request.grammar is not None and (why := _fault_of(request.grammar)):
        return _caused(UnsupportedSchema(f"the decoder cannot enforce this grammar: {why}"), error)
    cause = error.__cause__ or error  # vLLM wraps what it did not expect, and says nothing itself
    return _caused(BackendError(f"vLLM failed: {type(cause).__name__}: {cause}"), error)


def unknown(error: Exception, unmapped: Exception) -> QwenStructuredError:
    """The error of a request whose own could not be mapped."""
    return _caused(
        BackendError(
            f"vLLM failed: {type(error).__name__}: {error}; this version of vLLM has other errors than are "
            f"known here ({unmapped}): install one that the extra 'vllm' names"
        ),
        error,
    )


def is_death(error: BaseException) -> bool:
    """Whether an exception says that the engine is dead."""
    from vllm.v1.engine.exceptions import EngineDeadError  # pyright: ignore[reportMissingImports]

    return isinstance(error, EngineDeadError)


def died(why: str, next_step: str, cause: BaseException | None) -> BackendUnavailable:
    """The error of a request that was in work when the engine died."""
    return _caused(BackendUnavailable(f"vLLM's engine died: {why}\n{next_step}"), cause)


def not_started(name: str, start: int, error: Exception) -> QwenStructuredError:
    """The error of an engine that did not come up, with what it logged since the log had `start` bytes."""
    if isinstance(error, QwenStructuredError):
        return error
    if isinstance(error, ValidationError):  # of vLLM's own configuration, which says all there is to say
        kind = ModelNotLoadable if error.title == "ModelConfig" else SettingsError
        return _caused(kind(f"vLLM refuses to load {name!r}: {_said(error)}"), error)
    lines = log.last_lines(start)
    said = f"; its log ends with:\n{lines}" if lines else ""
    return _caused(
        ModelNotLoadable(f"vLLM could not load {name!r}: {type(error).__name__}: {error}{said}"), error
    )


def _said(error: ValidationError) -> str:
    detail = error.errors()[0]
    where = "".join(f"{part!r} is {detail['input']!r}: " for part in detail["loc"][-1:])
    text = where + detail["msg"].removeprefix("Value error, ")
    return text if len(text) <= _SAID_CHARACTERS else f"{text[:_SAID_CHARACTERS]} ..."


def ended_in_error(request_id: str, start: int) -> QwenStructuredError:
    """The error of a request that the engine gave up without an exception.

    It does so where a grammar cannot be compiled, and where it lost the request's cache (0.32,
    vllm/v1/core/sched/scheduler.py); only the log tells which.
    """
    said = log.since(start)
    if f"Failed to compile grammar for request {request_id}" in said:
        lines = said.partition(f"Failed to compile grammar for request {request_id}")[2].splitlines()
        why = next((line for line in lines if "Error" in line), "its log says no more")
        return UnsupportedSchema(f"the decoder cannot enforce this grammar: {why.strip()}")
    return BackendUnavailable("vLLM's engine gave the request up and says that it may be made again")


def _fault_of(grammar: str) -> str:
    """What XGrammar has against a grammar; vLLM's own error has none of it."""
    import xgrammar

    try:
        xgrammar.Grammar.from_ebnf(grammar)
    except Exception as error:
        return str(error)
    return ""


def _caused(error: E, cause: BaseException | None) -> E:
    error.__cause__ = None if cause is None else as_cause(cause)
    return error
