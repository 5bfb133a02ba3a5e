"""Draw values with the text that mentions them: names, dates, amounts, codes.

Every kind yields a `Surface`: what the answer holds and how the text says it. Most words are
invented on the spot, because a model that can only copy what it has seen is of no use; the others
come from lists, of which every tenth entry is kept from training (`Values.pick`).
"""

from __future__ import annotations

import datetime as dt
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


class Literal(str):
    """JSON text that goes into an answer as it stands, such as the number 149.90."""


@dataclass(frozen=True)
class Surface:
    """A value as the answer holds it (`json`) and as the text says it (`text`)."""

    json: Any
    text: str


@dataclass(frozen=True)
class Form:
    """One way in which a schema may ask for a kind of value."""

    schema: Schema
    convert: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class Kind:
    """A kind of value: how it is drawn, and the schemas (with weights by repetition) that ask for it."""

    draw: Callable[[Values], Surface]
    forms: tuple[Form, ...] = (Form({"type": "string"}),)


class Values:
    """Source of randomness; `held_out` draws the values that training never sees."""

    def __init__(self, rng: random.Random, *, held_out: bool = False) -> None:
        self.rng = rng
        self.held_out = held_out

    def pick(self, options: Sequence[str]) -> str:
        """An entry of this split: every tenth (by checksum) is held out from training."""
        for _ in range(60):
            option = self.rng.choice(options)
            if (zlib.crc32(option.encode()) % 10 == 0) is self.held_out:
                return option
        return option

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def word(self, low: int = 1, high: int = 3) -> str:
        """An invented word of `low` to `high` syllables, in lower case."""
        onsets, nuclei, codas = _HELD_OUT_SOUNDS if self.held_out else _SOUNDS
        rng = self.rng
        return "".join(
            rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas) for _ in range(rng.randint(low, high))
        )

    def name(self, options: Sequence[str], invented: float = 0.5) -> str:
        """A capitalised name: invented, or from `options`."""
        if self.chance(invented):
            return self.word(1, 3).capitalize()
        return self.pick(options)


_SOUNDS = (
    ["", "b", "br", "c", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s",
     "sh", "st", "t", "tr", "v", "w", "z", "bl", "ch", "cl", "fl", "pr", "sk", "th"],
    ["a", "e", "i", "o", "u", "ai", "ea", "ou", "y", "ee", "oo", "ia", "é", "ö", "ü", "ar", "er", "or"],
    ["", "", "", "n", "r", "s", "l", "m", "t", "nd", "ck", "x", "ng", "rt", "lo", "na", "ski", "son"],
)  # fmt: skip
_HELD_OUT_SOUNDS = (
    ["", "d", "fr", "gl", "j", "kn", "l", "m", "n", "pl", "r", "sl", "t", "tw", "v", "wh", "y", "z", "sp", "cr"],
    ["a", "e", "i", "o", "u", "ae", "oa", "ui", "eu", "ä", "á", "ir", "un", "el"],
    ["", "", "p", "d", "k", "b", "rn", "st", "lt", "ve", "mi", "ko", "ton", "z"],
)  # fmt: skip


# --- strings -------------------------------------------------------------------------------------


def text(draw: Callable[[Values], str], *schemas: Schema) -> Kind:
    """A string that the answer copies as it stands."""

    def surface(v: Values) -> Surface:
        drawn = draw(v)
        return Surface(drawn, drawn)

    plain = (Form({"type": "string"}),) * 4
    limited = (Form({"type": "string", "minLength": 1}), Form({"type": "string", "maxLength": 200}))
    extra = tuple(Form({"type": "string", **schema}) for schema in schemas)
    return Kind(surface, plain + limited + extra * 3)


def options(*entries: str) -> Kind:
    """A string from a list, copied as it stands; one in four is invented in its place."""

    def draw(v: Values) -> str:
        return v.word(2, 3) if v.chance(0.25) else v.pick(entries)

    return text(draw)


def code(*patterns: str) -> Kind:
    """An identifier such as ``INV-####``: ``#`` a digit, ``@`` a capital, ``?`` a lower-case letter, ``*`` either of letter and digit."""

    def draw(v: Values) -> str:
        return _fill(v, v.rng.choice(patterns))

    either = "|".join(map(_regex, patterns))
    return text(
        draw,
        *(
            [{"pattern": f"^({either})$" if len(patterns) > 1 else f"^{either}$"}]
            if len(patterns) < 4
            else []
        ),
    )


