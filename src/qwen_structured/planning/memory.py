"""Compute what a model takes of each GPU's memory: weights, cache, state, overhead. Pure.

The formulas are vLLM's own paging, and `docs/planning.md` compares them with what vLLM reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias

from ..models import Architecture, Model

KVCache: TypeAlias = Literal["auto", "fp8", "float32"]
"""How keys and values are stored: ``auto`` in 16 bits."""

_BYTES_16_BIT = 2
_BYTES: Mapping[KVCache, int] = {"auto": _BYTES_16_BIT, "fp8": 1, "float32": 4}
_BLOCK_TOKENS = 16
_GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """What a sequence takes of one GPU, as vLLM pages it.

    vLLM hands out blocks. In a hybrid model a block holds either keys and values of `block_tokens` tokens of
    all full-attention layers, or one sequence's state of as many layers of linear attention; so a block is as
    long as it takes to be as large as a state.

    Attributes:
        bytes_per_token: keys and values of one token.
        state_bytes: state of one sequence, whatever its length; 0 without linear attention.
        block_tokens: tokens of a block.
        block_bytes: bytes of a block.
        state_blocks: blocks that hold one sequence's state.
    """

    bytes_per_token: int
    state_bytes: int
    block_tokens: int
    block_bytes: int
    state_blocks: int

    def blocks(self, tokens: int, *, prefix_caching: bool = False) -> int:
        """Blocks that a sequence of `tokens` takes.

        With `prefix_caching` each state takes a second block: vLLM keeps the last one that can be shared.

        Source: vLLM 0.32, `MambaSpec.max_memory_usage_bytes`, `mamba_cache_mode` ``align``.
        """
        return ceil(tokens / self.block_tokens) + self.state_blocks * (2 if prefix_caching else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How one GPU's memory is divided.

    Attributes:
        usable: what vLLM may take: the GPU's memory times `gpu_memory_utilization`.
        weights: this GPU's part of the weights.
        overhead: activations, CUDA graphs and buffers.
        cache: what a sequence takes.
    """

    usable: int
    weights: int
    overhead: int
    cache: Cache

    @property
    def room(self) -> int:
        """Bytes that are left for the cache; negative if the weights do not fit."""
        return self.usable - self.weights - self.overhead

    @property
    def blocks(self) -> int:
        """Blocks that fit into the room."""
        return max(0, self.room // self.cache.block_bytes)

    def requests(self, tokens: int, *, prefix_caching: bool = False) -> int:
        """Sequences of `tokens` that fit at once."""
        return self.blocks // self.cache.blocks(tokens, prefix_caching=prefix_caching)

    @property
    def longest_context(self) -> int:
        """Tokens of the longest sequence that fits; 0 if none does."""
        return max(0, self.blocks - self.cache.state_blocks) * self.cache.block_tokens

    def tokens(self, context: int) -> int:
        """Tokens that fit, in sequences of `context`; the figure that vLLM logs as its KV cache size."""
        return self.blocks * context // self.cache.blocks(context)


def memory(model: Model, memory_bytes: int, count: int, *, utilization: float, kv_cache: KVCache) -> Memory:
    """Divide the `memory_bytes` of each of `count` GPUs that a model is split over."""
    return Memory(
        usable=int(memory_bytes * utilization),
        weights=model.weight_bytes // count,
        overhead=overhead(model.architecture),
        cache=cache(model.architecture, count, kv_cache),
    )


def overhead(architecture: Architecture) -> int:
    """Bytes of one GPU that are neither weights nor cache: activations, CUDA graphs, NCCL's buffers.

    A line through the two ends that are known: 4 GiB at a width of 2,048 (3.5 were measured), 5 GiB at 6,144.

    Source: an 80B on one H200 (vLLM 0.26), vllm-project/recipes for the 480B; assumed in between and beyond.
    """
    return int((3.5 + architecture.hidden / 4096) * _GIB)


def cache(architecture: Architecture, tensor_parallel: int, kv_cache: KVCache) -> Cache:
    """What a sequence takes of each GPU when the heads are split over `tensor_parallel`.

    A head is not split: with more GPUs than key and value heads, several keep the same one.

    Source: vLLM 0.32, `kv_cache_interface` and `Platform.update_block_size_for_backend`; the state stays in
    16 bits when keys and values go to FP8.
    """
    kv_heads = max(1, architecture.kv_heads // tensor_parallel)
    per_layer = 2 * kv_heads * architecture.head_dim * _BYTES[kv_cache]
    layers = architecture.full_attention_layers
    if (linear := architecture.linear) is None:
        block_tokens, state_blocks, state = _BLOCK_TOKENS, 0, 0
    else:
        state = _state_bytes_per_layer(architecture, tensor_parallel)
        block_tokens = _BLOCK_TOKENS * ceil(state / (_BLOCK_TOKENS * per_layer))
        state_blocks = ceil(linear.layers / layers)
        state *= linear.layers
    return Cache(
        bytes_per_token=per_layer * layers,
        state_bytes=state,
        block_tokens=block_tokens,
        block_bytes=block_tokens * per_layer * layers,
        state_blocks=state_blocks,
    )


def _state_bytes_per_layer(architecture: Architecture, tensor_parallel: int) -> int:
    """A gated delta-net's state: a matrix a value head, and the last inputs of the convolution."""
    linear = architecture.linear
    if linear is None:
        return 0
    matrices = linear.value_heads * linear.value_head_dim * linear.key_head_dim
    channels = 2 * linear.key_heads * linear.key_head_dim + linear.value_heads * linear.value_head_dim
    return (matrices + channels * (linear.convolution - 1)) * _BYTES_16_BIT // tensor_parallel
