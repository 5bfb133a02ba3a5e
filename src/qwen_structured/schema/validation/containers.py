"""The schemas of arrays and dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema, to_json

from . import texts
from .beyond import marked
from .choices import taken_by, value_of
from .functions import SCALARS, FunctionSchemas, function_of
from .keywords import parsed, untitled

_UNHASHABLE = frozenset(
    {"list", "set", "deque", "dict", "ordered-dict", "counter", "typed-dict", "generator"}
)


class ContainerSchemas(FunctionSchemas):
    """What has parts without names, or with names of any kind."""

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """With the items behind a variadic one marked, which JSON Schema cannot count from the end."""
        out = super().tuple_schema(schema)
        index = schema.get("variadic_item_index")
        items = schema["items_schema"]
        if index is None:
            return out
        out["minItems"] = max(len(items) - 1, schema.get("min_length") or 0)
        if index + 1 < len(items):
            out["items"] = self.get_union_of_schemas([self.generate_inner(item) for item in items[index:]])
            out = marked(out, f"the last {len(items) - index - 1} items", "they are counted from the end")
        return out

    def set_schema(self, schema: core_schema.SetSchema) -> JsonSchemaValue:
        """Of hashable items."""
        return self._set(schema)

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        """Of hashable items."""
        return self._set(schema)

    def _set(self, schema: Mapping[str, Any]) -> JsonSchemaValue:
        inner = schema.get("items_schema", {"type": "any"})
        items = dict(SCALARS) if inner["type"] == "any" else self.generate_inner(inner)
        out: JsonSchemaValue = {"type": "array", "uniqueItems": True, "items": items}
        self.update_with_validations(out, cast("Any", schema), self.ValidationsMapping.array)
        if inner["type"] in _UNHASHABLE or (inner["type"] == "model" and inner["cls"].__hash__ is None):
            out["items"], out["maxItems"] = False, 0
        return _mark_distinct(out, inner, schema.get("min_length"))

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """With its keys, whatever their type."""
        return self._common_dict_schema(schema)

    def _common_dict_schema(self, schema: Any) -> JsonSchemaValue:
        keys, values = (
            schema.get("keys_schema", {"type": "any"}),
            schema.get("values_schema", {"type": "any"}),
        )
        names = self.key_schema(keys)
        out: JsonSchemaValue = {
            "type": "object",
            "additionalProperties": untitled(self.generate_inner(values)) or True,
        }
        if names is False:
            out["additionalProperties"] = False
        elif names and names != {"type": "string"}:
            out["propertyNames"] = names
        self.update_with_validations(out, schema, self.ValidationsMapping.object)
        return _mark_distinct(out, keys, schema.get("min_length"))

    def key_schema(self, schema: Any) -> JsonSchemaValue | Literal[False]:
        """What the text of a key has to be; False if none will do."""
        match schema["type"]:
            case "any":
                return {}
            case "int" | "float" as kind:
                pattern = texts.INTEGER if kind == "int" else texts.NUMBER
                return parsed(pattern, self.generate_inner(schema))
            case "bool":
                return {"type": "string", "enum": ["true", "false"]}
            case "enum" | "literal":
                return self._chosen_key(schema)
            case "none":
                return False
            case "union" | "nullable" as kind:
                choices = core_schema.iter_union_choices(schema) if kind == "union" else [schema["schema"]]
                branches = [branch for choice in choices if (branch := self.key_schema(choice)) is not False]
                return self.get_union_of_schemas(branches) if branches else False
            case "function-after":
                inner = self.key_schema(schema["schema"])
                return inner and self.checked_by(inner, function_of(schema))
            case "definition-ref" if schema["schema_ref"] in self._core_definitions:
                return self.key_schema(self._core_definitions[schema["schema_ref"]])
            case _:
                out = self.generate_inner(schema)
                return untitled(out) if out.get("type", "string") == "string" else False

    def _chosen_key(self, schema: Mapping[str, Any]) -> JsonSchemaValue | Literal[False]:
        values = [value_of(value) for value in schema.get("expected", schema.get("members", ()))]
        names = [value if isinstance(value, str) else to_json(value).decode() for value in values]
        taken = taken_by({"type": "dict", "keys_schema": schema}, [{name: None} for name in names])
        return {"type": "string", "enum": [name for key in taken for name in key]} if taken else False

    @property
    def _core_definitions(self) -> dict[str, Any]:
        known: dict[str, Any] = self.__dict__.setdefault("_core_definitions_by_ref", {})
        return known

    def definitions_schema(self, schema: core_schema.DefinitionsSchema) -> JsonSchemaValue:
        """Remembered, because a key's schema is not the value's."""
        self._core_definitions.update((cast("Any", one)["ref"], one) for one in schema["definitions"])
        return super().definitions_schema(schema)


def _mark_distinct(out: JsonSchemaValue, parts: Mapping[str, Any], least: int | None) -> JsonSchemaValue:
    """A least number of distinct values, which several texts may spell."""
    if (least or 0) < 2 or parts["type"] in ("str", "int", "bool", "enum", "literal"):
        return out
    return marked(out, f"min_length {least}", "equal values in different spellings count once")
