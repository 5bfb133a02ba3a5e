"""Print results: JSON for programs, aligned columns for people."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from pydantic_core import to_json


def print_json(value: object) -> None:
    """Print plain data or dataclasses as indented JSON, in UTF-8 whatever the terminal's encoding."""
    typer.echo(to_json(value, indent=2))


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Align rows of equal length, two spaces between columns.

    Example:
        >>> print(columns([("name", "size"), ("embedded", "15 MB")]))
        name      size
        embedded  15 MB
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join((indent + line).rstrip() for line in lines)


def byte_size(count: int) -> str:
    """A number of bytes for people, such as ``15 MB`` or ``482 GB``."""
    return f"{count / 1e9:,.3g} GB" if count >= 1e9 else f"{count / 1e6:,.3g} MB"
