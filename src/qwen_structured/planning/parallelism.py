"""Tell how a model can be split over GPUs, and why not. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..models import Architecture


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to split a model over the GPUs of one machine.

    Attributes:
        tensor_parallel: GPUs that every matrix is split over.
        expert_parallel: experts stand whole on one GPU each, in place of being split.
    """

    tensor_parallel: int
    expert_parallel: bool = False

    def __str__(self) -> str:
        return f"TP{self.tensor_parallel}" + ("+EP" if self.expert_parallel else "")


def layout(architecture: Architecture, count: int) -> Layout | str:
    """The way to split a model over `count` GPUs, or why there is none.

    Experts are split like everything else where that goes; expert parallelism is for where it does not.
    """
    problem = next(_problems(architecture, count), None)
    if problem:
        return problem
    if architecture.experts and _breaks(architecture, architecture.experts.intermediate, count):
        if architecture.experts.count % count:
            return f"its {architecture.experts.count} experts cannot be spread over {count} GPUs"
        return Layout(count, expert_parallel=True)
    return Layout(count)


def _problems(model: Architecture, count: int) -> Iterator[str]:
    """What keeps a model from being split over `count` GPUs.

    Source: vLLM 0.32: its parallel linear layers, and `validate_fp8_block_shape` for FP8. Shared experts are
    split even with expert parallelism (vllm#52915 would pad them; sglang#10852 is the same).
    """
    heads = {"query": model.heads}
    if model.linear:
        heads |= {"value": model.linear.value_heads, "key": model.linear.key_heads}
    for kind, number in heads.items():
        if number % count:
            yield f"its {number} {kind} heads cannot be split over {count} GPUs"
    if model.kv_heads % count and count % model.kv_heads:
        yield f"its {model.kv_heads} KV heads can be neither split over {count} GPUs nor repeated"
    widths = {"shared expert": model.experts.shared_intermediate} if model.experts else {}
    if not model.experts:
        widths["inner layer"] = model.intermediate
    for kind, width in widths.items():
        if _breaks(model, width, count):
            yield (
                f"{width} / {count} = {width / count:g} columns of its {kind} a GPU "
                f"break the {model.quantisation_block or 1}-wide blocks of its weights"
            )


def _breaks(model: Architecture, width: int, count: int) -> bool:
    """A matrix of this width would be cut in the middle of a block of FP8 weights."""
    return width % (count * (model.quantisation_block or 1)) != 0 if count > 1 else False
