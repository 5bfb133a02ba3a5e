"""Every error that this package raises on purpose.

::

    QwenStructuredError
    ├── ConfigurationError            the call or the set-up is at fault; trying again cannot help
    │   ├── SettingsError             a setting is misspelt or of the wrong type
    │   ├── UnknownBackend            no backend of that name is installed
    │   ├── BackendNotInstalled       the backend's extra is missing
    │   ├── UnknownModel              the backend does not know the model
    │   ├── ModelNotLoadable          the model's files are incomplete, or too large for this machine
    │   ├── DoesNotFit                the GPUs that were asked for cannot hold the model
    │   ├── UnsupportedSchema         the type or JSON Schema cannot be generated
    │   ├── UnsupportedOption         the backend cannot do what an option asks
    │   ├── JournalError              the journal of a batch cannot be used
    │   │   ├── JournalInUse          another run has it open
    │   │   └── SchemaChanged         the type is not what it was when the journal was written
    │   └── InvalidPrompt             empty or malformed
    │       └── PromptTooLong         more tokens than the model's context holds
    ├── BackendError                  a deployment failed
    │   ├── BackendUnavailable *      unreachable, or died
    │   │   ├── BackendClosed         closed by its owner
    │   │   └── CircuitOpen *         it failed many times in a row, and is left alone for a while
    │   ├── BackendTimedOut *         no answer in its own time limit
    │   ├── BackendOverloaded *       asked to slow down
    │   ├── AuthenticationFailed      the credentials were refused
    │   └── ProtocolError             the answer was not of the agreed form
    │       └── AnswerGarbled *       earlier ones were: something broke it on its way
    └── GenerationError               the model answered, but not with a value
        ├── OutputTruncated           the answer was cut off
        │   └── OutputStopped *       it ended in the middle by itself, or at a stop sequence
        ├── OutputEmpty *             there was no answer
        ├── OutputNotJSON *           the answer is not JSON
        ├── OutputInvalid *           the answer is JSON, but not of the type
        ├── AttemptsExhausted         the last of several attempts failed too
        └── BudgetExceeded            the caller's tokens or money were used up
            └── DeadlineExceeded      the caller's time was up

Every error of a call has its `attempts`, with their `usage` and `cost_usd`. Errors marked with * may be tried
again (`retryable`), which is all that the retry policy reads.
Exceptions of a backend's own library are always the ``__cause__`` of one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from ._redaction import redacted
from .results import Usage

if TYPE_CHECKING:
    from ._partial import Partial
    from .results import Attempt, Completion, Ledger

NO_TOKENS: Final = Usage()


class QwenStructuredError(Exception):
    """Base of all errors of this package. No message has a secret in it.

    Attributes:
        attempts: every attempt made for the call so far, the failed ones included; empty before the first.
        partial: what there was of the answer, of a stream and of an answer that was cut off; else None.
        spent: of an error that a backend raised, tokens that its one request used; none where nothing was
            sent, or it was refused before any work. None where the deployment may have worked on it and did
            not tell: the connection broke, or the answer could not be read.
    """

    retryable: ClassVar[bool] = False
    """Whether the same request may succeed when it is made again."""

    attempts: tuple[Attempt, ...] = ()
    partial: Partial | None = None
    spent: Usage | None = None

    def __init__(self, *args: object) -> None:
        super().__init__(*(redacted(one) if isinstance(one, str) else one for one in args))

    @property
    def ledger(self) -> Ledger:
        """The account of all attempts together."""
        from .results import Ledger

        return Ledger(self.attempts)

    @property
    def completions(self) -> tuple[Completion, ...]:
        """What the model wrote, an entry for each attempt that got an answer."""
        return tuple(a.completion for a in self.attempts if a.completion is not None)

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts together, as far as the backends told them; see `Ledger.uncounted`."""
        return self.ledger.usage

    @property
    def cost_usd(self) -> float | None:
        """US dollars of all attempts together; None where a backend's price is not known."""
        return self.ledger.cost_usd

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle it as it is: the arguments of ``__init__`` are not those of the message."""
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[QwenStructuredError], args: tuple[object, ...]) -> QwenStructuredError:
    return kind.__new__(kind, *args)


class ConfigurationError(QwenStructuredError):
    """The call or the set-up is at fault."""

    spent = NO_TOKENS


class SettingsError(ConfigurationError):
    """A setting is misspelt, or its value is of the wrong type."""


class UnknownBackend(ConfigurationError):
    """No backend of that name is installed."""


class BackendNotInstalled(ConfigurationError):
    """The backend is known, but what it needs is not installed."""


class UnknownModel(ConfigurationError):
    """The backend does not know the model."""


class ModelNotLoadable(ConfigurationError):
    """The model's files are incomplete, or too large for this machine."""


class DoesNotFit(ConfigurationError):
    """The GPUs that were asked for cannot hold the model; the message says which can."""


class UnsupportedSchema(ConfigurationError):
    """The output type or JSON Schema is none, or cannot be generated."""


class UnsupportedOption(ConfigurationError):
    """The backend cannot do what an option of the call asks for."""


class JournalError(ConfigurationError):
    """The journal of a batch cannot be read or written, or is none."""


class JournalInUse(JournalError):
    """Another run has the journal open: in this process, or in another."""


class SchemaChanged(JournalError):
    """The output type is not what it was when the journal was written; the message says in what."""


class InvalidPrompt(ConfigurationError):
    """The prompt is empty or malformed."""


