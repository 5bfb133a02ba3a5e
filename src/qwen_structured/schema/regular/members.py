"""Strings of a language: a shortest one, all of them, or a random choice."""

from __future__ import annotations

import random
from typing import Final

from .automaton import Automaton
from .charset import CharSet
from .syntax import Chars, Choice, Embedded, Look, Node, Repeat, Sequence, Words

_READABLE: Final = CharSet.span("0", "9"), CharSet.span("a", "z"), CharSet.span("!", "~")
_AWKWARD: Final = CharSet.of('"\\/\b\f\n\r\t\0\x1f\x7f\x85\u2028\u0301ß中\ufffd😀\U0010ffff')
_SPREAD: Final = 3
"""How many more repetitions than it needs a sample may have."""


def shortest(node: Node) -> str:
    """A string of the least length, readable where there is a choice."""
    match node:
        case Chars(charset):
            return _readable(charset)
        case Words(values):
            return min(values, key=len)
        case Sequence(parts):
            return "".join(map(shortest, parts))
        case Choice(options):
            return shortest(min(options, key=lambda option: option.traits.shortest))
        case Repeat(item, low):
            return shortest(item) * low
        case Embedded(automaton):
            return _walk(automaton, None)
        case Look():
            raise AssertionError("an assertion has no strings of its own")


def sample(node: Node, choose: random.Random) -> str:
    """A random string; characters that are easily mistreated are likelier than others."""
    match node:
        case Chars(charset):
            return _any_of(charset, choose)
        case Words(values):
            return choose.choice(values)
        case Sequence(parts):
            return "".join(sample(part, choose) for part in parts)
        case Choice(options):
            return sample(choose.choice(options), choose)
        case Repeat(item, low, high):
            most = low + _SPREAD if high is None else min(high, low + _SPREAD)
            return "".join(sample(item, choose) for _ in range(choose.randint(low, most)))
        case Embedded(automaton):
            return _walk(automaton, choose)
        case Look():
            raise AssertionError("an assertion has no strings of its own")


def count(automaton: Automaton) -> int | None:
    """How many strings the language has; None if infinitely many."""
    if automaton.order is None:
        return None
    counts: dict[int, int] = {}
    for state in reversed(automaton.order):
        ways = automaton.transitions[state].items()
        counts[state] = automaton.accepting[state] + sum(
            len(chars) * counts[target] for target, chars in ways
        )
    return counts.get(0, 0)


def enumerated(automaton: Automaton) -> list[str]:
    """All strings of a finite language, shorter ones first, then in the order of code points."""
    found: list[str] = []
    level = [] if automaton.is_empty() else [("", 0)]
    while level:
        found += sorted(text for text, state in level if automaton.accepting[state])
        level = [
            (text + character, target)
            for text, state in level
            for target, charset in automaton.transitions[state].items()
            for character in charset
        ]
    return found


def _walk(automaton: Automaton, choose: random.Random | None) -> str:
    """Go through an automaton, at random for as many steps as it has states, then the shortest way."""
    text, state = "", 0
    steps = choose.randint(0, len(automaton.rows)) if choose else 0
    while True:
        ways = automaton.transitions[state]
        if automaton.accepting[state] and (not ways or steps <= 0):
            return text
        if choose and steps > 0:
            state = choose.choice(list(ways))
        else:
            state = min(ways, key=lambda target: automaton.to_end[target])
        text += _any_of(ways[state], choose) if choose else _readable(ways[state])
        steps -= 1


def _readable(charset: CharSet) -> str:
    return next((found[0] for found in (charset & wanted for wanted in _READABLE) if found), charset[0])


def _any_of(charset: CharSet, choose: random.Random) -> str:
    awkward = charset & _AWKWARD
    if awkward and choose.random() < 0.3:
        return awkward[choose.randrange(len(awkward))]
    first, last = choose.choice(charset.ranges)
    return chr(choose.choice((first, last, choose.randint(first, last))))
