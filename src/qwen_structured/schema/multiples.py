"""The decimal texts of a number's multiples between two bounds.

Whether a number is a multiple may show in its last digits, as for 25; otherwise it shows in the remainders of
its digits from left to right, which an automaton counts.

All numbers here are counted in units of the last decimal: with two places, 1.25 is 125.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .digit_automaton import Automaton, NotExpressible
from .digits import group, repeated, whole_pattern

_MAX_TAILS = 200
_MAX_STEP = 10**18


def multiples_pattern(step: int, low: int, high: int | None, places: int = 0, *, bare: bool = True) -> str:
    r"""Match the multiples of a step from `low` to `high`, none of them negative; ``""`` for none.

    They have at most `places` decimals; if not `bare`, one or more.

    Example:
        >>> multiples_pattern(25, 0, 1000, places=2)
        '[0-9]((\\.0{1,2})?|\\.25|\\.50?|\\.75)|10(\\.0{1,2})?'

    Raises:
        NotExpressible: it is longer than 10,000 characters, or the step has more than 18 digits.
    """
    if not has_multiple(step, low, high):
        return ""
    digits = next((count for count in range(places, places + 10) if 10**count % step == 0), None)
    if digits is None or not bare or 10**digits // step > _MAX_TAILS:
        return multiples_automaton(step, low, high, places, bare=bare).pattern()
    return "|".join(_Tails(step, digits, places).patterns(low, high))


def multiples_automaton(
    step: int, low: int, high: int | None, places: int = 0, *, bare: bool = True
) -> Automaton:
    """The automaton of the same texts.

    Example:
        >>> sorted(multiples_automaton(25, 0, 75, places=2).texts())
        ['0', '0.0', '0.00', '0.25', '0.5', '0.50', '0.75']

    Raises:
        NotExpressible: it has more than 20,000 states, or the step has more than 18 digits.
        NoValue: there is no such multiple.
    """
    if step > _MAX_STEP:
        raise NotExpressible("the step has more than 18 digits")
    return Automaton.of_reader(_MultiplesReader(step, low, high, places, bare))


def has_multiple(step: int, low: int, high: int | None) -> bool:
    """Whether there is a multiple between the bounds."""
    return high is None or -(-low // step) * step <= high


# --- by the last digits ------------------------------------------------------------------------


class _Tails:
    """The ends of the multiples of a step that divides a power of ten: any digits may be before them."""

    def __init__(self, step: int, digits: int, places: int) -> None:
        self._step = step
        self._digits = digits
        self._places = places
        self._size = 10**digits

    def patterns(self, low: int, high: int | None) -> Iterator[str]:
        """The alternatives of the multiples from `low` to `high`."""
        first, last = low // self._size, None if high is None else high // self._size
        if first == last and high is not None:
            yield from self._after(first, low % self._size, high % self._size)
            return
        if low % self._size or (first == 0 and self._digits > self._places):
            yield from self._after(first, low % self._size, self._size - 1)
            first += 1
        is_full = high is not None and high % self._size == self._size - 1
        if heads := whole_pattern(first, last if last is None or is_full else last - 1):
            yield group(heads) + self._ends(0, self._size - 1)
        if high is not None and last is not None and not is_full:
            yield from self._after(last, 0, high % self._size)

    def _after(self, head: int, low: int, high: int) -> Iterator[str]:
        """The multiples that begin with the digits of `head`."""
        if not head and self._digits > self._places:
            yield from (self._text(tail, is_all=True) for tail in self._between(low, high))
        elif ends := self._ends(low, high):
            yield f"{head}{ends}"

    def _ends(self, low: int, high: int) -> str:
        tails = [self._text(tail) for tail in self._between(low, high)]
        are_digits = len(tails) > 1 and all(len(tail) == 1 for tail in tails)
        return f"[{''.join(tails)}]" if are_digits else group("|".join(tails))

    def _between(self, low: int, high: int) -> range:
        return range(-(-low // self._step) * self._step, high + 1, self._step)

    def _text(self, tail: int, *, is_all: bool = False) -> str:
        """The digits of a tail and its decimals, those that are needless being optional."""
        digits = str(tail).rjust(self._digits, "0")
        point = self._digits - self._places
        whole, decimals = digits[:point], digits[point:].rstrip("0")
        zeros = self._places - len(decimals)
        if is_all:
            whole = whole.lstrip("0") or "0"
        if decimals:
            return rf"{whole}\.{decimals}{repeated('0', 0, zeros)}"
        return whole + (rf"(\.{repeated('0', 1, zeros)})?" if zeros else "")


# --- by remainders -----------------------------------------------------------------------------


class _State(NamedTuple):
    """What the characters so far say: how a number relates to its bounds, and its remainder."""

    whole_digits: int
    decimals: int | None
    is_zero: bool
    low: int
    high: int
    remainder: int


class _MultiplesReader:
    """Reads the text of a multiple, without sign or needless zeros in front."""

    start = _State(0, None, False, 0, 0, 0)

    def __init__(self, step: int, low: int, high: int | None, places: int, bare: bool) -> None:
        self._places = places
        self._bare = bare
        self._low = _Bound.of(low, places)
        self._high = None if high is None else _Bound.of(high, places)
        self._whole_digits = len((self._high or self._low).whole) + 1
        self._remainders = _Remainders(step)

    def step(self, state: _State, character: str) -> _State | None:
        if character == ".":
            return self._point(state)
        if state.decimals is not None:
            return self._decimal(state, character)
        return self._whole_digit(state, character)

    def _whole_digit(self, state: _State, digit: str) -> _State | None:
        place = state.whole_digits
        high = -1 if self._high is None else self._high.whole_order(state.high, place, digit)
        if (state.is_zero and place) or (self._high is not None and place >= len(self._high.whole)):
            return None
        return _State(
            min(place + 1, self._whole_digits),
            None,
            digit == "0" and not place,
            self._low.whole_order(state.low, place, digit),
            high,
            self._remainders.after(state.remainder, digit),
        )

    def _point(self, state: _State) -> _State | None:
        low, high = self._orders_of_whole(state)
        if not self._places or not state.whole_digits or state.decimals is not None or low < 0 or high > 0:
            return None
        return _State(0, 0, False, low, high, state.remainder)

    def _orders_of_whole(self, state: _State) -> tuple[int, int]:
        low = -1 if state.whole_digits < len(self._low.whole) else state.low
        shorter = self._high is None or state.whole_digits < len(self._high.whole)
        return low, -1 if shorter else state.high

    def _decimal(self, state: _State, digit: str) -> _State | None:
        place = state.decimals or 0
        if place == self._places:
            return None
        low = state.low or _order(digit, self._low.fraction[place])
        high = state.high or (-1 if self._high is None else _order(digit, self._high.fraction[place]))
        if low < 0 or high > 0:
            return None
        return _State(0, place + 1, False, low, high, self._remainders.after(state.remainder, digit))

    def accepts(self, state: _State) -> bool:
        if not state.decimals and (state.decimals == 0 or not state.whole_digits or not self._bare):
            return False
        low, high = self._orders_of_whole(state) if state.decimals is None else (state.low, state.high)
        read = state.decimals or 0
        is_within = high <= 0 and (low > 0 or (low == 0 and not self._low.fraction[read:].strip("0")))
        return is_within and self._remainders.is_none(state.remainder, self._places - read)


@dataclass(frozen=True, slots=True)
class _Bound:
    """The digits of a bound before and after the point."""

    whole: str
    fraction: str

    @classmethod
    def of(cls, value: int, places: int) -> _Bound:
        digits = str(value).rjust(places + 1, "0")
        return cls(digits[: len(digits) - places], digits[len(digits) - places :])

    def whole_order(self, order: int, place: int, digit: str) -> int:
        """How a whole part with that digit compares, unless it turns out to be shorter."""
        return 1 if place >= len(self.whole) else order or _order(digit, self.whole[place])


def _order(left: str, right: str) -> int:
    return (left > right) - (left < right)


class _Remainders:
    """Remainders of one step, those that no further digit can tell apart being one."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._further = len(str(step - 1)) if step > 1 else 0
        self._by_completions: dict[tuple[int | None, ...], int] = {}

    def after(self, remainder: int, digit: str) -> int:
        longer = (remainder * 10 + int(digit)) % self._step
        return self._by_completions.setdefault(self._completions(longer), longer)

    def is_none(self, remainder: int, zeros: int) -> bool:
        return not remainder * 10**zeros % self._step

    def _completions(self, remainder: int) -> tuple[int | None, ...]:
        """For 0, 1, 2, ... further digits, the smallest number of them that makes a multiple.

        What completes longer texts follows from the last one, so equal tuples mean equal remainders to come.
        """
        smallest = [-remainder * 10**digits % self._step for digits in range(self._further + 1)]
        return tuple(n if n < 10**digits else None for digits, n in enumerate(smallest))
