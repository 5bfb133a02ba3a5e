"""Make a JSON Schema of a Python type, as the model should see it.

It differs from Pydantic's own in two places. Fields with a default are required, because a model that may leave
a field out often does; and a `Decimal` is a string, because a JSON number loses its digits on the way.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ..exceptions import UnsupportedSchema


def adapter_of(output_type: object) -> TypeAdapter[Any]:
    """Pydantic's validator of a type.

    Raises:
        UnsupportedSchema: it is no type, or Pydantic cannot validate it.
    """
    if isinstance(output_type, str):
        raise UnsupportedSchema(
            f"the output type is the string {output_type!r}: pass the type first and the prompt second, "
            "as in generate(Invoice, prompt)"
        )
    if isinstance(output_type, FunctionType | BuiltinFunctionType | MethodType):
        raise _not_a_type(output_type, "it is a function")
    try:
        return TypeAdapter(cast("Any", output_type))
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise _not_a_type(output_type, str(error).split(".")[0].splitlines()[0]) from error


def _not_a_type(output_type: object, reason: str) -> UnsupportedSchema:
    return UnsupportedSchema(
        f"{output_type!r} is not a type that Pydantic can validate ({reason}): pass a model, dataclass, TypedDict, "
        "Enum, Literal, union, list or primitive type, or a JSON Schema as a dict"
    )


def json_schema_of(adapter: TypeAdapter[Any]) -> JsonSchemaValue:
    """The JSON Schema (draft 2020-12) of what the validator accepts, by alias.

    Raises:
        UnsupportedSchema: a part of the type has no JSON Schema, such as a callable.
    """
    try:
        return adapter.json_schema(mode="validation", schema_generator=_GenerateSchema)
    except PydanticUserError as error:
        raise UnsupportedSchema(f"the type has no JSON Schema: {str(error).splitlines()[0]}") from error


class _GenerateSchema(GenerateJsonSchema):
    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        if field["type"] == "typed-dict-field":
            return super().field_is_required(field, total)
        return True

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        text: JsonSchemaValue = {"type": "string", "format": "decimal", "pattern": _decimal_pattern(schema)}
        bounds = {
            "ge": "minimum",
            "gt": "exclusiveMinimum",
            "le": "maximum",
            "lt": "exclusiveMaximum",
            "multiple_of": "multipleOf",
        }
        for name, keyword in bounds.items():
            if (value := schema.get(name)) is not None:
                text[keyword] = float(str(value))
        return text


def _decimal_pattern(schema: core_schema.DecimalSchema) -> str:
    places, digits = schema.get("decimal_places"), schema.get("max_digits")
    low = schema.get("ge", schema.get("gt"))
    sign = "" if low is not None and low >= 0 else "-?"
    whole = r"(0|[1-9]\d*)" if digits is None else rf"(0|[1-9]\d{{0,{max(digits - (places or 0) - 1, 0)}}})"
    if places == 0:
        return f"^{sign}{whole}$"
    if places is None and digits is not None:
        return rf"^{sign}{whole}$" if digits < 2 else rf"^{sign}{whole}(\.\d{{1,{digits - 1}}})?$"
    fraction = r"\d+" if places is None else rf"\d{{1,{places}}}"
    return rf"^{sign}{whole}(\.{fraction})?$"
