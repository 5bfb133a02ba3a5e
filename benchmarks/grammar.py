"""What a grammar costs on Qwen's vocabulary: ours beside XGrammar's converter and llguidance.

Lowering, compiling to the first mask (cold, and with what the engine has kept of the grammars before), the
mask of every token along valid instances, sizes; then bounded strings, filled to nothing, to the half, near
the bound and to it. One thread. Writes
``results/grammar.json``; run it from the repository's root, with the dependency group ``bench`` installed::

    python -m benchmarks.grammar --vocabulary qwen.tiktoken

The vocabulary is the file of that name beside the weights of Qwen's first models; Qwen3's is the same.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from .differential import corpora
from .differential.corpora import Case, Instance
from .differential.speed import TIMED_ENGINES, Speed, Walk, prepare
from .differential.workers import Lost, run_all
from .fidelity import DATA, versions

RESULTS = Path(__file__).parent / "results" / "grammar.json"
PACKAGES = ("qwen-structured", "xgrammar", "llguidance")
CORPORA = ("pydantic", "suite2020", "real_world")
AIMS = {
    "lower_ms p95, pydantic": 5,
    "compile_ms p95, pydantic": "the converter's",
    "compile_ms max, a bounded string": 200,
    "mask_us p50": 6,
    "mask_us p99": 50,
}
BOUNDS = (20, 80, 200, 280, 1000, 10_000)
NEAR = 16
"""How many tokens before the bound are near it."""
HEAD, TAIL = '{"text":"', '","count":1}'
LAST = "\u4f60"  # no token has it and the quote, so that a token ends at the bound
PLAIN = "The lamp in the kitchen went out again, so they ate by the window and talked. "
ESCAPED = 'She said "no\nway" and typed C:\\temp\\x, \u00e9\u4f60\U0001f600 \t"'


def main() -> None:
    options = _options()
    report = _read(options.results)
    for corpus in options.corpora:
        cases = corpora.read(options.data, corpus)
        for engine in options.engines:
            speeds = _run(engine, cases, options)
            report.setdefault("corpora", {}).setdefault(corpus, {})[engine] = summary(speeds)
        _print_corpus(corpus, report["corpora"][corpus])
    for engine in options.engines if options.strings else ():
        bounded = report.setdefault("bounded strings", {})
        bounded[engine] = list(_bounded(engine, options))
    _print_bounded(report.get("bounded strings", {}))
    report |= _circumstances(options)
    options.results.parent.mkdir(exist_ok=True)
    options.results.write_text(json.dumps(report, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--vocabulary", type=Path, required=True, help="a tiktoken file")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of <corpus>.jsonl.gz")
    parser.add_argument("--corpora", nargs="*", default=CORPORA, choices=corpora.CORPORA)
    parser.add_argument("--engines", nargs="+", default=list(TIMED_ENGINES), choices=list(TIMED_ENGINES))
    parser.add_argument("--no-strings", dest="strings", action="store_false", help="only the corpora")
    parser.add_argument("--results", type=Path, default=RESULTS, help="added to, if it exists")
    parser.add_argument("--limit-s", type=float, default=20, help="for one schema and its instances")
    return parser.parse_args()


def _run(engine: str, cases: Sequence[Case], options: argparse.Namespace) -> list[Speed]:
    results = run_all(
        partial(prepare, engine, options.vocabulary), cases, limit_s=options.limit_s, processes=1
    )
    return [Speed(failed=f"broke: {each.why}") if isinstance(each, Lost) else each for each in results]


def summary(speeds: Sequence[Speed]) -> dict[str, Any]:
    """A corpus in numbers; schemas that were refused or broke are in no spread."""
    done = [speed for speed in speeds if not speed.failed]
    masks = [mask.us for speed in done for walk in speed.walks for mask in walk.masks]
    return {
        "schemas": len(speeds),
        "refused": sum(speed.failed.startswith("refused") for speed in speeds),
        "broke": sum(speed.failed.startswith("broke") for speed in speeds),
        "over_limit": sum(speed.failed.startswith("broke: over") for speed in speeds),
        "lower_ms": spread([speed.lower_ms for speed in done]),
        "cold_compile_ms": spread([speed.cold_compile_ms for speed in done]),
        "compile_ms": spread([speed.compile_ms for speed in done]),
        "grammar_bytes": spread([speed.grammar_bytes for speed in done]),
        "memory_bytes": spread([speed.memory_bytes for speed in done]),
        "mask_us": spread(masks),
        "masks": len(masks),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile, and maximum."""
    if len(values) < 2:
        return {name: round(value, 1) for value in values for name in ("p50", "p95", "p99", "max")}
    cuts = quantiles(values, n=100, method="inclusive")
    each = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(values)}
    return {name: round(value, 1) for name, value in each.items()}


