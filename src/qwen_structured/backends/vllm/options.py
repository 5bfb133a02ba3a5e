"""The options of the backend, and the arguments of vLLM's engine that they become."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, JsonValue, field_validator

from ...exceptions import SettingsError, did_you_mean
from ..options import BackendOptions

if TYPE_CHECKING:
    from ..sources import ModelSource
    from .plan import Plan

_OURS = ("model", "structured_outputs_config", "reasoning_parser", "logprobs_mode", "disable_log_stats")

_EARLY_MASKS = "qwen_structured.backends.vllm.scheduler.EarlyMaskScheduler"

_CPU_BATCH_TOKENS = 2_048
"""Tokens that a step reads on a CPU under ``vllm serve``."""


class VLLMOptions(BackendOptions):
    """Options of the backend, in the settings' table ``backends.vllm``."""

    tensor_parallel_size: int = Field(1, ge=1, description="GPUs that each layer is split over.")
    max_model_len: Annotated[int, Field(ge=16)] | None = Field(
        None, description="Tokens of the context that memory is kept for; by default all that the model has."
    )
    max_num_seqs: int = Field(256, ge=1, description="Requests that are worked on together; more wait.")
    gpu_memory_utilization: float = Field(
        0.9, gt=0, le=1, description="Share of each GPU's memory that the engine may take."
    )
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = Field(
        "auto", description="Form of the weights in memory that are not quantized."
    )
    quantization: str | None = Field(
        None, description="How the weights are quantized; by default what the model's files say."
    )
    kv_cache_dtype: str = Field("auto", description="Form of keys and values in memory, such as fp8.")
    enforce_eager: bool = Field(
        False, description="Compile nothing and capture no CUDA graphs: starts sooner, decodes slower."
    )
    enable_sleep_mode: bool = Field(
        False, description="Let sleep give up GPU memory and wake_up take it again."
    )
    early_masks: bool = Field(
        False,
        description="Fill masks while vLLM takes in tokens, for small models and hundreds of requests.",
    )
    start_timeout_s: int = Field(
        1800, ge=1, description="Seconds that the engine's processes may take to load the model."
    )
    restart_limit: int = Field(
        3, ge=0, description="Engines started within an hour in the place of one that died."
    )
    engine_args: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Further arguments of vLLM's AsyncEngineArgs, by their names there.",
    )

    @field_validator("engine_args")
    @classmethod
    def _has_no_double(cls, engine_args: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if ours := [name for name in engine_args if name in cls.model_fields or name in _OURS]:
            raise ValueError(
                f"{ours[0]} is not one of them: the backend sets it itself, or has an option for it"
            )
        return engine_args


def engine_args(source: ModelSource, options: VLLMOptions, plan: Plan, *, reasons: bool) -> Any:
    """The arguments of vLLM's engine.

    XGrammar is named as the engine of grammars, because vLLM's choice by request ends in the death of an
    engine whose requests it chooses differently for.

    Args:
        source: the model.
        options: of the backend.
        plan: made of both; it has what follows from the model.
        reasons: the model can reason, and grammars have to wait for the end of it.

    Raises:
        SettingsError: `engine_args` has a name that this vLLM does not know.
    """
    from vllm.engine.arg_utils import AsyncEngineArgs  # pyright: ignore[reportMissingImports]

    known = [field.name for field in fields(AsyncEngineArgs)]
    if unknown := [name for name in options.engine_args if name not in known]:
        raise SettingsError(
            f"unknown name {unknown[0]!r} in option 'engine_args' of backend 'vllm': "
            f"{did_you_mean(unknown[0], known)}"
        )
    return AsyncEngineArgs(
        model=str(source.folder or source.name),
        tensor_parallel_size=options.tensor_parallel_size,
        max_model_len=options.max_model_len,
        max_num_seqs=plan.max_num_seqs,
        gpu_memory_utilization=options.gpu_memory_utilization,
        dtype=options.dtype,
        quantization=options.quantization,
        kv_cache_dtype=options.kv_cache_dtype,
        enforce_eager=options.enforce_eager,
        enable_sleep_mode=options.enable_sleep_mode,
        structured_outputs_config={
            "backend": "xgrammar",
            "reasoning_parser": "qwen3" if reasons else "",
        },
        logprobs_mode="raw_logprobs",  # which vLLM takes after the grammar's mask, before the temperature
        disable_log_stats=False,  # without them it tells no times
        **{"enable_expert_parallel": plan.expert_parallel, **options.engine_args},
    )


def engine_config(arguments: Any, options: VLLMOptions, context_tokens: int) -> Any:
    """The configuration of vLLM's engine.

    Batches are those of ``vllm serve``: for other uses vLLM lets a step read 2,048 tokens of prompts on any
    GPU (0.32, ``EngineArgs.get_batch_defaults``). On a CPU prompts are read whole: a request with a seed
    whose prompt is read in parts would be the death of the engine there ("CPU Generator does not use
    offset", 0.32, ``GPUModelRunner._bookkeeping_sync``).

    Args:
        arguments: see `engine_args`.
        options: of the backend.
        context_tokens: of the plan; 0 where only vLLM can tell, which then reads prompts in its own way.
    """
    from vllm.platforms import current_platform  # pyright: ignore[reportMissingImports]
    from vllm.usage.usage_lib import UsageContext  # pyright: ignore[reportMissingImports]

    asked = (arguments.enable_chunked_prefill, arguments.max_num_batched_tokens)
    if current_platform.is_cpu() and context_tokens and asked == (None, None):
        arguments.enable_chunked_prefill = False
        arguments.max_num_batched_tokens = max(_CPU_BATCH_TOKENS, context_tokens)
    config = arguments.create_engine_config(UsageContext.OPENAI_API_SERVER)
    scheduling = config.scheduler_config
    if options.early_masks and scheduling.async_scheduling and scheduling.scheduler_cls is None:
        scheduling.scheduler_cls = _EARLY_MASKS
    return config
