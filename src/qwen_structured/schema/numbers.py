"""Regular expressions for the texts of numbers within bounds: integers, JSON numbers and decimals.

They are written with literals, classes, groups, ``|``, ``*``, ``+``, ``?`` and ``{m,n}`` alone, are not
anchored, and need a group around them where something follows. Zero has no minus sign.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import pairwise

from .digit_automaton import NotExpressible, NoValue
from .digits import Bound, group, plain_pattern, shifted, whole_pattern
from .multiples import has_multiple, multiples_automaton, multiples_pattern

__all__ = [
    "NoValue",
    "NotExpressible",
    "decimal_pattern",
    "integer_pattern",
    "integer_rules",
    "number_pattern",
]

_Number = int | float | Decimal

_MAX_DIGITS = 400
_MAX_CHANGES = 320  # of one digit to another in a bound: each is a call within a call
_MAX_PLACES = 60  # of a multiple: each nests a group
_ZERO = Decimal(0)
_SIGN_NAMES = {"": "p", "-": "n", "-?": "i"}  # of positive, negative and all integers
_SIGN_RULES = {"": "", "-": '"-" ', "-?": '"-"? '}
_LIMIT = 1e308
_BELOW_1E308 = Bound(Decimal(repr(_LIMIT)), strict=True)
_ONE, _BELOW_10 = Bound(Decimal(1)), Bound(Decimal(10), strict=True)
_SMALLEST_EXPONENT = -324
_SMALL_EXPONENTS_FROM, _LARGE_EXPONENTS_FROM = 5, 16  # negative and positive ones that repr() writes
_REPR_DIGITS = 17
PYDANTIC_TOLERANCE = 1e-9
"""How far from a multiple Pydantic lets a float be. Source: measured with pydantic-core 2.50."""
_EXACT_DIGITS = sys.float_info.dig
_WHOLE_FLOATS_FROM = 2**53
_DECIMAL_PRECISION = 28  # that of Python's default context, by which Pydantic computes remainders


def integer_pattern(low: int | None, high: int | None, multiple_of: int | None = None) -> str:
    """Match the integers from `low` to `high` that are multiples of `multiple_of`.

    Example:
        >>> integer_pattern(-9, 120)
        '0|-[1-9]|[1-9][0-9]?|1([01][0-9]|20)'

    Raises:
        NoValue: there is no such integer.
        NotExpressible: a bound has more than 400 digits; or the multiples need more than `multiples_pattern`
            allows, and `integer_rules` may still do.
    """
    step = int(_step(multiple_of) or 1)
    parts = ["0"] if _has_zero(low, high) else []
    for (first, last), sign in _spans(low, high, step):
        unsigned = whole_pattern(first, last) if step == 1 else multiples_pattern(step, first, last)
        parts.append(sign + group(unsigned) if sign else unsigned)
    return "|".join(parts)


def integer_rules(low: int | None, high: int | None, multiple_of: int, *, name: str) -> list[tuple[str, str]]:
    """Right-linear EBNF rules, as name and body, for what `integer_pattern` matches; the first is the whole.

    Every name begins with `name`. The rules of multiples of 997 take 140 kB, where a regular expression is
    out of the question.

    Raises:
        NoValue: there is no such integer.
        NotExpressible: a bound has more than 400 digits, or the automaton more than 20,000 states.
    """
    step = int(_step(multiple_of) or 1)
    starts = ['"0"'] if _has_zero(low, high) else []
    rules = []
    for (first, last), sign in _spans(low, high, step):
        part = multiples_automaton(step, first, last).rules(f"{name}{_SIGN_NAMES[sign]}")
        starts.append(f"{_SIGN_RULES[sign]}{part[0][0]}")
        rules += part
    return [(name, " | ".join(starts)), *rules]


def number_pattern(
    low: _Number | None,
    high: _Number | None,
    exclusive_low: bool = False,
    exclusive_high: bool = False,
    multiple_of: _Number | None = None,
    *,
    remainder_tolerance: float | None = PYDANTIC_TOLERANCE,
) -> str:
    """Match the JSON numbers below 1e308 that a reader of IEEE 754 doubles finds within the bounds.

    The rule: every text that matches is read as a float within the bounds; and of every float within them
    whose absolute value is below 1e308, the shortest text, which `repr` and `json.dumps` write, matches.

    To be exact for the reader, a bound is moved inwards to the next float (an exclusive one to the next but
    itself), and texts are then compared with the shortest text of that float; reading is monotonic, so they
    stay on its side. Below 1, for example, that is 0.9999999999999999: what lies between it and 1 is a longer
    text for it, or is read as 1.

    A whole number may have a point and zeros behind it. Numbers below 1e-4 and from 1e16 on may have an
    exponent, with one digit before the point, as `repr` has it.

    Multiples have no exponent, and no more decimals than the step. They end where their floats are no longer
    multiples to the reader: one that allows the remainder of a float a tolerance, as Pydantic 2.14 does,
    refuses some multiples of 0.01 from 7.5 millions on. With None for it, the reader is one that compares the
    shortest text of a float exactly, as jsonschema-rs does.

    Source: ECMA-404 for the syntax; `sys.float_info` for the limits.

    Raises:
        NoValue: there is no such number.
        NotExpressible: all numbers within a bound are beyond 1e308, or it is not a number; or `multiple_of`
            is zero, has more than 14 decimals, or needs more than the limits of `multiples_pattern`, such as
            1.5 without bounds.
    """
    smallest = _float_bound(low, exclusive_low, is_low=True)
    largest = _float_bound(high, exclusive_high, is_low=False)
    step = _step(multiple_of)
    if step is None:
        return _signed(smallest, largest, _float_texts)
    if remainder_tolerance is None and step.denominator == 1:  # whole texts are read exactly
        first = None if low is None else smallest.units(0, is_low=True)
        last = None if high is None else largest.units(0, is_low=False)
        return integer_pattern(first, last, int(step))
    limit = _multiples_limit(step, remainder_tolerance)
    places = _places(step)

    def multiples(least: Bound, most: Bound | None) -> str:
        return _multiples_between(step, least, _lower(most, limit), places)

    return _signed(smallest, largest, multiples)


def decimal_pattern(
    low: _Number | None,
    high: _Number | None,
    exclusive_low: bool = False,
    exclusive_high: bool = False,
    max_digits: int | None = None,
    decimal_places: int | None = None,
    multiple_of: _Number | None = None,
) -> str:
    """Match the text of a `Decimal` as Pydantic takes it in a string, in exact decimal arithmetic.

    It has no exponent and no needless zeros in front. `max_digits` counts the digits of both sides, but not
    a zero before the point where decimals follow it.

    Without `decimal_places` or `max_digits`, multiples have the decimals that they need, and are below
    ``10**28`` times the step: Pydantic 2.14 refuses greater ones.

    Raises:
        NoValue: there is no such decimal.
        NotExpressible: a bound or `max_digits` has more than 400 digits; or `multiple_of` is zero or
            needs more than the limits of `multiples_pattern`.
    """
    step = _step(multiple_of)
    shapes = list(_shapes(max_digits, decimal_places))

    def unsigned(least: Bound, most: Bound | None) -> str:
        return "|".join(filter(None, (shape.texts(least, most, step) for shape in shapes)))

    return _signed(_bound(low, exclusive_low), _bound(high, exclusive_high), unsigned)


# --- integers ------------------------------------------------------------------------------------


def _has_zero(low: int | None, high: int | None) -> bool:
    return (low is None or low <= 0) and (high is None or high >= 0)


def _spans(low: int | None, high: int | None, step: int) -> list[tuple[tuple[int, int | None], str]]:
    """The least and greatest absolute values, above zero, and the signs with which they occur.

    Raises:
        NoValue: there are none, and no zero.
    """
    signs: dict[tuple[int, int | None], str] = {}
    for sign, least, most in _by_sign(_bound(low), _bound(high)):
        first, last = _units(least, most, 0)
        span = max(first, 1), last
        if has_multiple(step, *span):
            signs[span] = "-?" if span in signs else sign
    if not signs and not _has_zero(low, high):
        raise NoValue("there is no such integer")
    return list(signs.items())


# --- bounds and signs --------------------------------------------------------------------------


def _bound(value: _Number | None, strict: bool = False) -> Bound | None:
    if value is None:
        return None
    bound = Bound(_exact(value), strict)
    if not bound.value.is_finite() or abs(bound.value.adjusted()) > _MAX_DIGITS:
        raise NotExpressible(f"a bound has more than {_MAX_DIGITS} digits, or is not finite")
    if sum(one != other for one, other in pairwise(bound.value.as_tuple().digits)) > _MAX_CHANGES:
        raise NotExpressible(f"a bound has more than {_MAX_CHANGES} digits that differ from the one before")
    return bound


def _exact(value: _Number) -> Decimal:
    """A float stands for its shortest decimal text, as it was written."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _step(multiple_of: _Number | None) -> Fraction | None:
    if multiple_of is None:
        return None
    if not multiple_of:
        raise NotExpressible("multiples of 0")
    return abs(Fraction(_exact(multiple_of)))


