"""Keep secrets out of what is shown: errors, the log, reprs, settings, journals.

A text is secret if it was remembered as such (the value of an option that is one), or if it stands where
secrets stand (the password of a URL, the value of a key named ``token``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

E = TypeVar("E", bound=BaseException)

SHOWN = "***"
"""What stands in the place of a secret."""

_SHORTEST = 6
"""Characters of the shortest secret that is looked for in texts: a shorter one would be found in any word."""

_SECRET_NAME = re.compile(
    r"(^|[._-])(key|token|secrets?|pass(word|phrase|wd)|authorization|cookie|credentials?)$", re.IGNORECASE
)
_PATH_NAME = re.compile(r"(^|[._-])client_key$")  # of a file
_TABLES_OF_SECRETS = frozenset({"headers"})

_NAMES = "api[_-]?key|token|secret|password|passphrase|passwd|authorization"
_PATTERNS = tuple(
    re.compile(f"(?P<before>{before}){secret}", re.IGNORECASE)
    for before, secret in (
        (r"\b[a-z][a-z0-9+.-]*://", r"[^\s/?#'\"]+(?=@)"),  # user and password of a URL
        (r"\b(?:Bearer|Basic)\s+", r"(?=\S*\d|\S{20})[a-z0-9._~+/=-]{6,}"),
        (rf"(?:{_NAMES})[\"']?\s?[=:]\s?[\"']", r"[^\"'\s]{3,}(?=[\"'])"),
        (rf"(?:{_NAMES})=", r"[^\s\"',;&)]{3,}"),
        # tokens of the Hugging Face hub, of OpenAI and those like it, and of Modal
        (r"\b", r"(?:hf_[a-z0-9]{16,}|sk-[a-z0-9_-]{16,}|a[ks]-[a-z0-9]{20,})"),
    )
)

_remembered: frozenset[str] = frozenset()


def remember(secrets: Iterable[str]) -> None:
    """Have these values kept out of every text that is shown from now on, in any of their spellings."""
    global _remembered
    spellings = {one for secret in secrets if len(secret) >= _SHORTEST for one in _spellings(secret)}
    if not spellings <= _remembered:
        _remembered |= spellings


def redacted(text: str) -> str:
    """A text without its secrets.

    Example:
        >>> redacted("no answer from http://ada:pa55word@proxy:3128")
        'no answer from http://***@proxy:3128'
    """
    for secret in sorted(_remembered, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, SHOWN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<before>{SHOWN}", text)
    return text


def as_cause(error: E) -> E | None:
    """An exception of a library, with all that led to it, without secrets: to be the cause of one of ours.

    Returns:
        The exception; None if it shows a secret that cannot be taken out.
    """
    if not _shows_no_secret(error):
        _take_out_secrets(error)
        if not _shows_no_secret(error):
            return None
    if error.__cause__ is not None and as_cause(error.__cause__) is None:
        error.__cause__ = None
    if error.__context__ is not None and as_cause(error.__context__) is None:
        error.__context__ = None
    return error


def _shows_no_secret(error: BaseException) -> bool:
    shown = f"{error} {error!r}"
    return redacted(shown) == shown


def _take_out_secrets(error: BaseException) -> None:
    error.args = tuple(redacted(one) if isinstance(one, str) else one for one in error.args)
    texts = {name: redacted(one) for name, one in vars(error).items() if isinstance(one, str)}
    vars(error).update(texts)


def masked(value: Any, name: str = "") -> Any:
    """Plain data as it may be shown: a copy without what its names, or its texts, say is secret.

    Args:
        value: texts, numbers, lists and mappings; only texts can be secret.
        name: under which it stands; dots lead into tables.

    Example:
        >>> masked({"api_key": "0123456789abcdef", "headers": {"X-Team": "a"}, "rest_s": 1.0})
        {'api_key': '***', 'headers': {'X-Team': '***'}, 'rest_s': 1.0}
    """
    if isinstance(value, Mapping):
        return {key: masked(one, f"{name}.{key}") for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one, name) for one in value]
    if not isinstance(value, str):
        return value
    return SHOWN if value and is_secret(name) else redacted(value)


def is_secret(name: str) -> bool:
    """Whether the value of a setting is a secret, by its dotted name."""
    *tables, _ = name.split(".")
    if _TABLES_OF_SECRETS & set(tables):
        return True
    return bool(_SECRET_NAME.search(name)) and not _PATH_NAME.search(name)


def secrets_in(value: object, name: str = "") -> Iterator[str]:
    """The texts of plain data that are secrets by their names."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from secrets_in(one, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from secrets_in(one, name)
    elif isinstance(value, str) and is_secret(name):
        yield value


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it is, as a URL has it, and as a header of basic authentication has it."""
    from base64 import b64encode
    from urllib.parse import quote  # only those who have a secret pay for these imports

    yield secret
    yield quote(secret, safe="")
    yield b64encode(secret.encode()).decode()
