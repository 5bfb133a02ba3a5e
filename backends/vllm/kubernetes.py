"""kubernetes-MODEL.yaml: volume, deployment, service and network policy of one model."""

from __future__ import annotations

from typing import Any

from backends.vllm.deployment import IMAGE, PORT, Deployment

CLIENT = {"qwen-structured/client": "true"}
"""Label of pods that may reach the server: /health and /metrics of vLLM ask for no key."""

_PROBE_S = 30
_GIB = 2**30
_HEALTH = {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": _PROBE_S, "timeoutSeconds": 10}


def objects(deployment: Deployment) -> list[dict[str, Any]]:
    """All objects of one model."""
    labels = {"app.kubernetes.io/name": deployment.service, "app.kubernetes.io/part-of": "qwen-structured"}
    return [
        _volume(deployment, labels),
        _deployment(deployment, labels),
        _service(deployment, labels),
        _policy(deployment, labels),
    ]


def _metadata(deployment: Deployment, labels: dict[str, str]) -> dict[str, Any]:
    return {"name": deployment.service, "labels": labels}


def _volume(deployment: Deployment, labels: dict[str, str]) -> dict[str, Any]:
    size = round(deployment.weight_bytes * 1.25 / _GIB)
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": _metadata(deployment, labels),
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": f"{size}Gi"}}},
    }


def _deployment(deployment: Deployment, labels: dict[str, str]) -> dict[str, Any]:
    annotations = {"prometheus.io/scrape": "true", "prometheus.io/port": str(PORT)}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            **_metadata(deployment, labels),
            "annotations": {"qwen-structured/plan": deployment.plan},
        },
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "progressDeadlineSeconds": deployment.ready_s + 600,
            "selector": {"matchLabels": {"app.kubernetes.io/name": deployment.service}},
            "template": {
                "metadata": {"labels": labels, "annotations": annotations},
                "spec": _pod(deployment),
            },
        },
    }


def _pod(deployment: Deployment) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,  # VLLM_PORT of a service "vllm" would be read as a setting
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": 120,
        "containers": [_container(deployment)],
        "volumes": [
            {"name": "models", "persistentVolumeClaim": {"claimName": deployment.service}},
            {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "16Gi"}},
        ],
    }


def _container(deployment: Deployment) -> dict[str, Any]:
    variables = {**deployment.environment, "HF_HOME": "/models", "VLLM_CACHE_ROOT": "/models/cache"}
    key = {"secretKeyRef": {"name": "vllm-api-key", "key": "key"}}
    return {
        "name": "vllm",
        "image": IMAGE,
        "command": ["vllm", "serve", deployment.model],
        "args": list(deployment.container_flags),
        "env": [
            {"name": "VLLM_API_KEY", "valueFrom": key},
            *({"name": name, "value": value} for name, value in variables.items()),
        ],
        "ports": [{"name": "http", "containerPort": PORT}],
        "resources": {"limits": {"nvidia.com/gpu": deployment.gpus}},
        "startupProbe": {**_HEALTH, "failureThreshold": -(-deployment.ready_s // _PROBE_S)},
        "readinessProbe": _HEALTH.copy(),
        "livenessProbe": {**_HEALTH, "failureThreshold": 5},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [
            {"name": "models", "mountPath": "/models"},
            {"name": "shared-memory", "mountPath": "/dev/shm"},
        ],
    }


def _service(deployment: Deployment, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(deployment, labels),
        "spec": {
            "type": "ClusterIP",
            "selector": {"app.kubernetes.io/name": deployment.service},
            "ports": [{"name": "http", "port": PORT, "targetPort": "http"}],
        },
    }


def _policy(deployment: Deployment, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(deployment, labels),
        "spec": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": deployment.service}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [{"podSelector": {"matchLabels": CLIENT}}],
                    "ports": [{"protocol": "TCP", "port": PORT}],
                }
            ],
        },
    }
