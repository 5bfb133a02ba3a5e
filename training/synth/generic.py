"""Domains made up on the spot: random fields under random keys, told as forms, tables or plain sentences.

They teach what no written domain can: to find an unknown key's value by the words of the key, or of
its description.
"""

from __future__ import annotations

from collections.abc import Callable

from . import values as k
from .domain import Domain, Field, Rows, spell
from .values import Kind, Values

_FACETS = """name title code number id key type kind class category group status state level grade rank score rating
size length width height depth weight volume area speed distance duration age count total amount price cost fee value
rate ratio share limit threshold target budget balance date day start end deadline time city place location address
country region owner author creator manager contact agent email phone website color material brand model version
language topic subject reason comment note description label tag source origin destination priority stage phase step
result outcome answer question team department project product item""".split()
_STATES = """open closed pending active inactive draft published archived approved rejected new used low medium high
urgent normal internal external public private daily weekly monthly yearly north south east west red green blue small
large raw final beta stable manual automatic free paid gold silver bronze full empty partial""".split()


def random_domain(v: Values) -> Domain:
    """A domain of two to nine random fields, with two templates of one manner."""
    fields: dict[str, Field | Rows] = {}
    labels: dict[str, str] = {}
    obscure = v.chance(0.08)
    for i in range(v.rng.randint(1, 9)):
        words = _words(v)
        if words in (label.lower() for label in labels.values()):
            continue
        name = f"field_{chr(97 + i)}"
        key = v.word(1, 2) if obscure else words.replace(" ", "_")
        notes = (words,) if obscure else (f"the {words}", f"{words} of the {v.pick(k.WORDS)}")
        fields[name] = Field((k.ascii_only(key) or "x",), v.rng.choice(_KINDS)(v), notes)
        labels[name] = _label(words, v)
    template = v.rng.choice(_MANNERS)(labels, v)
    if v.chance(0.25):
        row = _rows(v)
        fields["table"] = row
        template = f"{template}\n\n{row.keys[0].replace('_', ' ').capitalize()}:\n{{table}}"
    return Domain("generic", fields, (template, template))


def _words(v: Values) -> str:
    facet = v.word(1, 2) if v.chance(0.15) else v.pick(_FACETS)
    if v.chance(0.6):
        return f"{v.word(1, 2) if v.chance(0.25) else v.pick(k.WORDS)} {facet}"
    return facet


def _label(words: str, v: Values) -> str:
    return v.rng.choice(
        [words, words.capitalize(), words.title(), words.upper(), spell(words.replace(" ", "_"), "camel")]
    )


def _enum(v: Values) -> Kind:
    labels = {v.word(1, 2) if v.chance(0.2) else v.pick(_STATES) for _ in range(v.rng.randint(2, 6))}
    return k.choice(**{label: label for label in sorted(labels)})


_KINDS: list[Callable[[Values], Kind]] = [
    lambda v: k.PHRASE, lambda v: k.PHRASE, lambda v: k.WORD, lambda v: k.SENTENCE, lambda v: k.PERSON,
    lambda v: k.COMPANY, lambda v: k.CITY, lambda v: k.EMAIL, lambda v: k.PHONE, lambda v: k.URL, lambda v: k.STREET,
    lambda v: k.CURRENCY, lambda v: k.IPV4, lambda v: k.UUID if v.chance(0.3) else k.COUNTRY,
    lambda v: k.code("@@@-####", "##-##", "@#####", "***-***", "########", "??_###"),
    lambda v: k.integer(0, 20), lambda v: k.integer(-50, 500), lambda v: k.integer(1000, 2_000_000),
    lambda v: k.number(0, 10, 2), lambda v: k.number(-100, 5000, 3), lambda v: k.number(0, 900, 1, unit=v.rng.choice([" kg", " cm", " km", "°C", " ms", " GB"])),
    lambda v: k.money(), lambda v: k.percent(), lambda v: k.date(), lambda v: k.date(), lambda v: k.time(), lambda v: k.datetime(),
    lambda v: k.flag("yes|true|on|enabled", "no|false|off|disabled"), _enum, _enum,
]  # fmt: skip


def _rows(v: Values) -> Rows:
    names = list(dict.fromkeys(v.pick(_FACETS) for _ in range(v.rng.randint(1, 4))))
    fields = {name: Field((name,), v.rng.choice(_KINDS)(v)) for name in names}
    mark = v.rng.choice([" | ", ", ", "; ", " - ", "\t"])
    named = ", ".join(f"{name}: {{{name}}}" for name in names)
    row = v.rng.choice([mark.join(f"{{{name}}}" for name in names), named, named])
    return Rows((f"{v.pick(k.WORDS)}s",), (row,), fields, (1, 4), ("newline", "bullet", "number"))


def _form(labels: dict[str, str], v: Values) -> str:
    mark = v.rng.choice([": ", ": ", ": ", " = ", " - ", "\t", ":\n", " | "])
    lead = v.rng.choice(["", "", "- ", "* "])
    return v.rng.choice(["\n", "\n", "\n\n", "; "]).join(
        f"{lead}{label}{mark}{{{name}}}" for name, label in labels.items()
    )


def _prose(labels: dict[str, str], v: Values) -> str:
    thing = v.pick(k.WORDS)
    styles = ["The {l} is {s}.", "Its {l} is {s}.", "We recorded {s} as the {l}.", "{s} is the {l}.", "For the {l}, they gave {s}.",
              "The {t}'s {l} was {s}.", "They set the {l} to {s}.", "It has {l} {s}.", "As for the {l}: {s}."]  # fmt: skip
    if v.chance(0.5):
        styles = [v.rng.choice(styles)]
    return " ".join(
        v.rng.choice(styles).replace("{l}", label.lower()).replace("{s}", f"{{{name}}}").replace("{t}", thing)
        for name, label in labels.items()
    )


def _table(labels: dict[str, str], v: Values) -> str:
    mark = v.rng.choice([" | ", "\t", ";", ", "])
    return mark.join(labels.values()) + "\n" + mark.join(f"{{{name}}}" for name in labels)


def _markup(labels: dict[str, str], v: Values) -> str:
    if v.chance(0.5):
        return "\n".join(f'"{label}": "{{{name}}}",' for name, label in labels.items())
    tags = {name: label.replace(" ", "_") for name, label in labels.items()}
    return "\n".join(f"<{tag}>{{{name}}}</{tag}>" for name, tag in tags.items())


_MANNERS = [_form, _form, _form, _prose, _prose, _prose, _table, _markup]
