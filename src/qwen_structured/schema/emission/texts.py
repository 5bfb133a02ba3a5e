"""Strings, and every other text that is of a regular language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, reduce
from itertools import groupby
from typing import Final

from ..ebnf import choice, ended, literal, regex, sequence, spelled, times
from ..fidelity import Fidelity
from ..regular import Language, TooLarge
from ..shapes import Strings
from .context import END, Context, Tail

CHARACTER: Final = f"({Language.lengths(1, 1).spelled()})"
"""One character of a JSON string: itself, or its escape."""
UNROLLED_CHARACTERS: Final = 4
"""Up to so many characters a length is written out together with what follows."""
MOST_COUNTED_CHARACTERS: Final = 256
"""Up to so many, each number of characters that are left has a rule, which all strings of the grammar share.

The engine takes about 26 ms to compile such a rule, once: it keeps what it knows of rules for all grammars.
Beyond, the engine counts, which is exact up to escapes, and costs nothing only while more than 128 characters
are left: then each mask takes 0.5 ms. With 32 requests in flight an H200 wrote 0.12 of its free throughput
so, and 0.9 by rules. Source: benchmarks/results/bounded_strings_h200.json.
"""
MOST_NEEDED_CHARACTERS: Final = 64
"""The engine cannot count what is needed, so it is written out up to here, whatever that costs."""
FINITE: Final = 4_096
"""Languages of so many strings are written as a list."""
LISTED: Final = 32
"""Lists of more are written by their common beginnings."""
ENDS: Final = ('""', '"\\""')
"""What rules end with that end with their value."""
COPIED_STATES: Final = 24
"""Automata of more broad states are written once, and end with the text.

Each copy costs about 10 ms of compiling for a broad state; without one the last masks of a text cost up to
0.5 ms.
"""


@cache
def _one_character() -> tuple[str, str]:
    """The body of a rule of one character of a JSON string, and the name of the rule that comes after it."""
    (_, body), (following, _) = Language.lengths(1, 1).rules("q")
    return body, following


class TextEmitter:
    """Writes texts of regular languages, each with what follows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rules = context.rules
        self._automata: dict[tuple[Language, str], str] = {}

    def string(self, strings: Strings, path: str, tail: Tail) -> Iterator[str]:
        """Strings, each with its quotes and tail; none where there is no such string."""
        end = sequence(*tail.after('"').parts)
        values = strings.values(FINITE)
        if values is not None:
            find_lengths(self._context, strings, path, Fidelity.EXACT)
            if values:
                yield sequence('"\\""', self.one_of([spelled(value) for value in values], end))
        elif strings.language is None:
            yield sequence('"\\""', self._any_string(strings, path, tail))
        else:
            language = self._bounded(strings.language, strings, path)
            if not language.is_empty():
                yield sequence('"\\""', self._of_language(language, '"\\""', tail))

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
        return self._of_language(language, "", Tail("", end))

    def _of_language(self, language: Language | None, mark: str, tail: Tail) -> str:
        """A string of a language, a mark that ends it, and the tail."""
        end = sequence(mark, *tail.parts)
        if language is None or language.is_plain():
            body = sequence(regex(language.spelled() if language else f"{CHARACTER}*"), end)
            return self._rules.named("x", ended(body) if tail == END else body)
        if language.broad_states() > COPIED_STATES and tail != END:
            return sequence(self._of_language(language, mark, END), *tail.parts)
        return reduce(lambda rest, part: self._automaton(part, rest), reversed(language.parts), end)

    def _automaton(self, language: Language, end: str) -> str:
        if (language, end) not in self._automata:
            rules = language.rules(self._rules.reserve("d"), end)
            for name, body in rules:
                self._rules.put(name, ended(body) if end in ENDS else body)
            self._automata[language, end] = rules[0][0]
        return self._automata[language, end]

    def _any_string(self, strings: Strings, path: str, tail: Tail) -> str:
        """The characters of a string within bounds, the last quote, and the tail."""
        low, high = self._least(strings.low, path), strings.high
        end = sequence(*tail.after('"').parts)
        if high is None:
            body = sequence(regex(CHARACTER + times(low, None)), end)
            return self._rules.named("x", ended(body) if tail == END else body)
        if high <= MOST_COUNTED_CHARACTERS:
            self._context.find(path, f"maxLength {high}", Fidelity.EXACT)
            if high <= UNROLLED_CHARACTERS or high == low:
                return self._rules.named("x", sequence(regex(CHARACTER + times(low, high)), end))
            return sequence(self._counted(low, high), *tail.parts)
        why = "an escape such as \\n counts as it is spelled"
        self._context.find(path, f"maxLength {high}", Fidelity.NARROWED, why)
        # The engine's budget is given up where the rule cannot end; this one can end anywhere.
        budget = self._rules.bounded("s", high, regex(CHARACTER + times(low, None)))
        return self._rules.named("x", sequence(budget, end))

    def _least(self, low: int, path: str) -> int:
        """How many characters of a string that has to have more of them the grammar asks for."""
        if low > MOST_NEEDED_CHARACTERS:
            why = f"the grammar counts to {MOST_NEEDED_CHARACTERS} characters"
            self._context.find(path, f"minLength {low}", Fidelity.CHECKED, why)
            return MOST_NEEDED_CHARACTERS
        if low:
            self._context.find(path, f"minLength {low}", Fidelity.EXACT)
        return low

    def _counted(self, low: int, high: int) -> str:
        """The rule of `low` to `high` characters and the quote; the same in all grammars."""
        character, then = _one_character()
        for most in range(high + 1):
            least = max(low - (high - most), 0)
            name = self._counting(least, most)
            if not self._rules.has(name):
                ways = ['"\\""'] if not least else []
                ways += [character.replace(then, self._counting(max(least - 1, 0), most - 1))] if most else []
                self._rules.put(name, ended(choice(ways)))
        return self._counting(low, high)

    def _counting(self, low: int, high: int) -> str:
        return self._rules.own(f"q{low or ''}_{high}")

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
                language = language.bounded(low, high)
                if not language.is_plain():
                    language.states()
            except TooLarge as error:
                fidelity, why = Fidelity.CHECKED, f"together with a pattern it is beyond a limit: {error}"
        find_lengths(self._context, strings, path, fidelity, why)
        return language


def find_lengths(context: Context, strings: Strings, path: str, fidelity: Fidelity, why: str = "") -> None:
    """Say what becomes of the bounds of a string's length."""
    if strings.low:
        context.find(path, f"minLength {strings.low}", fidelity, why)
    if strings.high is not None:
        context.find(path, f"maxLength {strings.high}", fidelity, why)
