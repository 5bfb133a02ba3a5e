"""The Grafana dashboard, and what tells Grafana of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DATASOURCE: dict[str, Any] = {
    "apiVersion": 1,
    "datasources": [
        {
            "name": "Prometheus",
            "uid": "prometheus",
            "type": "prometheus",
            "access": "proxy",
            "url": "http://prometheus:9090",
        }
    ],
}
PROVIDER: dict[str, Any] = {
    "apiVersion": 1,
    "providers": [
        {"name": "qwen-structured", "type": "file", "options": {"path": "/var/lib/grafana/dashboards"}}
    ],
}

_BY = "deployment"
_HERE = f'{{{_BY}=~"$deployment"}}'


def _sum(metric: str) -> str:
    return f"sum by ({_BY}) ({metric}{_HERE})"


def _rate(metric: str) -> str:
    return f"sum by ({_BY}) (rate({metric}{_HERE}[$__rate_interval]))"


def _quantile(part: float, metric: str) -> str:
    return f"histogram_quantile({part}, sum by (le, {_BY}) (rate({metric}_bucket{_HERE}[$__rate_interval])))"


_Panel = tuple[str, str, dict[str, str]]
_PANELS: tuple[_Panel, ...] = (
    ("Output tokens a second", "short", {"": _rate("vllm:generation_tokens_total")}),
    ("Prompt tokens a second", "short", {"": _rate("vllm:prompt_tokens_total")}),
    (
        "Requests",
        "short",
        {"running": _sum("vllm:num_requests_running"), "waiting": _sum("vllm:num_requests_waiting")},
    ),
    ("KV cache in use", "percentunit", {"": f"max by ({_BY}) (vllm:kv_cache_usage_perc{_HERE})"}),
    (
        "Time to first token",
        "s",
        {
            "median": _quantile(0.5, "vllm:time_to_first_token_seconds"),
            "95 %": _quantile(0.95, "vllm:time_to_first_token_seconds"),
        },
    ),
    (
        "Time between tokens",
        "s",
        {
            "median": _quantile(0.5, "vllm:inter_token_latency_seconds"),
            "95 %": _quantile(0.95, "vllm:inter_token_latency_seconds"),
        },
    ),
    (
        "Prompt tokens found in the prefix cache",
        "percentunit",
        {"": f"{_rate('vllm:prefix_cache_hits_total')} / {_rate('vllm:prefix_cache_queries_total')}"},
    ),
    (
        "Requests done, by why they ended",
        "reqps",
        {
            "{{finished_reason}}": (
                f"sum by ({_BY}, finished_reason) (rate(vllm:request_success_total{_HERE}[$__rate_interval]))"
            )
        },
    ),
)


def as_json() -> str:
    """The dashboard's file."""
    return json.dumps(_dashboard(), indent=2) + "\n"


def _dashboard() -> dict[str, Any]:
    return {
        "uid": "qwen-structured-vllm",
        "title": "qwen_structured: vLLM",
        "tags": ["qwen-structured", "vllm"],
        "schemaVersion": 41,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_variable()]},
        "panels": list(_panels()),
    }


def _variable() -> dict[str, Any]:
    return {
        "name": "deployment",
        "label": "Model",
        "type": "query",
        "datasource": _source(),
        "query": "label_values(vllm:num_requests_running, deployment)",
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "current": {"text": "All", "value": "$__all"},
    }


def _panels() -> Iterator[dict[str, Any]]:
    width, height = 12, 8
    for number, (title, unit, queries) in enumerate(_PANELS):
        yield {
            "id": number + 1,
            "title": title,
            "type": "timeseries",
            "datasource": _source(),
            "gridPos": {"h": height, "w": width, "x": number % 2 * width, "y": number // 2 * height},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
            "targets": [
                {
                    "refId": chr(ord("A") + at),
                    "datasource": _source(),
                    "expr": query,
                    "legendFormat": f"{{{{{_BY}}}}} {name}".strip(),
                }
                for at, (name, query) in enumerate(queries.items())
            ],
        }


def _source() -> dict[str, str]:
    return {"type": "prometheus", "uid": "prometheus"}
