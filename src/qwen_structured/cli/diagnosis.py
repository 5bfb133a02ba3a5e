"""Gather what ``doctor`` tells, and what of it keeps the default backend from running."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from pydantic import JsonValue

from .. import __version__, settings
from .._generator import StructuredGenerator
from ..exceptions import QwenStructuredError
from .installed import Extra, KnownBackend, extras, known_backends
from .machine import Machine, Torch, look_at_machine, look_at_torch


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force.

    Attributes:
        name: its dotted name.
        value: its value; what is secret is ``"***"``.
        origin: the variable or file that set it, or ``default``.
    """

    name: str
    value: JsonValue
    origin: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The state of this installation.

    Attributes:
        version: version of this package.
        python: version of Python.
        executable: path of the Python that runs.
        machine: see `Machine`.
        torch: see `Torch`; None if it is not installed.
        extras: see `Extra`.
        backends: see `KnownBackend`.
        settings: every setting; empty if they cannot be read.
        problems: what keeps the default backend from running, each with its cure; empty if nothing does.
    """

    version: str
    python: str
    executable: str
    machine: Machine
    torch: Torch | None
    extras: tuple[Extra, ...]
    backends: tuple[KnownBackend, ...]
    settings: tuple[Setting, ...]
    problems: tuple[str, ...]


def diagnose() -> Diagnosis:
    """Look at everything. Loads no model, and asks the default backend's deployment for its health."""
    torch = look_at_torch()
    return Diagnosis(
        version=__version__,
        python=platform.python_version(),
        executable=sys.executable,
        machine=look_at_machine(torch),
        torch=torch,
        extras=extras(),
        backends=known_backends(),
        settings=_settings(),
        problems=_problems(),
    )


def _settings() -> tuple[Setting, ...]:
    try:
        loaded = settings.load()
    except QwenStructuredError:
        return ()
    return tuple(Setting(name, value, origin) for name, value, origin in loaded.rows())


def _problems() -> tuple[str, ...]:
    try:
        with StructuredGenerator() as generator:
            health = generator.health()
    except QwenStructuredError as error:
        return (str(error),)
    return (f"the default backend is dead: {health.detail}",) if health.state == "dead" else ()
