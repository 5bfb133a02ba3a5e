"""Regular expressions of string formats: those of JSON Schema, and those that Pydantic's types need.

They are not anchored, and need a group around them where something follows. What one allows is accepted
by every oracle that has the name: for JSON Schema's names jsonschema-rs with formats asserted; for those of
Python's values Pydantic, in lax mode from JSON; for names of both, both. What they accept beyond it is either
another spelling or named in `Format.why`.

Names that ask for nothing (``binary``, ``password``, ``path``) are not here, nor is what is no regular
language (``json-string``). The names beyond JSON Schema's that are our own: ``date-time-any``,
``date-time-aware``, ``date-time-naive`` and the same of ``time`` for Python's values, where JSON Schema's ask
for an offset; ``timedelta``, where ``duration`` is JSON Schema's; ``uuid1`` to ``uuid8``.

Source: measured with jsonschema-rs 0.33 and later and Pydantic 2.14 with email-validator 2.4; the RFC beside
each part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from types import MappingProxyType

from .numbers import integer_pattern


@dataclass(frozen=True, slots=True)
class Format:
    """What the grammar allows for one format.

    Attributes:
        pattern: its regular expression.
        exact: whether that is all that the oracle accepts.
        why: what is left out, where it is not.
        parts: the pattern in parts that are best written one after the other, each by its own automaton and
            of at most so many characters.
    """

    pattern: str
    exact: bool
    why: str = ""
    parts: tuple[tuple[str, int], ...] = ()


def _exact(pattern: str) -> Format:
    return Format(pattern, exact=True)


def _narrowed(pattern: str, why: str) -> Format:
    return Format(pattern, exact=False, why=why)


def _any_of(*patterns: str) -> str:
    return f"({'|'.join(patterns)})"


# --- dates and times: RFC 3339, section 5.6; ISO 8601 --------------------------------------------

_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_MONTH_AND_DAY = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_MULTIPLE_OF_4 = "(0[48]|[2468][048]|[13579][26])"
_LEAP_DAY = f"([0-9]{{2}}{_MULTIPLE_OF_4}|{_MULTIPLE_OF_4}00)-02-29"
_DATE = f"({_YEAR}-{_MONTH_AND_DAY}|{_LEAP_DAY})"

_HOURS_AND_MINUTES = "([01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = f"(Z|[+-]{_HOURS_AND_MINUTES})"


def _clock(most_decimals: int) -> str:
    return rf"{_HOURS_AND_MINUTES}:[0-5][0-9](\.[0-9]{{1,{most_decimals}}})?"


_RFC_CLOCK = _clock(9)
_PYTHON_CLOCK = _clock(6)
_RFC_WHY = "no leap seconds, nothing below nanoseconds, and capital T and Z only"
_PYTHON_WHY = "one spelling: seconds written, T between date and time, colon in the offset"


def _moments() -> Iterator[tuple[str, Format]]:
    yield "date", _narrowed(_DATE, "no year 0000, which Python does not have")
    for name, before in (("time", ""), ("date-time", f"{_DATE}T")):
        yield name, _narrowed(f"{before}{_RFC_CLOCK}{_OFFSET}", _RFC_WHY)
        yield f"{name}-naive", _narrowed(before + _PYTHON_CLOCK, _PYTHON_WHY)
        yield f"{name}-aware", _narrowed(f"{before}{_PYTHON_CLOCK}{_OFFSET}", _PYTHON_WHY)
        yield f"{name}-any", _narrowed(f"{before}{_PYTHON_CLOCK}{_OFFSET}?", _PYTHON_WHY)


# --- durations: RFC 3339, appendix A ---------------------------------------------------------------


def _durations() -> Iterator[tuple[str, Format]]:
    six, five = "[0-9]{1,6}", "[0-9]{1,5}"
    date = f"({six}Y({six}M({six}D)?)?|{six}M({six}D)?|{six}D)"
    time = f"T({five}H({five}M({five}S)?)?|{five}M({five}S)?|{five}S)"
    yield (
        "duration",
        _narrowed(
            f"P({date}({time})?|{time}|{six}W)",
            "at most six digits a part, five for hours, minutes and seconds",
        ),
    )
    seconds = rf"{five}(\.[0-9]{{1,6}})?S"
    time = f"T({five}H({five}M)?({seconds})?|{five}M({seconds})?|{seconds})"
    yield (
        "timedelta",
        _narrowed(
            f"-?P(({six}Y([0-9]{{1,8}}D)?|[0-9]{{1,8}}D)({time})?|{time})",
            "in years of 365 days, days, hours, minutes and seconds, and below a million years",
        ),
    )


# --- UUIDs: RFC 9562 -------------------------------------------------------------------------------

_HEX = "[0-9a-fA-F]"
_UUID_VERSIONS = (1, 3, 4, 5, 6, 7, 8)


def _uuids() -> Iterator[tuple[str, Format]]:
    yield "uuid", _exact(f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}")
    for version in _UUID_VERSIONS:
        pattern = f"{_HEX}{{8}}-{_HEX}{{4}}-{version}{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}"
        yield f"uuid{version}", _narrowed(pattern, "one spelling: five groups with hyphens")


# --- IP addresses: RFC 2673, section 3.2; RFC 4291, section 2.2 -------------------------------------

_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"({_OCTET}\.){{3}}{_OCTET}"


def _ipv6() -> str:
    """Eight groups, the last two maybe an IPv4 address, and one run of zeros maybe left out."""
    group = f"{_HEX}{{1,4}}"
    full = f"({group}:){{7}}{group}|({group}:){{6}}{_IPV4}"
    shortened = [
        f"({group}:){{{before}}}" + _any_of(*_after_zeros(group, 7 - before)) for before in range(1, 8)
    ]
    return _any_of(full, *shortened, ":" + _any_of(*_after_zeros(group, 7)))


def _after_zeros(group: str, most: int) -> Iterator[str]:
    """What follows the first colon of the two that stand for zeros: the second, and at most `most` groups."""
    yield f"(:{group}){{1,{most}}}" if most > 1 else f":{group}" if most else ":"
    if most:
        yield ":"
    if most > 1:
        groups = f"(:{group}){{0,{most - 2}}}" if most > 2 else ""
        yield f"{groups}:{_IPV4}"


_IPV6 = _ipv6()
_NO_SCOPE = "no scope such as %eth0"


def _ipv4_network() -> str:
    """An address of which all bits beyond the prefix are zero, and the length of the prefix."""
    octets = []
    for whole in range(4):
        zeros = r"\.0" * (3 - whole)
        ends = [f"{_octet_of_bits(bits)}{zeros}/{8 * whole + bits}" for bits in range(1 if whole else 0, 9)]
        octets.append((rf"({_OCTET}\.){{{whole}}}" if whole else "") + _any_of(*ends))
    return _any_of(*octets)


def _octet_of_bits(bits: int) -> str:
    return f"({integer_pattern(0, 255, 2 ** (8 - bits))})" if bits else "0"


def _ipv6_network() -> str:
    """The same, in lower case, with all zeros beyond the prefix left out; a single host as any address."""
    networks = [f"::/({integer_pattern(0, 128)})"]
    for whole in range(8):
        after = "::" if whole < 7 else ""
        ends = [f"{_group_of_bits(bits)}{after}/{16 * whole + bits}" for bits in range(1, 16)]
        ends.append(f"[0-9a-f]{{1,4}}{after}/({integer_pattern(16 * whole + 16, 128)})")
        networks.append((f"([0-9a-f]{{1,4}}:){{{whole}}}" if whole else "") + _any_of(*ends))
    return _any_of(*networks, f"{_IPV6}/128")


def _group_of_bits(bits: int) -> str:
    """Four hexadecimal digits of which only so many bits at the front may be set; without zeros in front."""
    whole, rest = divmod(bits, 4)
    zeros = "0" * (4 - whole - bool(rest))
    if rest:
        last = {1: "[08]", 2: "[048c]", 3: "[02468ace]"}[rest]
        digits = f"[0-9a-f]{{0,{whole}}}{last}" if whole else last
    else:
        digits = f"[0-9a-f]{{1,{whole}}}"
    return f"(0|{digits}{zeros})" if zeros else digits


def _addresses() -> Iterator[tuple[str, Format]]:
    yield "ipv4", _exact(_IPV4)
    yield "ipv6", _narrowed(_IPV6, _NO_SCOPE)
    yield "ipvanyaddress", _narrowed(_any_of(_IPV4, _IPV6), _NO_SCOPE)
    one = "one spelling: with the length of the prefix"
    pairs = {
        "network": (_ipv4_network(), _ipv6_network()),
        "interface": (f"{_IPV4}/({integer_pattern(0, 32)})", f"{_IPV6}/({integer_pattern(0, 128)})"),
    }
    for kind, (ipv4, ipv6) in pairs.items():
        yield f"ipv4{kind}", _narrowed(ipv4, one)
        why = f"{one}{'; zeros left out at the end only' if kind == 'network' else ''}; {_NO_SCOPE}"
        yield f"ipv6{kind}", _narrowed(ipv6, why)
        yield f"ipvany{kind}", _narrowed(_any_of(ipv4, ipv6), why)


# --- host names and mail addresses: RFC 1123, section 2.1; RFC 5321, section 4.5.3; RFC 5890 --------

_LETTER_OR_DIGIT = "[0-9A-Za-z]"
_LETTERS_ABROAD = "À-ÖØ-öø-ľŁ-žά-ώа-яЀ-џ"
_IDEOGRAPHS = "ぁ-ゖァ-ヺ一-鿿가-힣"
_SPECIAL_USE = ("arpa", "invalid", "local", "localhost", "onion", "test")
"""Top-level names that email-validator refuses. Source: its `SPECIAL_USE_DOMAIN_NAMES`, 2.4."""


def _label(character: str, most: int) -> str:
    """A part of a host name; no two hyphens together: in third and fourth place they mean Punycode."""
    return f"{character}(-?{character}){{0,{most - 1}}}"


def _names(most: int) -> str:
    """Parts with single points or hyphens between their characters."""
    return f"{_LETTER_OR_DIGIT}([.-]?{_LETTER_OR_DIGIT}){{0,{most - 1}}}"


def _idn_hostname() -> str:
    """The same, in part of letters that take up to five characters each as Punycode."""
    abroad = f"[0-9a-z{_LETTERS_ABROAD}{_IDEOGRAPHS}]"
    label = f"({_label(_LETTER_OR_DIGIT, 21)}|{_label(abroad, 9)})"
    return rf"({label}\.){{0,3}}{label}"


def _local_part(character: str, most: int) -> str:
    """Words with single points between them, of at most `most` characters."""
    return rf"({character}{{1,{most}}}|{character}(\.?{character}){{0,{most // 2 - 1}}})"


def _email() -> Iterator[tuple[str, int]]:
    """The local part, the domain and the top-level name, each with its length.

    Each length is a state of an automaton. That of the whole would tell apart at each length of the domain
    whether what is there may be the top-level name, so the parts are written apart.
    """
    character = f"[{_ATEXT}-]"
    yield rf"{character}(\.?{character}){{0,31}}@", 33
    yield _names(32), 32
    yield rf"\.{_other_words(_SPECIAL_USE, 13)}", 14


_ATEXT = "!#$%&'*+/0-9=?A-Z^_`a-z{|}~"  # and the hyphen, last in a class
"""Source: RFC 5322, section 3.2.3."""


def _other_words(words: Collection[str], most: int) -> str:
    """Match the words of at most `most` letters, in either case, that are not among those given."""
    following = sorted({word[0] for word in words if word})
    others = f"[{_ranges({*ascii_lowercase} - {*following})}][A-Za-z]{{0,{most - 1}}}"
    return _any_of(others, *(_words_from(letter, words, most) for letter in following))


def _words_from(letter: str, words: Collection[str], most: int) -> str:
    rest = [word[1:] for word in words if word.startswith(letter)]
    return f"[{letter}{letter.upper()}]{_other_words(rest, most - 1)}{'' if '' in rest else '?'}"


def _ranges(letters: Collection[str]) -> str:
    """The letters in both cases, neighbours as ranges."""
    runs: list[str] = []
    for letter in sorted(letters):
        if runs and ord(letter) == ord(runs[-1][-1]) + 1:
            runs[-1] = f"{runs[-1][0]}-{letter}"
        else:
            runs.append(letter)
    return "".join(runs) + "".join(runs).upper()


def _hosts_and_mail() -> Iterator[tuple[str, Format]]:
    names, most = _names(63), 63
    why = f"at most {most} characters; no Punycode"
    yield "hostname", Format(names, exact=False, why=why, parts=((names, most),))
    yield (
        "idn-hostname",
        _narrowed(
            _idn_hostname(),
            "at most four parts of 21 letters and digits, or of 9 that may be European, Chinese, Japanese or "
            "Korean; no Punycode",
        ),
    )
    why = (
        "no quoted local part, no address literal, no Punycode; at most 32 characters before the sign, "
        "32 up to the top-level name, and 13 in that"
    )
    parts = tuple(_email())
    email = "".join(pattern for pattern, _ in parts)
    yield "email", Format(email, exact=False, why=why, parts=parts)
    idn = rf"{_local_part(f'[{_ATEXT}{_ABROAD}-]', 20)}@{_idn_hostname()}"
    yield "idn-email", _narrowed(idn, why + "; at most 20 characters before the sign")
    name = f"[0-9A-Za-z{_LETTERS_ABROAD}{_IDEOGRAPHS}.'-]+"
    yield "name-email", _narrowed(f"{name}( {name})* <{email}>", f"names without quotes; {why}")


# --- URIs: RFC 3986; IRIs: RFC 3987; templates: RFC 6570 -------------------------------------------

_ABROAD = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd"
_PRIVATE = "\ue000-\uf8ff"


class _Uri:
    """The rules of RFC 3986, appendix A, or with more characters those of RFC 3987, section 2.2."""

    def __init__(self, more: str = "", more_in_query: str = "") -> None:
        common = f"0-9A-Za-z._~!$&'()*+,;={more}-"
        self._characters = common
        self._segment = self._of(":@")
        self._query = rf"(\?{self._of(f':@/?{more_in_query}')}*)?(#{self._of(':@/?')}*)?"
        self._authority = self._authority_pattern()

    def _of(self, more: str) -> str:
        """One character, which may be escaped."""
        return f"([{more}{self._characters}]|%{_HEX}{{2}})"

    def _authority_pattern(self) -> str:
        literal = rf"\[({_IPV6}|[vV]{_HEX}+\.[0-9A-Za-z._~!$&'()*+,;=:-]+)\]"
        return f"({self._of(':')}*@)?({literal}|{self._of('')}*)(:[0-9]*)?"

    def absolute(self) -> str:
        rootless = f"{self._segment}+(/{self._segment}*)*"
        return f"[A-Za-z][0-9A-Za-z+.-]*:({self._hierarchy()}|{rootless})?{self._query}"

    def reference(self) -> str:
        without_colon = f"{self._of('@')}+(/{self._segment}*)*"
        return _any_of(self.absolute(), f"({self._hierarchy()}|{without_colon})?{self._query}")

    def _hierarchy(self) -> str:
        return f"//{self._authority}(/{self._segment}*)*|/({self._segment}+(/{self._segment}*)*)?"


def _uri_template() -> str:
    literal = f"[!#$&-;=?-Z\\[\\]_a-z~{_ABROAD}{_PRIVATE}]|%{_HEX}{{2}}"
    character = f"([0-9A-Za-z_]|%{_HEX}{{2}})"
    variable = rf"{character}(\.?{character})*(:[1-9][0-9]{{0,3}}|\*)?"
    return f"({literal}|\\{{[+#./;?&=,!@|]?{variable}(,{variable})*\\}})*"


def _uris() -> Iterator[tuple[str, Format]]:
    uri, iri = _Uri(), _Uri(_ABROAD, _PRIVATE)
    planes = "no characters beyond the first two planes of Unicode"
    yield "uri", _exact(uri.absolute())
    yield "uri-reference", _exact(uri.reference())
    yield "iri", _narrowed(iri.absolute(), planes)
    yield "iri-reference", _narrowed(iri.reference(), planes)
    yield "uri-template", _narrowed(_uri_template(), planes)


# --- pointers: RFC 6901; relative ones: draft-bhutton-relative-json-pointer-00 ----------------------

_POINTER = "(/([^/~]|~[01])*)*"


def _pointers() -> Iterator[tuple[str, Format]]:
    yield "json-pointer", _exact(_POINTER)
    yield "relative-json-pointer", _exact(f"(0|[1-9][0-9]*)(#|{_POINTER})")


# --- regular expressions: ECMA-262, section 22.2.1 --------------------------------------------------


def _regex() -> str:
    escape = r"\\[dDwWsSnrt\\^$.*+?()\[\]{}|/-]"
    member = rf"a-z|A-Z|0-9|[^\]\[\\^-]|{escape}"
    atom = rf"[^\\^$.*+?()\[\]{{}}|]|\.|{escape}|\[\^?({member})+\]"
    quantifier = r"([*+?]\??|\{([1-9][0-9]?,?|[01],[1-9][0-9]?)\}\??)?"
    inner = _terms(f"({atom}){quantifier}")
    groups = rf"\((\?:)?{inner}\){quantifier}"
    return _terms(f"({atom}){quantifier}|{groups}|[$^]")


def _terms(term: str) -> str:
    return rf"({term})*(\|({term})*)*"


# --- encodings: RFC 4648, sections 4 and 5; byte sizes ---------------------------------------------


def _base64(last_two: str) -> str:
    """Padded, with zero in the bits that padding leaves over."""
    one = f"[0-9A-Za-z{last_two}]"
    return f"({one}{{4}})*({one}[AQgw]==|{one}{{2}}[048AEIMQUYcgkosw]=)?"


def _others() -> Iterator[tuple[str, Format]]:
    why = "no lookaround, named groups or references, no groups within groups, some spellings of classes"
    yield "regex", _narrowed(_regex(), why)
    spelling = "one spelling: padded, nothing else within"
    yield "base64", _narrowed(_base64("+/"), spelling)
    yield "base64url", _narrowed(_base64("_-"), spelling)
    size = r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})? ?([kKMGTPE]i?)?B"
    yield "byte-size", _narrowed(size, "bytes rather than bits, in the usual case, at most 15 digits")


FORMATS: Mapping[str, Format] = MappingProxyType(
    dict(
        format_
        for group in (_moments, _durations, _uuids, _addresses, _hosts_and_mail, _uris, _pointers, _others)
        for format_ in group()
    )
)
"""What the grammar allows for each format, by name. A name that is not here is an annotation."""
