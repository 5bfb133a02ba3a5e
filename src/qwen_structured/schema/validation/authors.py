"""What the author of a type says of its JSON Schema: it may narrow what the validator takes, never widen it.

Meant are ``json_schema_extra``, ``WithJsonSchema`` and ``__get_pydantic_json_schema__``. A keyword of theirs
that takes the place of another leaves that one standing, in an ``allOf`` beside it. Where they answer without
asking what the validator takes, and Pydantic knows of no schema itself, theirs stands, with a mark.

Source: pydantic 2.12 to 2.14, ``GenerateJsonSchema.generate_inner`` for the keys of the metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, cast

from pydantic import GetJsonSchemaHandler, WithJsonSchema
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic_core import PydanticOmit, to_jsonable_python

from . import validators
from .beyond import MARKS, marked

ANNOTATIONS = frozenset(
    "title description default examples deprecated readOnly writeOnly discriminator $comment $defs".split()
)
_WORD = "its author's word stands for what the validator takes"
_Schema = dict[str, Any]
_Handler = Callable[[Any], _Schema]


def narrowing(schema: Any) -> Any:
    """The core schema with all that its author says of its JSON Schema made to narrow it only."""
    metadata = schema.get("metadata")
    if not metadata or not any(key.startswith("pydantic_js_") for key in metadata):
        return schema
    metadata = dict(metadata)
    if updates := metadata.get("pydantic_js_updates"):
        metadata["pydantic_js_updates"] = {key: updates[key] for key in updates if key in ANNOTATIONS}
    if extra := metadata.get("pydantic_js_extra"):
        metadata["pydantic_js_extra"] = partial(_apply_extra, extra)
    for key in ("pydantic_js_functions", "pydantic_js_annotation_functions"):
        if functions := metadata.get(key):
            metadata[key] = [partial(_apply_function, function) for function in functions]
    return {**schema, "metadata": metadata}


def narrowed(before: Mapping[str, Any], after: Mapping[str, Any]) -> _Schema:
    """`after`, with every keyword of `before` that it has lost or changed."""
    lost = {
        key: value
        for key, value in before.items()
        if key not in ANNOTATIONS and key != MARKS and after.get(key) != value
    }
    out = {**after, MARKS: [*before[MARKS]]} if MARKS in before and MARKS not in after else dict(after)
    if "allOf" in lost:
        lost["allOf"] = [part for part in before["allOf"] if part not in after.get("allOf", ())]
    return {**out, "allOf": [*after.get("allOf", ()), lost]} if lost else out


def _apply_extra(extra: Any, schema: _Schema) -> None:
    before = deepcopy(schema)
    if isinstance(extra, Mapping):
        schema.update(to_jsonable_python(extra))
    else:
        extra(schema)
    after = narrowed(before, schema)
    schema.clear()
    schema.update(after)


def _apply_function(function: Callable[..., _Schema], core: Any, handler: Any) -> _Schema:
    asked = _Asked(handler)
    out = function(core, asked)
    if _is_pydantics(function):
        why = validators.reason_of_format(out.get("format"))
        return marked(out, f"format {out['format']}", why) if why else out
    if asked.before is not None:
        return _kept(asked.before, out, handler)
    return _unasked(core, handler, out)


def _kept(before: _Schema, out: _Schema, handler: Any) -> _Schema:
    after = handler.resolve_ref_schema(out) if "$ref" in out else out
    kept = narrowed(before, after)
    if kept == after:
        return out
    if after is out:
        return kept
    after.clear()
    after.update(kept)
    return out


def _unasked(core: Any, handler: _Handler, given: _Schema) -> _Schema:
    try:
        before = handler(core)
    except (PydanticInvalidForJsonSchema, PydanticOmit):
        return marked(given, "a JSON Schema of its own", _WORD)
    marks = before.get(MARKS, ())
    if "$ref" in before or any(constraint.startswith(("before", "wrap", "plain")) for constraint, _ in marks):
        return marked(given, "a JSON Schema of its own", _WORD)
    return narrowed(before, given)


class _Asked(GetJsonSchemaHandler):
    """Hands on to a handler and keeps what it said, as it was before anybody changed it."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler
        self.mode = handler.mode
        self.before: _Schema | None = None

    def __call__(self, core_schema: Any, /) -> _Schema:
        out = cast("_Schema", self._handler(core_schema))
        said = self._handler.resolve_ref_schema(out) if "$ref" in out else out
        self.before = deepcopy(said)
        return out

    def resolve_ref_schema(self, maybe_ref_json_schema: _Schema, /) -> _Schema:
        return cast("_Schema", self._handler.resolve_ref_schema(maybe_ref_json_schema))


def _is_pydantics(function: object) -> bool:
    """Whether it is Pydantic's own, and not the word of a user through `WithJsonSchema`."""
    module = str(getattr(function, "__module__", ""))
    return module.partition(".")[0] == "pydantic" and not isinstance(
        getattr(function, "__self__", None), WithJsonSchema
    )
