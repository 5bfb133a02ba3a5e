"""Money, time and other deployments, under many requests at once to a server that fails on purpose."""

from __future__ import annotations

import pytest
from benchmarks.hostile.model import is_endless
from benchmarks.hostile.server import HostileServer
from tests.faults.calls import IN_FLIGHT, ask
from tests.faults.conftest import MakeBackend
from tests.faults.test_server import check_the_account, closed, running

from qwen_structured import (
    BackendUnavailable,
    Budget,
    BudgetExceeded,
    CircuitOpen,
    DeadlineExceeded,
    StructuredGenerator,
)

pytestmark = pytest.mark.anyio
CALLS = 1_000
WELL = [call for call in range(CALLS) if not is_endless(call)]


async def test_money_is_spent_up_to_its_limit_and_told_to_the_cent(
    backend: MakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, price in (("PROMPT", 1), ("OUTPUT", 2)):
        monkeypatch.setenv(f"QWEN_STRUCTURED_PRICES__SERVER__USD_PER_MILLION_{kind}_TOKENS", str(price))
    with HostileServer(share=0.2, only=("500", "429", "invalid value", "empty")).running() as server:
        budget = Budget(max_cost_usd=0.05)
        async with StructuredGenerator(backend=await backend(server), budget=budget) as generator:
            ends = await ask(generator, WELL)
        check_the_account(server, ends)
        billed = {
            call: sum(one.prompt_tokens + 2 * one.output_tokens for one in served) / 1e6
            for call, served in server.served.items()
        }
    charged = sum(attempt.cost_usd or 0.0 for end in ends for attempt in end.ledger.attempts)
    assert budget.cost_usd == pytest.approx(charged)
    assert 0.05 <= budget.cost_usd <= 0.05 + IN_FLIGHT * max(billed.values())
    for end in ends:
        assert end.is_right or isinstance(end.error, BudgetExceeded), repr(end)
        if end.ledger.uncounted == 0:
            assert end.ledger.cost_usd == pytest.approx(billed.get(end.call, 0.0))
    unasked = [end for end in ends if not server.served[end.call]]
    assert len(unasked) > CALLS // 4, "what comes behind the limit is not sent"


async def test_another_deployment_answers_what_the_first_fails(backend: MakeBackend) -> None:
    with (
        HostileServer(share=1, only=("500", "reset")).running() as failing,
        HostileServer(share=0).running() as well,
    ):
        first, second = await backend(failing), await backend(well)
        async with StructuredGenerator(backend=first, failover=[second]) as generator:
            ends = await ask(generator, WELL)
    assert all(end.is_right for end in ends)
    assert all(len(well.served[end.call]) == 1 for end in ends), "nothing is sent again after success"
    sent = sum(map(len, failing.served.values()))
    assert sent < 2 * IN_FLIGHT, "the breaker leaves it alone"
    for end in ends:
        *failed, right = end.ledger.attempts
        assert right.error is None
        assert all(isinstance(one.error, BackendUnavailable | CircuitOpen) for one in failed)
        reached = [one for one in failed if not isinstance(one.error, CircuitOpen)]
        assert len(reached) == len(failing.served[end.call])


async def test_a_deadline_ends_calls_that_hang_and_leaves_nothing_behind(backend: MakeBackend) -> None:
    with HostileServer(share=0.5, only=("stall",)).running() as server:
        one = await backend(server, read_timeout_s=300, answer_timeout_s=300)
        before = await running()
        ends = await ask(StructuredGenerator(backend=one), WELL, deadline_s=2)
        check_the_account(server, [end for end in ends if server.served[end.call]])
        hanging = [end for end in ends if any(one.fault == "stall" for one in server.served[end.call])]
        assert len(hanging) > len(WELL) // 3
        for end in ends:
            late = isinstance(end.error, DeadlineExceeded)
            assert end.is_right or late, repr(end)
        assert all(end.error is not None and end.ledger.uncounted == 1 for end in hanging)
        assert (await one.health()).requests == 0
        assert await running() == before, "nothing is left running"
        await one.aclose()
        await closed(server)
