"""The words in which the package says how far the decoder enforces a type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Fidelity(StrEnum):
    """What becomes of one constraint."""

    EXACT = "exact"
    """The decoder allows what the constraint allows."""
    NARROWED = "narrowed"
    """The decoder allows a part of it; `Finding.why` says which."""
    CHECKED = "checked"
    """The decoder allows more; the answer is validated afterwards."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What becomes of one constraint at one place of the output type.

    Attributes:
        path: the place, such as ``lines[].price``; ``""`` is the root.
        constraint: the constraint as JSON Schema says it, such as ``maxLength 80`` or ``format date``.
        fidelity: what becomes of it.
        why: the reason, where it is not exact.
    """

    path: str
    constraint: str
    fidelity: Fidelity
    why: str = ""


def property_path(path: str, name: str) -> str:
    """The place of a property; a name is quoted that is more than letters, digits, ``_``, ``-`` and ``$``."""
    shown = name if re.fullmatch(r"[\w$-]+", name) else repr(name)
    return f"{path}.{shown}" if path else shown
