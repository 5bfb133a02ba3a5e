"""The command ``map``: a value for each row, line or file of the input, in a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from .._api import ManyCallOptions, generate_many
from .._budget import Budget
from ..batch.export import save, write_json_lines, writer_for
from ..batch.faces import Batch
from ..batch.items import Outcome
from ..batch.rows import rows_of
from ..batch.tally import Summary
from .call_options import (
    BackendOption,
    MaxAttemptsOption,
    MaxOutputTokensOption,
    ModelOption,
    QuietOption,
    SeedOption,
    TemperatureOption,
    ThinkingOption,
    TopPOption,
    given,
    quieten,
)
from .inputs import Form, files, items
from .output_type import SchemaOption, TypeOption, wanted
from .printing import columns, print_json

_STDOUT = "-"


def map_(
    input_: Annotated[
        list[str],
        typer.Option("--input", "-i", metavar="FILE", help="File, pattern, or - for stdin; again for more."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="A .jsonl, .csv or .parquet; - is stdout.")
    ],
    type_: TypeOption = None,
    schema: SchemaOption = None,
    column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that has the prompt.")] = None,
    input_format: Annotated[
        Form | None, typer.Option(help="What the input holds, where its name does not say it.")
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where answers are kept; by default OUTPUT.journal.")
    ] = None,
    accept_schema_change: Annotated[
        bool, typer.Option("--accept-schema-change", help="Ask again for what an earlier type was asked.")
    ] = False,
    max_concurrency: Annotated[int | None, typer.Option(help="Prompts in flight at most.")] = None,
    max_cost: Annotated[float | None, typer.Option(metavar="USD", help="US dollars for all of it.")] = None,
    max_total_tokens: Annotated[int | None, typer.Option(help="Tokens for all of it.")] = None,
    deadline: Annotated[float | None, typer.Option(metavar="SECONDS", help="Time for all of it.")] = None,
    backend: BackendOption = None,
    model: ModelOption = None,
    temperature: TemperatureOption = None,
    top_p: TopPOption = None,
    max_output_tokens: MaxOutputTokensOption = None,
    seed: SeedOption = None,
    thinking: ThinkingOption = None,
    max_attempts: MaxAttemptsOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Make a value of a type from each row, line or file, and write them as a table.

    Columns of the input are carried through. A run that was ended goes on when the same command is given
    again: the journal has what was paid for.
    """
    output_type = wanted(type_, schema)
    files(input_)
    if output != _STDOUT:
        writer_for(Path(output))
    budget = Budget(deadline_s=deadline, max_cost_usd=max_cost, max_total_tokens=max_total_tokens)
    options = given(
        backend=backend,
        model=model,
        temperature=temperature,
        top_p=top_p,
        max_output_tokens=max_output_tokens,
        seed=seed,
        enable_thinking=thinking,
        max_attempts=max_attempts,
        max_concurrency=max_concurrency,
        journal=journal or (None if output == _STDOUT else Path(f"{output}.journal")),
    )
    options |= {"accept_schema_change": accept_schema_change, "budget": budget, "progress": not quiet}
    quieten(quiet)
    batch: Batch[Any] = generate_many(
        output_type, items(input_, input_format, column), **cast("ManyCallOptions", options)
    )
    with batch:
        _write(batch, output)
    summary = batch.summary
    if json:
        print_json(as_data(summary))
    if not quiet:
        typer.echo(as_text(summary), err=True)
    if summary.failed or summary.stopped_by is not None:
        raise typer.Exit(1)


def _write(outcomes: Iterator[Outcome[Any]], output: str) -> None:
    if output == _STDOUT:
        write_json_lines(rows_of(outcomes), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        save(outcomes, output)


def as_data(summary: Summary) -> dict[str, Any]:
    """The summary as plain data."""
    found = {field.name: getattr(summary, field.name) for field in fields(summary)}
    stopped = summary.stopped_by
    return {**found, "stopped_by": None if stopped is None else f"{type(stopped).__name__}: {stopped}"}


def as_text(summary: Summary) -> str:
    """The summary for people."""
    usage, asked = summary.usage, summary.done + summary.failed - summary.restored
    reasons = ", ".join(f"{count} {name}" for name, count in summary.reasons.items())
    took = [("p50", summary.p50_s), ("p95", summary.p95_s), ("p99", summary.p99_s)]
    times = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took if seconds is not None)
    rows = [
        ("done:", f"{summary.done:,}{_restored(summary)}"),
        ("failed:", f"{summary.failed:,}" + (f" ({reasons})" if reasons else "")),
        ("tokens:", f"{usage.prompt_tokens:,} read, {usage.output_tokens:,} written"),
        ("cost:", "not known: set prices" if summary.cost_usd is None else f"${summary.cost_usd:,.4f}"),
        ("time:", f"{summary.elapsed_s:.2f} s, {summary.items_per_s:,.1f} a second"),
        *([("each:", times)] if asked and times else []),
        *([("stopped:", str(summary.stopped_by))] if summary.stopped_by else []),
    ]
    return columns(rows)


def _restored(summary: Summary) -> str:
    return f", {summary.restored:,} of them not asked for again" if summary.restored else ""
