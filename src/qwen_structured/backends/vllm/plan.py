"""The plan of an engine: the model's facts against options and machine, before any weight is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from logging import INFO, getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from ... import model_configs, models
from ...exceptions import DoesNotFit, ModelNotLoadable, SettingsError, UnknownModel
from ...models import Model
from ...planning.gpus import GPU
from ...planning.memory import KVCache, Memory, cache
from ...planning.parallelism import layout
from ...planning.placement import Load, fit
from ...planning.plan import where_it_fits
from ..sources import ModelSource
from .machine import CPU, GPUs, Machine
from .options import VLLMOptions

if TYPE_CHECKING:
    from pydantic import JsonValue

_GIB = 2**30
_SPLITS = (1, 2, 4, 8)
_IN_16_BITS = ("auto", "bfloat16", "float16")
_UNPLANNED_ARGS = (
    "cpu_offload_gb",
    "data_parallel_size",
    "hf_overrides",
    "pipeline_parallel_size",
    "speculative_config",
)
"""Arguments of the engine that change what it takes of a GPU in ways that `planning` does not compute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the engine is going to be.

    Attributes:
        model: the model's full name.
        machine: what it runs on, for people.
        tensor_parallel_size: GPUs that each layer is split over.
        expert_parallel: experts stand whole on one GPU each, because they cannot be split.
        context_tokens: tokens of the context; None where only vLLM can tell.
        max_num_seqs: requests that are worked on together.
        memory: how the memory of each GPU, or of the CPU, is divided; None where it is not planned.
        notes: what else is to be known.
    """

    model: str
    machine: str
    tensor_parallel_size: int
    expert_parallel: bool = False
    context_tokens: int | None
    max_num_seqs: int
    memory: Memory | None = None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        context = f", context of {self.context_tokens:,} tokens" if self.context_tokens else ""
        split = " with expert parallelism" if self.expert_parallel else ""
        where = f"plan: {self.model} on {self.machine}{split}"
        divided = [] if self.memory is None else [self._divided(self.memory)]
        first = f"{where}{context}, up to {self.max_num_seqs} requests at once"
        return "\n  ".join([first, *divided, *self.notes])

    def _divided(self, memory: Memory) -> str:
        sizes = {"weights": memory.weights, "overhead": memory.overhead, "KV cache": memory.room}
        parts = ", ".join(f"{size / _GIB:.1f} for {name}" for name, size in sizes.items() if size)
        each = "each takes" if self.tensor_parallel_size > 1 else "takes"
        tokens = memory.tokens(self.context_tokens or 1)
        return f"{each} {memory.usable / _GIB:.1f} GiB: {parts}, which holds {tokens:,} tokens"


def check_options(source: ModelSource, options: VLLMOptions) -> None:
    """Check what can be known without machine and network.

    Raises:
        UnknownModel: the model is made for other backends only.
        ModelNotLoadable: the folder's config.json is broken.
        SettingsError: the options ask for more context than the model has, or split it as it cannot be split.
    """
    known = models.find(source.name)
    if known is not None and "vllm" not in known.backends:
        raise UnknownModel(
            f"model {source.name!r} is made for {', '.join(map(repr, known.backends))}, not for 'vllm': "
            f"name another, such as {models.MODELS[-1].name!r}"
        )
    model = known
    if source.folder is not None:
        model, _ = _model(source)
    _check_context(source, options, model)
    if model is not None and not _unplanned(options):
        _check_split(model, options.tensor_parallel_size)


def make_plan(source: ModelSource, options: VLLMOptions, machine: Machine) -> Plan:
    """Plan an engine on a machine. Reads config.json, from the hub if need be, and no weight.

    Raises:
        SettingsError: the options ask for more context or GPUs than there are, or split the model as it
            cannot be split.
        DoesNotFit: the GPUs cannot hold it; the message says what can.
        ModelNotLoadable: the machine's memory cannot hold it, or a config.json is broken.
        UnknownModel: the hub has no such model.
        BackendUnavailable: the hub cannot be reached.
    """
    model, why_not = _model(source)
    _check_context(source, options, model)
    if isinstance(machine, GPUs):
        _check_count(options.tensor_parallel_size, machine)
    if unplanned := _unplanned(options):
        model, why_not = None, f"memory is not planned with {unplanned}"
    if model is None:
        return _without_facts(source, options, machine, why_not)
    _check_split(model, options.tensor_parallel_size)
    load = _load(model, options)
    memory = _on_cpu(load, options, machine) if isinstance(machine, CPU) else _on_gpus(load, options, machine)
    split = layout(model.architecture, options.tensor_parallel_size)
    most = memory.requests(1, prefix_caching=True) if memory.cache.state_bytes else options.max_num_seqs
    return Plan(
        model=source.name,
        machine=_name(machine, options.tensor_parallel_size),
        tensor_parallel_size=options.tensor_parallel_size,
        expert_parallel=not isinstance(split, str) and split.expert_parallel,
        context_tokens=load.context,
        max_num_seqs=max(1, min(most, options.max_num_seqs)),
        memory=memory,
        notes=tuple(_notes(load, memory, most)),
    )


def gpus_needed(source: ModelSource, options: VLLMOptions, gpu: GPU) -> int | None:
    """The fewest GPUs of a kind that hold a model; None where its memory is not planned.

    Raises:
        DoesNotFit: so many are not in one machine; the message says what can hold it.
        ModelNotLoadable: a config.json is broken.
        UnknownModel: the hub has no such model.
        BackendUnavailable: the hub cannot be reached.
    """
    model, _ = _model(source)
    if model is None or _unplanned(options):
        return None
    load = _load(model, options)
    fits = {count: fit(load, gpu.memory_bytes, count) for count in _SPLITS}
    for count, found in fits.items():
        if found.problem is None:
            return count
    most = _SPLITS[-1]
    raise DoesNotFit(
        f"{model.name} does not fit on {most} x {gpu.name}: {fits[most].problem}; lower 'max_model_len', "
        f"which is {load.context}, or take others: it fits {where_it_fits(load)}"
    )


def announce(plan: Plan) -> None:
    """Log a plan at INFO; where the program has not set up logging, write it to stderr.

    ``logging.getLogger("qwen_structured").setLevel(logging.WARNING)`` silences it.
    """
    logger = getLogger("qwen_structured.plan")
    package = getLogger("qwen_structured")
    if logger.hasHandlers() or max(logger.level, package.level) > INFO:
        logger.info("%s", plan)
    else:
        sys.stderr.write(f"{plan}\n")


# --- the model -----------------------------------------------------------------------------------


def _model(source: ModelSource) -> tuple[Model | None, str]:
    """The model's facts, or why there are none; vLLM runs more architectures than are planned."""
    if source.folder is None and (known := models.find(source.name)):
        return known, ""
    if source.folder is not None:
        _config(source.folder)
    try:
        return model_configs.find(source.name), ""
    except ModelNotLoadable as error:
        return None, f"memory is not planned: {error}"


