"""The options of the backend: those of calls, and those that each model is deployed with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue

from ...planning.plan import CONCURRENCY, CONTEXT, UTILIZATION
from ..options import BackendOptions, validated as _validated

APP = "qwen-vllm-inference"
_CONTAINERS = 10


def _parted(value: object) -> object:
    """Several words in one text, as an environment variable has them, are parted by commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _from_json(value: object) -> object:
    """A table in one text, as an environment variable has it, is JSON."""
    return json.loads(value) if isinstance(value, str) else value


class DeployOptions(BackendOptions):
    """How a model is deployed, in the tables ``backends.modal.deploy_80b`` and ``deploy_480b``."""

    model: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="Another model in the place of the class's own: registry name, hub name or folder."
    )
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = Field(
        None, description="Commit of the model's repository; by default its newest at the first download."
    )
    gpu: str | None = Field(
        None,
        description="H100:2, or H200 for as few as fit, or auto for the cheapest that fit; none for a CPU. "
        "By default H100:2 (80b) and H100:8 (480b).",
    )
    context: int = Field(CONTEXT, ge=16, description="Tokens of a request, answer included.")
    concurrency: int = Field(CONCURRENCY, ge=1, le=1000, description="Requests at once in a container.")
    gpu_memory_utilization: float = Field(
        UTILIZATION, gt=0, le=1, description="Share of each GPU's memory that the engine may take."
    )
    kv_cache: Literal["auto", "fp8"] = Field("auto", description="Keys and values in 16 bits, or in FP8.")
    enforce_eager: bool = Field(
        False,
        description="Compile nothing and capture no CUDA graphs: starts sooner, decodes slower. VLLM_EAGER=1 "
        "sets it too.",
    )
    memory_snapshot: bool = Field(
        False, description="Start from a snapshot of GPU memory, which Modal has as alpha, for one GPU alone."
    )
    min_containers: int = Field(0, ge=0, le=_CONTAINERS, description="Containers that are paid for always.")
    max_containers: int = Field(1, ge=1, le=_CONTAINERS, description="Containers at most.")
    scaledown_window_s: int = Field(
        600, ge=2, le=3600, description="Seconds after its last request for which a container is kept."
    )
    request_timeout_s: int = Field(
        3600, ge=1, le=86_400, description="Seconds that a request may take in a container."
    )
    region: Annotated[list[str], BeforeValidator(_parted)] | None = Field(
        None, description="Regions of Modal's to run in, which cost 1.5 to 1.75 times as much."
    )
    backend: str = Field(
        "vllm", description="Backend that runs in the container; others than vllm are tests."
    )
    engine_args: Annotated[dict[str, JsonValue], BeforeValidator(_from_json)] = Field(
        default_factory=dict,
        description="Further arguments of vLLM's AsyncEngineArgs, by their names there.",
    )


class ModalOptions(BackendOptions):
    """Options of the backend, in the settings' table ``backends.modal``."""

    app: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = Field(
        APP, description="Name of the app on Modal."
    )
    environment: str | None = Field(None, description="Environment of Modal's; by default its profile's.")
    progress: bool = Field(True, description="Say on stderr what a request waits for while nothing is warm.")
    progress_after_s: float = Field(3.0, gt=0, description="Seconds of waiting after which that is said.")
    max_request_bytes: int = Field(
        4 * 2**20, ge=1024, description="Size of a request, grammar included, above which it is not sent."
    )
    authentication: Literal["proxy", "none"] = Field(
        "proxy", description="The web endpoints ask for Modal's proxy tokens, or are open to everybody."
    )
    deploy_80b: DeployOptions = Field(
        default_factory=lambda: DeployOptions.model_validate({}),
        description="How Qwen80BGenerator is deployed.",
    )
    deploy_480b: DeployOptions = Field(
        default_factory=lambda: DeployOptions.model_validate({}),
        description="How Qwen480BGenerator is deployed.",
    )


def validated(options: Mapping[str, JsonValue]) -> ModalOptions:
    """Make the options of a table of the settings.

    Raises:
        SettingsError: an option is misspelt or of the wrong type.
    """
    return _validated(ModalOptions, "modal", options)


def as_variables(options: Mapping[str, Any]) -> dict[str, str]:
    """The variables that give a container the table `options` as its own settings."""
    variables: dict[str, str] = {}
    for name, value in options.items():
        key = f"QWEN_STRUCTURED_BACKENDS__MODAL__{name.upper()}"
        if isinstance(value, Mapping) and name.startswith("deploy_"):
            variables |= {f"{key}__{inner.upper()}": _text(one) for inner, one in value.items()}
        else:
            variables[key] = _text(value)
    return variables


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(map(str, value))
    return json.dumps(value)
