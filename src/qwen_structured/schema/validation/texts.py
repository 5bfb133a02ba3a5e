r"""Patterns of the texts in which Pydantic reads and writes values that JSON has no type for.

Each allows only what Pydantic takes, and every value in its canonical text; what else of a type's other
spellings it leaves out is said beside it. They use neither lookaround nor ``\d`` and its like, and so mean
the same to ECMA-262, Rust's ``regex`` and Python's ``re``.

Source: pydantic 2.14 with pydantic-core 2.50 (speedate, the crates ``url`` and ``uuid``), as measured by
``tests/unit/schema/test_validated.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

_WHITESPACE = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

STRIPPED = rf"^(?:[^{_WHITESPACE}](?:[\s\S]*[^{_WHITESPACE}])?)?$"
"""No whitespace at either end. Source: Unicode 16 ``White_Space``, which Rust's ``str::trim`` uses."""

ASCII = r"^[\u0000-\u007f]*$"
INTEGER = r"^(?:0|-?[1-9][0-9]*)$"
NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
FRACTION = r"^-?(?:0|[1-9][0-9]*)(?:/[1-9][0-9]*)?$"

_PART = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?"
COMPLEX = rf"^(?:-?{_PART}|-?{_PART}j|-?{_PART}[+-]{_PART}j)$"

_SECONDS = r"[0-9]{1,6}(?:\.[0-9]{1,6})?S"
_MINUTES = f"[0-9]{{1,6}}M(?:{_SECONDS})?"
_HOURS = f"[0-9]{{1,6}}H(?:{_MINUTES}|{_SECONDS})?"
_DAYS = "(?:[0-9]{1,6}Y(?:[0-9]{1,8}D)?|[0-9]{1,8}D)"
_TIME = f"T(?:{_HOURS}|{_MINUTES}|{_SECONDS})"
DURATION = f"^-?P(?:{_DAYS}(?:{_TIME})?|{_TIME})$"
"""Years of 365 days, days, hours, minutes and seconds, below a million years; no weeks, no months."""

BYTE_SIZE = r"^[0-9]{1,15}(?:\.[0-9]{1,6})? ?(?:[kKmMgGtTpPeE]|(?:[kKmMgGtTpPeE][iI]?)?[bB](?:it)?)?$"

HEX = r"^(?:[0-9a-fA-F]{2})*$"


def base64(sixty_second: str, sixty_third: str) -> str:
    """Padded base64, zero in the bits that padding leaves over."""
    character = f"[A-Za-z0-9{sixty_second}{sixty_third}]"
    return f"^(?:{character}{{4}})*(?:{character}[AQgw]==|{character}{{2}}[AEIMQUYcgkosw048]=)?$"


BASE64 = base64("+", "/")
BASE64_URL = base64("_", "-")


# --- decimals ------------------------------------------------------------------------------------


def decimal(max_digits: int | None, decimal_places: int | None, *, signed: bool) -> str:
    """A decimal without exponent, needless zeros in front, or more digits than allowed.

    Zeros at the end count as digits here, though Pydantic 2.14 no longer counts them.
    """
    return f"^{'-?' if signed else ''}{_digits(max_digits, decimal_places)}$"


def _digits(digits: int | None, places: int | None) -> str:
    """Whole part and fraction; `digits` counts those of both, but not a zero before the point."""
    if digits is None:
        return f"(?:0|[1-9][0-9]*){_fraction(places)}"
    if places is None:
        by_length = (
            f"[1-9]{_more(length - 1)}{_fraction(digits - length)}" for length in range(1, digits + 1)
        )
        return f"(?:0{_fraction(digits)}|{'|'.join(by_length)})"
    if digits <= places:  # Pydantic counts the zero of "0", but not that of "0.5"
        return rf"0\.[0-9]{{1,{digits}}}"
    return f"(?:0|[1-9]{_more_up_to(digits - places - 1)}){_fraction(places)}"


def _fraction(places: int | None) -> str:
    if places is None:
        return r"(?:\.[0-9]+)?"
    return rf"(?:\.[0-9]{{1,{places}}})?" if places else ""


def _more(count: int) -> str:
    return f"[0-9]{{{count}}}" if count else ""


def _more_up_to(count: int) -> str:
    return f"[0-9]{{0,{count}}}" if count else ""


# --- dates ---------------------------------------------------------------------------------------


def date_from(first: date) -> str:
    """Dates on or after `first`; of texts that are dates.

    Example:
        >>> from datetime import date
        >>> date_from(date(2024, 9, 30))
        '^(?:2024-09-30|2024-09-3[1-9]|2024-09-[4-9]|2024-[1-9]|202[5-9]|20[3-9]|2[1-9]|[3-9])'
    """
    return _one_of(first.isoformat(), *_beside(first.isoformat(), above=True))