def _load(model: Model, options: VLLMOptions) -> Load:
    return Load(
        model=_as_loaded(model, options),
        context=options.max_model_len or model.context_tokens,
        concurrency=options.max_num_seqs,
        utilization=options.gpu_memory_utilization,
        kv_cache=_kv_cache(options),
    )


def _as_loaded(model: Model, options: VLLMOptions) -> Model:
    """The model with the bytes that its weights take in the form that they are loaded in."""
    grows = options.dtype == "float32" and model.architecture.weight_format == "bf16"
    return replace(model, weight_bytes=2 * model.weight_bytes) if grows else model


def _kv_cache(options: VLLMOptions) -> KVCache:
    if options.kv_cache_dtype == "auto" and options.dtype == "float32":
        return "float32"
    return "auto" if options.kv_cache_dtype in _IN_16_BITS else "fp8"


def _unplanned(options: VLLMOptions) -> str:
    """What the options ask for that is not planned, for people; empty if nothing."""
    if options.quantization is not None:
        return f"quantization = {options.quantization!r}"
    return next((f"{name!r} in engine_args" for name in _UNPLANNED_ARGS if name in options.engine_args), "")


def _without_facts(source: ModelSource, options: VLLMOptions, machine: Machine, why_not: str) -> Plan:
    """A plan for a model of which only its files are known."""
    weights = 0 if _unplanned(options) else _weights_in(source.folder)
    if isinstance(machine, GPUs):
        room = min(machine.memory_bytes[: options.tensor_parallel_size]) * options.gpu_memory_utilization
        if (part := weights / options.tensor_parallel_size) > room:
            raise DoesNotFit(
                f"{source.name} does not fit on {_name(machine, options.tensor_parallel_size)}: vLLM may "
                f"take {room / _GIB:.1f} GiB of a GPU, and the weights need {part / _GIB:.1f}; raise "
                "'tensor_parallel_size', or choose a smaller model or larger GPUs"
            )
    return Plan(
        model=source.name,
        machine=_name(machine, options.tensor_parallel_size),
        tensor_parallel_size=options.tensor_parallel_size,
        context_tokens=options.max_model_len or _context_in(source.folder),
        max_num_seqs=options.max_num_seqs,
        notes=(why_not,),
    )


# --- checks --------------------------------------------------------------------------------------


def _check_context(source: ModelSource, options: VLLMOptions, model: Model | None) -> None:
    if "hf_overrides" in options.engine_args:
        return  # which may stretch it
    most = model.context_tokens if model else _context_in(source.folder)
    wanted = options.max_model_len
    if most is not None and wanted is not None and wanted > most:
        raise SettingsError(
            f"option 'max_model_len' of backend 'vllm' is {wanted}, and the context of {source.name!r} has "
            f"{most} tokens: set it to that or less"
        )


