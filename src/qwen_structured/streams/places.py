"""What Pydantic says of each place of an output type: how a part that stands there is validated by itself.

The places are read off the core schema that Pydantic has made of the type. A part of which that cannot be
said for certain is not validated by itself: behind a validator that sees the input first, in a union whose
branch is not known yet, or where a validator looks at the fields before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from pydantic_core import CoreConfig, SchemaError, SchemaValidator, ValidationError, core_schema, from_json

from ..exceptions import Problem
from ..schema import problems

Step: TypeAlias = int | str
Kind: TypeAlias = Literal["object", "array"]

_SCALARS: Final = frozenset(
    "none bool int float decimal str bytes date time datetime timedelta literal enum url multi-host-url uuid "
    "complex missing-sentinel".split()
)
_TRANSPARENT: Final = frozenset({"nullable", "default", "function-after"})
"""Nodes that hand on what they are given to the schema within them, unchanged."""
_BOUNDARIES: Final = frozenset({"model", "dataclass", "typed-dict"})
"""Nodes whose fields are validated with each other's values, and with nothing from outside."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a part.

    Attributes:
        value: the validated value; plain data where there is none.
        is_validated: the value was validated, by the type of its place.
        problems: what is wrong with it, in paths from the part.
    """

    value: object
    is_validated: bool
    problems: tuple[Problem, ...] = ()


class Place:
    """A place whose parts are not validated by themselves."""

    def read(self, text: bytes) -> Reading:
        """Make a value of a part's text; None where it is not JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return Reading(from_json(text), is_validated=False)

    def shape(self, kind: Kind) -> Shape:  # noqa: ARG002
        """The places within an object or array that begins here."""
        return UNKNOWN_SHAPE


@dataclass(frozen=True)
class Shape:
    """The places within an object or array.

    Attributes:
        fields: those with a name or number of their own.
        others: those of all further keys or items.
        names: of keys that differ from the name of their field, that name.
        closed: a further key makes the whole invalid.
    """

    fields: Mapping[Step, Place] = field(default_factory=dict)
    others: Place = field(default_factory=Place)
    names: Mapping[Step, str] = field(default_factory=dict)
    closed: bool = False

    def child(self, step: Step) -> Place:
        """The place at a key or index."""
        return self.fields.get(step, self.others)

    def narrowed(self, step: Step, text: bytes) -> Shape:  # noqa: ARG002
        """The places, now that a scalar is known."""
        return self

    def admits(self, step: Step, text: bytes) -> bool:
        """Whether the object can be valid with a scalar at a key."""
        if step not in self.fields:
            return not self.closed
        return not self.fields[step].read(text).problems


UNKNOWN_SHAPE: Final = Shape()


@dataclass(frozen=True)
class AnyOf(Shape):
    """Those of a union, until what has been written leaves one of its branches."""

    choices: tuple[Shape, ...] = ()

    def narrowed(self, step: Step, text: bytes) -> Shape:
        """Leave out the branches that cannot be valid any more."""
        left = tuple(choice for choice in self.choices if choice.admits(step, text))
        return left[0] if len(left) == 1 else replace(self, choices=left or self.choices)


