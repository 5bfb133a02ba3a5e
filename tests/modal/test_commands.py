"""The commands ``modal ...`` and ``api``, as a user runs them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from grpclib import Status
from tests.modal.control_plane import ControlPlane
from tests.modal.deploying import settings

from qwen_structured.backends.modal.operations import gpu_prices

SHIPPED = settings(backend="embedded", gpu="none", model="qwen-structured-9m")
PROGRAM = Path(sys.executable).parent / "qwen-structured"


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with ControlPlane(tmp_path_factory.mktemp("modal")).running() as plane:
        done = run(plane, "modal", "deploy", "--yes")
        assert done.returncode == 0, done.stderr
        yield plane


def run(plane: ControlPlane, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *words],
        env={**_own(), **plane.environment, **SHIPPED, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _own() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("QWEN_STRUCTURED_")}


# --- modal ---------------------------------------------------------------------------------------


def test_deploy_says_what_it_costs_before_it_acts(tmp_path: Path) -> None:
    with ControlPlane(tmp_path).running() as plane:
        done = subprocess.run(
            [str(PROGRAM), "modal", "deploy"],
            env={**_own(), **plane.environment},
            input="n\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert "2 x H100" in done.stderr
        assert "7.90" in done.stderr
        assert "31.60" in done.stderr
        assert not plane.requests("AppPublish")


def test_what_does_not_fit_is_not_deployed(plane: ControlPlane) -> None:
    before = len(plane.requests("AppPublish"))
    done = run(plane, "modal", "deploy", "--yes", **settings(gpu="H100:1", backend="vllm", model="80b"))
    assert done.returncode == 2
    assert "does not fit on 1 x H100" in done.stderr
    assert len(plane.requests("AppPublish")) == before


def test_a_warm_up_starts_a_container_and_status_and_logs_show_it(plane: ControlPlane) -> None:
    warmed = run(plane, "modal", "warm-up", "80b", QWEN_STRUCTURED_BACKENDS__MODAL__PROGRESS_AFTER_S="0.1")
    assert warmed.returncode == 0, warmed.stderr
    assert "1 containers" in warmed.stdout
    assert "Qwen80BGenerator: it took" in warmed.stderr
    status = run(plane, "modal", "status")
    assert re.search(r"Qwen80BGenerator +ready: 1 containers.*the last cold start took \d+ s", status.stdout)
    assert re.search(r"Qwen480BGenerator +idle: the next request starts a container", status.stdout)
    facts = json.loads(run(plane, "modal", "status", "--json").stdout)
    assert facts[0]["situation"]["start"]["durations_s"]["total"] > 0
    assert run(plane, "modal", "logs").returncode == 0
    assert run(plane, "modal", "logs", "--follow").returncode == 0


def test_generate_answers_through_modal(plane: ControlPlane) -> None:
    done = run(plane, "generate", "--type", "builtins:int", "--backend", "modal", "We bought 12 eggs.")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().lstrip("-").isdigit()
    assert "qwen-structured-9m (modal)" in done.stderr


def test_cost_takes_modals_rates_and_else_the_dated_table(plane: ControlPlane) -> None:
    vllm = settings(gpu="H100:2", backend="vllm", model="80b")
    asked = json.loads(run(plane, "modal", "cost", "--json", **vllm).stdout)
    assert asked == {"source": "Modal's billing rates", "usd_per_hour": {"80b": 7.2, "480b": 28.8}}
    plane.fail("WorkspaceBillingRates", Status.UNIMPLEMENTED)
    fallen_back = run(plane, "modal", "cost", "--json", **vllm)
    assert json.loads(fallen_back.stdout)["usd_per_hour"] == {"80b": 7.9, "480b": 31.6}
    assert "cannot be had" in fallen_back.stderr


@pytest.mark.parametrize(
    ("rates", "prices"),
    [
        ({"GPU H200": "4.54"}, {"H200": 4.54}),
        ({"gpu-a100-80gb": "0.000694"}, {"A100-80GB": 2.4984}),
        ({"gpu_a100_40gb": "0.0006", "memory": "1"}, {}),
    ],
)
def test_rates_are_read_by_name_and_unit(rates: dict[str, str], prices: dict[str, float]) -> None:
    assert gpu_prices({name: Decimal(rate) for name, rate in rates.items()}) == pytest.approx(prices)


def test_an_app_that_is_not_there_is_told(plane: ControlPlane) -> None:
    other = {"QWEN_STRUCTURED_BACKENDS__MODAL__APP": "other"}
    for words in (("status",), ("logs",), ("stop", "--yes")):
        done = run(plane, "modal", *words, **other)
        assert done.returncode
        assert "qwen-structured modal deploy" in done.stdout + done.stderr


def test_a_stopped_app_takes_no_requests_until_it_is_deployed_again(plane: ControlPlane) -> None:
    assert run(plane, "modal", "stop", "--yes").returncode == 0
    assert run(plane, "modal", "status").returncode == 1
    assert run(plane, "modal", "deploy", "--yes").returncode == 0
    assert run(plane, "modal", "status").returncode == 0


# --- api -----------------------------------------------------------------------------------------


@contextmanager
def serving(*words: str, **environment: str) -> Iterator[str]:
    """The service on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(PROGRAM), "api", "--port", str(port), *words],
        env={**_own(), **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "Uvicorn running" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ask(url: str, body: object = None, key: str = "") -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_the_service_answers_over_http() -> None:
    body = {"prompt": "We bought 12 eggs.", "schema": {"type": "integer"}, "temperature": 0.0}
    with serving() as url:
        status, answer = ask(f"{url}/generate", body)
        assert status == 200
        assert isinstance(answer["text"], int)
        assert ask(f"{url}/health")[1]["state"] == "ready"
        assert ask(f"{url}/openapi.json")[1]["paths"].keys() == {"/health", "/generate", "/warmup"}
        assert ask(f"{url}/generate", {"prompt": "word " * 3000, "schema": {}})[0] == 413


def test_the_service_with_a_key_answers_nobody_without() -> None:
    key = "a-key-of-the-service"
    with serving(QWEN_STRUCTURED_API_KEY=key) as url:
        assert ask(f"{url}/health")[0] == 401
        assert ask(f"{url}/health", key=key)[0] == 200


def test_the_service_is_not_open_to_others_without_a_key() -> None:
    done = subprocess.run(
        [str(PROGRAM), "api", "--host", "0.0.0.0"], env=_own(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "QWEN_STRUCTURED_API_KEY" in done.stderr


# --- the acceptance script -----------------------------------------------------------------------


def test_the_acceptance_script_takes_all_its_steps(plane: ControlPlane) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backends.modal.acceptance", "smoke"],
        env={**_own(), **plane.environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines() if line.startswith("ok ")] == [
        "ok   deploy",
        "ok   fetch the weights, on a CPU",
        "ok   start a container",
        "ok   have a typed answer",
        "ok   read a stream",
        "ok   ask 32 times at once",
        "ok   be refused with a prompt that is too long",
    ]
