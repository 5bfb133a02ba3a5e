from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import jsonschema_rs
import pytest
from hypothesis import assume, given, settings, strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from qwen_structured.schema.multiples import multiples_automaton
from qwen_structured.schema.numbers import (
    NotExpressible,
    NoValue,
    decimal_pattern,
    integer_pattern,
    integer_rules,
    number_pattern,
)

few = settings(max_examples=25, deadline=None, derandomize=True)
many = settings(max_examples=100, deadline=None, derandomize=True)

BIG = 10**30
integers = st.integers(-300, 300) | st.integers(-BIG, BIG)
finite = st.floats(allow_nan=False, allow_infinity=False)
plain_floats = st.floats(-1e6, 1e6) | st.decimals(-1000, 1000, places=3).map(float)
decimals = st.decimals(-2000, 2000, allow_nan=False, places=2)


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def is_between(value: float, low: Any, high: Any, low_open: bool, high_open: bool) -> bool:
    low = float(low) if isinstance(low, Decimal) else low
    high = float(high) if isinstance(high, Decimal) else high
    return (low is None or (value > low if low_open else value >= low)) and (
        high is None or (value < high if high_open else value <= high)
    )


def texts_of(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))


# --- integers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [None, 1, 2, 3, 6, 10, 25, 40])
@pytest.mark.parametrize("low", [None, -101, -10, -1, 0, 1, 7, 100])
def test_an_integer_matches_if_it_is_between_the_bounds_and_a_multiple(
    low: int | None, step: int | None
) -> None:
    candidates = range(-150, 1101)
    for high in (None, -100, -42, -1, 0, 1, 9, 10, 99, 128, 1000):
        wanted = {n for n in candidates if n % (step or 1) == 0 and is_between(n, low, high, False, False)}
        if not wanted:
            with pytest.raises(NoValue):
                integer_pattern(low, high, step)
            continue
        pattern = re.compile(integer_pattern(low, high, step))
        assert {n for n in candidates if pattern.fullmatch(str(n))} == wanted


@many
@given(integers, integers, integers, st.integers(-2, 2))
def test_bounds_of_any_size_hold(one: int, other: int, number: int, near: int) -> None:
    low, high = sorted((one, other))
    pattern = integer_pattern(low, high)
    for candidate in (number, low + near, high + near):
        assert matches(pattern, str(candidate)) == (low <= candidate <= high)


@pytest.mark.parametrize("text", ["", "-0", "00", "01", "-01", "+1", "1.0", "1e1", " 1", "1 ", "--1", "-"])
@pytest.mark.parametrize("step", [None, 3])
def test_only_canonical_text_matches(text: str, step: int | None) -> None:
    assert not matches(integer_pattern(None, None, step), text)


def test_a_bound_of_300_random_digits_holds() -> None:
    bound = int("31415926535897932384626433832795028841971693993751" * 6)
    pattern = integer_pattern(0, bound)
    assert matches(pattern, str(bound))
    assert not matches(pattern, str(bound + 1))


def test_hostile_bounds_and_multiples_end_in_an_error_that_names_the_limit() -> None:
    with pytest.raises(NotExpressible, match="400 digits"):
        integer_pattern(0, 10**5000)
    with pytest.raises(NotExpressible, match="500 states"):
        integer_pattern(0, None, 997)
    with pytest.raises(NotExpressible, match="10,000"):
        integer_pattern(0, None, 7)
    with pytest.raises(NotExpressible, match="18 digits"):
        integer_pattern(0, None, 10**400 + 1)
    with pytest.raises(NotExpressible, match="20,000 states"):
        integer_rules(0, None, 1_000_003, name="n")
    with pytest.raises(NotExpressible, match="multiples of 0"):
        integer_pattern(0, 10, 0)


@pytest.mark.parametrize("step", [2, 4, 5, 8, 10, 20, 25, 50, 100, 1000, 5000, 10**9])
def test_multiples_that_show_in_the_last_digits_take_a_short_pattern(step: int) -> None:
    pattern = integer_pattern(None, None, step)
    assert len(pattern) < 1010
    assert matches(pattern, str(step * 1234567))
    assert not matches(pattern, str(step * 1234567 + 1))


