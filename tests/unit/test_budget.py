"""What calls may spend, what they cost, and what is there when it is used up."""

import threading
from typing import Any

import anyio
import pytest
from pydantic import BaseModel

from qwen_structured import (
    AuthenticationFailed,
    BackendUnavailable,
    Budget,
    BudgetExceeded,
    Completion,
    ConfigurationError,
    DeadlineExceeded,
    OutputInvalid,
    OutputTruncated,
    SettingsError,
    StructuredGenerator,
    UnsupportedOption,
    Usage,
    settings,
)
from qwen_structured._prices import Meter, pricing_of
from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio
USAGE = Usage(prompt_tokens=100, output_tokens=20)


class Line(BaseModel):
    price: float


def answer(text: str, usage: Usage = USAGE) -> Completion:
    return Completion(text=text, finish_reason="stop", usage=usage, model="scripted")


GOOD, WRONG = answer('{"price":1}'), answer('{"price":"x"}')


def generator(*answers: Any, **options: Any) -> tuple[StructuredGenerator, ScriptedBackend]:
    backend = ScriptedBackend(answers)
    return StructuredGenerator(backend=backend, **options), backend


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million tokens cost 10 dollars to read, and 100 to write."""
    monkeypatch.setenv("QWEN_STRUCTURED_PRICES__SCRIPTED__USD_PER_MILLION_PROMPT_TOKENS", "10")
    monkeypatch.setenv("QWEN_STRUCTURED_PRICES__SCRIPTED__USD_PER_MILLION_OUTPUT_TOKENS", "100")


# --- tokens --------------------------------------------------------------------------------------


async def test_no_attempt_is_begun_for_which_the_tokens_do_not_suffice() -> None:
    one, backend = generator(WRONG, WRONG, GOOD)
    with pytest.raises(
        BudgetExceeded, match=r"max_total_tokens=300 .* 240 are used, .* at least 101"
    ) as caught:
        await one.agenerate(Line, "x", max_total_tokens=300)
    assert len(backend.requests) == 2
    assert [type(attempt.error) for attempt in caught.value.attempts] == [OutputInvalid, OutputInvalid]
    assert caught.value.usage == USAGE + USAGE
    assert [text.text for text in caught.value.completions] == [WRONG.text, WRONG.text]


async def test_an_answer_may_be_no_longer_than_what_is_left() -> None:
    one, backend = generator(WRONG, WRONG, GOOD)
    await one.agenerate(Line, "x", max_total_tokens=500, max_output_tokens=150)
    assert [request.max_output_tokens for request in backend.requests] == [150, 150, 150]
    one, backend = generator(WRONG, WRONG, GOOD)
    await one.agenerate(Line, "x", max_total_tokens=500)
    assert [request.max_output_tokens for request in backend.requests] == [500, 280, 160]


async def test_an_answer_that_the_budget_cut_off_says_so() -> None:
    cut = Completion(text='{"pri', finish_reason="length", usage=Usage(100, 50), model="scripted")
    one, _ = generator(cut)
    with pytest.raises(BudgetExceeded, match="did not suffice") as caught:
        await one.agenerate(Line, "x", max_total_tokens=50)
    assert isinstance(caught.value.__cause__, OutputTruncated)
    assert caught.value.completions == (cut,)


async def test_a_value_that_is_there_is_given_even_if_it_went_over() -> None:
    one, _ = generator(answer('{"price":1}', Usage(1000, 20)))
    assert await one.agenerate(Line, "x", max_total_tokens=50) == Line(price=1)


async def test_calls_of_a_generator_share_its_budget() -> None:
    budget = Budget(max_total_tokens=200)
    one, backend = generator(GOOD, GOOD, GOOD, budget=budget)
    await one.agenerate(Line, "x")
    await one.agenerate(Line, "x")
    assert budget.usage == USAGE + USAGE
    with pytest.raises(BudgetExceeded) as caught:
        await one.agenerate(Line, "x")
    assert not caught.value.attempts
    assert len(backend.requests) == 2


async def test_a_budget_adds_up_over_threads() -> None:
    budget = Budget()
    one, _ = generator(*[GOOD] * 200, budget=budget)
    threads = [
        threading.Thread(target=lambda: [one.generate(Line, "x") for _ in range(20)]) for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        await anyio.to_thread.run_sync(thread.join)
    assert budget.usage == Usage(20_000, 4_000)


async def test_the_real_model_is_held_to_a_budget() -> None:
    budget = Budget(max_total_tokens=400)
    spent = Usage()

    async def spend(one: StructuredGenerator) -> None:
        nonlocal spent
        for _ in range(100):
            spent += (await one.agenerate_result(int, "How many eggs? We bought 12 eggs.")).usage

    async with StructuredGenerator(backend=EmbeddedBackend(), budget=budget) as one:
        with pytest.raises(BudgetExceeded):
            await spend(one)
    assert budget.usage == spent
    assert spent.total_tokens > 300


# --- time ----------------------------------------------------------------------------------------


async def test_the_budget_of_a_generator_has_a_deadline_of_its_own() -> None:
    one, _ = generator(GOOD, budget=Budget(deadline_s=1e-9))
    with pytest.raises(DeadlineExceeded):
        await one.agenerate(Line, "x", deadline_s=60)


# --- money ---------------------------------------------------------------------------------------


async def test_without_a_price_the_cost_is_not_known() -> None:
    one, _ = generator(WRONG, GOOD)
    result = await one.agenerate_result(Line, "x")
    assert result.cost_usd is None
    assert [attempt.cost_usd for attempt in result.attempts] == [None, None]


async def test_a_limit_of_money_needs_a_price() -> None:
    one, backend = generator(GOOD)
    with pytest.raises(UnsupportedOption, match=r"'scripted' is not known: set prices\.scripted"):
        await one.agenerate(Line, "x", max_cost_usd=1.0)
    assert not backend.requests


@pytest.mark.usefixtures("priced")
async def test_every_attempt_has_its_price_and_a_result_their_sum() -> None:
    one, _ = generator(WRONG, GOOD)
    result = await one.agenerate_result(Line, "x")
    assert [attempt.cost_usd for attempt in result.attempts] == pytest.approx([0.003, 0.003])
    assert result.cost_usd == pytest.approx(0.006)


@pytest.mark.usefixtures("priced")
async def test_every_error_has_what_was_spent() -> None:
    one, _ = generator(WRONG, AuthenticationFailed("no"))
    with pytest.raises(AuthenticationFailed) as caught:
        await one.agenerate(Line, "x")
    assert caught.value.cost_usd == pytest.approx(0.003)


@pytest.mark.usefixtures("priced")
async def test_money_ends_a_call_and_a_generator() -> None:
    one, backend = generator(WRONG, WRONG, GOOD, GOOD, budget=Budget(max_cost_usd=0.008))
    with pytest.raises(
        BudgetExceeded, match=r"max_cost_usd=0\.005 is used up: 0\.006000 US dollars"
    ) as caught:
        await one.agenerate(Line, "x", max_cost_usd=0.005)
    assert caught.value.cost_usd == pytest.approx(0.006)
    assert await one.agenerate(Line, "x") == Line(price=1)
    with pytest.raises(BudgetExceeded, match=r"max_cost_usd=0\.008"):
        await one.agenerate(Line, "x")
    assert len(backend.requests) == 3


async def test_a_deployment_by_the_hour_costs_the_time_that_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_PRICES__SCRIPTED__USD_PER_HOUR", "3600")
    monkeypatch.setattr(anyio, "sleep", _no_sleep)
    one, _ = generator(BackendUnavailable("gone"), GOOD)
    result = await one.agenerate_result(Line, "x")
    assert len(result.attempts) == 2
    assert all(attempt.cost_usd is not None and attempt.cost_usd > 0 for attempt in result.attempts)


async def _no_sleep(_seconds: float) -> None: ...


def test_requests_that_run_at_once_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("qwen_structured._prices.perf_counter", lambda: now[0])
    meter = Meter()
    first = meter.begin()
    now[0] += 1
    second = meter.begin()
    now[0] += 4
    assert meter.end() - second == 2
    now[0] += 1
    assert meter.end() - first == 4
    now[0] += 50
    third = meter.begin()
    now[0] += 3
    assert meter.end() - third == 3


@pytest.mark.parametrize(
    ("price", "cost_usd"),
    [
        ({"usd_per_hour": 7.2}, 0.02),
        ({"gpu": "H200:4"}, 4 * 4.54 / 360),
        ({"gpu": "L40S"}, 36 / 360),
        ({"gpu": "RTX4090"}, None),
        ({"usd_per_million_prompt_tokens": 1, "usd_per_million_output_tokens": 2}, 140e-6),
        ({"usd_per_hour": 0}, 0.0),
    ],
)
def test_a_price_is_by_the_hour_by_gpu_or_by_the_token(price: Any, cost_usd: float | None) -> None:
    chosen = settings.Settings.model_validate({"prices": {"server": price}, "gpu_prices": {"L40S": 36}})
    assert pricing_of(chosen, "server")(USAGE, 10.0) == pytest.approx(cost_usd)
    assert pricing_of(chosen, "vllm")(USAGE, 10.0) is None


def test_tokens_that_nobody_told_have_no_price_but_time_has() -> None:
    by_token = {"usd_per_million_prompt_tokens": 1, "usd_per_million_output_tokens": 2}
    prices = {"server": by_token, "vllm": {"usd_per_hour": 7.2}}
    chosen = settings.Settings.model_validate({"prices": prices})
    assert pricing_of(chosen, "server")(None, 10.0) is None
    assert pricing_of(chosen, "server")(Usage(), 10.0) == 0
    assert pricing_of(chosen, "vllm")(None, 10.0) == pytest.approx(0.02)


@pytest.mark.parametrize(
    "price",
    [
        {},
        {"usd_per_hour": -1},
        {"usd_per_hour": 1, "gpu": "H100"},
        {"usd_per_million_prompt_tokens": 1},
        {"usd_per_hour": 1, "usd_per_million_prompt_tokens": 1},
        {"usd_an_hour": 1},
    ],
)
def test_a_price_that_is_none_is_refused(price: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in price.items():
        monkeypatch.setenv(f"QWEN_STRUCTURED_PRICES__SERVER__{name.upper()}", str(value))
    if not price:
        monkeypatch.setenv("QWEN_STRUCTURED_PRICES", "12")
    with pytest.raises(SettingsError, match="'prices' in QWEN_STRUCTURED_PRICES"):
        settings.load()


@pytest.mark.parametrize("name", ["deadline_s", "max_total_tokens", "max_cost_usd"])
@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_budget_of_nothing_is_refused(name: str, limit: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"the budget's {name} is"):
        Budget(**{name: limit})