class PromptTooLong(InvalidPrompt):
    """The prompt has more tokens than the model's context holds.

    Attributes:
        prompt_tokens: tokens of the whole request, with the schema and the chat template.
        context_tokens: tokens that the model's context holds.
    """

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(
            f"the prompt has {prompt_tokens} tokens (schema and chat template included), and the model's "
            f"context holds {context_tokens}, answer included: shorten the prompt, split it, or choose a "
            "model with a longer context"
        )
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens

    def __reduce__(self) -> tuple[type[PromptTooLong], tuple[int, int]]:
        return type(self), (self.prompt_tokens, self.context_tokens)


class BackendError(QwenStructuredError):
    """A deployment failed."""


class BackendUnavailable(BackendError):
    """The deployment could not be reached, or died."""

    retryable = True


class BackendClosed(BackendUnavailable):
    """The backend was closed. It is not tried again: it stays closed."""

    retryable = False


class CircuitOpen(BackendUnavailable):
    """The deployment failed many times in a row: nothing was sent, it is left alone for a while.

    Attributes:
        retry_after_s: seconds after which it is tried again; attempts wait for them.
    """

    retryable = True
    spent = NO_TOKENS

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BackendTimedOut(BackendError):
    """The deployment did not answer within its time limit."""

    retryable = True


class BackendOverloaded(BackendError):
    """The deployment asked to slow down.

    Attributes:
        retry_after_s: seconds after which it may be asked again, if it said so; attempts wait for them.
    """

    retryable = True
    spent = NO_TOKENS

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AuthenticationFailed(BackendError):
    """The deployment refused the credentials."""

    spent = NO_TOKENS


class ProtocolError(BackendError):
    """The deployment answered in a form that was not agreed."""


class AnswerGarbled(ProtocolError):
    """An answer was not of the agreed form, though the deployment has answered in it before.

    So something broke this one on its way: a proxy's error page, bytes that are lost or too many.
    """

    retryable = True


class GenerationError(QwenStructuredError):
    """The model answered, but no value came of it."""

    def __init__(self, message: str, *, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)


TruncationReason: TypeAlias = Literal["length", "context", "loop", "reasoning", "stop"]
"""Why an answer ended before its end; see `OutputTruncated`."""


class OutputTruncated(GenerationError):
    """The answer was cut off before its end. It is not asked again: it would be cut off again.

    Attributes:
        reason: ``length``: at `max_output_tokens`, or a limit of the backend's; ``context``: the model's
            context is full; ``loop``: it wrote the same again and again, or white space, until it was cut
            off; ``reasoning``: it was still reasoning; ``stop``: see `OutputStopped`.
        partial: what there is of it; None if there is nothing.
        needed_tokens: tokens of the shortest whole answer that goes on from what there is: fewer could not
            have sufficed. Estimated from the characters that its tokens have; None if nothing was written.
        sufficient_tokens: tokens of the longest whole answer, which would have sufficed, estimated so too;
            None where the type sets no limit.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: TruncationReason = "length",
        partial: Partial | None = None,
        needed_tokens: int | None = None,
        sufficient_tokens: int | None = None,
        attempts: Sequence[Attempt] = (),
    ) -> None:
        super().__init__(message, attempts=attempts)
        self.reason: TruncationReason = reason
        self.partial = partial
        self.needed_tokens = needed_tokens
        self.sufficient_tokens = sufficient_tokens


class OutputStopped(OutputTruncated):
    """The model, or a stop sequence of the deployment, ended the answer in the middle."""

    retryable = True


class OutputEmpty(GenerationError):
    """The model wrote nothing.

    Attributes:
        reason: ``reasoning``: all that it wrote went into the reasoning; ``nothing``: there is not even that.
    """

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        reason: Literal["reasoning", "nothing"] = "nothing",
        attempts: Sequence[Attempt] = (),
    ) -> None:
        super().__init__(message, attempts=attempts)
        self.reason: Literal["reasoning", "nothing"] = reason


class OutputNotJSON(GenerationError):
    """The model wrote something that is not JSON."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an answer.

    Attributes:
        path: where, from the answer's root, such as ``lines[0].price``; ``""`` is the root.
        rule: what was required there.
        value: what stood there, as JSON, shortened to 80 characters.
        steps: the path as its keys and indices; of a field that is missing, its own is the last.
    """

    path: str
    rule: str
    value: str
    steps: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        return f"{self.path or 'the value'}: {self.rule} (was {self.value})"


class OutputInvalid(GenerationError):
    """The answer is JSON, but not of the output type.

    Attributes:
        problems: what is wrong with it, where.
        text: the whole answer.
    """

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        problems: Iterable[Problem] = (),
        text: str = "",
        attempts: Sequence[Attempt] = (),
    ) -> None:
        super().__init__(message, attempts=attempts)
        self.problems = tuple(problems)
        self.text = text


class AttemptsExhausted(GenerationError):
    """The last attempt that the policy allows failed too; its error is the ``__cause__``."""


class BudgetExceeded(GenerationError):
    """What the caller allowed, `max_total_tokens` or `max_cost_usd`, was used up before a value was there.

    Everything that was obtained is in its `attempts`.
    """


class DeadlineExceeded(BudgetExceeded):
    """The caller's `deadline_s` was up, or would be, before a value was there."""


class TokenBudgetTooSmall(UserWarning):
    """The limit of a request's output tokens is too small for the shortest answer that its type has."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`, if one is much like it."""
    from difflib import get_close_matches  # only those who err pay for its import

    return next(iter(get_close_matches(name, sorted(known), n=1)), None)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """End an error message with the known name nearest to `name`, or with all of them."""
    names = sorted(known)
    if near := nearest(name, names):
        return f"did you mean {near!r}?"
    return f"known are {', '.join(map(repr, names))}" if names else "none is known"
