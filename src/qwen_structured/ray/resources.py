"""What an actor needs of its machine: GPUs by the plan of the model, CPUs, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final

from .._registry import Choice
from ..backends.options import validated
from ..exceptions import ConfigurationError
from ..planning import gpus
from ..planning.gpus import GPU

_LABEL: Final = "accelerator_type:"
_REMOTE: Final = ("server", "modal")
"""Backends whose model runs elsewhere."""

_SPLIT: Final = ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What Ray keeps for an actor.

    Attributes:
        cpus: CPUs.
        gpus: GPUs, all of one machine.
        accelerator_type: kind of the GPUs, as Ray calls it; None is any.
    """

    cpus: float = 0
    gpus: float = 0
    accelerator_type: str | None = None

    @property
    def are_none(self) -> bool:
        """Nothing is kept, so that nothing bounds the number of actors."""
        return not self.cpus and not self.gpus


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What an actor needs for its backends.

    Attributes:
        resources: for all of them together.
        choices: the backends, with the options that follow from it.
    """

    resources: Resources
    choices: tuple[Choice, ...]


def needs(choices: Sequence[Choice], asked: Mapping[str, Any], cluster: Mapping[str, float]) -> Needs:
    """Plan what an actor needs.

    A backend ``vllm`` needs as many GPUs as its options split the model over; where they do not say it, the
    fewest that hold the model, by `qwen_structured.planning`. ``embedded`` needs its threads; ``server`` and
    ``modal`` need nothing; any other one CPU, as Ray has it.

    Args:
        choices: the backends of an actor.
        asked: ``gpu``, ``num_gpus`` and ``num_cpus`` of `MapOptions`; what is there is not planned.
        cluster: all that the cluster has, as ``ray.cluster_resources()`` says it.

    Raises:
        DoesNotFit: no machine with such GPUs holds the model.
        ConfigurationError: the GPU is not known, or an option or the model cannot be used.
    """
    cpus, count, gpu = asked.get("num_cpus"), asked.get("num_gpus"), asked.get("gpu")
    labels = list(_labels(cluster, gpu))
    planned = [_of(choice, gpu, labels, plans=count is None) for choice in choices]
    total = Resources(
        cpus=sum(one.cpus for one, _ in planned) if cpus is None else cpus,
        gpus=sum(one.gpus for one, _ in planned) if count is None else count,
    )
    if total.gpus and len(labels) == 1:
        total = replace(total, accelerator_type=labels[0])
    return Needs(resources=total, choices=tuple(choice for _, choice in planned))


def _of(choice: Choice, gpu: str | None, labels: Sequence[str], *, plans: bool) -> tuple[Resources, Choice]:
    if choice.name in _REMOTE or (choice.name == "vllm" and not plans):
        return Resources(), choice
    if choice.name == "vllm":
        return _of_vllm(choice, gpu, labels)
    threads = choice.options.get("threads") if choice.name == "embedded" else None
    return Resources(cpus=threads if isinstance(threads, int) else 1), choice


def _of_vllm(choice: Choice, gpu: str | None, labels: Sequence[str]) -> tuple[Resources, Choice]:
    from ..backends.sources import ModelSource
    from ..backends.vllm.options import VLLMOptions
    from ..backends.vllm.plan import gpus_needed

    options = validated(VLLMOptions, "vllm", choice.options)
    if "tensor_parallel_size" in choice.options or choice.model is None:  # without one the backend refuses
        split: dict[str, Any] = {"tensor_parallel_size": options.tensor_parallel_size, **options.engine_args}
        return Resources(gpus=prod(int(split.get(name, 1)) for name in _SPLIT)), choice
    count = gpus_needed(ModelSource.of(choice.model), options, _kind(gpu, labels)) or 1
    chosen = replace(choice, options={**choice.options, "tensor_parallel_size": count})
    return Resources(gpus=count), chosen


def _kind(gpu: str | None, labels: Sequence[str]) -> GPU:
    if gpu is not None:
        return gpus.get(gpu)
    if len(labels) == 1 and (kind := _kind_of(labels[0])) is not None:
        return kind
    found = f"several kinds of GPU: {', '.join(labels)}" if len(labels) > 1 else "no GPU of a known kind"
    raise ConfigurationError(
        f"the cluster has {found}: say what the actors run on, such as gpu='H100', or set num_gpus and the "
        "option 'tensor_parallel_size' of backend 'vllm'"
    )


def _labels(cluster: Iterable[str], gpu: str | None) -> Iterator[str]:
    """Kinds of GPU in the cluster, as Ray calls them; those that are `gpu`, if it is named."""
    wanted = None if gpu is None else gpus.get(gpu)
    for name in cluster:
        if name.startswith(_LABEL):
            label = name.removeprefix(_LABEL)
            if wanted is None or _kind_of(label) == wanted:
                yield label


def _kind_of(label: str) -> GPU | None:
    """The GPU that Ray calls so: ``A100-80G`` is the one of 80 GB, and ``A100`` may be any."""
    for name in (label, f"{label}B"):
        if name.upper() == "A100":
            return None
        try:
            return gpus.get(name)
        except ConfigurationError:
            continue
    return None