def _places(step: Fraction) -> int:
    """The decimals that a step needs."""
    places = 0
    while (step * 10**places).denominator > 1:
        places += 1
    return places


def _by_sign(low: Bound | None, high: Bound | None) -> Iterator[tuple[str, Bound, Bound | None]]:
    """The signs that occur between the bounds, and between which the absolute values then are."""
    if low is None or low.value < 0:
        least = _negated(high) if high and high.value < 0 else Bound(_ZERO, strict=True)
        yield "-", least, low and _negated(low)
    if high is None or high.value > 0 or (high.value == 0 and not high.strict):
        yield "", low if low and low.value >= 0 else Bound(_ZERO), high


def _negated(bound: Bound) -> Bound:
    return Bound(bound.value.copy_negate(), bound.strict)


def _signed(low: Bound | None, high: Bound | None, unsigned: Callable[[Bound, Bound | None], str]) -> str:
    """The alternatives of the negative numbers and of the others.

    Raises:
        NoValue: there are none.
    """
    parts = [(sign, unsigned(least, most)) for sign, least, most in _by_sign(low, high)]
    written = [sign + group(pattern) if sign else pattern for sign, pattern in parts if pattern]
    if not written:
        raise NoValue("there is no such number")
    return "|".join(written)


def _units(least: Bound, most: Bound | None, places: int) -> tuple[int, int | None]:
    """The bounds as numbers of ``10**-places``."""
    return least.units(places, is_low=True), None if most is None else most.units(places, is_low=False)


