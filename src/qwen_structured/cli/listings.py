"""The commands ``models`` and ``backends``: what there is to choose from."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import models as registry
from .installed import KnownBackend, known_backends
from .printing import byte_size, columns, print_json

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def models(json: JSON = False) -> None:
    """List the models that are known by name.

    Backends take others too, by hub name or as a folder.
    """
    if json:
        print_json(registry.MODELS)
    else:
        head = ("NAME", "ALIAS", "PARAMETERS", "CONTEXT", "SIZE", "BACKENDS")
        typer.echo(columns([head, *map(_model, registry.MODELS)]))


def backends(json: JSON = False) -> None:
    """List the backends and what they can do.

    The state of one that is not installed is the command that installs it.
    """
    known = known_backends()
    if json:
        print_json(known)
    else:
        typer.echo(columns([("NAME", "STATE", "CAN", "WHAT IT DOES"), *map(_backend, known)]))


def _model(model: registry.Model) -> tuple[str, ...]:
    return (
        model.name,
        ", ".join(model.aliases),
        _parameters(model),
        f"{model.context_tokens:,}",
        byte_size(model.weight_bytes),
        ", ".join(model.backends),
    )


def _parameters(model: registry.Model) -> str:
    active = f" ({_count(model.active_parameters)} active)"
    return _count(model.parameters) + (active if model.active_parameters < model.parameters else "")


def _count(number: int) -> str:
    return f"{number / 1e9:.1f} B" if number >= 1e9 else f"{number / 1e6:.1f} M"


def _backend(backend: KnownBackend) -> tuple[str, ...]:
    return (
        backend.name,
        "installed" if backend.install is None else backend.install,
        ", ".join(backend.capabilities) or "-",
        backend.description or "-",
    )
