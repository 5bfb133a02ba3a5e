"""Write the deployables of this folder from the registry and the planner.

    python -m backends.ray.generate                        # as they stand here: H100s
    python -m backends.ray.generate --gpu 80b=H200:1 --image registry/qwen-structured-ray:1

Needs PyYAML, and this package. A test compares what stands here with what this script writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backends.ray import kuberay
from backends.ray.image import DOCKERFILE, IMAGE
from backends.ray.pods import Wanted
from backends.vllm.deployment import deployment
from backends.vllm.generate import GPUS, as_yaml, pair

from qwen_structured.exceptions import QwenStructuredError
from qwen_structured.planning.plan import CONCURRENCY, CONTEXT

FOLDER = Path(__file__).parent
COMMAND = "python -m backends.ray.generate"
_WORKERS = 4
_PORT = 8000


@dataclass(frozen=True, slots=True)
class Wish:
    """What the deployables are made for.

    Attributes:
        gpus: GPUs of each model, as ``H100:2``, by the model's alias.
        image: what the pods run.
        context: tokens of a request, answer included.
        concurrency: requests of a model at once.
        workers: models at once in a cluster, at most.
    """

    gpus: Mapping[str, str]
    image: str = IMAGE
    context: int = CONTEXT
    concurrency: int = CONCURRENCY
    workers: int = _WORKERS


def files(wish: Wish) -> dict[str, str]:
    """The text of each file, by its path in this folder.

    Raises:
        DoesNotFit: a model does not fit on its GPUs.
        ConfigurationError: a GPU is not known, or a number is out of bounds.
    """
    deployments = [
        deployment(alias, gpu, _PORT, wish.context, wish.concurrency) for alias, gpu in wish.gpus.items()
    ]

    def wanted(kind: str, alias: str) -> Wanted:
        [found] = [one for one in deployments if one.alias == alias]
        return Wanted(
            name=f"{kind}-{alias}",
            deployment=found,
            image=wish.image,
            context=wish.context,
            concurrency=wish.concurrency,
            workers=wish.workers,
        )

    written = {"Dockerfile": f"# Written by `{COMMAND}`.\n{DOCKERFILE}"}
    written["shared.yaml"] = as_yaml([kuberay.shared(deployments)], COMMAND)
    for alias in wish.gpus:
        written[f"cluster-{alias}.yaml"] = as_yaml(kuberay.data_cluster(wanted("ray", alias)), COMMAND)
        written[f"service-{alias}.yaml"] = as_yaml(kuberay.service(wanted("serve", alias)), COMMAND)
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--gpu", action="append", default=[], metavar="MODEL=GPU:COUNT")
    parser.add_argument("--image", default=IMAGE, help="image of the pods")
    parser.add_argument("--context", type=int, default=CONTEXT, help="tokens of a request")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="requests of a model at once")
    parser.add_argument("--workers", type=int, default=_WORKERS, help="models at once in a cluster, at most")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder to write to")
    given = parser.parse_args(arguments)
    try:
        gpus = {**GPUS, **dict(pair(gpu) for gpu in given.gpu)}
        written = files(Wish(gpus, given.image, given.context, given.concurrency, given.workers))
    except (QwenStructuredError, ValueError) as error:
        parser.error(str(error))
    given.output.mkdir(parents=True, exist_ok=True)
    for path, text in written.items():
        (given.output / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
