"""Deterministic automata: complete and minimal, so that equal languages have equal automata."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from .alphabet import Alphabet
from .charset import CharSet
from .limits import MAX_STATES, TooLarge
from .minimal import equivalent

_State = TypeVar("_State", bound=Hashable)
_Rows = Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class Automaton:
    """A minimal automaton that has a transition for each state and class; it starts in state 0.

    Attributes:
        alphabet: the classes of characters.
        rows: for each state, the state that each class leads to.
        accepting: for each state, whether a string may end there.
    """

    alphabet: Alphabet
    rows: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]

    def accepts(self, text: str) -> bool:
        """Whether a string is in the language."""
        starts, classes = self.alphabet.starts, self.alphabet.classes
        state = 0
        for character in text:
            number = classes[bisect_right(starts, ord(character)) - 1]
            if number < 0:
                return False
            state = self.rows[state][number]
        return self.accepting[state]

    def is_empty(self) -> bool:
        """Whether the language has no string."""
        return not any(self.accepting)

    def complement(self) -> Automaton:
        """Make the automaton of the strings that are not in the language."""
        return Automaton(self.alphabet, self.rows, tuple(not accepts for accepts in self.accepting))

    def combined(self, other: Automaton, accepts: Callable[[bool, bool], bool]) -> Automaton:
        """Make the automaton of the strings for which a function of both memberships is true.

        Raises:
            TooLarge: it has too many states.
        """
        alphabet, pairs = self.alphabet.refined(other.alphabet)
        left_decides = not accepts(False, True) and not accepts(False, False)
        right_decides = not accepts(True, False) and not accepts(False, False)

        def successors(state: tuple[int, int]) -> Iterable[tuple[int, int]]:
            left, right = self.rows[state[0]], other.rows[state[1]]
            for a, b in pairs:
                if left_decides and left[a] == self.dead:
                    yield left[a], 0
                elif right_decides and right[b] == other.dead:
                    yield 0, right[b]
                else:
                    yield left[a], right[b]

        return explored(
            alphabet,
            (0, 0),
            successors,
            lambda state: accepts(self.accepting[state[0]], other.accepting[state[1]]),
        )

    def length_bounds(self) -> tuple[int, int | None]:
        """The lengths of the shortest and the longest string, in characters; None if there is no longest.

        The language must not be empty.
        """
        if self.order is None:
            return self.to_end[0], None
        longest: dict[int, int] = {}
        for state in reversed(self.order):
            longest[state] = max((1 + longest[target] for target in self.live_targets(state)), default=0)
        return self.to_end[0], longest[0]

    @cached_property
    def dead(self) -> int | None:
        """The state from which no string is accepted; None if there is none."""
        for state, row in enumerate(self.rows):
            if not self.accepting[state] and all(target == state for target in row):
                return state
        return None

    @cached_property
    def transitions(self) -> list[dict[int, CharSet]]:
        """For each state, the states that it leads to (but for the dead one), and with which characters."""
        return [self._transitions(state) for state in range(len(self.rows))]

    def _transitions(self, state: int) -> dict[int, CharSet]:
        ranges: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, target in enumerate(self.rows[state]):
            if target != self.dead:
                ranges[target].extend(self.alphabet.charsets[number].ranges)
        return {target: CharSet.from_ranges(found) for target, found in ranges.items()}

    @cached_property
    def to_end(self) -> list[int]:
        """For each state, how many characters it takes at least to end; large if it cannot."""
        distances = [0 if accepts else len(self.rows) for accepts in self.accepting]
        sources: list[set[int]] = [set() for _ in self.rows]
        for state, row in enumerate(self.rows):
            for target in row:
                sources[target].add(state)
        queue = [state for state, accepts in enumerate(self.accepting) if accepts]
        for state in queue:
            for source in sources[state]:
                if distances[source] == len(self.rows):
                    distances[source] = distances[state] + 1
                    queue.append(source)
        return distances

    @cached_property
    def order(self) -> list[int] | None:
        """The states that can end, each before those that it leads to; None if there are loops."""
        degrees = [0] * len(self.rows)
        for state in range(len(self.rows)):
            for target in self.live_targets(state):
                degrees[target] += 1
        queue = [] if degrees[0] or self.dead == 0 else [0]
        for state in queue:
            for target in self.live_targets(state):
                degrees[target] -= 1
                if degrees[target] == 0:
                    queue.append(target)
        live = len(self.rows) - (self.dead is not None)
        return queue if len(queue) == live else None

    def live_targets(self, state: int) -> set[int]:
        """The states one character further from which a string can still end."""
        return set(self.rows[state]) - {self.dead} if state != self.dead else set()


def explored(
    alphabet: Alphabet,
    start: _State,
    successors: Callable[[_State], Iterable[_State]],
    accepts: Callable[[_State], bool],
) -> Automaton:
    """Make the minimal automaton of states that are found by following their successors.

    Args:
        alphabet: the classes of characters.
        start: where each string begins.
        successors: for a state, the state that each class leads to.
        accepts: whether a string may end in a state.

    Raises:
        TooLarge: there are too many states.
    """
    numbers: dict[_State, int] = {start: 0}
    rows: list[list[int]] = []
    queue = [start]
    for state in queue:
        row = []
        for target in successors(state):
            number = numbers.setdefault(target, len(numbers))
            if number == len(queue):
                queue.append(target)
            row.append(number)
        rows.append(row)
        if len(queue) > MAX_STATES:
            raise TooLarge(f"the automaton has more than {MAX_STATES:,} states")
    return minimized(alphabet, rows, [accepts(state) for state in queue])


def minimized(alphabet: Alphabet, rows: _Rows, accepting: Sequence[bool]) -> Automaton:
    """Merge classes and states that need not be told apart; number both in order of appearance."""
    alphabet, rows = _with_merged_classes(alphabet, rows)
    blocks = equivalent(rows, accepting)
    members = {block: state for state, block in enumerate(blocks)}
    order, numbers = [blocks[0]], {blocks[0]: 0}
    for block in order:
        for target in rows[members[block]]:
            if blocks[target] not in numbers:
                numbers[blocks[target]] = len(order)
                order.append(blocks[target])
    merged = [[numbers[blocks[target]] for target in rows[members[block]]] for block in order]
    alphabet, rows = _with_merged_classes(alphabet, merged)
    return Automaton(alphabet, tuple(map(tuple, rows)), tuple(accepting[members[block]] for block in order))


def _with_merged_classes(alphabet: Alphabet, rows: _Rows) -> tuple[Alphabet, _Rows]:
    numbers: dict[tuple[int, ...], int] = {}
    columns = zip(*rows, strict=True)
    merged = [numbers.setdefault(column, len(numbers)) for column in columns]
    alphabet, order = alphabet.merged(merged)
    columns_in_order = list(numbers)
    return alphabet, list(zip(*(columns_in_order[number] for number in order), strict=True))
