"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import __version__
from .api import api
from .doctor import doctor
from .explain import explain
from .generate import generate
from .listings import backends, models
from .mapping import map_
from .modal_commands import modal
from .plan import plan
from .serve import serve

app = typer.Typer(
    help="Typed values from Qwen: a Python type and a prompt in, a value of that type out.",
    epilog="Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 no value came, or doctor "
    "found a problem; 2 the command, the type or a setting cannot be used, or a package is missing; "
    "130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(generate)
app.command("map")(map_)
app.command()(explain)
app.command()(models)
app.command()(plan)
app.command()(serve)
app.command()(backends)
app.command()(api)
app.add_typer(modal, name="modal")
app.command()(doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qwen-structured {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
