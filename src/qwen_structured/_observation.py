"""Who is told of a call: observers, the log, and OpenTelemetry where the program has it.

OpenTelemetry's API is imported here only once the program has imported a part of it: no SDK can be in force
before. So a program without it pays nothing, and needs no package for it.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from itertools import count
from time import perf_counter, time_ns
from types import ModuleType
from typing import TYPE_CHECKING

from ._redaction import redacted
from .observing import Call, Observer, observers
from .results import Attempt, AttemptKind, Usage

if TYPE_CHECKING:
    from . import _otel
    from .protocols import Request

LOGGER = logging.getLogger("qwen_structured.calls")
_NAME_CHARACTERS = 100
_NOTHING = nullcontext()
_numbers = count(1)


class Observation:
    """One call while it runs; it begins when this is made.

    Args:
        output_type: of the call.
        own: observers beside those of all calls.
        content: prompts and answers are recorded too.
    """

    def __init__(self, output_type: object, own: Sequence[Observer] = (), *, content: bool = False) -> None:
        self._output_type = output_type
        self._observers = (*observers(), *own)
        self._content = content
        self._number = next(_numbers)
        self._begun, self._begun_at_ns = perf_counter(), time_ns()
        self._attempts: list[Attempt] = []
        self._request: Request | None = None
        self._otel = _otel_in_force()
        self._spans: _otel.Spans | None = None
        self._has_listeners = (
            bool(self._observers) or self._otel is not None or LOGGER.isEnabledFor(logging.INFO)
        )

    # --- the call ----------------------------------------------------------------------------

    def call(self) -> AbstractContextManager[object]:
        """Observe what is done within, and what was done before, as the call."""
        return self._observed() if self._has_listeners else _NOTHING

    @contextmanager
    def _observed(self) -> Generator[None]:
        error: BaseException | None = None
        with self._call_span():
            try:
                yield
            except BaseException as caught:
                error = caught
                raise
            finally:
                self._call_ended(perf_counter() - self._begun, error)

    def _call_span(self) -> AbstractContextManager[object]:
        if self._otel is None:
            return _NOTHING
        spans: _otel.Spans = self._otel.Spans(content=self._content)
        self._spans = spans
        return spans.call(self._name(), self._begun_at_ns)

    def _call_ended(self, duration_s: float, error: BaseException | None) -> None:
        call = Call(
            number=self._number,
            output_type=self._name(),
            attempts=tuple(self._attempts),
            duration_s=duration_s,
            error=error,
        )
        for observer in self._observers:
            safely(observer.call_ended, call)
        if self._spans is not None:
            safely(self._spans.call_ended, call)
        safely(_log_call, call)

    def _name(self) -> str:
        return name_of(self._output_type)

    # --- its attempts ------------------------------------------------------------------------

    def attempt(
        self, number: int, kind: AttemptKind, backend: str, model: str | None, request: Request
    ) -> AbstractContextManager[object]:
        """Observe what is done within as an attempt.

        Args:
            number: 1 for the first.
            kind: see `Attempt`.
            backend: name of the backend that is asked.
            model: that is asked for, if one is.
            request: what the backend gets.
        """
        self._request = request
        if self._spans is None:
            return _NOTHING
        return self._spans.attempt(number, kind, backend, model, request)

    def attempt_ended(self, attempt: Attempt) -> None:
        """Tell of an attempt that has been entered into the account."""
        if not self._has_listeners:
            return
        self._attempts.append(attempt)
        for observer in self._observers:
            safely(observer.attempt_ended, attempt)
        if self._spans is not None:
            safely(self._spans.attempt_ended, attempt)
        safely(self._log_attempt, attempt)

    def _log_attempt(self, attempt: Attempt) -> None:
        level = logging.INFO if attempt.error else logging.DEBUG
        if not LOGGER.isEnabledFor(level):
            return
        usage = attempt.completion.usage if attempt.completion else Usage()
        fields: dict[str, object] = {
            "call": self._number,
            "attempt": attempt.number,
            "kind": attempt.kind,
            "backend": attempt.backend,
            "model": attempt.completion.model if attempt.completion else None,
            **_measures(usage, attempt.cost_usd, attempt.duration_s),
            "error_type": type(attempt.error).__name__ if attempt.error else None,
        }
        if self._content:
            fields |= self._content_of(attempt)
        what = "failed" if attempt.error else "gave a value"
        _log(level, "call %s: attempt %s (%s) on %s %s", fields, "call attempt kind backend", what)

    def _content_of(self, attempt: Attempt) -> dict[str, object]:
        asked = self._request.messages if self._request else ()
        return {
            "prompt": [{"role": one.role, "content": redacted(one.content)} for one in asked],
            "output": redacted(attempt.completion.text) if attempt.completion else None,
            "error": redacted(str(attempt.error)) if attempt.error else None,
        }


def trace_headers() -> Mapping[str, str]:
    """Headers that make the work of a server part of the current trace; none without OpenTelemetry."""
    otel = _otel_if_imported()
    return {} if otel is None else otel.trace_headers()


def name_of(output_type: object) -> str:
    """Name of an output type, for people: of a JSON Schema, its title."""
    if isinstance(output_type, Mapping):
        name = str(output_type.get("title") or "JSON Schema")
    elif isinstance(output_type, type) and not hasattr(output_type, "__origin__"):
        name = output_type.__name__
    else:
        name = repr(output_type).replace("typing.", "")
    return name[:_NAME_CHARACTERS]


def safely(tell: Callable[..., object], *what: object) -> None:
    """Tell; what goes wrong in that must not cost the caller the answer."""
    try:
        tell(*what)
    except Exception:
        LOGGER.exception("an observer failed, and the call goes on without it")


def _otel_in_force() -> ModuleType | None:
    """Our side of OpenTelemetry; None where the program has not set it up."""
    otel = _otel_if_imported()
    return otel if otel is not None and otel.is_in_force() else None


def _otel_if_imported() -> ModuleType | None:
    return _imported_otel() if "opentelemetry" in sys.modules else None


@cache
def _imported_otel() -> ModuleType | None:
    try:
        return importlib.import_module("._otel", __package__)
    except (ImportError, TypeError) as error:  # its API is not there, or older than the extra `otel` asks for
        LOGGER.warning("there will be no spans: %s", error)
        return None


# --- the log -------------------------------------------------------------------------------------


def _log_call(call: Call) -> None:
    level = logging.INFO if call.error else logging.DEBUG
    if not LOGGER.isEnabledFor(level):
        return
    ledger = call.ledger
    fields: dict[str, object] = {
        "call": call.number,
        "output_type": call.output_type,
        "attempts": len(call.attempts),
        "retries": ledger.retries,
        "re_asks": ledger.re_asks,
        "repairs": ledger.repairs,
        "continuations": ledger.continuations,
        **_measures(ledger.usage, ledger.cost_usd, call.duration_s),
        "error_type": type(call.error).__name__ if call.error else None,
    }
    what = "failed" if call.error else "gave a value"
    _log(level, "call %s for %s, of %s attempts, %s", fields, "call output_type attempts", what)


def _measures(usage: Usage, cost_usd: float | None, duration_s: float) -> dict[str, object]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "output_tokens": usage.output_tokens,
        "cost_usd": cost_usd,
        "duration_s": duration_s,
    }


def _log(level: int, message: str, fields: Mapping[str, object], shown: str, what: str) -> None:
    error = fields["error_type"]
    LOGGER.log(
        level,
        f"{message}%s",
        *(fields[name] for name in shown.split()),
        what,
        f": {error}" if error else "",
        extra=dict(fields),
    )
