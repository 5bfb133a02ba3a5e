"""What importing the package costs, over importing Pydantic.

Every measurement is a fresh process that times one case; the cases take turns, so that a busy machine slows
all of them alike. The first model of a program costs Pydantic a search for plugins, whoever defines it; so
there is a case with one. Writes ``results/import_time.json`` beside this file::

    python benchmarks/import_time.py
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
from statistics import median, quantiles

ROUNDS = 20
AIM_MS = 60
RESULTS = Path(__file__).parent / "results" / "import_time.json"
BASE = "from pydantic import BaseModel"
MODEL = f"{BASE}\nclass Model(BaseModel):\n    field: int"
CASES = {
    "pydantic": BASE,
    "pydantic, a model": MODEL,
    "qwen_structured": "import qwen_structured",
    "pydantic, qwen_structured": f"{BASE}\nimport qwen_structured",
    "generate": "from qwen_structured import generate",
    "pydantic, a model, generate": f"{MODEL}\nfrom qwen_structured import generate",
}


def measure(case: str) -> float:
    """Milliseconds that a case takes in a new process, its start not counted."""
    code = (
        "from time import perf_counter\n"
        "start = perf_counter()\n"
        f"{CASES[case]}\n"
        "print((perf_counter() - start) * 1e3)"
    )
    return float(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


def main() -> None:
    for case in CASES:
        measure(case)  # writes bytecode, fills the disk cache
    rounds = [[measure(case) for case in CASES] for _ in range(ROUNDS)]
    samples = dict(zip(CASES, zip(*rounds, strict=True), strict=True))
    base = median(samples["pydantic"])
    print(f"{'case':30}{'median ms':>10}{'p90':>8}{'over Pydantic':>15}")
    for case, taken in samples.items():
        middle = median(taken)
        print(f"{case:30}{middle:10.1f}{quantiles(taken, n=10)[-1]:8.1f}{middle - base:+15.1f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report(samples), indent=2) + "\n")


def report(samples: dict[str, tuple[float, ...]]) -> dict[str, object]:
    """The measurements, with what they were taken on."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in ("qwen-structured", "pydantic", "anyio", "tenacity")},
        "rounds": ROUNDS,
        "aim_ms_over_pydantic": AIM_MS,
        "median_ms": {case: round(median(taken), 1) for case, taken in samples.items()},
        "samples_ms": {case: [round(ms, 1) for ms in taken] for case, taken in samples.items()},
    }


if __name__ == "__main__":
    main()
