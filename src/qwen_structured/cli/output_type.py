"""Find the output type that the command line names: ``module:Type``, or a file with a JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._type_reference import from_reference
from ..exceptions import ConfigurationError

if TYPE_CHECKING:
    from pydantic import JsonValue

TypeOption = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="MODULE:TYPE",
        help="Output type, such as shop.models:Invoice; the current folder is searched first.",
    ),
]
SchemaOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="JSON Schema of the output, instead of --type.")
]


def wanted(reference: str | None, schema: Path | None) -> Any:
    """The output type that one of the two options names.

    Raises:
        ConfigurationError: neither or both are given, or the one cannot be read.
    """
    if reference is not None and schema is None:
        return from_reference(reference, "--type")
    if schema is not None and reference is None:
        return from_file(schema)
    raise ConfigurationError("say what to make: pass either --type MODULE:TYPE or --schema FILE")


def from_file(file: Path) -> dict[str, JsonValue]:
    """Read a JSON Schema.

    Raises:
        ConfigurationError: the file cannot be read, is not JSON, or is no JSON object.
    """
    try:
        schema = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the schema {str(file)!r}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(f"the schema {str(file)!r} is not JSON: {error}") from error
    if not isinstance(schema, dict):
        raise ConfigurationError(
            f"the schema {str(file)!r} is {type(schema).__name__}, not an object: write a JSON Schema into it"
        )
    return schema