def read_by_rules(rules: list[tuple[str, str]], text: str) -> bool:
    """Whether right-linear rules give a text."""
    bodies = dict(rules)

    def gives(name: str, rest: str) -> bool:
        return any(follows(alternative.split(" "), rest) for alternative in bodies[name].split(" | "))

    def follows(symbols: list[str], rest: str) -> bool:
        if not symbols:
            return not rest
        first, *others = symbols
        if first in bodies:
            assert not others
            return gives(first, rest)
        if first.endswith("?"):
            return follows(others, rest) or follows([first[:-1], *others], rest)
        if first.startswith('"'):
            literal = first.strip('"')
            return rest.startswith(literal) and follows(others, rest[len(literal) :])
        return bool(rest and re.fullmatch(first, rest[0])) and follows(others, rest[1:])

    return gives(rules[0][0], text)


@pytest.mark.parametrize(
    ("low", "high", "step"), [(None, None, 7), (0, None, 13), (-500, 700, 9), (None, -3, 5), (20, 90, 4)]
)
def test_rules_give_what_the_pattern_would_match(low: int | None, high: int | None, step: int) -> None:
    rules = integer_rules(low, high, step, name="n")
    for n in range(-800, 801):
        wanted = (low is None or n >= low) and (high is None or n <= high) and n % step == 0
        assert read_by_rules(rules, str(n)) == wanted
    assert not read_by_rules(rules, "-0")


def test_rules_reach_moduli_that_no_pattern_does() -> None:
    rules = integer_rules(None, None, 997, name="r")
    assert all(name.startswith("r") for name, _ in rules)
    assert read_by_rules(rules, str(-997 * 123456789))
    assert not read_by_rules(rules, str(997 * 123456789 + 1))
    assert sum(len(name) + len(body) for name, body in rules) < 150_000


def test_an_automaton_of_few_values_lists_them() -> None:
    assert list(multiples_automaton(7, 3, 30).texts()) == ["7", "14", "21", "28"]


# --- JSON numbers ----------------------------------------------------------------------------------

