"""Run a program on all its ways at once: each set of ways is a state of a deterministic automaton.

A way through the program (a thread) carries what was looked for ahead of it and is not decided yet. What is
looked for behind is decided where it is asked for, by programs that run along from the start of the text. So
assertions are exact in any place, in repetitions too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeAlias, TypeVar

from .alphabet import Alphabet
from .automaton import Automaton, explored
from .limits import Budget
from .program import Accept, Assert, Fork, Program, Read

_Value = TypeVar("_Value")
_Threads: TypeAlias = frozenset[int]
"""Threads by number: the place in the program plus its size times the number of what is pending."""
_Pending: TypeAlias = frozenset[tuple[int, _Threads]]
"""Assertions that are not decided: the number of each, and the threads of its own program."""
_State: TypeAlias = tuple[_Threads, int]
"""The threads, and the number of what the programs that look behind have come to."""

_NONE_PENDING: Final = 0


def determinized(program: Program) -> Automaton:
    """Make the minimal automaton of a program.

    Raises:
        TooLarge: it has too many states, or takes too long to build.
    """
    subsets = Subsets(program)
    return explored(subsets.alphabet, subsets.start, subsets.successors, subsets.accepts)


class _Numbered(Generic[_Value]):
    """Values that are numbered as they turn up."""

    def __init__(self, first: _Value) -> None:
        self.values = [first]
        self._numbers = {first: 0}

    def number(self, value: _Value) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class Subsets:
    """The states that a program can be in, made as they are asked for.

    Raises:
        TooLarge: from any method, when making them takes too long.
    """

    def __init__(self, program: Program) -> None:
        self._instructions = program.instructions
        self._lookings = program.lookings
        self._end = program.end
        self._size = len(program.instructions)
        self.alphabet, self._classes = Alphabet.telling_apart(list(program.charsets))
        self._budget = Budget()
        self._pending = _Numbered[_Pending](frozenset())
        self._closures: dict[tuple[int, int], _Threads] = {}
        self._pending_after: dict[tuple[int, int, int], int | None] = {}
        self._behind_after: dict[tuple[int, int], int] = {}
        self._looks_behind = [number for number, looking in enumerate(program.lookings) if looking.behind]
        # Each value is as long as it is known: an assertion may use those before it.
        self._behind = _Numbered[tuple[_Threads, ...]](())
        behind = 0
        for look in self._looks_behind:
            behind = self._with_behind(behind, self._closure(program.lookings[look].start, behind))
        self.start: _State = (self._closure(program.start, behind), behind)

    def matches(self, text: str) -> bool:
        """Whether the program accepts a text."""
        state = self.start
        for character in text:
            self._budget = Budget()
            number = self.alphabet.class_at(ord(character))
            if number < 0:
                return False
            state = self._successor(state, number)
        return self.accepts(state)

    def accepts(self, state: _State) -> bool:
        """Whether the text may end in a state."""
        return self._accepts_at_end(thread for thread in state[0] if thread % self._size == self._end)

    def successors(self, state: _State) -> list[_State]:
        """The state that each class of characters leads to."""
        threads, behind = state
        after = [self._behind_advanced(behind, number) for number in range(self.alphabet.size)]
        found: list[set[int]] = [set() for _ in after]
        for thread in threads:
            then, numbers = self._ways(thread)
            for number in numbers:
                pending = self._pending_advanced(thread // self._size, number, after[number])
                if pending is not None:
                    closure = self._closure(then + pending * self._size, after[number])
                    self._budget.spend(1 + len(closure) // 8)
                    found[number] |= closure
        return [(frozenset(reached), number) for reached, number in zip(found, after, strict=True)]

    def _successor(self, state: _State, number: int) -> _State:
        behind = self._behind_advanced(state[1], number)
        return self._advanced(state[0], number, behind), behind

    def _ways(self, thread: int) -> tuple[int, Iterable[int]]:
        """Where a thread goes on, and with which classes of characters."""
        place = thread % self._size
        instruction = self._instructions[place]
        if isinstance(instruction, Read):
            return instruction.then, self._classes[instruction.charset]
        # An assertion's program that has matched stays there while something further ahead is pending.
        stays = place != self._end and thread >= self._size
        return place, range(self.alphabet.size) if stays else ()

    def _advanced(self, threads: _Threads, number: int, behind: int) -> _Threads:
        """Take a character; ``behind`` is what the programs that look behind have come to after it."""
        found = set[int]()
        for thread in threads:
            then, numbers = self._ways(thread)
            self._budget.spend(1)
            if number in numbers:
                pending = self._pending_advanced(thread // self._size, number, behind)
                if pending is not None:
                    found |= self._closure(then + pending * self._size, behind)
        return frozenset(found)

    def _behind_advanced(self, behind: int, number: int) -> int:
        """Take a character in the programs that look behind."""
        if not self._looks_behind:
            return behind
        key = (behind, number)
        if key not in self._behind_after:
            after = 0
            for threads in self._behind.values[behind]:
                after = self._with_behind(after, self._advanced(threads, number, after))
            self._behind_after[key] = after
        return self._behind_after[key]

    def _with_behind(self, behind: int, threads: _Threads) -> int:
        return self._behind.number((*self._behind.values[behind], threads))

    def _pending_advanced(self, pending: int, number: int, behind: int) -> int | None:
        """Take a character in the programs that look ahead; None if an assertion has failed."""
        if pending == _NONE_PENDING:
            return pending
        key = (pending, number, behind)
        if key not in self._pending_after:
            self._pending_after[key] = self._pending_advanced_anew(*key)
        return self._pending_after[key]

    def _pending_advanced_anew(self, pending: int, number: int, behind: int) -> int | None:
        undecided = set[tuple[int, _Threads]]()
        for look, threads in self._pending.values[pending]:
            advanced = self._advanced(threads, number, behind)
            holds = self._decided(look, advanced)
            if holds is False:
                return None
            if holds is None:
                undecided.add((look, advanced))
        return self._pending.number(frozenset(undecided))

    def _closure(self, thread: int, behind: int) -> _Threads:
        """The threads that a thread becomes without taking a character."""
        key = (thread, behind)
        if key not in self._closures:
            self._closures[key] = frozenset(self._reached(thread, behind))
        return self._closures[key]

    def _reached(self, thread: int, behind: int) -> Iterable[int]:
        seen = {thread}
        stack = [thread]
        while stack:
            thread = stack.pop()
            self._budget.spend(1)
            pending, place = divmod(thread, self._size)
            match self._instructions[place]:
                case Fork(places):
                    ways = {then + pending * self._size for then in places} - seen
                case Assert(look, then):
                    after = self._asserted(look, pending, behind)
                    ways = set() if after is None else {then + after * self._size} - seen
                case Read() | Accept():
                    yield thread
                    continue
            stack.extend(ways)
            seen |= ways

    def _asserted(self, look: int, pending: int, behind: int) -> int | None:
        """What is pending after an assertion; None if it fails."""
        looking = self._lookings[look]
        if looking.behind:
            threads = self._behind.values[behind][self._looks_behind.index(look)]
            return pending if self._accepts_at_end(threads) != looking.negative else None
        threads = self._closure(looking.start, behind)
        holds = self._decided(look, threads)
        if holds is None:
            return self._pending.number(self._pending.values[pending] | {(look, threads)})
        return pending if holds else None

    def _decided(self, look: int, threads: _Threads) -> bool | None:
        """Whether an assertion holds; None if that depends on what follows."""
        negative = self._lookings[look].negative
        if any(thread < self._size and isinstance(self._instructions[thread], Accept) for thread in threads):
            return not negative
        return None if threads else negative

    def _accepts_at_end(self, threads: Iterable[int]) -> bool:
        """Whether a thread has come to its end if the text ends here."""
        return any(
            isinstance(self._instructions[thread % self._size], Accept)
            and all(
                self._accepts_at_end(ahead) != self._lookings[look].negative
                for look, ahead in self._pending.values[thread // self._size]
            )
            for thread in threads
        )
