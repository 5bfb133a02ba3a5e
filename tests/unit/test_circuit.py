"""When a circuit breaker opens, and when it closes."""

from contextlib import ExitStack, suppress

import pytest

from qwen_structured import (
    BackendClosed,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    CircuitOpen,
    ProtocolError,
)
from qwen_structured._circuit import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Deployment:
    """One behind a breaker that opens after 3 failures, for 10 s."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.breaker = Breaker(self.clock)

    def ask(self, outcome: BaseException | None = None) -> None:
        with self.breaker.request("it", 3, 10.0):
            if outcome is not None:
                raise outcome

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(BackendUnavailable):
                self.ask(BackendUnavailable("gone"))


def test_it_opens_after_failures_in_a_row() -> None:
    one = Deployment()
    one.fail(2)
    one.ask()
    one.fail(2)
    assert one.breaker.rests_s == 0
    with pytest.raises(BackendTimedOut):
        one.ask(BackendTimedOut("late"))
    assert one.breaker.rests_s == 10
    with pytest.raises(CircuitOpen, match=r"failed 3 times in a row .* 10\.0 s; the last: late") as caught:
        one.ask()
    assert caught.value.retry_after_s == 10


def test_it_is_logged_once_that_it_opens_without_what_the_deployment_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = Deployment()
    one.fail(3)
    for _ in range(3):
        with pytest.raises(CircuitOpen):
            one.ask()
    [record] = caplog.records
    assert (record.name, record.levelname) == ("qwen_structured.circuits", "WARNING")
    assert record.getMessage() == (
        "backend it failed 3 times in a row and is left alone for 10.0 s: BackendUnavailable"
    )
    assert [vars(record)[name] for name in ("backend", "failures", "rest_s")] == ["it", 3, 10.0]


def test_failures_of_requests_that_were_sent_before_the_last_answer_do_not_open_it() -> None:
    one = Deployment()
    with ExitStack() as in_flight:
        for _ in range(9):
            in_flight.enter_context(suppress(BackendTimedOut))
            in_flight.enter_context(one.breaker.request("it", 3, 10.0))
        one.ask()
        raise BackendTimedOut("it hung, as the eight others do")
    assert one.breaker.rests_s == 0
    one.fail(3)
    assert one.breaker.rests_s == 10


@pytest.mark.parametrize(
    "harmless", [BackendOverloaded("busy"), BackendClosed("closed"), KeyboardInterrupt(), ZeroDivisionError()]
)
def test_what_says_nothing_of_the_deployments_health_changes_nothing(harmless: BaseException) -> None:
    one = Deployment()
    one.fail(2)
    for _ in range(5):
        with suppress(type(harmless)):
            one.ask(harmless)
    assert one.breaker.rests_s == 0
    one.fail()
    assert one.breaker.rests_s == 10


def test_a_refusal_shows_that_the_deployment_works() -> None:
    one = Deployment()
    one.fail(2)
    with pytest.raises(ProtocolError):
        one.ask(ProtocolError("what?"))
    one.fail(2)
    assert one.breaker.rests_s == 0


def test_after_the_rest_one_request_tries_and_closes_it() -> None:
    one = Deployment()
    one.fail(3)
    one.clock.now = 10.0
    with one.breaker.request("it", 3, 10.0), pytest.raises(CircuitOpen):
        one.ask()
    one.ask()
    one.fail(2)
    assert one.breaker.rests_s == 0


def test_after_the_rest_one_failure_opens_it_again() -> None:
    one = Deployment()
    one.fail(3)
    one.clock.now = 10.0
    one.fail()
    assert one.breaker.rests_s == 10


def test_a_try_that_is_cancelled_leaves_its_place_to_another() -> None:
    one = Deployment()
    one.fail(3)
    one.clock.now = 10.0
    with suppress(KeyboardInterrupt):
        one.ask(KeyboardInterrupt())
    one.ask()
    assert one.breaker.rests_s == 0


def test_requests_that_were_under_way_when_it_opened_do_not_lengthen_the_rest() -> None:
    one = Deployment()
    with suppress(BackendUnavailable), one.breaker.request("it", 3, 10.0):
        one.fail(3)
        one.clock.now = 9.0
        raise BackendUnavailable("gone, too")
    assert one.breaker.rests_s == 1


def test_it_can_be_switched_off() -> None:
    one = Deployment()
    for _ in range(50):
        with suppress(BackendUnavailable), one.breaker.request("it", 0, 10.0):
            raise BackendUnavailable("gone")
    assert one.breaker.rests_s == 0
