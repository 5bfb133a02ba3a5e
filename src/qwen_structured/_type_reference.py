"""Find a type by its reference: ``module:Type``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from .exceptions import ConfigurationError, did_you_mean


def from_reference(reference: str, origin: str) -> Any:
    """Import the type that ``module:Type`` (or ``module:Outer.Inner``) names, from the current folder too.

    Args:
        reference: the module and the type.
        origin: what errors name as the place where it stands, such as ``--type``.

    Raises:
        ConfigurationError: it has another form, the module cannot be imported, or it has no such name.
    """
    module_name, _, path = reference.partition(":")
    if not module_name or not path:
        raise ConfigurationError(
            f"{origin} is {reference!r}: write it as MODULE:TYPE, such as shop.models:Invoice"
        )
    if module_name.endswith(".py") or "/" in module_name:
        raise ConfigurationError(
            f"{origin} names the file {module_name!r}: write the module as in an import, such as shop:{path}"
        )
    found: Any = _imported(module_name)
    for name in path.split("."):
        found = _attribute(found, name)
    return found


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