_CLASSES = {
    "#": ("0123456789", "[0-9]"),
    "@": ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "[A-Z]"),
    "?": ("abcdefghijklmnopqrstuvwxyz", "[a-z]"),
    "*": ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "[A-Z0-9]"),
}


def _fill(v: Values, pattern: str) -> str:
    return "".join(v.rng.choice(_CLASSES[c][0]) if c in _CLASSES else c for c in pattern)


def _regex(pattern: str) -> str:
    parts: list[tuple[str, int]] = []
    for c in pattern:
        part = _CLASSES[c][1] if c in _CLASSES else ("\\" + c if c in ".+()$^|[]{}" else c)
        if parts and parts[-1][0] == part and c in _CLASSES:
            parts[-1] = (part, parts[-1][1] + 1)
        else:
            parts.append((part, 1))
    return "".join(part if n == 1 else f"{part}{{{n}}}" for part, n in parts)


FIRST_NAMES = """Ada Grace Alan Maria Anna Peter Lucas Emma Noah Olivia Liam Sophia Mateo Chen Wei Yuki Haruto
Priya Arjun Fatima Omar Leila Amina Kofi Ngozi Ivan Olga Sven Ingrid Lars Freya Marco Giulia Pierre Camille Hans
Greta Jan Eva Pablo Lucia Diego Carmen Joao Ana Rosa Tom Sarah James Laura David Julia Robert Emily Michael Hannah
Daniel Nora Samuel Clara Victor Alice Henry Zoe Felix Mia Oscar Ruth Simon Irene Paul Helen Mark Karen Steven Linda
Kevin Donna Brian Carol Jason Betty Eric Amy Ryan Megan Adam Claire Nadia Tariq Mei Jun Aisha Youssef Bilal Dana
Elena Boris Katya Nikolai Sanjay Deepa Rohan Meera Thandi Sipho Tane Moana Aroha Kai Leo Maya Ines Hugo""".split()
LAST_NAMES = """Lovelace Hopper Turing Smith Johnson Garcia Müller Schmidt Rossi Tanaka Sato Kim Park Nguyen Patel Singh
Khan Ali Hassan Okafor Mensah Ivanov Petrov Larsen Nielsen Andersson Dubois Moreau Silva Santos Fernandez Lopez Brown
Wilson Taylor Clark Lewis Walker Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Perez Roberts Turner
Phillips Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Bell Bailey Cooper Reed Ward Cox
Kowalski Novak Horvath Popescu Papadopoulos Yilmaz Demir Cohen Levi Weber Fischer Becker Wagner Huber Keller Meyer
O'Brien MacDonald Fitzgerald""".split()
CITIES = """Berlin Paris London Madrid Rome Vienna Prague Warsaw Lisbon Dublin Oslo Stockholm Helsinki Copenhagen
Amsterdam Brussels Zurich Geneva Munich Hamburg Cologne Milan Turin Naples Barcelona Seville Valencia Porto Lyon
Marseille Toulouse Bristol Leeds Glasgow Boston Chicago Seattle Denver Austin Dallas Houston Miami Atlanta Portland
Toronto Montreal Vancouver Sydney Melbourne Auckland Tokyo Osaka Kyoto Seoul Beijing Shanghai Shenzhen Singapore Mumbai
Delhi Chennai Lagos Nairobi Cairo Accra Lima Bogota Santiago Quito Recife Kraków Gdańsk Tampere Aarhus Graz Basel
Utrecht Ghent Leipzig Dresden""".split()
COUNTRIES = """Germany France Spain Italy Austria Poland Portugal Ireland Norway Sweden Finland Denmark Netherlands
Belgium Switzerland Canada Australia Japan China India Brazil Chile Peru Mexico Kenya Ghana Nigeria Egypt Turkey
Greece Hungary Romania Vietnam Thailand Indonesia""".split()
COMPANY_ENDS = ["Ltd", "Inc.", "GmbH", "LLC", "AG", "Corp.", "Group", "Systems", "Labs", "& Sons", "Partners",
                "Foods", "Logistics", "Software", "Media", "Energy", "Bank", "Studio", "Industries", "Consulting",
                "Supplies", "Trading", "Design", "Motors", "Health"]  # fmt: skip
