"""The registry: what is known of each model by name, each fact with its source.

Backends, planning and the command line read models from here, so that a fact stands in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .exceptions import UnknownModel, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearAttention:
    """Layers that keep a state of fixed size in place of a cache that grows: gated delta-net.

    Attributes:
        layers: how many of the model's layers are of this kind.
        value_heads: heads of the values, and of the state.
        key_heads: heads of queries and keys.
        value_head_dim: numbers of a value head.
        key_head_dim: numbers of a key head.
        convolution: width of the convolution before the state, in tokens.
    """

    layers: int
    value_heads: int
    key_heads: int
    value_head_dim: int
    key_head_dim: int
    convolution: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """A mixture of experts, which stands in every layer in place of one wide one.

    Attributes:
        count: experts of a layer, of which each token is routed to some.
        per_token: experts that a token is routed to.
        intermediate: inner width of an expert.
        shared_intermediate: inner width of the expert that every token passes; 0 if there is none.
    """

    count: int
    per_token: int
    intermediate: int
    shared_intermediate: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A model's shape: what its memory and its speed are computed from.

    Attributes:
        layers: all layers.
        full_attention_layers: layers whose cache grows with the text.
        hidden: width between the layers.
        heads: query heads of full attention.
        kv_heads: key and value heads of full attention.
        head_dim: numbers of a head of full attention.
        gated_attention: full attention has a gate as wide as its queries.
        intermediate: inner width of the dense layers; 0 where experts stand in their place.
        vocabulary: tokens.
        tied_embeddings: input and output share one table.
        linear: layers of linear attention; None if there are none.
        experts: the mixture of experts; None for a dense model.
        weight_format: numbers that the weights are stored in.
        quantisation_block: side of the square of FP8 weights that share a scale; None unless FP8.
    """

    layers: int
    full_attention_layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    gated_attention: bool = False
    intermediate: int = 0
    vocabulary: int
    tied_embeddings: bool = False
    linear: LinearAttention | None = None
    experts: Experts | None = None
    weight_format: Literal["bf16", "fp8"] = "bf16"
    quantisation_block: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Facts of one model.

    Attributes:
        name: full name, as on the model hub; of the shipped model, its own name.
        aliases: short names that mean it too.
        parameters: weights, in numbers, not bytes.
        active_parameters: weights that a token passes; less than `parameters` in mixtures of experts.
        weight_bytes: bytes of the weights that an engine loads; layers that predict several tokens at once
            (MTP) are left out, since an engine loads them for speculative decoding alone.
        context_tokens: tokens that its context holds.
        thinks: its chat template has a reasoning part that can be turned on.
        backends: backends that it is made for.
        source: where these facts come from.
        architecture: the model's shape, which `planning` computes with.
    """

    name: str
    aliases: tuple[str, ...] = ()
    parameters: int
    active_parameters: int
    weight_bytes: int
    context_tokens: int
    thinks: bool
    backends: tuple[str, ...]
    source: str
    architecture: Architecture


SHIPPED = "qwen-structured-9m"
"""Name of the model that comes with the package."""

_GPU = ("vllm", "server", "modal")
_ANY = ("embedded", "vllm", "server")


def _small(hidden: int, intermediate: int, layers: int, heads: int) -> Architecture:
    """Qwen3's dense models with tied embeddings.

    Source: config.json of each; the parameters computed from it are those of the registry, to the number.
    """
    return Architecture(
        layers=layers,
        full_attention_layers=layers,
        hidden=hidden,
        intermediate=intermediate,
        heads=heads,
        kv_heads=8,
        head_dim=128,
        vocabulary=151_936,
        tied_embeddings=True,
    )


def _next_80b(weight_format: Literal["bf16", "fp8"] = "fp8") -> Architecture:
    """Qwen3-Next-80B-A3B.

    Source: defaults of transformers 5.20 `Qwen3NextConfig`; the FP8 block is the model card's.
    """
    return Architecture(
        layers=48,
        full_attention_layers=12,
        hidden=2048,
        heads=16,
        kv_heads=2,
        head_dim=256,
        gated_attention=True,
        vocabulary=151_936,
        linear=LinearAttention(
            layers=36, value_heads=32, key_heads=16, value_head_dim=128, key_head_dim=128, convolution=4
        ),
        experts=Experts(count=512, per_token=10, intermediate=512, shared_intermediate=512),
        weight_format=weight_format,
        quantisation_block=128 if weight_format == "fp8" else None,
    )


_CODER_480B = Architecture(
    layers=62,
    full_attention_layers=62,
    hidden=6144,
    heads=96,
    kv_heads=8,
    head_dim=128,
    vocabulary=151_936,  # assumed; it reproduces 480.15 B parameters, 35.5 B of them active
    experts=Experts(count=160, per_token=8, intermediate=2560),
    weight_format="fp8",
    quantisation_block=128,
)
"""Source: model card and vllm-project/recipes."""

_SHIPPED_ARCHITECTURE = Architecture(
    layers=8,
    full_attention_layers=8,
    hidden=320,
    intermediate=768,
    heads=4,
    kv_heads=2,
    head_dim=64,
    vocabulary=4096,
    tied_embeddings=True,
)
"""Source: backends/embedded/model/config.json."""

MODELS: tuple[Model, ...] = (
    Model(
        name=SHIPPED,
        aliases=("9m",),
        parameters=9_181_504,
        active_parameters=9_181_504,
        weight_bytes=18_363_008,
        context_tokens=2048,
        thinks=False,
        backends=("embedded",),
        source="trained by training/train.py; backends/embedded/model/README.md is its card",
        architecture=_SHIPPED_ARCHITECTURE,
    ),
    Model(
        name="Qwen/Qwen3-0.6B",
        aliases=("0.6b",),
        parameters=596_049_920,
        active_parameters=596_049_920,
        weight_bytes=1_192_099_840,
        context_tokens=40_960,
        thinks=True,
        backends=_ANY,
        source="config.json of the model's repository; sizes computed from it at 2 bytes a weight",
        architecture=_small(1024, 3072, 28, 16),
    ),
    Model(
        name="Qwen/Qwen3-1.7B",
        aliases=("1.7b",),
        parameters=1_720_574_976,
        active_parameters=1_720_574_976,
        weight_bytes=3_441_149_952,
        context_tokens=40_960,
        thinks=True,
        backends=_ANY,
        source="config.json of the model's repository; sizes computed from it at 2 bytes a weight",
        architecture=_small(2048, 6144, 28, 16),
    ),
    Model(
        name="Qwen/Qwen3-4B-Instruct-2507",
        aliases=("4b",),
        parameters=4_022_468_096,
        active_parameters=4_022_468_096,
        weight_bytes=8_044_936_192,
        context_tokens=262_144,
        thinks=False,
        backends=_ANY,
        source="config.json of the model's repository; sizes computed from it at 2 bytes a weight",
        architecture=_small(2560, 9728, 36, 32),
    ),
    Model(
        name="Qwen/Qwen3-Next-80B-A3B-Instruct-FP8",
        aliases=("80b",),
        parameters=81_320_000_000,
        active_parameters=3_000_000_000,
        weight_bytes=80_400_000_000,
        context_tokens=262_144,
        thinks=False,
        backends=_GPU,
        source=(
            "transformers 5.20 Qwen3NextConfig and the model card; 79.67 B + 1.65 B MTP weights, "
            "74.9 GiB measured on one H200"
        ),
        architecture=_next_80b(),
    ),
    Model(
        name="Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8",
        aliases=("480b",),
        parameters=480_150_000_000,
        active_parameters=35_500_000_000,
        weight_bytes=482_000_000_000,
        context_tokens=262_144,
        thinks=False,
        backends=_GPU,
        source="model card and vllm-project/recipes; 449 GiB of weights, computed",
        architecture=_CODER_480B,
    ),
    Model(
        name="Qwen/Qwen3-Next-80B-A3B-Thinking-FP8",
        aliases=("80b-thinking",),
        parameters=81_320_000_000,
        active_parameters=3_000_000_000,
        weight_bytes=80_400_000_000,
        context_tokens=262_144,
        thinks=True,
        backends=_GPU,
        source="model card: the architecture of Qwen3-Next-80B-A3B-Instruct-FP8, trained to reason",
        architecture=_next_80b(),
    ),
    Model(
        name="Qwen/Qwen3-Coder-Next-FP8",
        aliases=("coder-next",),
        parameters=79_670_000_000,
        active_parameters=3_000_000_000,
        weight_bytes=80_400_000_000,
        context_tokens=262_144,
        thinks=False,
        backends=_GPU,
        source="model card: the architecture of Qwen3-Next-80B-A3B; sizes computed from it, without MTP",
        architecture=_next_80b(),
    ),
    Model(
        name="Qwen/Qwen3-Coder-Next",
        aliases=("coder-next-bf16",),
        parameters=79_670_000_000,
        active_parameters=3_000_000_000,
        weight_bytes=159_350_000_000,
        context_tokens=262_144,
        thinks=False,
        backends=_GPU,
        source="model card: the architecture of Qwen3-Next-80B-A3B; sizes computed from it, without MTP",
        architecture=_next_80b("bf16"),
    ),
)


def find(name: str) -> Model | None:
    """The registered model of this name or alias (in any case), or None."""
    wanted = name.lower()
    return next((m for m in MODELS if wanted in _spellings(m)), None)


def get(name: str) -> Model:
    """The registered model of this name or alias.

    Raises:
        UnknownModel: it is not registered; the message names the nearest that is.
    """
    model = find(name)
    if model is None:
        known = [spelling for m in MODELS for spelling in (m.name, *m.aliases)]
        raise UnknownModel(f"unknown model {name!r}: {did_you_mean(name, known)}")
    return model


def _spellings(model: Model) -> Iterator[str]:
    yield model.name.lower()
    yield model.name.rsplit("/", 1)[-1].lower()
    yield from model.aliases
