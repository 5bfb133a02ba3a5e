"""What it costs a call to be observed, over one that nobody observes.

The backend is a script, so that all that is measured is this package's own work. Every measurement is a fresh
process that gives the processor time of a call, the least of some hundreds; the cases take turns. Writes
``results/observation.json`` beside this file::

    python benchmarks/observation.py
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROUNDS = 7
RESULTS = Path(__file__).parent / "results" / "observation.json"

CASES = {
    "nobody": "",
    "an observer": "import qwen_structured as q\nq.observe(type('Mine', (q.Observer,), {})())",
    "the log at INFO": "import logging\nlogging.getLogger('qwen_structured').setLevel(logging.INFO)",
    "OpenTelemetry's API without an SDK": "import opentelemetry.trace",
    "OpenTelemetry's SDK, in memory": """
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(InMemorySpanExporter()))
metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()]))
""",
}
CALLS = """
import asyncio
from time import process_time
from qwen_structured import Completion, StructuredGenerator, Usage
from qwen_structured.testing import ScriptedBackend

done = Completion(text="7", finish_reason="stop", usage=Usage(10, 5), model="scripted")
generator = StructuredGenerator(backend=ScriptedBackend(lambda request: done))

async def measure(calls):
    start = process_time()
    for _ in range(calls):
        await generator.agenerate(int, "x")
    return (process_time() - start) / calls

async def main():
    await measure(200)
    print(min([await measure(50) for _ in range(30)]) * 1e6)

asyncio.run(main())
"""


def measure(case: str) -> float:
    """Microseconds of processor time that a call takes."""
    code = f"{CASES[case]}\n{CALLS}"
    return float(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


def main() -> None:
    rounds = [[measure(case) for case in CASES] for _ in range(ROUNDS)]
    samples = dict(zip(CASES, zip(*rounds, strict=True), strict=True))
    base = min(samples["nobody"])
    print(f"{'observed by':36}{'least us':>10}{'median':>8}{'over nobody':>13}")
    for case, taken in samples.items():
        print(f"{case:36}{min(taken):10.0f}{median(taken):8.0f}{min(taken) - base:+13.0f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report(samples), indent=2) + "\n")


def report(samples: dict[str, tuple[float, ...]]) -> dict[str, object]:
    """The measurements, with what they were taken on."""
    names = ("qwen-structured", "pydantic", "opentelemetry-sdk")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in names},
        "rounds": ROUNDS,
        "least_us": {case: round(min(taken), 1) for case, taken in samples.items()},
        "samples_us": {case: [round(us, 1) for us in taken] for case, taken in samples.items()},
    }


if __name__ == "__main__":
    main()
