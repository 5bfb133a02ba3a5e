"""What is asked next: the first request, a repair of the failing parts, or a re-ask of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from . import _prompt
from .exceptions import OutputInvalid
from .protocols import Attempt, AttemptKind, Capabilities, Completion, Request
from .schema import OutputSchema
from .schema.patch import Steps

_LARGEST_SHARE = 0.5
"""Of the answer's length, what a repair has at most: beyond it, little is saved."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for an answer, which is sent again where the deployment fails.

    Attributes:
        kind: why it is made.
        request: what the backend gets.
        whole: makes the whole answer of the text that is written.
        repairs: paths of the parts that are written anew; none if it is the whole.
        replaces_tokens: of a repair, how many tokens a whole answer has.
    """

    kind: AttemptKind
    request: Request
    whole: Callable[[str], str] = str
    repairs: tuple[str, ...] = ()
    replaces_tokens: int = 0


def continued(ask: Ask, cut_off: Completion) -> Ask | None:
    """The request that goes on with an answer which was cut off; None where that makes no sense.

    That is where the answer was not held to the grammar, stands behind reasoning, or had not gone on itself.
    What it ends with may be a part of a character, which is left out and written anew.
    """
    prefix = cut_off.text.rstrip("\N{REPLACEMENT CHARACTER}")
    if not cut_off.enforced or cut_off.reasoning or len(prefix) <= len(ask.request.prefix):
        return None
    return replace(ask, kind="continuation", request=replace(ask.request, prefix=prefix))


@dataclass(slots=True)
class Conversation:
    """The requests of one call.

    Attributes:
        request: the first.
        schema: of the answer.
        schema_in_prompt: how it is shown.
        repairs: whether failing parts may be asked for alone.
    """

    request: Request
    schema: OutputSchema[Any]
    schema_in_prompt: Literal["sketch", "json", "off"]
    repairs: bool
    _repaired: set[Steps] = field(default_factory=set)  # in the answer that was written last as a whole
    _whole_tokens: int = 0  # of that answer
    _refused: OutputInvalid | None = None  # why the last answer that was JSON was refused

    @property
    def first(self) -> Ask:
        """The first request."""
        return Ask("first", self.request)

    def ask_again(self, wrong: Attempt, can: Capabilities, left: int) -> Ask:
        """The request that follows an answer that was wrong.

        Args:
            wrong: the attempt that gave it.
            can: what the backend can do that gave it.
            left: answers that may still be asked for, this one included.
        """
        assert wrong.error is not None, "an attempt without an error has a value"
        if wrong.completion is not None and not wrong.repaired:
            usage = wrong.completion.usage
            self._repaired.clear()
            self._whole_tokens = usage.output_tokens - usage.reasoning_tokens
        if isinstance(wrong.error, OutputInvalid):
            self._refused = wrong.error
            constrained = can.grammar and wrong.completion is not None and wrong.completion.enforced
            repair = self._repair(wrong.error, can, left) if self.repairs and constrained else None
            if repair is not None:
                return repair
        return self._re_ask(wrong.error if not wrong.repaired or self._refused is None else self._refused)

    def _re_ask(self, error: Exception) -> Ask:
        messages = _prompt.ask_again(self.request.messages, error)
        return Ask("re-ask", replace(self.request, messages=messages))

    # --- repair ------------------------------------------------------------------------------

    def _repair(self, error: OutputInvalid, can: Capabilities, left: int) -> Ask | None:
        """A repair; None where the whole has to be asked for again.

        That is where a rule is of the whole answer, where most of it is wrong, and where a part is wrong that
        was repaired before. A backend that can go on from a text writes a part in its own place, where models
        err least: one that was trained for little else errs in a patch nearly always. Of several parts, that
        is done one after the other, if so many answers may still be asked for.
        """
        places = [*dict.fromkeys(problem.steps for problem in error.problems)]
        if not self._repaired.isdisjoint(places):
            return None
        in_place = can.prefix and not self.request.enable_thinking and not self.request.logprobs
        if in_place:
            return self._in_place(error, places, left)
        repair = self._by_patch(error, places)
        if repair is not None:
            self._repaired.update(places)
        return repair

    def _in_place(self, error: OutputInvalid, places: list[Steps], left: int) -> Ask | None:
        plan = self.schema.rewriting(error.text, places)
        if plan is None or len(plan.places) > left or plan.characters > _LARGEST_SHARE * len(error.text):
            return None
        first = plan.places[0]
        self._repaired.update(one for one in places if one[: len(first)] == first)
        messages = _prompt.ask_again(self.request.messages, error)
        request = replace(
            self.request, messages=messages, grammar=plan.grammar, schema=None, prefix=plan.prefix
        )
        return Ask("repair", request, plan.applied, (plan.path,), self._whole_tokens)

    def _by_patch(self, error: OutputInvalid, places: list[Steps]) -> Ask | None:
        patch = self.schema.patch(error.text, places)
        if patch is None or patch.characters > _LARGEST_SHARE * len(error.text):
            return None
        messages = _prompt.repair(
            self.request.messages, patch.answer, error, patch.json_schema, self.schema_in_prompt
        )
        request = replace(
            self.request,
            messages=messages,
            grammar=patch.grammar,
            schema=None if self.request.schema is None else patch.json_schema,
        )
        return Ask("repair", request, patch.applied, patch.paths, self._whole_tokens)
