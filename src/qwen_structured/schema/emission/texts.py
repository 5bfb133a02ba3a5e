"""Strings, and every other text that is of a regular language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby
from typing import Final

from ..ebnf import choice, literal, regex, sequence, spelled, times
from ..fidelity import Fidelity
from ..regular import Language, TooLarge
from ..shapes import Strings
from .context import Context

CHARACTER: Final = f"({Language.lengths(1, 1).spelled()})"
"""One character of a JSON string: itself, or its escape."""
UNROLLED_CHARACTERS: Final = 8
"""Up to so many characters a length is written out, which costs about 25 ms of compiling for each."""
MOST_NEEDED_CHARACTERS: Final = 64
"""The engine cannot count what is needed, so it is written out up to here, whatever that costs."""
FINITE: Final = 4_096
"""Languages of so many strings are written as a list."""
LISTED: Final = 32
"""Lists of more are written by their common beginnings."""
COPIED_STATES: Final = 24
"""Automata of more broad states are written once, and end with the text.

Each copy costs about 10 ms of compiling for a broad state; without one the last masks of a text cost up to 0.5 ms.
"""


class TextEmitter:
    """Writes texts of regular languages, each with what follows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rules = context.rules
        self._automata: dict[tuple[Language, str], str] = {}

    def string(self, strings: Strings, path: str, end: str) -> Iterator[str]:
        """Strings from their first quote, none where there is no such string; `end` has the last one."""
        values = strings.values(FINITE)
        if values is not None:
            self._lengths(strings, path, Fidelity.EXACT)
            if values:
                yield sequence('"\\""', self.one_of([spelled(value) for value in values], end))
        elif strings.language is None:
            yield sequence('"\\""', self._rules.named("x", sequence(self._any_string(strings, path), end)))
        else:
            language = self._bounded(strings.language, strings, path)
            if not language.is_empty():
                yield sequence('"\\""', self.of_language(language, end))

    def one_of(self, texts: Sequence[str], end: str) -> str:
        """One of some texts, and what follows it."""
        if len(texts) > LISTED:
            return self._by_beginnings(sorted(set(texts)), 0, end)
        ways = choice(sequence(literal(text)) for text in texts)
        return f"({ways}) {end}"

    def _by_beginnings(self, texts: Sequence[str], start: int, end: str) -> str:
        ways = [end] if len(texts[0]) == start else []
        for first, group in groupby(texts[len(ways) :], key=lambda text: text[start]):
            branch = list(group)
            if len(branch) == 1:
                ways.append(sequence(literal(branch[0][start:]), end))
            else:
                ways.append(sequence(literal(first), self._by_beginnings(branch, start + 1, end)))
        return self._rules.put(self._rules.reserve("w"), choice(ways))

    def of_language(self, language: Language | None, end: str) -> str:
        """A string of a language (None is any string), and what follows it.

        A choice in an expression is written as rules, one for each state of its automaton; see
        `Language.is_plain`.

        Raises:
            TooLarge: the automaton is.
        """
        if language is None:
            return self._rules.named("x", sequence(regex(f"{CHARACTER}*"), end))
        if language.is_plain():
            return self._rules.named("x", sequence(regex(language.spelled()), end))
        if language.broad_states() > COPIED_STATES and end != '""':
            return sequence(self.of_language(language, '""'), end)
        return reduce(lambda rest, part: self._automaton(part, rest), reversed(language.parts), end)

    def _automaton(self, language: Language, end: str) -> str:
        if (language, end) not in self._automata:
            rules = language.rules(self._rules.reserve("d"), end)
            for name, body in rules:
                self._rules.put(name, body)
            self._automata[language, end] = rules[0][0]
        return self._automata[language, end]

    def _any_string(self, strings: Strings, path: str) -> str:
        low, high = strings.low, strings.high
        if low > MOST_NEEDED_CHARACTERS:
            why = f"the grammar counts to {MOST_NEEDED_CHARACTERS} characters"
            self._context.find(path, f"minLength {low}", Fidelity.CHECKED, why)
            low = MOST_NEEDED_CHARACTERS
        elif low:
            self._context.find(path, f"minLength {low}", Fidelity.EXACT)
        if high is None:
            return regex(CHARACTER + times(low, None))
        if high <= UNROLLED_CHARACTERS or high == low:
            self._context.find(path, f"maxLength {high}", Fidelity.EXACT)
            return regex(CHARACTER + times(low, high))
        why = "an escape such as \\n counts as it is spelled"
        self._context.find(path, f"maxLength {high}", Fidelity.NARROWED, why)
        # The engine's budget is given up where the rule cannot end; this one can end anywhere.
        return self._rules.bounded("s", high, regex(CHARACTER + times(low, None)))

    def _bounded(self, language: Language, strings: Strings, path: str) -> Language:
        """A language within bounds of length, as far as that can be said."""
        shortest, longest = language.length_bounds()
        low = strings.low if strings.low > shortest else 0
        high = strings.high
        if high is not None and longest is not None and longest <= high:
            high = None
        fidelity, why = Fidelity.EXACT, ""
        if low or high is not None:
            try:
                language = language & Language.lengths(low, high)
                if not language.is_plain():
                    language.states()
            except TooLarge as error:
                fidelity, why = Fidelity.CHECKED, f"together with a pattern it is beyond a limit: {error}"
        self._lengths(strings, path, fidelity, why)
        return language

    def _lengths(self, strings: Strings, path: str, fidelity: Fidelity, why: str = "") -> None:
        if strings.low:
            self._context.find(path, f"minLength {strings.low}", fidelity, why)
        if strings.high is not None:
            self._context.find(path, f"maxLength {strings.high}", fidelity, why)
