"""The options of commands that ask a model."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer

BackendOption = Annotated[str | None, typer.Option(help="Backend that answers.")]
ModelOption = Annotated[str | None, typer.Option(help="Registry name, hub name or folder of a model.")]
TemperatureOption = Annotated[float | None, typer.Option(help="Randomness; 0 takes the likeliest.")]
TopPOption = Annotated[float | None, typer.Option(help="Sample among tokens of this probability.")]
MaxOutputTokensOption = Annotated[int | None, typer.Option(help="Limit of the answer's tokens.")]
SeedOption = Annotated[int | None, typer.Option(help="Makes sampling reproducible.")]
ThinkingOption = Annotated[
    bool | None, typer.Option("--thinking/--no-thinking", help="Let a thinking model reason first.")
]
MaxAttemptsOption = Annotated[int | None, typer.Option(help="Attempts, the first included.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]


def given(**options: object) -> dict[str, Any]:
    """The options that the command line has, by their names."""
    return {name: value for name, value in options.items() if value is not None}


def quieten(quiet: bool) -> None:
    """Leave progress bars of the hub's libraries, which read this variable, to people at a terminal."""
    if quiet or not sys.stderr.isatty():
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    if quiet:
        logging.getLogger("qwen_structured").setLevel(logging.WARNING)
