"""What a strict schema means, told by jsonschema-rs and the standard library, and instances made of it."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
_OFFSET = r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_HEXADECIMAL = "[0-9a-fA-F]"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _parses(make: Callable[[str], object]) -> Callable[[str], bool]:
    def parses(text: str) -> bool:
        try:
            make(text)
        except ValueError:
            return False
        return True

    return parses


def _is_date(text: str) -> bool:
    return _matches(r"\d{4}-\d\d-\d\d")(text) and _parses(date.fromisoformat)(text)


def _is_date_time(zone: str) -> Callable[[str], bool]:
    clock = _matches(_CLOCK + zone)
    return lambda text: _is_date(text[:10]) and text[10:11] == "T" and clock(text[11:])


def _uuid(version: str, variant: str) -> Callable[[str], bool]:
    h = _HEXADECIMAL
    return _matches(f"{h}{{8}}-{h}{{4}}-{version}{h}{{3}}-{variant}{h}{{3}}-{h}{{12}}")


def _address(*kinds: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: "%" not in text and any(_parses(kind)(text) for kind in kinds)


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "time": _matches(f"{_CLOCK}{_OFFSET}?"),
    "time-naive": _matches(_CLOCK),
    "time-aware": _matches(_CLOCK + _OFFSET),
    "date-time": _is_date_time(f"{_OFFSET}?"),
    "date-time-naive": _is_date_time(""),
    "date-time-aware": _is_date_time(_OFFSET),
    "duration": lambda text: True,  # its pattern says all of it
    "regex": lambda text: True,  # Python's, and beyond the schema
    "uuid": _uuid(_HEXADECIMAL, _HEXADECIMAL),
    **{f"uuid{version}": _uuid(str(version), "[89abAB]") for version in range(1, 9)},
    "ipv4": _address(ipaddress.IPv4Address),
    "ipv6": _address(ipaddress.IPv6Address),
    "ipv4network": _address(ipaddress.IPv4Network),
    "ipv6network": _address(ipaddress.IPv6Network),
    "ipv4interface": _address(ipaddress.IPv4Interface),
    "ipv6interface": _address(ipaddress.IPv6Interface),
    "ipvanyaddress": _address(ipaddress.IPv4Address, ipaddress.IPv6Address),
    "ipvanynetwork": _address(ipaddress.IPv4Network, ipaddress.IPv6Network),
    "ipvanyinterface": _address(ipaddress.IPv4Interface, ipaddress.IPv6Interface),
}
"""The formats that the strict schema means otherwise than JSON Schema, or that JSON Schema does not know."""


class _DecimalRules:
    """``x-decimal``."""

    def __init__(self, parent: object, rules: dict[str, str], path: object) -> None:
        self._rules = {name: Decimal(value) for name, value in rules.items()}

    def validate(self, instance: Any) -> None:
        value = Decimal(instance)
        _, digits, exponent = value.as_tuple()
        places = max(0, -int(exponent))
        holds: dict[str, Callable[[Decimal], bool]] = {
            "ge": lambda bound: value >= bound,
            "gt": lambda bound: value > bound,
            "le": lambda bound: value <= bound,
            "lt": lambda bound: value < bound,
            "multiple_of": lambda step: value % step == 0,
            "decimal_places": lambda most: places <= most,
            "max_digits": lambda most: max(len(digits), places) <= most,
        }
        for name, bound in self._rules.items():
            if not holds[name](bound):
                raise ValueError(f"{value} is not {name} {bound}")


def checker(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a value is an instance of a strict schema, private keywords and content included."""
    definitions = schema.get("$defs", {})

    class Content:
        """``contentSchema``, which JSON Schema leaves to its readers."""

        def __init__(self, parent: object, value: Any, path: object) -> None:
            self._is_valid = checker({**value, "$defs": definitions})

        def validate(self, instance: Any) -> None:
            if not self._is_valid(json.loads(instance)):
                raise ValueError(instance)

    validator = jsonschema_rs.Draft202012Validator(
        dict(schema),
        validate_formats=True,
        formats=FORMATS,
        keywords={"x-decimal": _DecimalRules, "contentSchema": Content},
    )
    return validator.is_valid


# --- instances -----------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.floats(-9, 9) | st.text("abx 1:/", max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("axk"), inner, max_size=2),
    max_leaves=4,
)
_OFFSETS = st.sampled_from(["Z", "+00:00", "-00:00", "+05:30", "-05:30", "-23:59", "+23:59"])
_FRACTIONS = st.sampled_from(["", ".5", ".123456"])
_DATES = st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31", "2000-02-29", "2023-02-29"])
_TIMES = st.builds(lambda time, fraction: f"{time:%H:%M:%S}{fraction}", st.times(), _FRACTIONS)
_ZONED = st.builds(str.__add__, _TIMES, _OFFSETS)
_PREFIXES = st.integers(0, 32).map(lambda bits: f"/{bits}")
_V4 = st.ip_addresses(v=4).map(str) | st.sampled_from(["0.0.0.0", "10.0.0.0"])
_V6 = st.ip_addresses(v=6).map(str) | st.sampled_from(["::", "::1.2.3.4", "FE80::1"])


