"""The plan of vLLM's engine: what fits is told with its memory, what does not is refused with what does."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from qwen_structured import DoesNotFit, ModelNotLoadable, SettingsError, UnknownModel, models
from qwen_structured.backends.sources import ModelSource
from qwen_structured.backends.vllm.machine import CPU, GPUs, Machine
from qwen_structured.backends.vllm.options import VLLMOptions
from qwen_structured.backends.vllm.plan import Plan, announce, check_options, make_plan
from qwen_structured.planning import GPUS

DOCS = Path(__file__).parents[2] / "docs" / "backends.md"
GIB = 2**30
MEMORY = {gpu.name: gpu.memory_bytes for gpu in GPUS}


def gpus(name: str, count: int) -> GPUs:
    return GPUs(f"NVIDIA {name}", (MEMORY[name],) * count)


def plan(model: str, machine: Machine, **options: Any) -> Plan:
    return make_plan(ModelSource.of(model), optioned(**options), machine)


def optioned(**options: Any) -> VLLMOptions:
    return VLLMOptions.model_validate(options)


def folder(tmp_path: Path, **config: Any) -> str:
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "tokenizer.json").touch()
    (tmp_path / "model.safetensors").write_bytes(b"0" * 1000)
    return str(tmp_path)


DENSE = {
    "model_type": "qwen3",
    "num_hidden_layers": 2,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 32,
    "vocab_size": 320,
    "max_position_embeddings": 2048,
    "tie_word_embeddings": True,
}


# --- what fits -----------------------------------------------------------------------------------


def test_a_plan_has_the_memory_that_planning_computes() -> None:
    made = plan("80b", gpus("H200", 1), max_model_len=8192)
    assert str(made) == (
        "plan: Qwen/Qwen3-Next-80B-A3B-Instruct-FP8 on 1 x NVIDIA H200, context of 8,192 tokens, up to 256 "
        "requests at once\n"
        "  takes 125.8 GiB: 74.9 for weights, 4.0 for overhead, 46.9 for KV cache, which holds 1,625,465 "
        "tokens\n"
        "  171 requests of 8,192 tokens fit at once, so that vLLM lets some wait if more fill the context"
    )
    assert f"```text\n{made}\n```" in DOCS.read_text("utf-8")


def test_experts_that_cannot_be_split_stand_whole() -> None:
    made = plan("480b", gpus("H100", 8), max_model_len=8192, tensor_parallel_size=8, max_num_seqs=16)
    assert made.expert_parallel
    assert "8 x NVIDIA H100 with expert parallelism" in str(made)
    assert not plan("480b", gpus("H200", 4), max_model_len=8192, tensor_parallel_size=4).expert_parallel


def test_requests_at_once_are_no_more_than_states_fit() -> None:
    made = plan("80b", gpus("H200", 1), max_model_len=8192, max_num_seqs=5000)
    assert 256 < made.max_num_seqs < 5000
    assert f"max_num_seqs is lowered from 5000 to {made.max_num_seqs}: no more states fit" in made.notes


@pytest.mark.parametrize(
    ("options", "tokens"),
    [({}, 1), ({"kv_cache_dtype": "fp8"}, 2), ({"dtype": "float32"}, 0.5)],
)
def test_the_form_of_keys_and_values_counts(tmp_path: Path, options: dict[str, Any], tokens: float) -> None:
    made = plan(folder(tmp_path, **DENSE), CPU(16 * GIB, 16 * GIB, GIB), **options)
    assert made.memory is not None
    assert made.memory.tokens(16) == 4_194_304 * tokens


def test_weights_in_float32_count_twice() -> None:
    half, full = (plan("0.6b", gpus("H100", 1), dtype=dtype).memory for dtype in ("auto", "float32"))
    assert half is not None
    assert full is not None
    assert full.weights == 2 * half.weights == 2 * models.get("0.6b").weight_bytes


# --- what does not -------------------------------------------------------------------------------


def test_too_few_gpus_are_refused_with_what_fits() -> None:
    with pytest.raises(DoesNotFit) as caught:
        plan("80b", gpus("H100", 2), max_model_len=8192)
    said = str(caught.value)
    assert (
        "does not fit on 1 x NVIDIA H100: vLLM may take 71.2 GiB of a GPU, and the weights need 74.9" in said
    )
    assert "with 'tensor_parallel_size' 2 it fits on this machine" in said
    assert "it fits on 1 x B200, or 1 x H200" in said


def test_a_context_that_the_cache_cannot_hold_is_refused_with_one_that_it_can() -> None:
    machine = GPUs("NVIDIA A10", (24 * GIB,))
    with pytest.raises(DoesNotFit) as caught:
        plan("4b", machine)
    longest = int(str(caught.value).partition("'max_model_len' ")[2].partition(" ")[0])
    assert 8_192 < longest < 262_144
    assert plan("4b", machine, max_model_len=longest).context_tokens == longest
    with pytest.raises(DoesNotFit):
        plan("4b", machine, max_model_len=longest + 16)


@pytest.mark.parametrize(("model", "count", "ways"), [("80b", 8, "1 or 2 or 4"), ("0.6b", 3, "1 or 2 or 4")])
def test_a_model_that_cannot_be_split_so_is_refused_at_once(model: str, count: int, ways: str) -> None:
    options = optioned(tensor_parallel_size=count)
    with pytest.raises(SettingsError, match=f"'tensor_parallel_size' .+ is {count}, .+ set it to {ways}"):
        check_options(ModelSource.of(model), options)


def test_more_gpus_than_there_are_are_refused() -> None:
    with pytest.raises(SettingsError, match="is 4, and this machine has 2 GPUs"):
        plan("80b", gpus("H100", 2), tensor_parallel_size=4)


def test_more_context_than_the_model_has_is_refused_at_once(tmp_path: Path) -> None:
    source, options = ModelSource.of(folder(tmp_path, **DENSE)), optioned(max_model_len=4096)
    with pytest.raises(SettingsError, match=r"'max_model_len' .+ is 4096, .+ has 2048 tokens"):
        check_options(source, options)
    stretched = optioned(max_model_len=4096, engine_args={"hf_overrides": {"rope_parameters": {}}})
    check_options(source, stretched)


def test_a_model_of_another_backend_is_refused() -> None:
    with pytest.raises(UnknownModel, match="made for 'embedded', not for 'vllm'"):
        check_options(ModelSource.of("9m"), optioned())


def test_a_config_that_is_not_json_is_refused(tmp_path: Path) -> None:
    source = ModelSource.of(folder(tmp_path))
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelNotLoadable, match="is not JSON"):
        check_options(source, optioned())


# --- the CPU -------------------------------------------------------------------------------------


def test_on_a_cpu_weights_and_cache_have_to_fit_into_what_is_free() -> None:
    with pytest.raises(
        ModelNotLoadable, match=r"take 5\.1 GiB of memory \(1\.1 for weights\), and 4\.0 are free"
    ):
        plan("0.6b", CPU(16 * GIB, 4 * GIB, 4 * GIB), max_model_len=1024)
    assert plan("0.6b", CPU(16 * GIB, 8 * GIB, 4 * GIB), max_model_len=1024).machine == "this CPU"


def test_on_a_cpu_a_cache_that_holds_no_request_is_refused() -> None:
    with pytest.raises(
        ModelNotLoadable, match=r"set 'max_model_len' to 9\d\d\d or less, or a larger VLLM_CPU"
    ):
        plan("0.6b", CPU(16 * GIB, 8 * GIB, GIB))


# --- what is not planned -------------------------------------------------------------------------


def test_of_another_architecture_context_and_weights_are_known(tmp_path: Path) -> None:
    model = folder(tmp_path, model_type="llama", max_position_embeddings=512)
    made = plan(model, gpus("H100", 1))
    assert (made.context_tokens, made.memory) == (512, None)
    assert "memory is not planned: " in str(made)
    assert "'llama'" in str(made)
    with pytest.raises(DoesNotFit, match="the weights need"):
        plan(model, GPUs("tiny", (1000,)))
    with pytest.raises(SettingsError, match="has 512 tokens"):
        plan(model, gpus("H100", 1), max_model_len=1024)


@pytest.mark.parametrize(
    "options", [{"quantization": "bitsandbytes"}, {"engine_args": {"pipeline_parallel_size": 2}}]
)
def test_what_changes_the_memory_in_unplanned_ways_is_said(options: dict[str, Any]) -> None:
    made = plan("80b", gpus("H100", 1), **options)
    assert made.memory is None
    assert "memory is not planned with " in str(made)


# --- the plan is told ----------------------------------------------------------------------------


@pytest.fixture
def told() -> Plan:
    return plan("80b", gpus("H200", 1), max_model_len=8192)


def test_a_plan_goes_to_stderr_where_logging_is_not_set_up(
    told: Plan, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger("qwen_structured"), "level", logging.NOTSET)  # not by others
    announce(told)
    assert capsys.readouterr().err == f"{told}\n"
    monkeypatch.setattr(logging.getLogger("qwen_structured"), "level", logging.WARNING)
    announce(told)
    assert capsys.readouterr().err == ""


def test_a_plan_goes_to_the_programs_log_where_there_is_one(
    told: Plan, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "qwen_structured"):
        announce(told)
    assert [record.getMessage() for record in caplog.records] == [str(told)]
    assert capsys.readouterr().err == ""
