"""What is told of a start, to those who wait and in the health."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Any

import pytest

from qwen_structured.backends.modal import wire
from qwen_structured.backends.modal.starts import Phase, Recorder, Start
from qwen_structured.backends.modal.waiting import Herald, Situation
from qwen_structured.protocols import Completion, Timings, Usage

pytestmark = pytest.mark.anyio


def start(phase: Phase, **changes: Any) -> Start:
    return Start(**{"phase": phase, "began": 1000.0, "phase_began": 1000.0, **changes})


@pytest.mark.parametrize(
    ("situation", "state", "words"),
    [
        (Situation(0, 0, 0, None), "idle", "next request starts a container"),
        (Situation(0, 2, 0, None), "loading", "waiting for a machine, 2 requests in the queue"),
        (Situation(0, 1, 0, start("ready", durations_s={"total": 39.0})), "loading", "took 39 s"),
        (
            Situation(1, 1, 0, start("loading weights", expected_s=200.0)),
            "loading",
            "loading weights for 30 s",
        ),
        (Situation(1, 1, 0, start("compiling", expected_s=200.0)), "loading", "about 170 s more"),
        (Situation(1, 0, 3, start("ready")), "ready", "3 requests in work"),
        (Situation(1, 5, 64, start("ready")), "busy", "5 in the queue"),
        (Situation(1, 1, 0, start("failed", detail="no memory")), "dead", "the start failed: no memory"),
        (Situation(0, 0, 0, start("failed", detail="no memory")), "idle", "starts a container"),
    ],
)
def test_every_situation_has_its_state(
    situation: Situation, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1030.0)
    health = situation.health(7)
    assert (health.state, health.requests) == (state, 7)
    assert words in health.detail


def test_a_phase_is_told_once_where_lines_stay() -> None:
    stream = io.StringIO()
    herald = Herald("Class", stream)
    for _ in range(3):
        herald.say(Situation(1, 1, 0, start("loading weights", began=1e12, phase_began=1e12)))
    herald.say(Situation(1, 1, 0, start("compiling", began=1e12, phase_began=1e12)))
    herald.end()
    lines = stream.getvalue().splitlines()
    assert [line.split(": ")[2].split(" for ")[0] for line in lines[:2]] == ["loading weights", "compiling"]
    assert lines[2].startswith("qwen-structured: Class: it took")
    assert len(lines) == 3


def test_nothing_is_told_where_nothing_starts() -> None:
    stream = io.StringIO()
    herald = Herald("Class", stream)
    herald.say(Situation(1, 0, 1, start("ready")))
    herald.end()
    assert stream.getvalue() == ""


async def test_a_start_is_recorded_phase_by_phase_and_expects_what_the_last_took() -> None:
    put: list[dict[str, Any]] = []

    async def keep(data: dict[str, Any]) -> None:
        put.append(data)

    now = iter(float(second) for second in range(0, 1000, 10))
    before = start("ready", durations_s={"total": 123.0})
    recorder = Recorder(keep, Start.from_data(asdict(before)), lambda: next(now), "1.0")
    await recorder.begin()
    await recorder.said("INFO nothing of interest")
    await recorder.said("INFO Model loading took 74.9 GiB memory and 30 seconds")
    await recorder.said("INFO Model loading took 74.9 GiB memory and 30 seconds")
    await recorder.ready()
    assert [data["phase"] for data in put] == ["loading weights", "compiling", "ready"]
    assert {data["expected_s"] for data in put} == {123.0}
    durations = put[-1]["durations_s"]
    assert durations["loading weights"] > 0
    assert durations["total"] >= durations["loading weights"] + durations["compiling"]


def test_what_a_container_does_not_account_for_is_waiting() -> None:
    completion = Completion(
        text="", finish_reason="stop", usage=Usage(), model="m", timings=Timings(queue_s=1.0, total_s=5.0)
    )
    timings = wire.with_waiting(completion, total_s=100.0, took_s=5.0).timings
    assert (timings.queue_s, timings.total_s) == (96.0, 100.0)