def _uuid_texts(version: int) -> st.SearchStrategy[str]:
    return st.uuids().map(lambda value: f"{value!s:.14}{version}{str(value)[15:19]}a{str(value)[20:]}")


_TEXTS: dict[str, st.SearchStrategy[str]] = {
    "date": _DATES,
    "time": _TIMES | _ZONED,
    "time-naive": _TIMES,
    "time-aware": _ZONED,
    "date-time": st.builds("{}T{}".format, _DATES, _TIMES | _ZONED),
    "date-time-naive": st.builds("{}T{}".format, _DATES, _TIMES),
    "date-time-aware": st.builds("{}T{}".format, _DATES, _ZONED),
    "ipv4": _V4,
    "ipv6": _V6,
    "ipvanyaddress": _V4 | _V6,
    **{
        f"ip{kind}{what}": st.builds(str.__add__, address, _PREFIXES) | address
        for kind, address in (("v4", _V4), ("v6", _V6), ("vany", _V4 | _V6))
        for what in ("network", "interface")
    },
    "uuid": st.uuids().map(str),
    **{f"uuid{version}": _uuid_texts(version) for version in range(1, 9)},
    "email": st.sampled_from(["a@b.co", "a.b+c@d-e.org"]),
}


def instances(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Instances of a strict schema, its edges among them."""
    return _Maker(schema).of(schema, 0).filter(checker(schema))


class _Maker:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def of(self, schema: Any, depth: int) -> st.SearchStrategy[Any]:
        if schema is True or not isinstance(schema, Mapping):
            return ANYTHING if schema is not False else st.nothing()
        if "$ref" in schema:
            target = self._root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
            return st.deferred(lambda: self.of(target, depth + 1))
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                branches = sorted(schema[keyword], key=lambda one: "$ref" in one)
                return st.one_of(
                    [
                        self.of(one, depth)
                        for one in (branches[-1:] if depth > 3 and len(branches) < 2 else branches)
                    ]
                )
        kind = schema.get("type")
        if isinstance(kind, list):
            return st.one_of([self.of({**schema, "type": one}, depth) for one in kind])
        return getattr(self, f"_{kind}", self._any)(schema, depth)

    def _any(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        return ANYTHING

    def _null(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        return st.none()

    def _boolean(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        return st.booleans()

    def _integer(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        low, high = _bounds(schema)
        step = schema.get("multipleOf", 1)
        low, high = (
            (None if low is None else -(-int(low) // step)),
            (None if high is None else int(high) // step),
        )
        edges = [bound * step for bound in (low, high) if bound is not None]
        values = st.integers(low, high).map(lambda value: value * step)
        return (values | st.sampled_from(edges) if edges else values).filter(checker(schema))

    def _number(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        low, high = _bounds(schema)
        step = schema.get("multipleOf")
        if step:
            return st.integers(-1000, 1000).map(lambda value: value * step).filter(checker(schema))
        edges = [bound for bound in (low, high) if bound is not None]
        values = st.floats(low, high, allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)
        return (values | st.sampled_from(edges) if edges else values).filter(checker(schema))

    def _string(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        if "contentSchema" in schema:
            inner = self.of(schema["contentSchema"], depth).map(json.dumps)
            return inner.filter(checker({**schema, "$defs": self._root.get("$defs", {})}))
        is_valid = checker(schema)
        fitting = [text for text in WILD_TEXTS if is_valid(text)]
        made = [st.sampled_from(fitting)] if fitting else []
        if (named := str(schema.get("format"))) in _TEXTS:
            made.append(_TEXTS[named])
        elif pattern := schema.get("pattern"):
            ascii_only = re.compile(re.sub(r"\$$", r"\\Z", pattern), re.ASCII)
            made.append(st.from_regex(ascii_only, alphabet=st.characters(codec="ascii")))
        else:
            made.append(st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", 20)))
        return st.one_of(made).filter(is_valid)

    def _array(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        prefix = [self.of(item, depth) for item in schema.get("prefixItems", ())]
        least = max(0, schema.get("minItems", 0) - len(prefix))
        most = min(schema.get("maxItems", 9) - len(prefix), least if depth > 2 else least + 2)
        rest = st.lists(
            self.of(schema.get("items", True), depth + 1) if most > 0 else st.nothing(),
            min_size=least,
            max_size=max(0, most),
            unique_by=json.dumps if schema.get("uniqueItems") else None,
        )
        return st.builds(lambda first, more: [*first, *more], st.tuples(*prefix), rest)

    def _object(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        required = schema.get("required", ())
        named = {name: self.of(part, depth + 1) for name, part in schema.get("properties", {}).items()}
        fixed = st.fixed_dictionaries(
            {name: part for name, part in named.items() if name in required},
            optional={name: part for name, part in named.items() if name not in required},
        )
        others = schema.get("additionalProperties", not named and "required" not in schema)
        if others is False:
            return fixed
        names = self.of(schema.get("propertyNames", {"type": "string"}), depth)
        most = schema.get("maxProperties", 3)
        more = st.dictionaries(
            names, self.of(others, depth + 1), min_size=schema.get("minProperties", 0), max_size=min(most, 3)
        )
        return st.builds(lambda first, rest: {**rest, **first}, fixed, more if depth < 3 else st.just({}))


def _bounds(schema: Mapping[str, Any]) -> tuple[Any, Any]:
    return (
        max((schema[key] for key in ("minimum", "exclusiveMinimum") if key in schema), default=None),
        min((schema[key] for key in ("maximum", "exclusiveMaximum") if key in schema), default=None),
    )


WILD_TEXTS = (
    *(
        "",
        "a",
        "A",
        "ab",
        "abc",
        "abcd",
        "é",
        "éé",
        "日本",
        "😀",
        "a b",
        " a",
        "a ",
        "\u0085a",
        "a\u3000",
        "\x1ca",
        "\ufeffa",
    ),
    *(
        "a\n",
        "\n",
        'a"b',
        "a\\b",
        "a/b",
        "foo",
        "bar",
        "red",
        "x",
        "x-1",
        "x_a",
        "yes",
        "YES",
        "cat",
        "only",
        "root",
    ),
    *(
        "0",
        "1",
        "-1",
        "-0",
        "00",
        "01",
        "+1",
        "1.0",
        "1.",
        ".5",
        "0.5",
        "-0.5",
        "1.10",
        "0.100",
        "999",
        "1000",
        "12.345",
    ),
    *(
        "1e5",
        "1E5",
        "1e400",
        "-1e400",
        "nan",
        "inf",
        "Infinity",
        "NaN",
        "1_000",
        "0x1",
        "١",
        "1/2",
        "1/0",
        "-1/3",
        "1 /2",
    ),
    *(
        "1+2j",
        "j",
        "1j",
        "-j",
        "(1+2j)",
        "1+2",
        "1e5-2j",
        "true",
        "false",
        "null",
        "None",
        "[1]",
        "[",
        "{}",
        '{"a":1}',
        '"a"',
    ),
    *(
        "2020-01-01",
        "2019-12-31",
        "2020-02-15",
        "2020-02-14",
        "2020-02-30",
        "2021-02-29",
        "0000-01-01",
        "0001-01-01",
    ),
    *(
        "9999-12-31",
        "10000-01-01",
        "2020-1-1",
        "2020-13-01",
        "20200101",
        "2000-02-29",
        "1999-12-29",
        "2000-03-01",
    ),
    *(
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00z",
        "2020-01-01 00:00:00",
        "2020-01-01T24:00:00",
    ),
    *(
        "2020-01-01T23:59:60Z",
        "2020-01-01T00:00:00.1234567Z",
        "2020-01-01T00:00:00+24:00",
        "2020-01-01T00:00:00+05:30",
    ),
    *(
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
        "0000-01-01T00:00:00Z",
        "2020-01-01T00:00Z",
    ),
    *("10:00:00", "10:00:00Z", "10:00", "24:00:00", "10:00:60", "10:00:00+05:30", "10:00:00.123456"),
    *(
        "P1D",
        "-P1D",
        "PT1.5S",
        "P",
        "PT",
        "P1DT",
        "P1Y35D",
        "P999999999D",
        "P1000000000D",
        "PT999999999H",
        "P999999Y99999999D",
    ),
    *(
        "PT999999999M",
        "PT999999999.999999S",
        "-P999999Y99999999DT999999999H999999999M999999999.999999S",
        "PT0S",
        "P1W",
        "P2M",
    ),
    *(
        "11111111-1111-1111-8111-111111111111",
        "11111111-1111-4111-8111-111111111111",
        "11111111-1111-4111-1111-111111111111",
    ),
    *(
        "11111111-1111-7111-b111-111111111111",
        "11111111-1111-0111-0111-111111111111",
        "11111111111141118111111111111111",
    ),
    *("ABCDEF00-ABCD-5BCD-ABCD-ABCDEF000000", "urn:uuid:11111111-1111-4111-8111-111111111111"),
    *(
        "http://a",
        "https://a.b/c?d#e",
        "http://999.1.1.1",
        "http://1.2.3",
        "http://xn--a",
        "http://a:99999",
        "http://a:65535",
    ),
    *(
        "http://",
        "http:a",
        "HTTP://A",
        "http://a/%zz",
        "http://a b",
        "http://%41",
        "http://a..b",
        "http://a.0x1",
        "http://-a-",
    ),
    *(
        "http://[::1]",
        "http://u:p@h/",
        "http://a.1",
        "http://a/\u00e9",
        "http://é",
        "ftp://a",
        "ftp://",
        "mailto:a@b",
        "urn:x",
    ),
    *(
        "foo://h:99999",
        "data:,x",
        "foo:///p",
        "file:///p",
        "file://h/p",
        "file:a",
        "foo://a b",
        "file://h:80/p",
        "s3://b/k",
    ),
    *(
        "postgres://u:p@h1:1,h2:2/db",
        "postgres:///db",
        "redis:///0",
        "redis://h:1/0",
        "redis://",
        "postgres://h,",
        "s3:///k",
    ),
    *(
        "1.2.3.4",
        "01.2.3.4",
        "1.2.3",
        "256.1.1.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "::1.2.3.4",
        "10.0.0.0/24",
        "10.0.0.1/24",
    ),
    *(
        "10.0.0.0/33",
        "::/0",
        "::1/64",
        "10.0.0.0/255.0.0.0",
        "QQ==",
        "QQ",
        "QR==",
        "!!",
        "gA==",
        "_-8=",
        "+/8=",
        "41",
        "4a",
        "4",
    ),
    *(
        "1kb",
        "1.5 kB",
        "1KiB",
        "1x",
        "1kbit",
        "1 kb extra",
        "999999999999999e",
        "UTC",
        "Europe/Berlin",
        "(",
        "a+",
        "a@b.co",
        "a@b",
    ),
    *(
        "a@b.test",
        "/",
        "/tmp",
        "/no/such",
        "a\x00b",
        "aBc",
        "ABZ",
        "a z",
        "foo bar",
        "abc-def-1",
        "v0001",
        "INV-0042",
        "AB-123",
    ),
)
"""Texts at the edges of what Pydantic's types take, on both sides."""

WILD_NUMBERS = (
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    9,
    10,
    14,
    99,
    100,
    101,
    1.5,
    0.5,
    -0.5,
    -2.5,
    1e-300,
    2**53,
    2**63,
    2**80,
    5000,
    10**30,
)

WILD: tuple[Any, ...] = (
    *WILD_TEXTS,
    *WILD_NUMBERS,
    *(
        None,
        True,
        False,
        [],
        {},
        [1],
        [1, 1],
        [1, 2],
        ["a"],
        ["a", "b"],
        ["a", "a"],
        ["red"],
        [[]],
        [[1]],
        [{}],
        [True, 1],
    ),
    *(
        [1, "a"],
        [1, "a", True],
        [1, ["a"], True],
        [{"a": 1}],
        [1, 2, 3],
        [1, 2, 3, 4],
        ["a", 1],
        [None],
        [1, None],
    ),
    *(
        {"a": 1},
        {"a": 3},
        {"a": 1, "b": 2},
        {"a": 2, "b": 1},
        {"a": "x"},
        {"a": "x", "b": "y"},
        {"b": 1},
        {"a": 1, "z": 2},
    ),
    *(
        {"kind": "cat"},
        {"kind": "cat", "lives": 9},
        {"lives": 9},
        {"kind": "dog", "name": "a"},
        {"kind": "cow"},
        {"kind": "red"},
    ),
    *(
        {"kind": "cat", "color": "black", "name": "a"},
        {"Kind": "a"},
        {"kind": "a"},
        {"name": "Rex"},
        {"X": 1},
        {"x": 1},
        {"x": 1, "a": True},
    ),
    *(
        {"a": "x", "x_b": 1},
        {"a": "x", "y_b": 1},
        {"a": "x", "b": "z"},
        {"title": "a"},
        {"title": "a", "year": 1899},
        {"x": 9, "factor": 1},
    ),
    *(
        {"x": 1, "seen": True},
        {"val": "a", "next": None},
        {"val": "a", "next": {"val": 1}},
        {"name": "a", "files": []},
    ),
    *({text: 1} for text in WILD_TEXTS),
    *({text: "a"} for text in WILD_TEXTS[:80]),
)
"""Values at the edges of what Pydantic's types take, on both sides."""
