"""Models by their config.json: what is read, what is refused, and where the file comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qwen_structured import ModelNotLoadable, UnknownModel, model_configs, models
from qwen_structured.planning import configs, plan

FP8 = {"quant_method": "fp8", "weight_block_size": [128, 128], "activation_scheme": "dynamic"}
DENSE: dict[str, Any] = {
    "model_type": "qwen3",
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151_936,
    "tie_word_embeddings": True,
    "max_position_embeddings": 40_960,
    "torch_dtype": "bfloat16",
}
CODER: dict[str, Any] = {
    "model_type": "qwen3_moe",
    "hidden_size": 6144,
    "intermediate_size": 8192,
    "moe_intermediate_size": 2560,
    "num_experts": 160,
    "num_experts_per_tok": 8,
    "num_hidden_layers": 62,
    "num_attention_heads": 96,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151_936,
    "shared_expert_intermediate_size": 0,
    "decoder_sparse_step": 1,
    "mlp_only_layers": [],
    "max_position_embeddings": 262_144,
    "quantization_config": FP8,
}
NEXT: dict[str, Any] = {
    "model_type": "qwen3_next",
    "hidden_size": 2048,
    "intermediate_size": 5120,
    "moe_intermediate_size": 512,
    "shared_expert_intermediate_size": 512,
    "num_experts": 512,
    "num_experts_per_tok": 10,
    "num_hidden_layers": 48,
    "full_attention_interval": 4,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "head_dim": 256,
    "linear_num_value_heads": 32,
    "linear_num_key_heads": 16,
    "linear_value_head_dim": 128,
    "linear_key_head_dim": 128,
    "linear_conv_kernel_dim": 4,
    "vocab_size": 151_936,
    "max_position_embeddings": 262_144,
    "quantization_config": FP8,
}


@pytest.mark.parametrize(("config", "alias"), [(DENSE, "0.6b"), (CODER, "480b"), (NEXT, "80b")])
def test_an_architecture_is_the_one_of_the_registry(config: dict[str, Any], alias: str) -> None:
    assert configs.architecture("x", config) == models.get(alias).architecture


def test_layers_may_be_listed_one_by_one() -> None:
    kinds: list[Any] = ["linear_attention", "linear_attention", "linear_attention", "full_attention"] * 12
    assert configs.architecture("x", {**NEXT, "layer_types": kinds}) == models.get("80b").architecture


def test_a_model_is_described_from_its_config() -> None:
    model = configs.model("acme/coder", CODER, thinks=False)
    assert model.weight_bytes == pytest.approx(models.get("480b").weight_bytes, rel=0.001)
    assert model.context_tokens == 262_144
    assert str(plan(model).best) == str(plan("480b").best)


def test_a_head_is_a_part_of_the_width_unless_it_is_told() -> None:
    config = {key: value for key, value in DENSE.items() if key != "head_dim"}
    assert configs.architecture("x", config).head_dim == 64


def test_fp8_without_blocks_breaks_none() -> None:
    fp8 = {**CODER, "quantization_config": {"quant_method": "fp8"}}
    shape = configs.architecture("x", fp8)
    assert (shape.weight_format, shape.quantisation_block) == ("fp8", None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"model_type": "llama"},
            "x is of the architecture 'llama': planned are qwen3, qwen3_moe",
        ),
        ({"model_type": None}, "architecture None"),
        ({"num_hidden_layers": None}, "'num_hidden_layers' in the config.json of x is None"),
        ({"hidden_size": "2048"}, "'hidden_size' in the config.json of x is '2048', not a whole number"),
        ({"vocab_size": 0}, "'vocab_size' .* is 0"),
        ({"num_experts": True}, "'num_experts' .* is True"),
        ({"quantization_config": {"quant_method": "awq"}}, "x is quantised by 'awq'"),
        ({"quantization_config": "int4"}, "x is quantised by 'int4'"),
        ({"quantization_config": {**FP8, "weight_block_size": [1, 128]}}, r"FP8 blocks of \[1, 128\]"),
        ({"mlp_only_layers": [0]}, "experts in some layers only"),
    ],
)
def test_what_is_not_planned_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelNotLoadable, match=message):
        configs.model("x", {**NEXT, **changes}, thinks=False)


# --- where it comes from -------------------------------------------------------------------------


def folder(path: Path, config: object) -> Path:
    path.mkdir(exist_ok=True)
    (path / "config.json").write_text(config if isinstance(config, str) else json.dumps(config), "utf-8")
    return path


def test_a_registered_name_needs_no_file() -> None:
    assert model_configs.find("80B") is models.get("80b")


def test_a_folder_is_read(tmp_path: Path) -> None:
    made = folder(tmp_path / "own", DENSE)
    model = model_configs.find(str(made))
    assert (model.name, model.parameters, model.thinks) == (str(made), 596_049_920, False)
    (made / "tokenizer_config.json").write_text('{"chat_template": "{% if enable_thinking %}"}')
    assert model_configs.find(str(made)).thinks


@pytest.mark.parametrize(("config", "message"), [("{", "is not JSON"), ("[]", "is list, not an object")])
def test_a_broken_config_is_told(tmp_path: Path, config: str, message: str) -> None:
    with pytest.raises(ModelNotLoadable, match=message):
        model_configs.find(str(folder(tmp_path / "own", config)))


def test_a_folder_without_a_config_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelNotLoadable, match=r"cannot read the config\.json of .*: No such file"):
        model_configs.find(str(tmp_path))


def test_a_name_that_is_nothing_is_told_the_nearest() -> None:
    with pytest.raises(UnknownModel, match="did you mean '80b'"):
        model_configs.find("81b")


def test_a_hub_name_is_fetched_without_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    asked: list[object] = []

    def snapshot_download(name: str, *, allow_patterns: list[str]) -> str:
        asked.extend([name, *allow_patterns])
        return str(folder(tmp_path / "cache", NEXT))

    monkeypatch.setattr(hub, "snapshot_download", snapshot_download)
    assert model_configs.find("acme/next").name == "acme/next"
    assert asked == ["acme/next", "config.json", "chat_template.jinja", "tokenizer_config.json"]
