"""The manifests for KubeRay: a cluster for datasets, a service for online requests, and what both need.

Source: KubeRay's field reference of ray.io/v1 (1.6): ``authOptions`` from 1.5.1 on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from backends.ray import pods
from backends.ray.pods import Wanted
from backends.vllm.deployment import Deployment
from backends.vllm.kubernetes import CLIENT

IMPORT_PATH = "qwen_structured.ray.serving:application"

_GIB = 2**30
_JOURNALS_GIB = 100
_SERVE_PORT = 8000
_DASHBOARD_PORT = 8265


def shared(deployments: Iterable[Deployment]) -> dict[str, Any]:
    """Storage that all machines reach, for weights and journals."""
    size = _JOURNALS_GIB + round(sum(1.25 * one.weight_bytes / _GIB for one in deployments))
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": pods.SHARED, "labels": _labels(pods.SHARED)},
        "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": f"{size}Gi"}}},
    }


def data_cluster(wanted: Wanted) -> list[dict[str, Any]]:
    """A cluster for jobs: its GPUs come when one asks for them."""
    cluster = {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": _metadata(wanted),
        "spec": pods.cluster(wanted),
    }
    return [cluster, _policy(wanted.name, _DASHBOARD_PORT)]


def service(wanted: Wanted) -> list[dict[str, Any]]:
    """A cluster that serves the web service."""
    config = yaml.safe_dump(serve_config(wanted), sort_keys=False, width=1000)
    serving = {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": _metadata(wanted),
        "spec": {"serveConfigV2": config, "rayClusterConfig": pods.cluster(wanted)},
    }
    return [serving, _policy(wanted.name, _SERVE_PORT)]


def serve_config(wanted: Wanted) -> dict[str, Any]:
    """The config of Ray Serve: one application, whose replicas have the GPUs of the plan."""
    replicas = {
        "min_replicas": 1,
        "max_replicas": wanted.workers,
        "target_ongoing_requests": wanted.concurrency,
    }
    deployment = {
        "name": "Service",
        "max_ongoing_requests": 2 * wanted.concurrency,
        "autoscaling_config": replicas,
        "ray_actor_options": {"num_cpus": 2, "num_gpus": wanted.deployment.gpus},
        "graceful_shutdown_timeout_s": 120,
    }
    return {
        "http_options": {"host": "0.0.0.0", "port": _SERVE_PORT},
        "applications": [
            {
                "name": wanted.deployment.alias,
                "route_prefix": "/",
                "import_path": IMPORT_PATH,
                "args": {},
                "deployments": [deployment],
            }
        ],
    }


def _policy(name: str, port: int) -> dict[str, Any]:
    """Let in the cluster's own pods, KubeRay's operator, and, to one port, pods with a label."""
    own = {pods.MEMBER: name}
    operator = {
        "namespaceSelector": {},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "kuberay-operator"}},
    }
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "labels": _labels(name)},
        "spec": {
            "podSelector": {"matchLabels": own},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"from": [{"podSelector": {"matchLabels": own}}, operator]},
                {
                    "from": [{"podSelector": {"matchLabels": CLIENT}}],
                    "ports": [{"protocol": "TCP", "port": port}],
                },
            ],
        },
    }


def _metadata(wanted: Wanted) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "labels": _labels(wanted.name),
        "annotations": {"qwen-structured/plan": wanted.deployment.plan},
    }


def _labels(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "qwen-structured"}
