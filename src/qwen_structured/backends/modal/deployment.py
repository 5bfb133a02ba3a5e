"""One class of the app as it is deployed: model, GPUs, engine, limits; all checked before it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from ... import models
from ...exceptions import SettingsError, UnknownModel, did_you_mean
from ...model_configs import find
from ...models import Model
from ...planning import Placement, plan, serve_environment
from ...planning.flags import sequences
from ...planning.gpus import GPUS, parse
from .options import DeployOptions, ModalOptions

_MIB = 2**20
_SLACK_S = 300
"""Beyond the engine's start: the image is pulled and Python imports."""

_OTHER_MODEL_START_S = 600


@dataclass(frozen=True, slots=True)
class Offer:
    """A class of the app.

    Attributes:
        key: the short name that labels and options bear.
        class_name: its name.
        model: the model that it serves unless another is set.
        gpu: the GPUs that it has unless others are set; they hold the model.
    """

    key: str
    class_name: str
    model: str
    gpu: str


OFFERS = (
    Offer("80b", "Qwen80BGenerator", "Qwen/Qwen3-Next-80B-A3B-Instruct-FP8", "H100:2"),
    Offer("480b", "Qwen480BGenerator", "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", "H100:8"),
)


def offer(name: str | None, options: ModalOptions | None = None) -> Offer:
    """The class that a model's name means: ``80b``, ``480b``, the full name, or the one that is set for it.

    Raises:
        UnknownModel: no class serves it.
    """
    if name is None:
        return OFFERS[0]
    wanted = models.find(name)
    full_name = wanted.name if wanted else name
    for one in OFFERS:
        own = deploy_options(one, options).model if options else None
        if full_name in (own, one.model) or name in (one.key, own):
            return one
    known = [spelling for one in OFFERS for spelling in (one.key, one.model)]
    raise UnknownModel(
        f"no class on Modal serves the model {name!r}: {did_you_mean(name, known)} To serve another in its "
        "place, set backends.modal.deploy_80b.model, and deploy again"
    )


def deploy_options(one: Offer, options: ModalOptions) -> DeployOptions:
    """The table of a class."""
    return options.deploy_80b if one.key == "80b" else options.deploy_480b


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A class with everything that it is deployed with.

    Attributes:
        offer: the class.
        options: its table.
        model: full name of the model.
        placement: the GPUs, and what they hold; None without GPUs.
        start_timeout_s: seconds that a container may take to start.
        engine: options of the backend that runs in the container.
    """

    offer: Offer
    options: DeployOptions
    model: str
    placement: Placement | None
    start_timeout_s: int
    engine: Mapping[str, JsonValue]

    @property
    def gpu(self) -> str | None:
        """As Modal writes it, such as ``H100:2``."""
        return f"{self.placement.gpu.name}:{self.placement.count}" if self.placement else None

    @property
    def cores(self) -> float:
        """CPU cores that are kept for it: vLLM wants one for each GPU's process, and two more.

        Source: vLLM's documentation, "Optimization and Tuning", "CPU Resources for GPU Deployments".
        """
        return 2.0 + (self.placement.count if self.placement else 0)

    @property
    def reads_volume(self) -> bool:
        """Whether its weights come from the volume: not from a folder of an image, nor with the package."""
        known = models.find(self.model)
        shipped = known is not None and known.name == models.SHIPPED
        return self.options.backend in ("vllm", "embedded") and not shipped and not Path(self.model).is_dir()

    @property
    def memory_mib(self) -> int | None:
        """Memory of the host that is asked for; None leaves it to Modal.

        A snapshot keeps the weights there.
        """
        known = models.find(self.model)
        if not self.options.memory_snapshot or known is None:
            return None
        return known.weight_bytes * 5 // 4 // _MIB

    @property
    def usd_per_hour(self) -> float | None:
        """Price of the GPUs of one container; None if it is not known."""
        if self.placement is None or self.placement.usd_per_hour is None:
            return None
        return self.placement.usd_per_hour * (_REGION_FACTOR if self.options.region else 1)


_REGION_FACTOR = 1.75
"""The dearer of Modal's two multipliers for a chosen region. Source: modal.com/pricing, 2026."""