def _lower(one: Bound | None, other: Bound) -> Bound:
    """The bound from above that allows less."""
    if one is None:
        return other
    return min(one, other, key=lambda bound: (bound.value, not bound.strict))


def _higher(one: Bound, other: Bound) -> Bound:
    """The bound from below that allows less."""
    return max(one, other, key=lambda bound: (bound.value, bound.strict))


# --- what a reader of floats takes -------------------------------------------------------------


def _float_bound(value: _Number | None, exclusive: bool, *, is_low: bool) -> Bound:
    """The shortest text of the outermost float within a bound; for none, or one beyond 1e308, that.

    Raises:
        NotExpressible: all floats within it are beyond 1e308; or it is not a number.
    """
    exact = float(value) if isinstance(value, Decimal) else value
    if exact is None or (exact <= -_LIMIT if is_low else exact >= _LIMIT):
        return _negated(_BELOW_1E308) if is_low else _BELOW_1E308
    if not -_LIMIT < exact < _LIMIT:
        raise NotExpressible(f"a bound is not a number below {_LIMIT!r}")
    nearest = float(exact)
    while (exclusive and nearest == exact) or (nearest < exact if is_low else nearest > exact):
        nearest = math.nextafter(nearest, math.inf if is_low else -math.inf)
    return Bound(_exact(nearest))


def _float_texts(least: Bound, most: Bound | None) -> str:
    assert most is not None
    if least.value > most.value:
        return ""
    plain = plain_pattern(
        _read_whole(least, ROUND_CEILING), _lower(_read_whole(most, ROUND_FLOOR), _BELOW_1E308)
    )
    return "|".join(filter(None, (plain, *_scientific(least, most))))


def _read_whole(bound: Bound, rounding: str) -> Bound:
    """The bound for texts without exponent, which a reader may take as integers and compare exactly.

    The shortest text of a large float is rounded: that of 1e23 is above it.
    """
    if bound.value < _WHOLE_FLOATS_FROM:
        return bound
    rounded = Context(prec=_REPR_DIGITS, rounding=rounding).plus(Decimal(float(bound.value)))
    return Bound(max(rounded, bound.value) if rounding == ROUND_CEILING else min(rounded, bound.value))


