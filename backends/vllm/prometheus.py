"""prometheus.yml: scrape each model's server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backends.vllm.deployment import PORT, Deployment


def scraping(deployments: Sequence[Deployment]) -> dict[str, Any]:
    """The whole file."""
    return {
        "global": {"scrape_interval": "15s"},
        "scrape_configs": [
            {
                "job_name": "vllm",
                "metrics_path": "/metrics",
                "static_configs": [
                    {"targets": [f"{d.service}:{PORT}"], "labels": {"deployment": d.alias}}
                    for d in deployments
                ],
            }
        ],
    }
