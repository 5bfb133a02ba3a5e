"""The command ``generate``: a prompt in, the value as JSON on stdout, what it took on stderr."""

from __future__ import annotations

import sys
from typing import Annotated, Any, cast

import typer
from pydantic import TypeAdapter

from .._api import CallOptions, generate_result
from ..exceptions import InvalidPrompt
from ..protocols import Result
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
from .output_type import SchemaOption, TypeOption, wanted
from .printing import print_json
from .summary import as_data, as_text


def generate(
    prompt: Annotated[str, typer.Argument(help="The text to make the value from; - reads standard input.")],
    type_: TypeOption = None,
    schema: SchemaOption = None,
    backend: BackendOption = None,
    model: ModelOption = None,
    temperature: TemperatureOption = None,
    top_p: TopPOption = None,
    max_output_tokens: MaxOutputTokensOption = None,
    seed: SeedOption = None,
    thinking: ThinkingOption = None,
    max_attempts: MaxAttemptsOption = None,
    deadline: Annotated[float | None, typer.Option(metavar="SECONDS", help="Time for all attempts.")] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print value, usage, timings and fidelity as one object.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Make a value of a type from a prompt.

    Prints it as JSON. Options that are left out come from the settings (see doctor).
    """
    output_type = wanted(type_, schema)
    options = given(
        backend=backend,
        model=model,
        temperature=temperature,
        top_p=top_p,
        max_output_tokens=max_output_tokens,
        seed=seed,
        enable_thinking=thinking,
        max_attempts=max_attempts,
        deadline_s=deadline,
    )
    quieten(quiet)
    result: Result[Any] = generate_result(output_type, _text(prompt), **cast("CallOptions", options))
    value = _plain(output_type, result.value)
    print_json(as_data(result, value) if json else value)
    if not quiet:
        typer.echo(as_text(result), err=True)


def _text(prompt: str) -> str:
    if prompt != "-":
        return prompt
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidPrompt(f"standard input is not UTF-8 text: {error}; convert it first") from error


def _plain(output_type: Any, value: Any) -> Any:
    """The value as JSON data, written as its own type says."""
    written = TypeAdapter[Any](Any if isinstance(output_type, dict) else output_type)
    return written.dump_python(value, mode="json", by_alias=True)
