"""JSON Schemas that users pass: whether they are any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..exceptions import UnsupportedSchema


def validator_of(schema: Mapping[str, Any]) -> Any:
    """The validator of a schema, of jsonschema-rs, with formats asserted.

    Raises:
        UnsupportedSchema: it is no JSON Schema, or refers to what is not there.
    """
    import jsonschema_rs  # only those who pass schemas pay for its import

    try:
        return jsonschema_rs.validator_for(dict(schema), validate_formats=True)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, TypeError) as error:
        raise UnsupportedSchema(f"this is not a JSON Schema: {str(error).splitlines()[0]}") from error
