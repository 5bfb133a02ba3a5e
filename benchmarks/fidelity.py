"""What engines let through and what they forbid: ours beside XGrammar's converter, llguidance, outlines-core.

Every schema of the corpora is compiled by every engine, and every instance is fed to it. The corpus
``pydantic`` is judged twice: by the schema, and by schema and model; its models are there as schemas only.
In ``types`` we are fed Python types and the others their schemas, and Pydantic judges. Writes
``results/fidelity.json``; run it from the repository's root, with the dependency group ``bench`` installed::

    python -m benchmarks.fidelity
    python -m benchmarks.fidelity --data FOLDER --corpora pydantic types --engines ours --show 20
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .differential import corpora, typed
from .differential.corpora import Case
from .differential.engines import ENGINES
from .differential.trial import Outcome, attempt_all
from .differential.verdict import Tally, Verdict, judge, refused_wrongly

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data" / "schemas"
TYPES = ROOT / "tests" / "unit" / "schema" / "types.py"
RESULTS = Path(__file__).parent / "results" / "fidelity.json"
COLUMNS = {
    "schemas": "schemas",
    "refused": "refused",
    "broke": "broke",
    "exact": "exact",
    "narrowed": "narrowed",
    "checked": "checked",
    "silent": "not as declared",
    "silent_holes": "silent holes",
    "silent_narrowings": "silent narrowings",
    "silent_holes_by_place": "holes, by place",
    "silent_narrowings_by_place": "narrowings, by place",
    "schemas_with_holes": "with holes",
    "schemas_that_forbid": "that forbid",
    "right": "all right",
    "open_refused": "open refused",
    "seconds": "s",
}


def main() -> None:
    options = _options()
    report = _read(options.results)
    for corpus in options.corpora:
        cases = _cases(corpus, options)
        outcomes = {
            engine: attempt_all(engine, cases, limit_s=options.limit_s, processes=options.processes)
            for engine in options.engines
        }
        for judged_by, verdicts in _judged(corpus, cases, outcomes):
            _record(report, judged_by, verdicts, _circumstances(options))
            print_table(judged_by, report["corpora"][judged_by])
            _show(verdicts, options.show)
    options.results.parent.mkdir(exist_ok=True)
    options.results.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of <corpus>.jsonl.gz")
    parser.add_argument("--corpora", nargs="+", default=_corpora(), choices=[*corpora.CORPORA, "types"])
    parser.add_argument("--engines", nargs="+", default=_engines(), choices=list(ENGINES))
    parser.add_argument("--types", type=Path, default=TYPES, help="a file that defines TYPES, for `types`")
    parser.add_argument("--results", type=Path, default=RESULTS, help="added to, if it exists")
    parser.add_argument("--limit-s", type=float, default=10, help="for one schema and its instances")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--show", type=int, default=0, help="how many silent failures to print")
    return parser.parse_args()


def _corpora() -> list[str]:
    return [*corpora.CORPORA, *(["types"] if TYPES.exists() else [])]


def _engines() -> list[str]:
    """Those whose packages are installed."""
    return [name for name, engine in ENGINES.items() if all(map(_installed, engine.packages))]


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package.replace("-", "_")) is not None


def _cases(corpus: str, options: argparse.Namespace) -> list[Case]:
    if corpus == "types":
        return typed.read(options.types)
    return corpora.read(options.data, corpus)


def _judged(
    corpus: str, cases: list[Case], outcomes: dict[str, list[Outcome]]
) -> Iterator[tuple[str, dict[str, list[Verdict]]]]:
    """The verdicts on every engine, by every oracle that the corpus has."""
    yield corpus, {engine: judge(cases, each) for engine, each in outcomes.items()}
    if corpus == "pydantic":
        to_model = {engine: judge(cases, each, to_model=True) for engine, each in outcomes.items()}
        yield "pydantic, schema and model", to_model


def _record(
    report: dict[str, Any], judged_by: str, verdicts: dict[str, list[Verdict]], run: dict[str, Any]
) -> None:
    """Put results in the report, beside those that other runs left there; each says what run it is of."""
    tallies = report.setdefault("corpora", {}).setdefault(judged_by, {})
    tallies |= {engine: asdict(Tally.of(each)) | {"run": run} for engine, each in verdicts.items()}
    failing = report.setdefault("failing", {}).setdefault(judged_by, {})
    failing |= {engine: _failing(each) for engine, each in verdicts.items()}
    if "ours" in verdicts and len(verdicts) > 1:  # it is told by the peers of the same run
        lost = report.setdefault("refused_though_a_peer_is_right", {})
        lost[judged_by] = refused_wrongly(verdicts, "ours")


def _failing(verdicts: list[Verdict]) -> dict[str, list[str]]:
    """Names of the schemas that were refused, that broke, and that are not as declared."""
    return {
        status: [verdict.case.name for verdict in verdicts if verdict.status == status]
        for status in ("refused", "broke", "silent")
    }


def _read(results: Path) -> dict[str, Any]:
    return dict(json.loads(results.read_text())) if results.exists() else {}


def _circumstances(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": versions(package for engine in ENGINES.values() for package in engine.packages),
        "limit_s": options.limit_s,
    }


def versions(packages: Iterable[str]) -> dict[str, str]:
    """The versions of those that are installed."""
    found = {}
    for package in dict.fromkeys(packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def print_table(judged_by: str, tallies: dict[str, dict[str, Any]]) -> None:
    print(f"\n**{judged_by}**\n")
    print("| engine | " + " | ".join(COLUMNS.values()) + " |")
    print("| --- |" + " ---: |" * len(COLUMNS))
    for engine, tally in tallies.items():
        print(f"| {engine} | " + " | ".join(str(tally[column]) for column in COLUMNS) + " |")
    sys.stdout.flush()


def _show(verdicts: dict[str, list[Verdict]], count: int) -> None:
    for engine, each in verdicts.items():
        silent = [str(failure) for verdict in each for failure in verdict.silent]
        broken = [f"{v.case.name}: broke: {v.outcome.broke}" for v in each if v.outcome.broke]
        for line in [*broken, *silent][:count]:
            print(f"{engine}: {line}")


if __name__ == "__main__":
    main()
