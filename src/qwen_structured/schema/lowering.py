"""Lower an output type, or a JSON Schema, to the grammar that a decoder enforces: `lower`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from .ebnf import GrammarTooLarge
from .emission import Emitter
from .fidelity import Fidelity, Finding, property_path
from .from_type import adapter_of
from .json_schema import check
from .normalise import Normaliser
from .references import localised
from .shapes import Node
from .validated import validated_schema

Defaults = Literal["required", "optional"]

_STEP: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^.\[\]{}]+""")
"""A name in a path; `property_path` quotes those that have other characters."""


@dataclass(frozen=True, slots=True)
class Lowering:
    """A type or schema, lowered.

    Attributes:
        grammar: EBNF as XGrammar reads it; the same text for the same type, to the byte.
        fidelity: what becomes of each constraint at each place.
        schema: the JSON Schema that the grammar is made from: of a type, what Pydantic validates.
    """

    grammar: str
    fidelity: tuple[Finding, ...]
    schema: Mapping[str, Any]

    @property
    def checked(self) -> tuple[Finding, ...]:
        """The findings on what the grammar leaves to be checked."""
        return tuple(one for one in self.fidelity if one.fidelity is Fidelity.CHECKED)


def lower(type_or_schema: object, *, defaults: Defaults = "required") -> Lowering:
    """Lower an output type, or a JSON Schema given as a mapping.

    Needs no engine. The grammar admits compact JSON, with properties in the schema's order and one spelling
    of each character and of each number whose type is integer.

    Args:
        type_or_schema: anything that Pydantic's ``TypeAdapter`` takes, or a JSON Schema (2020-12 or 7).
        defaults: whether a type's field with a default has to be written, or may be left out. In a JSON
            Schema its own ``required`` says so.

    Raises:
        UnsupportedSchema: it is neither, admits no value, or passes a limit; the message names the place.

    Example:
        >>> print(lower(bool).grammar)
        root ::= v0
        v0 ::= "true" | "false"
        <BLANKLINE>
    """
    if isinstance(type_or_schema, Mapping):
        check(type_or_schema)
        return lower_schema(type_or_schema)
    schema, beyond = validated_schema(adapter_of(type_or_schema), defaults=defaults)
    more = [Finding(one.path, one.constraint, Fidelity.CHECKED, one.why) for one in beyond]
    return _lowered(schema, more, drops_others=True)


def lower_schema(schema: Mapping[str, Any]) -> Lowering:
    """Lower a JSON Schema that is known to be one; raises as `lower` does."""
    return _lowered(localised(schema), (), drops_others=False)


def lower_part(schema: Mapping[str, Any], *, drops_others: bool) -> Lowering:
    """Lower a part of a schema that has been lowered; raises as `lower` does.

    Args:
        schema: the part, with the definitions that it refers to.
        drops_others: whether it is of a type, so that properties which it does not name are none.
    """
    return _lowered(schema, (), drops_others=drops_others)


_ANYTHING: Final = Finding("", "any JSON value", Fidelity.EXACT)


def _lowered(schema: Mapping[str, Any], beyond: Iterable[Finding], *, drops_others: bool) -> Lowering:
    normaliser = Normaliser(schema, drops_others=drops_others)
    try:
        grammar = Emitter(normaliser).grammar(Node.of(schema))
    except GrammarTooLarge:
        normaliser = Normaliser(schema, drops_others=drops_others, coarse=True)
        grammar = Emitter(normaliser).grammar(Node.of(schema))
    place = _Places(schema)
    found = dict.fromkeys([*normaliser.findings, *beyond]) or [_ANYTHING]
    findings = sorted(found, key=lambda finding: (place(finding.path), finding.path))
    return Lowering(grammar, tuple(findings), schema)


class _Places:
    """The order of places in a schema: that of its properties; definitions, which go by name, come last."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        names = dict.fromkeys(property_path("", name) for name in _property_names(schema))
        self._order = {name: number for number, name in enumerate(names)}

    def __call__(self, path: str) -> list[int]:
        return [self._order.get(name, len(self._order)) for name in _STEP.findall(path)]


def _property_names(schema: object) -> Iterator[str]:
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            yield from properties
        for inner in schema.values():
            yield from _property_names(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _property_names(inner)
