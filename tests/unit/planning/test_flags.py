"""The flags of a plan: what is set, and what is never left open."""

from __future__ import annotations

import json

import pytest

from qwen_structured import ConfigurationError, DoesNotFit, models
from qwen_structured.planning import serve_environment, serve_flags


def options(flags: list[str]) -> dict[str, str | None]:
    """The flags by name."""
    values: dict[str, str | None] = {}
    for here, after in zip(flags, [*flags[1:], "--"], strict=True):
        if here.startswith("--"):
            values[here] = None if after.startswith("--") else after
    return values


def test_flags_of_the_480b_on_eight_h100() -> None:
    found = options(serve_flags("480b", "H100", 8, context=16_384, concurrency=20))
    assert json.loads(found.pop("--structured-outputs-config") or "") == {
        "backend": "xgrammar",
        "disable_any_whitespace": True,
    }
    assert found == {
        "--tensor-parallel-size": "8",
        "--enable-expert-parallel": None,
        "--max-model-len": "16384",
        "--gpu-memory-utilization": "0.9",
        "--max-num-seqs": "20",
        "--kv-cache-dtype": "auto",
        "--enable-prompt-tokens-details": None,
        "--enable-per-request-metrics": None,
        "--host": "127.0.0.1",
        "--port": "8000",
    }


def test_experts_are_split_where_that_goes() -> None:
    assert "--enable-expert-parallel" not in serve_flags("480b", "H200", 4)


@pytest.mark.parametrize(("model", "thinks"), [("80b", False), ("80b-thinking", True)])
def test_a_model_that_thinks_has_its_parser(model: str, thinks: bool) -> None:
    found = options(serve_flags(model, "H200", 1))
    assert found.get("--reasoning-parser") == ("qwen3" if thinks else None)


def test_no_more_sequences_than_states_fit() -> None:
    few = options(serve_flags("80b", "H200", 1, concurrency=100_000))["--max-num-seqs"]
    assert 256 < int(few or 0) < 1000
    assert options(serve_flags("4b", "H200", 1, concurrency=9000))["--max-num-seqs"] == "9000"


def test_where_the_model_does_not_fit_there_are_no_flags() -> None:
    with pytest.raises(DoesNotFit, match="2 x H100"):
        serve_flags("80b", "H100", 1)


def test_a_server_that_others_reach_needs_a_key() -> None:
    with pytest.raises(ConfigurationError, match=r"host is '0\.0\.0\.0', which others reach: set a key"):
        serve_flags("80b", "H200", 1, host="0.0.0.0")
    flags = serve_flags("80b", "H200", 1, host="0.0.0.0", authenticated=True)
    assert "--api-key" not in flags, "it would stand in the list of processes"


def test_the_engine_of_a_large_model_has_time_to_start() -> None:
    assert int(serve_environment(models.get("480b"))["VLLM_ENGINE_READY_TIMEOUT_S"]) > 3600
    assert "VLLM_SERVER_DEV_MODE" not in serve_environment(models.get("480b"))
