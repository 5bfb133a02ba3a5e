"""Tell what a validator function in a core schema asks for.

Many are Pydantic's own: some only convert, some check what JSON Schema has a keyword for. The rest is code
that nobody can look into.

Source: pydantic 2.12 to 2.14, ``pydantic._internal._validators``, ``_known_annotated_metadata``, ``types``
and ``networks``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic.types import Base64Encoder, Base64UrlEncoder

_CONVERTING_MODULES = frozenset(
    {
        "ipaddress",
        "pathlib",
        "collections",
        "pydantic._internal._generate_schema",
        "pydantic._internal._std_types_schema",
        "pydantic._internal._validators",
    }
)
_CONVERTING = frozenset(
    {"SecretStr", "SecretBytes", "_BaseUrl", "_BaseMultiHostUrl", "Secret", "EmailStr", "ByteSize"}
)
_ABOUT_THE_WORLD = {
    "validate_file": "a file has to be there",
    "validate_directory": "a directory has to be there",
    "validate_new": "nothing may be there, but its parent directory",
    "validate_socket": "a socket has to be there",
}
_FORMATS_BEYOND = {
    "zoneinfo": "it has to name a time zone that this machine knows",
    "regex": "it has to be a regular expression of Python",
}


def bounds_of(function: object) -> dict[str, Any]:
    """The bounds that one of Pydantic's own checks holds a value to, such as ``{"gt": 3}``."""
    if isinstance(function, partial) and _module(function.func) == "pydantic._internal._validators":
        return {name: value for name, value in function.keywords.items() if name in _BOUNDS}
    return {}


_BOUNDS = frozenset("gt ge lt le multiple_of min_length max_length max_digits decimal_places".split())


def is_finite_check(function: object) -> bool:
    """Whether it refuses infinity and NaN."""
    return getattr(function, "__name__", "") == "forbid_inf_nan_check" and _is_pydantics(function)


def base64_alphabet(function: object) -> str | None:
    """``standard`` or ``url``, if it decodes base64."""
    encoder = getattr(getattr(function, "__self__", None), "encoder", None)
    return {Base64Encoder: "standard", Base64UrlEncoder: "url"}.get(encoder) if encoder else None


def is_of(function: object, owner: str) -> bool:
    """Whether it is a method of Pydantic's class `owner`."""
    return _is_pydantics(function) and _qualified_name(function).partition(".")[0] == owner


def only_converts(function: object) -> bool:
    """Whether it refuses nothing that the schema around it allows."""
    inner = function.func if isinstance(function, partial) else function
    if _module(inner) in _CONVERTING_MODULES:
        return True
    return _is_pydantics(inner) and _qualified_name(inner).partition(".")[0] in _CONVERTING


def imports(function: object) -> bool:
    """Whether it imports what the text names."""
    return (
        _module(function) == "pydantic._internal._validators" and _qualified_name(function) == "import_string"
    )


def name_of(function: object) -> str:
    """What to call it in a report: ``validator check_total``, ``predicate is_even``."""
    name = _qualified_name(function)
    if _module(function) == "pydantic._internal._known_annotated_metadata":
        return f"predicate {_predicate(function)}"
    return f"validator {name.rpartition('<locals>.')[2]}"


def reason_of(function: object) -> str:
    """Why no schema can say what it asks for."""
    known = _ABOUT_THE_WORLD.get(getattr(function, "__name__", ""))
    return known if known and _is_pydantics(function) else "only running it tells"


def reason_of_format(name: object) -> str | None:
    """Why a format of Pydantic's own is not known from its text, where that is so."""
    return _FORMATS_BEYOND.get(str(name))


def _predicate(function: object) -> str:
    for cell in getattr(function, "__closure__", None) or ():
        asked = getattr(cell.cell_contents, "func", None)
        if asked is not None:
            negated = "not " if type(cell.cell_contents).__name__ == "Not" else ""
            return negated + _qualified_name(asked).rpartition("<locals>.")[2]
    return "of its own"


def _is_pydantics(function: object) -> bool:
    return _module(function).partition(".")[0] == "pydantic"


def _module(function: object) -> str:
    return str(getattr(function, "__module__", ""))


def _qualified_name(function: object) -> str:
    inner = function.func if isinstance(function, partial) else function
    return str(getattr(inner, "__qualname__", type(inner).__qualname__))