def date_after(bound: date) -> str:
    """Dates after `bound`; of texts that are dates."""
    return _one_of(*_beside(bound.isoformat(), above=True))


def date_to(last: date) -> str:
    """Dates on or before `last`; of texts that are dates."""
    return _one_of(last.isoformat(), *_beside(last.isoformat(), above=False))


def date_before(bound: date) -> str:
    """Dates before `bound`; of texts that are dates."""
    return _one_of(*_beside(bound.isoformat(), above=False))


def _one_of(*prefixes: str) -> str:
    return f"^(?:{'|'.join(prefixes)})"


def _beside(bound: str, *, above: bool) -> Iterator[str]:
    """Each beginning of the bound with another digit behind it, which settles how the two compare."""
    for position in reversed(range(len(bound))):
        if bound[position] == "-":
            continue
        digit = int(bound[position])
        low, high = (digit + 1, 9) if above else (0, digit - 1)
        if low <= high:
            yield bound[:position] + (f"[{low}-{high}]" if low < high else str(low))


def offset(seconds: int) -> str:
    """An offset from UTC at the end of a time, in the spelling that Pydantic writes.

    Raises:
        ValueError: it has seconds, which no text can say.
    """
    minutes, rest = divmod(abs(seconds), 60)
    if rest:
        raise ValueError(f"an offset of {seconds} s is not a whole number of minutes")
    sign = "-" if seconds < 0 else r"\+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}$" if seconds else r"(?:Z|\+00:00)$"


# --- addresses -----------------------------------------------------------------------------------

_LABEL = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_LAST_LABEL = "[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = rf"(?:(?:{_LABEL}\.)*{_LAST_LABEL}|{_OCTET}(?:\.{_OCTET}){{3}})"
_PORT = r"(?::(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4}))?"
_USER = r"(?:[A-Za-z0-9._~!$&'()*+;=-]+(?::[A-Za-z0-9._~!$&'()*+;=-]*)?@)?"
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_PATH = f"(?:/(?:{_CHARACTER}|/)*)?"
_TAIL = rf"{_PATH}(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
_SPECIAL = frozenset({"http", "https", "ws", "wss", "ftp"})
"""Schemes whose URLs always have a host. Source: WHATWG URL Standard, section 3.1."""


def url(schemes: Sequence[str] | None, *, host_required: bool, many_hosts: bool = False) -> str:
    """URLs whose hosts are domain names or IPv4 addresses.

    Left out are hosts that are IPv6 addresses, percent-encoded, beyond ASCII, or have two hyphens in a row
    (which might be faulty punycode); characters beyond RFC 3986; and, for any scheme, ports of unusual ones.
    """
    hosts = f"{_HOST}{_PORT}(?:,{_HOST}{_PORT})*" if many_hosts else f"{_HOST}{_PORT}"
    return f"^(?:{'|'.join(_url_forms(schemes, hosts, host_required))})$"


def _url_forms(schemes: Sequence[str] | None, hosts: str, host_required: bool) -> Iterator[str]:
    if schemes is None:
        yield f"(?:https?|wss?|ftp)://{_USER}{hosts}{_TAIL}"
        yield f"[a-z][a-z0-9+.-]*://{_HOST}{_TAIL}"
        yield f"(?:mailto|urn|tel|data):{_CHARACTER}+"
        yield f"file:///(?:{_CHARACTER}|/)*"
        return
    if with_host := [scheme for scheme in schemes if scheme != "file"]:
        yield f"{_any_of(with_host)}://{_USER}{hosts}{_TAIL}"
    if "file" in schemes:
        yield f"file://{_HOST}?/(?:{_CHARACTER}|/)*"
    hostless = [scheme for scheme in schemes if scheme not in _SPECIAL and scheme != "file"]
    if hostless and not host_required:
        yield f"{_any_of(hostless)}:///(?:{_CHARACTER}|/)*"


def _any_of(schemes: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, schemes))})"


def _in_any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN_LABEL = "(?:[A-Za-z0-9]{1,63}|[A-Za-z0-9]{1,15}(?:-[A-Za-z0-9]{1,15}){1,3})"
EMAIL = rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_DOMAIN_LABEL}\.)+[A-Za-z]{{2,20}}$"
"""Addresses whose local part is an unquoted ASCII atom, at a domain name of at most three hyphens a label."""

EMAIL_LENGTH = "^[^@]{1,64}@[^@]{1,180}$"
_RESERVED = ("arpa", "invalid", "local", "localhost", "onion", "test")
EMAIL_RESERVED = rf"[.@](?:{'|'.join(map(_in_any_case, _RESERVED))})$"
"""Top-level domains that no address is at. Source: email-validator 2.3, ``SPECIAL_USE_DOMAIN_NAMES``."""
