"""How fast the shipped model answers on this machine's CPU: from a cold start, and in tokens a second.

Cold: every measurement is a fresh process, timed from its start until its code has run; the cases take
turns, so that a busy machine slows all of them alike. Warm: one backend in this process reads a bill of
twelve lines; the cases take turns too. Its rate is the output tokens of all requests over the time from the
call to the last answer, so that reading the prompts is in it. Writes
``results/embedded_speed.json`` beside this file::

    python benchmarks/embedded_speed.py
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from pydantic import BaseModel, Field

from qwen_structured import _prompt
from qwen_structured.backends import embedded
from qwen_structured.protocols import Completion, Request
from qwen_structured.schema import OutputSchema

COLD_ROUNDS = 7
WARM_ROUNDS = 5
AIM_COLD_S = 3.0
AIM_TOKENS_PER_S = 100
RESULTS = Path(__file__).parent / "results" / "embedded_speed.json"
WEIGHTS = Path(embedded.__file__).parent / "model" / "model.safetensors"

ANSWER = "an answer"
TORCH = "import torch"
COLD = {
    ANSWER: "from qwen_structured import generate; generate(int, 'How many eggs? We bought 12 eggs.')",
    TORCH: TORCH,
    "import torch._dynamo": "import torch, torch._dynamo",  # which transformers' models import
    "import torch, transformers, xgrammar": "import torch, transformers, xgrammar",
}

BILL = """\
Dear Hannah Weber,

here comes invoice INV-2047 for:
- 12 x recycled paper at 4.90
- 3 x desk lamp at 39.50
- 40 x ring binder at 2.15
- 2 x office chair at 129.00
- 6 x board marker at 1.20
- 1 x paper shredder at 89.99
- 9 x floor lamp at 49.50
- 5 x hole punch at 8.15
- 7 x wall clock at 14.00
- 4 x coffee mug at 6.75
- 8 x green folder at 0.95
- 10 x black pen at 1.10

Kind regards,
Brightleaf Supplies"""


class Line(BaseModel):
    quantity: int = Field(ge=1)
    description: str
    unit_price: Decimal = Field(ge=0, decimal_places=2)


class Bill(BaseModel):
    customer: str
    lines: list[Line] = Field(min_length=12, max_length=12)


class Case(NamedTuple):
    """So many requests at once, with the grammar or without."""

    requests: int
    constrained: bool = True


class Sample(NamedTuple):
    """What one measurement of a case gave."""

    tokens_per_s: float
    tokens: int
    first_token_s: float


SINGLE = "1 request"
WARM = {SINGLE: Case(1), "1 request, free": Case(1, False), "8 requests": Case(8), "32 requests": Case(32)}


def cold(case: str) -> float:
    """Seconds from the start of a new process until its code has run."""
    start = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", f"{COLD[case]}; print('done', flush=True)"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        return perf_counter() - start


async def warm(backend: embedded.EmbeddedBackend, case: Case) -> Sample:
    """Answer the case's requests, made at the same time."""
    requests = [request(number, constrained=case.constrained) for number in range(case.requests)]
    start = perf_counter()
    done: Sequence[Completion] = await asyncio.gather(*map(backend.complete, requests))
    taken = perf_counter() - start
    tokens = sum(completion.usage.output_tokens for completion in done)
    return Sample(tokens / taken, tokens, max(completion.timings.first_token_s for completion in done))


def request(number: int, *, constrained: bool) -> Request:
    """A request whose prompt has one of four lengths, as requests that share a batch differ in it."""
    schema = OutputSchema.of(Bill)
    return Request(
        messages=_prompt.compose(BILL + "\nThank you!" * (number % 4), schema.json_schema, "sketch"),
        constraint=schema.constraint if constrained else None,
        max_output_tokens=400,
    )


async def warm_rounds() -> dict[str, list[Sample]]:
    backend = embedded.EmbeddedBackend()
    await warm(backend, WARM[SINGLE])  # loads the model, compiles the grammar
    samples: dict[str, list[Sample]] = {name: [] for name in WARM}
    for _ in range(WARM_ROUNDS):
        for name, case in WARM.items():
            samples[name].append(await warm(backend, case))
    await backend.aclose()
    return samples


def cold_rounds() -> dict[str, list[float]]:
    for case in COLD:
        cold(case)  # writes bytecode, fills the disk cache
    rounds = [[cold(case) for case in COLD] for _ in range(COLD_ROUNDS)]
    return {case: list(taken) for case, taken in zip(COLD, zip(*rounds, strict=True), strict=True)}


def main() -> None:
    load = [os.getloadavg()[0]]
    started = cold_rounds()
    written = asyncio.run(warm_rounds())
    load.append(os.getloadavg()[0])
    report = {**machine(load), "cold": cold_report(started), "warm": warm_report(written)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    show(started, written)


def machine(load: Sequence[float]) -> dict[str, object]:
    """What the measurements were taken on; `load`: the machine's load average before and after."""
    names = ("qwen-structured", "torch", "transformers", "xgrammar")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "cpu": cpu(),
        "load_average": [round(average, 2) for average in load],
        "versions": {name: version(name) for name in names},
        "weights_sha256": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
    }


def cpu() -> str:
    """The CPU's name, as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def cold_report(started: Mapping[str, Sequence[float]]) -> dict[str, object]:
    aside = without_torch(started)
    return {
        "rounds": COLD_ROUNDS,
        "aim_answer_without_import_torch_s": AIM_COLD_S,
        "answer_without_import_torch_s": round(aside, 2),
        "reached": aside <= AIM_COLD_S,
        "seconds": {case: spread(taken, 2) for case, taken in started.items()},
    }


def warm_report(written: Mapping[str, Sequence[Sample]]) -> dict[str, object]:
    cases = {
        name: {
            "tokens_per_s": spread([sample.tokens_per_s for sample in samples], 1),
            "first_token_s": spread([sample.first_token_s for sample in samples], 3),
            "output_tokens": samples[0].tokens,
        }
        for name, samples in written.items()
    }
    return {
        "rounds": WARM_ROUNDS,
        "aim_tokens_per_s": AIM_TOKENS_PER_S,
        "reached": tokens_per_s(written, SINGLE) >= AIM_TOKENS_PER_S,
        "cases": cases,
    }


def spread(values: Sequence[float], digits: int) -> dict[str, float]:
    return {name: round(f(values), digits) for name, f in (("median", median), ("min", min), ("max", max))}


def without_torch(started: Mapping[str, Sequence[float]]) -> float:
    return median(started[ANSWER]) - median(started[TORCH])


def tokens_per_s(written: Mapping[str, Sequence[Sample]], name: str) -> float:
    return median(sample.tokens_per_s for sample in written[name])


def show(started: Mapping[str, Sequence[float]], written: Mapping[str, Sequence[Sample]]) -> None:
    print(f"{'cold':38}{'median s':>10}{'min':>8}{'max':>8}")
    for case, taken in started.items():
        print(f"{case:38}{median(taken):10.2f}{min(taken):8.2f}{max(taken):8.2f}")
    aside = without_torch(started)
    print(f"{'an answer, import torch aside':38}{aside:10.2f}   aim: at most {AIM_COLD_S:.0f}\n")
    print(f"{'warm':38}{'tokens/s':>10}{'min':>8}{'max':>8}")
    for name, samples in written.items():
        rates = [sample.tokens_per_s for sample in samples]
        print(f"{name:38}{median(rates):10.1f}{min(rates):8.1f}{max(rates):8.1f}")
    print(f"{'':38}{'':10}   aim: at least {AIM_TOKENS_PER_S} for 1 request")


if __name__ == "__main__":
    main()