# --- bounded strings -------------------------------------------------------------------------------


def _bounded(engine: str, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A row for every bound and kind of text."""
    cases = [bounded_case(bound, text) for bound in BOUNDS for text in (PLAIN, ESCAPED)]
    for case, speed in zip(cases, _run(engine, cases, options), strict=True):
        row: dict[str, Any] = {"string": case.name}
        if speed.failed:
            yield row | {"failed": speed.failed}
            continue
        yield row | {
            "taken": round(speed.walks[0].taken_bytes / len(speed.walks[0].text), 3),
            "lower_ms": round(speed.lower_ms, 1),
            "cold_compile_ms": round(speed.cold_compile_ms, 1),
            "compile_ms": round(speed.compile_ms, 1),
            "grammar_bytes": speed.grammar_bytes,
            "memory_bytes": speed.memory_bytes,
            "mask_us": {at: spread(masks) for at, masks in _regions(speed.walks[0]).items()},
        }


def bounded_case(bound: int, text: str) -> Case:
    """An object with a string that is filled to its bound, and a number after it."""
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": bound}, "count": {"type": "integer"}},
        "required": ["text", "count"],
        "additionalProperties": False,
    }
    full = (text * (bound // len(text) + 1))[: bound - 1] + LAST
    instance = HEAD + json.dumps(full, ensure_ascii=False)[1:-1] + TAIL
    kind = "escapes" if text is ESCAPED else "plain"
    return Case(f"maxLength {bound}, {kind}", schema, (Instance(instance, True, True),))


def _regions(walk: Walk) -> dict[str, list[float]]:
    """The masks by how far the string is filled; none where the engine refused what leads there."""
    start, end = walk.text.index(b'"', len('{"text":')) + 1, walk.text.rindex(b'",')
    inside = [mask for mask in walk.masks if start <= mask.at_byte < end]
    beyond_half = [mask for mask in inside if mask.at_byte >= (start + end) / 2]
    regions = {
        "0 %": inside[:NEAR],
        "50 %": beyond_half[:NEAR],
        "near the bound": inside[-NEAR:] if walk.taken_bytes >= end else [],
        "at the bound": [mask for mask in walk.masks if mask.at_byte == end],
        "everywhere": list(walk.masks),
    }
    return {name: [mask.us for mask in masks] for name, masks in regions.items()}


# --- reporting -------------------------------------------------------------------------------------


def _read(results: Path) -> dict[str, Any]:
    return dict(json.loads(results.read_text())) if results.exists() else {}


def _circumstances(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": versions(PACKAGES),
        "limit_s": options.limit_s,
        "load_average_at_the_end": os.getloadavg()[1],
        "aims": AIMS,
    }


def _print_corpus(corpus: str, engines: dict[str, dict[str, Any]]) -> None:
    measures = ("lower_ms", "cold_compile_ms", "compile_ms", "mask_us", "grammar_bytes", "memory_bytes")
    print(f"\n**{corpus}**: p50 / p95 / p99 / max\n")
    print("| engine | refused | over limit | " + " | ".join(measures) + " |")
    print("| --- |" + " ---: |" * (len(measures) + 2))
    for engine, each in engines.items():
        shown = [_shown(each[measure]) for measure in measures]
        print(f"| {engine} | {each['refused']} | {each['over_limit']} | " + " | ".join(shown) + " |")


def _print_bounded(engines: dict[str, list[dict[str, Any]]]) -> None:
    print("\n**bounded strings**: mask µs, median / max\n")
    regions = "0 % | 50 % | near the bound | at the bound"
    print(f"| engine | string | cold compile ms | compile ms | {regions} | grammar B | memory B |")
    print("| --- | --- |" + " ---: |" * 8)
    for engine, rows in engines.items():
        for row in rows:
            print(f"| {engine} | {row['string']} | " + " | ".join(_cells(row)) + " |")


def _cells(row: dict[str, Any]) -> list[str]:
    if "failed" in row:
        return [row["failed"], *[""] * 7]
    masks = [f"{each['p50']:g} / {each['max']:g}" if each else "refused" for each in row["mask_us"].values()]
    compiled = [f"{row['cold_compile_ms']:g}", f"{row['compile_ms']:g}"]
    return [*compiled, *masks[:4], str(row["grammar_bytes"]), str(row["memory_bytes"])]


def _shown(values: dict[str, float]) -> str:
    return " / ".join(f"{value:g}" for value in values.values())


if __name__ == "__main__":
    main()
