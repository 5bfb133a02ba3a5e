"""The account of a batch, and the line that shows it."""

from __future__ import annotations

import io
import random

import pytest
from rich.console import Console

from qwen_structured import Done, Item, StructuredGenerator, Usage
from qwen_structured.batch.progress import Progress, line
from qwen_structured.batch.tally import Durations, Tally
from qwen_structured.testing import ScriptedBackend


def done(cost_usd: float | None = 0.5, *, restored: bool = False) -> Done[int]:
    return Done(
        index=0,
        item=Item("x"),
        value=1,
        usage=Usage(10, 5),
        cost_usd=cost_usd,
        duration_s=1.0,
        attempts=1,
        text="1",
        restored=restored,
    )


def test_percentiles_err_by_one_in_a_hundred() -> None:
    chance, durations = random.Random(1), Durations()
    seconds = sorted(chance.lognormvariate(0, 2) for _ in range(10_000))
    for one in chance.sample(seconds, len(seconds)):
        durations.add(one)
    for share in (0.5, 0.95, 0.99):
        assert durations.percentile(share) == pytest.approx(seconds[int(share * 10_000) - 1], rel=0.011)
    assert Durations().percentile(0.5) is None


def test_the_cost_to_finish_is_that_of_what_was_asked_so_far() -> None:
    tally = Tally(total=10)
    for one in (done(), done(), done(restored=True)):
        tally.add(one)
    found = tally.summary()
    assert found.cost_usd == 1.0
    assert found.cost_to_finish_usd == pytest.approx(0.5 * 7)
    assert found.usage == Usage(20, 10)
    tally.add(done(cost_usd=None))
    assert tally.summary().cost_to_finish_usd is None


def test_the_line_has_throughput_money_and_errors() -> None:
    tally = Tally(total=4)
    tally.add(done())
    shown = line(tally.summary())
    assert "1/4" in shown
    assert "$0.50, $1.50 to go" in shown
    assert "tokens/s" in shown
    assert line(Tally().summary()).startswith("0 |")


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_alone(terminal: bool) -> None:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120)
    tally = Tally(total=1)
    with Progress(tally, console):
        tally.add(done())
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("1/1" in shown) is terminal


def test_a_batch_with_progress_says_nothing_where_there_is_no_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    generator = StructuredGenerator(backend=ScriptedBackend(lambda _: "1"))
    assert len(list(generator.generate_many(int, ["x"] * 5, progress=True))) == 5
    assert capfd.readouterr() == ("", "")