WORDS = """apple river stone cloud forest window bridge garden market station harbor mountain valley ocean lantern
carpet ladder mirror bottle pencil jacket camera engine wheel basket blanket candle copper silver marble velvet cotton
paper glass steel wooden digital portable wireless electric heavy light small large green blue red black white yellow
orange purple quick silent bright modern classic premium basic standard deluxe compact smart solar manual automatic
printer monitor keyboard headset router cable charger battery speaker tablet laptop phone desk chair lamp shelf
cabinet drawer sofa table mattress pillow towel kettle toaster blender oven fridge freezer heater fan filter pump
valve pipe hammer drill saw wrench screw bolt nut nail brush paint glue tape rope chain lock key door gate fence roof
floor wall tile brick cement sand gravel timber coffee tea sugar flour butter cheese bread rice pasta salad soup juice
water wine beer honey jam nuts olive tomato onion garlic potato carrot pepper lemon banana grape melon berry peach plum
cherry report meeting project budget review update release migration backup server database network firewall login
password account invoice payment refund order delivery shipment warehouse customer supplier contract license training
workshop conference lecture seminar exam course lesson chapter article journal novel poem song album concert festival
museum gallery theatre cinema stadium library hospital clinic pharmacy bakery hotel hostel airport train ferry bicycle
ticket passport visa luggage journey holiday picnic dinner lunch breakfast party wedding birthday""".split()
ADJECTIVES = """quick silent bright modern classic premium basic standard deluxe compact smart solar manual wooden
digital portable wireless electric heavy light small large green blue red black white yellow soft cold warm fresh dry
""".split()


def _full_name(v: Values) -> str:
    name = f"{v.name(FIRST_NAMES, 0.4)} {v.name(LAST_NAMES)}"
    return f"{name}-{v.name(LAST_NAMES)}" if v.chance(0.04) else name


def _company(v: Values) -> str:
    stem = v.name([w.capitalize() for w in WORDS], 0.6)
    if v.chance(0.3):
        stem += " " + v.name([w.capitalize() for w in WORDS], 0.4)
    return f"{stem} {v.rng.choice(COMPANY_ENDS)}" if v.chance(0.8) else stem


def _phrase(v: Values) -> str:
    noun = v.word(1, 2) if v.chance(0.35) else v.pick(WORDS)
    parts = [noun]
    if v.chance(0.6):
        parts.insert(0, v.word(1, 2) if v.chance(0.2) else v.pick(ADJECTIVES))
    if v.chance(0.2):
        parts.append(v.pick(WORDS))
    phrase = " ".join(parts)
    return phrase.capitalize() if v.chance(0.4) else phrase


def _street(v: Values) -> str:
    street = v.name([w.capitalize() for w in WORDS])
    style = v.rng.choice(
        ["{n} {s} Street", "{n} {s} Road", "{n} {s} Avenue", "{s}straße {n}", "{n} {s} Lane", "{n} Rue {s}"]
    )
    return style.format(n=v.rng.randint(1, 260), s=street)


def _email(v: Values) -> str:
    first = v.name(FIRST_NAMES).lower()
    last = v.name(LAST_NAMES).lower().replace("'", "")
    user = v.rng.choice(
        [f"{first}.{last}", first, f"{first[0]}{last}", f"{first}_{last}", f"{first}{v.rng.randint(1, 99)}"]
    )
    host = f"{v.word(1, 3)}.{v.rng.choice(['com', 'org', 'net', 'io', 'de', 'co.uk', 'fr', 'example'])}"
    return ascii_only(f"{user}@{host}")


def ascii_only(value: str) -> str:
    """Write without accents and other letters beyond ASCII."""
    return value.translate(str.maketrans("éöüäáåøñçłńóí", "eouaaaoncInoi")).encode("ascii", "ignore").decode()


def _phone(v: Values) -> str:
    return _fill(
        v,
        v.rng.choice(
            [
                "+1 ### ### ####",
                "+44 20 #### ####",
                "+49 30 #######",
                "###-####",
                "(###) ###-####",
                "0## ### ## ##",
                "+33 # ## ## ## ##",
            ]
        ),
    )


def _url(v: Values) -> str:
    path = v.rng.choice(["", "/" + v.word(), f"/{v.word()}/{v.rng.randint(1, 999)}", f"/{v.word()}.html"])
    return ascii_only(
        f"https://{v.rng.choice(['www.', '', 'docs.'])}{v.word(1, 3)}.{v.rng.choice(['com', 'org', 'io', 'net'])}{path}"
    )


