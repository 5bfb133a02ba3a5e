"""What an expression or automaton may cost, and the two errors that say why a language cannot be had.

The limits are counts, never times: the same pattern is accepted or refused alike on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_PATTERN_LENGTH: Final = 10_000
MAX_REPETITIONS: Final = 100_000
"""The largest count in ``{m,n}``."""
MAX_NESTING: Final = 100
"""Groups within groups: the parser is recursive."""
MAX_DEPTH: Final = 150
"""Levels of a tree: the functions that walk it are recursive."""
MAX_POSITIONS: Final = 100_000
"""Characters of a pattern when its counted repetitions are written out."""
MAX_INSTRUCTIONS: Final = 20_000
"""Size of the nondeterministic automaton of an expression."""
MAX_STATES: Final = 4_000
"""States of a deterministic automaton."""
MAX_STEPS: Final = 60_000
"""Work to make an automaton of an expression: about 100 ms."""
MAX_SPELLED_POSITIONS: Final = 10_000
"""Characters of a spelled expression when its counted repetitions are written out, as XGrammar does."""
MAX_ELIMINATED_POSITIONS: Final = 2_000
"""The same for what is made of an automaton: XGrammar takes about 1 ms for each character of it."""


class NotRegular(Exception):
    """A pattern that cannot be expressed: the message says which part, and why."""


class TooLarge(Exception):
    """A language whose expression or automaton passes a limit: the message names the limit."""


@dataclass(slots=True)
class Budget:
    """Steps that are left for one construction."""

    steps: int = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Take steps from the budget.

        Raises:
            TooLarge: none are left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise TooLarge(f"the automaton takes more than {MAX_STEPS:,} steps to build")
