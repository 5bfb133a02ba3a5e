"""Jobs on a Ray cluster of this machine: its processes are real, and one of them is killed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from tests.ray.orders import Order
from tests.server.fake_vllm import FakeVLLM, Reply

if not os.environ.get("CI"):
    pytest.importorskip("ray", reason="the extra ray is not installed")

import ray
from ray.data import Dataset, from_items

from qwen_structured import ConfigurationError, SettingsError, UnsupportedSchema
from qwen_structured.ray import map_type

pytestmark = pytest.mark.filterwarnings("ignore:::ray")  # of its own parts

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",  # it would write a token into the home folder
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
}


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=2**27)
        yield
        ray.shutdown()


def mails(count: int) -> Dataset:
    return from_items([{"mail": f"mail {number}"} for number in range(count)], override_num_blocks=6)


class Asked:
    """Counts what a server is asked, and kills the first actor when it has answered some."""

    def __init__(self, server: FakeVLLM, journal: Path, kill_at: int) -> None:
        self.prompts: Counter[str] = Counter()
        self.killed: list[int] = []
        self._journal, self._kill_at = journal, kill_at
        server.fault = self._fault

    def _fault(self, path: str, body: dict[str, Any]) -> Reply | None:
        text = body["messages"][-1]["content"] if path == "/v1/chat/completions" else ""
        prompt = next((line for line in text.splitlines() if line.startswith("mail")), None)
        if prompt is not None:
            self.prompts[prompt] += 1
            if self.prompts.total() == self._kill_at:
                self._kill()
        return Reply(500) if prompt == "mail 13" else None

    def _kill(self) -> None:
        """The name of an actor's journal has the number of its process."""
        fullest = max(self._journal.glob("*.jsonl"), key=lambda path: path.stat().st_size)
        self.killed.append(int(fullest.stem.split("-")[-2]))
        os.kill(self.killed[0], signal.SIGKILL)


def test_a_killed_actor_and_a_later_job_pay_for_nothing_twice(server: FakeVLLM, tmp_path: Path) -> None:
    asked = Asked(server, tmp_path, kill_at=25)
    options: dict[str, Any] = {"backend": "server", "max_retries": 0, "batch_size": 10, "journal": tmp_path}
    made = map_type(
        mails(60),
        "tests.ray.orders:Order",
        prompt_column="mail",
        actors=2,
        max_concurrency=4,
        **options,
    ).take_all()

    rows = {row["mail"]: row for row in made}
    assert rows.keys() == {f"mail {number}" for number in range(60)}
    assert len(made) == 60
    failed = rows.pop("mail 13")
    assert failed["error"].startswith("BackendUnavailable: ")
    assert failed["attempts"] == 1
    for row in rows.values():
        Order.model_validate({"item": row["item"], "quantity": row["quantity"]})
    assert len(asked.killed) == 1
    twice = {prompt for prompt, count in asked.prompts.items() if count > 1}
    assert len(twice - {"mail 13"}) <= 4  # what the killed actor had in flight

    before = asked.prompts.total()
    again = map_type(mails(61), Order, prompt_column="mail", actors=1, **options).take_all()
    assert {row["mail"]: row for row in again}["mail 7"] == rows["mail 7"]
    assert asked.prompts.total() - before == 2  # the new one, and the one that failed


def test_the_shipped_model_answers_in_its_actor() -> None:
    made = map_type(mails(4), Literal["yes", "no"], prompt_column="mail", actors=1)
    assert {row["value"] for row in made.take_all()} <= {"yes", "no"}


def test_what_cannot_be_used_is_said_before_anything_runs(tmp_path: Path) -> None:
    dataset = mails(1)
    (tmp_path / "file").touch()
    cases: list[tuple[Any, dict[str, Any], type[ConfigurationError], str]] = [
        (int, {"prompt_column": "mial"}, ConfigurationError, "known are 'mail'|did you mean 'mail'"),
        (int, {"temprature": 1.0}, SettingsError, "temperature"),
        (int, {"actors": 0}, ConfigurationError, "actors is 0"),
        (int, {"batch_size": 0}, ConfigurationError, "batch_size is 0"),
        (int, {"journal": tmp_path / "file"}, ConfigurationError, "is to be a folder"),
        (int, {"backend": "vllm", "model": "80b"}, ConfigurationError, "gpu='H100'"),
        ("tests.ray.orders:Ordre", {}, ConfigurationError, "did you mean 'Order'"),
        (print, {}, UnsupportedSchema, "is not a type"),
    ]
    for kind, options, error, message in cases:
        given: dict[str, Any] = {"prompt_column": "mail", **options}
        with pytest.raises(error, match=message):
            map_type(dataset, kind, **given)
