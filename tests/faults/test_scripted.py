"""A scripted backend that fails on purpose, from loops and threads: the ledgers add up to its own count."""

from __future__ import annotations

import gc
import random
import re
import threading
import weakref
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from benchmarks.hostile.model import meant, prompt
from benchmarks.hostile.orders import Order
from pydantic_core import to_json
from tests.faults.calls import End, ask

from qwen_structured import (
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    Completion,
    GenerationError,
    OutputInvalid,
    OutputTruncated,
    QwenStructuredError,
    Request,
    StructuredGenerator,
    Usage,
)
from qwen_structured.testing import ScriptedBackend

CALLS = 1_000
FAULTS = ("unavailable", "timed out", "overloaded", "empty", "no JSON", "invalid value", "stopped", "cut off")


class Faulty:
    """Answers like the model of orders, fails in 20 of 100 requests, and counts what it told and did not."""

    def __init__(self) -> None:
        self.told = Usage()
        self.untold = 0
        self.asked: dict[int, list[str]] = defaultdict(list)
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> object:
        found = re.search(r"#(\d{6})#", request.messages[-1].content)
        assert found
        with self._lock:
            return self._answer(int(found[1]))

    def _answer(self, call: int) -> object:
        chance = random.Random(f"{call}/{len(self.asked[call])}")
        fault = chance.choice(FAULTS) if chance.random() < 0.2 else ""
        self.asked[call].append(fault)
        match fault:
            case "unavailable":
                self.untold += 1
                return BackendUnavailable("the connection broke")
            case "timed out":
                self.untold += 1
                return BackendTimedOut("it hangs")
            case "overloaded":
                return BackendOverloaded("busy", retry_after_s=0)
        usage = Usage(20 + call % 7, 60 + call % 5)
        self.told += usage
        return Completion(
            text=_text(call, fault),
            finish_reason="length" if fault == "cut off" else "stop",
            usage=usage,
            model="orders",
        )


def _text(call: int, fault: str) -> str:
    order = meant(call)
    text = to_json(order).decode()
    match fault:
        case "empty":
            return ""
        case "no JSON":
            return "Here you are!"
        case "invalid value":
            return to_json({**order, "total": -1}).decode()
        case "stopped" | "cut off":
            return text[:40]
    return text


def check(faulty: Faulty, ends: list[End]) -> None:
    assert len(ends) == CALLS
    kinds = Counter(fault for faults in faulty.asked.values() for fault in faults)
    assert kinds.keys() == {"", *FAULTS}
    for end in ends:
        faults = faulty.asked[end.call]
        assert len(end.ledger.attempts) == len(faults)
        assert "" not in faults[:-1], "nothing is asked again after success"
        if "cut off" in faults:
            assert isinstance(end.error, OutputTruncated)
        elif end.error is not None:
            assert isinstance(end.error, GenerationError), "its answers were wrong three times"
        else:
            assert end.is_right
    assert sum((end.ledger.usage for end in ends), Usage()) == faulty.told
    assert sum(end.ledger.uncounted for end in ends) == faulty.untold


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qwen_structured._attempts._BACKOFF", lambda _: 0.0)


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_the_account_adds_up_from_one_event_loop(library: str) -> None:
    faulty = Faulty()
    generator = StructuredGenerator(backend=ScriptedBackend(faulty))
    check(faulty, anyio.run(ask, generator, range(CALLS), backend=library))


def test_a_value_that_a_validator_refused_leaves_nothing_in_memory() -> None:
    backend = ScriptedBackend([{**meant(1), "total": -1}, meant(1)])
    kept = weakref.ref(backend)
    result = StructuredGenerator(backend=backend).generate_result(Order, prompt(1))
    assert isinstance(result.attempts[0].error, OutputInvalid)
    del backend, result
    gc.collect()
    assert kept() is None


def test_the_account_adds_up_from_many_threads() -> None:
    faulty = Faulty()
    generator = StructuredGenerator(backend=ScriptedBackend(faulty))

    def call(number: int) -> End:
        try:
            result: Any = generator.generate_result(Order, prompt(number))
        except QwenStructuredError as error:
            return End(number, error=error)
        return End(number, result)

    with ThreadPoolExecutor(32) as pool:
        check(faulty, list(pool.map(call, range(CALLS))))
