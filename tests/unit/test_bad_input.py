"""What a caller may get wrong before a model is asked: one clear error of ours, with the way out."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    ConfigurationError,
    QwenStructuredError,
    SettingsError,
    StructuredGenerator,
    UnknownBackend,
    UnsupportedSchema,
    generate,
)
from qwen_structured.schema import OutputSchema


class Invoice(BaseModel):
    number: str


class Unfinished(BaseModel):
    line: "NowhereDefined"  # type: ignore[name-defined]  # noqa: F821


class Ungoverned:
    pass


NOT_TYPES: dict[str, tuple[Any, str]] = {
    "the prompt where the type belongs": ("Invoice INV-1", "pass the type first and the prompt second"),
    "a number": (5, "is not a type that Pydantic can validate"),
    "a function": (len, "it is a function"),
    "a lambda": (lambda: 0, "it is a function"),
    "a module": (json, "is not a type that Pydantic can validate"),
    "a list of a type": ([int], "is not a type that Pydantic can validate"),
    "a value of a model": (Invoice(number="1"), "is not a type that Pydantic can validate"),
    "a class without validation": (Ungoverned, "is not a type that Pydantic can validate"),
    "a model with an undefined part": (Unfinished, "NowhereDefined"),
    "a pattern that Pydantic does not know": (
        Annotated[str, Field(pattern="^(?=a)b$")],
        "is not a type that Pydantic can validate (",
    ),
    "a callable type": (Callable[[int], int], "has no JSON Schema"),
    "a wrong keyword": ({"type": "strng"}, "this is not a JSON Schema"),
    "a keyword of the wrong type": ({"type": "object", "properties": []}, "this is not a JSON Schema"),
    "a pattern that is none": ({"type": "string", "pattern": "("}, "this is not a JSON Schema"),
    "a reference to nowhere": ({"$ref": "#/$defs/Line"}, "'/$defs/Line' does not exist"),
    "a Python object in a schema": ({"const": {1, 2}}, "this is not a JSON Schema"),
    "a schema that admits nothing": ({"enum": []}, "admits no value"),
}


@pytest.mark.parametrize(("output_type", "said"), NOT_TYPES.values(), ids=NOT_TYPES.keys())
def test_what_is_no_output_type_is_refused(output_type: Any, said: str) -> None:
    with pytest.raises(UnsupportedSchema) as caught:
        OutputSchema.of(output_type)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


CALLS: dict[str, tuple[Callable[[], object], type[QwenStructuredError], str]] = {
    "an unknown backend": (
        lambda: generate(int, "x", backend="no-such"),
        UnknownBackend,
        "unknown backend 'no-such'",
    ),
    "a backend that is none": (
        lambda: StructuredGenerator(backend=5),  # type: ignore[arg-type]
        ConfigurationError,
        "the backend is 5: pass the name of one",
    ),
    "a misspelt option of a generator": (
        lambda: StructuredGenerator(backend="no-such", temprature=0),  # type: ignore[call-arg]
        SettingsError,
        "unknown setting 'temprature' in the generator: did you mean 'temperature'?",
    ),
    "a setting that is no option of a generator": (
        lambda: StructuredGenerator(backends={"embedded": {}}),  # type: ignore[call-arg]
        SettingsError,
        "unknown setting 'backends' in the generator",
    ),
    "the model as an option of a generator's call": (
        lambda: StructuredGenerator().generate(int, "x", model="4b"),  # type: ignore[call-overload]
        SettingsError,
        "unknown setting 'model' in the call",
    ),
    "a wrong option of a generator": (
        lambda: StructuredGenerator(max_attempts=0),
        SettingsError,
        "setting 'max_attempts' in the generator is 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "said"), CALLS.values(), ids=CALLS.keys())
def test_a_call_that_cannot_be_made_says_why(
    call: Callable[[], object], error: type[QwenStructuredError], said: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert said in str(caught.value)
