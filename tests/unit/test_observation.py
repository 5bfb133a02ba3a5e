"""What observers and the log are told of calls and attempts, and that nothing of it can cost the answer."""

import logging
from collections.abc import Iterator
from typing import Any, Literal

import anyio
import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    Attempt,
    AttemptsExhausted,
    BackendUnavailable,
    Budget,
    BudgetExceeded,
    Call,
    Observer,
    OutputInvalid,
    StructuredGenerator,
    UnsupportedSchema,
    Usage,
    generate,
    observe,
)
from qwen_structured._observation import name_of
from qwen_structured.protocols import Capabilities
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio


class Line(BaseModel):
    name: str = "rice"
    price: float = Field(ge=0)


class Kept(Observer):
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.calls: list[Call] = []

    def attempt_ended(self, attempt: Attempt, /) -> None:
        self.attempts.append(attempt)

    def call_ended(self, call: Call, /) -> None:
        self.calls.append(call)


class Broken(Observer):
    def attempt_ended(self, attempt: Attempt, /) -> None:
        raise RuntimeError("of the attempt")

    def call_ended(self, call: Call, /) -> None:
        raise RuntimeError("of the call")


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def log() -> Iterator[list[logging.LogRecord]]:
    """What is logged, of all levels."""
    records: list[logging.LogRecord] = []
    handler, logger = logging.Handler(), logging.getLogger("qwen_structured.calls")
    handler.emit = records.append  # type: ignore[assignment, method-assign]
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield records
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr(anyio, "sleep", sleep)


def generator(*answers: object, **options: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=ScriptedBackend(answers), **options)


# --- observers -------------------------------------------------------------------------------------


async def test_an_observer_is_told_of_every_attempt_and_of_the_call(kept: Kept) -> None:
    answers = (BackendUnavailable("away"), '{"price":-1}', '{"price":2}')
    result = await generator(*answers, observers=[kept]).agenerate_result(Line, "x")
    assert [one.kind for one in kept.attempts] == ["first", "retry", "re-ask"]
    assert tuple(kept.attempts) == result.attempts
    [call] = kept.calls
    assert (call.output_type, call.attempts, call.error) == ("Line", result.attempts, None)
    assert call.ledger.usage == result.usage
    assert call.duration_s > 0


async def test_the_error_of_a_call_is_the_one_that_the_caller_gets(kept: Kept) -> None:
    with pytest.raises(AttemptsExhausted) as caught:
        await generator("x", "y", observers=[kept], max_attempts=2).agenerate(int, "x")
    assert kept.calls[0].error is caught.value
    assert len(kept.calls[0].attempts) == 2


async def test_a_call_that_is_given_up_before_its_first_attempt_is_told_of(kept: Kept) -> None:
    budget = Budget(max_total_tokens=1)
    budget.charge(Usage(1), None)
    with pytest.raises(BudgetExceeded):
        await generator(1, observers=[kept], budget=budget).agenerate(int, "x")
    assert (kept.calls[0].attempts, type(kept.calls[0].error)) == ((), BudgetExceeded)


async def test_a_call_that_is_refused_because_of_its_type_is_none(kept: Kept) -> None:
    with pytest.raises(UnsupportedSchema):
        await generator(observers=[kept]).agenerate({"type": "no such"}, "x")
    assert not kept.calls


async def test_a_cancelled_call_is_told_of(kept: Kept) -> None:
    with anyio.CancelScope() as scope:

        def cancel(_: object) -> Any:
            scope.cancel()
            return "no number"

        await generator(cancel, 1, observers=[kept]).agenerate(int, "x")
    assert scope.cancelled_caught
    assert isinstance(kept.calls[0].error, anyio.get_cancelled_exc_class())
    assert len(kept.calls[0].attempts) == 2


async def test_calls_are_told_apart_by_their_numbers(kept: Kept) -> None:
    one = generator(1, 2, observers=[kept])
    await one.agenerate(int, "x")
    await one.agenerate(int, "x")
    first, second = (call.number for call in kept.calls)
    assert second > first


async def test_an_observer_of_all_calls_is_told_until_it_is_stopped(kept: Kept) -> None:
    stop = observe(kept)
    try:
        await generator(1).agenerate(int, "x")
        await generator(2).agenerate(int, "x")
    finally:
        stop()
    stop()
    await generator(3).agenerate(int, "x")
    assert len(kept.calls) == len(kept.attempts) == 2


