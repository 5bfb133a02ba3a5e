"""From what a validator complains of to problems: where in the answer, which rule, what stood there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..exceptions import OutputInvalid, Problem
from .fidelity import property_path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SHOWN_CHARACTERS: Final = 80


def of_pydantic(value: Any, details: Iterable[ErrorDetails]) -> list[Problem]:
    """What Pydantic complains of, one problem a place.

    Args:
        value: the answer as plain data.
        details: its errors.
    """
    found: dict[tuple[int | str, ...], list[ErrorDetails]] = {}
    for detail in details:
        found.setdefault(_steps(value, detail), []).append(detail)
    return [
        problem(steps, " or ".join(dict.fromkeys(one["msg"] for one in group)), group[0]["input"])
        for steps, group in found.items()
    ]


def problem(steps: tuple[int | str, ...], rule: str, value: object) -> Problem:
    """A problem at a place of the answer."""
    return Problem(path_of(steps), rule, shown(value), steps)


def invalid(problems: Sequence[Problem], text: str) -> OutputInvalid:
    """The error of an answer that is not of its type."""
    more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
    return OutputInvalid(
        "the answer is JSON, but not of the output type: " + "; ".join(map(str, problems[:3])) + more,
        problems=problems,
        text=text,
    )


def path_of(steps: Iterable[int | str]) -> str:
    """The place as text, such as ``lines[0].price``."""
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else property_path(path, step)
    return path


def at(value: Any, steps: Iterable[int | str]) -> Any:
    """What stands at a place."""
    for step in steps:
        value = value[step]
    return value


def shown(value: object) -> str:
    """A value as JSON, shortened."""
    from pydantic_core import to_json

    text = to_json(value, fallback=repr).decode()
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def _steps(value: Any, detail: ErrorDetails) -> tuple[int | str, ...]:
    """The place of an error, without what is none: names of a union's branches, of validators, ``[key]``."""
    *inner, last = detail["loc"] or ("",)
    missing = detail["type"] == "missing"
    steps: list[int | str] = []
    for part in inner if missing else detail["loc"]:
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            steps.append(part)
            value = value[part]
        elif isinstance(value, Mapping) and str(part) in value:
            steps.append(str(part))
            value = value[str(part)]
    return (*steps, last) if missing else tuple(steps)
