"""How fast the shipped model answers on this machine's CPU: from a cold start, and in tokens a second.

Cold: every measurement is a fresh process, timed from its start until its code has run; the cases take
turns, so that a busy machine slows all of them alike. Warm: one backend in this process reads a bill of
twelve lines; the cases take turns too. Its rate is the output tokens of all requests over the time from the
call to the last answer, so that reading the prompts is in it. Beside each time stands the CPU's, which other
work on the machine changes less. Writes ``results/embedded_speed.json`` beside this file::

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
from time import perf_counter, process_time
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


class Start(NamedTuple):
    """Seconds from a process's start until its code has run."""

    wall_s: float
    cpu_s: float


class Sample(NamedTuple):
    """What answering a case's requests took."""

    tokens: int
    wall_s: float
    cpu_s: float
    first_token_s: float

    @property
    def tokens_per_s(self) -> float:
        return self.tokens / self.wall_s

    @property
    def tokens_per_cpu_s(self) -> float:
        return self.tokens / self.cpu_s


SINGLE = "1 request"
WARM = {SINGLE: Case(1), "1 request, free": Case(1, False), "8 requests": Case(8), "32 requests": Case(32)}


def cold(case: str) -> Start:
    """Start a new process and wait until its code has run."""
    code = f"{COLD[case]}\nimport time\nprint(time.process_time(), flush=True)"
    start = perf_counter()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        cpu_s = float(process.stdout.readline())
        return Start(perf_counter() - start, cpu_s)


async def warm(backend: embedded.EmbeddedBackend, case: Case) -> Sample:
    """Answer the case's requests, made at the same time."""
    requests = [request(number, constrained=case.constrained) for number in range(case.requests)]
    start, cpu_start = perf_counter(), process_time()
    done: Sequence[Completion] = await asyncio.gather(*map(backend.complete, requests))
    return Sample(
        tokens=sum(completion.usage.output_tokens for completion in done),
        wall_s=perf_counter() - start,
        cpu_s=process_time() - cpu_start,
        first_token_s=max(completion.timings.first_token_s or 0.0 for completion in done),
    )


def request(number: int, *, constrained: bool) -> Request:
    """A request whose prompt has one of four lengths, as requests that share a batch differ in it."""
    schema = OutputSchema.of(Bill)
    return Request(
        messages=_prompt.compose(BILL + "\nThank you!" * (number % 4), schema.json_schema, "sketch"),
        grammar=schema.grammar if constrained else None,
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


def cold_rounds() -> dict[str, list[Start]]:
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


def cold_report(started: Mapping[str, Sequence[Start]]) -> dict[str, object]:
    aside = without_torch(started)
    cases = {
        name: {
            "wall_s": spread([start.wall_s for start in starts], 2),
            "cpu_s": spread([start.cpu_s for start in starts], 2),
        }
        for name, starts in started.items()
    }
    return {
        "rounds": COLD_ROUNDS,
        "aim_answer_without_import_torch_s": AIM_COLD_S,
        "answer_without_import_torch_s": round(aside, 2),
        "reached": aside <= AIM_COLD_S,
        "cases": cases,
    }


def warm_report(written: Mapping[str, Sequence[Sample]]) -> dict[str, object]:
    cases = {
        name: {
            "tokens_per_s": spread([sample.tokens_per_s for sample in samples], 1),
            "tokens_per_cpu_s": spread([sample.tokens_per_cpu_s for sample in samples], 1),
            "first_token_s": spread([sample.first_token_s for sample in samples], 3),
            "output_tokens": samples[0].tokens,
        }
        for name, samples in written.items()
    }
    return {
        "rounds": WARM_ROUNDS,
        "aim_tokens_per_s": AIM_TOKENS_PER_S,
        "reached": median(sample.tokens_per_s for sample in written[SINGLE]) >= AIM_TOKENS_PER_S,
        "cases": cases,
    }


def spread(values: Sequence[float], digits: int) -> dict[str, float]:
    return {name: round(f(values), digits) for name, f in (("median", median), ("min", min), ("max", max))}


def without_torch(started: Mapping[str, Sequence[Start]]) -> float:
    """Median of the rounds' seconds for an answer, less what the same round's import of torch took."""
    pairs = zip(started[ANSWER], started[TORCH], strict=True)
    return median(answer.wall_s - torch.wall_s for answer, torch in pairs)


def show(started: Mapping[str, Sequence[Start]], written: Mapping[str, Sequence[Sample]]) -> None:
    print(f"{'cold':38}{'median s':>10}{'min':>8}{'max':>8}{'CPU s':>8}")
    for name, starts in started.items():
        print(f"{name:38}{row([one.wall_s for one in starts], 2)}{median(one.cpu_s for one in starts):8.2f}")
    print(
        f"{'an answer, import torch aside':38}{without_torch(started):10.2f}   aim: at most {AIM_COLD_S:.0f}"
    )
    print(f"\n{'warm':38}{'tokens/s':>10}{'min':>8}{'max':>8}{'/CPU s':>8}")
    for name, samples in written.items():
        by_cpu = median(one.tokens_per_cpu_s for one in samples)
        print(f"{name:38}{row([one.tokens_per_s for one in samples], 1)}{by_cpu:8.1f}")
    print(f"aim for 1 request: at least {AIM_TOKENS_PER_S} tokens/s")


def row(values: Sequence[float], digits: int) -> str:
    return f"{median(values):10.{digits}f}{min(values):8.{digits}f}{max(values):8.{digits}f}"


if __name__ == "__main__":
    main()