def _check_split(model: Model, count: int) -> None:
    problem = layout(model.architecture, count)
    if isinstance(problem, str):
        ways = [str(n) for n in _SPLITS if not isinstance(layout(model.architecture, n), str)]
        raise SettingsError(
            f"option 'tensor_parallel_size' of backend 'vllm' is {count}, and {model.name!r} cannot be split "
            f"so: {problem}; set it to {' or '.join(ways)}"
        )


def _check_count(wanted: int, gpus: GPUs) -> None:
    if wanted > len(gpus.memory_bytes):
        raise SettingsError(
            f"option 'tensor_parallel_size' of backend 'vllm' is {wanted}, and this machine has "
            f"{len(gpus.memory_bytes)} GPUs: lower it"
        )


# --- memory --------------------------------------------------------------------------------------


def _on_gpus(load: Load, options: VLLMOptions, gpus: GPUs) -> Memory:
    count = options.tensor_parallel_size
    found = fit(load, min(gpus.memory_bytes[:count]), count)
    if found.memory is None or found.problem is not None:
        ways = "; ".join([*_ways_out(load, found.memory, gpus), f"it fits {where_it_fits(load)}"])
        raise DoesNotFit(f"{load.model.name} does not fit on {_name(gpus, count)}: {found.problem}; {ways}")
    return found.memory


def _ways_out(load: Load, memory: Memory | None, gpus: GPUs) -> Iterator[str]:
    """Settings with which a model does fit on this machine."""
    if memory is not None and (longest := min(memory.longest_context, load.context)) > 0:
        yield f"with 'max_model_len' {longest} it does"
    counts = range(1, len(gpus.memory_bytes) + 1)
    fitting = [n for n in counts if fit(load, min(gpus.memory_bytes[:n]), n).problem is None]
    if fitting:
        yield f"with 'tensor_parallel_size' {fitting[0]} it fits on this machine"


def _on_cpu(load: Load, options: VLLMOptions, cpu: CPU) -> Memory:
    """Divide a CPU's memory, where weights are held once, in however many parts."""
    weights = load.model.weight_bytes
    usable = int(cpu.memory_bytes * options.gpu_memory_utilization)
    if cpu.cache_bytes is not None:
        usable = weights + cpu.cache_bytes
    memory = Memory(
        usable=usable,
        weights=weights,
        overhead=0,
        cache=cache(load.model.architecture, options.tensor_parallel_size, load.kv_cache),
    )
    if usable > cpu.available_bytes:
        raise ModelNotLoadable(
            f"model {load.model.name!r} is to take {usable / _GIB:.1f} GiB of memory ({weights / _GIB:.1f} "
            f"for weights), and {cpu.available_bytes / _GIB:.1f} are free on this machine: set a smaller "
            "VLLM_CPU_KVCACHE_SPACE or 'gpu_memory_utilization', or choose a smaller model"
        )
    if not memory.requests(load.context):
        raise ModelNotLoadable(
            f"the KV cache of {max(0, memory.room) / _GIB:.1f} GiB does not hold a request of "
            f"{load.context:,} tokens of {load.model.name!r}: set 'max_model_len' to "
            f"{memory.longest_context} or less, or a larger VLLM_CPU_KVCACHE_SPACE"
        )
    return memory


def _notes(load: Load, memory: Memory, most: int) -> Iterator[str]:
    if most < load.concurrency:
        yield f"max_num_seqs is lowered from {load.concurrency} to {most}: no more states fit"
    fitting = memory.requests(load.context, prefix_caching=True)
    if fitting < min(most, load.concurrency):
        yield (
            f"{fitting} requests of {load.context:,} tokens fit at once, so that vLLM lets some wait if more "
            "fill the context"
        )


def _name(machine: Machine, count: int) -> str:
    return f"{count} x {machine.name}" if isinstance(machine, GPUs) else "this CPU"


# --- files ---------------------------------------------------------------------------------------


def _config(folder: Path) -> dict[str, JsonValue]:
    """What a folder's config.json says of the model's text, which others than Qwen3 keep in a part of it."""
    config = model_configs.read_config(str(folder), folder)
    inner = config.get("text_config")
    return {**config, **inner} if isinstance(inner, dict) else config


def _context_in(folder: Path | None) -> int | None:
    most = _config(folder).get("max_position_embeddings") if folder else None
    return most if isinstance(most, int) else None


def _weights_in(folder: Path | None) -> int:
    """Bytes of a folder's weights in 16 bits, if they are stored in more; 0 if there is no folder."""
    if folder is None:
        return 0
    config = _config(folder)
    stored = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return stored // 2 if "float32" in (config.get("dtype"), config.get("torch_dtype")) else stored
