"""Tell how a value came about: what was enforced, tokens, time and attempts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..protocols import Attempt, Result, Timings
from ..schema import Fidelity, Finding

_SHOWN_FINDINGS = 10


def as_text(result: Result[Any]) -> str:
    """A short summary for people, of at most 16 lines for a value of the first attempt."""
    usage = result.usage
    lines = [
        *_enforced(result.fidelity),
        f"model:    {result.completion.model} ({result.backend})",
        f"tokens:   {usage.prompt_tokens:,} read, {usage.output_tokens:,} written",
        f"time:     {result.duration_s:.2f} s{_parts(result.completion.timings)}",
        f"attempts: {len(result.attempts)}",
        *(f"  {attempt.number}: {_line(attempt.error)}" for attempt in result.attempts if attempt.error),
    ]
    return "\n".join(lines)


def as_data(result: Result[Any], value: object) -> dict[str, object]:
    """All of it as one JSON object."""
    return {
        "value": value,
        "backend": result.backend,
        "model": result.completion.model,
        "duration_s": result.duration_s,
        "timings": result.completion.timings,
        "usage": result.usage,
        "cost_usd": result.cost_usd,
        "attempts": [_attempt(attempt) for attempt in result.attempts],
        "fidelity": result.fidelity,
    }


def _enforced(findings: tuple[Finding, ...]) -> Iterator[str]:
    counts = Counter(finding.fidelity for finding in findings)
    counted = ", ".join(f"{counts[fidelity]} {fidelity}" for fidelity in Fidelity if counts[fidelity])
    yield f"enforced: {counted or 'nothing, since the type allows everything'}"
    inexact = [f for kind in Fidelity for f in findings if f.fidelity is kind is not Fidelity.EXACT]
    for finding in inexact[:_SHOWN_FINDINGS]:
        why = f" ({finding.why})" if finding.why else ""
        yield f"  {finding.fidelity}: {finding.path or 'the value'}: {finding.constraint}{why}"
    if len(inexact) > _SHOWN_FINDINGS:
        yield f"  and {len(inexact) - _SHOWN_FINDINGS} more"


def _parts(timings: Timings) -> str:
    parts = {
        "waiting and loading": timings.queue_s,
        "grammar": timings.grammar_s,
        "first token": timings.first_token_s,
    }
    known = ", ".join(f"{name} {seconds:.2f}" for name, seconds in parts.items() if seconds)
    return f" ({known})" if known else ""


def _attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "number": attempt.number,
        "kind": attempt.kind,
        "backend": attempt.backend,
        "duration_s": attempt.duration_s,
        "usage": attempt.completion.usage if attempt.completion else None,
        "cost_usd": attempt.cost_usd,
        "error": _line(attempt.error) if attempt.error else None,
    }


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).splitlines())}"
