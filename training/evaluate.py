"""Evaluate a trained model through the library, free and constrained, on what training never saw.

    python training/evaluate.py [--model FOLDER] [--examples 300] [--out benchmarks/results/embedded_model.json]

Needs the package with its extra ``embedded``. Greedy decoding on this machine's CPU; the same questions with and
without the grammar. A field is exact when its value equals the expected one, numbers by value; a field that only one
of the two has is wrong.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":  # the folder of this script holds modules, not packages
    sys.path[0] = str(ROOT)

import anyio
from training import metrics
from training.synth import tasks

from qwen_structured import Message, Request
from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.exceptions import PromptTooLong
from qwen_structured.schema import lower

SPLITS = ("values", "templates", "schemas")
_AT_ONCE = 32
_MAX_OUTPUT_TOKENS = 700


async def evaluate(
    backend: EmbeddedBackend, examples: Sequence[tasks.Example], *, constrained: bool
) -> metrics.Score:
    """Score the backend's answers to `examples`."""
    scores: list[metrics.Score] = []
    limit = anyio.CapacityLimiter(_AT_ONCE)

    async def ask(example: tasks.Example) -> None:
        async with limit:
            scores.append(metrics.compare_text(example.answer, await _answer(backend, example, constrained)))

    async with anyio.create_task_group() as group:
        for example in examples:
            group.start_soon(ask, example)
    return metrics.total(scores)


async def _answer(backend: EmbeddedBackend, example: tasks.Example, constrained: bool) -> str:
    request = Request(
        messages=(Message("system", example.system), Message("user", example.user)),
        grammar=lower(example.schema).grammar if constrained else None,
        max_output_tokens=_MAX_OUTPUT_TOKENS,
    )
    try:
        return (await backend.complete(request)).text
    except PromptTooLong:
        return ""


async def run(model: str | None, count: int) -> dict[str, dict[str, dict[str, float]]]:
    """Score every split, free and constrained; print the table as it grows."""
    backend = EmbeddedBackend(model)
    results: dict[str, dict[str, dict[str, float]]] = {}
    print(
        f"{'split':<10} {'decoding':<12} {'objects':>7} {'fields exact':>12} {'objects exact':>13} {'JSON':>6}"
    )
    for split in SPLITS:
        examples = list(islice(tasks.examples(0, split=split), count))
        for constrained in (False, True):
            score = await evaluate(backend, examples, constrained=constrained)
            shares, name = score.shares(), "constrained" if constrained else "free"
            results.setdefault(split, {})[name] = {**shares, **asdict(score)}
            print(
                f"{split:<10} {name:<12} {score.objects:>7} {shares['fields_exact']:>12.3f} "
                f"{shares['objects_exact']:>13.3f} {shares['objects_parsed']:>6.3f}",
                flush=True,
            )
    await backend.aclose()
    return results


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="folder of a model; by default the one that ships with the package")
    parser.add_argument("--examples", type=int, default=300, help="examples of each split")
    parser.add_argument("--out", type=Path, help="JSON file for the results")
    arguments = parser.parse_args()
    started = perf_counter()
    results = anyio.run(run, arguments.model, arguments.examples)
    if arguments.out:
        versions = {name: version(name) for name in ("torch", "transformers", "xgrammar", "qwen-structured")}
        report = {
            "date": date.today().isoformat(),
            "python": platform.python_version(),
            "versions": versions,
            "seconds": round(perf_counter() - started, 1),
            "splits": results,
        }
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
