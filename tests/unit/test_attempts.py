"""What is tried again, when, and what is kept of it."""

from typing import Literal

import anyio
import pytest
from pydantic import BaseModel

from qwen_structured import (
    AttemptsExhausted,
    AuthenticationFailed,
    BackendOverloaded,
    BackendUnavailable,
    Completion,
    DeadlineExceeded,
    GenerationError,
    OutputEmpty,
    OutputInvalid,
    OutputNotJSON,
    OutputTruncated,
    ProtocolError,
    QwenStructuredError,
    Usage,
)
from qwen_structured._attempts import Attempts
from qwen_structured._parsing import parse
from qwen_structured.schema import OutputSchema

pytestmark = pytest.mark.anyio


class Line(BaseModel):
    price: float


SCHEMA: OutputSchema[Line] = OutputSchema.of(Line)
GOOD = '{"price":1}'
WRONG = '{"price":"x"}'


def completion(text: str, finish_reason: Literal["stop", "length"] = "stop") -> Completion:
    return Completion(text=text, finish_reason=finish_reason, usage=Usage(10, 5, 1), model="scripted")


class Script:
    """Answers one after the other, and remembers what each attempt was told of the one before."""

    def __init__(self, *answers: str | Completion | Exception) -> None:
        self._answers = iter(answers)
        self.told: list[QwenStructuredError | None] = []

    async def __call__(self, before: QwenStructuredError | None) -> Completion:
        self.told.append(before)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Completion) else completion(answer)


def attempts(script: Script, *, max_attempts: int = 3, deadline_s: float | None = None) -> Attempts[Line]:
    return Attempts(script, lambda answer: parse(answer, SCHEMA), max_attempts, deadline_s)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between attempts; nothing really waits."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    return slept


async def test_the_first_good_answer_is_taken() -> None:
    tried = attempts(Script(GOOD, WRONG))
    assert await tried.run() == Line(price=1)
    assert [attempt.number for attempt in tried.made] == [1]
    assert tried.made[0].error is None


@pytest.mark.parametrize(
    ("answer", "error"), [(WRONG, OutputInvalid), ("Sure!", OutputNotJSON), ("", OutputEmpty)]
)
async def test_a_wrong_answer_is_asked_again_at_once_with_what_was_wrong(
    answer: str, error: type[GenerationError], naps: list[float]
) -> None:
    script = Script(answer, GOOD)
    tried = attempts(script)
    assert await tried.run() == Line(price=1)
    assert script.told[0] is None
    assert type(script.told[1]) is error
    assert tried.made[0].error is script.told[1]
    assert naps == [0.0]


async def test_truncated_output_is_not_asked_again() -> None:
    script = Script(completion('{"pri', "length"), GOOD)
    with pytest.raises(OutputTruncated) as caught:
        await attempts(script).run()
    assert len(caught.value.attempts) == 1
    assert caught.value.usage == Usage(10, 5, 1)


@pytest.mark.parametrize("error", [AuthenticationFailed("no"), ProtocolError("what?")])
async def test_a_failure_that_would_fail_again_is_not_tried_again(error: QwenStructuredError) -> None:
    with pytest.raises(type(error)) as caught:
        await attempts(Script(error, GOOD)).run()
    assert caught.value is error


async def test_a_failed_deployment_is_tried_again_after_a_growing_pause(naps: list[float]) -> None:
    script = Script(BackendUnavailable("gone"), BackendOverloaded("busy"), GOOD)
    assert await attempts(script).run() == Line(price=1)
    assert script.told == [None, None, None], "the model hears nothing of a deployment's failures"
    assert 0 <= naps[0] <= 0.5
    assert 0 <= naps[1] <= 1


async def test_after_the_last_attempt_there_is_an_account_of_all(naps: list[float]) -> None:
    script = Script(WRONG, BackendUnavailable("gone"), "Sure!")
    with pytest.raises(
        AttemptsExhausted, match=r"^3 attempts gave no value; the last: the answer is not JSON"
    ) as caught:
        await attempts(script).run()
    made = caught.value.attempts
    assert [type(attempt.error) for attempt in made] == [OutputInvalid, BackendUnavailable, OutputNotJSON]
    assert [attempt.completion is None for attempt in made] == [False, True, False]
    assert caught.value.__cause__ is made[-1].error


async def test_the_usage_of_all_attempts_adds_up(naps: list[float]) -> None:
    with pytest.raises(AttemptsExhausted) as caught:
        await attempts(Script(WRONG, BackendUnavailable("gone"), WRONG)).run()
    assert caught.value.usage == Usage(20, 10, 2)
    assert [answer.text for answer in caught.value.completions] == [WRONG, WRONG]


async def test_with_one_attempt_its_own_error_is_raised() -> None:
    with pytest.raises(OutputInvalid) as caught:
        await attempts(Script(WRONG), max_attempts=1).run()
    assert len(caught.value.attempts) == 1


async def test_the_deadline_ends_an_attempt_that_hangs() -> None:
    ended = anyio.Event()

    async def hang(_: QwenStructuredError | None) -> Completion:
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError("unreachable")

    with pytest.raises(DeadlineExceeded, match=r"no value after 0\.01 s and 0 finished attempts"):
        await Attempts(hang, lambda answer: parse(answer, SCHEMA), 3, 0.01).run()
    assert ended.is_set()


async def test_the_deadline_counts_all_attempts_and_keeps_them() -> None:
    async def first_wrong_then_hang(before: QwenStructuredError | None) -> Completion:
        if before is not None:
            await anyio.sleep_forever()
        return completion(WRONG)

    tried = Attempts(first_wrong_then_hang, lambda answer: parse(answer, SCHEMA), 3, 0.05)
    with pytest.raises(DeadlineExceeded) as caught:
        await tried.run()
    assert [type(attempt.error) for attempt in caught.value.attempts] == [OutputInvalid]
    assert caught.value.usage == Usage(10, 5, 1)


@pytest.mark.parametrize("error", [TimeoutError("theirs"), ZeroDivisionError(), ValueError("x")])
async def test_a_programming_error_passes_untouched(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        await attempts(Script(error, GOOD), deadline_s=60).run()
    assert caught.value is error


async def test_cancellation_passes_and_nothing_is_tried_again() -> None:
    script = Script()
    started = anyio.Event()

    async def hang(before: QwenStructuredError | None) -> Completion:
        script.told.append(before)
        started.set()
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    async with anyio.create_task_group() as group:
        group.start_soon(Attempts(hang, lambda answer: parse(answer, SCHEMA), 3, None).run)
        await started.wait()
        group.cancel_scope.cancel()
    assert script.told == [None]