def _scientific(least: Bound, most: Bound) -> Iterator[str]:
    """The texts with an exponent, where `repr` writes one."""
    if not most.value:
        return
    last = most.value.adjusted()
    first = least.value.adjusted() if least.value else min(_SMALLEST_EXPONENT, last)
    low = Bound(least.value.scaleb(-first)) if least.value else _ONE
    high = Bound(most.value.scaleb(-last), most.strict)
    if first == last:
        yield from _with_exponents(low, high, first, first)
        return
    if low != _ONE:
        yield from _with_exponents(low, _BELOW_10, first, first)
        first += 1
    yield from _with_exponents(_ONE, _BELOW_10, first, last - 1)
    yield from _with_exponents(_ONE, high, last, last)


def _with_exponents(low: Bound, high: Bound, first: int, last: int) -> Iterator[str]:
    mantissa, exponents = plain_pattern(low, high), _exponents(first, last)
    if mantissa and exponents:
        yield f"{group(mantissa)}[eE]{group(exponents)}"


def _exponents(first: int, last: int) -> str:
    small = whole_pattern(max(-last, _SMALL_EXPONENTS_FROM), -first)
    large = whole_pattern(max(first, _LARGE_EXPONENTS_FROM), last) if last > 0 else ""
    signed = (
        rf"{sign}{group(exponents)}" for sign, exponents in (("-0?", small), (r"\+?", large)) if exponents
    )
    return "|".join(signed)


# --- decimals ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """Decimals of so many digits.

    Attributes:
        low: the smallest value of them.
        high: what the values are below; None for any.
        places: the most decimals; None for any number.
        bare: whether the point may be missing.
    """

    low: int
    high: int | None
    places: int | None
    bare: bool = True

    def texts(self, least: Bound, most: Bound | None, step: Fraction | None) -> str:
        """Match those between two bounds that are multiples of a step; ``""`` for none."""
        least = _higher(least, Bound(Decimal(self.low)))
        most = most if self.high is None else _lower(most, Bound(Decimal(self.high), strict=True))
        if step is None:
            return plain_pattern(least, most, self.places, bare=self.bare)
        places = _places(step) if self.places is None else self.places
        unit = (step * 10**places).numerator
        limit = Bound(shifted(unit * 10**_DECIMAL_PRECISION, places), strict=True)
        return _multiples_between(step, least, _lower(most, limit), places, bare=self.bare)


def _shapes(max_digits: int | None, decimal_places: int | None) -> Iterator[_Shape]:
    if max_digits is None:
        yield _Shape(0, None, decimal_places)
    elif decimal_places is None:
        yield _Shape(0, 1, max_digits)
        for whole in range(1, max_digits + 1):
            yield _Shape(10 ** (whole - 1), 10**whole, max_digits - whole)
    elif max_digits > decimal_places:
        yield _Shape(0, 10 ** (max_digits - decimal_places), decimal_places)
    else:  # Pydantic counts the zero of "0", but not that of "0.5"
        yield _Shape(0, 1, max_digits, bare=False)


# --- multiples ---------------------------------------------------------------------------------


def _multiples_limit(step: Fraction, tolerance: float | None) -> Bound:
    """Below what, a power of ten, the float that is read from the text of a multiple counts as one.

    Raises:
        NotExpressible: no float does, because the step has too many decimals.
    """
    places = _places(step)
    if step >= _LIMIT or (tolerance is None and step.numerator * 10**places == step.denominator):
        return _BELOW_1E308  # the shortest text of any float has no more decimals than were written
    limit = Fraction(10) ** (_EXACT_DIGITS - places)
    read = Fraction(float(step))
    if tolerance is not None and read != step:
        error = Fraction(1, _WHOLE_FLOATS_FROM) + abs(read - step) / step
        limit = min(limit, Fraction(tolerance) / error)
    if limit < max(step, Fraction(1)):
        raise NotExpressible("the step has more decimals than a float tells apart")
    return Bound(Decimal(10 ** (len(str(int(limit))) - 1)), strict=True)


def _multiples_between(
    step: Fraction, least: Bound, most: Bound | None, places: int, *, bare: bool = True
) -> str:
    if places > _MAX_PLACES:
        raise NotExpressible(f"the step has more than {_MAX_PLACES} decimals")
    unit = (step * 10**places).numerator  # the smallest multiple that has so few decimals
    if unit == 1:
        return plain_pattern(least, most, places, bare=bare)
    return multiples_pattern(unit, *_units(least, most, places), places, bare=bare)
