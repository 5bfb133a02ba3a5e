"""A backend behind a circuit breaker, which leaves a deployment alone that fails again and again.

The breaker is our own: those on PyPI (purgatory, aiobreaker) take cancellation for failure, let every waiting
request through at once when the rest is over, and are neither for several event loops nor for trio.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from ._prices import Meter
from .exceptions import (
    BackendClosed,
    BackendError,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    CircuitOpen,
    QwenStructuredError,
)
from .protocols import Backend

_LOGGER = logging.getLogger("qwen_structured.circuits")


class Breaker:
    """Opens when a deployment failed several times in a row; after a rest, one request tries it.

    A failure is an error after which the deployment may be dead or hang: not one that says that it is busy,
    nor one that says that the request is wrong. Nor is it one of a request that was sent before the last
    answer came: of hundreds in flight, those that hang all time out long after others were answered.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._answers = 0
        self._open_until: float | None = None
        self._probing = False
        self._last: BackendError | None = None

    @property
    def rests_s(self) -> float:
        """Seconds until it lets a request through; 0 if it does now."""
        if self._open_until is None:
            return 0.0
        with self._lock:
            return self._rests_s()

    @contextmanager
    def request(self, name: str, max_failures: int, rest_s: float) -> Generator[None]:
        """Let a request through, and learn from how it ends.

        Args:
            name: of the backend, for the error.
            max_failures: failures in a row after which it opens; 0 never opens it.
            rest_s: seconds for which it stays open.

        Raises:
            CircuitOpen: it is open.
        """
        probe, answers = self._enter(name), self._answers
        try:
            yield
        except (BackendUnavailable, BackendTimedOut) as error:
            current = probe or answers == self._answers
            if (
                not isinstance(error, BackendClosed)
                and current
                and self._failed(error, probe, max_failures, rest_s)
            ):
                self._log_opening(name, error, rest_s)
            raise
        except BackendOverloaded:
            raise
        except QwenStructuredError:
            self._works()
            raise
        else:
            self._works()
        finally:
            if probe:
                self._probing = False

    def _enter(self, name: str) -> bool:
        """Whether the request is the one that tries; an open breaker lets no other through."""
        with self._lock:
            if self._open_until is None:
                return False
            rests_s = self._rests_s()
            if rests_s > 0 or self._probing:
                raise CircuitOpen(
                    f"backend {name!r} failed {self._failures} times in a row and is left alone for "
                    f"{rests_s:.1f} s; the last: {self._last}",
                    retry_after_s=rests_s,
                ) from self._last
            self._probing = True
            return True

    def _rests_s(self) -> float:
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock())

    def _failed(self, error: BackendError, probe: bool, max_failures: int, rest_s: float) -> bool:
        """Count a failure; whether it opens the breaker."""
        with self._lock:
            if self._open_until is not None and not probe:
                return False  # it was sent before the breaker opened, and says nothing new
            self._failures += 1
            self._last = error
            opens = probe or 0 < max_failures <= self._failures
            if opens:
                self._open_until = self._clock() + rest_s
            return opens

    def _log_opening(self, name: str, error: BackendError, rest_s: float) -> None:
        fields = {
            "backend": name,
            "failures": self._failures,
            "rest_s": rest_s,
            "error_type": type(error).__name__,
        }
        _LOGGER.warning(
            "backend %(backend)s failed %(failures)s times in a row and is left alone for %(rest_s)s s: "
            "%(error_type)s",
            fields,
            extra=fields,
        )

    def _works(self) -> None:
        with self._lock:
            self._answers += 1
            self._failures, self._open_until, self._last = 0, None, None


@dataclass(eq=False, frozen=True)
class Circuit:
    """A backend with what is known of it from earlier requests, of whatever call.

    Attributes:
        backend: the backend.
        model: the name by which its model was chosen; None is the backend's own.
        breaker: its breaker.
        meter: divides its time among the requests that run on it.
    """

    backend: Backend
    model: str | None = None
    breaker: Breaker = field(default_factory=Breaker)
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def of_own(cls, backend: Backend) -> Circuit:
        """The circuit of a backend that the caller made; ours know the name that they were made with."""
        return cls(backend, getattr(backend, "model", None))
