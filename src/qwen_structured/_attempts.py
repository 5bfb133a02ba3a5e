"""What is tried again, when, on which backend, and what is kept of every attempt."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Generic, TypeVar

import anyio
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from ._budget import Budget
from ._circuit import Circuit
from ._conversation import Ask, Conversation, continued
from ._parsing import check, value_of
from ._prices import pricing_of
from .exceptions import (
    AttemptsExhausted,
    BackendOverloaded,
    BudgetExceeded,
    CircuitOpen,
    ConfigurationError,
    DeadlineExceeded,
    GenerationError,
    OutputTruncated,
    QwenStructuredError,
)
from .protocols import Attempt, Completion, Ledger, Request, Usage
from .schema import OutputSchema
from .settings import Settings

T = TypeVar("T")

_BACKOFF = wait_random_exponential(multiplier=0.5, max=8)


@dataclass(slots=True)
class Attempts(Generic[T]):
    """One call's attempts.

    Attributes:
        circuits: the backends, the one to prefer first.
        settings: of the call.
        budgets: what limits it: its own budget, and that of its generator.
        schema: validates answers.
        conversation: says what is asked first, and what after an answer that was wrong.
        made: the attempts so far.
        asked: the backend of the last of them.
    """

    circuits: Sequence[Circuit]
    settings: Settings
    budgets: Sequence[Budget]
    schema: OutputSchema[T]
    conversation: Conversation
    made: list[Attempt] = field(default_factory=list)
    asked: Circuit = field(init=False)
    _failed: list[Circuit] = field(default_factory=list)  # since all of them were last tried
    _asks: int = 0
    _too_late: bool = False

    async def run(self) -> T:
        """Try until there is a value.

        Raises:
            AttemptsExhausted: the last attempt failed with an error that may be tried again.
            BudgetExceeded: the tokens or the money were used up.
            DeadlineExceeded: the time was up, or the next attempt could not have ended in time.
            QwenStructuredError: an attempt failed with an error that may not be tried again.
        """
        left_s = self._remaining_s()
        try:
            if left_s is None:
                return await self._value()
            with anyio.move_on_after(left_s):
                return await self._value()
        except QwenStructuredError as error:
            final = self._final(error)
            raise final from (error.__cause__ if type(final) is type(error) else error)
        raise DeadlineExceeded(self._late("the time was up"), attempts=self.made)

    async def _value(self) -> T:
        ask = self.conversation.first
        while True:
            self._asks += 1
            try:
                return await self._answered(ask)
            except QwenStructuredError as error:
                if (longer := self._continues(error, ask)) is not None:
                    self._asks -= 1
                    ask = longer
                    continue
                if not self._is_asked_again(error, ask):
                    raise
            ask = self.conversation.ask_again(self.made[-1], self.asked.backend.capabilities)

    async def _answered(self, ask: Ask) -> T:
        """Send the request until the deployment answers it.

        Tenacity gets what has failed and no more: it would be half the cost of a request that succeeds.
        """
        try:
            return await self._once(ask)
        except QwenStructuredError as error:
            if not _is_of_the_deployment(error):
                raise
            failed = [error]

        async def again() -> T:
            if failed:
                raise failed.pop()
            return await self._once(ask)

        return await self._retrying()(again)

    def _continues(self, error: QwenStructuredError, ask: Ask) -> Ask | None:
        """The request that goes on with an answer which was cut off at its limit, if there is to be one."""
        cut_off = self.made[-1].completion if self.made else None
        if not isinstance(error, OutputTruncated) or error.reason != "length" or cut_off is None:
            return None
        left = self.settings.max_continuations - Ledger(tuple(self.made)).continuations
        if left <= 0 or ask.request.enable_thinking or self._cut_by_budget() or self._is_late(0.0):
            return None
        return continued(ask, cut_off)

    def _is_asked_again(self, error: QwenStructuredError, ask: Ask) -> bool:
        """Whether an error is that of a wrong answer, or of a repair, behind which there is a re-ask."""
        if isinstance(error, BudgetExceeded):
            return False
        if ask.repairs and isinstance(error, ConfigurationError):
            self._asks -= 1  # nothing was asked: the prompt was too long, or the engine refused the grammar
            return True
        wrong = isinstance(error, GenerationError) and (error.retryable or bool(ask.repairs))
        return wrong and self._asks < self.settings.max_attempts and not self._is_late(0.0)

    # --- one attempt -------------------------------------------------------------------------

    async def _once(self, ask: Ask) -> T:
        circuit = self.asked = self._choose()
        request = self._within_budgets(ask.request)
        completion: Completion | None = None
        failed: Exception | None = None
        text = ""
        started_at, start = datetime.now(UTC), perf_counter()
        with circuit.meter.running() as share_s:
            try:
                with circuit.breaker.request(
                    circuit.backend.name, self.settings.breaker_failures, self.settings.breaker_rest_s
                ):
                    completion = await circuit.backend.complete(request)
                check(completion, request, self.schema)
                text = ask.whole(completion.text)
                return value_of(text, completion, self.schema)
            except QwenStructuredError as error:
                failed = error
                raise
            except anyio.get_cancelled_exc_class():
                failed = DeadlineExceeded("it was cut off when the time was up")
                raise
            finally:
                self._keep(
                    ask,
                    circuit,
                    Attempt(
                        number=len(self.made) + 1,
                        completion=completion,
                        error=failed,
                        duration_s=perf_counter() - start,
                        kind="retry" if self._repeats() else ask.kind,
                        backend=circuit.backend.name,
                        started_at=started_at,
                        text=text or (completion.text if completion else ""),
                        repaired=ask.repairs,
                    ),
                    share_s(),
                )

    def _keep(self, ask: Ask, circuit: Circuit, attempt: Attempt, share_s: float) -> None:
        """Enter an attempt into the account, and charge it to the budgets."""
        usage = attempt.completion.usage if attempt.completion else Usage()
        cost_usd = pricing_of(self.settings, attempt.backend)(usage, share_s)
        saved = ask.replaces_tokens - usage.output_tokens if ask.replaces_tokens and not attempt.error else 0
        self.made.append(replace(attempt, cost_usd=cost_usd, saved_output_tokens=saved))
        for budget in self.budgets:
            budget.charge(usage, cost_usd)
        if attempt.error and _is_of_the_deployment(attempt.error):
            self._failed.append(circuit)

    def _repeats(self) -> bool:
        """Whether the next attempt sends again what the deployment failed."""
        error = self.made[-1].error if self.made else None
        return error is not None and _is_of_the_deployment(error)

    # --- where to ----------------------------------------------------------------------------

    def _choose(self) -> Circuit:
        return next(iter(self._others()), self.circuits[0])

    def _others(self) -> list[Circuit]:
        """Backends that have not failed in this round and may be asked; if none may, the first of them."""
        fresh = [one for one in self.circuits if one not in self._failed]
        return [one for one in fresh if not one.breaker.rests_s] or fresh[:1]

    # --- when --------------------------------------------------------------------------------

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            sleep=anyio.sleep,
            stop=self._gives_up,
            wait=self._wait,
            retry=retry_if_exception(_is_of_the_deployment),
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        """Ask another backend at once; where there is none, back off, for as long as the deployment asks."""
        if self._others():
            return 0.0
        self._failed.clear()
        error = self.made[-1].error
        asked_s = error.retry_after_s if isinstance(error, BackendOverloaded | CircuitOpen) else None
        return max(_BACKOFF(state), asked_s or 0.0)

    def _gives_up(self, state: RetryCallState) -> bool:
        retries = Ledger(tuple(self.made)).retries
        return retries >= self.settings.max_retries or self._is_late(state.upcoming_sleep)

    def _is_late(self, wait_s: float) -> bool:
        """Whether an attempt after a pause cannot end in time: it takes what the quickest so far took."""
        left = self._remaining_s()
        took = [
            one.duration_s - (one.completion.timings.queue_s or 0.0) for one in self.made if one.completion
        ]
        self._too_late = left is not None and wait_s + min(took, default=0.0) >= left
        return self._too_late

    def _remaining_s(self) -> float | None:
        left = [budget.remaining_s for budget in self.budgets if budget.remaining_s is not None]
        return min(left, default=None)

    # --- budgets -----------------------------------------------------------------------------

    def _within_budgets(self, request: Request) -> Request:
        """The request with no more output than the budgets have tokens for.

        Raises:
            BudgetExceeded: they have none.
        """
        prompt = next((one.completion.usage.prompt_tokens for one in self.made[::-1] if one.completion), 0)
        for budget in self.budgets:
            budget.check(prompt + 1)
        left = [b.remaining_tokens - prompt for b in self.budgets if b.remaining_tokens is not None]
        limits = [*left, *([request.max_output_tokens] if request.max_output_tokens else [])]
        return replace(request, max_output_tokens=min(limits)) if left else request

    # --- the end -----------------------------------------------------------------------------

    def _final(self, error: QwenStructuredError) -> QwenStructuredError:
        """The error that the caller gets, with all attempts on it."""
        if error.retryable and self._too_late:
            return DeadlineExceeded(
                self._late(f"a further attempt could not end in time; the last: {error}"), attempts=self.made
            )
        if error.retryable and len(self.made) > 1:
            return AttemptsExhausted(
                f"{len(self.made)} attempts gave no value; the last: {error}", attempts=self.made
            )
        if isinstance(error, OutputTruncated) and self._cut_by_budget():
            return BudgetExceeded(
                f"the tokens that max_total_tokens left did not suffice: {error}", attempts=self.made
            )
        if error.attempts:  # a backend may raise one error for several requests
            cause, error = error.__cause__, copy(error)
            error.__cause__ = cause
        error.attempts = tuple(self.made)
        return error

    def _cut_by_budget(self) -> bool:
        return any(b.remaining_tokens is not None and b.remaining_tokens <= 0 for b in self.budgets)

    def _late(self, what: str) -> str:
        finished = sum(one.completion is not None for one in self.made)
        limits = ", ".join(f"{b.deadline_s} s" for b in self.budgets if b.deadline_s is not None)
        return (
            f"no value in the deadline_s of {limits}, after {finished} finished attempts: {what}: "
            "raise it, or ask for less"
        )


def _is_of_the_deployment(error: BaseException) -> bool:
    """Whether the same request may be sent again: not where its answer was wrong, which is asked again."""
    return (
        isinstance(error, QwenStructuredError) and error.retryable and not isinstance(error, GenerationError)
    )