@dataclass(frozen=True)
class Typed(Place):
    """A place that has a schema.

    Attributes:
        schema: Pydantic's core schema of what stands there.
        config: of the model that it is in.
        definitions: the schemas that it may refer to.
        in_object: it is within a model, dataclass or TypedDict.
    """

    schema: Mapping[str, Any]
    config: CoreConfig | None
    definitions: Mapping[str, Mapping[str, Any]]
    in_object: bool = False

    def read(self, text: bytes) -> Reading:
        """Validate a part's text."""
        if self._validator is None:
            return super().read(text)
        try:
            return Reading(self._validator.validate_json(text), is_validated=True)
        except ValidationError as error:
            value = from_json(text)
            details = error.errors(include_url=False, include_context=False)
            return Reading(value, is_validated=True, problems=tuple(problems.of_pydantic(value, details)))

    @cached_property
    def _validator(self) -> SchemaValidator | None:
        if self.in_object and self._looks_around(self.schema, set()):
            return None
        schema: Any = self.schema
        definitions: list[Any] = [*self.definitions.values()]
        if definitions:
            schema = core_schema.definitions_schema(schema, definitions)
        try:
            return SchemaValidator(schema, self.config)
        except SchemaError:  # it has a meaning only where it stands
            return None

    def _looks_around(self, node: object, seen: set[str]) -> bool:
        """Whether a validator of this place may look at the fields before it."""
        if isinstance(node, list | tuple):
            return any(self._looks_around(one, seen) for one in node)
        if not isinstance(node, Mapping):
            return False
        kind = node.get("type")
        if kind == "definition-ref":
            ref = node["schema_ref"]
            if ref in seen:
                return False
            return self._looks_around(self.definitions.get(ref), seen | {ref})
        if kind in _BOUNDARIES:
            return False
        if kind == "with-info":
            return True
        return any(self._looks_around(one, seen) for key, one in node.items() if key != "metadata")

    # --- what is within ----------------------------------------------------------------------

    @cached_property
    def _shapes(self) -> dict[Kind, Shape]:
        return {}

    def shape(self, kind: Kind) -> Shape:
        """The places within an object or array that begins here."""
        if kind not in self._shapes:
            self._shapes[kind] = self._shape(kind)
        return self._shapes[kind]

    def _shape(self, kind: Kind) -> Shape:
        found: list[Shape] = []
        for shape in self._branches(self.schema, kind):
            if shape is None:
                return UNKNOWN_SHAPE
            found.append(shape)
        return found[0] if len(found) == 1 else AnyOf(choices=tuple(found))

    def _branches(self, schema: Mapping[str, Any], kind: Kind) -> Iterator[Shape | None]:
        """What may stand there; None for what cannot be told."""
        match schema["type"]:
            case "definition-ref":
                yield from self._branches(self.definitions[schema["schema_ref"]], kind)
            case "definitions":
                known = {one["ref"]: one for one in schema["definitions"]}
                yield from replace(self, definitions={**self.definitions, **known})._branches(
                    schema["schema"], kind
                )
            case "union" | "tagged-union":
                choices = schema["choices"]
                for choice in choices.values() if isinstance(choices, Mapping) else choices:
                    yield from self._branches(choice[0] if isinstance(choice, tuple) else choice, kind)
            case transparent if transparent in _TRANSPARENT:
                yield from self._branches(schema["schema"], kind)
            case "json-or-python":
                yield from self._branches(schema["json_schema"], kind)
            case "model" | "dataclass":
                inner = replace(self, config=schema.get("config"), in_object=not schema.get("root_model"))
                yield from inner._branches(schema["schema"], kind)
            case "any":
                yield Shape(others=self._place(schema))
            case scalar if scalar in _SCALARS:
                return
            case _:
                yield from self._containers(schema, kind)

    def _containers(self, schema: Mapping[str, Any], kind: Kind) -> Iterator[Shape | None]:
        match schema["type"], kind:
            case (("model-fields" | "typed-dict" | "dataclass-args"), "object"):
                yield self._of_fields(schema)
            case "dict", "object":
                yield Shape(others=self._place(schema.get("values_schema", {"type": "any"})))
            case (("list" | "set" | "frozenset"), "array"):
                yield Shape(others=self._place(schema.get("items_schema", {"type": "any"})))
            case "tuple", "array":
                yield self._of_tuple(schema)
            case (
                (
                    "model-fields"
                    | "typed-dict"
                    | "dataclass-args"
                    | "dict"
                    | "list"
                    | "set"
                    | "frozenset"
                    | "tuple"
                ),
                _,
            ):
                return
            case _:
                yield None

    def _of_fields(self, schema: Mapping[str, Any]) -> Shape:
        config: CoreConfig | None = schema.get("config", self.config)
        inner = replace(self, config=config, in_object=True)
        given = schema["fields"]
        named = given.items() if isinstance(given, Mapping) else ((one["name"], one) for one in given)
        places: dict[Step, Place] = {}
        names: dict[Step, str] = {}
        for name, one in named:
            place = inner._place(one["schema"])
            for key in _keys(name, one, config or {}):
                places[key] = place
                if key != name:
                    names[key] = name
        extra = schema.get("extra_behavior") or (config or {}).get("extra_fields_behavior")
        return Shape(places, names=names, closed=extra == "forbid")

    def _of_tuple(self, schema: Mapping[str, Any]) -> Shape:
        items = [self._place(one) for one in schema["items_schema"]]
        rest = schema.get("variadic_item_index")
        if rest is None:
            return Shape(dict(enumerate(items)), closed=True)
        return Shape(dict(enumerate(items[:rest])), items[rest] if rest == len(items) - 1 else Place())

    def _place(self, schema: Mapping[str, Any]) -> Typed:
        return replace(self, schema=schema)


def _keys(name: str, one: Mapping[str, Any], config: Mapping[str, Any]) -> Iterable[str]:
    """The keys that a field is read from."""
    alias = one.get("validation_alias", name)
    keys = [alias] if isinstance(alias, str) else [path[0] for path in alias if len(path) == 1]
    by_name = config.get("validate_by_name") or config.get("populate_by_name")
    return [*keys, name] if by_name else keys


def root_place(schema: Mapping[str, Any] | None) -> Place:
    """The place of the whole answer.

    Args:
        schema: Pydantic's core schema of the output type; None where it is a JSON Schema, whose parts are not
            validated by themselves.
    """
    if schema is None:
        return Place()
    if schema["type"] != "definitions":
        return Typed(schema, None, {})
    definitions = {one["ref"]: one for one in schema["definitions"]}
    inner: Mapping[str, Any] = schema["schema"]
    return Typed(inner, None, definitions)
