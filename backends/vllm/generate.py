"""Write the deployables of this folder from the registry and the planner.

    python -m backends.vllm.generate                          # as they stand here: H100s
    python -m backends.vllm.generate --gpu 80b=H200:1         # the 80B on one H200
    python -m backends.vllm.generate --context 32768 --output /etc/qwen-structured

Needs PyYAML, and this package. A test compares what stands here with what this script writes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from backends.vllm import compose, dashboard, kubernetes, prometheus, systemd
from backends.vllm.deployment import Deployment, deployment

from qwen_structured.exceptions import QwenStructuredError
from qwen_structured.planning.plan import CONCURRENCY, CONTEXT

FOLDER = Path(__file__).parent
GPUS = {"80b": "H100:2", "480b": "H100:8"}
"""Where each model runs unless told: the smallest set of H100s that holds it."""

COMMAND = "python -m backends.vllm.generate"
_HEAD = "# Written by `{}`: change its options, not this file.\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the deployables are made for.

    Attributes:
        gpus: GPUs of each model, as ``H100:2``, by the model's alias.
        context: tokens of a request, answer included.
        concurrency: requests at once.
    """

    gpus: Mapping[str, str]
    context: int = CONTEXT
    concurrency: int = CONCURRENCY


def files(wish: Wish) -> dict[str, str]:
    """The text of each file, by its path in this folder.

    Raises:
        DoesNotFit: a model does not fit on its GPUs.
        ConfigurationError: a GPU is not known, or a number is out of bounds.
    """
    deployments = [
        deployment(alias, gpu, port, wish.context, wish.concurrency)
        for port, (alias, gpu) in enumerate(wish.gpus.items(), start=8000)
    ]
    return {
        "compose.yaml": as_yaml([compose.services(deployments)]),
        **{f"kubernetes-{d.alias}.yaml": as_yaml(kubernetes.objects(d)) for d in deployments},
        "qwen-structured-vllm@.service": _HEAD.format(COMMAND) + systemd.UNIT,
        **{f"{d.alias}.env": _HEAD.format(COMMAND) + systemd.environment(d) for d in deployments},
        **_monitoring(deployments),
    }


def _monitoring(deployments: Sequence[Deployment]) -> dict[str, str]:
    return {
        "prometheus.yml": as_yaml([prometheus.scraping(deployments)]),
        "grafana/datasource.yaml": as_yaml([dashboard.DATASOURCE]),
        "grafana/provider.yaml": as_yaml([dashboard.PROVIDER]),
        "grafana/dashboard.json": dashboard.as_json(),
    }


def as_yaml(documents: Sequence[Mapping[str, Any]], command: str = COMMAND) -> str:
    """The text of a file that a command writes."""
    apart = json.loads(json.dumps(documents))  # YAML writes an object that stands twice as an anchor
    return f"{_HEAD.format(command)}{yaml.safe_dump_all(apart, sort_keys=False, width=1000)}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(prog="python -m backends.vllm.generate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--gpu", action="append", default=[], metavar="MODEL=GPU:COUNT")
    parser.add_argument("--context", type=int, default=CONTEXT, help="tokens of a request")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="requests at once")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder to write to")
    given = parser.parse_args(arguments)
    try:
        gpus = {**GPUS, **dict(pair(gpu) for gpu in given.gpu)}
        written = files(Wish(gpus, given.context, given.concurrency))
    except (QwenStructuredError, ValueError) as error:
        parser.error(str(error))
    for path, text in written.items():
        file = given.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def pair(gpu: str) -> tuple[str, str]:
    """Read ``MODEL=GPU:COUNT``.

    Raises:
        ValueError: it has another form.
    """
    model, equals, kind = gpu.partition("=")
    if not equals:
        raise ValueError(f"--gpu is {gpu!r}: write it as MODEL=GPU:COUNT, such as 80b=H200:1")
    return model, kind


if __name__ == "__main__":
    main()
