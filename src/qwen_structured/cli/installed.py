"""Tell what is installed of each extra and backend, from the metadata of the distributions."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import metadata

from packaging.requirements import Requirement

from .. import _registry
from ..exceptions import BackendNotInstalled
from ..protocols import Capabilities

OURS = "qwen-structured"


@dataclass(frozen=True, slots=True)
class Need:
    """One distribution that an extra needs.

    Attributes:
        name: its name.
        wanted: the versions that are wanted, such as ``>=2.7,<3``; empty for any.
        version: the version that is installed, or None.
        met: it is installed in a version that is wanted.
    """

    name: str
    wanted: str
    version: str | None
    met: bool


@dataclass(frozen=True, slots=True)
class Extra:
    """One extra of a distribution.

    Attributes:
        name: its name.
        needs: what it needs on this machine.
        install: the command that installs what is missing; None if nothing is.
    """

    name: str
    needs: tuple[Need, ...]
    install: str | None


@dataclass(frozen=True, slots=True)
class KnownBackend:
    """One registered backend.

    Attributes:
        name: its name.
        install: the command that installs what it misses; None if it can be used.
        description: one line; empty while it cannot be imported.
        capabilities: names of what it can do; empty while it cannot be imported.
    """

    name: str
    install: str | None
    description: str = ""
    capabilities: tuple[str, ...] = ()


def extras(distribution: str = OURS) -> tuple[Extra, ...]:
    """The extras of a distribution, in the order of its metadata; none if it is not installed."""
    try:
        names = metadata.metadata(distribution).get_all("Provides-Extra") or []
    except metadata.PackageNotFoundError:
        return ()
    return tuple(_extra(distribution, name) for name in names)


def known_backends() -> tuple[KnownBackend, ...]:
    """All registered backends, by name."""
    return tuple(map(_known_backend, _registry.names()))


def _extra(distribution: str, name: str) -> Extra:
    needs = tuple(_needs(distribution, name))
    complete = all(need.met for need in needs)
    return Extra(name, needs, None if complete else _registry.install_command(name, distribution))


def _needs(distribution: str, extra: str) -> Iterator[Need]:
    for requirement in map(Requirement, metadata.requires(distribution) or ()):
        marker = requirement.marker
        if marker and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""}):
            version = _version(requirement.name)
            met = version is not None and requirement.specifier.contains(version, prereleases=True)
            yield Need(requirement.name, str(requirement.specifier), version, met)


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _known_backend(name: str) -> KnownBackend:
    distribution = _registry.distribution_of(name)
    extra = next((extra for extra in extras(distribution) if extra.name == name), None)
    install = extra.install if extra else None
    try:
        factory: object = _registry.load(name)
    except BackendNotInstalled:
        return KnownBackend(name, install or _registry.install_command(name, distribution))
    description = (inspect.getdoc(factory) or "").partition("\n")[0]
    return KnownBackend(name, install, description, _capabilities(factory))


def _capabilities(factory: object) -> tuple[str, ...]:
    can = getattr(factory, "capabilities", None)
    if not isinstance(can, Capabilities):  # a factory that is no class, or one whose instances differ
        return ()
    return tuple(field.name for field in fields(can) if getattr(can, field.name))
