"""Regular expressions for decimal texts without sign or exponent whose value lies between two bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, takewhile

_ANY = "[0-9]"


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range of numbers that are not negative.

    Attributes:
        value: where it is, exactly.
        strict: whether the value itself is outside.
    """

    value: Decimal
    strict: bool = False

    def units(self, places: int, *, is_low: bool) -> int:
        """The outermost number of ``10**-places`` that is inside."""
        exact = Fraction(self.value) * Fraction(10) ** places
        if is_low:
            return math.floor(exact) + 1 if self.strict else math.ceil(exact)
        return math.ceil(exact) - 1 if self.strict else math.floor(exact)


def whole_pattern(low: int, high: int | None) -> str:
    """Match the whole numbers from `low` to `high`, in digits without needless zeros; ``""`` for none.

    Example:
        >>> whole_pattern(7, 120)
        '[7-9]|[1-9][0-9]|1([01][0-9]|20)'
    """
    if high is not None and low > high:
        return ""
    return "|".join(_by_length(low, high))


def plain_pattern(low: Bound, high: Bound | None, places: int | None = None, *, bare: bool = True) -> str:
    r"""Match the numbers between two bounds, in digits with at most `places` decimals; ``""`` for none.

    A whole number may have a point and zeros behind it; where it is not `bare`, it must.

    Example:
        >>> plain_pattern(Bound(Decimal("0.5")), Bound(Decimal(12), strict=True), places=2)
        '0\\.[5-9][0-9]?|([1-9]|1[01])(\\.[0-9]{1,2})?'
    """
    if places is not None:
        low = _inward(low, places, is_low=True)
        if high and not (high.strict and high.value == int(high.value)):
            high = _inward(high, places, is_low=False)
    if high and (low.value > high.value or (low.value == high.value and (low.strict or high.strict))):
        return ""
    return "|".join(_by_whole_part(low, high, places, bare))


def _inward(bound: Bound, places: int, *, is_low: bool) -> Bound:
    return Bound(shifted(bound.units(places, is_low=is_low), places))


def shifted(units: int, places: int) -> Decimal:
    """``units * 10**-places``, not rounded to the precision of a context."""
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), -places))


# --- whole parts -------------------------------------------------------------------------------


def _by_length(low: int, high: int | None) -> Iterator[str]:
    """Numbers of one length after the other, those of full lengths together."""
    shortest = len(str(low))
    longest = None if high is None else len(str(high))
    if shortest == longest:
        yield _same_length(str(low), str(high))
        return
    if low > 1 and low != 10 ** (shortest - 1):
        yield _same_length(str(low), "9" * shortest)
        shortest += 1
    elif low == 0:
        yield "0"
    if high is None:
        yield f"[1-9]{_digits(shortest - 1, None)}"
        return
    assert longest is not None
    full = longest if high == 10**longest - 1 else longest - 1
    if shortest <= full:
        yield f"[1-9]{_digits(shortest - 1, full - 1)}"
    if full < longest:
        yield _same_length(str(10 ** (longest - 1)), str(high))


def _same_length(low: str, high: str) -> str:
    """Match the strings of digits from `low` to `high`, which are of one length."""
    if not low:
        return ""
    if low == high:
        return _run(low)
    if set(low) == {"0"} and set(high) == {"9"}:
        return _digits(len(low), len(low))
    shared = next(place for place in range(len(low)) if low[place] != high[place])
    if shared:
        return _run(low[:shared]) + group(_same_length(low[shared:], high[shared:]))
    return "|".join(_from_first_digit(low, high))


def _from_first_digit(low: str, high: str) -> Iterator[str]:
    first, last = int(low[0]), int(high[0])
    rest = len(low) - 1
    if set(low[1:]) - {"0"}:
        yield low[0] + group(_same_length(low[1:], "9" * rest))
        first += 1
    to_the_end = not set(high[1:]) - {"9"}
    if first <= last - (not to_the_end):
        yield _class(first, last - (not to_the_end)) + _digits(rest, rest)
    if not to_the_end:
        yield high[0] + group(_same_length("0" * rest, high[1:]))


# --- whole part and decimals -------------------------------------------------------------------


def _by_whole_part(low: Bound, high: Bound | None, places: int | None, bare: bool) -> Iterator[str]:
    first, from_decimals = _split(low)
    last, to_decimals = _split(high) if high else (None, None)
    if first == last:
        yield from _with_decimals(str(first), from_decimals, to_decimals, places, bare)
        return
    if from_decimals != _Edge("", strict=False):
        yield from _with_decimals(str(first), from_decimals, None, places, bare)
        first += 1
    if between := whole_pattern(first, None if last is None else last - 1):
        yield from _with_decimals(group(between), None, None, places, bare)
    if last is not None:
        yield from _with_decimals(_run(str(last)), None, to_decimals, places, bare)


def _with_decimals(
    whole: str, low: _Edge | None, high: _Edge | None, places: int | None, bare: bool
) -> Iterator[str]:
    decimals = _decimals(low, high, places)
    point = rf"\.{group(decimals)}"
    if bare and _may_end(low, high):
        yield whole + (f"({point})?" if decimals else "")
    elif decimals:
        yield whole + point


@dataclass(frozen=True, slots=True)
class _Edge:
    """The decimals of a bound, without needless zeros at the end; None stands for no bound."""

    digits: str
    strict: bool


