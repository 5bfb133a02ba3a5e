"""Which of the values of a Literal or Enum JSON can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic_core import SchemaValidator, ValidationError, to_json, to_jsonable_python


def value_of(value: Any) -> Any:
    """A member or a plain value as JSON has it."""
    return to_jsonable_python(getattr(value, "value", value))


def taken_by(schema: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
    """Those of the values that the validator of a core schema takes; it alone knows which JSON can say."""
    own = {
        key: value
        for key, value in schema.items()
        if key not in ("ref", "metadata", "serialization", "missing")
    }
    validator = SchemaValidator(cast("Any", own))
    return [value for value in values if _takes(validator, value)]


def _takes(validator: SchemaValidator, value: Any) -> bool:
    try:
        validator.validate_json(to_json(value))
    except ValidationError:
        return False
    return True
