"""The command ``explain``: what becomes of a type's constraints, without a model call."""

from __future__ import annotations

from typing import Annotated

import typer

from ..schema import explain as explain_type
from ..schema.lowering import Defaults
from .output_type import SchemaOption, TypeOption, wanted
from .printing import print_json


def explain(
    type_: TypeOption = None,
    schema: SchemaOption = None,
    defaults: Annotated[
        Defaults, typer.Option(help="Whether a field with a default has to be written.")
    ] = "required",
    grammar: Annotated[bool, typer.Option("--grammar", help="Print the grammar instead.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print findings and grammar as one object.")] = False,
) -> None:
    """Tell what the decoder enforces of a type, and what is checked afterwards."""
    explanation = explain_type(wanted(type_, schema), defaults=defaults)
    if json:
        print_json({"findings": explanation.findings, "grammar": explanation.grammar})
    elif grammar:
        typer.echo(explanation.grammar, nl=False)
    else:
        typer.echo(str(explanation))
