"""Outcomes as rows: what a table has of a value, of an error, and of the data that came with the item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pydantic_core import from_json, to_jsonable_python

from .items import Done, Outcome

Row: TypeAlias = dict[str, Any]
"""Columns by their names; values are plain data, nested ones too."""


def row_of(outcome: Outcome[Any]) -> Row:
    """The columns of an outcome.

    Those of the item's data come first, if it is a mapping; then the fields of the value, or the column
    ``value`` if it has no fields; last ``error``, which is None of a value. A column of the data whose name
    is taken gets ``input.`` in front, and ``error`` gets ``_`` behind it if a field is called so.
    """
    fields = fields_of(outcome.value) if isinstance(outcome, Done) else {}
    made = {**fields, ("error_" if "error" in fields else "error"): error_of(outcome)}
    data = outcome.item.data if isinstance(outcome.item.data, Mapping) else {}
    carried = {f"input.{name}" if name in made else name: value for name, value in data.items()}
    return {**to_jsonable_python(carried, serialize_unknown=True), **made}


def rows_of(outcomes: Iterable[Outcome[Any]]) -> Iterator[Row]:
    """The rows of outcomes, one at a time."""
    return map(row_of, outcomes)


def rows_of_journal(path: str | Path) -> Iterator[Row]:
    """The rows of a journal's answers, with the column ``key`` in front; prompts and data are not in it.

    To have those too, run the batch again: what the journal has is not asked for.
    """
    with Path(path).open("rb") as file:
        for raw in file:
            line = from_json(raw) if raw.endswith(b"}\n") else {}
            if "text" in line:
                yield {"key": line["key"], **fields_of(from_json(line["text"]))}


def flat(row: Mapping[str, Any], prefix: str = "") -> Row:
    """A row without nesting: objects become columns such as ``vendor.city``; lists stay what they are.

    Example:
        >>> flat({"vendor": {"city": "Oslo"}, "tags": ["a"]})
        {'vendor.city': 'Oslo', 'tags': ['a']}
    """
    columns: Row = {}
    for name, value in row.items():
        if isinstance(value, Mapping) and value:
            columns |= flat(value, f"{prefix}{name}.")
        else:
            columns[f"{prefix}{name}"] = value
    return columns


def fields_of(value: Any) -> Row:
    """The columns of a value: its fields by their aliases, or ``value``."""
    plain = to_jsonable_python(value, by_alias=True)
    return plain if isinstance(plain, dict) else {"value": plain}


def error_of(outcome: Outcome[Any]) -> str | None:
    """The name and the message of what went wrong; None of a value."""
    return None if isinstance(outcome, Done) else f"{type(outcome.error).__name__}: {outcome.error}"
