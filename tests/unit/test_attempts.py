"""What is tried again, when, on which backend, and what is kept of it."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import anyio
import anyio.lowlevel
import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    AttemptsExhausted,
    AuthenticationFailed,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    CircuitOpen,
    Completion,
    DeadlineExceeded,
    GenerationError,
    Message,
    OutputEmpty,
    OutputInvalid,
    OutputNotJSON,
    OutputTruncated,
    ProtocolError,
    QwenStructuredError,
    Request,
    StructuredGenerator,
    Usage,
)
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio


class Line(BaseModel):
    price: float


GOOD = '{"price":1}'
WRONG = '{"price":"x"}'
USAGE = Usage(10, 5, 1)
USER = Message("user", "What is the price?")


def completion(text: str, finish_reason: Literal["stop", "length"] = "stop") -> Completion:
    return Completion(text=text, finish_reason=finish_reason, usage=USAGE, model="scripted")


def scripted(*answers: str | Completion | Exception) -> ScriptedBackend:
    return ScriptedBackend([completion(one) if isinstance(one, str) else one for one in answers])


def generator(backend: Any, **options: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=backend, **options)


class Calls:
    """A backend whose answers a function makes."""

    def __init__(self, complete: Callable[[Request], Awaitable[Completion]]) -> None:
        self._scripted = scripted()
        self.name = "calls"
        self.capabilities = self._scripted.capabilities
        self.complete = complete
        self.stream = self._scripted.stream
        self.warm_up = self._scripted.warm_up
        self.health = self._scripted.health
        self.aclose = self._scripted.aclose


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between attempts; nothing really waits."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    return slept


# --- answers -------------------------------------------------------------------------------------


async def test_the_first_good_answer_is_taken() -> None:
    result = await generator(scripted(GOOD, WRONG)).agenerate_result(Line, "x")
    assert result.value == Line(price=1)
    (attempt,) = result.attempts
    assert (attempt.number, attempt.kind, attempt.error, attempt.text) == (1, "first", None, GOOD)


@pytest.mark.parametrize(
    ("answer", "error"), [(WRONG, OutputInvalid), ("Sure!", OutputNotJSON), ("", OutputEmpty)]
)
async def test_a_wrong_answer_is_asked_again_at_once_with_what_was_wrong(
    answer: str, error: type[GenerationError], naps: list[float]
) -> None:
    backend = scripted(answer, GOOD)
    result = await generator(backend).agenerate_result(Line, "x")
    first, second = result.attempts
    assert type(first.error) is error
    assert (second.kind, second.text) == ("re-ask", GOOD)
    assert backend.requests[1].messages != backend.requests[0].messages
    assert not naps


async def test_the_prompt_does_not_grow_with_each_attempt_and_keeps_its_beginning() -> None:
    class Book(BaseModel):
        lines: list[Line] = Field(max_length=3)

    texts = [f'{{"lines":[{",".join([WRONG] * (number + 1))}]}}' for number in range(8)]
    backend = scripted(*texts, '{"lines":[]}')
    await generator(backend, max_attempts=9).agenerate(Book, [Message("system", "Be brief."), USER])
    first, *others = [request.messages for request in backend.requests]
    for messages, text in zip(others, texts, strict=True):
        assert messages[:-1] == first[:-1]
        feedback = messages[-1].content.removeprefix(first[-1].content)
        assert len(feedback) < len(messages[-1].content)
        assert feedback.count("not valid") == 1
        assert len(feedback) < 1000
        assert text not in feedback


async def test_truncated_output_is_not_asked_again() -> None:
    with pytest.raises(OutputTruncated) as caught:
        await generator(scripted(completion('{"pri', "length"), GOOD)).agenerate(Line, "x")
    assert len(caught.value.attempts) == 1
    assert caught.value.usage == USAGE


async def test_the_usage_of_all_attempts_adds_up(naps: list[float]) -> None:
    backend = scripted(WRONG, BackendUnavailable("gone"), WRONG)
    with pytest.raises(AttemptsExhausted) as caught:
        await generator(backend, max_attempts=2).agenerate(Line, "x")
    assert caught.value.usage == USAGE + USAGE
    assert [answer.text for answer in caught.value.completions] == [WRONG, WRONG]


async def test_with_one_attempt_its_own_error_is_raised() -> None:
    with pytest.raises(OutputInvalid) as caught:
        await generator(scripted(WRONG), max_attempts=1).agenerate(Line, "x")
    assert len(caught.value.attempts) == 1


@pytest.mark.parametrize("error", [TimeoutError("theirs"), ZeroDivisionError(), ValueError("x")])
async def test_a_programming_error_passes_untouched(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        await generator(scripted(error, GOOD), deadline_s=60).agenerate(Line, "x")
    assert caught.value is error


# --- the deployment ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [AuthenticationFailed, ProtocolError])
async def test_a_failure_that_would_fail_again_is_not_tried_again(kind: type[QwenStructuredError]) -> None:
    error = kind("no")
    with pytest.raises(kind) as caught:
        await generator(scripted(WRONG, error, GOOD)).agenerate(Line, "x")
    assert caught.value is error
    assert [one.text for one in caught.value.attempts] == [WRONG, ""], "every error has what was obtained"
    assert caught.value.usage == USAGE


async def test_a_failed_deployment_is_tried_again_after_a_growing_pause(naps: list[float]) -> None:
    backend = scripted(BackendUnavailable("gone"), BackendOverloaded("busy"), BackendTimedOut("late"), GOOD)
    assert await generator(backend).agenerate(Line, "x") == Line(price=1)
    assert len({request.messages for request in backend.requests}) == 1, "the model hears nothing of it"
    assert 0 <= naps[0] <= 0.5
    assert 0 <= naps[1] <= 1
    assert 0 <= naps[2] <= 2


async def test_the_time_for_which_the_deployment_asks_is_waited(naps: list[float]) -> None:
    backend = scripted(BackendOverloaded("busy", retry_after_s=40.0), GOOD)
    await generator(backend).agenerate(Line, "x")
    assert naps == [40.0]


async def test_retries_and_re_asks_are_counted_and_limited_apart(naps: list[float]) -> None:
    gone = BackendUnavailable("gone")
    backend = scripted(gone, gone, WRONG, gone, WRONG, GOOD)
    result = await generator(backend, max_attempts=3, max_retries=3).agenerate_result(Line, "x")
    assert [one.kind for one in result.attempts] == ["first", "retry", "retry", "re-ask", "retry", "re-ask"]
    assert (result.ledger.retries, result.ledger.re_asks) == (3, 2)


async def test_the_limit_of_retries_is_that_of_the_call(naps: list[float]) -> None:
    backend = scripted(BackendUnavailable("gone"), WRONG, BackendUnavailable("gone again"), GOOD)
    with pytest.raises(AttemptsExhausted, match="gone again") as caught:
        await generator(backend, max_retries=1).agenerate(Line, "x")
    assert len(caught.value.attempts) == 3


async def test_no_retry_is_made_where_none_is_allowed() -> None:
    failure = BackendUnavailable("gone")
    with pytest.raises(BackendUnavailable) as caught:
        await generator(scripted(failure, GOOD), max_retries=0).agenerate(Line, "x")
    assert caught.value is failure


async def test_after_the_last_attempt_there_is_an_account_of_all(naps: list[float]) -> None:
    backend = scripted(WRONG, BackendUnavailable("gone"), "Sure!")
    with pytest.raises(
        AttemptsExhausted, match=r"^3 attempts gave no value; the last: the answer is not JSON"
    ) as caught:
        await generator(backend, max_attempts=2).agenerate(Line, "x")
    made = caught.value.attempts
    assert [type(attempt.error) for attempt in made] == [OutputInvalid, BackendUnavailable, OutputNotJSON]
    assert [attempt.completion is None for attempt in made] == [False, True, False]
    assert all(attempt.started_at and attempt.backend == "scripted" for attempt in made)
    assert made[0].started_at <= made[2].started_at  # type: ignore[operator]
    assert caught.value.__cause__ is made[-1].error


async def test_an_error_that_a_backend_raises_for_several_requests_keeps_the_attempts_apart() -> None:
    failure = ProtocolError("what?")
    backend = scripted(failure, WRONG, failure)
    one = generator(backend)
    with pytest.raises(ProtocolError) as first:
        await one.agenerate(Line, "x")
    with pytest.raises(ProtocolError, match=r"what\?") as second:
        await one.agenerate(Line, "x")
    assert (len(first.value.attempts), len(second.value.attempts)) == (1, 2)


# --- the deadline --------------------------------------------------------------------------------


async def test_the_deadline_ends_an_attempt_that_hangs() -> None:
    ended = anyio.Event()

    async def hang(_: Request) -> Completion:
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError("unreachable")

    with pytest.raises(DeadlineExceeded, match=r"deadline_s of 0\.01 s, after 0 finished attempts") as caught:
        await generator(Calls(hang), deadline_s=0.01).agenerate(Line, "x")
    assert ended.is_set()
    (cut_off,) = caught.value.attempts
    assert cut_off.completion is None
    assert isinstance(cut_off.error, DeadlineExceeded)


async def test_the_deadline_counts_all_attempts_and_keeps_them() -> None:
    asked: list[Request] = []

    async def first_wrong_then_hang(request: Request) -> Completion:
        asked.append(request)
        if len(asked) > 1:
            await anyio.sleep_forever()
        return completion(WRONG)

    with pytest.raises(DeadlineExceeded) as caught:
        await generator(Calls(first_wrong_then_hang), deadline_s=0.2).agenerate(Line, "x")
    assert [type(one.error) for one in caught.value.attempts] == [OutputInvalid, DeadlineExceeded]
    assert caught.value.usage == USAGE


async def test_no_pause_is_begun_that_cannot_end_in_time(naps: list[float]) -> None:
    busy = BackendOverloaded("busy", retry_after_s=100.0)
    with pytest.raises(DeadlineExceeded, match="could not end in time; the last: busy") as caught:
        await generator(scripted(busy, GOOD), deadline_s=60).agenerate(Line, "x")
    assert not naps
    assert caught.value.__cause__ is busy


async def test_no_attempt_is_begun_that_takes_longer_than_is_left() -> None:
    async def slow(_: Request) -> Completion:
        await anyio.sleep(0.12)
        return completion(WRONG)

    with pytest.raises(DeadlineExceeded, match="could not end in time") as caught:
        await generator(Calls(slow), deadline_s=0.2).agenerate(Line, "x")
    assert [type(one.error) for one in caught.value.attempts] == [OutputInvalid]


async def test_cancellation_passes_and_nothing_is_tried_again() -> None:
    asked: list[Request] = []
    started = anyio.Event()

    async def hang(request: Request) -> Completion:
        asked.append(request)
        started.set()
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    async with anyio.create_task_group() as group:
        group.start_soon(generator(Calls(hang)).agenerate, Line, "x")
        await started.wait()
        group.cancel_scope.cancel()
    assert len(asked) == 1


async def test_cancellation_ends_a_pause() -> None:
    async with anyio.create_task_group() as group:
        backend = scripted(BackendOverloaded("busy", retry_after_s=3600.0), GOOD)
        group.start_soon(generator(backend).agenerate, Line, "x")
        while not backend.requests:
            await anyio.lowlevel.checkpoint()
        group.cancel_scope.cancel()
    assert len(backend.requests) == 1


# --- failover ------------------------------------------------------------------------------------


async def test_another_backend_is_asked_at_once_where_the_deployment_fails(naps: list[float]) -> None:
    first, second = scripted(BackendUnavailable("gone")), scripted(WRONG, GOOD)
    second.name = "second"
    result = await generator(first, failover=[second]).agenerate_result(Line, "x")
    assert (result.backend, [one.backend for one in result.attempts]) == (
        "second",
        ["scripted", "second", "second"],
    ), "a re-ask stays where the answer came from"
    assert naps == [0.0]


async def test_when_all_backends_have_failed_there_is_a_pause_and_the_first_comes_again(
    naps: list[float],
) -> None:
    first, second = scripted(BackendUnavailable("1"), GOOD), scripted(BackendOverloaded("2", retry_after_s=9))
    result = await generator(first, failover=[second]).agenerate_result(Line, "x")
    assert [str(one.error) for one in result.attempts] == ["1", "2", "None"]
    assert naps == [0.0, 9.0]


async def test_a_mistake_is_not_carried_to_another_backend() -> None:
    second = scripted(GOOD)
    with pytest.raises(AuthenticationFailed):
        await generator(scripted(AuthenticationFailed("no")), failover=[second]).agenerate(Line, "x")
    assert not second.requests


async def test_closing_closes_every_backend() -> None:
    first, second = scripted(), scripted()
    await generator(first, failover=[second]).aclose()
    assert {(await one.health()).state for one in (first, second)} == {"dead"}


# --- the breaker ---------------------------------------------------------------------------------


async def test_a_backend_that_fails_again_and_again_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, naps: list[float]
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_FAILURES", "2")
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_REST_S", "1000")
    backend = ScriptedBackend(lambda _: BackendUnavailable("gone"))
    one = generator(backend, max_retries=1)
    with pytest.raises(AttemptsExhausted):
        await one.agenerate(Line, "x")
    with pytest.raises(AttemptsExhausted, match="left alone") as caught:
        await one.agenerate(Line, "x")
    assert isinstance(caught.value.__cause__, CircuitOpen)
    assert len(backend.requests) == 2, "nothing was sent"
    assert naps[-1] > 900, "it is waited until it may be asked again"
    with pytest.raises(DeadlineExceeded, match="left alone"):
        await one.agenerate(Line, "x", deadline_s=10)


async def test_waiting_for_the_request_that_tries_a_deployment_anew_uses_up_no_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_FAILURES", "1")
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_REST_S", "1e-9")
    sent, tries_anew, may_answer, naps = [0], anyio.Event(), anyio.Event(), [0]

    async def complete(_: Request) -> Completion:
        sent[0] += 1
        if sent[0] == 1:
            raise BackendUnavailable("gone")
        tries_anew.set()
        await may_answer.wait()
        return completion(GOOD)

    async def nap(_: float) -> None:
        naps[0] += 1
        if naps[0] == 9:
            may_answer.set()
        await anyio.lowlevel.checkpoint()

    monkeypatch.setattr(anyio, "sleep", nap)
    one = generator(Calls(complete), max_retries=1)
    with pytest.raises(BackendUnavailable):
        await one.agenerate(Line, "x", max_retries=0)
    async with anyio.create_task_group() as group:
        group.start_soon(one.agenerate, Line, "x")
        await tries_anew.wait()
        result = await one.agenerate_result(Line, "x")
    waits = [attempt for attempt in result.attempts if isinstance(attempt.error, CircuitOpen)]
    assert len(waits) >= 9
    assert {attempt.usage for attempt in waits} == {Usage()}
    assert sent[0] == 3


async def test_a_backend_that_is_left_alone_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_FAILURES", "1")
    first, second = scripted(BackendUnavailable("gone")), scripted(GOOD, GOOD)
    one = generator(first, failover=[second])
    assert len((await one.agenerate_result(Line, "x")).attempts) == 2
    assert len((await one.agenerate_result(Line, "x")).attempts) == 1
