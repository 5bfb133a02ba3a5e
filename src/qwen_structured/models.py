"""The registry: what is known of each model by name, each fact with its source.

Backends, planning and the command line read models from here, so that a fact stands in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .exceptions import UnknownModel, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Facts of one model.

    Attributes:
        name: full name, as on the model hub; of the shipped model, its own name.
        aliases: short names that mean it too.
        parameters: weights, in numbers, not bytes.
        active_parameters: weights that a token passes; less than `parameters` in mixtures of experts.
        weight_bytes: bytes of the published weights.
        context_tokens: tokens that its context holds.
        thinks: its chat template has a reasoning part that can be turned on.
        backends: backends that it is made for.
        source: where these facts come from.
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


SHIPPED = "qwen-structured-9m"
"""Name of the model that comes with the package."""

_GPU = ("vllm", "server", "modal")
_ANY = ("embedded", "vllm", "server")

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
