"""Find the output type that the command line names: ``module:Type``, or a file with a JSON Schema."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..exceptions import ConfigurationError, did_you_mean

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
        return from_reference(reference)
    if schema is not None and reference is None:
        return from_file(schema)
    raise ConfigurationError("say what to make: pass either --type MODULE:TYPE or --schema FILE")


def from_reference(reference: str) -> Any:
    """Import the type that ``module:Type`` (or ``module:Outer.Inner``) names, from the current folder too.

    Raises:
        ConfigurationError: it has another form, the module cannot be imported, or it has no such name.
    """
    module_name, _, path = reference.partition(":")
    if not module_name or not path:
        raise ConfigurationError(
            f"--type is {reference!r}: write it as MODULE:TYPE, such as shop.models:Invoice"
        )
    if module_name.endswith(".py") or "/" in module_name:
        raise ConfigurationError(
            f"--type names the file {module_name!r}: write the module as in an import, such as shop:{path}"
        )
    found: Any = _imported(module_name)
    for name in path.split("."):
        found = _attribute(found, name)
    return found


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


def _imported(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise ConfigurationError(
                f"there is no module {error.name!r} in {here!r} or among the installed packages: "
                "run the command in the folder that holds it, or install it"
            ) from error
        raise _broken(name, error) from error
    except Exception as error:  # a user's module may raise anything
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"module {name!r} cannot be imported ({type(error).__name__}: {error}): "
        f"make `python -c 'import {name}'` run first"
    )


def _attribute(holder: object, name: str) -> object:
    try:
        return getattr(holder, name)
    except AttributeError as error:
        where = getattr(holder, "__name__", repr(holder))
        public = [known for known in vars(holder) if not known.startswith("_")]
        raise ConfigurationError(f"{where!r} has no {name!r}: {did_you_mean(name, public)}") from error
