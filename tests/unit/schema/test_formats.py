from __future__ import annotations

import importlib.util
import json
import random
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_network,
)
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import pydantic
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from pydantic import TypeAdapter, ValidationError

from qwen_structured.schema import format_languages
from qwen_structured.schema.formats import FORMATS

few = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
many = settings(few, max_examples=150)

OF_JSON_SCHEMA = (
    "date time date-time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri "
    "iri-reference uri-template uuid json-pointer relative-json-pointer regex"
).split()
OF_PYTHON: dict[str, Any] = {
    "date": date,
    "time": time,
    "time-any": time,
    "time-aware": time,
    "time-naive": time,
    "date-time": datetime,
    "date-time-any": datetime,
    "date-time-aware": pydantic.AwareDatetime,
    "date-time-naive": pydantic.NaiveDatetime,
    "duration": timedelta,
    "timedelta": timedelta,
    "uuid": UUID,
    "uuid1": pydantic.UUID1,
    "uuid3": pydantic.UUID3,
    "uuid4": pydantic.UUID4,
    "uuid5": pydantic.UUID5,
    "uuid6": pydantic.UUID6,
    "uuid7": pydantic.UUID7,
    "uuid8": pydantic.UUID8,
    "ipv4": IPv4Address,
    "ipv6": IPv6Address,
    "ipvanyaddress": pydantic.IPvAnyAddress,
    "ipv4network": IPv4Network,
    "ipv6network": IPv6Network,
    "ipvanynetwork": pydantic.IPvAnyNetwork,
    "ipv4interface": IPv4Interface,
    "ipv6interface": IPv6Interface,
    "ipvanyinterface": pydantic.IPvAnyInterface,
    "base64": pydantic.Base64Bytes,
    "base64url": pydantic.Base64UrlBytes,
    "byte-size": pydantic.ByteSize,
}
if importlib.util.find_spec("email_validator"):
    OF_PYTHON |= {"email": pydantic.EmailStr, "name-email": pydantic.NameEmail}


def is_allowed(name: str, text: str) -> bool:
    return re.fullmatch(FORMATS[name].pattern, text) is not None


def by_schema(name: str) -> Callable[[str], bool]:
    return jsonschema_rs.validator_for({"format": name}, validate_formats=True).is_valid


def by_type(name: str) -> Callable[[str], bool]:
    adapter = TypeAdapter[Any](OF_PYTHON[name])

    def accepts(text: str) -> bool:
        try:
            adapter.validate_json(json.dumps(text))
        except ValidationError:
            return False
        return True

    return accepts


def oracles(name: str) -> list[Callable[[str], bool]]:
    found = [by_schema(name)] if name in OF_JSON_SCHEMA else []
    return found + ([by_type(name)] if name in OF_PYTHON else [])


def texts_of(name: str) -> st.SearchStrategy[str]:
    """Texts of the format; of the ranges beyond ASCII only the ends, as Hypothesis lists each in full."""
    pattern = re.sub(r"([^\x00-\x7f])-([^\x00-\x7f])", r"\1\2", FORMATS[name].pattern)
    return st.from_regex(pattern, fullmatch=True)


# --- what is allowed is accepted -----------------------------------------------------------------


def test_every_format_has_an_oracle() -> None:
    names = {*OF_JSON_SCHEMA, *OF_PYTHON, "email", "name-email"}
    assert set(FORMATS) == names


@pytest.mark.parametrize("name", [name for name in FORMATS if oracles(name)])
def test_every_oracle_accepts_what_is_allowed(name: str) -> None:
    of_name = oracles(name)

    @few
    @given(texts_of(name))
    def check(text: str) -> None:
        assert all(accepts(text) for accepts in of_name)

    check()


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_not_exact_says_what_is_left_out(name: str) -> None:
    assert FORMATS[name].exact == (not FORMATS[name].why)


# --- what is exact is all that is accepted ----------------------------------------------------------


@st.composite
def near_misses(draw: st.DrawFn, name: str) -> str:
    """A text of the format in which one place is changed."""
    text = draw(texts_of(name))
    start = draw(st.integers(0, len(text)))
    length = draw(st.integers(0, 1))
    inserted = draw(st.text("0129afgAFXZ:/.-_~%#?@[]{}()é \\\"'+,;=&", max_size=2))
    return text[:start] + inserted + text[start + length :]


@pytest.mark.parametrize("name", [*(name for name in FORMATS if FORMATS[name].exact), "ipv6"])
def test_exact_formats_allow_all_that_json_schema_accepts(name: str) -> None:
    accepts = by_schema(name)

    @many
    @given(near_misses(name))
    def check(text: str) -> None:
        assert is_allowed(name, text) == accepts(text), text

    check()


