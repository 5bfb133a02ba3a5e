"""Compare a JSON answer with the expected one, leaf by leaf."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]
Leaf = str | bool | int | float | Decimal | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class Score:
    """How many objects and fields were compared, how many agree, and how many answers were JSON at all."""

    objects: int = 0
    objects_exact: int = 0
    objects_parsed: int = 0
    fields: int = 0
    fields_exact: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.objects + other.objects,
            self.objects_exact + other.objects_exact,
            self.objects_parsed + other.objects_parsed,
            self.fields + other.fields,
            self.fields_exact + other.fields_exact,
        )

    def shares(self) -> dict[str, float]:
        """Give the shares from 0 to 1 that are reported."""
        return {
            "fields_exact": self.fields_exact / max(self.fields, 1),
            "objects_exact": self.objects_exact / max(self.objects, 1),
            "objects_parsed": self.objects_parsed / max(self.objects, 1),
        }


def compare(expected: Any, got: Any) -> Score:
    """Score one parsed answer. A leaf that only one of the two has counts as a wrong field.

    Example:
        >>> compare({"a": 1, "b": ["x"]}, {"a": 1.0, "b": ["y"]})
        Score(objects=1, objects_exact=0, objects_parsed=1, fields=2, fields_exact=1)
    """
    wanted, given = dict(leaves(expected)), dict(leaves(got))
    exact = sum(path in given and same(leaf, given[path]) for path, leaf in wanted.items())
    fields = len(wanted.keys() | given.keys())
    return Score(1, int(exact == fields), 1, fields, exact)


def compare_text(expected: str, got: str) -> Score:
    """Score one answer as text; text that is not JSON has every expected field wrong."""
    wanted = parse(expected)
    try:
        return compare(wanted, parse(got))
    except ValueError:
        return Score(objects=1, fields=sum(1 for _ in leaves(wanted)))


def total(scores: Iterable[Score]) -> Score:
    """Add up scores."""
    return sum(scores, Score())


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """List the leaves of a JSON value with their paths; an empty object or list is a leaf."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def same(expected: Leaf, got: Leaf) -> bool:
    """Say whether two leaves are equal: numbers by value (1.50 is 1.5), everything else by type too."""
    if _is_number(expected) and _is_number(got):
        return Decimal(str(expected)) == Decimal(str(got))
    return type(expected) is type(got) and expected == got


def parse(text: str) -> Any:
    """Read JSON with exact decimals.

    Raises:
        ValueError: the text is not JSON, holds NaN or an infinity, or is nested too deeply to read.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_reject)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _is_number(leaf: Leaf) -> bool:
    return isinstance(leaf, int | float | Decimal) and not isinstance(leaf, bool)


def _reject(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
