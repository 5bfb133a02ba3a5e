"""Hypothesis strategies for Pydantic types, each with a strategy for texts that it takes, by construction.

A text is JSON as the decoder writes it: compact, properties in the model's order, all of them there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ForwardRef, Literal, Union
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, Json, create_model

if TYPE_CHECKING:
    from random import Random

_NAMES = ("a", "b", "kind", "a b", 'q"', "é", "x.y", "_0", "items")
_WORDS = ("a", "b", "ab", "", "é", 'q"', "\\", "null", "1", "\n")
_CHOICES = (*_WORDS, 0, 1, -7, True, False, None)
_PATTERNS = (
    ("^[a-c]{2,3}$", "^[a-c]{2,3}\\Z"),
    ("^\\d+(\\.\\d)?$", "^[0-9]+(\\.[0-9])?\\Z"),
    ("b", "^[ab]{0,3}b[ab]{0,3}\\Z"),
    ('^"[\\\\"]*$', '^"[\\\\"]*\\Z'),
    ("^(a|bc)*d?$", "^(a|bc){0,3}d?\\Z"),
)
"""Patterns, each with one whose texts it takes."""


@dataclass(frozen=True)
class Made:
    """A type, and texts of it.

    Attributes:
        output_type: the type.
        texts: JSON texts that it takes.
        is_key: the texts are of strings that a dict may have as keys.
        is_hashable: a set may have its values.
    """

    output_type: Any
    texts: st.SearchStrategy[str]
    is_key: bool = False
    is_hashable: bool = True


def text_of(value: object) -> str:
    """JSON as the decoder writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def types() -> st.SearchStrategy[Made]:
    """Types of all kinds, nested."""
    return st.recursive(_leaves(), _containers, max_leaves=6)


# --- leaves --------------------------------------------------------------------------------------


def _leaves() -> st.SearchStrategy[Made]:
    return st.one_of(
        _integers(),
        _floats(),
        _decimals(),
        _strings(),
        st.sampled_from(_PATTERNS).map(_of_pattern),
        _dates(),
        st.lists(
            st.sampled_from([*_WORDS, 0, 1, -7, True, False, None]), min_size=1, max_size=5, unique_by=repr
        ).map(_literal),
        st.lists(st.sampled_from([*_WORDS, 2, 30]), min_size=1, max_size=9, unique=True).map(_enum),
        st.sampled_from(
            [
                Made(bool, st.sampled_from(["true", "false"])),
                Made(type(None), st.just("null")),
                Made(UUID, st.uuids().map(str).map(text_of), is_key=True),
            ]
        ),
    )


