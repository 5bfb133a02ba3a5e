"""The command ``generate``: a prompt in, the value as JSON on stdout, what it took on stderr."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any, cast

import typer
from pydantic import TypeAdapter

from .._api import CallOptions, generate_result
from ..exceptions import ConfigurationError, InvalidPrompt, QwenStructuredError
from ..protocols import Result
from . import ledger
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
    max_retries: Annotated[
        int | None, typer.Option(help="Retries of what the deployment failed, not counted as those are.")
    ] = None,
    deadline: Annotated[float | None, typer.Option(metavar="SECONDS", help="Time for all attempts.")] = None,
    max_total_tokens: Annotated[
        int | None, typer.Option(help="Tokens for all attempts, read and written.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(metavar="USD", help="US dollars for all attempts; needs prices.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print value, usage, timings and fidelity as one object.")
    ] = False,
    quiet: QuietOption = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell on stderr what each attempt took, also on failure.")
    ] = False,
) -> None:
    """Make a value of a type from a prompt.

    Prints it as JSON. Options that are left out come from the settings (see doctor).
    """
    if quiet and verbose:
        raise ConfigurationError("--quiet and --verbose exclude each other: pass one of them")
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
        max_retries=max_retries,
        deadline_s=deadline,
        max_total_tokens=max_total_tokens,
        max_cost_usd=max_cost,
    )
    quieten(quiet)
    with _told(verbose):
        result: Result[Any] = generate_result(output_type, _text(prompt), **cast("CallOptions", options))
    value = _plain(output_type, result.value)
    print_json(as_data(result, value) if json else value)
    if not quiet:
        typer.echo(as_text(result), err=True)
    if verbose:
        typer.echo(ledger.as_text(result.ledger), err=True)


@contextmanager
def _told(verbose: bool) -> Generator[None]:
    """Tell what the attempts took of a call that fails."""
    try:
        yield
    except QwenStructuredError as error:
        if verbose and error.attempts:
            typer.echo(ledger.as_text(error.ledger), err=True)
        raise


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
