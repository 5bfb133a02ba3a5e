"""Read a model's architecture from its config.json. Pure: the caller reads the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ..exceptions import ModelNotLoadable
from ..models import Architecture, Experts, LinearAttention, Model
from .weights import active_parameters, parameters, weights

if TYPE_CHECKING:
    from pydantic import JsonValue

_KINDS = ("qwen3", "qwen3_moe", "qwen3_next")
_FULL_ATTENTION_INTERVAL = 4
"""Source: transformers 5.20, `Qwen3NextConfig`."""


def model(name: str, config: Mapping[str, JsonValue], *, thinks: bool) -> Model:
    """Describe a model that is not in the registry, from its config.json.

    Args:
        name: its hub name or folder.
        config: what stands in its config.json.
        thinks: its chat template has a reasoning part that can be turned on.

    Raises:
        ModelNotLoadable: it is of another architecture, is quantised in a way that is not planned, or its
            config.json lacks a number.
    """
    shape = architecture(name, config)
    return Model(
        name=name,
        parameters=parameters(shape),
        active_parameters=active_parameters(shape),
        weight_bytes=weights(shape).all,
        context_tokens=_Config(name, config).number("max_position_embeddings"),
        thinks=thinks,
        backends=("vllm", "server"),
        source="its config.json",
        architecture=shape,
    )


def architecture(name: str, config: Mapping[str, JsonValue]) -> Architecture:
    """The shape of a dense Qwen3, a Qwen3-MoE or a Qwen3-Next, in FP8 or 16 bits.

    Raises:
        ModelNotLoadable: it is something else, or its config.json lacks a number.
    """
    read = _Config(name, config)
    if (kind := config.get("model_type")) not in _KINDS:
        raise ModelNotLoadable(f"{name} is of the architecture {kind!r}: planned are {', '.join(_KINDS)}")
    layers, hidden, heads = (
        read.number(key) for key in ("num_hidden_layers", "hidden_size", "num_attention_heads")
    )
    weight_format, block = _quantisation(name, config.get("quantization_config"))
    plain = Architecture(
        layers=layers,
        full_attention_layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=read.number("num_key_value_heads"),
        head_dim=read.number("head_dim", hidden // heads),
        vocabulary=read.number("vocab_size"),
        tied_embeddings=bool(config.get("tie_word_embeddings", False)),
        weight_format=weight_format,
        quantisation_block=block,
    )
    if kind == "qwen3":
        return replace(plain, intermediate=read.number("intermediate_size"))
    plain = replace(plain, experts=_experts(name, read, config))
    return _hybrid(plain, read, config) if kind == "qwen3_next" else plain


class _Config:
    """Whole numbers of a config.json."""

    def __init__(self, name: str, config: Mapping[str, JsonValue]) -> None:
        self._name = name
        self._config = config

    def number(self, key: str, default: int | None = None) -> int:
        value = self._config.get(key)
        value = default if value is None else value
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ModelNotLoadable(
                f"{key!r} in the config.json of {self._name} is {value!r}, not a whole number above 0"
            )
        return value


def _experts(name: str, read: _Config, config: Mapping[str, JsonValue]) -> Experts:
    if config.get("mlp_only_layers") or read.number("decoder_sparse_step", 1) != 1:
        raise ModelNotLoadable(f"{name} has experts in some layers only: that is not planned")
    shared = config.get("shared_expert_intermediate_size")
    return Experts(
        count=read.number("num_experts"),
        per_token=read.number("num_experts_per_tok"),
        intermediate=read.number("moe_intermediate_size"),
        shared_intermediate=read.number("shared_expert_intermediate_size") if shared else 0,
    )


def _hybrid(plain: Architecture, read: _Config, config: Mapping[str, JsonValue]) -> Architecture:
    kinds = config.get("layer_types")
    if isinstance(kinds, list):
        full = kinds.count("full_attention")
    else:
        full = plain.layers // read.number("full_attention_interval", _FULL_ATTENTION_INTERVAL)
    linear = LinearAttention(
        layers=plain.layers - full,
        value_heads=read.number("linear_num_value_heads"),
        key_heads=read.number("linear_num_key_heads"),
        value_head_dim=read.number("linear_value_head_dim"),
        key_head_dim=read.number("linear_key_head_dim"),
        convolution=read.number("linear_conv_kernel_dim"),
    )
    return replace(plain, full_attention_layers=full, gated_attention=True, linear=linear)


def _quantisation(name: str, config: JsonValue) -> tuple[Literal["bf16", "fp8"], int | None]:
    if config is None:
        return "bf16", None
    method = config.get("quant_method") if isinstance(config, dict) else config
    if not isinstance(config, dict) or method != "fp8":
        raise ModelNotLoadable(f"{name} is quantised by {method!r}: planned are FP8 and 16 bits")
    match config.get("weight_block_size"):
        case [int(block), int(other)] if block == other > 0:
            return "fp8", block
        case None:
            return "fp8", None
        case other:
            raise ModelNotLoadable(f"{name} has FP8 blocks of {other!r}: planned are squares")
