"""One outcome for each prompt, in bounded memory, whatever one of them ends with."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import pytest

from qwen_structured import (
    AuthenticationFailed,
    BackendUnavailable,
    Budget,
    ConfigurationError,
    Done,
    Failed,
    InvalidPrompt,
    Item,
    Message,
    SettingsError,
    StructuredGenerator,
    UnsupportedOption,
    generate_many,
)
from qwen_structured.protocols import Capabilities, Completion, Request, Usage
from qwen_structured.testing import ScriptedBackend


def echo(request: Request) -> object:
    """The answer is the prompt."""
    return request.messages[-1].content


def generator(answer: Callable[[Request], object] = echo, **options: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=ScriptedBackend(answer), **options)


class Gate(ScriptedBackend):
    """Answers a request when it is let through, and counts those that wait."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(echo, capabilities=Capabilities(grammar=False, max_concurrency=most))
        self.waiting = self.most_waiting = self.cancelled = 0
        self.open = threading.Event()
        self.entered = threading.Event()

    async def complete(self, request: Request, /) -> Completion:
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        self.entered.set()
        try:
            while not self.open.is_set():  # noqa: ASYNC110 - it is set by another thread
                await anyio.sleep(0.001)
            return await super().complete(request)
        except BaseException:
            self.cancelled += 1
            raise
        finally:
            self.waiting -= 1


def numbers(count: int) -> Iterator[str]:
    return map(str, range(count))


# --- outcomes ------------------------------------------------------------------------------------


def test_every_prompt_has_an_outcome_in_order() -> None:
    outcomes = list(generator().generate_many(int, numbers(1000)))
    assert [(one.index, one.value) for one in outcomes if one.ok] == [(i, i) for i in range(1000)]


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
@pytest.mark.parametrize("ordered", [True, False])
def test_the_async_twin_reads_async_prompts_on_both_kinds_of_loop(loop: str, ordered: bool) -> None:
    async def prompts() -> AsyncIterator[str]:
        for number in numbers(500):
            await anyio.lowlevel.checkpoint()
            yield number

    async def main() -> list[int]:
        batch = generator().agenerate_many(int, prompts(), ordered=ordered)
        return [one.value async for one in batch if one.ok]

    assert sorted(anyio.run(main, backend=loop)) == list(range(500))


def test_an_error_of_one_item_is_its_outcome_and_the_others_go_on() -> None:
    prompts: list[Any] = ["1", "", "three", "4", None]
    outcomes = list(generator(max_attempts=2).generate_many(int, prompts))
    assert [type(one) for one in outcomes] == [Done, Failed, Failed, Done, Failed]
    errors = [type(one.error).__name__ for one in outcomes if not one.ok]
    assert errors == ["InvalidPrompt", "AttemptsExhausted", "InvalidPrompt"]


def test_items_have_types_options_and_data_of_their_own() -> None:
    backend = ScriptedBackend(echo)
    items: list[str | Item[str]] = [Item('"one"', str, data={"row": 7}), Item("2", temperature=0.5), "3"]
    outcomes = list(StructuredGenerator(backend=backend).generate_many(int, items, temperature=0.1))
    assert [one.value for one in outcomes if one.ok] == ["one", 2, 3]
    assert outcomes[0].item.data == {"row": 7}
    assert sorted(request.temperature for request in backend.requests) == [0.1, 0.1, 0.5]


def test_an_items_wrong_option_is_its_own_error() -> None:
    wrong = Item("2", temprature=0.5)  # type: ignore[call-overload]
    first, second = generator().generate_many(int, ["1", wrong])
    assert first.ok
    assert isinstance(second, Failed)
    assert isinstance(second.error, SettingsError)


def test_the_summary_counts_tokens_reasons_and_times() -> None:
    batch = generator(max_attempts=1).generate_many(int, ["1", "x", ""])
    list(batch)
    found = batch.summary
    assert (found.total, found.done, found.failed, found.in_flight) == (3, 1, 2, 0)
    assert found.reasons == {"OutputNotJSON": 1, "InvalidPrompt": 1}
    assert found.usage.output_tokens == 2
    assert found.p50_s is not None
    assert found.p99_s is not None
    assert found.p50_s <= found.p99_s


# --- what is no item's error ---------------------------------------------------------------------


@pytest.mark.parametrize("prompts", ["one prompt", b"x", {"a": "b"}, 7])
def test_prompts_that_are_none_are_refused_at_once(prompts: Any) -> None:
    with pytest.raises(ConfigurationError, match="the prompts are"):
        generator().generate_many(int, prompts)


