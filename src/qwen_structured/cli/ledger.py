"""Show the account of a call: a row for each attempt, and their sum."""

from __future__ import annotations

from ..results import Attempt, Ledger, Usage
from .printing import columns

_HEAD = ("attempt", "kind", "backend", "read", "written", "seconds", "USD", "outcome")


def as_text(ledger: Ledger) -> str:
    """The account as aligned columns, for people."""
    return columns([_HEAD, *map(_row, ledger.attempts), _sum(ledger)], "  ")


def _row(attempt: Attempt) -> tuple[str, ...]:
    usage = attempt.completion.usage if attempt.completion else Usage()
    outcome = type(attempt.error).__name__ if attempt.error else "value"
    return (
        str(attempt.number),
        attempt.kind,
        attempt.backend,
        *_measures(usage, attempt.duration_s, attempt.cost_usd),
        outcome,
    )


def _sum(ledger: Ledger) -> tuple[str, ...]:
    duration_s = sum(one.duration_s for one in ledger.attempts)
    saved = ledger.saved_output_tokens
    note = f"repairs saved about {saved:,} tokens" if saved else ""
    return ("all", "", "", *_measures(ledger.usage, duration_s, ledger.cost_usd), note)


def _measures(usage: Usage, duration_s: float, cost_usd: float | None) -> tuple[str, ...]:
    cost = "unknown" if cost_usd is None else f"{cost_usd:.6f}"
    return f"{usage.prompt_tokens:,}", f"{usage.output_tokens:,}", f"{duration_s:.2f}", cost