def _split(bound: Bound) -> tuple[int, _Edge]:
    whole, _, decimals = f"{bound.value:f}".partition(".")
    return int(whole), _Edge(decimals.rstrip("0"), bound.strict)


def _may_end(low: _Edge | None, high: _Edge | None) -> bool:
    """Whether zeros alone, or no more digits, are between the edges."""
    is_low = low is None or not (low.digits or low.strict)
    return is_low and (high is None or bool(high.digits) or not high.strict)


def _decimals(low: _Edge | None, high: _Edge | None, places: int | None) -> str:
    """Match one digit or more, at most `places`, that as decimals are between the edges; ``""`` for none."""
    if low == _Edge("", strict=False):
        low = None
    if high and places and high.digits == "9" * places:
        high = None
    if places == 0 or (high and not high.digits and (high.strict or low)):
        return ""
    if high and not high.digits:
        return f"0{_times(1, places)}"
    if low is None and high is None:
        return _digits(1, places)
    if low and not low.digits and high is None:  # `places` is None: else the bound would not be strict
        return "0*[1-9][0-9]*"
    if places is None and (low is None or high is None) and _run_to_leave(low or high) > 1:
        return "|".join(_from_first_run(low, high))
    return "|".join(_from_first_decimal(low, high, places))


def _from_first_run(low: _Edge | None, high: _Edge | None) -> Iterator[str]:
    """For a bound on one side: leave it within its first run of equal digits, or follow it further.

    Bounds such as 0.9999999999999999 and 5e-324 would nest a group a digit otherwise.
    """
    edge = low or high
    assert edge is not None
    first, run = edge.digits[0], _run_to_leave(edge)
    beyond = _class(int(first) + 1, 9) if low else _class(0, int(first) - 1)
    if beyond:
        yield f"{repeated(first, 0, run - 1)}{beyond}[0-9]*"
    if high:
        yield repeated(first, 1, run - 1)
    further = _Edge(edge.digits[run:], edge.strict)
    yield from _then(repeated(first, run, run), low and further, high and further, None)


def _after_shared(low: _Edge, high: _Edge, places: int | None) -> Iterator[str]:
    """Follow both edges as long as they agree."""
    from_digits = low.digits.ljust(len(high.digits), "0")
    pairs = zip(from_digits, high.digits, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    after_low = _Edge(from_digits[shared:].rstrip("0"), low.strict)
    after_high = _Edge(high.digits[shared:], high.strict)
    left = None if places is None else places - shared
    yield from _then(_run(high.digits[:shared]), after_low, after_high, left)


def _run_to_leave(edge: _Edge | None) -> int:
    """The length of the run of equal digits at the front, without the last digit of all."""
    digits = edge.digits if edge else ""
    return min(len(digits) - len(digits.lstrip(digits[:1])), len(digits) - 1)


def _from_first_decimal(low: _Edge | None, high: _Edge | None, places: int | None) -> Iterator[str]:
    first = int((low.digits if low else "")[:1] or "0")
    last = int(high.digits[0]) if high else 9
    after_low = low and _Edge(low.digits[1:], low.strict)
    after_high = high and _Edge(high.digits[1:], high.strict)
    left = None if places is None else places - 1
    if low and high and first == last:
        yield from _after_shared(low, high, places)
        return
    if first == last:
        yield from _then(str(first), after_low, after_high, left)
        return
    if after_low and after_low != _Edge("", strict=False):
        yield from _then(str(first), after_low, None, left)
        first += 1
    if left == 0 or (after_high and left is not None and after_high.digits == "9" * left):
        after_high = None
    if between := _class(first, last - bool(after_high)):
        yield from _then(between, None, None, left)
    if after_high:
        yield from _then(str(last), None, after_high, left)


def _then(before: str, low: _Edge | None, high: _Edge | None, places: int | None) -> Iterator[str]:
    more = _decimals(low, high, places)
    if not _may_end(low, high):
        if more:
            yield before + group(more)
    elif more == _digits(1, places):
        yield before + _digits(0, places)
    else:
        yield before + (f"({more})?" if more else "")


# --- writing -----------------------------------------------------------------------------------


def _class(first: int, last: int) -> str:
    if first >= last:
        return str(first) if first == last else ""
    return f"[{first}{'' if last == first + 1 else '-'}{last}]"


def _digits(least: int, most: int | None) -> str:
    return repeated(_ANY, least, most)


def repeated(atom: str, least: int, most: int | None) -> str:
    """The pattern of an atom that occurs so often; None for any number of times."""
    return "" if most == 0 else atom + _times(least, most)


def _times(least: int, most: int | None) -> str:
    if most is None:
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    if least == most:
        return "" if most == 1 else f"{{{most}}}"
    return "?" if most == 1 else f"{{{least},{most}}}"


def _run(digits: str) -> str:
    """The digits themselves; long runs of equal ones are counted."""
    runs = ("".join(run) for _, run in groupby(digits))
    return "".join(run if len(run) < 8 else repeated(run[0], len(run), len(run)) for run in runs)


def group(pattern: str) -> str:
    """The pattern, in parentheses if it has alternatives at its top."""
    depth = 0
    for character in pattern:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and not depth:
            return f"({pattern})"
    return pattern
