"""Show a batch's account on standard error while it runs, if that is a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from .._registry import require
from .tally import Summary, Tally

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

_BAR_CELLS = 30
_PER_SECOND = 4


class Progress:
    """A context in which the account is shown; in anything but a terminal it shows nothing.

    Args:
        tally: the account.
        console: where it is shown; by default standard error.

    Raises:
        BackendNotInstalled: the extra ``cli`` is missing, which brings rich.
    """

    def __init__(self, tally: Tally, console: Console | None = None) -> None:
        require(("rich",), "cli")
        from rich.console import Console

        self._tally = tally
        self._console = console or Console(file=sys.stderr)
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            from rich.live import Live
            from rich.text import Text

            self._live = Live(
                console=self._console,
                get_renderable=lambda: Text(line(self._tally.summary())),
                refresh_per_second=_PER_SECOND,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()


def line(summary: Summary) -> str:
    """The account on one line.

    Example:
        >>> from qwen_structured.batch.tally import Tally
        >>> line(Tally(total=4).summary())
        '------------------------------ 0/4 | 0.0/s | 0 tokens/s | $0.00'
    """
    through = summary.done + summary.failed
    parts = [
        _bar(through, summary.total),
        f"{summary.items_per_s:,.1f}/s",
        f"{summary.tokens_per_s:,.0f} tokens/s",
        *_money(summary),
        *([f"{summary.restored:,} restored"] if summary.restored else []),
        *([f"{summary.failed:,} failed"] if summary.failed else []),
        *([f"{summary.in_flight} in flight"] if summary.in_flight else []),
    ]
    return " | ".join(parts)


def _bar(through: int, total: int | None) -> str:
    if total is None:
        return f"{through:,}"
    full = _BAR_CELLS * through // total if total else _BAR_CELLS
    return f"{'#' * full}{'-' * (_BAR_CELLS - full)} {through:,}/{total:,}"


def _money(summary: Summary) -> list[str]:
    if summary.cost_usd is None:
        return []
    so_far = f"${summary.cost_usd:,.2f}"
    rest = summary.cost_to_finish_usd
    return [so_far if rest is None else f"{so_far}, ${rest:,.2f} to go"]
