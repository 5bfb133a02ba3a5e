"""Training examples as the library would send them: instruction and sketch, prompt, compact JSON.

Four splits: `train`; `values` (known schemas and wordings, unseen values); `templates` (unseen
wordings too); `schemas` (subjects that training never saw, with unseen values).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qwen_structured._sketch import instruction

from . import domains, generic
from .domain import Domain, Field, Rows, Sample, dumps, expand, join, sample
from .values import FIRST_NAMES, LAST_NAMES, PERSON, PHRASE, WORDS, Values, ascii_only, integer, money, number

HELD_OUT_DOMAINS = frozenset(
    {"hotel_booking", "real_estate", "movie", "incident", "athlete_result", "recipe"}
)
"""Subjects of which training sees nothing."""

_TASKS = """Extract the data.|Extract the information from this text.|Fill in the form.|Read the text and answer.|\
Turn this into JSON.|Parse this:|What does it say?|Get the fields out of the message below.|Structure the following:|\
Please extract the details.|Give me the structured record.|Summarise the text as data.""".split("|")
_SYSTEMS = """You are a helpful assistant.|You extract data from documents.|Be exact. Copy names as they are written.|\
You work for the back office.|Never guess: use null where the text says nothing.|Today is Monday.""".split(
    "|"
)
_ABOUT = """A record.|What the text says.|The data of the message.|An entry of the register.|One item, as it is described.|\
What the sender tells us.|The facts, as far as they are known.""".split("|")


@dataclass(frozen=True)
class Example:
    """One conversation: system and user message, the answer, and what it was made from."""

    system: str
    user: str
    answer: str
    schema: Mapping[str, Any]
    kind: str


@dataclass(frozen=True)
class _Source:
    """What one split draws from."""

    v: Values
    known: Mapping[str, Domain]
    held_out_templates: bool
    generic: bool
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.known))

    def domain(self) -> Domain:
        """A domain; those of source code are many and alike, so each of them comes a third as often."""
        name = self.v.rng.choice(self.names)
        while name.startswith(("function_", "class_", "sql_")) and self.v.chance(2 / 3):
            name = self.v.rng.choice(self.names)
        return self.known[name]

    def draw(self, domain: Domain | None = None) -> Sample:
        return sample(domain or self.domain(), self.v, held_out_templates=self.held_out_templates)


def examples(seed: int, *, split: str = "train") -> Iterator[Example]:
    """An endless stream of examples, the same for the same seed and split."""
    every = domains.load()
    chosen = {
        name: domain for name, domain in every.items() if (name in HELD_OUT_DOMAINS) is (split == "schemas")
    }
    source = _Source(
        Values(random.Random(f"{split}-{seed}"), held_out=split != "train"),
        chosen,
        held_out_templates=split == "templates",
        generic=split in ("train", "values"),
    )
    kinds = _KINDS if source.generic else {name: kind for name, kind in _KINDS.items() if name != "generic"}
    names, weights = list(kinds), [weight for _, weight in kinds.values()]
    while True:
        kind = source.v.rng.choices(names, weights)[0]
        drawn = kinds[kind][0](source)
        if drawn is not None:
            yield _converse(drawn, kind, source.v)


def _plain(source: _Source) -> Sample:
    return source.draw()


def _generic(source: _Source) -> Sample:
    return source.draw(generic.random_domain(source.v))


def _union(source: _Source) -> Sample:
    """One of several record types, told apart by a constant tag."""
    v = source.v
    tag = v.rng.choice(["type", "kind", "type", "event", "category"])
    picked = v.rng.sample(source.names, min(v.rng.choice([2, 2, 3]), len(source.names)))
    samples = [(name, source.draw(source.known[name])) for name in picked]
    name, chosen = samples[0]
    branches = [_tagged(tag, other, drawn.schema) for other, drawn in samples]
    v.rng.shuffle(branches)
    answer = {tag: name, **{key: value for key, value in chosen.answer.items() if key != tag}}
    return Sample({"anyOf": branches}, chosen.text, answer, chosen.tasks)


def _tagged(tag: str, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in schema["properties"].items() if key != tag}
    required = [key for key in schema["required"] if key != tag]
    return {"type": "object", "properties": {tag: {"const": name}, **rest}, "required": [tag, *required]}


def _records(source: _Source) -> Sample | None:
    """Several short records of one subject, as a list at the root or under one key."""
    v, domain = source.v, source.domain()
    fields = _flat_fields(domain)
    template = expand(v.rng.choice(domain.split(source.held_out_templates)), v)
    if (
        len(template) > 260
        or "\n\n" in template
        or any("{" + name + "}" in template for name, spec in domain.fields.items() if isinstance(spec, Rows))
    ):
        return None
    key = f"{domain.name.split('_')[-1]}s"
    listed = Domain(
        domain.name,
        {
            "records": Rows(
                (key, "records", "items", "entries"),
                (template.replace("\n", ", "),),
                fields,
                (1, 4),
                ("newline", "bullet", "number"),
            )
        },
        ("{records}", "{records}"),
        (f"List all {key.replace('_', ' ')}.", f"Extract every {domain.name.replace('_', ' ')}."),
    )
    drawn = sample(listed, v)
    if not drawn.answer:
        return None
    return _unwrap(drawn) if v.chance(0.6) else drawn


_PAIRS = (("billing", "shipping"), ("sender", "recipient"), ("old", "new"), ("before", "after"), ("first", "second"),
          ("home", "work"), ("left", "right"), ("source", "target"), ("morning", "evening"), ("buyer", "seller"))  # fmt: skip


def _pair(source: _Source) -> Sample | None:
    """Two records of one type under keys of their own; the sketch then names the type."""
    v = source.v
    drawn = _records(source)
    records = drawn.answer if drawn else None
    if drawn is None or not isinstance(records, list) or len(records) < 2 or not isinstance(records[0], dict):
        return None
    texts = drawn.text.split("\n")
    if len(texts) != len(records):
        return None
    name = v.rng.choice(
        ["Entry", "Record", "Item", "Part", "Address", "Person", ascii_only(v.word(2, 2)).capitalize()]
    )
    keys = v.rng.choice(_PAIRS)
    mark = v.rng.choice([": ", ":\n", " - "])
    text = v.rng.choice(["\n", "\n\n"]).join(
        f"{key.capitalize()}{mark}{text}" for key, text in zip(keys, texts, strict=False)
    )
    schema = {
        "$defs": {name: drawn.schema["items"]},
        "type": "object",
        "properties": {key: {"$ref": f"#/$defs/{name}"} for key in keys},
        "required": list(keys),
    }
    return Sample(schema, text, dict(zip(keys, records, strict=False)))


def _count(source: _Source) -> Sample:
    """How many there are of one thing among others."""
    v = source.v
    things = [f"{v.word(1, 2) if v.chance(0.3) else v.pick(WORDS)}s" for _ in range(v.rng.randint(1, 4))]
    counts = [integer(0, v.rng.choice([12, 100, 5000])).draw(v) for _ in things]
    listed = join(
        [f"{count.text} {thing}" for count, thing in zip(counts, things, strict=True)],
        v.rng.choice(["and", "comma", "bullet"]),
        v,
    )
    who = v.name(FIRST_NAMES)
    text = v.rng.choice(
        [
            f"{who} has {listed}.",
            f"We bought {listed}.",
            f"In the box: {listed}",
            f"There are {listed} in the {v.pick(WORDS)}.",
            f"{who} ordered {listed} on Monday.",
        ]
    )
    chosen = v.rng.randrange(len(things))
    thing = things[chosen]
    asks = (
        f"How many {thing}?",
        f"How many {thing} are there?",
        f"Count the {thing}.",
        f"Number of {thing}?",
        f"How many {thing} does it say?",
    )
    schema = v.rng.choice([{"type": "integer"}, {"type": "integer", "minimum": 0}])
    return Sample(schema, text, counts[chosen].json, asks, {"ask": True})


def _mapping(source: _Source) -> Sample:
    """Names and their values, as an object whose keys are the names."""
    v = source.v
    kind = v.rng.choice([integer(0, 500), number(0, 100, 2), money(), PHRASE, PERSON])
    form = v.rng.choice(kind.forms[:1] if kind is PHRASE or kind is PERSON else kind.forms)
    names = list(
        dict.fromkeys(
            v.name(FIRST_NAMES) if v.chance(0.5) else v.pick(WORDS) for _ in range(v.rng.randint(1, 5))
        )
    )
    drawn = [kind.draw(v) for _ in names]
    mark = v.rng.choice([": ", " = ", " - ", " "])
    text = join(
        [f"{name}{mark}{value.text}" for name, value in zip(names, drawn, strict=True)],
        v.rng.choice(["newline", "semicolon", "bullet", "number"]),
        v,
    )
    key = v.pick(WORDS) + "s"
    answer: Any = {name: form.convert(value.json) for name, value in zip(names, drawn, strict=True)}
    schema: dict[str, Any] = {"type": "object", "additionalProperties": dict(form.schema)}
    if v.chance(0.5):
        answer, schema = {key: answer}, {"type": "object", "properties": {key: schema}, "required": [key]}
    return Sample(schema, f"{key.capitalize()}:\n{text}" if v.chance(0.5) else text, answer)


def _flat_fields(domain: Domain) -> dict[str, Field]:
    flat = {name: spec for name, spec in domain.fields.items() if isinstance(spec, Field)}
    for name, spec in domain.fields.items():
        if not isinstance(spec, Field | Rows):
            for inner, inner_spec in spec.fields.items():
                keys = tuple(f"{spec.keys[0]}_{key}" for key in inner_spec.keys)
                flat[f"{name}.{inner}"] = Field(keys, inner_spec.kind, inner_spec.notes)
    return flat


def _unwrap(drawn: Sample) -> Sample:
    (schema,) = drawn.schema["properties"].values()
    (answer,) = drawn.answer.values()
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    return Sample(schema, drawn.text, answer, drawn.tasks)


def _single(source: _Source) -> Sample | None:
    """One value, a label or a list at the root: the prompt says which."""
    drawn = (
        source.draw(generic.random_domain(source.v))
        if source.generic and source.v.chance(0.3)
        else source.draw()
    )
    scalars = [
        key for key, answer in drawn.answer.items() if not isinstance(answer, dict) and answer is not None
    ]
    if not scalars:
        return None
    labels = [key for key in scalars if "enum" in drawn.schema["properties"][key]]
    key = source.v.rng.choice(labels if labels and source.v.chance(0.4) else scalars)
    schema = drawn.schema["properties"][key]
    name = key.replace("_", " ")
    asks = (
        f"What is the {name}?",
        f"Give the {name}.",
        f"{name.capitalize()}?",
        f"Find the {name}.",
        f"Extract the {name}.",
    )
    labelled = "enum" in schema and source.v.chance(0.3)  # a bare text, to be classified
    return Sample(
        schema, drawn.text, drawn.answer[key], () if labelled else asks, {} if labelled else {"ask": True}
    )


def _nested(source: _Source) -> Sample:
    """A record inside another object, as APIs wrap them."""
    drawn = source.draw()
    key = source.v.rng.choice(["data", "result", "record", "document", "payload"])
    schema = {"type": "object", "properties": {key: drawn.schema}, "required": [key]}
    return Sample(schema, drawn.text, {key: drawn.answer}, drawn.tasks)


_KINDS: dict[str, tuple[Callable[[_Source], Sample | None], int]] = {
    "plain": (_plain, 52),
    "generic": (_generic, 28),
    "union": (_union, 7),
    "records": (_records, 12),
    "single": (_single, 9),
    "nested": (_nested, 2),
    "pair": (_pair, 3),
    "count": (_count, 2),
    "mapping": (_mapping, 2),
}


def _converse(drawn: Sample, kind: str, v: Values) -> Example:
    user = _prompt(drawn, v)
    if v.chance(0.03):
        user += "\n\n" + _complaint(drawn, v)
    schema = {**drawn.schema, "description": v.rng.choice(_ABOUT)} if v.chance(0.12) else drawn.schema
    system = instruction(schema)
    if v.chance(0.1):
        system = f"{v.rng.choice(_SYSTEMS)}\n\n{system}"
    return Example(system, user, dumps(drawn.answer), schema, kind)


def _prompt(drawn: Sample, v: Values) -> str:
    text = _framed(drawn.text, v) if v.chance(0.25) else drawn.text
    if not drawn.labels and v.chance(0.35):
        return text
    task = (
        v.rng.choice(drawn.tasks) if drawn.tasks and (drawn.labels or v.chance(0.5)) else v.rng.choice(_TASKS)
    )
    if v.chance(0.2):
        return f"{text}\n\n{task}"
    return f"{task.rstrip('.') + ':' if v.chance(0.2) and not task.endswith('?') else task}{v.rng.choice([chr(10) * 2, chr(10), ' '])}{text}"


def _framed(text: str, v: Values) -> str:
    """Put words about the text that no schema asks for."""
    name = v.name(FIRST_NAMES)
    noise = " ".join(v.pick(WORDS) for _ in range(v.rng.randint(2, 6))).capitalize()
    before = v.rng.choice(
        [
            "",
            f"Hi {name},\n\n",
            "Hello,\n\n",
            f"FYI, {name} forwarded this:\n\n",
            f"{noise}.\n\n",
            "---\n",
            "Note: ",
        ]
    )
    after = v.rng.choice(
        [
            "",
            f"\n\nThanks,\n{name}",
            f"\n\nBest,\n{name} {v.name(LAST_NAMES)}",
            f"\n\n{noise}.",
            "\n---",
            "\n\nSent from my phone",
        ]
    )
    return f"{before}{text}{after}"


def _complaint(drawn: Sample, v: Values) -> str:
    """What a re-ask says after an answer that failed validation."""
    keys = list(drawn.answer) if isinstance(drawn.answer, dict) else []
    path = v.rng.choice(keys) if keys else "the value"
    rule = v.rng.choice(
        [
            "Field required",
            "Input should be a valid string",
            "Input should be greater than 0",
            "Value error, does not match the text",
            "Input should be a valid date",
        ]
    )
    return f"Your last answer was not valid:\n- {path}: {rule} (was {v.rng.randint(-9, 99)})\nAnswer again."
