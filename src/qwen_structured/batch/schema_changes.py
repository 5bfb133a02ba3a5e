"""What an output type is called, and in what two forms of its schema differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_SHOWN: Final = 5


def name_of(output_type: object) -> str | None:
    """A name that a type keeps when its fields change; None of a JSON Schema without a title."""
    if isinstance(output_type, Mapping):
        title = output_type.get("title")
        return f"JSON Schema {title}" if title else None
    if isinstance(output_type, type) and output_type.__module__ != "builtins":
        return f"{output_type.__module__}:{output_type.__qualname__}"
    return repr(output_type) if not isinstance(output_type, type) else output_type.__name__


def changes(before: Any, after: Any) -> str:
    """Say where two schemas differ, in few words.

    Example:
        >>> changes({"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}})
        'properties.a is gone, properties.b is new'
    """
    found = list(_changes(before, after, ""))
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def _changes(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        inner = f"{path}." if path else ""
        yield from (f"{inner}{key} is gone" for key in before if key not in after)
        yield from (f"{inner}{key} is new" for key in after if key not in before)
        for key in before:
            if key in after:
                yield from _changes(before[key], after[key], f"{inner}{key}")
    elif _is_list(before) and _is_list(after):
        yield from (f"{path} has no {one!r} any more" for one in before if one not in after)
        yield from (f"{path} has {one!r}" for one in after if one not in before)
    elif before != after:
        yield f"{path or 'the schema'} was {before!r} and is {after!r}"


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
