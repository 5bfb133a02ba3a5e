"""Count a model's weights, by what a token reads of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Architecture

_SCALE_BYTES = 4  # one float32 a block
_BYTES_16_BIT = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """Bytes of a model's weights.

    Attributes:
        embedding: the input table, of which a token reads one row; 0 if it is the output table too.
        shared: what every token reads: attention, routers, shared experts, norms, the output table.
        expert: one routed expert of one layer.
        experts: all routed experts of all layers.
    """

    embedding: int
    shared: int
    expert: int
    experts: int

    @property
    def all(self) -> int:
        """Everything that is loaded."""
        return self.embedding + self.shared + self.experts


def parameters(architecture: Architecture) -> int:
    """Numbers, not bytes, of all weights (without those that predict several tokens at once)."""
    return _weights(architecture, 1.0, 1.0).all


def active_parameters(architecture: Architecture) -> int:
    """Numbers that one token passes, both tables of the vocabulary included."""
    weights = _weights(architecture, 1.0, 1.0)
    experts = architecture.experts
    routed = weights.expert * experts.per_token * architecture.layers if experts else 0
    return weights.embedding + weights.shared + routed


def weights(architecture: Architecture) -> Weights:
    """Bytes of all weights, as they are stored.

    Of an FP8 model the tables, norms, routers and convolutions stay in 16 bits.

    Source: `modules_to_not_convert` in the config.json of Qwen's FP8 models.
    """
    matrix = float(_BYTES_16_BIT)
    if architecture.weight_format == "fp8":
        block = architecture.quantisation_block
        matrix = 1 + (_SCALE_BYTES / block**2 if block else 0)
    return _weights(architecture, matrix, float(_BYTES_16_BIT))


def _weights(model: Architecture, matrix: float, other: float) -> Weights:
    """Weigh each matrix that FP8 applies to with `matrix`, everything else with `other`."""
    table = model.vocabulary * model.hidden
    expert = 3 * model.hidden * model.experts.intermediate if model.experts else 0
    in_8_bits = _attention(model) + _linear_attention(model) + model.layers * _dense(model)
    in_16_bits = table + _small_ones(model)
    return Weights(
        embedding=0 if model.tied_embeddings else round(table * other),
        shared=round(in_8_bits * matrix + in_16_bits * other),
        expert=round(expert * matrix),
        experts=round(expert * matrix) * model.layers * (model.experts.count if model.experts else 0),
    )


def _attention(model: Architecture) -> int:
    queries = model.heads * model.head_dim
    both = 2 * model.kv_heads * model.head_dim
    gate = queries if model.gated_attention else 0
    return model.full_attention_layers * model.hidden * (queries + gate + both + queries)


def _linear_attention(model: Architecture) -> int:
    if (linear := model.linear) is None:
        return 0
    keys = linear.key_heads * linear.key_head_dim
    values = linear.value_heads * linear.value_head_dim
    return linear.layers * model.hidden * (2 * keys + 2 * values + values)


def _dense(model: Architecture) -> int:
    """The inner matrices of a layer that every token passes."""
    inner = model.experts.shared_intermediate if model.experts else model.intermediate
    return 3 * model.hidden * inner


def _small_ones(model: Architecture) -> int:
    """Norms, routers, gates and convolutions."""
    norms = model.hidden * (2 * model.layers + 1) + 2 * model.head_dim * model.full_attention_layers
    routers = 0
    if model.experts:
        gates = model.experts.count + (1 if model.experts.shared_intermediate else 0)
        routers = model.layers * model.hidden * gates
    if (linear := model.linear) is None:
        return norms + routers
    channels = 2 * linear.key_heads * linear.key_head_dim + linear.value_heads * linear.value_head_dim
    per_layer = (
        model.hidden * 2 * linear.value_heads
        + channels * linear.convolution
        + 2 * linear.value_heads
        + linear.value_head_dim
    )
    return norms + routers + linear.layers * per_layer
