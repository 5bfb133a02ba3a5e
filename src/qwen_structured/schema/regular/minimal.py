"""Find which states of a deterministic automaton accept the same strings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def equivalent(rows: Sequence[Sequence[int]], accepting: Sequence[bool]) -> list[int]:
    """Number the states so that those which accept the same strings, and only those, have the same number.

    Args:
        rows: for each state, the state that each class of characters leads to.
        accepting: for each state, whether a string may end there.

    Source: Hopcroft, An n log n algorithm for minimizing states in a finite automaton (1971).
    """
    sources = _sources(rows)
    block_of = [int(accepts) for accepts in accepting]
    blocks = [{s for s, block in enumerate(block_of) if block == number} for number in (0, 1)]
    pending = {(number, label) for number in (0, 1) for label in range(len(sources)) if blocks[number]}
    while pending:
        splitter, label = pending.pop()
        reached: dict[int, set[int]] = defaultdict(set)
        for target in blocks[splitter]:
            for state in sources[label].get(target, ()):
                reached[block_of[state]].add(state)
        for number, part in reached.items():
            if len(part) < len(blocks[number]):
                _split(blocks, block_of, pending, number, part, len(sources))
    return block_of


def _split(
    blocks: list[set[int]],
    block_of: list[int],
    pending: set[tuple[int, int]],
    number: int,
    part: set[int],
    labels: int,
) -> None:
    """Give the smaller half of a block a new number, and have it split others."""
    smaller = part if 2 * len(part) <= len(blocks[number]) else blocks[number] - part
    blocks[number] -= smaller
    new = len(blocks)
    blocks.append(smaller)
    for state in smaller:
        block_of[state] = new
    pending.update((new, label) for label in range(labels))


def _sources(rows: Sequence[Sequence[int]]) -> list[dict[int, list[int]]]:
    """For each class, the states that lead to a state."""
    sources: list[dict[int, list[int]]] = [defaultdict(list) for _ in rows[0]]
    for state, row in enumerate(rows):
        for label, target in enumerate(row):
            sources[label][target].append(state)
    return sources
