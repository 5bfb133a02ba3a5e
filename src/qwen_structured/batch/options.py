"""What a call may set for a batch, as keyword arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._budget import Budget
from ..protocols import Options

if TYPE_CHECKING:
    from pathlib import Path


class ManyOptions(Options, total=False):
    """`Options`, which count for each item, and what counts for the batch.

    Attributes:
        ordered: give outcomes in the order of the prompts, as by default; False gives each when it is there.
        max_concurrency: items in flight at most; by default 256. The batch finds out how many the deployment
            bears, up to this and to the backend's own limit.
        budget: time, tokens and money for the whole batch. When it is used up the batch ends, with all that
            was obtained.
        journal: a file that keeps each answer, from which a later run goes on; it is made if it is not there.
            Of a folder, several runs may be at work at once: each writes a file of its own there, and goes on
            from all of them.
        accept_schema_change: go on with a journal whose answers are of an earlier form of the type; they are
            asked for anew.
        progress: show throughput, tokens, cost and errors on standard error, if that is a terminal.
    """

    ordered: bool
    max_concurrency: int
    budget: Budget | None
    journal: str | Path | None
    accept_schema_change: bool
    progress: bool
