"""The border: what Modal's client raises, as errors of this package.

==================================  ==============================  ===================
Modal                               here                            tried again
==================================  ==============================  ===================
NotFoundError                       NotDeployed                     no
AuthError, PermissionDeniedError    AuthenticationFailed            no
FunctionTimeoutError                CallTimedOut                    no: it was paid
InternalFailure                     BackendUnavailable              yes: nobody works on it
ServiceError, ConnectionError,      BackendUnavailable              yes: the same call is
InternalError                                                       waited for again
ResourceExhaustedError              BackendOverloaded               yes
RemoteError: memory                 BackendError                    no
RequestSizeError                    InvalidPrompt                   no
whatever a container raises         BackendError                    no
==================================  ==============================  ===================
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from modal import exception as modal_errors

from ..._redaction import as_cause
from ...exceptions import (
    AuthenticationFailed,
    BackendError,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    ConfigurationError,
    InvalidPrompt,
    ProtocolError,
    QwenStructuredError,
)

_SHOWN = 600
_MEMORY = re.compile(r"out of memory|\bOOM\b|OOM_KILL|exit code -?137|memory.?evict", re.IGNORECASE)

WEATHER = (modal_errors.ServiceError, modal_errors.ConnectionError, modal_errors.InternalError)
"""Failures of the way to Modal, which say nothing of the call: Modal may still work on it."""


class NotDeployed(ConfigurationError):
    """There is no such app, or class in it, on Modal."""


class CallTimedOut(BackendTimedOut):
    """The container took longer than its limit. It is not tried again: that would be paid for twice."""

    retryable = False


@contextmanager
def mapped(what: str) -> Generator[None]:
    """Raise what Modal's client raises as an error of this package, that exception being its cause.

    Args:
        what: what is talked to, such as ``Qwen80BGenerator of the app 'x'``.
    """
    try:
        yield
    except QwenStructuredError:
        raise
    except Exception as error:  # what a container raises comes as its own type
        raise of_modal(what, error) from as_cause(error)


def of_modal(what: str, error: Exception) -> QwenStructuredError:
    """The error for an exception of Modal's client, or for one that came out of a container."""
    said = _short(str(error) or type(error).__name__)
    for kinds, made, message in _TABLE:
        if isinstance(error, kinds):
            return made(message.format(what=what, said=said))
    if isinstance(error, (modal_errors.RemoteError, modal_errors.ExecutionError)):
        return _of_container(what, said)
    if isinstance(error, (modal_errors.Error, OSError)):
        return BackendUnavailable(f"Modal cannot be reached for {what}: {said}")
    return _of_container(what, f"{type(error).__name__}: {said}")


_TABLE: tuple[tuple[tuple[type[Exception], ...], type[QwenStructuredError], str], ...] = (
    (
        (modal_errors.NotFoundError,),
        NotDeployed,
        "{what} is not deployed: run `qwen-structured modal deploy` ({said})",
    ),
    (
        (modal_errors.AuthError, modal_errors.PermissionDeniedError),
        AuthenticationFailed,
        "Modal refuses the credentials: run `modal setup`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET "
        "({said})",
    ),
    (
        (modal_errors.OutputExpiredError,),
        BackendUnavailable,
        "Modal no longer keeps the answer of {what}: ask again",
    ),
    (
        (modal_errors.FunctionTimeoutError,),
        CallTimedOut,
        "{what} took longer than request_timeout_s: raise it and deploy again, or ask for less",
    ),
    (
        (modal_errors.InternalFailure,),
        BackendUnavailable,
        "the container of {what} was lost or preempted, and Modal gave the request up: {said}",
    ),
    (
        (modal_errors.ResourceExhaustedError,),
        BackendOverloaded,
        "Modal takes no more requests for {what} for now: {said}",
    ),
    (
        (modal_errors.RequestSizeError,),
        InvalidPrompt,
        "the request is larger than Modal takes: {said}",
    ),
    (
        (modal_errors.VersionError, modal_errors.DeserializationError, modal_errors.InvalidError),
        ProtocolError,
        "Modal and its client do not understand each other about {what}: {said}",
    ),
)
"""The first row that fits gives the error."""


def _of_container(what: str, said: str) -> QwenStructuredError:
    if _MEMORY.search(said):
        return BackendError(
            f"a container of {what} ran out of memory: lower concurrency, context or "
            f"gpu_memory_utilization, or choose larger GPUs, and deploy again ({said})"
        )
    return BackendError(f"a container of {what} failed: {said}; `qwen-structured modal logs` has more")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[: _SHOWN // 2]} ... {line[-_SHOWN // 2 :]}" if len(line) > _SHOWN else line
