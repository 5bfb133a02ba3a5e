"""From the probabilities of an answer's tokens to a probability for each of its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from math import exp, fsum

from .protocols import Attempt, TokenLogprob
from .schema.fidelity import property_path

_LEXEME = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_EMPTY = {"{": "}", "[": "]"}


def of_attempts(attempts: Sequence[Attempt]) -> dict[str, float]:
    """Give each value of a call's last answer its probability, repaired parts those of their repair."""
    found: dict[str, float] = {}
    replaced: tuple[str, ...] = ()
    for attempt in reversed([one for one in attempts if one.completion]):
        assert attempt.completion is not None
        logprobs = attempt.completion.logprobs
        written = confidence(logprobs.tokens) if logprobs else {}
        for key in attempt.repaired:
            written = {_moved(path, property_path("", key), key): p for path, p in written.items()}
        found |= {path: p for path, p in written.items() if not _is_within(path, replaced)}
        replaced += attempt.repaired
        if not attempt.repaired:
            break
    return found


def _is_within(path: str, places: Sequence[str]) -> bool:
    return any(_moved(path, place, "") != path or path == place for place in places)


def _moved(path: str, place: str, to: str) -> str:
    """A path within a place, with another place in its stead."""
    rest = path.removeprefix(place)
    return to + rest if path.startswith(place) and rest[:1] in ("", ".", "[") else path


def confidence(tokens: Sequence[TokenLogprob]) -> dict[str, float]:
    """Give each value of an answer the product of the probabilities of the tokens that it was written with.

    Values are strings, numbers, booleans, nulls, and containers without content. A token that belongs to two
    values, or to a value and the comma behind it, counts for each value that it has a part of.

    Args:
        tokens: the answer's tokens in order, whose texts together are JSON.

    Returns:
        By path, such as ``lines[0].price``, a number from 0 to 1.

    Example:
        >>> confidence([TokenLogprob('{"a":', 0.0), TokenLogprob("true", -0.5), TokenLogprob("}", 0.0)])
        {'a': 0.6065306597126334}
    """
    ends: list[int] = []
    for token in tokens:
        ends.append((ends[-1] if ends else 0) + len(token.text))
    found: dict[str, float] = {}
    first = 0
    for path, start, end in values("".join(token.text for token in tokens)):
        while ends[first] <= start:
            first += 1
        last = first
        while ends[last] < end:
            last += 1
        found[path] = exp(fsum(token.logprob for token in tokens[first : last + 1]))
    return found


def values(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield path, start and end of each value in a JSON text, in order; of containers the empty ones."""
    open_paths: list[str] = []  # of the containers that are open
    places: list[int | str] = []  # in each of them: the index or the key that comes next
    lexemes = list(_LEXEME.finditer(text))
    skipped = False
    for number, lexeme in enumerate(lexemes):
        word = lexeme[0]
        after = lexemes[number + 1] if number + 1 < len(lexemes) else None
        if skipped or word == ":":
            skipped = False
        elif word == ",":
            if isinstance(index := places[-1], int):
                places[-1] = index + 1
        elif word in "}]":
            open_paths.pop()
            places.pop()
        elif after is not None and after[0] == ":":
            places[-1] = str(json.loads(word))
        elif after is not None and _EMPTY.get(word) == after[0]:
            yield _path(open_paths, places), lexeme.start(), after.end()
            skipped = True
        elif word in _EMPTY:
            open_paths.append(_path(open_paths, places))
            places.append(0 if word == "[" else "")
        else:
            yield _path(open_paths, places), lexeme.start(), lexeme.end()


def _path(open_paths: list[str], places: list[int | str]) -> str:
    if not places:
        return ""
    place = places[-1]
    if isinstance(place, int):
        return f"{open_paths[-1]}[{place}]"
    return property_path(open_paths[-1], place)