def test_the_verbs_tell_observers_of_all_calls_too(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    from qwen_structured import _registry

    monkeypatch.setattr(_registry, "load", lambda name: lambda model, options: ScriptedBackend([7]))
    stop = observe(kept)
    try:
        assert generate(int, "x", backend="scripted-for-observers") == 7
    finally:
        stop()
    assert [call.output_type for call in kept.calls] == ["int"]


async def test_a_broken_observer_costs_neither_the_answer_nor_the_other_observers(
    kept: Kept, log: list[logging.LogRecord]
) -> None:
    assert await generator(5, observers=[Broken(), kept]).agenerate(int, "x") == 5
    assert (len(kept.attempts), len(kept.calls)) == (1, 1)
    failures = [one for one in log if one.levelno == logging.ERROR]
    assert [str(one.exc_info[1]) for one in failures if one.exc_info] == ["of the attempt", "of the call"]


async def test_a_broken_observer_does_not_hide_the_error_of_the_call() -> None:
    with pytest.raises(OutputInvalid):
        await generator('{"price":-1}', observers=[Broken()], max_attempts=1).agenerate(Line, "x")


@pytest.mark.parametrize(
    ("output_type", "name"),
    [
        (Line, "Line"),
        (int, "int"),
        (list[Line], "list["),
        (Literal["a", "b"], "Literal['a', 'b']"),
        (int | None, "int | None"),
        ({"type": "object", "title": "Invoice"}, "Invoice"),
        ({"type": "object"}, "JSON Schema"),
        (Literal["a" * 200], "Literal['aaa"),
    ],
)
def test_a_type_has_a_name_for_people(output_type: object, name: str) -> None:
    assert name_of(output_type).startswith(name)
    assert len(name_of(output_type)) <= 100


# --- the log ---------------------------------------------------------------------------------------


def fields(record: logging.LogRecord, *names: str) -> tuple[object, ...]:
    return tuple(vars(record)[name] for name in names)


async def test_the_log_has_the_measures_of_each_attempt_and_of_the_call(
    log: list[logging.LogRecord],
) -> None:
    result = await generator(BackendUnavailable("away"), '{"price":2}').agenerate_result(Line, "x y z")
    failed, answered, call = log
    assert fields(failed, "attempt", "kind", "backend", "error_type", "output_tokens") == (
        1,
        "first",
        "scripted",
        "BackendUnavailable",
        0,
    )
    assert fields(answered, "attempt", "kind", "model", "error_type") == (2, "retry", "scripted", None)
    assert fields(answered, "prompt_tokens", "output_tokens") == (
        result.usage.prompt_tokens,
        result.usage.output_tokens,
    )
    assert fields(call, "output_type", "attempts", "retries", "re_asks", "error_type") == (
        "Line",
        2,
        1,
        0,
        None,
    )
    assert len({vars(one)["call"] for one in log}) == 1
    assert [one.levelname for one in log] == ["INFO", "DEBUG", "DEBUG"]
    assert failed.getMessage().endswith("attempt 1 (first) on scripted failed: BackendUnavailable")
    assert call.getMessage().endswith("for Line, of 2 attempts, gave a value")


async def test_neither_prompts_nor_answers_are_logged(log: list[logging.LogRecord]) -> None:
    wrong = '{"name":"my private name","price":"my private price"}'
    with pytest.raises(AttemptsExhausted):
        await generator(wrong, "my private text", max_attempts=2).agenerate(Line, "my private prompt")
    assert len(log) == 3
    assert "private" not in "".join(f"{vars(one)}{one.getMessage()}" for one in log)


async def test_a_setting_has_prompts_and_answers_logged(
    log: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_RECORD_CONTENT", "true")
    await generator("no number", "17").agenerate(int, "How many?")
    wrong, right, _ = log
    assert vars(wrong)["prompt"][-1] == {"role": "user", "content": "How many?"}
    assert vars(wrong)["output"] == "no number"
    assert "not JSON" in vars(wrong)["error"]
    assert vars(right)["output"] == "17"
    assert "Answer again." in vars(right)["prompt"][-1]["content"]


async def test_nothing_is_made_for_a_log_that_nobody_reads(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="qwen_structured"):
        await generator(BackendUnavailable("away"), 1).agenerate(int, "x")
    assert not caplog.records


async def test_a_repair_is_told_as_one(kept: Kept) -> None:
    backend = ScriptedBackend(
        ['{"name":"a long name of a thing","price":-1}', lambda request: '{"price":3}', '{"price":3}'],
        capabilities=Capabilities(seed=False, thinking=False),
    )
    await StructuredGenerator(backend=backend, observers=[kept]).agenerate(Line, "x")
    assert kept.attempts[1].kind == "repair"
