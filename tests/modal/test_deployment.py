"""What is deployed is what the settings say, and what cannot run is refused before it is deployed."""

from __future__ import annotations

from typing import Any

import pytest

from qwen_structured import ConfigurationError, DoesNotFit, SettingsError, UnknownModel, settings
from qwen_structured.backends.modal.deployment import deployment, offer
from qwen_structured.backends.modal.options import ModalOptions, as_variables, validated


def options(key: str = "80b", **changes: Any) -> ModalOptions:
    return validated({f"deploy_{key}": changes})


def test_the_defaults_fit() -> None:
    small, large = deployment("80b", validated({})), deployment("480b", validated({}))
    assert (small.gpu, large.gpu) == ("H100:2", "H100:8")
    assert small.engine["tensor_parallel_size"] == 2
    assert small.engine["engine_args"] == {}
    assert large.engine["engine_args"] == {"enable_expert_parallel": True}
    assert all(one.placement and one.placement.requests >= 40 for one in (small, large))


def test_a_start_has_time_to_read_the_weights() -> None:
    large = deployment("480b", validated({}))
    assert large.start_timeout_s > 482e9 / 100e6  # from a slow volume, at 100 MB/s
    assert isinstance(large.engine["start_timeout_s"], int)
    assert large.start_timeout_s > large.engine["start_timeout_s"]


@pytest.mark.parametrize(
    ("key", "gpu", "wanted"),
    [
        ("80b", "H200", "H200:1"),
        ("80b", "B200:1", "B200:1"),
        ("80b", "auto", "H200:1"),
        ("480b", "H200:4", "H200:4"),
        ("480b", "B200", "B200:4"),
    ],
)
def test_gpus_are_a_setting(key: str, gpu: str, wanted: str) -> None:
    assert deployment(key, options(key, gpu=gpu)).gpu == wanted


def test_auto_is_the_cheapest_at_the_prices_that_are_set() -> None:
    dear = {"H200": 40.0}
    assert deployment("80b", options(gpu="auto"), dear).gpu != "H200:1"


def test_the_gpus_of_the_first_design_are_refused_with_those_that_fit() -> None:
    with pytest.raises(DoesNotFit, match="2 x H100"):
        deployment("80b", options(gpu="H100:1"))
    with pytest.raises(DoesNotFit, match="8 x H100 with expert parallelism"):
        deployment("480b", options("480b", gpu="H100:4"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gpu": "H1000:2"}, "unknown GPU 'H1000'"),
        ({"gpu": "RTX5090:4"}, "which Modal does not have"),
        ({"gpu": "none"}, "vLLM is to run there"),
        ({"min_containers": 2}, "'max_containers' is 1"),
        ({"memory_snapshot": True}, "one GPU alone"),
        ({"context": 300_000}, "context is 300000"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        deployment("80b", options(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keep_warm": 1}, "unknown option 'deploy_80b.keep_warm'"),
        ({"revision": "main"}, "String should match pattern"),
        ({"scaledown_window_s": 1}, "greater than or equal to 2"),
    ],
)
def test_a_misspelt_option_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        options(**changes)


def test_a_snapshot_sleeps_and_keeps_the_weights_in_memory() -> None:
    snapped = deployment("80b", options(gpu="H200", memory_snapshot=True))
    assert snapped.engine["enable_sleep_mode"] is True
    assert snapped.memory_mib is not None
    assert snapped.memory_mib * 2**20 > 80.4e9
    assert deployment("80b", options(gpu="H200")).memory_mib is None


def test_another_model_takes_the_place_of_the_own() -> None:
    chosen = options(model="80b-thinking")
    assert deployment("80b", chosen).model == "Qwen/Qwen3-Next-80B-A3B-Thinking-FP8"
    assert offer("80b-thinking", chosen).key == "80b"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (None, "80b"),
        ("80B", "80b"),
        ("480b", "480b"),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", "480b"),
        ("qwen3-next-80b-a3b-instruct-fp8", "80b"),
    ],
)
def test_a_class_is_found_by_the_names_of_its_model(name: str | None, key: str) -> None:
    assert offer(name).key == key


def test_a_model_that_no_class_serves_is_refused() -> None:
    with pytest.raises(UnknownModel, match="no class on Modal serves the model '4b'"):
        offer("4b", validated({}))


def test_a_container_reads_the_settings_that_were_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    table: dict[str, object] = {
        "app": "mine",
        "deploy_80b": {
            "gpu": "H200:1",
            "concurrency": 12,
            "enforce_eager": True,
            "region": ["us-east", "us-west"],
            "engine_args": {"gdn_prefill_backend": "triton", "swap": 1.5},
        },
    }
    for name, value in as_variables(table).items():
        monkeypatch.setenv(name, value)
    read = settings.load().settings.backends["modal"]
    assert validated(read) == validated(table)  # type: ignore[arg-type]


def test_vllm_eager_is_the_setting_of_both_unless_a_table_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VLLM_EAGER", "1")
    monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__MODAL__DEPLOY_480B__ENFORCE_EAGER", "false")
    read = validated(settings.load().settings.backends["modal"])
    assert (read.deploy_80b.enforce_eager, read.deploy_480b.enforce_eager) == (True, False)
