"""What is tried again, when, and what is kept of every attempt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Generic, TypeVar

import anyio
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from .exceptions import (
    AttemptsExhausted,
    BackendError,
    BackendOverloaded,
    DeadlineExceeded,
    GenerationError,
    QwenStructuredError,
)
from .protocols import Attempt, Completion

T = TypeVar("T")

_BACKOFF = wait_random_exponential(multiplier=0.5, max=8)


@dataclass(slots=True)
class Attempts(Generic[T]):
    """One call's attempts.

    Attributes:
        complete: makes the completion of an attempt; is given the error of the one before, or None.
        parse: makes the value of a completion.
        max_attempts: how many, the first included.
        deadline_s: seconds for all of them, or None.
    """

    complete: Callable[[QwenStructuredError | None], Awaitable[Completion]]
    parse: Callable[[Completion], T]
    max_attempts: int
    deadline_s: float | None
    made: list[Attempt] = field(default_factory=list)

    async def run(self) -> T:
        """Try until there is a value.

        Raises:
            AttemptsExhausted: the last attempt failed with an error that may be tried again.
            DeadlineExceeded: the time was up.
            QwenStructuredError: an attempt failed with an error that may not be tried again.
        """
        try:
            with anyio.move_on_after(self.deadline_s):
                return await self._retrying()(self._once)
        except QwenStructuredError as error:
            raise self._final(error) from (
                error if len(self.made) > 1 and error.retryable else error.__cause__
            )
        raise DeadlineExceeded(
            f"no value after {self.deadline_s} s and {len(self.made)} finished attempts: "
            "raise deadline_s, or ask for less",
            attempts=self.made,
        )

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            sleep=anyio.sleep,
            stop=stop_after_attempt(self.max_attempts),
            wait=_wait,
            retry=retry_if_exception(
                lambda error: isinstance(error, QwenStructuredError) and error.retryable
            ),
            reraise=True,
        )

    async def _once(self) -> T:
        before = self.made[-1].error if self.made else None
        start = perf_counter()
        completion: Completion | None = None
        failed: Exception | None = None
        try:
            completion = await self.complete(before if isinstance(before, GenerationError) else None)
            return self.parse(completion)
        except QwenStructuredError as error:
            failed = error
            raise
        finally:
            if failed is not None or completion is not None:
                self.made.append(Attempt(len(self.made) + 1, completion, failed, perf_counter() - start))

    def _final(self, error: QwenStructuredError) -> QwenStructuredError:
        if error.retryable and len(self.made) > 1:
            return AttemptsExhausted(
                f"{len(self.made)} attempts gave no value; the last: {error}", attempts=self.made
            )
        if isinstance(error, GenerationError):
            error.attempts = tuple(self.made)
        return error


def _wait(state: RetryCallState) -> float:
    """Back off where a deployment failed, as long as it asks; ask at once where the answer was wrong."""
    error = state.outcome.exception() if state.outcome else None
    asked_s = error.retry_after_s or 0.0 if isinstance(error, BackendOverloaded) else 0.0
    return max(_BACKOFF(state), asked_s) if isinstance(error, BackendError) else 0.0
