"""What a grammar allows behind a text: a grammar again, for engines that begin at the first rule.

The text is read by threads, one for each way to read it, as Thompson's matcher of regular expressions does;
a thread has a stack of what is still to come, because rules stand within rules. What is left on the stacks is
the first rule of the new grammar, and the other rules stay as they are.

Source: Thompson, Regular Expression Search Algorithm, CACM 11(6), 1968.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from .ebnf import choice, literal, regex, sequence, times
from .ebnf_tree import Choice, Node, Repeat, Rule, Sequence, Set, Source, Sources, Text, give_up, parsed

_RULE: Final = re.compile(r"(?P<name>\w+)(?:\[max_chars=(?P<budget>\d+)\])? ::= (?P<body>.*)")


class NotAllowed(ValueError):
    """A grammar does not allow a text."""


@dataclass(frozen=True, eq=False, slots=True)
class _Budget:
    """The end of a rule whose characters are counted."""


_BUDGET: Final = _Budget()

_Stack: TypeAlias = "tuple[Node | _Budget, int, _Stack] | None"
"""What is to come: a node with how far it is (in characters, items or repetitions, or what is left of a
budget), above what follows it."""

_DEEPEST: Final = 5_000
"""So many brackets may be open; stacks within stacks are compared by recursion."""


def remaining(grammar: str, text: str) -> str:
    """The grammar of what may stand behind a text.

    Args:
        grammar: as `lower` writes it.
        text: the beginning of what it generates.

    Raises:
        NotAllowed: it generates nothing that begins so.
        UnsupportedSchema: it is not written as `lower` writes grammars.
    """
    return _Reader(grammar).read(text) if text else grammar


class _Reader:
    def __init__(self, grammar: str) -> None:
        self._lines = grammar.rstrip("\n").split("\n")
        self._written: dict[str, tuple[str, int | None]] = {}
        for line in self._lines:
            found = _RULE.fullmatch(line)
            if found is None:
                give_up(line)
            budget = None if found["budget"] is None else int(found["budget"])
            self._written[found["name"]] = (found["body"], budget)
        self._counts = any(budget is not None for _, budget in self._written.values())
        self._parsed: dict[str, Node] = {}
        self._sources: Sources = {}

    def read(self, text: str) -> str:
        if text.count("[") + text.count("{") > _DEEPEST:
            give_up(text)
        stacks: list[_Stack] = [(Rule("root"), 0, None)]
        for place, character in enumerate(text):
            stacks = list(dict.fromkeys(self._behind(stacks, character)))
            if not stacks:
                raise NotAllowed(f"the grammar does not allow {character!r} behind {text[:place][-40:]!r}")
        counted: list[str] = []
        start = choice(self._spelled(stack, counted) for stack in stacks)
        return "\n".join([f"root ::= {start}", *counted, *self._lines[1:]]) + "\n"

    # --- reading -----------------------------------------------------------------------------

    def _behind(self, stacks: list[_Stack], character: str) -> Iterator[_Stack]:
        """The stacks behind a character."""
        for node, at, below in self._tops(stacks):
            if isinstance(node, Text) and node.text[at] == character:
                after: _Stack = (node, at + 1, below) if at + 1 < len(node.text) else below
            elif isinstance(node, Set) and character in node:
                after = below
            else:
                continue
            if not self._counts:
                yield after
            elif _within_budgets(after):
                yield _charged(after)

    def _tops(self, stacks: list[_Stack]) -> Iterator[tuple[Text | Set, int, _Stack]]:
        """The stacks with a character on top that these come down to."""
        seen = set[_Stack]()
        left = stacks[::-1]
        while left:
            stack = left.pop()
            if stack is None or stack in seen:
                continue
            seen.add(stack)
            node, at, below = stack
            if isinstance(node, Text | Set):
                yield node, at, below
            else:
                left.extend(self._opened(node, at, below))

    def _opened(
        self, node: Sequence | Choice | Repeat | Rule | _Budget, at: int, below: _Stack
    ) -> list[_Stack]:
        """The stacks that a node on top comes to, the last to be read first."""
        match node:
            case Sequence(items):
                return [below if at == len(items) else (items[at], 0, _then(node, at + 1, below))]
            case Choice(options):
                return [(option, 0, below) for option in reversed(options)]
            case Repeat(item, low, high):
                behind: list[_Stack] = [below] if at >= low else []
                if high is not None and at == high:
                    return behind
                made = at if high is None and at == low else at + 1  # beyond it, they need not be counted
                return [*behind, (item, 0, (node, made, below))]
            case Rule(name):
                body, budget = self._body(name)
                return [(body, 0, below if budget is None else (_BUDGET, budget, below))]
            case _Budget():
                return [below]

    def _body(self, name: str) -> tuple[Node, int | None]:
        if name not in self._written:
            give_up(name)
        body, budget = self._written[name]
        if name not in self._parsed:
            self._parsed[name] = parsed(body, self._sources)
        return self._parsed[name], budget

    # --- writing -----------------------------------------------------------------------------

    def _spelled(self, stack: _Stack, counted: list[str]) -> str:
        parts: list[str] = []
        while stack is not None:
            node, at, stack = stack
            if isinstance(node, _Budget):
                name = f"rest_{len(counted)}"
                counted.append(f"{name}[max_chars={at}] ::= {sequence(*parts)}")
                parts = [name]
            else:
                parts.append(self._rest(node, at))
        return sequence(*parts)

    def _rest(self, node: Node, at: int) -> str:
        """What is to come of a node."""
        match node:
            case Text(text):
                return literal(text[at:])
            case Sequence(items):
                return sequence(*(_in_ebnf(self._sources[item]) for item in items[at:]))
            case Repeat(item, low, high):
                if high == at:
                    return ""
                left = times(max(0, low - at), None if high is None else high - at)
                source = self._sources[item]
                return _in_ebnf(replace(source, text=f"({source.text}){left}"))
            case _:
                return _in_ebnf(self._sources[node])


def _in_ebnf(source: Source) -> str:
    return regex(source.text) if source.is_pattern else source.text


def _then(node: Sequence, at: int, below: _Stack) -> _Stack:
    """A sequence from an item on, which is nothing behind the last: a list of any length needs no depth."""
    return below if at == len(node.items) else (node, at, below)


def _within_budgets(stack: _Stack) -> bool:
    while stack is not None:
        node, at, stack = stack
        if at == 0 and isinstance(node, _Budget):
            return False
    return True


def _charged(stack: _Stack) -> _Stack:
    """The stack with a character less in each budget."""
    if stack is None:
        return None
    node, at, below = stack
    return node, at - 1 if isinstance(node, _Budget) else at, _charged(below)
