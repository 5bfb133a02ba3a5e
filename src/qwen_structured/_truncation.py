"""What is there of an answer that was cut off, what is missing, why, and how many tokens it would take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, Final

from ._partial import Partial, begins, missing_in
from .exceptions import OutputStopped, OutputTruncated, TruncationReason
from .protocols import Completion
from .schema import OutputSchema
from .schema.parts import part_of
from .schema.size import size_of

if TYPE_CHECKING:
    from .streams.tracker import ClosedPart

CHARACTERS_PER_TOKEN: Final = 6
"""More than a token of Qwen's holds of JSON on average, so that what is planned with it is never too much."""

_SPACE_AT_END = re.compile(r"\s{40,}\Z")
_TAIL_CHARACTERS = 2000
_LONGEST_PERIOD = 200
_REPEATED_CHARACTERS = 80


def truncated(
    completion: Completion, schema: OutputSchema[Any], prefix_characters: int = 0
) -> OutputTruncated:
    """The error of an answer that was cut off.

    Args:
        completion: the answer.
        schema: of the answer.
        prefix_characters: of its text, how many were there before.
    """
    reason = _reason(completion)
    there = partial(completion.text, schema.lowered, schema.parts)
    kind = OutputStopped if reason == "stop" else OutputTruncated
    needed, sufficient = _tokens(completion, schema.lowered, there, prefix_characters)
    return kind(
        _message(completion, reason, there, needed),
        reason=reason,
        partial=there,
        needed_tokens=needed,
        sufficient_tokens=sufficient,
    )


def partial(
    text: str, schema: Mapping[str, Any], parts_of: Callable[[str], Iterable[ClosedPart]] | None = None
) -> Partial | None:
    """What has been written to its end; None if nothing has."""
    return Partial(schema, text, parts_of) if begins(text) else None


def is_cut_off(text: str) -> bool:
    """Whether a text is the beginning of JSON, and not the whole."""
    from pydantic_core import from_json

    try:
        from_json(text)
    except ValueError as error:
        return str(error).startswith("EOF while parsing")
    return False


def repeats(text: str) -> bool:
    """Whether a text ends in white space without end, or in the same again and again."""
    if _SPACE_AT_END.search(text):
        return True
    tail = text[-_TAIL_CHARACTERS:]
    for period in range(1, min(_LONGEST_PERIOD, len(tail) // 4) + 1):
        length = max(3 * period, _REPEATED_CHARACTERS)
        if length + period <= len(tail) and tail[-length:] == tail[-length - period : -period]:
            return True
    return False


# --- why -----------------------------------------------------------------------------------------


def _reason(completion: Completion) -> TruncationReason:
    usage = completion.usage
    if completion.finish_reason == "stop":
        return "stop"
    if repeats(completion.text or completion.reasoning):
        return "loop"
    if not completion.text and usage.reasoning_tokens:
        return "reasoning"
    room = completion.context_tokens
    if room is not None and usage.total_tokens >= room:
        return "context"
    return "length"


_WAYS_OUT: Final[Mapping[TruncationReason, str]] = {
    "length": "raise max_output_tokens, or split the task",
    "context": "the model's context is full: shorten the prompt, split the task, or choose a longer context",
    "loop": "it repeats itself: bound the lengths in the type, or raise the temperature",
    "reasoning": "all of it went into reasoning: raise max_output_tokens, or leave enable_thinking out",
    "stop": "the model or a stop sequence of the deployment ended it",
}


def _message(
    completion: Completion, reason: TruncationReason, there: Partial | None, needed: int | None
) -> str:
    usage = completion.usage
    missing = ", ".join(there.missing[:5]) if there else ""
    return (
        f"the answer was cut off after {usage.output_tokens} tokens"
        + (f" ({usage.reasoning_tokens} of them reasoning)" if usage.reasoning_tokens else "")
        + f"; it ends with {completion.text[-40:]!r}"
        + (f"; missing are {missing}" if missing else "")
        + (f"; it needs at least {needed} tokens" if needed is not None and reason == "length" else "")
        + f": {_WAYS_OUT[reason]}"
    )


# --- how many tokens -----------------------------------------------------------------------------


def _tokens(
    completion: Completion, schema: Mapping[str, Any], there: Partial | None, prefix_characters: int
) -> tuple[int | None, int | None]:
    """Tokens of the shortest and of the longest whole answer that goes on from here; None if not known."""
    usage = completion.usage
    answered = usage.output_tokens - usage.reasoning_tokens
    written = len(completion.text) - prefix_characters
    if written <= 0 or answered <= 0:
        return None, None
    per_character = answered / written
    shortest = max(len(completion.text) + 1, _shortest(schema, there))
    needed = usage.reasoning_tokens + ceil(shortest * per_character)
    longest = max(size_of(schema).longest, len(completion.text))
    sufficient = usage.reasoning_tokens + ceil(longest * per_character) + 1 if isfinite(longest) else None
    return needed, sufficient


def _shortest(schema: Mapping[str, Any], there: Partial | None) -> float:
    """Characters of the shortest whole answer that has what there is, or fewer."""
    if there is None:
        return size_of(schema).shortest
    length = float(len(json.dumps(there.value, ensure_ascii=False, separators=(",", ":"))))
    for steps in missing_in(schema, there.value):
        part = part_of(schema, there.value, steps)
        key = len(steps[-1]) + 4 if isinstance(steps[-1], str) else 1
        length += key + (size_of(schema, part).shortest if part is not None else 1)
    return length - 1  # the first in an empty container has no comma before it
