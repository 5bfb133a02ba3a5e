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
from ._observation import Observation
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
from .protocols import Attempt, AttemptKind, Backend, Completion, Ledger, Request, Usage
from .results import usage_of
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
        observation: tells of the attempts.
        made: the attempts so far.
        asked: the backend of the last of them.
    """

    circuits: Sequence[Circuit]
    settings: Settings
    budgets: Sequence[Budget]
    schema: OutputSchema[T]
    conversation: Conversation
    observation: Observation
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
        with self.observation.call():
            return await self._run()

    async def _run(self) -> T:
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
        cut_off: QwenStructuredError | None = None
        while True:
            self._asks += 1
            try:
                return await self._answered(ask)
            except QwenStructuredError as error:
                if cut_off is not None and isinstance(error, ConfigurationError):
                    raise cut_off from error  # it cannot be gone on with after all
                if (longer := self._continues(error, ask)) is not None:
                    self._asks -= 1
                    ask, cut_off = longer, error
                    continue
                cut_off = None
                if not self._is_asked_again(error, ask):
                    raise
            left = self.settings.max_attempts - self._asks
            ask = self.conversation.ask_again(self.made[-1], self.asked.backend.capabilities, left)

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
        number, kind = len(self.made) + 1, self._kind_of(ask)
        with self.observation.attempt(number, kind, circuit.backend.name, circuit.model, request):
            started_at, start, reading = datetime.now(UTC), perf_counter(), circuit.meter.begin()
            try:
                with circuit.breaker.request(
                    circuit.backend.name, self.settings.breaker_failures, self.settings.breaker_rest_s
                ):
                    completion = await self._completion(circuit.backend, request)
                text = completion.text
                check(completion, request, self.schema)
                text = ask.whole(text)
                return value_of(text, completion, self.schema)
            except QwenStructuredError as error:
                failed = error
                raise
            except anyio.get_cancelled_exc_class():
                failed = DeadlineExceeded("it was cut off when the time was up")
                raise
            finally:
                share_s = circuit.meter.end() - reading
                estimated: Usage | None = None
                if completion is None:
                    text, estimated = self._unfinished(ask)
                usage = usage_of(completion, failed) or estimated
                attempt = Attempt(
                    number=number,
                    completion=completion,
                    error=failed,
                    duration_s=perf_counter() - start,
                    kind=kind,
                    backend=circuit.backend.name,
                    started_at=started_at,
                    cost_usd=pricing_of(self.settings, circuit.backend.name)(usage, share_s),
                    text=text,
                    repaired=ask.repairs,
                    saved_output_tokens=_saved(ask, usage) if failed is None else 0,
                    estimated_usage=estimated,
                )
                self._keep(circuit, attempt)

    async def _completion(self, backend: Backend, request: Request) -> Completion:
        return await backend.complete(request)

    def _unfinished(self, _ask: Ask) -> tuple[str, Usage | None]:
        """What is there of an answer that did not come to its end, and an estimate of its tokens."""
        return "", None

    def _keep(self, circuit: Circuit, attempt: Attempt) -> None:
        """Enter an attempt into the account, charge it to the budgets, and tell of it."""
        self.made.append(attempt)
        if self.budgets:
            used = attempt.usage or attempt.estimated_usage or Usage()
            for budget in self.budgets:
                budget.charge(used, attempt.cost_usd)
        if attempt.error and _is_of_the_deployment(attempt.error):
            self._failed.append(circuit)
        self.observation.attempt_ended(attempt)

    def _kind_of(self, ask: Ask) -> AttemptKind:
        """Why an attempt is made: it is a retry where it sends again what the deployment failed."""
        error = self.made[-1].error if self.made else None
        return "retry" if error is not None and _is_of_the_deployment(error) else ask.kind

    # --- where to ----------------------------------------------------------------------------

    def _choose(self) -> Circuit:
        first = self.circuits[0]
        if not self._failed and not first.breaker.rests_s:
            return first
        return next(iter(self._others()), first)

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
        return self._failures() > self.settings.max_retries or self._is_late(state.upcoming_sleep)

    def _failures(self) -> int:
        """Failures of the deployment, or rests of its breaker, whichever are more.

        Waiting while another request tries a deployment anew is neither: nothing was sent.
        """
        errors = [one.error for one in self.made if one.error and _is_of_the_deployment(one.error)]
        open_s = [error.retry_after_s for error in errors if isinstance(error, CircuitOpen)]
        if self.settings.max_retries == 0:
            return len(errors)
        return max(len(errors) - len(open_s), sum(rest_s > 0 for rest_s in open_s))

    def _is_late(self, wait_s: float) -> bool:
        """Whether an attempt after a pause cannot end in time: it takes what the quickest so far took."""
        left = self._remaining_s()
        took = [
            one.duration_s - (one.completion.timings.queue_s or 0.0) for one in self.made if one.completion
        ]
        self._too_late = left is not None and wait_s + min(took, default=0.0) >= left
        return self._too_late

    def _remaining_s(self) -> float | None:
        if not self.budgets:
            return None
        left = [budget.remaining_s for budget in self.budgets if budget.remaining_s is not None]
        return min(left, default=None)

    # --- budgets -----------------------------------------------------------------------------

    def _within_budgets(self, request: Request) -> Request:
        """The request with no more output than the budgets have tokens for.

        Raises:
            BudgetExceeded: they have none.
        """
        if not self.budgets:
            return request
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


def _saved(ask: Ask, usage: Usage | None) -> int:
    """Tokens that a repair did not have to write, against a whole answer."""
    return ask.replaces_tokens - usage.output_tokens if ask.replaces_tokens and usage else 0


def _is_of_the_deployment(error: BaseException) -> bool:
    """Whether the same request may be sent again: not where its answer was wrong, which is asked again."""
    return (
        isinstance(error, QwenStructuredError) and error.retryable and not isinstance(error, GenerationError)
    )
