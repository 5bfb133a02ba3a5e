"""The schemas of texts, numbers, dates and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from . import texts
from .beyond import marked
from .choices import taken_by, value_of
from .keywords import BOUNDS, finite, lengths, pattern_of, with_pattern

_BYTES_A_CHARACTER = 4
"""At most, in UTF-8."""

_CLOCK = "it depends on when it is validated"
_DECIMAL_RULES = ("ge", "gt", "le", "lt", "multiple_of", "max_digits", "decimal_places")
_JSON_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    type(None): "null",
}


class LeafSchemas(GenerateJsonSchema):
    """What has no parts."""

    # --- texts -------------------------------------------------------------------------------

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Lengths and pattern hold after stripping, and before any change of case."""
        config = self._config
        out: JsonSchemaValue = {"type": "string"}
        if least := schema.get("min_length", config.str_min_length or 0):
            out["minLength"] = least
        if (most := schema.get("max_length", config.str_max_length)) is not None:
            out["maxLength"] = most
        if pattern := schema.get("pattern"):
            out |= pattern_of(pattern, schema.get("regex_engine", config.regex_engine))
        if schema.get("strip_whitespace", config.str_strip_whitespace):
            out = with_pattern(out, texts.STRIPPED)
        if schema.get("ascii_only"):
            out = with_pattern(out, texts.ASCII)
        return out

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        """As ``val_json_bytes`` says: UTF-8 text, base64 or hexadecimal. Pydantic asks ``ser_json_bytes``."""
        least, most = schema.get("min_length"), schema.get("max_length")
        match self._config.val_json_bytes:
            case "hex":
                double = lengths(least and 2 * least, most and 2 * most)
                return {"type": "string", "pattern": texts.HEX, **double}
            case "base64":
                out: JsonSchemaValue = {"type": "string", "format": "base64url", "pattern": texts.BASE64_URL}
            case _:
                fewest = None if least is None else -(-least // _BYTES_A_CHARACTER)
                out = {"type": "string", "format": "binary", **lengths(fewest, most)}
                least = None if least == 1 else least
        for name, bound in (("min_length", least), ("max_length", most)):
            if bound:
                out = marked(out, f"{name} {bound}", "it counts bytes, not characters")
        return out

    def complex_schema(self, schema: core_schema.ComplexSchema) -> JsonSchemaValue:  # noqa: ARG002
        """As Python writes them, without parentheses."""
        return {"type": "string", "format": "complex", "pattern": texts.COMPLEX}

    def uuid_schema(self, schema: core_schema.UuidSchema) -> JsonSchemaValue:
        """With its version."""
        version = schema.get("version")
        return {"type": "string", "format": f"uuid{version}" if version else "uuid"}

    def url_schema(self, schema: core_schema.UrlSchema) -> JsonSchemaValue:
        """Of its schemes, with a host where it needs one."""
        return self._url(schema, "uri", many_hosts=False)

    def multi_host_url_schema(self, schema: core_schema.MultiHostUrlSchema) -> JsonSchemaValue:
        """The same with several hosts."""
        return self._url(schema, "multi-host-uri", many_hosts=True)

    def _url(self, schema: Mapping[str, Any], named: str, *, many_hosts: bool) -> JsonSchemaValue:
        needs_host = bool(schema.get("host_required")) and not schema.get("default_host")
        pattern = texts.url(schema.get("allowed_schemes"), host_required=needs_host, many_hosts=many_hosts)
        return {
            "type": "string",
            "format": named,
            "pattern": pattern,
            **lengths(1, schema.get("max_length")),
        }

    # --- numbers -----------------------------------------------------------------------------

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """Bounded by the largest float where infinity is refused, since ``1e400`` is infinite."""
        out = super().float_schema(schema)
        return out if schema.get("allow_inf_nan", self._config.allow_inf_nan) else finite(out)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """A string, because a JSON number loses its digits on the way; finite."""
        low = schema.get("ge", schema.get("gt"))
        out: JsonSchemaValue = {
            "type": "string",
            "format": "decimal",
            "pattern": texts.decimal(
                schema.get("max_digits"), schema.get("decimal_places"), signed=low is None or low < 0
            ),
        }
        said = cast("Mapping[str, Any]", schema)
        rules = {name: str(said[name]) for name in _DECIMAL_RULES if said.get(name) is not None}
        return {**out, "x-decimal": rules} if rules else out

    def fraction_schema(self, schema: core_schema.FractionSchema) -> JsonSchemaValue:
        """A string such as ``-1/3``."""
        return _mark_bounds({"type": "string", "format": "fraction", "pattern": texts.FRACTION}, schema)

    # --- dates and times ---------------------------------------------------------------------

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        """Bounds are patterns, because dates sort as their texts do."""
        out: JsonSchemaValue = {"type": "string", "format": "date"}
        for name, pattern in (
            ("ge", texts.date_from),
            ("gt", texts.date_after),
            ("le", texts.date_to),
            ("lt", texts.date_before),
        ):
            if (bound := cast("date | None", schema.get(name))) is not None:
                out = with_pattern(out, pattern(bound))
        return _mark_clock(out, schema)

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        """With or without an offset, as its constraint says."""
        return _mark_bounds(self._zoned("time", schema), schema)

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """With or without an offset, as its constraint says."""
        return _mark_clock(_mark_bounds(self._zoned("date-time", schema), schema), schema)

    def _zoned(self, named: str, schema: Mapping[str, Any]) -> JsonSchemaValue:
        zone = schema.get("tz_constraint")
        if zone is None:
            return {"type": "string", "format": named}
        if isinstance(zone, str):
            return {"type": "string", "format": f"{named}-{zone}"}
        return {"type": "string", "format": f"{named}-aware", "pattern": texts.offset(zone)}

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        """ISO 8601 as Pydantic writes it."""
        out: JsonSchemaValue = {"type": "string", "format": "duration", "pattern": texts.DURATION}
        return _mark_bounds(out, schema)

    # --- finite choices ----------------------------------------------------------------------

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """The values that JSON can say."""
        return self._values(schema, [value_of(value) for value in schema["expected"]])

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """The values of its members; what ``_missing_`` takes besides is left out."""
        return self._values(schema, [value_of(value) for value in schema["members"]]) | {
            key: text for key, text in super().enum_schema(schema).items() if key in ("title", "description")
        }

    def _values(self, schema: Mapping[str, Any], values: Sequence[Any]) -> JsonSchemaValue:
        taken = taken_by(schema, values)
        if not taken:
            return self.handle_invalid_for_json_schema(
                cast("Any", schema), "a choice of which JSON can say no value"
            )
        out: JsonSchemaValue = {"const": taken[0]} if len(taken) == 1 else {"enum": taken}
        kind = _JSON_TYPES.get(type(taken[0])) if len({type(value) for value in taken}) == 1 else None
        return {**out, "type": kind} if kind else out


def _mark_bounds(out: JsonSchemaValue, schema: Mapping[str, Any]) -> JsonSchemaValue:
    for name in BOUNDS:
        if (bound := schema.get(name)) is not None:
            out = marked(out, f"{name} {bound}", "texts of this format do not sort as their values do")
    return out


def _mark_clock(out: JsonSchemaValue, schema: Mapping[str, Any]) -> JsonSchemaValue:
    when = schema.get("now_op")
    return marked(out, f"in the {when}", _CLOCK) if when else out
