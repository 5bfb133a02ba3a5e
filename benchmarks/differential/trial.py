"""Feed the instances of a case to an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from .corpora import Case
from .engines import ENGINES, Refused
from .spelling import Place, Text, texts
from .workers import Lost, run_all

if TYPE_CHECKING:
    from qwen_structured.schema import Finding

    from .engines import Compiled, Engine

_WARM_UP = Case("warm-up", {"type": "object", "properties": {"a": {"type": "null"}}}, ())


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of one instance.

    Attributes:
        accepted: whether it allows the instance in any order of properties that its schema has.
        stopped_at: the place in the likeliest order where it refused, or the root.
    """

    accepted: bool
    stopped_at: Place = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine made of one case.

    Attributes:
        seconds: for compiling and for all instances.
        readings: one for each instance; none where it did not compile.
        findings: what the engine declares.
        refused: the engine's reason for not supporting the schema.
        broke: what went wrong instead: an unforeseen exception, a crash, too much time or memory.
    """

    seconds: float
    readings: tuple[Reading, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: str = ""
    broke: str = ""


def attempt_all(
    engine: str, cases: Sequence[Case], *, limit_s: float = 10, processes: int = 2
) -> list[Outcome]:
    """Attempt every case with an engine, each within the limit; outcomes are in the order of the cases."""
    results = run_all(partial(_prepare, engine), cases, limit_s=limit_s, processes=processes)
    return [Outcome(limit_s, broke=each.why) if isinstance(each, Lost) else each for each in results]


def attempt(engine: Engine, case: Case) -> Outcome:
    """Compile a case and feed its instances, in this process and without a limit."""
    start = perf_counter()
    try:
        compiled = engine.compile(case)
        readings = tuple(
            _reading(
                compiled,
                [
                    text
                    for spelling in filter(None, (instance.text, instance.respelt))
                    for text in texts(spelling, case.schema, engine.separators)
                ],
            )
            for instance in case.instances
        )
    except Refused as error:
        return Outcome(perf_counter() - start, refused=line_of(error))
    except Exception as error:  # an engine's own failure is a result here
        return Outcome(perf_counter() - start, broke=f"{type(error).__name__}: {line_of(error)}")
    return Outcome(perf_counter() - start, readings, compiled.findings)


def line_of(error: Exception) -> str:
    """An error's message on one line of at most 200 characters."""
    return " ".join(str(error).split())[:200] or "no reason given"


def _prepare(engine_name: str) -> Callable[[Case], Outcome]:
    engine = ENGINES[engine_name]
    attempt(engine, _WARM_UP)  # imports it
    return partial(attempt, engine)


def _reading(compiled: Compiled, spelt: Sequence[Text]) -> Reading:
    stops = []
    for text in spelt:
        stop = compiled.stops_at(text.data)
        if stop is None:
            return Reading(True)
        stops.append(stop)
    return Reading(False, spelt[0].place_at(stops[0]))