def _sentence(v: Values) -> str:
    n = v.rng.randint(3, 9)
    words = [v.word() if v.chance(0.15) else v.pick(WORDS) for _ in range(n)]
    return " ".join(words).capitalize() + v.rng.choice([".", "", "!"])


PERSON = text(_full_name)
FIRST_NAME = text(lambda v: v.name(FIRST_NAMES, 0.4))
LAST_NAME = text(lambda v: v.name(LAST_NAMES))
CITY = text(lambda v: v.name(CITIES, 0.3))
COUNTRY = text(lambda v: v.pick(COUNTRIES))
COMPANY = text(_company)
PHRASE = text(_phrase)  # an article, a subject, a topic: one to three words
WORD = text(lambda v: v.word(1, 3))
SENTENCE = text(_sentence)  # free words; no meaning
STREET = text(_street)
POSTCODE = code("#####", "####", "@@# #@@", "#### @@")
EMAIL = text(_email, {"format": "email"})
PHONE = text(_phone)
URL = text(_url, {"format": "uri"})
UUID = text(
    lambda v: "-".join("".join(v.rng.choice("0123456789abcdef") for _ in range(n)) for n in (8, 4, 4, 4, 12)),
    {"format": "uuid"},
)
IPV4 = text(lambda v: ".".join(str(v.rng.randint(0, 255)) for _ in range(4)))
CURRENCY = text(lambda v: v.rng.choice(["EUR", "USD", "GBP", "CHF", "JPY", "SEK", "INR", "AUD"]))

# --- numbers -------------------------------------------------------------------------------------

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()


def integer(low: int, high: int, *, words: float = 0.25, grouped: bool = True) -> Kind:
    """A whole number; small ones are at times written as words, large ones with separators."""

    def surface(v: Values) -> Surface:
        value = v.rng.randint(low, high)
        if 0 <= value <= 12 and v.chance(words):
            return Surface(value, _SMALL[value])
        if grouped and abs(value) >= 1000 and v.chance(0.3):
            return Surface(value, f"{value:,}")
        return Surface(value, str(value))

    return Kind(
        surface,
        (
            *(Form({"type": "integer"}),) * 4,
            Form({"type": "integer", "minimum": min(low, 0)}),
            Form({"type": "integer", "minimum": low, "maximum": high}),
            *([Form({"type": "integer", "exclusiveMinimum": 0})] if low > 0 else []),
        ),
    )


def number(low: float, high: float, decimals: int = 1, *, unit: str = "") -> Kind:
    """A number with up to `decimals` decimals, in the text at times followed by `unit`."""

    def surface(v: Values) -> Surface:
        digits = f"{v.rng.uniform(low, high):.{v.rng.randint(0, decimals)}f}"
        digits = "0" if digits == "-0" else digits
        return Surface(Literal(digits), digits + (unit if unit and v.chance(0.8) else ""))

    return Kind(
        surface,
        (
            *(Form({"type": "number"}),) * 4,
            Form({"type": "number", "minimum": min(low, 0)}),
            Form({"type": "number", "minimum": low, "maximum": high}),
        ),
    )


def money(low: int = 1, high: int = 9000) -> Kind:
    """An amount of money; the text writes a currency sign or code about it, or nothing."""

    def surface(v: Values) -> Surface:
        top = high if v.chance(0.5) else min(high, low + 100)
        cents = v.rng.choice([0, 0, 50, 99, 95, v.rng.randint(0, 99)])
        whole = v.rng.randint(low, top)
        digits = f"{whole}.{cents:02d}" if cents or v.chance(0.6) else str(whole)
        shown = f"{whole:,}" + digits[len(str(whole)) :] if whole >= 1000 and v.chance(0.4) else digits
        style = v.rng.choice(
            ["${}", "€{}", "£{}", "{} EUR", "{} USD", "EUR {}", "{}", "{}", "{} euros", "{} €", "USD {}"]
        )
        return Surface(digits, style.format(shown))

    return Kind(
        surface,
        (
            *(Form({"type": "number"}, Literal),) * 4,
            Form({"type": "number", "minimum": 0}, Literal),
            *(Form({"type": "string", "format": "decimal"}),) * 3,
            Form({"type": "string", "format": "decimal", "minimum": 0}),
            Form({"type": "string", "format": "decimal", "pattern": r"^\d+(\.\d{1,2})?$"}),
        ),
    )


