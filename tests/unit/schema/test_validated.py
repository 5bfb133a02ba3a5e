"""The strict schema against Pydantic itself: what it admits is valid, and what is valid it admits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from qwen_structured import UnsupportedSchema
from qwen_structured.schema.validated import Beyond, validated_schema

from .strict import WILD, checker, instances
from .types import REFUSED, TYPES

NAMES = sorted(TYPES)


@cache
def adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[name])


@cache
def strict(
    name: str, defaults: Literal["required", "optional"] = "required"
) -> tuple[dict[str, Any], tuple[Beyond, ...]]:
    return validated_schema(adapter(name), defaults=defaults)


@cache
def is_instance(name: str, defaults: Literal["required", "optional"] = "required") -> Any:
    return checker(strict(name, defaults)[0])


@cache
def instances_of(name: str) -> st.SearchStrategy[Any]:
    return instances(strict(name)[0])


def complaint(
    name: str, value: Any, beyond: tuple[Beyond, ...], definitions: Mapping[str, Any]
) -> str | None:
    """What Pydantic says against a value, unless a rule beyond the schema says that it may."""
    try:
        adapter(name).validate_json(json.dumps(value))
    except ValidationError as error:
        uncovered = [one for one in error.errors() if not is_covered(one["loc"], beyond, definitions)]
        return f"{name} {value!r}: {uncovered[0]['msg']} at {uncovered[0]['loc']}" if uncovered else None
    return None


def is_covered(
    location: tuple[int | str, ...], beyond: tuple[Beyond, ...], definitions: Mapping[str, Any]
) -> bool:
    names = [part for part in location if isinstance(part, str)]
    return any(_leads_to(names, rule.path, definitions) for rule in beyond)


def _leads_to(names: list[str], path: str, definitions: Mapping[str, Any]) -> bool:
    rest: Iterator[str] = iter(names)
    parts = [part for part in re.split(r"[.\[\]{}]+", path) if part and part not in definitions]
    return all(part in rest for part in parts if not part.isdigit())


# --- what the schema admits is valid ---------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_pydantic_takes_what_the_strict_schema_admits(name: str, data: st.DataObject) -> None:
    schema, beyond = strict(name)
    value = data.draw(instances_of(name))
    assert complaint(name, value, beyond, schema.get("$defs", {})) is None


@pytest.mark.parametrize("defaults", ["required", "optional"])
@pytest.mark.parametrize("name", NAMES)
def test_no_value_at_the_edges_slips_through(name: str, defaults: Literal["required", "optional"]) -> None:
    schema, beyond = strict(name, defaults)
    candidates = [one for value in WILD for one in (value, {"x": value})]
    admitted = [value for value in candidates if is_instance(name, defaults)(value)]
    assert [c for v in admitted if (c := complaint(name, v, beyond, schema.get("$defs", {})))] == []


# --- what is valid the schema admits ---------------------------------------------------------------

OFFSETS = st.timezones() | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES = st.one_of(
    st.text(max_size=5),
    st.binary(max_size=4),
    st.booleans(),
    st.none(),
    st.integers(-20, 120) | st.integers() | st.integers(2**80, 2**90),
    st.floats(-3, 3) | st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-20, 2000, places=2).map(lambda value: Decimal(f"{value.normalize():f}")),
    st.fractions(max_denominator=99),
    st.complex_numbers(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes() | st.datetimes(timezones=OFFSETS),
    st.times() | st.times(timezones=st.just(UTC)),
    st.timedeltas(timedelta(days=-99_999_999), timedelta(days=99_999_999)),
    st.uuids() | st.uuids(version=1) | st.uuids(version=4) | st.uuids(version=5),
    st.ip_addresses(),
    st.sampled_from(WILD),
)
"""Python values of the kinds that the types have."""


def shapes(value: Any) -> Iterator[Any]:
    yield from (value, {"x": value}, [value], {"x": [value]})
    if isinstance(value, str | int | Decimal):
        yield from ({value: 1}, {"x": {value: "a"}}, {"a": value}, {"a": value, "b": value})


def canonical(name: str, value: Any) -> Any:
    """The value as Pydantic writes it; None where it does not take it, or not what it writes itself."""
    try:
        made = adapter(name).validate_python(value)
        text = adapter(name).dump_json(made, by_alias=True, exclude_computed_fields=True)
        adapter(name).validate_json(text)
    except (ValidationError, PydanticSerializationError, TypeError, OverflowError):
        return None
    return json.loads(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of bool as an int, from the standard library
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(VALUES)
def test_the_strict_schema_admits_what_pydantic_writes(value: Any) -> None:
    written = [(name, canonical(name, shape)) for name in NAMES for shape in shapes(value)]
    refused = [
        (n, v) for n, v in written if v is not None and not is_instance(n)(v) and not is_left_out(n, v)
    ]
    assert refused == []


LEFT_OUT: dict[str, str] = {
    "Before|Plain|WithJS|NotExtra|Skipped|Email|Order|ToolCalls": "",  # their author says less
    "DataclassPydantic": "",  # Pydantic does not write what it only needs to make the value
    "FloatMult": "",  # Pydantic takes what is nearly a multiple
    "Decimal": r"[eE]|-0|0\"",  # exponents, minus zero, zeros at the end
    "Complex|DictFloatKey": "inf|NaN",
    "IPv6|IPvAny": "%",  # zones
    "Duration": r"P\d{7}Y",  # a million years
    "Url": r"fe80|:1/|redis:|h,|%zz|\.\.|/-|\[|xn--|///",
}
"""What the strict schema leaves out by design, by the names of types and what is written."""


def is_left_out(name: str, value: Any) -> bool:
    text = json.dumps(value)
    return any(re.search(names, name) and re.search(what, text) for names, what in LEFT_OUT.items())


# --- one rule at a time ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_type_without_json_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedSchema):
        validated_schema(TypeAdapter(REFUSED[name]))


def test_a_refusal_names_the_path_and_the_way_out() -> None:
    with pytest.raises(UnsupportedSchema, match=r"\['a', 0\].*AliasChoices"):
        validated_schema(TypeAdapter(REFUSED["AliasPath"]))


BEYOND = {
    "After": {"x": "validator not_three"},
    "Base64StrF": {"x": "UTF-8"},
    "Base64UrlStrF": {"": "UTF-8"},
    "Before": {"": "before validator parse_words"},
    "BeforeWithSchema": {"": "a JSON Schema of its own"},
    "BytesMax": {"": "max_length 3"},
    "CallableDisc": {"x": "discriminator"},
    "CustomInit": {"": "__init__"},
    "DataclassPydantic": {"": "__post_init__"},
    "DateFuture": {"": "in the future"},
    "DatePast": {"": "in the past"},
    "DateTimeAwareFrom": {"": "ge 2020-01-01 00:00:00+00:00"},
    "DateTimeFrom": {"": "ge 2020-01-01 00:00:00"},
    "DateTimePast": {"": "in the past"},
    "DictCheckedKey": {"{}": "validator not_three"},
    "DurationTo": {"": "le 3 days, 0:00:00"},
    "FieldChecked": {"a": "validator FieldChecked.not_three"},
    "FractionBounds": {"": "gt 0"},
    "ModelBefore": {"": "before validator ModelBefore.look"},
    "ModelChecked": {"": "validator ModelChecked.ordered"},
    "Not": {"": "predicate not is_even"},
    "Opaque": {"": "a JSON Schema of its own"},
    "PathDirectory": {"": "validator PathType.validate_directory"},
    "PathFile": {"": "validator PathType.validate_file"},
    "PathNew": {"": "validator PathType.validate_new"},
    "Plain": {"": "plain validator not_three"},
    "PostInit": {"": "model_post_init"},
    "PostInitAndPrivate": {"": "model_post_init"},
    "Predicate": {"": "predicate is_even"},
    "Receipt": {"Item.sku": "validator Item.is_sold"},
    "Regex": {"": "format regex"},
    "SecretStrMin": {"": "min_length 3"},
    "SetOfUuids": {"": "min_length 2"},
    "StrLaterBounds": {"": "validator not_three"},
    "StrPatVerbose": {"": "pattern ^ a b $"},
    "StrTwoPatterns": {"": "a further step of validation"},
    "TimeTo": {"": "lt 12:00:00"},
    "TupleVariadicMiddle": {"": "the last 1 items"},
    "Wrap": {"": "wrap validator wrapped"},
    "ZoneInfo": {"": "format zoneinfo"},
}


def test_only_what_no_keyword_says_is_beyond() -> None:
    listed = {name: {rule.path: rule.constraint for rule in strict(name)[1]} for name in NAMES}
    assert {name: rules for name, rules in listed.items() if rules} == BEYOND


@pytest.mark.parametrize("name", NAMES)
def test_no_private_mark_is_left(name: str) -> None:
    assert "x-beyond" not in json.dumps(strict(name)[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_the_same_each_time(name: str) -> None:
    assert json.dumps(validated_schema(adapter(name))[0]) == json.dumps(strict(name)[0])


def test_a_rule_in_a_shared_definition_is_told_once_at_its_name() -> None:
    assert [rule.path for rule in strict("Receipt")[1]] == ["Item.sku"]


def test_defaults_are_asked_for_or_not() -> None:
    assert strict("Defaults")[0]["required"] == ["a", "b", "c", "d"]
    assert strict("Defaults", "optional")[0]["required"] == ["a"]


def test_a_tag_is_asked_for_though_it_has_a_default() -> None:
    assert not is_instance("DiscDefaults", "optional")({"lives": 3})
    assert is_instance("DiscDefaults", "optional")({"kind": "cat"})


def test_a_default_that_is_validated_may_not_be_left_out_unnoticed() -> None:
    class Wrong(BaseModel):
        model_config = ConfigDict(validate_default=True)
        a: Annotated[int, Field(gt=0)] = -1

    assert [rule.path for rule in validated_schema(TypeAdapter(Wrong), defaults="optional")[1]] == ["a"]
    assert validated_schema(TypeAdapter(Wrong))[1] == ()


def test_an_author_cannot_widen_what_is_validated() -> None:
    assert not is_instance("Widened")({"x": 11, "y": "a"})
    assert not is_instance("Widened")({"x": 1, "y": "abcd"})
    assert not is_instance("OwnSchema")({"a": 6})


def test_an_author_narrows_what_is_validated() -> None:
    assert not is_instance("WithJS")({"x": 4})
    assert not is_instance("NotExtra")({"x": "root"})


def test_a_config_of_the_adapter_counts() -> None:
    schema, _ = validated_schema(TypeAdapter(str, config=ConfigDict(str_max_length=3)))
    assert schema == {"type": "string", "maxLength": 3}


def test_a_pattern_says_whose_syntax_it_is() -> None:
    dialects = {name: strict(name)[0] for name in ("StrPatLength", "StrPatCompiled")}
    assert {name: schema["x-pattern-dialect"] for name, schema in dialects.items()} == {
        "StrPatLength": "rust",
        "StrPatCompiled": "python",
    }


def test_a_bound_of_a_key_is_one_of_what_it_spells() -> None:
    assert is_instance("DictIntKeyRange")({"9": "a"})
    assert not is_instance("DictIntKeyRange")({"10": "a"})
