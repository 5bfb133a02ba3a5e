"""The pods of a Ray cluster: a head that only directs, and workers with the GPUs of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backends.ray.image import RAY_VERSION
from backends.vllm.deployment import Deployment

KEY = "qwen-structured-api-key"
SHARED = "qwen-structured-shared"
SHARED_PATH = "/mnt/shared"
HEAD_CPUS = 4

_PORTS = {"gcs": 6379, "dashboard": 8265, "client": 10001, "serve": 8000}
_CLOSED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
MEMBER = "qwen-structured/cluster"
"""Label of the pods of a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A cluster.

    Attributes:
        name: of the cluster.
        deployment: the model on its GPUs.
        image: what its pods run.
        context: tokens of a request, answer included.
        concurrency: requests of a model at once.
        workers: models at once, at most.
    """

    name: str
    deployment: Deployment
    image: str
    context: int
    concurrency: int
    workers: int


def cluster(wanted: Wanted) -> dict[str, Any]:
    """The ``spec`` of a RayCluster."""
    head = {"cpu": str(HEAD_CPUS), "memory": "16Gi"}
    return {
        "rayVersion": RAY_VERSION,
        "authOptions": {"mode": "token"},
        "enableInTreeAutoscaling": True,
        "headGroupSpec": {
            "serviceType": "ClusterIP",
            "rayStartParams": {"num-cpus": "0", "dashboard-host": "0.0.0.0"},
            "template": _pod("ray-head", wanted, head),
        },
        "workerGroupSpecs": [
            {
                "groupName": wanted.deployment.alias,
                "replicas": 0,  # the autoscaler adds what is asked for
                "minReplicas": 0,
                "maxReplicas": wanted.workers,
                "rayStartParams": {},
                "template": _pod("ray-worker", wanted, _of_worker(wanted.deployment)),
            }
        ],
    }


def _settings(wanted: Wanted) -> dict[str, str]:
    """The settings of this package: the model in its own process, split as planned."""
    options = {
        "tensor_parallel_size": wanted.deployment.gpus,
        "max_model_len": wanted.context,
        "max_num_seqs": wanted.concurrency,
    }
    return {
        "QWEN_STRUCTURED_BACKEND": "vllm",
        "QWEN_STRUCTURED_MODEL": wanted.deployment.model,
        **{f"QWEN_STRUCTURED_BACKENDS__VLLM__{name.upper()}": str(value) for name, value in options.items()},
    }


def _of_worker(deployment: Deployment) -> dict[str, Any]:
    return {
        "cpu": str(4 + 4 * deployment.gpus),
        "memory": f"{32 * deployment.gpus}Gi",
        "nvidia.com/gpu": deployment.gpus,
    }


def _pod(name: str, wanted: Wanted, resources: dict[str, Any]) -> dict[str, Any]:
    is_head = name == "ray-head"
    key = {"secretKeyRef": {"name": KEY, "key": "key"}}
    variables = {
        **wanted.deployment.environment,
        **_settings(wanted),
        "HF_HOME": f"{SHARED_PATH}/models",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    return {
        "metadata": {"labels": {MEMBER: wanted.name}},
        "spec": {
            "automountServiceAccountToken": is_head,  # the autoscaler runs there
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "fsGroup": 1000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": name,
                    "image": wanted.image,
                    "env": [
                        {"name": "QWEN_STRUCTURED_API_KEY", "valueFrom": key},
                        *({"name": one, "value": value} for one, value in variables.items()),
                    ],
                    "ports": [
                        {"name": one, "containerPort": port} for one, port in _PORTS.items() if is_head
                    ],
                    "resources": {"limits": resources, "requests": resources},
                    "securityContext": _CLOSED,
                    "volumeMounts": [
                        {"name": "shared", "mountPath": SHARED_PATH},
                        {"name": "shared-memory", "mountPath": "/dev/shm"},
                    ],
                }
            ],
            "volumes": [
                {"name": "shared", "persistentVolumeClaim": {"claimName": SHARED}},
                {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "16Gi"}},
            ],
        },
    }
