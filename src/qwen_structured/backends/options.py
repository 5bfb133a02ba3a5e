"""The options of a backend, as a Pydantic model checks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from .._redaction import masked, remember, secrets_in
from ..exceptions import SettingsError, did_you_mean

if TYPE_CHECKING:
    from pydantic import JsonValue
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)

CREDENTIALS = "credentials"
"""Type of a `PydanticCustomError` for a value that has a secret in it, so that the message leaves it out."""


class BackendOptions(BaseModel):
    """Base of the options of a backend: knows no others, and shows no secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show no secret."""
        yield from masked(dict(self)).items()


def validated(model: type[M], backend: str, options: Mapping[str, JsonValue]) -> M:
    """Make `model` of the options of a backend.

    Raises:
        SettingsError: an option is misspelt or of the wrong type; neither the message nor a cause has a
            secret.
    """
    remember(secrets_in(options))
    try:
        found = model.model_validate(options)
        remember(_secrets(dict(found)))
        return found
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
    raise SettingsError(_message(model, backend, detail))  # after the block, or its context had the secret


def _message(model: type[BaseModel], backend: str, detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return f"options of backend {backend!r}: {detail['msg']}"
    name, *within = map(str, detail["loc"])
    if detail["type"] == "extra_forbidden":
        *tables, wrong = name, *within
        near = did_you_mean(wrong, _table(model, tables).model_fields)
        return f"unknown option {'.'.join((name, *within))!r} of backend {backend!r}: {near}"
    place = f"option {name!r} ({'.'.join(within)})" if within else f"option {name!r}"
    secret = detail["type"] == CREDENTIALS or SecretStr in _parts(model.model_fields[name].annotation)
    value = "" if secret else f" is {masked(detail['input'], '.'.join((name, *within)))!r}"
    return f"{place} of backend {backend!r}{value}: {detail['msg']}"


def _secrets(value: object) -> Iterator[str]:
    """The secrets among options, in whatever tables they stand."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _secrets(one)


def _table(model: type[BaseModel], names: Iterable[str]) -> type[BaseModel]:
    """The options within options that `names` lead to."""
    for name in names:
        parts = _parts(model.model_fields[name].annotation)
        model = next(part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return model


def _parts(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
