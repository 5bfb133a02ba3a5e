"""The schemas of what code validates: validators before, after, around and instead of another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from . import texts, validators
from .authors import narrowing
from .beyond import MARKS, marked
from .keywords import bounded, email, finite, with_pattern
from .leaves import LeafSchemas

SCALARS = {"type": ["string", "number", "boolean", "null"]}


class FunctionSchemas(LeafSchemas):
    """What code has a say in."""

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        """Any node; what its author says of its JSON Schema narrows it and never widens it."""
        if schema["type"] in ("function-before", "function-plain") and validators.imports(
            function_of(schema)
        ):
            return self.handle_invalid_for_json_schema(
                schema, "an import by name, which runs code that it names"
            )
        return super().generate_inner(narrowing(schema))

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        """What it validates first, and what it asks for then."""
        return self.checked_by(super().function_after_schema(schema), function_of(schema))

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What it hands on, or takes by its own word."""
        return _mark_function(super().function_before_schema(schema), "before ", function_of(schema))

    def function_wrap_schema(self, schema: core_schema.WrapValidatorFunctionSchema) -> JsonSchemaValue:
        """What it hands on, or takes by its own word."""
        return _mark_function(super().function_wrap_schema(schema), "wrap ", function_of(schema))

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        """What it takes by its own word."""
        return _mark_function(super().function_plain_schema(schema), "plain ", function_of(schema))

    def checked_by(self, out: JsonSchemaValue, function: object) -> JsonSchemaValue:
        """A schema with what a validator behind it asks for, in keywords or as a mark."""
        if bounds := validators.bounds_of(function):
            return bounded(out, bounds)
        if validators.is_finite_check(function):
            return finite(out)
        if alphabet := validators.base64_alphabet(function):
            out = with_pattern(out, texts.BASE64 if alphabet == "standard" else texts.BASE64_URL)
            is_text = validators.is_of(function, "EncodedStr")
            return marked(out, "UTF-8", "what the base64 decodes to has to be text") if is_text else out
        if validators.is_of(function, "ByteSize"):
            return {
                "anyOf": [{"type": "string", "pattern": texts.BYTE_SIZE}, {"type": "integer", "minimum": 0}]
            }
        if validators.is_of(function, "EmailStr"):
            return email(out)
        return _mark_function(out, "", function)

    def chain_schema(self, schema: core_schema.ChainSchema) -> JsonSchemaValue:
        """Of strings, what all steps ask for; of others, the first, with a mark."""
        first, *rest = schema["steps"]
        out = self.generate_inner(first)
        for step in cast("list[dict[str, Any]]", rest):
            inner = step["schema"] if step["type"] == "function-wrap" else step
            if step["type"] == "is-instance" and issubclass(Hashable, step["cls"]):
                out = {**out, **SCALARS}
            elif inner["type"] == "str" and out.get("type") == "string" and MARKS not in out:
                out = {**out, "allOf": [*out.get("allOf", ()), self.generate_inner(inner)]}
            else:
                out = marked(
                    out, "a further step of validation", "it is of a value that JSON has no type for"
                )
        return out

    def lax_or_strict_schema(self, schema: core_schema.LaxOrStrictSchema) -> JsonSchemaValue:
        """As the configuration says, which Pydantic's own does not ask."""
        strict = schema.get("strict", self._config.strict)
        return self.generate_inner(schema["strict_schema"] if strict else schema["lax_schema"])

    def is_subclass_schema(self, schema: core_schema.IsSubclassSchema) -> JsonSchemaValue:
        """Refused: no JSON is a class."""
        return self.handle_invalid_for_json_schema(schema, f"core_schema.IsSubclassSchema ({schema['cls']})")


def function_of(schema: Any) -> object:
    """The function of a core schema that has one."""
    return schema["function"]["function"]


def _mark_function(out: JsonSchemaValue, kind: str, function: object) -> JsonSchemaValue:
    if validators.only_converts(function):
        return out
    return marked(out, f"{kind}{validators.name_of(function)}", validators.reason_of(function))