def deployment(key: str, options: ModalOptions, prices: Mapping[str, float] | None = None) -> Deployment:
    """Plan a class.

    Args:
        key: ``80b`` or ``480b``.
        options: of the backend.
        prices: US dollars an hour of one GPU, by name, over the list prices.

    Raises:
        DoesNotFit: the GPUs cannot hold the model; the message says which can.
        SettingsError: options contradict each other.
        ConfigurationError: the GPU is not known, or a number is out of bounds.
    """
    one = next(found for found in OFFERS if found.key == key)
    chosen = deploy_options(one, options)
    _check(one, chosen)
    name = chosen.model or one.model
    if chosen.gpu == "none":
        engine: Mapping[str, JsonValue] = _cpu_engine(chosen)
        return Deployment(
            offer=one,
            options=chosen,
            model=name,
            placement=None,
            start_timeout_s=_OTHER_MODEL_START_S,
            engine=engine,
        )
    model = find(name)
    placement = _placement(model, chosen, chosen.gpu or one.gpu, prices or {})
    if chosen.memory_snapshot and placement.count > 1:
        raise SettingsError(
            f"option 'memory_snapshot' of {one.key} is set, and it runs on {placement}: Modal takes "
            "snapshots of one GPU alone; choose one that holds the model, such as H200, or leave it out"
        )
    start_s = int(serve_environment(model)["VLLM_ENGINE_READY_TIMEOUT_S"])
    return Deployment(
        offer=one,
        options=chosen,
        model=model.name,
        placement=placement,
        start_timeout_s=start_s + _SLACK_S,
        engine=_engine(chosen, placement, start_s),
    )


def _check(one: Offer, chosen: DeployOptions) -> None:
    if chosen.min_containers > chosen.max_containers:
        raise SettingsError(
            f"option 'min_containers' of {one.key} is {chosen.min_containers}, and 'max_containers' is "
            f"{chosen.max_containers}: lower the one, or raise the other"
        )
    in_a_folder = chosen.model is not None and Path(chosen.model).is_dir()
    if chosen.backend == "vllm" and chosen.gpu == "none" and not in_a_folder:
        raise SettingsError(
            f"option 'gpu' of {one.key} is 'none', and vLLM is to run there: name GPUs, or 'auto'"
        )


def _placement(model: Model, chosen: DeployOptions, wanted: str, prices: Mapping[str, float]) -> Placement:
    """The GPUs: those that are named, as few of a kind as fit, or the cheapest of all that Modal has."""
    gpu = None if wanted == "auto" else wanted
    planned = plan(
        model,
        gpu,
        chosen.context,
        chosen.concurrency,
        utilization=chosen.gpu_memory_utilization,
        kv_cache=chosen.kv_cache,
        prices=prices,
    )
    fitting = [one for one in planned.fitting if one.gpu.usd_per_hour is not None]
    if not fitting:
        offered = ", ".join(one.name for one in GPUS if one.usd_per_hour is not None)
        raise SettingsError(f"option 'gpu' is {wanted!r}, which Modal does not have: it has {offered}")
    if gpu is not None and parse(gpu)[1] is None:
        return min(fitting, key=lambda one: one.count)
    return fitting[0]


def _engine(chosen: DeployOptions, placement: Placement, start_s: int) -> dict[str, JsonValue]:
    """The options of the backend ``vllm``."""
    if chosen.backend != "vllm":
        return {}
    assert placement.layout is not None
    parallel: dict[str, JsonValue] = (
        {"enable_expert_parallel": True} if placement.layout.expert_parallel else {}
    )
    return {
        "tensor_parallel_size": placement.layout.tensor_parallel,
        "max_model_len": chosen.context,
        "max_num_seqs": sequences(placement, chosen.concurrency),
        "gpu_memory_utilization": chosen.gpu_memory_utilization,
        "kv_cache_dtype": chosen.kv_cache,
        "enforce_eager": chosen.enforce_eager,
        "enable_sleep_mode": chosen.memory_snapshot,
        "start_timeout_s": start_s,
        "engine_args": {**parallel, **chosen.engine_args},
    }


def _cpu_engine(chosen: DeployOptions) -> dict[str, JsonValue]:
    if chosen.backend != "vllm":
        return {}
    return {
        "max_num_seqs": min(chosen.concurrency, 8),
        "enforce_eager": True,
        "engine_args": chosen.engine_args,
    }
