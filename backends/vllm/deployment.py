"""One model on its GPUs: what all deployables have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qwen_structured import ConfigurationError, models
from qwen_structured.planning import plan, serve_environment, serve_flags
from qwen_structured.planning.flags import LOOPBACK
from qwen_structured.planning.gpus import parse

VLLM_VERSION = "0.33.0"
"""Above every fix of the CVEs of a structured-output server that are known: the last is in 0.30.0."""

IMAGE = f"vllm/vllm-openai:v{VLLM_VERSION}"
PORT = 8000
"""Port inside a container."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A model, where it runs, and how it is started.

    Attributes:
        alias: the model's short name, which its services bear.
        model: its full name.
        weight_bytes: bytes of its weights.
        gpu: kind of its GPUs.
        gpus: how many.
        port: port on the host.
        local_flags: flags of a server on the host, bound to loopback.
        container_flags: flags of a server in a container, whose host decides who reaches it.
        environment: variables that vLLM needs.
        ready_s: seconds that its start may take.
        plan: what the plan says, in one line.
    """

    alias: str
    model: str
    weight_bytes: int
    gpu: str
    gpus: int
    port: int
    local_flags: tuple[str, ...]
    container_flags: tuple[str, ...]
    environment: Mapping[str, str]
    ready_s: int
    plan: str

    @property
    def service(self) -> str:
        """Name of its service."""
        return f"vllm-{self.alias}"


def deployment(alias: str, gpu: str, port: int, context: int, concurrency: int) -> Deployment:
    """Plan a model on its GPUs.

    Raises:
        DoesNotFit: it does not fit there.
        ConfigurationError: the GPU is not known or has no count, or a number is out of bounds.
    """
    model = models.get(alias)
    kind, count = parse(gpu)
    if count is None:
        raise ConfigurationError(f"{alias} is to run on {gpu!r}: say on how many, such as {gpu}:2")
    placement = plan(model, gpu, context, concurrency).best
    load = (model, kind.name, count, context, concurrency)
    environment = serve_environment(model)
    return Deployment(
        alias=alias,
        model=model.name,
        weight_bytes=model.weight_bytes,
        gpu=kind.name,
        gpus=count,
        port=port,
        local_flags=tuple(serve_flags(*load, host=LOOPBACK, port=port)),
        container_flags=tuple(serve_flags(*load, host="0.0.0.0", port=PORT, authenticated=True)),
        environment=environment,
        ready_s=int(environment["VLLM_ENGINE_READY_TIMEOUT_S"]),
        plan=f"{placement}: {placement.requests} requests of {context} tokens at once",
    )
