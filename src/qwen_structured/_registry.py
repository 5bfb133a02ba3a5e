"""Find backends by name through entry points, and tell how to install what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias, cast

from .exceptions import BackendNotInstalled, ConfigurationError, UnknownBackend, did_you_mean

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .protocols import Backend
    from .settings import Settings

GROUP = "qwen_structured.backends"

BackendFactory: TypeAlias = "Callable[[str | None, Mapping[str, JsonValue]], Backend]"


def names() -> tuple[str, ...]:
    """Names of all backends that are registered, installed or not, in alphabetical order."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


@dataclass(frozen=True, slots=True)
class Choice:
    """A backend as call and settings choose it."""

    name: str
    model: str | None
    options: Mapping[str, JsonValue] = field(repr=False)

    def create(self) -> Backend:
        """Make the backend; it loads nothing yet.

        Raises:
            UnknownBackend: no entry point has this name.
            BackendNotInstalled: a package that it needs is missing; the message has the command for it.
            ConfigurationError: the backend does not take the model or an option.
        """
        return load(self.name)(self.model, self.options)


def choose(settings: Settings, backend: str | None, model: str | None) -> Choice:
    """Complete a call's choice from the settings, whose model goes with their own backend only.

    Raises:
        ConfigurationError: real backends are forbidden.
    """
    name = backend or settings.backend
    if settings.forbid_real_backends:
        raise ConfigurationError(
            f"backend {name!r} was asked for, and forbid_real_backends is set: give the code a "
            "ScriptedBackend or CassetteBackend, or mark the test with real_backend"
        )
    own = settings.model if name == settings.backend else None
    return Choice(name, model or own, settings.backends.get(name, {}))


def choices(settings: Settings, backend: str | None, model: str | None) -> tuple[Choice, ...]:
    """What `choose` gives, and behind the setting's own backend those of `failover`."""
    others = settings.failover if backend in (None, settings.backend) else ()
    return choose(settings, backend, model), *(choose(settings, other, None) for other in others)


def load(name: str) -> BackendFactory:
    """Import the factory of a backend.

    Raises:
        UnknownBackend: no entry point has this name.
        BackendNotInstalled: a package that it needs is missing.
    """
    try:
        return cast("BackendFactory", _entry_point(name).load())
    except ModuleNotFoundError as error:
        raise missing(str(error.name), name, distribution_of(name)) from error


def distribution_of(name: str) -> str:
    """Name of the distribution that registers a backend.

    Raises:
        UnknownBackend: no entry point has this name.
    """
    distribution = _entry_point(name).dist
    return distribution.name if distribution else "qwen-structured"


def _entry_point(name: str) -> EntryPoint:
    point = next(iter(entry_points(group=GROUP, name=name)), None)
    if point is None:
        raise UnknownBackend(f"unknown backend {name!r}: {did_you_mean(name, names())}")
    return point


def require(modules: Iterable[str], extra: str) -> None:
    """Check that packages of one of our extras are installed, without importing them.

    Raises:
        BackendNotInstalled: one is missing; the message has the command that installs it.
    """
    for module in modules:
        if find_spec(module) is None:
            raise missing(module, extra)


def missing(module: str, extra: str, distribution: str = "qwen-structured") -> BackendNotInstalled:
    """The error of a package that is not installed; a backend's extra has the backend's name."""
    return BackendNotInstalled(
        f"{extra!r} needs the package {module!r}, which is not installed: "
        f"run {install_command(extra, distribution)}"
    )


def install_command(extra: str, distribution: str = "qwen-structured") -> str:
    """The command that installs an extra."""
    return f'pip install "{distribution}[{extra}]"'
