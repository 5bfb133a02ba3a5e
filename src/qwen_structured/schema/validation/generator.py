"""Make JSON Schema of what Pydantic's validators do, rather than of what its own JSON Schema says.

Where a keyword says it, the keyword is used; where none does, the place is marked (see `beyond`).

Source: pydantic 2.12 to 2.14, ``pydantic.json_schema.GenerateJsonSchema`` and ``pydantic_core.core_schema``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from ...exceptions import UnsupportedSchema
from .beyond import marked
from .containers import ContainerSchemas

Defaults = Literal["required", "optional"]


class StrictJsonSchema(ContainerSchemas):
    """The schema of a validator; properties with a default are required or not, by `defaults`."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012
    defaults: Defaults = "required"

    # --- fields ------------------------------------------------------------------------------

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        """By `defaults`; a key of a TypedDict by its own declaration."""
        if field["type"] == "typed-dict-field" or self.defaults == "optional":
            return super().field_is_required(field, total)
        return True

    def field_is_present(self, field: Any) -> bool:
        """Not for the fields of a dataclass that its constructor does not take."""
        return bool(field.get("init", True)) and super().field_is_present(field)

    def model_field_schema(self, schema: core_schema.ModelField) -> JsonSchemaValue:
        """Read from one property."""
        self._refuse_paths(schema)
        return super().model_field_schema(schema)

    def dataclass_field_schema(self, schema: core_schema.DataclassField) -> JsonSchemaValue:
        """Read from one property."""
        self._refuse_paths(schema)
        return super().dataclass_field_schema(schema)

    def typed_dict_field_schema(self, schema: core_schema.TypedDictField) -> JsonSchemaValue:
        """Read from one property."""
        self._refuse_paths(schema)
        return super().typed_dict_field_schema(schema)

    def _refuse_paths(self, field: Mapping[str, Any]) -> None:
        alias = field.get("validation_alias")
        config = self._config
        if alias is None or isinstance(alias, str) or config.populate_by_name or config.validate_by_name:
            return
        if not any(isinstance(path, list) and len(path) == 1 for path in alias):
            raise UnsupportedSchema(
                f"a field is read from the alias path {alias!r}, which no single property has: give it a "
                "plain alias beside it, as in AliasChoices('name', AliasPath(...))"
            )

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """With a mark where a default that may be left out has to be valid itself."""
        out = super().default_schema(schema)
        validated = schema.get("validate_default", self._config.validate_default)
        if validated and self.defaults == "optional":
            return marked(out, "validate_default", "the default itself may be invalid")
        return out

    def named_tuple_schema(self, schema: Any) -> JsonSchemaValue:
        """An array; fields with a default are asked for as those of a model are."""
        return self._with_all_items(super().named_tuple_schema(schema))

    def p_arguments_schema(self, arguments: Any, var_args_schema: Any) -> JsonSchemaValue:
        """How Pydantic before 2.14 says a named tuple."""
        return self._with_all_items(super().p_arguments_schema(arguments, var_args_schema))

    def _with_all_items(self, schema: JsonSchemaValue) -> JsonSchemaValue:
        if self.defaults == "required" and schema.get("prefixItems"):
            return {**schema, "minItems": len(schema["prefixItems"])}
        return schema

    # --- models ------------------------------------------------------------------------------

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """With a mark where its constructor or ``model_post_init`` is the user's."""
        out = super().model_schema(schema)
        if schema.get("custom_init"):
            out = marked(out, "__init__", "only running it tells")
        hook = getattr(schema["cls"], str(schema.get("post_init")), None)
        if hook is not None and hook.__name__ != "init_private_attributes":
            out = marked(out, "model_post_init", "only running it tells")
        return out

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> JsonSchemaValue:
        """With the rule for the names of extra properties."""
        out = super().model_fields_schema(schema)
        names = self.key_schema(schema.get("extras_keys_schema", {"type": "any"}))
        if names is False or (names and names != {"type": "string"}):
            out["propertyNames"] = {"anyOf": [{"enum": list(out["properties"])}, names]}
        return out

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """With a mark where it has a ``__post_init__``."""
        out = super().dataclass_schema(schema)
        return marked(out, "__post_init__", "only running it tells") if schema.get("post_init") else out

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Told apart by a property that has to be there, or by code."""
        out = super().tagged_union_schema(schema)
        if tag := out.pop("discriminator", None):
            return {**out, "discriminator": {"propertyName": tag["propertyName"]}}
        return marked({"anyOf": out["oneOf"]}, "discriminator", "code, or a path, tells which branch it is")


class DefaultsOptional(StrictJsonSchema):
    """The same with properties that may be left out where they have a default."""

    defaults: Defaults = "optional"
