"""Make the JSON Schema of what Pydantic really accepts of a type.

Pydantic validates more than its ``model_json_schema`` says: the keys of dicts, the digits of decimals, the
zones of times, the schemes of URLs. `validated_schema` says it in keywords of JSON Schema (draft 2020-12)
where there are any, and lists the rest. Two keywords are private: ``x-decimal`` has the bounds and digits
of a decimal that a string holds, and ``x-pattern-dialect`` (``rust`` or ``python``) says whose syntax a
pattern of the user's is. ``contentSchema`` is meant to hold, also of a key: the text is JSON of that
schema.

It says the canonical form only: ``5`` and not ``"5"`` for an int, and an int without fraction or exponent, of
at most 4,300 digits. What Pydantic takes besides, in its lax mode, is left out on purpose.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.errors import PydanticUserError

from .._sketch import resolve
from ..exceptions import UnsupportedSchema
from .validation.beyond import Beyond, take_marks
from .validation.generator import Defaults, DefaultsOptional, StrictJsonSchema

__all__ = ["Beyond", "validated_schema"]


def validated_schema(
    adapter: TypeAdapter[Any], *, defaults: Defaults = "required"
) -> tuple[dict[str, Any], tuple[Beyond, ...]]:
    """Make the schema of what a validator accepts, and list what the schema cannot say.

    Args:
        adapter: the validator.
        defaults: whether properties with a default have to be written all the same.

    Returns:
        A schema, of which every instance is valid for the type if it also keeps to the rules beyond it; and
        those rules.

    Raises:
        UnsupportedSchema: a part of the type has no JSON Schema, such as a callable, or is read from a path
            of properties.

    Example:
        >>> from pydantic import TypeAdapter
        >>> validated_schema(TypeAdapter(dict[int, bool]))[0]["propertyNames"]
        {'pattern': '^(?:0|-?[1-9][0-9]*)$', 'type': 'string'}
    """
    generator = StrictJsonSchema if defaults == "required" else DefaultsOptional
    try:
        schema = adapter.json_schema(mode="validation", schema_generator=generator)
    except PydanticUserError as error:
        raise UnsupportedSchema(f"the type has no JSON Schema: {str(error).splitlines()[0]}") from error
    _require_tags(schema, schema)
    return take_marks(schema)


def _require_tags(root: dict[str, Any], node: Any) -> None:
    """Ask for the tag in each branch of a tagged union: Pydantic finds no branch by a tag's default."""
    if isinstance(node, dict):
        if isinstance(tagged := node.get("discriminator"), dict) and "oneOf" in node:
            for branch in node["oneOf"]:
                _require(root, branch, tagged["propertyName"])
        for value in node.values():
            _require_tags(root, value)
    elif isinstance(node, list):
        for value in node:
            _require_tags(root, value)


def _require(root: dict[str, Any], branch: dict[str, Any], tag: str) -> None:
    target = resolve(root, branch["$ref"]) if "$ref" in branch else branch
    if isinstance(target, dict) and tag not in target.get("required", ()):
        branch["required"] = [*branch.get("required", ()), tag]