BOUNDS: list[tuple[Any, Any, bool, bool]] = [
    (None, None, False, False),
    (0, None, False, False),
    (0, None, True, False),
    (None, 0, False, True),
    (0, 1, False, False),
    (0, 1, True, True),
    (1, 10, False, True),
    (-90, 90, False, False),
    (-180.0, 180, True, False),
    (-273.15, None, False, False),
    (0.1, 0.3, True, True),
    (36.55, 36.56, False, True),
    (-0.001, 0.002, True, True),
    (0.05, 0.05, False, False),
    (1e-7, 1e-5, True, False),
    (1e16, 1e23, False, True),
    (5e-324, 1e-300, False, False),
    (2**53 - 1, 2**53 + 1, False, False),
    (Decimal("0.30"), Decimal("1e3"), False, True),
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
def test_what_matches_is_read_as_a_finite_float_between_the_bounds(
    bounds: tuple[Any, Any, bool, bool],
) -> None:
    pattern = number_pattern(*bounds)

    @few
    @given(texts_of(pattern))
    def check(text: str) -> None:
        read = json.loads(text)
        assert math.isfinite(float(text))
        assert is_between(float(text), *bounds)
        assert is_between(read, *bounds)
        assert not text.startswith("-") or Decimal(text) != 0

    check()


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
def test_every_float_between_the_bounds_matches_as_json_writes_it(
    bounds: tuple[Any, Any, bool, bool],
) -> None:
    pattern = re.compile(number_pattern(*bounds))
    low, high = (
        float(bound) if bound is not None else sign * 9.99e307
        for bound, sign in ((bounds[0], -1), (bounds[1], 1))
    )

    @many
    @given(st.floats(low, max(low, high)) | finite | plain_floats)
    def check(value: float) -> None:
        within = is_between(value, *bounds) and abs(value) < 1e308
        text = json.dumps(value)
        assert bool(pattern.fullmatch(text)) == (within and text != "-0.0")
        short = f"{value:.15g}"
        assert not pattern.fullmatch(short) or is_between(float(short), *bounds)

    check()


@few
@given(finite | plain_floats, finite | plain_floats, st.booleans(), st.booleans(), st.data())
def test_any_floats_can_be_bounds(
    one: float, other: float, low_open: bool, high_open: bool, data: st.DataObject
) -> None:
    low, high = sorted((one, other))
    assume(low < 1e308 and high > -1e308)
    try:
        pattern = number_pattern(low, high, low_open, high_open)
    except NoValue:
        assert low == high or math.nextafter(low, math.inf) == high
        assert low_open or high_open
        return
    value = data.draw(st.floats(low, high))
    if is_between(value, low, high, low_open, high_open) and 0 < abs(value) < 1e308:
        assert matches(pattern, json.dumps(value))
    text = data.draw(texts_of(pattern))
    assert is_between(float(text), low, high, low_open, high_open)


@many
@given(decimals, decimals, decimals)
def test_texts_without_exponent_compare_as_decimals(low: Decimal, high: Decimal, value: Decimal) -> None:
    assume(low <= high)
    pattern = number_pattern(low, high)
    assert matches(pattern, str(value)) == (low <= value <= high and not str(value).startswith("-0.00"))


@pytest.mark.parametrize(
    ("bounds", "text", "is_allowed"),
    [
        ((None, 1, False, True), "0.99999999999999999999", False),
        ((None, 1, False, True), "0.9999999999999999", True),
        ((0, 1, False, False), "1.000", True),
        ((0, 1, False, False), "1.0000000000000000000001", False),
        ((0, None, True, False), "0." + "0" * 400 + "1", False),
        ((0, None, True, False), "1e-400", False),
        ((0, None, True, False), "5e-324", True),
        ((0, None, True, False), "1.5e-07", True),
        ((None, None), "1e999", False),
        ((None, None), "1" * 310, False),
        ((None, None), "1E+30", True),
        ((None, None), "0.", False),
        ((None, None), ".5", False),
        ((None, None), "01", False),
        ((None, None), "-0", False),
        ((None, None), "-0.0", False),
        ((None, None), "-0.5", True),
        ((None, 1e23), "100000000000000000000000", False),
        ((None, 1e23), "1e+23", True),
    ],
)
def test_texts_at_the_edges(bounds: tuple[Any, ...], text: str, is_allowed: bool) -> None:
    assert matches(number_pattern(*bounds), text) == is_allowed


@pytest.mark.parametrize(("low", "high", "low_open"), [(1, 0, False), (1, 1, True), (0, 5e-324, True)])
def test_bounds_that_no_float_is_within_are_told(low: float, high: float, low_open: bool) -> None:
    with pytest.raises(NoValue):
        number_pattern(low, high, low_open, exclusive_high=True)


@pytest.mark.parametrize("low", [1e308, math.inf, math.nan, 10**400, Decimal("1e400"), Decimal("nan")])
def test_bounds_that_leave_only_huge_numbers_are_refused(low: Any) -> None:
    with pytest.raises(NotExpressible, match="not a number below 1e"):
        number_pattern(low, None)


@pytest.mark.parametrize("high", [1.5e308, math.inf, 10**400, Decimal("1e400")])
def test_bounds_beyond_1e308_do_not_matter(high: Any) -> None:
    assert number_pattern(0, high) == number_pattern(0, None)


STEPS = [0.01, 0.5, 0.25, 0.05, 2, 5000, 0.125, Decimal("0.02"), 100.0]
ANY_BOUNDS: list[tuple[Any, Any]] = [(None, None), (0, None), (0, 1), (-2.5, 10), (3, 100.25)]


@pytest.mark.parametrize(
    ("step", "bounds"),
    [*((step, bounds) for step in STEPS for bounds in ANY_BOUNDS), (1.5, (-7.5, 40)), (2.5, (0, 1000))],
    ids=str,
)
def test_multiples_of_numbers_are_exact(step: Any, bounds: tuple[Any, Any]) -> None:
    exact = Decimal(str(step))
    low, high = (None if bound is None else Decimal(str(bound)) for bound in bounds)
    schema: dict[str, Any] = {"multipleOf": float(step)}
    schema |= {} if low is None else {"minimum": float(low)}
    schema |= {} if high is None else {"maximum": float(high)}
    of_schema = jsonschema_rs.validator_for(schema)
    of_type = TypeAdapter(Annotated[float, Field(ge=bounds[0], le=bounds[1], multiple_of=float(step))])
    try:
        pattern = number_pattern(*bounds, multiple_of=step)
    except NoValue:
        assert low is not None
        assert high is not None
        assert low // exact == high // exact
        return

    @few
    @given(texts_of(pattern))
    def check(text: str) -> None:
        of_type.validate_json(text)
        assert of_schema.is_valid(json.loads(text))
        assert Fraction(text) % Fraction(exact) == 0

    check()
    for count in range(-300, 300):
        value = count * exact
        text = f"{value.normalize():f}" if value else "0"
        wanted = (low is None or value >= low) and (high is None or value <= high)
        assert matches(pattern, text) == wanted, text
        assert not matches(pattern, str(value + exact / 3))


def test_steps_that_take_too_long_a_pattern_are_refused() -> None:
    with pytest.raises(NotExpressible, match="10,000"):
        number_pattern(None, None, multiple_of=1.5)


def test_a_step_finer_than_floats_is_refused() -> None:
    with pytest.raises(NotExpressible, match="more decimals"):
        number_pattern(0, 1, multiple_of=1 / 3)


# --- decimals ----------------------------------------------------------------------------------------


def accepts(validator: TypeAdapter[Any], text: str) -> bool:
    try:
        validator.validate_json(json.dumps(text))
    except ValidationError:
        return False
    return True


DECIMALS: list[dict[str, Any]] = [
    {},
    {"ge": 0},
    {"gt": 0, "le": Decimal("99.5")},
    {"max_digits": 5, "decimal_places": 2},
    {"max_digits": 5, "decimal_places": 2, "gt": 0},
    {"max_digits": 4, "ge": Decimal("-1.25"), "lt": 150},
    {"max_digits": 2, "decimal_places": 2},
    {"max_digits": 2, "decimal_places": 3, "gt": -1},
    {"decimal_places": 1, "gt": Decimal("0.25"), "lt": Decimal("7.75")},
    {"decimal_places": 0, "ge": -3, "le": 12},
    {"gt": Decimal("0.1"), "lt": Decimal("0.3")},
    {"multiple_of": Decimal("0.05"), "ge": 0},
    {"multiple_of": Decimal("0.25"), "max_digits": 4, "gt": -2},
    {"multiple_of": Decimal("0.1"), "max_digits": 2, "decimal_places": 2},
    {"multiple_of": 5, "max_digits": 6, "decimal_places": 2, "ge": 0, "lt": 1000},
    {"multiple_of": Decimal("0.01")},
]


def pattern_of(constraints: dict[str, Any]) -> str:
    low = constraints.get("ge", constraints.get("gt"))
    high = constraints.get("le", constraints.get("lt"))
    others = {name: constraints.get(name) for name in ("max_digits", "decimal_places", "multiple_of")}
    return decimal_pattern(low, high, "gt" in constraints, "lt" in constraints, **others)


@pytest.mark.parametrize("constraints", DECIMALS, ids=str)
def test_pydantic_takes_every_decimal_that_matches(constraints: dict[str, Any]) -> None:
    validator = TypeAdapter[Any](Annotated[Decimal, Field(**constraints)])

    @few
    @given(texts_of(pattern_of(constraints)))
    def check(text: str) -> None:
        assert accepts(validator, text)
        assert not text.startswith("-") or Decimal(text) != 0

    check()


@pytest.mark.parametrize("constraints", DECIMALS, ids=str)
def test_decimals_that_pydantic_takes_match(constraints: dict[str, Any]) -> None:
    validator = TypeAdapter[Any](Annotated[Decimal, Field(**constraints)])
    pattern = re.compile(pattern_of(constraints))
    for places in range(4):
        for units in range(-300, 1200, 7):
            text = f"{Decimal(units).scaleb(-places):f}"
            is_shortest = places == 0 or units % 10 != 0
            if is_shortest and units:
                assert bool(pattern.fullmatch(text)) == accepts(validator, text), text


def test_decimals_are_compared_exactly() -> None:
    pattern = decimal_pattern(None, 1, exclusive_high=True)
    assert matches(pattern, "0." + "9" * 60)
    assert not matches(pattern, "1.0")
    assert not matches(pattern, "-0.0")


def test_no_decimal_is_told() -> None:
    with pytest.raises(NoValue):
        decimal_pattern(1, 2, exclusive_low=True, exclusive_high=True, decimal_places=0)


# --- size ----------------------------------------------------------------------------------------------


def test_patterns_are_short() -> None:
    assert len(integer_pattern(0, 255)) < 60
    assert len(integer_pattern(-(2**63), 2**63 - 1)) < 700
    assert len(number_pattern(None, None)) < 400
    assert len(number_pattern(0, None, exclusive_low=True)) < 250
    assert len(number_pattern(0, 100, multiple_of=0.01)) < 60
    assert len(decimal_pattern(0, None, max_digits=12, decimal_places=2)) < 60
