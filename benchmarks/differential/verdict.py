"""Count what an engine enforced, and what of the rest it had declared.

A *hole* is an invalid instance that is accepted, a *loss* a valid one that is refused. It is *silent* if no
finding covers it: ``checked`` covers holes, ``narrowed`` covers losses. Whether a finding covers an instance
is counted in two ways: any finding of that kind in the schema, or only one on the way to the failing place or
within it (``by place``; where the place can't be told, any).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .corpora import Case, Instance
from .spelling import Place
from .trial import Outcome, Reading

HOLE, LOSS = "hole", "loss"
_COVERED_BY = {HOLE: "checked", LOSS: "narrowed"}
_STEP = re.compile(r"\[[^\]]*\]|\{[^}]*\}|[^.\[\]{}]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """An instance on which engine and oracle disagree.

    Attributes:
        kind: `HOLE` or `LOSS`.
        declared: a finding of the schema covers it.
        declared_by_place: a finding covers it that has to do with the failing place.
    """

    case: str
    kind: str
    instance: Instance
    declared: bool
    declared_by_place: bool

    def __str__(self) -> str:
        what = "accepted, though invalid" if self.kind == HOLE else "refused, though valid"
        note = f" ({self.instance.note})" if self.instance.note else ""
        return f"{self.case}: {what}: {self.instance.text[:200]}{note}"


@dataclass(frozen=True)
class Verdict:
    """One case, one engine.

    Attributes:
        case: the output type and its instances.
        outcome: what the engine made of them.
        to_model: whether instances have to be right for the model, too.
    """

    case: Case
    outcome: Outcome
    to_model: bool = False

    @property
    def compiled(self) -> bool:
        return not (self.outcome.refused or self.outcome.broke)

    @property
    def right(self) -> bool:
        """Whether the engine accepts what is valid and nothing else."""
        return self.compiled and not self.failures

    @property
    def silent(self) -> list[Failure]:
        return [failure for failure in self.failures if not failure.declared]

    @property
    def fidelity(self) -> str:
        """What the engine declares of the schema: its worst finding."""
        declared = {str(finding.fidelity) for finding in self.outcome.findings}
        return next((each for each in ("checked", "narrowed") if each in declared), "exact")

    @property
    def status(self) -> str:
        """``refused``, ``broke``, ``silent`` where it is not as declared, or else what is declared."""
        if not self.compiled:
            return "broke" if self.outcome.broke else "refused"
        return "silent" if self.silent else self.fidelity

    @cached_property
    def failures(self) -> list[Failure]:
        """The disagreements; instances with properties that the schema ignores may be refused."""
        return list(self._failures())

    @property
    def open_losses(self) -> int:
        """Instances refused for properties that their schema ignores."""
        return sum(self._kind(i, r) == LOSS and i.is_open for i, r in self._read())

    def _failures(self) -> Iterator[Failure]:
        for instance, reading in self._read():
            kind = self._kind(instance, reading)
            if kind and not (kind == LOSS and instance.is_open):
                yield self._failure(kind, instance, reading)

    def _read(self) -> Iterator[tuple[Instance, Reading]]:
        return zip(self.case.instances, self.outcome.readings, strict=False)

    def _kind(self, instance: Instance, reading: Reading) -> str:
        valid = instance.valid_to_model if self.to_model else instance.valid
        if reading.accepted == valid:
            return ""
        return HOLE if reading.accepted else LOSS

    def _failure(self, kind: str, instance: Instance, reading: Reading) -> Failure:
        findings = [f for f in self.outcome.findings if str(f.fidelity) == _COVERED_BY[kind]]
        places = [reading.stopped_at] if kind == LOSS else _wrong_places(self.case, instance)
        by_place = any(self._covers(finding.path, place) for finding in findings for place in places)
        return Failure(
            self.case.name, kind, instance, bool(findings), bool(findings) and (by_place or not places)
        )

    def _covers(self, path: str, place: Place) -> bool:
        """Whether a path has to do with a place; one that starts at a definition may be anywhere."""
        start = next(iter(_steps(path)), "")
        return start in self._definitions or covers(path, place)

    @cached_property
    def _definitions(self) -> frozenset[str]:
        schema = self.case.schema if isinstance(self.case.schema, Mapping) else {}
        return frozenset(name for keyword in ("$defs", "definitions") for name in schema.get(keyword, ()))


def covers(path: str, place: Place) -> bool:
    """Whether a finding's path leads to a place of an instance or lies within it.

    >>> covers("lines[].price", ("lines", 3)), covers("lines[].price", ("total",))
    (True, False)
    """
    spelt = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return all(_same(one, other) for one, other in zip(_steps(path), _steps(spelt), strict=False))


def _steps(path: str) -> list[str]:
    return _STEP.findall(path)


def _same(step: str, of_instance: str) -> bool:
    return step == of_instance or step == "*" or (step[0] in "[{" and not step[1:-1].isdigit())


def _wrong_places(case: Case, instance: Instance) -> list[Place]:
    """Where an instance breaks its schema; none where only the model refuses it."""
    if instance.valid:
        return []
    import jsonschema_rs

    try:
        validator: Any = jsonschema_rs.validator_for(case.schema, validate_formats=True)
        errors = validator.iter_errors(_loads(instance.text))
        return [tuple(error.instance_path) for error in errors]
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
        return []


def _loads(text: str) -> Any:
    from pydantic_core import from_json

    return from_json(text)


@dataclass(frozen=True, slots=True)
class Tally:
    """A corpus and an engine, counted; the attributes are the columns of the table."""

    schemas: int
    refused: int
    broke: int
    exact: int
    narrowed: int
    checked: int
    silent: int
    right: int
    silent_holes: int
    silent_narrowings: int
    silent_holes_by_place: int
    silent_narrowings_by_place: int
    schemas_with_holes: int
    schemas_that_forbid: int
    open_refused: int
    seconds: float

    @classmethod
    def of(cls, verdicts: list[Verdict]) -> Tally:
        status = Counter(verdict.status for verdict in verdicts)
        failures = [failure for verdict in verdicts for failure in verdict.failures]
        kinds = [{failure.kind for failure in verdict.failures} for verdict in verdicts]
        silent = Counter(failure.kind for failure in failures if not failure.declared)
        by_place = Counter(failure.kind for failure in failures if not failure.declared_by_place)
        return cls(
            schemas=len(verdicts),
            **{each: status[each] for each in ("refused", "broke", "exact", "narrowed", "checked", "silent")},
            right=sum(verdict.right for verdict in verdicts),
            silent_holes=silent[HOLE],
            silent_narrowings=silent[LOSS],
            silent_holes_by_place=by_place[HOLE],
            silent_narrowings_by_place=by_place[LOSS],
            schemas_with_holes=sum(HOLE in kind for kind in kinds),
            schemas_that_forbid=sum(LOSS in kind for kind in kinds),
            open_refused=sum(verdict.open_losses for verdict in verdicts),
            seconds=round(sum(verdict.outcome.seconds for verdict in verdicts), 1),
        )


def judge(cases: list[Case], outcomes: list[Outcome], *, to_model: bool = False) -> list[Verdict]:
    """One verdict a case."""
    return [Verdict(case, outcome, to_model=to_model) for case, outcome in zip(cases, outcomes, strict=True)]


def refused_wrongly(verdicts: Mapping[str, list[Verdict]], engine: str) -> list[str]:
    """Schemas that the engine does not support, though another is right on all their instances."""
    others = [judged for name, judged in verdicts.items() if name != engine]
    right = {verdict.case.name for judged in others for verdict in judged if verdict.right}
    return [v.case.name for v in verdicts.get(engine, []) if not v.compiled and v.case.name in right]