@pytest.mark.parametrize(
    "year", ["0001", "0004", "0100", "0400", "1900", "2000", "2023", "2024", "2100", "9996"]
)
def test_dates_are_those_of_the_calendar(year: str) -> None:
    accepts, takes = by_schema("date"), by_type("date")
    for month in range(14):
        for day in range(33):
            text = f"{year}-{month:02d}-{day:02d}"
            assert is_allowed("date", text) == accepts(text) == takes(text)


def test_leap_days_are_those_of_the_calendar() -> None:
    for year in range(10_000):
        is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) and year > 0
        assert is_allowed("date", f"{year:04d}-02-29") == is_leap


# --- every value of Python's has a text ------------------------------------------------------------

offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))) | st.just(UTC)


@many
@given(st.dates())
def test_every_date_is_allowed(value: date) -> None:
    assert is_allowed("date", value.isoformat())


@many
@given(st.datetimes(), offsets)
def test_every_datetime_is_allowed(value: datetime, offset: timezone) -> None:
    aware = value.replace(tzinfo=offset)
    for text in (value.isoformat(), TypeAdapter(datetime).dump_json(value).decode().strip('"')):
        assert is_allowed("date-time-naive", text)
        assert is_allowed("date-time-any", text)
        assert not is_allowed("date-time-aware", text)
        assert not is_allowed("date-time", text)
    for text in (aware.isoformat(), TypeAdapter(datetime).dump_json(aware).decode().strip('"')):
        assert is_allowed("date-time-aware", text)
        assert is_allowed("date-time-any", text)
        assert is_allowed("date-time", text)
        assert not is_allowed("date-time-naive", text)


@many
@given(st.times(), offsets)
def test_every_time_is_allowed(value: time, offset: timezone) -> None:
    text, aware = value.isoformat(), value.replace(tzinfo=offset).isoformat()
    assert is_allowed("time-naive", text)
    assert is_allowed("time-any", text)
    assert not is_allowed("time-aware", text)
    assert is_allowed("time-aware", aware)
    assert is_allowed("time-any", aware)
    assert is_allowed("time", aware)


@many
@given(st.timedeltas(timedelta(days=-365 * 999_999), timedelta(days=365 * 999_999)))
def test_every_duration_is_allowed_as_pydantic_writes_it(value: timedelta) -> None:
    adapter = TypeAdapter(timedelta)
    text = adapter.dump_json(value).decode()
    assert is_allowed("timedelta", text.strip('"'))
    assert adapter.validate_json(text) == value


@few
@given(st.uuids(allow_nil=True))
def test_every_uuid_is_allowed(value: UUID) -> None:
    assert is_allowed("uuid", str(value))


