"""The options of a backend, as a Pydantic model checks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from ..exceptions import SettingsError, did_you_mean

if TYPE_CHECKING:
    from pydantic import JsonValue

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], backend: str, options: Mapping[str, JsonValue]) -> M:
    """Make `model` of the options of a backend.

    Raises:
        SettingsError: an option is misspelt or of the wrong type.
    """
    try:
        return model.model_validate(options)
    except ValidationError as error:
        detail = error.errors()[0]
        name = ".".join(map(str, detail["loc"])) or "options"
        if detail["type"] == "extra_forbidden":
            near = did_you_mean(name, model.model_fields)
            raise SettingsError(f"unknown option {name!r} of backend {backend!r}: {near}") from None
        raise SettingsError(
            f"option {name!r} of backend {backend!r} is {detail['input']!r}: {detail['msg']}"
        ) from None