@st.composite
def _integers(draw: st.DrawFn) -> Made:
    limit = draw(st.sampled_from([3, 20, 1_000, 2**70]))
    low, high = sorted((draw(st.integers(-limit, limit)), draw(st.integers(-limit, limit))))
    step = draw(st.sampled_from([1, 1, 1, 3, 10, 7]))
    first, last = -(-low // step), high // step
    if first > last:
        return Made(int, st.integers().map(str))
    kind = draw(st.sampled_from(["both", "open", "low", "high"]))
    bounds: dict[str, Any] = {
        "both": {"ge": low, "le": high},
        "open": {"gt": low - 1, "lt": high + 1},
        "low": {"ge": low},
        "high": {"le": high},
    }[kind]
    if step > 1:
        bounds["multiple_of"] = step
    values = st.integers(None if kind == "high" else first, None if kind == "low" else last)
    edges = st.sampled_from([first, last])
    return Made(Annotated[int, Field(**bounds)], (values | edges).map(lambda value: str(value * step)))


@st.composite
def _floats(draw: st.DrawFn) -> Made:
    numbers = st.integers(-(10**5), 10**5) | st.integers(-9, 9)
    places = draw(st.integers(0, 4))
    low, high = sorted((draw(numbers), draw(numbers)))
    bounds = {"ge": low / 10**places, "le": high / 10**places}
    texts = st.integers(low, high).map(lambda units: repr(units / 10**places))
    return Made(Annotated[float, Field(**bounds)], texts.filter(lambda text: "e" not in text))


@st.composite
def _decimals(draw: st.DrawFn) -> Made:
    places = draw(st.integers(0, 3))
    digits = draw(st.integers(places + 1, 7))
    limit = 10**digits - 1
    low, high = sorted((draw(st.integers(-limit, limit)), draw(st.integers(-limit, limit))))
    bounds: dict[str, Any] = {"max_digits": digits, "decimal_places": places}
    if draw(st.booleans()):
        bounds |= {"ge": Decimal(low).scaleb(-places), "le": Decimal(high).scaleb(-places)}
    texts = st.integers(low, high).map(lambda units: text_of(f"{Decimal(units).scaleb(-places):f}"))
    return Made(Annotated[Decimal, Field(**bounds)], texts)


@st.composite
def _strings(draw: st.DrawFn) -> Made:
    low, width = draw(st.integers(0, 5)), draw(st.sampled_from([None, 0, 2, 5, 30]))
    high = None if width is None else low + width
    letters = st.characters(exclude_categories=["Cs"]) | st.sampled_from('a"\\\n/')
    if high is not None and high > 8 and high != low:  # there an escape counts as it is spelled
        letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\')
    texts = st.text(letters, min_size=low, max_size=low + 8 if high is None else high).map(text_of)
    return Made(Annotated[str, Field(min_length=low, max_length=high)], texts, is_key=True)


def _of_pattern(patterns: tuple[str, str]) -> Made:
    texts = st.from_regex(patterns[1]).map(text_of)
    return Made(Annotated[str, Field(pattern=patterns[0])], texts, is_key=True)


@st.composite
def _dates(draw: st.DrawFn) -> Made:
    low, high = sorted((draw(st.dates()), draw(st.dates())))
    if draw(st.booleans()):
        return Made(date, st.dates().map(str).map(text_of), is_key=True)
    return Made(
        Annotated[date, Field(ge=low, le=high)], st.dates(low, high).map(str).map(text_of), is_key=True
    )


def _literal(values: Sequence[Any]) -> Made:
    return Made(Literal[tuple(values)], st.sampled_from(values).map(text_of))


def _enum(values: Sequence[Any]) -> Made:
    members = {f"M{number}": value for number, value in enumerate(values)}
    return Made(Enum("Chosen", members), st.sampled_from(values).map(text_of))


# --- containers ----------------------------------------------------------------------------------


def _containers(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    return st.one_of(
        _lists(inner),
        st.lists(inner, min_size=1, max_size=3).map(_tuple),
        inner.filter(lambda made: made.is_hashable).map(_set),
        _dicts(inner),
        inner.map(_optional),
        st.lists(inner, min_size=2, max_size=3).map(_union),
        inner.map(lambda made: Made(_json_of(made.output_type), made.texts.map(text_of), is_hashable=False)),
        _models(inner),
        _tagged(inner),
        _recursive(inner),
    )


@st.composite
def _lists(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    item = draw(inner)
    low, width = draw(st.integers(0, 3)), draw(st.sampled_from([None, 0, 1, 3, 20]))
    high = None if width is None else low + width
    texts = st.lists(item.texts, min_size=low, max_size=low + 3 if high is None else high)
    items: Any = list.__class_getitem__(item.output_type)
    output_type = Annotated[items, Field(min_length=low, max_length=high)]
    return Made(output_type, texts.map(_array), is_hashable=False)


def _json_of(output_type: Any) -> Any:
    return Json[output_type]  # type: ignore[misc]


def _array(items: Sequence[str]) -> str:
    return f"[{','.join(items)}]"


def _tuple(items: Sequence[Made]) -> Made:
    output_type = tuple.__class_getitem__(tuple(made.output_type for made in items))
    return Made(output_type, st.tuples(*(made.texts for made in items)).map(_array), is_hashable=False)


def _set(item: Made) -> Made:
    texts = st.lists(item.texts, max_size=4, unique=True).map(_array)
    return Made(set.__class_getitem__(item.output_type), texts, is_hashable=False)


@st.composite
def _dicts(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    key, value = draw(st.one_of(_leaves().filter(lambda made: made.is_key), _integers())), draw(inner)
    keys = key.texts if key.is_key else key.texts.map(text_of)
    pairs = st.lists(st.tuples(keys, value.texts), max_size=3, unique_by=lambda pair: pair[0])
    return Made(
        dict.__class_getitem__((key.output_type, value.output_type)),
        pairs.map(lambda found: _object(dict(found))),
        is_hashable=False,
    )


def _object(properties: dict[str, str]) -> str:
    return f"{{{','.join(f'{key}:{value}' for key, value in properties.items())}}}"


def _union_of(output_types: Sequence[Any]) -> Any:
    return Union[tuple(output_types)]  # noqa: UP007


def _optional(made: Made) -> Made:
    return Made(made.output_type | None, made.texts | st.just("null"), is_hashable=False)


def _union(branches: Sequence[Made]) -> Made:
    output_type = _union_of([made.output_type for made in branches])
    return Made(output_type, st.one_of([made.texts for made in branches]), is_hashable=False)


@st.composite
def _models(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
    return _model({name: draw(inner) for name in names}, draw(st.sampled_from(["forbid", "ignore"])))


def _model(parts: dict[str, Made], extra: Any = "ignore") -> Made:
    fields: dict[str, Any] = {
        f"f{number}": (made.output_type, Field(alias=name))
        for number, (name, made) in enumerate(parts.items())
    }
    made_model = create_model("M", __config__=ConfigDict(extra=extra, protected_namespaces=()), **fields)
    return Made(made_model, _objects(parts), is_hashable=False)


def _objects(parts: dict[str, Made]) -> st.SearchStrategy[str]:
    names = [text_of(name) for name in parts]
    values = st.tuples(*(made.texts for made in parts.values()))
    return values.map(lambda found: _object(dict(zip(names, found, strict=True))))


@st.composite
def _tagged(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    tags = draw(st.lists(st.sampled_from(_WORDS), min_size=2, max_size=3, unique=True))
    models = [_tagged_model(tag, draw(inner)) for tag in tags]
    branches: Any = _union_of([made.output_type for made in models])
    output_type: Any = Annotated[branches, Field(discriminator="tag")]
    return Made(output_type, st.one_of([made.texts for made in models]), is_hashable=False)


def _tagged_model(tag: str, value: Made) -> Made:
    fields: dict[str, Any] = {"tag": (Literal[tag], tag), "value": (value.output_type, ...)}
    texts = value.texts.map(lambda text: f'{{"tag":{text_of(tag)},"value":{text}}}')
    return Made(create_model("Tagged", **fields), texts)


@st.composite
def _recursive(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    value = draw(inner)
    kind = draw(st.sampled_from(sorted(_RECURSIONS)))
    more, end, filled = _RECURSIONS[kind]
    fields: dict[str, Any] = {"value": (value.output_type, ...), "more": (more, ...)}
    node: type[BaseModel] = create_model("Node", **fields)
    node.model_rebuild(_types_namespace={"Node": node})
    texts = _nodes(value.texts, st.just(end))
    for _ in range(2):
        texts = st.one_of(texts, _nodes(value.texts, filled(texts)))
    return Made(node, texts, is_hashable=False)


_Texts = st.SearchStrategy[str]
_RECURSIONS: dict[str, tuple[Any, str, Callable[[_Texts], _Texts]]] = {
    "list": (ForwardRef("list[Node]"), "[]", lambda texts: st.lists(texts, max_size=2).map(_array)),
    "optional": (ForwardRef("Node | None"), "null", lambda texts: texts | st.just("null")),
    "dict": (
        ForwardRef("dict[str, Node]"),
        "{}",
        lambda texts: st.dictionaries(st.just('"k"'), texts).map(_object),
    ),
}


def _nodes(values: _Texts, more: _Texts) -> _Texts:
    return st.builds(lambda value, rest: f'{{"value":{value},"more":{rest}}}', values, more)


# --- near misses ---------------------------------------------------------------------------------


def with_a_slip(text: str, random: Random) -> str:
    """A text with a character too many, too few, or another one."""
    place = random.randrange(len(text) + 1)
    slip = random.choice(["", "0", "9", "-", ".", "a", '"', "\\", ",", "}", " ", "é", "\n", "null", "e5"])
    return text[:place] + slip + text[place + random.randint(0, 1) :]
