"""Automata over the characters of a number, as regular expressions and as grammar rules.

A regular expression grows fast with the number of states, right-linear grammar rules do not; hence both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

_DIGITS = "0123456789"
_MAX_STATES = 20_000
_MAX_STATES_OF_A_PATTERN = 500
_MAX_STATES_TO_COMPARE = 1_000
_MAX_PATTERN_CHARACTERS = 10_000

State = TypeVar("State", bound=Hashable)


class NotExpressible(ValueError):
    """The texts asked for cannot be written within the stated limits; the message names the limit."""


class NoValue(ValueError):
    """No number fulfils all that is asked of it."""


class Reader(Protocol[State]):
    """Reads a text character by character."""

    @property
    def start(self) -> State:
        """What is known before the first character."""
        ...

    def step(self, state: State, character: str) -> State | None:
        """What is known after one more character; None if no text begins so."""
        ...

    def accepts(self, state: State) -> bool:
        """Whether a text may end here."""
        ...


@dataclass(frozen=True, slots=True)
class Automaton:
    """A deterministic automaton over characters, without dead states; state 0 is where it starts.

    Attributes:
        steps: for each state, the next state by character.
        accepting: the states in which a text may end.
    """

    steps: Sequence[Mapping[str, int]]
    accepting: frozenset[int]

    @classmethod
    def of_reader(cls, reader: Reader[State]) -> Automaton:
        """The automaton of a reader; the smallest one, if the reader has at most 1,000 states.

        Raises:
            NotExpressible: the reader has more than 20,000 states.
            NoValue: it accepts nothing.
        """
        steps, accepting = _explored(reader)
        steps = _trimmed(steps, accepting)
        return _renumbered(steps, accepting, _blocks(steps, accepting))

    def pattern(self) -> str:
        """The regular expression of its texts.

        Raises:
            NotExpressible: it is longer than 10,000 characters, or there are more than 500 states.
        """
        if len(self.steps) > _MAX_STATES_OF_A_PATTERN:
            raise NotExpressible(f"its automaton has more than {_MAX_STATES_OF_A_PATTERN} states")
        return _Elimination(self).pattern()

    def rules(self, name: str) -> list[tuple[str, str]]:
        """Right-linear EBNF rules, as name and body, of which the first is the whole: a rule a state."""
        return [
            (_rule_name(name, state), " | ".join(self._alternatives(name, state)))
            for state in range(len(self.steps))
        ]

    def _alternatives(self, name: str, state: int) -> Iterator[str]:
        if state in self.accepting:
            yield '""'
        for target, characters in _by_target(self.steps[state]).items():
            yield f"{_character_class(characters, always=True)} {_rule_name(name, target)}"

    def texts(self) -> Iterator[str]:
        """All texts, shortest first; endless where the language is."""
        reached = [("", 0)]
        while reached:
            yield from (text for text, state in reached if state in self.accepting)
            reached = [(text + c, t) for text, state in reached for c, t in self.steps[state].items()]


def _rule_name(name: str, state: int) -> str:
    return f"{name}_{state}" if state else name


def _by_target(steps: Mapping[str, int]) -> dict[int, str]:
    targets: dict[int, str] = defaultdict(str)
    for character in sorted(steps):
        targets[steps[character]] += character
    return targets


def _character_class(characters: str, *, always: bool = False) -> str:
    if len(characters) == 1 and not always:
        return r"\." if characters == "." else characters
    if len(characters) > 2 and characters == _DIGITS[int(characters[0]) : int(characters[-1]) + 1]:
        return f"[{characters[0]}-{characters[-1]}]"
    return f"[{characters}]"


# --- the smallest automaton ----------------------------------------------------------------------

_Steps = list[dict[str, int]]


def _explored(reader: Reader[State]) -> tuple[_Steps, set[int]]:
    numbers = {reader.start: 0}
    states = [reader.start]
    steps: _Steps = []
    for state in states:  # grows while it is read
        found: dict[str, int] = {}
        for character in "." + _DIGITS:
            after = reader.step(state, character)
            if after is None:
                continue
            if after not in numbers:
                numbers[after] = len(states)
                states.append(after)
            found[character] = numbers[after]
        steps.append(found)
        if len(states) > _MAX_STATES:
            raise NotExpressible(f"its automaton has more than {_MAX_STATES:,} states")
    return steps, {numbers[state] for state in states if reader.accepts(state)}


def _trimmed(steps: _Steps, accepting: set[int]) -> _Steps:
    """Without the steps to states from which nothing is accepted."""
    alive = _alive(steps, accepting)
    if 0 not in alive:
        raise NoValue("there is no such number")
    return [{c: t for c, t in found.items() if t in alive} for found in steps]


def _blocks(steps: _Steps, accepting: set[int]) -> list[int]:
    """For each state, the number of the states that it is equivalent to (Moore, 1956)."""
    if len(steps) > _MAX_STATES_TO_COMPARE:
        return list(range(len(steps)))
    block = [int(state in accepting) for state in range(len(steps))]
    while True:
        keys = [(block[s], tuple((c, block[t]) for c, t in steps[s].items())) for s in range(len(steps))]
        refined = _numbered(keys)
        if max(refined) == max(block):
            return block
        block = refined


def _alive(steps: _Steps, accepting: set[int]) -> set[int]:
    sources = defaultdict(list)
    for state, found in enumerate(steps):
        for target in found.values():
            sources[target].append(state)
    alive, todo = set(accepting), list(accepting)
    while todo:
        new = [source for source in sources[todo.pop()] if source not in alive]
        alive.update(new)
        todo += new
    return alive


def _numbered(keys: Sequence[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _renumbered(steps: _Steps, accepting: set[int], block: list[int]) -> Automaton:
    """One state a block, numbered in the order in which they are reached."""
    numbers = {block[0]: 0}
    order = [0]
    merged: _Steps = []
    for state in order:  # grows while it is read
        for target in steps[state].values():
            if block[target] not in numbers:
                numbers[block[target]] = len(order)
                order.append(target)
        merged.append({c: numbers[block[t]] for c, t in steps[state].items()})
    return Automaton(merged, frozenset(numbers[block[s]] for s in order if s in accepting))


# --- the regular expression ------------------------------------------------------------------------

_Label = dict[str, None]
"""The alternatives of an edge, in order; ``""`` among them makes the others optional."""


class _Elimination:
    """Takes the states away one by one, writing the ways through each on the edges that remain.

    The order, which decides about the length, is that of Delgado and Morais (Approximation to the Smallest
    Regular Expression for a Given Regular Language, CIAA 2004): the state that adds the least goes first.
    """

    _START, _END = -1, -2

    def __init__(self, automaton: Automaton) -> None:
        self._out: dict[int, dict[int, _Label]] = {self._START: {0: {"": None}}, self._END: {}}
        for state, steps in enumerate(automaton.steps):
            edges = {t: {_character_class(c): None} for t, c in _by_target(steps).items()}
            self._out[state] = edges | ({self._END: {"": None}} if state in automaton.accepting else {})
        self._in: dict[int, set[int]] = defaultdict(set)
        for state, targets in self._out.items():
            for target in targets:
                self._in[target].add(state)

    def pattern(self) -> str:
        todo = set(self._out) - {self._START, self._END}
        while todo:
            state = min(todo, key=lambda s: (self._cost(s), s))
            todo.remove(state)
            self._eliminate(state)
            if self._cost_so_far() > _MAX_PATTERN_CHARACTERS:
                raise NotExpressible(f"its regular expression is longer than {_MAX_PATTERN_CHARACTERS:,}")
        return _alternation(self._out[self._START][self._END])

    def _cost_so_far(self) -> int:
        return sum(_length(label) for targets in self._out.values() for label in targets.values())

    def _cost(self, state: int) -> int:
        incoming = [_length(self._out[source][state]) for source in self._in[state] - {state}]
        outgoing = [_length(label) for target, label in self._out[state].items() if target != state]
        loop = _length(self._out[state].get(state, {}))
        ways_in, ways_out = len(incoming), len(outgoing)
        return (
            sum(incoming) * (ways_out - 1) + sum(outgoing) * (ways_in - 1) + loop * (ways_in * ways_out - 1)
        )

    def _eliminate(self, state: int) -> None:
        outgoing = self._out.pop(state)
        loop = _repeated(outgoing.pop(state, {}))
        sources = self._in.pop(state) - {state}
        for source in sources:
            before = _group(self._out[source].pop(state)) + loop
            for target, label in outgoing.items():
                self._out[source].setdefault(target, {})[before + _group(label)] = None
                self._in[target].add(source)
        for target in outgoing:
            self._in[target].discard(state)


def _length(label: _Label) -> int:
    return sum(map(len, label)) + len(label)


def _alternation(label: _Label) -> str:
    some = [alternative for alternative in label if alternative]
    if len(some) == len(label) or not some:
        return "|".join(some)
    return f"{some[0]}?" if len(some) == 1 and _is_atom(some[0]) else f"({'|'.join(some)})?"


def _group(label: _Label) -> str:
    text = _alternation(label)
    return f"({text})" if len(label) > 1 and "" not in label else text


def _repeated(label: _Label) -> str:
    if not label:
        return ""
    (first, *others) = label
    return f"{first}*" if not others and _is_atom(first) else f"({'|'.join(label)})*"


def _is_atom(pattern: str) -> bool:
    return len(pattern) == 1 or (pattern[0] == "[" and pattern.index("]") == len(pattern) - 1)
