"""compose.yaml: a service for each model, in a profile of its own, and monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backends.vllm.deployment import IMAGE, PORT, Deployment

PROMETHEUS = "prom/prometheus:v3.5.0"
GRAFANA = "grafana/grafana:12.1.0"

_KEY = "vllm_api_key"
_START = (
    f'export VLLM_API_KEY="$$(cat /run/secrets/{_KEY})"; test -n "$$VLLM_API_KEY" && exec vllm serve "$$@"'
)
"""`$$` is a dollar in a compose file. An empty key would leave the server open, so it does not start then."""


def services(deployments: Sequence[Deployment]) -> dict[str, Any]:
    """The whole file."""
    return {
        "name": "qwen-structured",
        "services": {
            **{deployment.service: _server(deployment) for deployment in deployments},
            "prometheus": _prometheus(),
            "grafana": _grafana(),
        },
        "volumes": {"models": None, "cache": None, "prometheus": None, "grafana": None},
        "secrets": {
            _KEY: {"file": "./secrets/vllm_api_key"},
            "grafana_password": {"file": "./secrets/grafana_password"},
        },
    }


def _server(deployment: Deployment) -> dict[str, Any]:
    return {
        "profiles": [deployment.alias],
        "image": IMAGE,
        "labels": {"qwen-structured.plan": deployment.plan},
        "entrypoint": ["/bin/sh", "-c", _START, "vllm"],
        "command": [deployment.model, *deployment.container_flags],
        "environment": {**deployment.environment, "HF_HOME": "/models", "VLLM_CACHE_ROOT": "/cache"},
        "secrets": [_KEY],
        "volumes": ["models:/models", "cache:/cache"],
        "ports": [f"127.0.0.1:{deployment.port}:{PORT}"],
        "shm_size": "16gb",
        "deploy": {
            "resources": {
                "reservations": {
                    "devices": [
                        {"driver": "nvidia", "count": deployment.gpus, "capabilities": ["gpu"]},
                    ]
                }
            }
        },
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "healthcheck": {
            "test": ["CMD", "curl", "--fail", "--silent", f"http://127.0.0.1:{PORT}/health"],
            "interval": "30s",
            "timeout": "10s",
            "start_period": f"{deployment.ready_s}s",
        },
        "restart": "unless-stopped",
        "stop_grace_period": "2m",
    }


def _prometheus() -> dict[str, Any]:
    return {
        "profiles": ["monitoring"],
        "image": PROMETHEUS,
        "volumes": ["./prometheus.yml:/etc/prometheus/prometheus.yml:ro", "prometheus:/prometheus"],
        "ports": ["127.0.0.1:9090:9090"],
        "restart": "unless-stopped",
    }


def _grafana() -> dict[str, Any]:
    provisioning = "/etc/grafana/provisioning"
    return {
        "profiles": ["monitoring"],
        "image": GRAFANA,
        "environment": {"GF_SECURITY_ADMIN_PASSWORD__FILE": "/run/secrets/grafana_password"},
        "secrets": ["grafana_password"],
        "volumes": [
            f"./grafana/datasource.yaml:{provisioning}/datasources/qwen-structured.yaml:ro",
            f"./grafana/provider.yaml:{provisioning}/dashboards/qwen-structured.yaml:ro",
            "./grafana/dashboard.json:/var/lib/grafana/dashboards/qwen-structured.json:ro",
            "grafana:/var/lib/grafana",
        ],
        "ports": ["127.0.0.1:3000:3000"],
        "restart": "unless-stopped",
    }
