"""The languages of string formats, from automata that were made of their patterns beforehand.

Making the automaton of an address or a URI takes 30 to 100 ms, reading it 1 ms. `format_automata.jsonl` has a
line for each format; after a change of `formats.py` write it again::

    python -c "from qwen_structured.schema.format_languages import write; write()"
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from .formats import FORMATS
from .regular import Language, TooLarge

_FILE: Final = files("qwen_structured.schema") / "format_automata.jsonl"
_WORTH_KEEPING: Final = 20
"""Automata of fewer states are made as fast as they are read."""


@cache
def format_language(name: str) -> Language:
    """The language of a format of `FORMATS`.

    Raises:
        TooLarge: its automaton is.
    """
    kept = _kept().get(name)
    if kept is None:
        return language_of_patterns(name)
    return Language.of_parts(*(Language.of_state_table(*part) for part in json.loads(kept)))


def language_of_patterns(name: str) -> Language:
    """The same, made of the format's patterns.

    Raises:
        TooLarge: its automaton is.
    """
    known = FORMATS[name]
    parts = known.parts or ((known.pattern, None),)
    return Language.of_parts(
        *(Language.of_pattern(f"^(?:{part})$") & Language.lengths(0, most) for part, most in parts)
    )


@cache
def _kept() -> dict[str, str]:
    """For each format that is kept, the JSON of its parts."""
    parted = (line.partition(" ") for line in _FILE.read_text(encoding="utf-8").splitlines())
    return {name: rest for name, _, rest in parted}


def lines() -> Iterator[str]:
    """The lines of the file."""
    for name in FORMATS:
        language = language_of_patterns(name)
        try:
            is_large = language.states() >= _WORTH_KEEPING and not language.is_plain()
        except TooLarge:
            continue
        if is_large:
            tables: list[Any] = [part.state_table() for part in language.parts]
            yield f"{name} {json.dumps(tables, separators=(',', ':'))}"


def write() -> None:
    """Write the file again."""
    Path(str(_FILE)).write_text("\n".join(lines()) + "\n", encoding="utf-8")
