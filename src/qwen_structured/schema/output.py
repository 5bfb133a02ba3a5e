"""What the package knows of one output type: schema, constraint, fidelity and validation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ..exceptions import OutputNotJSON, UnsupportedSchema
from . import problems
from .fidelity import Finding
from .from_type import adapter_of, json_schema_of
from .json_schema import check_size, validator_of
from .lowering import Defaults, Lowering, lower, lower_schema
from .once import Once
from .patch import Patch, Rewriting, Steps, patch_for, rewriting_for
from .size import size_of

if TYPE_CHECKING:
    from ..streams.places import Place
    from ..streams.tracker import ClosedPart

T = TypeVar("T")

REMEMBERED: Final = 512
"""Types that are kept lowered, and as many schemas."""


@dataclass(frozen=True, eq=False)
class OutputSchema(Generic[T]):
    """One output type, prepared.

    Attributes:
        json_schema: the JSON Schema that the model is shown.
        lowered: the fuller one that the grammar is made of.
        grammar: what the decoder enforces.
        findings: what becomes of each of the type's constraints.
        validate: makes the value of an answer's text; raises `OutputNotJSON` or `OutputInvalid`.
        core_schema: Pydantic's own of the type; None of a JSON Schema.
    """

    json_schema: Mapping[str, Any]
    lowered: Mapping[str, Any]
    grammar: str
    findings: tuple[Finding, ...]
    validate: Callable[[str], T]
    core_schema: Mapping[str, Any] | None

    @property
    def is_of_type(self) -> bool:
        """It is a Python type, and not a JSON Schema."""
        return self.core_schema is not None

    @cached_property
    def place(self) -> Place:
        """The place of the whole answer, which has those of its parts within it."""
        from ..streams.places import root_place

        return root_place(self.core_schema)

    def parts(self, text: str) -> list[ClosedPart]:
        """The parts that are closed in a text, each validated."""
        from ..streams.tracker import Tracker

        return Tracker(self.place).feed(text)

    def patch(self, answer: str, places: Sequence[Steps]) -> Patch | None:
        """Plan to write parts of an answer anew; None where that cannot be done (see `patch_for`)."""
        return patch_for(self.json_schema, self.lowered, answer, places, drops_others=self.is_of_type)

    def rewriting(self, answer: str, places: Sequence[Steps]) -> Rewriting | None:
        """Plan to write one part anew in its own place; None where that cannot be done."""
        return rewriting_for(self.lowered, answer, places, drops_others=self.is_of_type)

    @cached_property
    def shortest_characters(self) -> int:
        """Characters of the shortest answer, or fewer."""
        shortest = size_of(self.lowered).shortest
        return int(shortest) if isfinite(shortest) else 1

    @classmethod
    def of(cls, output_type: object, *, defaults: Defaults = "required") -> OutputSchema[Any]:
        """Prepare a type, or a JSON Schema given as a mapping; both are remembered.

        Args:
            output_type: the type or the schema.
            defaults: whether fields with a default have to be written.

        Raises:
            UnsupportedSchema: it is neither, or admits no value.
        """
        if isinstance(output_type, Mapping):
            return _of_schema(output_type)
        try:
            return _of_type_once(output_type, defaults)
        except TypeError as error:
            if "unhashable" not in str(error):
                raise
            return _of_type(output_type, defaults)


def _of_type(output_type: object, defaults: Defaults) -> OutputSchema[Any]:
    adapter = adapter_of(output_type)
    shown = json_schema_of(adapter, defaults=defaults)
    lowering = lower(output_type, defaults=defaults)
    return _prepared(shown, lowering, lambda text: _validate(adapter, text), adapter.core_schema)


_of_type_once = Once(_of_type, REMEMBERED)


def _of_schema(schema: Mapping[str, Any]) -> OutputSchema[Any]:
    check_size(schema)
    try:
        return _of_schema_text_once(json.dumps(schema))
    except (TypeError, ValueError) as error:
        raise UnsupportedSchema(f"this is not a JSON Schema: {error}") from error


def _of_schema_text(text: str) -> OutputSchema[Any]:
    plain = json.loads(text)
    validator = validator_of(plain)

    def validate(text: str) -> Any:
        value = _loads(text)
        found = [
            problems.problem(steps := tuple(e.instance_path), str(e.message), problems.at(value, steps))
            for e in validator.iter_errors(value)
        ]
        if found:
            raise problems.invalid(found, text)
        return value

    return _prepared(plain, lower_schema(plain), validate, None)


_of_schema_text_once = Once(_of_schema_text, REMEMBERED)


def _prepared(
    shown: Mapping[str, Any],
    lowering: Lowering,
    validate: Callable[[str], Any],
    core_schema: Mapping[str, Any] | None,
) -> OutputSchema[Any]:
    return OutputSchema(shown, lowering.schema, lowering.grammar, lowering.fidelity, validate, core_schema)


# --- validation ----------------------------------------------------------------------------------


def _validate(adapter: Any, text: str) -> Any:
    try:
        return adapter.validate_json(text)
    except ValueError as error:
        from pydantic import ValidationError  # here, because an import costs even where it was made before

        if not isinstance(error, ValidationError):
            raise
        details = error.errors(include_url=False)
        _let_go_of_frames(details)
        if details and details[0]["type"] == "json_invalid":
            raise OutputNotJSON(_not_json(text, details[0]["msg"])) from error
        raise problems.invalid(problems.of_pydantic(_loads(text), details), text) from error


def _let_go_of_frames(details: Sequence[Mapping[str, Any]]) -> None:
    """Drop the tracebacks of what validators raised.

    Their frames lead back to the error that holds them, and pydantic-core does not show them to the garbage
    collector: with each refused value, its call with generator and backend would stay in memory for ever.
    """
    for detail in details:
        raised = detail.get("ctx", {}).get("error")
        while isinstance(raised, BaseException):
            raised.__traceback__ = None
            raised = raised.__cause__ or raised.__context__


def _loads(text: str) -> Any:
    from pydantic_core import from_json

    try:
        return from_json(text)
    except ValueError as error:
        raise OutputNotJSON(_not_json(text, str(error))) from error


def _not_json(text: str, reason: str) -> str:
    why = reason.removeprefix("Invalid JSON: ")
    return f"the answer is not JSON ({why}); it begins with {text[: problems.SHOWN_CHARACTERS]!r}"