@pytest.mark.parametrize("version", [1, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("actual", range(9))
def test_uuids_are_of_the_version_asked_for(version: int, actual: int) -> None:
    text = str(UUID(f"0190a8f2-1234-{actual}234-8234-123456789abc"))
    assert is_allowed(f"uuid{version}", text) == by_type(f"uuid{version}")(text) == (version == actual)


addresses = st.ip_addresses(v=4) | st.ip_addresses(v=6)


@many
@given(addresses, st.integers(0, 128))
def test_every_ip_address_network_and_interface_is_allowed(
    address: IPv4Address | IPv6Address, length: int
) -> None:
    version = f"ipv{address.version}"
    length = min(length, address.max_prefixlen)
    network = ip_network((address, length), strict=False)
    zeros_in_the_middle = isinstance(network, IPv6Network) and not str(network.network_address).endswith("::")
    assert is_allowed(version, str(address))
    assert is_allowed("ipvanyaddress", str(address))
    assert is_allowed(f"{version}interface", f"{address}/{length}")
    assert is_allowed("ipvanyinterface", f"{address}/{length}")
    text = f"{spelt(network)}/{length}" if zeros_in_the_middle else str(network)
    assert is_allowed(f"{version}network", text)
    assert is_allowed("ipvanynetwork", text)


def spelt(network: IPv4Network | IPv6Network) -> str:
    """The address with the zeros at its end left out, rather than longer ones in its middle."""
    groups = network.network_address.exploded.split(":")
    while groups and groups[-1] == "0000":
        groups.pop()
    return ":".join(group.lstrip("0") or "0" for group in groups) + ("::" if len(groups) < 8 else "")


@many
@given(st.binary())
def test_all_bytes_are_allowed_as_base64(value: bytes) -> None:
    assert is_allowed("base64", b64encode(value).decode())
    assert is_allowed("base64url", urlsafe_b64encode(value).decode())


# --- examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("duration", "P1Y2M10DT2H30M"),
        ("duration", "P4W"),
        ("duration", "PT36H"),
        ("timedelta", "PT1H2S"),
        ("timedelta", "-P1DT0.5S"),
        ("timedelta", "P400D"),
        ("email", "a.b+c@mail.example.co.uk"),
        ("email", "o'neil@x.io"),
        ("email", "someone@testing.locals"),
        ("idn-email", "jürgen@bücher.example"),
        ("name-email", "Anna Müller <anna@example.com>"),
        ("hostname", "a-b.example.com"),
        ("hostname", "localhost"),
        ("idn-hostname", "straße.example"),
        ("idn-hostname", "例え.テスト"),
        ("ipv6", "::ffff:192.0.2.1"),
        ("ipv6", "2001:db8::8:800:200c:417a"),
        ("ipv4network", "10.0.0.0/8"),
        ("ipv4network", "0.0.0.0/0"),
        ("ipv6network", "fe80::/10"),
        ("ipv6network", "2001:db8::1/128"),
        ("uri", "https://user@[2001:db8::7]:8080/a//b?q=1#f"),
        ("uri", "mailto:John.Doe@example.com"),
        ("uri-reference", "../a?b#c"),
        ("uri-reference", ""),
        ("iri", "https://例え.jp/ü?é"),
        ("uri-template", "http://example.com/{+path,x:3}{?q*,lang}"),
        ("json-pointer", "/a~1b/0/~0"),
        ("relative-json-pointer", "2/highly/nested"),
        ("relative-json-pointer", "0#"),
        ("regex", r"^(foo|ba[rz])\d{2,}[^a-z\]]*?$"),
        ("regex", r"^INV-[0-9]{4}$"),
        ("byte-size", "1.5GiB"),
        ("byte-size", "1024 kB"),
    ],
)
def test_usual_values_are_allowed(name: str, text: str) -> None:
    assert all(accepts(text) for accepts in oracles(name))
    assert is_allowed(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date", "2023-02-29"),
        ("date", "0000-01-01"),
        ("time", "12:00:00"),
        ("time", "24:00:00Z"),
        ("date-time", "2024-01-01 00:00:00Z"),
        ("duration", "P1Y2D"),
        ("duration", "P"),
        ("duration", "PT0.5S"),
        ("timedelta", "P"),
        ("timedelta", "PT"),
        ("timedelta", "P1DT"),
        ("email", "a@b.test"),
        ("email", "a@b.TeSt"),
        ("email", "a@b"),
        ("email", "a..b@c.de"),
        ("email", "é@c.de"),
        ("hostname", "xn--a"),
        ("hostname", "a_b"),
        ("hostname", "a.-b"),
        ("ipv4", "01.2.3.4"),
        ("ipv6", "1::2::3"),
        ("ipv6", "12345::"),
        ("ipv4network", "10.0.0.1/8"),
        ("ipv6network", "2001:db8::1/64"),
        ("uuid4", "12345678-1234-1234-8234-123456789abc"),
        ("uri", "//a"),
        ("json-pointer", "a"),
        ("regex", "(a"),
        ("regex", "a**"),
        ("base64", "YQ"),
        ("base64", "YR=="),
        ("byte-size", "-1B"),
    ],
)
def test_what_is_no_value_of_the_format_is_not_allowed(name: str, text: str) -> None:
    assert not is_allowed(name, text)


# --- size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_patterns_are_short_and_of_the_common_syntax(name: str) -> None:
    most = {"date": 600, "date-time": 600, "ipv6": 2000, "ipv6network": 5000, "ipvanynetwork": 8000}
    pattern = FORMATS[name].pattern
    assert len(pattern) <= most.get(name, 4000)
    parts = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    assert not {"^", "$", "."} & {*parts}
    assert not any(re.fullmatch(r"\\[a-zA-Z0-9]", part) for part in parts)
    assert ("(", "?") not in pairwise(parts)


def test_the_automata_that_are_kept_are_those_of_the_patterns() -> None:
    kept = Path(format_languages.__file__).with_name("format_automata.jsonl").read_text().splitlines()
    assert kept == list(format_languages.lines()), "formats.py has changed: see format_languages.py"


@pytest.mark.parametrize("name", ["email", "uri", "date", "uuid4"])
def test_a_language_that_is_read_is_that_of_its_pattern(name: str) -> None:
    kept, made = format_languages.format_language(name), format_languages.language_of_patterns(name)
    texts = made.samples(random.Random(1), 50)
    assert all(kept.accepts(text) for text in texts)
    assert not any(kept.accepts(text + "\x00") for text in texts)
    assert kept.length_bounds() == made.length_bounds()
