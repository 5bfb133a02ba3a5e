"""Turn a pattern that is searched for into an expression of the whole text.

Anchors at the edges, where nearly all anchors are, are settled by rewriting: ``^a|b`` is found in
``a.*|.*b.*``. With assertions anywhere else, the automaton is built at once.
"""

from __future__ import annotations

from .program import compiled
from .subsets import determinized
from .syntax import (
    ANYTHING,
    EMPTY,
    END,
    NOTHING,
    START,
    Choice,
    Embedded,
    Look,
    Node,
    Sequence,
    choice,
    sequence,
)


def whole_text(pattern: Node) -> Node:
    """Make the expression, free of assertions, of the strings in which a pattern is found.

    Raises:
        NotRegular: it looks ahead within something that is looked for behind.
        TooLarge: it has assertions whose automaton is too large.
    """
    if pattern.traits.pure:
        return sequence([ANYTHING, pattern, ANYTHING])
    from_start, from_anywhere = _parted(pattern, START)
    ways: list[Node] = []
    for before, part in ((EMPTY, from_start), (ANYTHING, from_anywhere)):
        to_end, to_anywhere = _parted(part, END)
        ways += [sequence([before, to_end]), sequence([before, to_anywhere, ANYTHING])]
    expression = choice(ways)
    return expression if expression.traits.pure else _automaton(pattern)


def _automaton(pattern: Node) -> Node:
    automaton = determinized(compiled(sequence([ANYTHING, pattern, ANYTHING])))
    return NOTHING if automaton.is_empty() else Embedded(automaton)


def _parted(node: Node, anchor: Look) -> tuple[Node, Node]:
    """Part an expression into what begins with ``^`` (or ends with ``$``), without it, and what does not."""
    match node:
        case Look() if node == anchor:
            return EMPTY, NOTHING
        case Choice(options):
            parted = [_parted(option, anchor) for option in options]
            return choice(anchored for anchored, _ in parted), choice(free for _, free in parted)
        case Sequence(parts) if parts:
            anchored, free = _parted(parts[0] if anchor == START else parts[-1], anchor)
            if anchor == START:
                return sequence([anchored, *parts[1:]]), sequence([free, *parts[1:]])
            return sequence([*parts[:-1], anchored]), sequence([*parts[:-1], free])
        case _:
            return NOTHING, node
