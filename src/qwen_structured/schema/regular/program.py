"""Compile an expression to a nondeterministic automaton: a list of instructions, as of a matching machine.

Source: Thompson, Regular expression search algorithm (1968), with assertions as Pike's machine has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from .automaton import Automaton
from .charset import CharSet
from .limits import MAX_INSTRUCTIONS, NotRegular, TooLarge
from .syntax import ANYTHING, Chars, Choice, Embedded, Look, Node, Repeat, Sequence, Words, sequence


@dataclass(frozen=True, slots=True)
class Read:
    """Take a character of a set (by its number), and go on."""

    charset: int
    then: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on in several places at once."""

    then: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assert:
    """Go on if what is looked for (by its number) is there."""

    look: int
    then: int


@dataclass(frozen=True, slots=True)
class Accept:
    """The expression has matched; only at the end of the whole program must the text end too."""


Instruction: TypeAlias = Read | Fork | Assert | Accept


@dataclass(frozen=True, slots=True)
class Looking:
    """Where the program of an assertion starts, and what it is about."""

    start: int
    behind: bool
    negative: bool


@dataclass(slots=True)
class Program:
    """The instructions of an expression.

    Attributes:
        instructions: they name each other by their place in this list.
        charsets: the sets of characters that are read.
        lookings: the assertions; one that is used within another comes before it.
        start: where to begin.
        end: the instruction that accepts a text which ends there.
    """

    instructions: list[Instruction] = field(default_factory=list)
    charsets: dict[CharSet, int] = field(default_factory=dict)
    lookings: list[Looking] = field(default_factory=list)
    start: int = 0
    end: int = 0


def compiled(node: Node) -> Program:
    """Compile an expression.

    Raises:
        NotRegular: it looks ahead within something that is looked for behind.
        TooLarge: it has too many instructions.
    """
    if node.traits.positions > MAX_INSTRUCTIONS:
        raise TooLarge(f"the expression has more than {MAX_INSTRUCTIONS:,} characters when written out")
    compiler = _Compiler()
    program = compiler.program
    program.end = compiler.emit(Accept())
    program.start = compiler.compile(node, program.end)
    return program


class _Compiler:
    """Compiles from the end of the expression, so that each part knows where to go on."""

    def __init__(self) -> None:
        self.program = Program()
        self._inside_behind = False
        self._looks: dict[Look, int] = {}

    def emit(self, instruction: Instruction) -> int:
        if len(self.program.instructions) >= 2 * MAX_INSTRUCTIONS:
            raise TooLarge(f"the automaton has more than {2 * MAX_INSTRUCTIONS:,} instructions")
        self.program.instructions.append(instruction)
        return len(self.program.instructions) - 1

    def compile(self, node: Node, then: int) -> int:
        """Add the instructions of an expression; return where it starts."""
        match node:
            case Chars(charset):
                return self._read(charset, then)
            case Sequence(parts):
                for part in reversed(parts):
                    then = self.compile(part, then)
                return then
            case Choice(options):
                return self.emit(Fork(tuple(self.compile(option, then) for option in options)))
            case Repeat():
                return self._repeat(node, then)
            case Words(values):
                return self._words(values, then)
            case Embedded(automaton):
                return self._embedded(automaton, then)
            case Look():
                return self.emit(Assert(self._look(node), then))

    def _read(self, charset: CharSet, then: int) -> int:
        number = self.program.charsets.setdefault(charset, len(self.program.charsets))
        return self.emit(Read(number, then))

    def _repeat(self, node: Repeat, then: int) -> int:
        if node.high is None:
            after = then
            then = self.emit(Fork(()))
            again = self.compile(node.item, then)
            self.program.instructions[then] = Fork((again, after))
        else:
            after = then
            for _ in range(node.high - node.low):
                then = self.emit(Fork((self.compile(node.item, then), after)))
        for _ in range(node.low):
            then = self.compile(node.item, then)
        return then

    def _words(self, values: tuple[str, ...], then: int) -> int:
        """Share what the words have in common at their beginnings."""
        children: list[dict[str, int]] = [{}]
        ends = set[int]()
        for value in values:
            place = 0
            for character in value:
                place = children[place].setdefault(character, len(children))
                if place == len(children):
                    children.append({})
            ends.add(place)
        starts = [0] * len(children)
        for place in reversed(range(len(children))):
            ways = [self._read(CharSet.of(c), starts[child]) for c, child in children[place].items()]
            starts[place] = self.emit(Fork((*ways, then) if place in ends else tuple(ways)))
        return starts[0]

    def _embedded(self, automaton: Automaton, then: int) -> int:
        starts = [self.emit(Fork(())) for _ in automaton.rows]
        for state, targets in enumerate(automaton.transitions):
            ways = [self._read(charset, starts[target]) for target, charset in targets.items()]
            accepts = (then,) if automaton.accepting[state] else ()
            self.program.instructions[starts[state]] = Fork((*ways, *accepts))
        return starts[0]

    def _look(self, look: Look) -> int:
        if look in self._looks:
            return self._looks[look]
        if self._inside_behind and not look.behind:
            raise NotRegular("looking ahead (lookahead, $ or \\b) within a lookbehind is not supported")
        outside, self._inside_behind = self._inside_behind, self._inside_behind or look.behind
        body = sequence([ANYTHING, look.body]) if look.behind else look.body
        start = self.compile(body, self.emit(Accept()))
        self._inside_behind = outside
        self.program.lookings.append(Looking(start, look.behind, look.negative))
        self._looks[look] = len(self.program.lookings) - 1
        return self._looks[look]
