"""What comes of requests: completions, attempts, results, and the account of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import fsum
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias

from typing_extensions import TypeVar

if TYPE_CHECKING:
    from .schema import Finding

T_co = TypeVar("T_co", covariant=True)

AttemptKind: TypeAlias = Literal["first", "retry", "re-ask", "repair", "continuation"]
"""Why an attempt is made; see `Attempt`."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were read and written. Usages add up.

    Attributes:
        prompt_tokens: tokens of the request, chat template included.
        output_tokens: tokens that the model wrote, reasoning included.
        reasoning_tokens: those of `output_tokens` that were reasoning.
        cached_tokens: those of `prompt_tokens` that the deployment had kept from earlier requests; 0 where it
            does not tell.
    """

    prompt_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.output_tokens + other.output_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of a completion went, in seconds; None where the backend cannot tell.

    Attributes:
        queue_s: waiting for the deployment, its loading included; compiling the grammar too, where the
            deployment does that meanwhile and `grammar_s` is None.
        grammar_s: compiling the grammar; next to nothing when it was kept from before.
        first_token_s: from the start of the work to the first token.
        per_token_s: for each token after the first, on average; None if there was none.
        total_s: from the call to the whole answer.
    """

    queue_s: float | None = None
    grammar_s: float | None = None
    first_token_s: float | None = None
    per_token_s: float | None = None
    total_s: float | None = None


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A token of an answer and how probable it was.

    Attributes:
        text: what it adds to the answer; ``""`` for the first tokens of a character that takes several.
        logprob: natural logarithm of its probability.
    """

    text: str
    logprob: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Logprobs:
    """The tokens of an answer, without reasoning and end, with their probabilities.

    Attributes:
        tokens: in order; their texts together are the answer.
        after_mask: among the tokens that the grammar allowed there, so that a token without alternative has
            the probability 1. If not, among all tokens of the model. None where that is not known.
    """

    tokens: tuple[TokenLogprob, ...]
    after_mask: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a backend made of a request.

    Attributes:
        text: the answer, without the reasoning.
        finish_reason: ``stop``: the model ended it; ``length``: it was cut off.
        usage: its tokens.
        model: the model that answered, by its full name.
        reasoning: what a thinking model wrote before the answer.
        timings: where the time went.
        enforced: the decoder was held to the request's grammar; False where the backend fell back on less, so
            that everything is checked afterwards.
        logprobs: how probable its tokens were; None unless the request asked for it.
        context_tokens: tokens that the model's context holds; None if the backend does not know.
    """

    text: str
    finish_reason: Literal["stop", "length"]
    usage: Usage
    model: str
    reasoning: str = ""
    timings: Timings = field(default_factory=Timings)
    enforced: bool = True
    logprobs: Logprobs | None = None
    context_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a call and what came of it.

    Attributes:
        number: 1 for the first.
        completion: what the backend answered; None if it failed, or was cut off by the deadline.
        error: why the attempt gave no value; None if it did.
        duration_s: seconds that it took, parsing included.
        kind: why it was made: it is the ``first``; a ``retry`` of one that the deployment failed; a
            ``re-ask``, which shows the model what was wrong; a ``repair``, a re-ask for the failing
            parts alone; a ``continuation`` of an answer that was cut off.
        backend: name of the backend that was asked.
        started_at: when it was sent.
        cost_usd: what it cost, in US dollars; None where the backend's price is not known, or the tokens that
            it is reckoned by.
        text: the whole answer that was read: the completion's text, or, of a repair, the earlier answer with
            the repaired parts in their places.
        repaired: paths of the parts that it asked for alone; none where it asked for the whole.
        saved_output_tokens: of a repair, about how many tokens fewer were written than for a whole answer.
        estimated_usage: of a stream that ended before its completion, the tokens until then, reckoned from
            the text: the deployment tells them with the completion alone.
    """

    number: int
    completion: Completion | None
    error: Exception | None
    duration_s: float
    kind: AttemptKind = "first"
    backend: str = ""
    started_at: datetime | None = None
    cost_usd: float | None = None
    text: str = ""
    repaired: tuple[str, ...] = ()
    saved_output_tokens: int = 0
    estimated_usage: Usage | None = None

    @property
    def usage(self) -> Usage | None:
        """Tokens that it used; None where the deployment may have used some and did not tell.

        So it is where the connection broke, the answer could not be read, or the attempt was cut off by the
        deadline or by cancellation. Where nothing was sent or the deployment refused the request, it is none.
        """
        return usage_of(self.completion, self.error)


def usage_of(completion: Completion | None, error: Exception | None) -> Usage | None:
    """Tokens of a completion, or those that an error tells; see `Attempt.usage`."""
    if completion is not None:
        return completion.usage
    spent: Usage | None = getattr(error, "spent", None)
    return spent


@dataclass(frozen=True, slots=True)
class Ledger:
    """The account of a call: sums over its attempts.

    Attributes:
        attempts: every attempt, in order.
    """

    attempts: tuple[Attempt, ...] = ()

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts together, as far as the backends told them, or else estimated.

        See `uncounted`.
        """
        used = [told for one in self.attempts if (told := one.usage or one.estimated_usage)]
        return used[0] if len(used) == 1 else sum(used, Usage())

    @property
    def uncounted(self) -> int:
        """Attempts of which it is not known what they used; if there is none, `usage` is all that was."""
        return sum(one.usage is None for one in self.attempts)

    @property
    def cost_usd(self) -> float | None:
        """US dollars of all attempts together; None if the cost of one is not known."""
        costs = [one.cost_usd for one in self.attempts]
        return None if None in costs else fsum(cost for cost in costs if cost is not None)

    @property
    def retries(self) -> int:
        """Attempts that repeated one which the deployment had failed."""
        return self._count("retry")

    @property
    def re_asks(self) -> int:
        """Attempts that showed the model what was wrong and asked for the whole answer again."""
        return self._count("re-ask")

    @property
    def repairs(self) -> int:
        """Attempts that asked for the failing parts alone."""
        return self._count("repair")

    @property
    def continuations(self) -> int:
        """Attempts that went on with an answer which was cut off."""
        return self._count("continuation")

    @property
    def saved_output_tokens(self) -> int:
        """Tokens that repairs did not have to write, against as many whole answers; an estimate."""
        return sum(one.saved_output_tokens for one in self.attempts)

    def _count(self, kind: AttemptKind) -> int:
        return sum(one.kind == kind for one in self.attempts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[T_co]):
    """A value and how it came about.

    Attributes:
        value: the value, of the output type.
        attempts: every attempt, the successful one last.
        fidelity: what the decoder enforced of the type, and what was checked afterwards.
        backend: name of the backend that gave it.
        duration_s: seconds of the whole call.
    """

    value: T_co
    attempts: tuple[Attempt, ...]
    fidelity: tuple[Finding, ...]
    backend: str
    duration_s: float

    @property
    def completion(self) -> Completion:
        """The completion that the value was parsed from."""
        completion = self.attempts[-1].completion
        assert completion is not None, "a result's last attempt has a completion"
        return completion

    @property
    def text(self) -> str:
        """The JSON text that the value was parsed from."""
        return self.attempts[-1].text or self.completion.text

    @property
    def confidence(self) -> Mapping[str, float]:
        """The probability of each field, from 0 to 1, by its path; empty without the option `logprobs`.

        A path is one such as ``lines[0].price``, and ``""`` where the whole answer is one value. Its
        probability is the product of those of the tokens that its value was written with.
        `Completion.logprobs` says whether they are those after the grammar's mask.
        """
        from ._confidence import of_attempts  # only those who ask pay for its import

        return of_attempts(self.attempts)

    @property
    def ledger(self) -> Ledger:
        """The account of all attempts together."""
        return Ledger(self.attempts)

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts together, as far as the backends told them; see `Ledger.uncounted`."""
        return self.ledger.usage

    @property
    def cost_usd(self) -> float | None:
        """US dollars of all attempts together; None where a backend's price is not known."""
        return self.ledger.cost_usd
