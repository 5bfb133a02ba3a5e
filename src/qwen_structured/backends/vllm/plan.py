"""What is known to fail before any weight is read: the model's facts against the options and the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ... import models
from ...exceptions import ModelNotLoadable, SettingsError, UnknownModel
from ..sources import ModelSource
from .options import VLLMOptions

_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine is going to be.

    Attributes:
        model: the model's full name.
        tensor_parallel_size: GPUs that each layer is split over.
        context_tokens: tokens of the context; None where the model's files have yet to tell.
        weight_bytes: bytes of the weights; 0 where they are not known.
    """

    model: str
    tensor_parallel_size: int
    context_tokens: int | None
    weight_bytes: int

    def __str__(self) -> str:
        weights = f", {self.weight_bytes / _GIB:.1f} GiB of weights" if self.weight_bytes else ""
        context = f", context of {self.context_tokens:,} tokens" if self.context_tokens else ""
        return f"{self.model}: tensor parallel {self.tensor_parallel_size}{weights}{context}"


def check_plan(source: ModelSource, options: VLLMOptions, gpu_bytes: Sequence[int] | None = None) -> Plan:
    """Check what can be known without reading a weight.

    Args:
        source: the model.
        options: of the backend.
        gpu_bytes: memory of each GPU of the machine; None where that is not to be looked at.

    Raises:
        UnknownModel: the model is made for other backends only.
        SettingsError: the options ask for more context than the model has, or more GPUs than the machine.
        ModelNotLoadable: the weights do not fit into the memory of the GPUs.
    """
    known = models.find(source.name)
    if known is not None and "vllm" not in known.backends:
        raise UnknownModel(
            f"model {source.name!r} is made for {', '.join(map(repr, known.backends))}, not for 'vllm': "
            f"name another, such as {models.MODELS[-1].name!r}"
        )
    most = known.context_tokens if known else _context_of(source.folder)
    if most is not None and options.max_model_len is not None and options.max_model_len > most:
        raise SettingsError(
            f"option 'max_model_len' of backend 'vllm' is {options.max_model_len}, and the context of "
            f"{source.name!r} has {most} tokens: set it to that or less"
        )
    weights = known.weight_bytes if known else _weights_in(source.folder)
    if gpu_bytes is not None:
        _check_gpus(source, options, weights, gpu_bytes)
    return Plan(source.name, options.tensor_parallel_size, options.max_model_len or most, weights)


def _check_gpus(source: ModelSource, options: VLLMOptions, weights: int, gpu_bytes: Sequence[int]) -> None:
    wanted = options.tensor_parallel_size
    if wanted > len(gpu_bytes):
        raise SettingsError(
            f"option 'tensor_parallel_size' of backend 'vllm' is {wanted}, and this machine has "
            f"{len(gpu_bytes)} GPUs: lower it"
        )
    per_gpu = min(gpu_bytes) * options.gpu_memory_utilization
    if weights / wanted > per_gpu:
        raise ModelNotLoadable(
            f"the weights of {source.name!r} take {weights / wanted / _GIB:.1f} GiB of each of {wanted} "
            f"GPUs, and the engine may take {per_gpu / _GIB:.1f} GiB: raise 'tensor_parallel_size', or "
            "choose a smaller model or a larger GPU; `qwen-structured plan` says what fits where"
        )


def _context_of(folder: Path | None) -> int | None:
    if folder is None:
        return None
    config = json.loads((folder / "config.json").read_text("utf-8"))
    most = {**config, **config.get("text_config", {})}.get("max_position_embeddings")
    return int(most) if most else None


def _weights_in(folder: Path | None) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.safetensors")) if folder else 0
