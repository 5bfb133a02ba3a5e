"""The subjects of the training data, one module each with a `DOMAIN`; found by name."""

from __future__ import annotations

import importlib
import pkgutil

from ..domain import Domain


def load() -> dict[str, Domain]:
    """Every domain by name, in alphabetical order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        domain: Domain = importlib.import_module(f"{__name__}.{module.name}").DOMAIN
        found[domain.name] = domain
    return found
