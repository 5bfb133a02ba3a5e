"""The little language in which a domain of training data is written, and its sampler.

A `Domain` has fields and templates. A template is a text with slots, in which

- ``{total}`` is the text of the field ``total``, ``{customer.name}`` that of a field in a group, and
  ``{lines}`` all rows of a `Rows` field;
- ``<<a|b|c>>`` is one of the alternatives, which may hold slots;
- ``[[...]]`` is left out at random, and with it the fields that only it mentions.

From one domain come many schemas: each sample takes a subset of the fields under one of their keys,
with or without descriptions, nested or flat, and asks now and then for a field that the text does not
mention, whose value then is null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .values import Form, Kind, Literal, Schema, Surface, Values


@dataclass(frozen=True)
class Field:
    """A value with the keys under which a schema may ask for it and the notes that describe it."""

    keys: tuple[str, ...]
    kind: Kind
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Fields that a schema may nest under one key (or flatten, with that key in front)."""

    keys: tuple[str, ...]
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class Rows:
    """A list: of objects, each written by one of the `row` templates, or of the values of one kind."""

    keys: tuple[str, ...]
    row: tuple[str, ...]
    fields: Mapping[str, Field]
    count: tuple[int, int]
    joins: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """A subject, such as invoices: what can be asked, in which texts it is told, what the task is called."""

    name: str
    fields: Mapping[str, Field | Group | Rows]
    templates: tuple[str, ...]
    tasks: tuple[str, ...] = ()

    def split(self, held_out: bool) -> tuple[str, ...]:
        """The templates for training, or the last eighth of them, kept from it."""
        kept = max(1, len(self.templates) // 8)
        return self.templates[-kept:] if held_out else self.templates[:-kept]


@dataclass
class Sample:
    """One training example before it becomes tokens: what is asked, of which text, and the answer."""

    schema: Schema
    text: str
    answer: Any
    tasks: tuple[str, ...] = ()
    labels: dict[str, Any] = field(default_factory=dict)


def f(keys: str, kind: Kind, notes: str = "") -> Field:
    """A field: keys separated by spaces, the plainest first; notes separated by ``|``."""
    return Field(tuple(keys.split()), kind, _split(notes))


def g(keys: str, **fields: Field) -> Group:
    """A group: a customer with a name and an address."""
    return Group(tuple(keys.split()), fields)


def rows(
    keys: str, row: str | list[str], count: tuple[int, int] = (1, 4), joins: str = "newline", **fields: Field
) -> Rows:
    """A list of objects. `joins`: any of ``newline bullet number semicolon comma and space``, separated by spaces."""
    return Rows(
        tuple(keys.split()),
        tuple([row] if isinstance(row, str) else row),
        fields,
        count,
        tuple(joins.split()),
    )


def values(
    keys: str, kind: Kind, count: tuple[int, int] = (1, 4), joins: str = "comma and semicolon"
) -> Rows:
    """A list of plain values, such as tags."""
    return Rows(
        tuple(keys.split()), ("{value}",), {"value": Field(("value",), kind)}, count, tuple(joins.split())
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


# --- sampling ------------------------------------------------------------------------------------

_ALTERNATIVES = re.compile(r"<<((?:[^<>]|<(?!<)|>(?!>))*)>>")
_OPTIONAL = re.compile(r"\[\[((?:[^\[\]]|\[(?!\[)|\](?!\]))*)\]\]")
_SLOT = re.compile(r"\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)\}")


def expand(template: str, v: Values) -> str:
    """Choose among the alternatives and drop optional parts; slots remain."""
    while (changed := _OPTIONAL.sub(lambda m: m[1] if v.chance(0.7) else "", template)) != template:
        template = changed
    while (changed := _ALTERNATIVES.sub(lambda m: v.rng.choice(m[1].split("|")), template)) != template:
        template = changed
    return template


def sample(
    domain: Domain, v: Values, *, held_out_templates: bool = False, every_field: bool = False
) -> Sample:
    """Draw a text, a schema and the answer from `domain`.

    `every_field` asks for all that the text mentions, with the plainest keys.
    """
    template = expand(v.rng.choice(domain.split(held_out_templates)), v)
    slots = dict.fromkeys(_SLOT.findall(template))
    style = _Style.draw(v, plain=every_field)
    drawn: dict[str, Surface] = {}
    parts: dict[str, tuple[Schema, Any] | None] = {}
    for name, spec in domain.fields.items():
        if isinstance(spec, Field):
            parts[name] = _one(spec, drawn.setdefault(name, spec.kind.draw(v)), v) if name in slots else None
        elif isinstance(spec, Rows):
            if name in slots:
                schema, answer, text = _draw_rows(spec, v, style)
                drawn[name] = Surface(answer, text)
                parts[name] = (schema, answer)
            else:
                parts[name] = None
        else:
            for inner, inner_spec in spec.fields.items():
                slot = f"{name}.{inner}"
                parts[slot] = (
                    _one(inner_spec, drawn.setdefault(slot, inner_spec.kind.draw(v)), v)
                    if slot in slots
                    else None
                )
    text = _SLOT.sub(lambda m: drawn[m[1]].text if m[1] in drawn else m[0], template)
    schema, answer = _ask(domain.fields, parts, list(slots), v, style)
    return Sample(schema, text, answer, domain.tasks)


def _one(spec: Field, surface: Surface, v: Values) -> tuple[Schema, Any]:
    form = v.rng.choice(spec.kind.forms)
    schema, answer = dict(form.schema), form.convert(surface.json)
    return _vary_enum(schema, answer, v) if "enum" in schema else (schema, answer)


def _vary_enum(schema: Schema, answer: str, v: Values) -> tuple[Schema, str]:
    labels = [label for label in schema["enum"] if label == answer or v.chance(0.85)]
    if len(labels) < 2:
        labels = list(schema["enum"])
    if v.chance(0.3):
        v.rng.shuffle(labels)
    spell = v.rng.choice(
        [
            str,
            str,
            str,
            str.upper,
            str.capitalize,
            lambda s: s.replace("_", " "),
            lambda s: s.replace("_", "-"),
        ]
    )
    return {**schema, "enum": [spell(label) for label in labels]}, spell(answer)


def _draw_rows(spec: Rows, v: Values, style: _Style) -> tuple[Schema, list[Any], str]:
    """Rows of one template; their schema asks for the same subset in each."""
    template = v.rng.choice(spec.row)
    plain = list(spec.fields) == ["value"]
    used = [name for name in spec.fields if "{" + name + "}" in template]
    asked = used if plain or style.plain else ([n for n in used if v.chance(style.keep)] or used[:1])
    forms = {name: v.rng.choice(spec.fields[name].kind.forms) for name in asked}
    notes = {name: style.note(spec.fields[name], v) for name in asked}
    keys = style.keys({name: spec.fields[name].keys for name in asked}, v)
    answers, texts = [], []
    for _ in range(v.rng.randint(*spec.count)):
        row = expand(template, v)
        drawn = {name: spec.fields[name].kind.draw(v) for name in used}
        texts.append(_SLOT.sub(lambda m, drawn=drawn: drawn[m[1]].text, row))
        converted = {name: forms[name].convert(drawn[name].json) for name in asked}
        answers.append(converted["value"] if plain else {keys[n]: converted[n] for n in asked})
    if plain:
        item = dict(forms["value"].schema)
    else:
        properties = {keys[n]: {**forms[n].schema, **notes[n]} for n in asked}
        item = {"type": "object", "properties": properties, "required": list(properties)}
    schema: Schema = {"type": "array", "items": item}
    if answers and v.chance(0.08):
        schema["minItems"] = 1
    return schema, answers, join(texts, v.rng.choice(spec.joins), v)


def join(texts: list[str], style: str, v: Values) -> str:
    """Put the texts of rows together as a list, lines or a sentence."""
    if style == "bullet":
        mark = v.rng.choice(["- ", "* ", "• "])
        return "\n".join(mark + text for text in texts)
    if style == "number":
        mark = v.rng.choice([". ", ") "])
        return "\n".join(f"{i}{mark}{text}" for i, text in enumerate(texts, 1))
    if style == "and" and len(texts) > 1:
        return ", ".join(texts[:-1]) + " and " + texts[-1]
    return {"newline": "\n", "semicolon": "; ", "comma": ", ", "and": ", ", "space": " "}[style].join(texts)


@dataclass(frozen=True)
class _Style:
    """The manners of one schema: how many fields it asks for, how it spells keys, how it describes."""

    plain: bool
    keep: float
    described: float
    spelling: str
    synonyms: float
    nested: float
    order: str

    @classmethod
    def draw(cls, v: Values, *, plain: bool) -> _Style:
        if plain:
            return cls(True, 1.0, 0.0, "snake", 0.0, 1.0, "fields")
        return cls(
            plain=False,
            keep=v.rng.choice([0.4, 0.6, 0.8, 0.9, 1.0, 1.0]),
            described=v.rng.choice([0.0, 0.0, 0.0, 0.5, 1.0]),
            spelling=v.rng.choices(["snake", "camel", "capital", "kebab"], [80, 15, 3, 2])[0],
            synonyms=v.rng.choice([0.0, 0.5, 0.8]),
            nested=v.rng.choice([0.0, 1.0]),
            order=v.rng.choice(["fields", "fields", "text", "shuffled"]),
        )

    def note(self, spec: Field | Group | Rows, v: Values) -> Schema:
        notes = spec.notes if isinstance(spec, Field) else ()
        return {"description": v.rng.choice(notes)} if notes and v.chance(self.described) else {}

    def keys(self, options: Mapping[str, tuple[str, ...]], v: Values) -> dict[str, str]:
        """A distinct key for each name."""
        taken: dict[str, str] = {}
        for name, keys in options.items():
            key = v.rng.choice(keys) if v.chance(self.synonyms) else keys[0]
            spelt = spell(key, self.spelling)
            taken[name] = spelt if spelt not in taken.values() else spell(keys[0], self.spelling)
            if list(taken.values()).count(taken[name]) > 1:
                taken[name] = spell(name.replace(".", "_"), self.spelling)
        return taken


def spell(key: str, style: str) -> str:
    """Write a snake_case key in another manner."""
    parts = key.split("_")
    if style == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    if style == "capital":
        return " ".join(part.capitalize() for part in parts)
    return "-".join(parts) if style == "kebab" else key


def _ask(
    fields: Mapping[str, Field | Group | Rows],
    parts: Mapping[str, tuple[Schema, Any] | None],
    mentioned: list[str],
    v: Values,
    style: _Style,
) -> tuple[Schema, dict[str, Any]]:
    """Choose what the schema asks for, and put its answer together."""
    present = [n for n in parts if parts[n] is not None]
    asked = [n for n in present if style.plain or v.chance(style.keep)] or present[:1]
    if not style.plain:
        asked += [n for n in parts if parts[n] is None and v.chance(0.12)]
    if style.order == "text":
        asked.sort(key=lambda n: mentioned.index(n) if n in mentioned else 99)
    elif style.order == "shuffled":
        v.rng.shuffle(asked)
    else:
        asked.sort(key=list(parts).index)
    builder = _Object()
    nested: dict[str, _Object] = {}
    groups = {n.split(".")[0] for n in asked if "." in n}
    nests = {group for group in groups if v.chance(style.nested)}
    options = {n: _keys_of(fields, n) for n in asked}
    outer = style.keys(
        {n: options[n] for n in asked if n.split(".")[0] not in nests} | {g: fields[g].keys for g in nests}, v
    )
    for name in asked:
        group, _, inner = name.partition(".")
        spec: Any = fields[group].fields[inner] if inner else fields[name]  # type: ignore[union-attr]
        schema, answer, required = _value(spec, parts[name], v, style)
        if group in nests:
            if group not in nested:
                nested[group] = _Object()
                builder.add(outer[group], nested[group].schema, nested[group].answer, True)
            nested[group].add(
                spell(v.rng.choice(spec.keys) if v.chance(style.synonyms) else spec.keys[0], style.spelling),
                schema,
                answer,
                required,
            )
        else:
            builder.add(outer[name], schema, answer, required)
    return builder.schema, builder.answer


_ABSENT = object()


class _Object:
    """An object schema and its answer, built side by side."""

    def __init__(self) -> None:
        self.schema: Schema = {"type": "object", "properties": {}, "required": []}
        self.answer: dict[str, Any] = {}

    def add(self, key: str, schema: Schema, answer: Any, required: bool) -> None:
        if key in self.schema["properties"]:
            return
        self.schema["properties"][key] = schema
        if required:
            self.schema["required"].append(key)
        if answer is not _ABSENT:
            self.answer[key] = answer


def _keys_of(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    group, _, inner = name.partition(".")
    if not inner:
        return fields[name].keys
    return tuple(f"{outer}_{key}" for outer in fields[group].keys for key in fields[group].fields[inner].keys)


def _value(
    spec: Field | Rows, part: tuple[Schema, Any] | None, v: Values, style: _Style
) -> tuple[Schema, Any, bool]:
    note = style.note(spec, v)
    if part is not None:
        schema, answer = part
        if isinstance(spec, Field) and not style.plain:
            schema = _hinted(schema, spec, v)
        nullable = not style.plain and v.chance(0.15)
        return {**(_or_null(schema) if nullable else schema), **note}, answer, True
    if isinstance(spec, Rows):
        return {"type": "array", "items": {"type": "string"}, **note}, [], True
    form = v.rng.choice(spec.kind.forms)
    if v.chance(0.15) and "enum" not in form.schema:
        default = _plain_json(form.convert(spec.kind.draw(v).json))
        return {**form.schema, **note, "default": default}, default, True
    schema = {**_or_null(dict(form.schema)), **note}
    return (schema, None, True) if v.chance(0.85) else (schema, _ABSENT, False)


def _hinted(schema: Schema, spec: Field, v: Values) -> Schema:
    """Show now and then examples or a default, neither of which is the answer."""
    if "enum" in schema or schema.get("type") != "string" or not v.chance(0.07):
        return schema
    drawn = [_plain_json(spec.kind.draw(v).json) for _ in range(v.rng.choice([1, 2]))]
    return {**schema, "examples": drawn} if v.chance(0.6) else {**schema, "default": drawn[0]}


def _plain_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, Literal) else value


def _or_null(schema: Schema) -> Schema:
    about = ("description", "examples", "default")
    bare = {key: value for key, value in schema.items() if key not in about}
    return {"anyOf": [bare, {"type": "null"}], **{key: schema[key] for key in about if key in schema}}


# --- answers -------------------------------------------------------------------------------------


def dumps(answer: Any) -> str:
    """Compact JSON, in which a `Literal` stands as it is written."""
    if isinstance(answer, Literal):
        return str(answer)
    if isinstance(answer, dict):
        return (
            "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{dumps(x)}" for k, x in answer.items()) + "}"
        )
    if isinstance(answer, list):
        return "[" + ",".join(map(dumps, answer)) + "]"
    return json.dumps(answer, ensure_ascii=False)


__all__ = [
    "Domain",
    "Field",
    "Form",
    "Group",
    "Rows",
    "Sample",
    "dumps",
    "expand",
    "f",
    "g",
    "join",
    "rows",
    "sample",
    "spell",
    "values",
]