def test_a_conversation_in_the_place_of_prompts_is_told_for_each_message() -> None:
    conversation: Any = [Message("user", "x")]
    [outcome] = generator().generate_many(int, conversation)
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, InvalidPrompt)


@pytest.mark.parametrize("options", [{"max_concurrency": 0}, {"budget": 5}, {"temprature": 1}, {"seed": 1}])
def test_a_wrong_option_is_refused_before_anything_is_read(options: Any) -> None:
    def prompts() -> Iterator[str]:
        raise AssertionError("it was read")
        yield

    with pytest.raises(ConfigurationError):
        generator().generate_many(int, prompts(), **options)


def test_an_error_of_the_program_ends_the_batch() -> None:
    def answer(request: Request) -> object:
        return 1 // int(request.messages[-1].content)

    with pytest.raises(ZeroDivisionError):
        list(generator(answer).generate_many(int, ["1", "0", "1"]))


def test_an_error_of_the_program_is_not_forgotten_at_the_end_of_the_prompts() -> None:
    def prompts() -> Iterator[str]:
        yield "0"
        while not batch._run.ended.wait(0.01):
            pass

    batch = generator(lambda request: 1 // int(request.messages[-1].content)).generate_many(int, prompts())
    with pytest.raises(ZeroDivisionError):
        list(batch)


def test_an_error_of_the_prompts_is_raised_behind_the_outcomes_of_those_that_were_read() -> None:
    def prompts() -> Iterator[str]:
        yield from numbers(3)
        raise KeyError("row 3")

    batch = generator().generate_many(int, prompts())
    assert [next(batch).index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError, match="row 3"):
        next(batch)


@pytest.mark.asyncio
async def test_an_error_of_async_prompts_is_raised_too() -> None:
    async def prompts() -> AsyncIterator[str]:
        yield "1"
        raise KeyError("row 1")

    batch = generator().agenerate_many(int, prompts())
    assert (await anext(batch)).ok
    with pytest.raises(KeyError, match="row 1"):
        await anext(batch)


def test_an_error_that_all_would_end_with_is_raised_behind_the_outcomes() -> None:
    backend = ScriptedBackend(lambda _: AuthenticationFailed("no"))
    batch = StructuredGenerator(backend=backend).generate_many(int, map(str, itertools.count()))
    assert isinstance(next(batch), Failed)
    with pytest.raises(AuthenticationFailed):
        list(batch)
    assert len(backend.requests) == batch.summary.failed


# --- memory and concurrency ----------------------------------------------------------------------


@pytest.mark.parametrize("ordered", [True, False])
def test_endless_prompts_are_read_a_bounded_number_ahead(ordered: bool) -> None:
    read = itertools.count()
    given = 0
    prompts = (str(number) for number in read)
    with generator().generate_many(int, prompts, ordered=ordered, max_concurrency=4) as batch:
        for _outcome in itertools.islice(batch, 2000):
            given += 1
            ahead = int(repr(read)[6:-1]) - given
            assert ahead <= 64


def test_a_slow_item_holds_no_more_than_a_window_of_others() -> None:
    """Memory stays bounded although outcomes are given in order."""
    backend = Gate()
    read = 0

    async def complete(request: Request) -> Completion:
        if request.messages[-1].content == "0":
            return await Gate.complete(backend, request)
        return await ScriptedBackend.complete(backend, request)

    backend.complete = complete  # type: ignore[method-assign]

    def prompts() -> Iterator[str]:
        nonlocal read
        for number in itertools.count():
            read += 1
            if read == 50:
                threading.Timer(0.05, backend.open.set).start()
            assert read <= 64 or backend.open.is_set()
            yield str(number)

    with StructuredGenerator(backend=backend).generate_many(int, prompts(), max_concurrency=8) as batch:
        assert [one.index for one in itertools.islice(batch, 100)] == list(range(100))


def test_no_more_are_in_flight_than_the_backend_and_the_call_allow() -> None:
    for most, asked, expected in ((3, 8, 3), (None, 2, 2)):
        backend = Gate(most)
        batch = StructuredGenerator(backend=backend).generate_many(int, numbers(50), max_concurrency=asked)
        threading.Timer(0.05, backend.open.set).start()
        assert len(list(batch)) == 50
        assert backend.most_waiting == expected


def test_prompts_that_begin_alike_are_asked_for_one_after_the_other() -> None:
    backend = Gate()

    def prompts() -> Iterator[Item[str]]:
        for number in range(20):
            for document in ("1", "2"):
                yield Item(f"{document}{number:02}")
        backend.open.set()

    batch = StructuredGenerator(backend=backend).generate_many(int, prompts(), max_concurrency=1)
    values = [one.value for one in batch if one.ok]
    assert values == [int(f"{document}{number:02}") for number in range(20) for document in ("1", "2")]
    documents = [request.messages[-1].content[0] for request in backend.requests[1:]]
    assert documents == ["1"] * 19 + ["2"] * 20


# --- leaving it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["close", "with"])
def test_leaving_a_batch_cancels_what_is_in_work(leave: str) -> None:
    backend = Gate()
    batch = StructuredGenerator(backend=backend).generate_many(int, numbers(50))
    reading = threading.Thread(target=lambda: next(batch, None), daemon=True)
    if leave == "with":
        with batch:
            reading.start()
            assert backend.entered.wait(5)
    else:
        reading.start()
        assert backend.entered.wait(5)
        batch.close()
    reading.join(5)
    assert not reading.is_alive()
    assert backend.waiting == 0
    assert backend.cancelled > 0
    assert len(backend.requests) == 0


def test_a_batch_that_is_forgotten_is_cancelled() -> None:
    backend = Gate()
    backend.open.set()
    batch = StructuredGenerator(backend=backend).generate_many(int, map(str, itertools.count()))
    next(batch)
    backend.open.clear()
    del batch
    gc.collect()
    for _ in range(5000):
        if backend.waiting == 0:
            break
        threading.Event().wait(0.001)
    assert backend.waiting == 0


@pytest.mark.asyncio
async def test_cancelling_the_reader_cancels_what_is_in_work() -> None:
    backend = Gate()
    batch = StructuredGenerator(backend=backend).agenerate_many(int, numbers(50))
    reading = asyncio.ensure_future(anext(batch))
    while not backend.entered.is_set():  # noqa: ASYNC110 - it is set by another thread
        await asyncio.sleep(0.001)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert backend.waiting == 0


# --- budgets -------------------------------------------------------------------------------------


def test_a_budget_ends_the_batch_with_all_that_was_obtained() -> None:
    def answer(request: Request) -> Completion:
        return Completion(text="1", finish_reason="stop", usage=Usage(8, 2), model="m")

    budget = Budget(max_total_tokens=1000)
    batch = generator(answer).generate_many(
        int, map(str, itertools.count()), budget=budget, max_concurrency=4
    )
    outcomes = list(batch)
    done = [one for one in outcomes if one.ok]
    assert 95 <= len(done) <= 105
    assert sum(one.usage.total_tokens for one in done) == budget.usage.total_tokens
    assert type(batch.summary.stopped_by).__name__ == "BudgetExceeded"
    assert {type(one.error).__name__ for one in outcomes if isinstance(one, Failed)} == {"BudgetExceeded"}


def test_a_deadline_ends_the_batch_with_all_that_was_obtained() -> None:
    backend = Gate()
    backend.open.set()
    batch = StructuredGenerator(backend=backend).generate_many(
        int, map(str, itertools.count()), budget=Budget(deadline_s=0.3)
    )
    outcomes = list(batch)
    assert any(one.ok for one in outcomes)
    assert type(batch.summary.stopped_by).__name__ == "DeadlineExceeded"


def test_money_without_a_price_is_refused_at_once() -> None:
    with pytest.raises(UnsupportedOption, match="price"):
        generator().generate_many(int, ["1"], budget=Budget(max_cost_usd=1.0))


def test_the_limit_of_a_call_does_not_end_the_batch() -> None:
    texts = ["1", "word " * 200, "3"]
    first, second, third = generator().generate_many(int, texts, max_total_tokens=50)
    assert (first.ok, second.ok, third.ok) == (True, False, True)


# --- the verb ------------------------------------------------------------------------------------


def test_the_verb_takes_backend_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="unknown backend 'embeded'"):
        generate_many(int, ["1"], backend="embeded")


def test_a_deployment_that_is_away_fails_every_item_with_its_error() -> None:
    backend = ScriptedBackend(lambda _: BackendUnavailable("away"))
    outcomes = list(StructuredGenerator(backend=backend, max_retries=0).generate_many(int, numbers(20)))
    assert all(isinstance(one, Failed) and isinstance(one.error, BackendUnavailable) for one in outcomes)
    assert len(outcomes) == 20
