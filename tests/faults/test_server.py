"""A server that fails on purpose, under many requests at once: nothing is lost, and the account is true."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import anyio
import pytest
from benchmarks.hostile.faults import STREAM_FAULTS, WHOLE_FAULTS
from benchmarks.hostile.model import is_endless
from benchmarks.hostile.server import HostileServer
from tests.faults.calls import End, ask

from qwen_structured import (
    AnswerGarbled,
    AttemptsExhausted,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    DeadlineExceeded,
    OutputInvalid,
    OutputTruncated,
    QwenStructuredError,
    StructuredGenerator,
    Usage,
    _portal,
)
from qwen_structured.backends.server import ServerBackend

pytestmark = pytest.mark.anyio
CALLS = 1_000
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


async def backend(server: HostileServer, **options: Any) -> ServerBackend:
    limits = {"read_timeout_s": 8, "answer_timeout_s": 16}
    made = ServerBackend(None, {"base_urls": server.url, **limits, **options})
    await made.warm_up()
    return made


async def running() -> tuple[int, int, int]:
    """Threads, tasks of this event loop, and tasks of the private one."""

    async def tasks() -> int:
        return len(asyncio.all_tasks())

    return threading.active_count(), await tasks(), await _portal.acall(tasks)


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


def check_the_ends(server: HostileServer, ends: Iterable[End]) -> None:
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
async def test_nothing_is_lost_among_faults(server: HostileServer, streams: bool) -> None:
    one = await backend(server, stream_answers=streams)
    before = await running()
    ends = await ask(StructuredGenerator(backend=one), range(CALLS))
    faults = Counter(request.fault for requests in server.served.values() for request in requests)
    assert faults.keys() - {""} == (STREAM_FAULTS if streams else WHOLE_FAULTS).keys(), "all were met"
    assert len(ends) == CALLS
    check_the_account(server, ends)
    check_the_causes(server, ends)
    check_the_ends(server, ends)
    assert (await one.health()).requests == 0
    assert await running() == before, "nothing is left running"
    await one.aclose()
    while server.connections:  # noqa: ASYNC110  # the server runs in another thread
        await anyio.sleep(0.001)


@pytest.mark.parametrize("fault", sorted(WHOLE_FAULTS.keys() - {"plain text"}))
async def test_an_error_names_the_fault_that_never_ends(fault: str) -> None:
    with HostileServer(share=1, only=(fault,)).running() as server:
        quick = await backend(server, read_timeout_s=0.5, answer_timeout_s=1)
        generator = StructuredGenerator(backend=quick, max_retries=1, max_attempts=2)
        [end] = await ask(generator, [1], in_flight=1)
        assert isinstance(end.error, AttemptsExhausted)
        assert isinstance(end.error.__cause__, CAUSES[fault])
        assert len(server.served[1]) == 2
        check_the_account(server, [end])


async def test_what_a_cut_off_call_spent_is_told_as_unknown() -> None:
    with HostileServer(share=1, only=("stall",)).running() as server:
        generator = StructuredGenerator(backend=await backend(server, read_timeout_s=60, answer_timeout_s=60))
        [end] = await ask(generator, [1], in_flight=1, deadline_s=0.2)
    assert isinstance(end.error, DeadlineExceeded)
    assert (end.ledger.uncounted, end.ledger.usage) == (1, Usage())
    assert server.served[1][0].output_tokens > 0
