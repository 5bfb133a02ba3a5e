"""JSON Schemas that users pass: whether they are any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from ..exceptions import UnsupportedSchema

MAX_NESTING: Final = 200
"""Objects and arrays within each other: functions that walk a schema are recursive."""
MAX_VALUES: Final = 500_000


def check_size(schema: object) -> None:
    """Check that a schema can be walked: neither too deep nor too large, counted as the tree that it spells.

    Raises:
        UnsupportedSchema: it is.
    """
    level, count = [schema], 0
    for _ in range(MAX_NESTING + 1):
        count += len(level)
        if count > MAX_VALUES:
            raise UnsupportedSchema(f"the schema has more than {MAX_VALUES:,} values: simplify it")
        level = [value for node in level for value in islice(_values(node), MAX_VALUES)]
        if not level:
            return
    raise UnsupportedSchema(f"the schema nests more than {MAX_NESTING} objects and arrays: simplify it")


def _values(node: object) -> Iterable[object]:
    if isinstance(node, Mapping):
        return node.values()
    return node if isinstance(node, list | tuple) else ()


def check(schema: Mapping[str, Any]) -> None:
    """Check that a schema is one; where its references lead is not looked at.

    Raises:
        UnsupportedSchema: it is no JSON Schema, or too large.
    """
    import jsonschema_rs

    check_size(schema)
    try:
        jsonschema_rs.meta.validate(dict(schema))
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, TypeError) as error:
        raise UnsupportedSchema(f"this is not a JSON Schema: {str(error).splitlines()[0]}") from error


def _retrieve_nothing(uri: str) -> Any:
    """Keep the validator from fetching what a reference leads to over the network."""
    raise LookupError(f"{uri!r} is not in the schema: put it into its $defs")


def validator_of(schema: Mapping[str, Any]) -> Any:
    """The validator of a schema, of jsonschema-rs, with formats asserted.

    Raises:
        UnsupportedSchema: it is no JSON Schema, or refers to what is not there.
    """
    import jsonschema_rs  # only those who pass schemas pay for its import

    try:
        return jsonschema_rs.validator_for(dict(schema), validate_formats=True, retriever=_retrieve_nothing)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, TypeError) as error:
        raise UnsupportedSchema(f"this is not a JSON Schema: {str(error).splitlines()[0]}") from error