def percent() -> Kind:
    """A percentage, as the number before the sign."""

    def surface(v: Values) -> Surface:
        digits = f"{v.rng.uniform(0, 100):.{v.rng.choice([0, 0, 1])}f}"
        return Surface(Literal(digits), digits + v.rng.choice(["%", " %", " percent"]))

    return Kind(surface, (Form({"type": "number"}), Form({"type": "number", "minimum": 0, "maximum": 100})))


# --- times ---------------------------------------------------------------------------------------

_DATE_STYLES = (
    "%Y-%m-%d", "%Y-%m-%d", "%-d %B %Y", "%B %-d, %Y", "%b %-d, %Y", "%-d %b %Y", "%d.%m.%Y", "%Y/%m/%d",
    "%A, %-d %B %Y", "%-d. %B %Y", "%d %B %Y",
)  # fmt: skip


def _date(v: Values) -> dt.date:
    return dt.date(1990, 1, 1) + dt.timedelta(days=v.rng.randint(0, 365 * 45))


def date() -> Kind:
    """A calendar date; the answer is ISO 8601, the text any of eleven styles."""

    def surface(v: Values) -> Surface:
        day = _date(v)
        return Surface(day.isoformat(), day.strftime(v.rng.choice(_DATE_STYLES)))

    return Kind(
        surface,
        (
            *(Form({"type": "string", "format": "date"}),) * 5,
            Form({"type": "string", "description": "as YYYY-MM-DD"}),
        ),
    )


def time() -> Kind:
    """A time of day; the answer is HH:MM:SS, the text HH:MM or a 12-hour clock."""

    def surface(v: Values) -> Surface:
        hour, minute = v.rng.randint(0, 23), v.rng.choice([0, 15, 30, 45, v.rng.randint(0, 59)])
        twelve = f"{hour % 12 or 12}:{minute:02d} {'am' if hour < 12 else 'pm'}"
        shown = v.rng.choice([f"{hour:02d}:{minute:02d}"] * 3 + [twelve])
        return Surface(f"{hour:02d}:{minute:02d}:00", shown)

    return Kind(
        surface,
        (
            Form({"type": "string", "format": "time"}),
            Form({"type": "string", "format": "time"}),
            Form({"type": "string"}, lambda t: t[:5]),
        ),
    )


def datetime() -> Kind:
    """A moment; the answer is ISO 8601 without a zone."""

    def surface(v: Values) -> Surface:
        day, hour, minute = (
            _date(v),
            v.rng.randint(0, 23),
            v.rng.choice([0, 15, 30, 45, v.rng.randint(0, 59)]),
        )
        clock = f"{hour:02d}:{minute:02d}"
        style = v.rng.choice(["{iso}T{clock}:00", "{day} at {clock}", "{iso} {clock}", "{day}, {clock}"])
        shown = style.format(iso=day.isoformat(), clock=clock, day=day.strftime(v.rng.choice(_DATE_STYLES)))
        return Surface(f"{day.isoformat()}T{clock}:00", shown)

    return Kind(surface, (Form({"type": "string", "format": "date-time"}),))


# --- choices -------------------------------------------------------------------------------------


def choice(**meanings: str) -> Kind:
    """A label that the text expresses by a phrase: ``choice(high="urgent|as soon as possible", ...)``.

    The schema is an enum of the labels, of which it may leave out some that are not the answer;
    `Choice.labels_for` draws it. An underscore in a label stands for a space or itself.
    """
    phrases = {label: tuple(p.strip() for p in said.split("|")) for label, said in meanings.items()}
    labels = tuple(phrases)

    def surface(v: Values) -> Surface:
        label = v.rng.choice(labels)
        return Surface(label, v.rng.choice(phrases[label]))

    return Kind(surface, (Form({"enum": list(labels), "type": "string"}),))


def flag(yes: str, no: str) -> Kind:
    """A boolean that the text expresses by one of the phrases in `yes` or `no` (separated by ``|``)."""
    said = {True: yes.split("|"), False: no.split("|")}

    def surface(v: Values) -> Surface:
        value = v.chance(0.5)
        return Surface(value, v.rng.choice(said[value]).strip())

    return Kind(surface, (Form({"type": "boolean"}),))
