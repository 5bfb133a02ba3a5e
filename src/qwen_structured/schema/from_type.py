"""Make a JSON Schema of a Python type, as the model should see it.

It differs from Pydantic's own in two places. Fields with a default are required, because a model that may
leave a field out often does; and a `Decimal` is a string, because a JSON number loses its digits on the way.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Literal, cast

from pydantic import TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import SchemaError, core_schema

from ..exceptions import UnsupportedSchema


def adapter_of(output_type: object) -> TypeAdapter[Any]:
    """Pydantic's validator of a type.

    Raises:
        UnsupportedSchema: it is no type, or Pydantic cannot validate it, or lacks a package for it.
    """
    if isinstance(output_type, str):
        raise UnsupportedSchema(
            f"the output type is the string {output_type!r}: pass the type first and the prompt second, "
            "as in generate(Invoice, prompt)"
        )
    if isinstance(output_type, FunctionType | BuiltinFunctionType | MethodType):
        raise _not_a_type(output_type, "it is a function")
    try:
        adapter = TypeAdapter(cast("Any", output_type))
        adapter.rebuild(raise_errors=True)  # names what an unfinished model lacks
        return adapter
    except (PydanticUserError, PydanticUndefinedAnnotation, SchemaError) as error:
        raise _not_a_type(output_type, _reason(error)) from error
    except RecursionError as error:
        raise UnsupportedSchema("the type is nested too deep for Pydantic: simplify it") from error
    except ImportError as error:
        raise UnsupportedSchema(f"{output_type!r} needs a package that is missing: {error}") from error


def _reason(error: Exception) -> str:
    """What Pydantic says, without the links and the path through its own schema."""
    lines = [line.strip() for line in str(error).splitlines() if "errors.pydantic.dev" not in line]
    return (lines[-1] if isinstance(error, SchemaError) else lines[0]).rstrip(".")


def _not_a_type(output_type: object, reason: str) -> UnsupportedSchema:
    return UnsupportedSchema(
        f"{output_type!r} is not a type that Pydantic can validate ({reason}): pass a model, dataclass, "
        "TypedDict, Enum, Literal, union, list or primitive type, or a JSON Schema as a dict"
    )


def json_schema_of(
    adapter: TypeAdapter[Any], *, defaults: Literal["required", "optional"] = "required"
) -> JsonSchemaValue:
    """The JSON Schema (draft 2020-12) of what the validator accepts, by alias.

    Args:
        adapter: Pydantic's validator of the type.
        defaults: whether fields with a default are required.

    Raises:
        UnsupportedSchema: a part of the type has no JSON Schema, such as a callable.
    """
    try:
        generator = _GenerateSchema if defaults == "required" else _GenerateOptionalSchema
        return adapter.json_schema(mode="validation", schema_generator=generator)
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
            value: Any = schema.get(name)
            if value is not None:
                text[keyword] = int(value) if value == int(value) else float(value)
        return text


class _GenerateOptionalSchema(_GenerateSchema):
    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        return GenerateJsonSchema.field_is_required(self, field, total)


def _decimal_pattern(schema: core_schema.DecimalSchema) -> str:
    """What Pydantic takes for such a decimal, written without exponent, without needless zeros in front."""
    low = schema.get("ge", schema.get("gt"))
    sign = "" if low is not None and low >= 0 else "-?"
    return f"^{sign}{_digits_pattern(schema.get('max_digits'), schema.get('decimal_places'))}$"


def _digits_pattern(digits: int | None, places: int | None) -> str:
    """Whole part and fraction; `digits` counts those of both, but not a zero before the point."""
    if digits is None:
        return rf"(0|[1-9]\d*){_fraction(places)}"
    if places is None:
        by_length = (
            rf"[1-9]{_more_digits(length - 1)}{_fraction(digits - length)}" for length in range(1, digits + 1)
        )
        return rf"(0{_fraction(digits)}|{'|'.join(by_length)})"
    if digits <= places:  # Pydantic counts the zero of "0", but not that of "0.5"
        return rf"0\.\d{{1,{digits}}}"
    return f"(0|[1-9]{_more_digits_up_to(digits - places - 1)}){_fraction(places)}"


def _fraction(places: int | None) -> str:
    if places is None:
        return r"(\.\d+)?"
    return rf"(\.\d{{1,{places}}})?" if places else ""


def _more_digits(count: int) -> str:
    return rf"\d{{{count}}}" if count else ""


def _more_digits_up_to(count: int) -> str:
    return rf"\d{{0,{count}}}" if count else ""
