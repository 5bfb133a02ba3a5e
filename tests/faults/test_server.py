"""A server that fails on purpose, under many requests at once: nothing is lost, and the account is true."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator

import anyio
import pytest
from benchmarks.hostile.faults import STREAM_FAULTS, WHOLE_FAULTS
from benchmarks.hostile.model import is_endless
from benchmarks.hostile.server import HostileServer
from tests.faults.calls import End, ask
from tests.faults.conftest import MakeBackend

from qwen_structured import (
    AnswerGarbled,
    AttemptsExhausted,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    CircuitOpen,
    DeadlineExceeded,
    OutputInvalid,
    OutputTruncated,
    QwenStructuredError,
    StructuredGenerator,
    Usage,
    _portal,
)

pytestmark = pytest.mark.anyio
CALLS = 1_000
STORM = 40
CAUSES: dict[str, type[QwenStructuredError]] = {
    "429": BackendOverloaded,
    "503": BackendOverloaded,
    "500": BackendUnavailable,
    "reset": BackendUnavailable,
    "stall": BackendTimedOut,
    "web page": AnswerGarbled,
    "not HTTP": AnswerGarbled,
    "half": BackendUnavailable,
    "slow": BackendTimedOut,
    "not UTF-8": AnswerGarbled,
    "empty": AnswerGarbled,
    "huge": AnswerGarbled,
    "invalid value": OutputInvalid,
    "stopped": OutputTruncated,
    "cut": BackendUnavailable,
    "cut off": BackendUnavailable,
    "event twice": AnswerGarbled,
    "event lost": AnswerGarbled,
    "no usage": AnswerGarbled,
    "fails within": BackendUnavailable,
    "event not UTF-8": AnswerGarbled,
    "huge event": AnswerGarbled,
    "hangs within": BackendTimedOut,
}


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer().running() as running:
        yield running


async def running() -> tuple[int, int, int]:
    """Threads but those that event loops keep for their work, tasks of this loop, and of the private one."""

    async def tasks() -> int:
        return len(asyncio.all_tasks())

    threads = [one for one in threading.enumerate() if not one.name.startswith("asyncio_")]
    return len(threads), await tasks(), await _portal.acall(tasks)


# --- what is proved ------------------------------------------------------------------------------


def check_the_account(server: HostileServer, ends: Iterable[End]) -> None:
    """Every attempt is one request of the server's, and tells what the server counted, or that it cannot."""
    for end in ends:
        attempts, served = end.ledger.attempts, server.served[end.call]
        assert len(attempts) == len(served), (attempts, served)
        for attempt, request in zip(attempts, served, strict=True):
            billed = Usage(request.prompt_tokens, request.output_tokens)
            assert attempt.usage in (billed, None), (attempt, request)
        known = [request for attempt, request in zip(attempts, served, strict=True) if attempt.usage]
        assert end.ledger.usage.total_tokens == sum(one.prompt_tokens + one.output_tokens for one in known)
        assert end.ledger.uncounted == len(attempts) - len([one for one in attempts if one.usage is not None])


def check_the_ends(ends: Iterable[End]) -> None:
    """Every call ends in the right value, or in an error that names its cause."""
    for end in ends:
        if is_endless(end.call):
            assert isinstance(end.error, OutputTruncated)
            assert end.error.reason == "loop"
            continue
        assert end.is_right, repr(end)


def check_the_causes(server: HostileServer, ends: Iterable[End]) -> None:
    """Every fault is the attempt's error, and a right answer is the last that was asked for."""
    for end in ends:
        for attempt, request in zip(end.ledger.attempts, server.served[end.call], strict=True):
            if is_endless(end.call) and attempt.completion:
                continue
            cause = CAUSES.get(request.fault)
            assert isinstance(attempt.error, cause) if cause else attempt.error is None, (attempt, request)
        rights = [request.right for request in server.served[end.call]]
        assert True not in rights[:-1], "nothing is sent again after success"


@pytest.mark.parametrize("streams", [False, True])
async def test_nothing_is_lost_among_faults(
    backend: MakeBackend, server: HostileServer, streams: bool
) -> None:
    one = await backend(server, stream_answers=streams)
    before = await running()
    ends = await ask(StructuredGenerator(backend=one), range(CALLS))
    faults = Counter(request.fault for requests in server.served.values() for request in requests)
    assert faults.keys() - {""} == (STREAM_FAULTS if streams else WHOLE_FAULTS).keys(), "all were met"
    assert len(ends) == CALLS
    check_the_account(server, ends)
    check_the_causes(server, ends)
    check_the_ends(ends)
    assert (await one.health()).requests == 0
    assert await running() == before, "nothing is left running"
    await one.aclose()
    await closed(server)


@pytest.mark.parametrize("fault", sorted(WHOLE_FAULTS.keys() - {"plain text"}))
async def test_an_error_names_the_fault_that_never_ends(backend: MakeBackend, fault: str) -> None:
    with HostileServer(share=1, only=(fault,)).running() as server:
        quick = await backend(server, read_timeout_s=0.5, answer_timeout_s=1)
        generator = StructuredGenerator(backend=quick, max_retries=1, max_attempts=2)
        [end] = await ask(generator, [1], in_flight=1)
        assert isinstance(end.error, AttemptsExhausted)
        assert isinstance(end.error.__cause__, CAUSES[fault])
        assert len(server.served[1]) == 2
        check_the_account(server, [end])


async def test_what_a_cut_off_call_spent_is_told_as_unknown(backend: MakeBackend) -> None:
    with HostileServer(share=1, only=("stall",)).running() as server:
        generator = StructuredGenerator(backend=await backend(server, read_timeout_s=60, answer_timeout_s=60))
        [end] = await ask(generator, [1], in_flight=1, deadline_s=0.2)
    assert isinstance(end.error, DeadlineExceeded)
    assert (end.ledger.uncounted, end.ledger.usage) == (1, Usage())
    assert server.served[1][0].output_tokens > 0


@pytest.mark.parametrize("fault", ["429", "500", "503", "reset"])
async def test_a_storm_of_failures_loses_nothing(
    backend: MakeBackend, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BREAKER_REST_S", "0.2")
    with HostileServer(share=0, storm=lambda number: fault if number <= STORM else "").running() as server:
        ends = await ask(StructuredGenerator(backend=await backend(server)), range(300))
        assert sum(one.fault == fault for served in server.served.values() for one in served) > STORM // 2
        check_the_ends(ends)
        for end in ends:
            sent = [one for one in end.ledger.attempts if not isinstance(one.error, CircuitOpen)]
            assert len(sent) == len(server.served[end.call])


async def test_memory_stays_flat(backend: MakeBackend, server: HostileServer) -> None:
    async def kept_after_calls() -> int:
        one = await backend(server, read_timeout_s=2, answer_timeout_s=3)
        await ask(StructuredGenerator(backend=one), range(200))
        await one.aclose()
        await closed(server)
        server.served.clear()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    await kept_after_calls()
    tracemalloc.start()
    try:
        first = await kept_after_calls()
        grown = [await kept_after_calls() - first for _ in range(2)]
    finally:
        tracemalloc.stop()
    assert min(grown) < 100_000, "a call leaves less than half a kB behind"


async def closed(server: HostileServer) -> None:
    """Wait until the server has noticed that its connections are closed."""
    while server.connections:  # noqa: ASYNC110  # it runs in another thread
        await anyio.sleep(0.001)
