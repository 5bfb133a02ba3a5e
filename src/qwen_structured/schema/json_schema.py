"""JSON Schemas that users pass: whether they are any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..exceptions import UnsupportedSchema


def check(schema: Mapping[str, Any]) -> None:
    """Check that a schema is one; where its references lead is not looked at.

    Raises:
        UnsupportedSchema: it is no JSON Schema.
    """
    import jsonschema_rs

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
