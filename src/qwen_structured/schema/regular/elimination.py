"""Write an automaton as an expression again, by taking its states out one after the other.

Source: Brzozowski and McCluskey (1963); the order after Delgado and Morais (2004): cheapest state first.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Final

from .automaton import Automaton
from .limits import MAX_ELIMINATED_POSITIONS, TooLarge
from .syntax import EMPTY, NOTHING, Chars, Node, choice, repeat, sequence

_START: Final = -1


def expression(automaton: Automaton) -> Node:
    """Make an expression of the language of an automaton.

    Raises:
        TooLarge: the expression is too long, or nests too deep.
    """
    if automaton.is_empty():
        return NOTHING
    return _Elimination(automaton).result()


class _Elimination:
    """A graph whose edges are expressions, between a start and an end."""

    def __init__(self, automaton: Automaton) -> None:
        self._end = len(automaton.rows)
        self._out: dict[int, dict[int, Node]] = {_START: {0: EMPTY}, self._end: {}}
        for state, transitions in enumerate(automaton.transitions):
            self._out[state] = {target: Chars(charset) for target, charset in transitions.items()}
            if automaton.accepting[state]:
                self._out[state][self._end] = EMPTY
        self._into: dict[int, set[int]] = {state: set() for state in self._out}
        for state, targets in self._out.items():
            for target in targets:
                self._into[target].add(state)
        if automaton.dead is not None:
            del self._out[automaton.dead]

    def result(self) -> Node:
        heap = [(self._weight(state), -state) for state in self._out if 0 <= state < self._end]
        heapify(heap)
        while heap:
            weight, negative = heappop(heap)
            if -negative not in self._out:
                continue
            if weight != self._weight(-negative):
                heappush(heap, (self._weight(-negative), negative))
                continue
            for state in self._take_out(-negative):
                if 0 <= state < self._end:
                    heappush(heap, (self._weight(state), -state))
        return self._out[_START][self._end]

    def _weight(self, state: int) -> int:
        """How many characters taking a state out adds."""
        into, out = self._into[state] - {state}, self._out[state]
        loop = _size(out[state]) if state in out else 0
        incoming = sum(_size(self._out[source][state]) for source in into)
        outgoing = sum(_size(node) for target, node in out.items() if target != state)
        ways = len(out) - (state in out)
        return incoming * (ways - 1) + outgoing * (len(into) - 1) + loop * (len(into) * ways - 1)

    def _take_out(self, state: int) -> set[int]:
        """Lead each way through a state past it; return the states whose edges changed."""
        out = self._out.pop(state)
        loop = repeat(out.pop(state), 0, None) if state in out else EMPTY
        into = self._into.pop(state) - {state}
        for target in out:
            self._into[target].discard(state)
        for source in into:
            before = self._out[source].pop(state)
            for target, after in out.items():
                way = sequence([before, loop, after])
                known = self._out[source].get(target)
                self._connect(source, target, way if known is None else choice([known, way]))
        return into | set(out)

    def _connect(self, source: int, target: int, node: Node) -> None:
        if node.traits.positions > MAX_ELIMINATED_POSITIONS:
            raise TooLarge(
                f"the expression is longer than {MAX_ELIMINATED_POSITIONS:,} characters written out"
            )
        self._out[source][target] = node
        self._into[target].add(source)


def _size(node: Node) -> int:
    return node.traits.positions
