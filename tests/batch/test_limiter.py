"""The limit of requests in flight follows what the deployment bears. Time is a number here, nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from qwen_structured.batch.limiter import Limiter


def after(
    limiter: Limiter, clock: list[float], rate: Callable[[int], float], requests: int = 20_000
) -> list[int]:
    """The limits that a deployment of a rate, in requests a second at so many in flight, leads to."""
    limits = []
    for _ in range(requests):
        clock[0] += 1 / rate(limiter.limit)
        limiter.ended(overloaded=False, starved=False)
        limits.append(limiter.limit)
    return limits


def limiter(most: int = 256) -> tuple[Limiter, list[float]]:
    clock = [0.0]
    return Limiter(most, lambda: clock[0]), clock


@pytest.mark.parametrize("capacity", [16, 50, 100])
def test_it_settles_near_what_the_deployment_works_on_at_once(capacity: int) -> None:
    """More in flight than the capacity give no more answers."""
    one, clock = limiter()
    limits = after(one, clock, lambda limit: min(limit, capacity) * 2.0)
    assert capacity / 2 <= limits[-1] <= capacity * 2


def test_it_grows_although_each_request_gets_slower_as_long_as_all_together_get_faster() -> None:
    one, clock = limiter()
    limits = after(one, clock, lambda limit: float(limit**0.7))
    assert limits[-1] > 128


def test_it_never_grows_beyond_the_most() -> None:
    one, clock = limiter(20)
    limits = after(one, clock, float)
    assert max(limits) == 20
    assert limits[-1] > 10


@pytest.mark.parametrize("most", [1, 3])
def test_few_are_few_from_the_first(most: int) -> None:
    one, clock = limiter(most)
    assert set(after(one, clock, float, 500)) <= set(range(1, most + 1))


def test_a_round_of_refusals_halves_it_once_and_it_grows_by_one_a_round() -> None:
    one, clock = limiter()
    after(one, clock, float, 2_000)
    before = one.limit
    for _ in range(before // 2):
        one.ended(overloaded=True, starved=False)
    assert one.limit == before // 2
    limits = after(one, clock, float, before * 4)
    steps = [b - a for a, b in pairwise(limits) if b != a]
    assert steps
    assert set(steps) == {1}


def test_refusals_without_end_lead_to_one() -> None:
    one, _ = limiter()
    for _ in range(1000):
        one.ended(overloaded=True, starved=False)
    assert one.limit == 1


def test_rounds_in_which_nothing_waited_say_nothing() -> None:
    one, clock = limiter()
    for _ in range(1000):
        clock[0] += 1.0
        one.ended(overloaded=False, starved=True)
    assert one.limit == 8


def test_a_deployment_that_gets_larger_is_found_out() -> None:
    one, clock = limiter()
    after(one, clock, lambda limit: float(min(limit, 16)))
    before = one.limit
    after(one, clock, lambda limit: float(min(limit, 200)), 60_000)
    assert one.limit > 2 * before
