"""Numbers within bounds, and multiples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

from ...exceptions import UnsupportedSchema
from ..ebnf import sequence
from ..fidelity import Fidelity
from ..numbers import NotExpressible, NoValue, integer_pattern, integer_rules, number_pattern
from ..regular import Language
from ..shapes import Numbers
from .context import Context
from .texts import TextEmitter

_PYDANTICS_TOLERANCE: Final = 1e-9
"""Of remainders in ``multiple_of``. Source: pydantic-core 2.50, src/validators/float.rs."""
_EXACT_FLOATS: Final = 2**53
_GREATEST_FLOAT: Final = re.compile(r"\[0-9\]\{([01]),30[67]\}")
"""Digits up to the greatest float, where nothing but that bounds them: any number of digits is cheaper."""
_FRACTION: Final = r"-?[0-9]+\.[0-9]*[1-9][0-9]*"
"""A number that is not whole."""
_SMALLEST_FLOAT: Final = re.compile(r"0\{0,3\d\d\}(\[1-9\]\[0-9\]\*)\|0\{3\d\d\}\[[0-9]-9\]\[0-9\]\*")
"""Zeros down to the smallest float. Such numbers have exponents too, so a few zeros do."""
_MOST_ZEROS: Final = 20


class NumberEmitter:
    """Writes numbers, each with what follows it."""

    def __init__(self, context: Context, texts: TextEmitter) -> None:
        self._context, self._texts = context, texts

    def number(self, numbers: Numbers, path: str, end: str) -> Iterator[str]:
        """Numbers and what follows them; none where there is no such number."""
        try:
            yield self._number(numbers, path, end)
        except NoValue:
            return
        except NotExpressible as error:
            raise UnsupportedSchema(
                f"{path or 'the schema'} is beyond a limit: {error}: simplify it"
            ) from error

    def find_exact(self, numbers: Numbers, path: str) -> None:
        """Say that all rules for some numbers are kept."""
        self._bounds(numbers, path)
        self._multiple_of(numbers, path, Fidelity.EXACT)

    def _number(self, numbers: Numbers, path: str, end: str) -> str:
        if numbers.values is not None:
            return self._texts.one_of([json.dumps(value) for value in numbers.values], end)
        if numbers.integer and (multiples := self._multiples(numbers, path, end)):
            return multiples
        return self._texts.of_language(self.language(numbers, path), end)

    def language(self, numbers: Numbers, path: str) -> Language:
        """The language of numbers that are not listed, as JSON writes them.

        Raises:
            NoValue: there is no such number.
        """
        pattern = self._integer(numbers, path) if numbers.integer else self._decimal(numbers, path)
        language = _of_whole(_GREATEST_FLOAT.sub(_any_number, pattern))
        if numbers.fractional:
            self._context.find(path, "not integer", Fidelity.NARROWED, "written out, without exponent")
            language = language & _of_whole(_FRACTION)
        return language

    def _multiples(self, numbers: Numbers, path: str, end: str) -> str | None:
        """Multiples by the automaton of remainders; None if there are none to write, or it is too large."""
        if numbers.multiple_of is None or numbers.excluded:
            return None
        name = self._context.rules.reserve("m")
        try:
            rules = integer_rules(*_whole_bounds(numbers), numbers.multiple_of.numerator, name=name)
        except (NotExpressible, NoValue):
            self._context.rules.drop(name)
            return None
        for rule, body in rules:
            self._context.rules.put(rule, body)
        self._bounds(numbers, path)
        self._multiple_of(numbers, path, Fidelity.EXACT)
        return sequence(name, end)

    def _integer(self, numbers: Numbers, path: str) -> str:
        step = None if numbers.multiple_of is None else numbers.multiple_of.numerator
        excluded = sorted(int(value) for value in numbers.excluded if value.denominator == 1)
        spans = list(_without(*_whole_bounds(numbers), excluded))
        self._bounds(numbers, path)
        try:
            pattern = "|".join(integer_pattern(low, high, step) for low, high in spans)
            self._multiple_of(numbers, path, Fidelity.EXACT)
        except NotExpressible as error:
            pattern = "|".join(integer_pattern(low, high) for low, high in spans)
            self._multiple_of(numbers, path, Fidelity.CHECKED, str(error))
        return pattern

    def _decimal(self, numbers: Numbers, path: str) -> str:
        bounds = _decimal(numbers.low), _decimal(numbers.high), numbers.low_open, numbers.high_open
        self._bounds(numbers, path)
        try:
            tolerance = _PYDANTICS_TOLERANCE if self._context.normaliser.drops_others else None
            pattern = number_pattern(*bounds, _decimal(numbers.multiple_of), remainder_tolerance=tolerance)
            why = "without exponent, with no more digits than a float tells apart"
            self._multiple_of(numbers, path, Fidelity.NARROWED, why)
        except NotExpressible as error:
            pattern = number_pattern(*bounds)
            self._multiple_of(numbers, path, Fidelity.CHECKED, str(error))
        if numbers.multiple_of is None:
            pattern = _SMALLEST_FLOAT.sub(rf"0{{0,{_MOST_ZEROS}}}\1", pattern)
        if numbers.excluded:
            self._context.find(path, "not", Fidelity.CHECKED, "numbers that are excluded one by one")
        return pattern

    def _bounds(self, numbers: Numbers, path: str) -> None:
        for sign, bound, is_open in (
            ("inimum", numbers.low, numbers.low_open),
            ("aximum", numbers.high, numbers.high_open),
        ):
            if bound is None:
                continue
            rounded = not numbers.integer and abs(bound) >= _EXACT_FLOATS
            fidelity = Fidelity.NARROWED if rounded else Fidelity.EXACT
            why = "up to the next number that a float can hold" if rounded else ""
            keyword = f"exclusiveM{sign}" if is_open else f"m{sign}"
            self._context.find(path, f"{keyword} {_decimal(bound)}", fidelity, why)

    def _multiple_of(self, numbers: Numbers, path: str, fidelity: Fidelity, why: str = "") -> None:
        if numbers.multiple_of is not None:
            self._context.find(path, f"multipleOf {_decimal(numbers.multiple_of)}", fidelity, why)


@lru_cache(maxsize=1024)
def _of_whole(pattern: str) -> Language:
    """The language of the texts that a pattern matches from end to end."""
    return Language.of_pattern(f"^({pattern})$")


def _any_number(digits: re.Match[str]) -> str:
    return "[0-9]*" if digits[1] == "0" else "[0-9]+"


def _whole_bounds(numbers: Numbers) -> tuple[int | None, int | None]:
    low, high = numbers.low, numbers.high
    least = None if low is None else ceil(low) + (numbers.low_open and low.denominator == 1)
    most = None if high is None else floor(high) - (numbers.high_open and high.denominator == 1)
    return least, most


def _decimal(bound: Fraction | None) -> int | Decimal | None:
    if bound is None or bound.denominator == 1:
        return None if bound is None else int(bound)
    return Decimal(bound.numerator) / Decimal(bound.denominator)


def _without(
    low: int | None, high: int | None, excluded: Sequence[int]
) -> Iterator[tuple[int | None, int | None]]:
    """The spans between two bounds that are left when some numbers are taken out."""
    for value in excluded:
        if (low is not None and value < low) or (high is not None and value > high):
            continue
        if low is None or low < value:
            yield low, value - 1
        low = value + 1
    if low is None or high is None or low <= high:
        yield low, high
