"""The columns of a type's rows: known beforehand, so that each block of a dataset has the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import pyarrow
from pydantic_core import to_json

from ..batch.items import Done, Outcome
from ..batch.rows import Row, error_of, fields_of
from ..schema.from_type import adapter_of

_VALUE: Final = "value"
_ERROR: Final = "error"
_ACCOUNT: Final = {
    "attempts": pyarrow.int64(),
    "prompt_tokens": pyarrow.int64(),
    "output_tokens": pyarrow.int64(),
    "cost_usd": pyarrow.float64(),
}
_SIMPLE: Final = {
    "string": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "null": pyarrow.null(),
}
_UNFIT: Final = (ValueError, TypeError, OverflowError)  # pyarrow's own errors are of these kinds


class Columns:
    """Makes tables of outcomes.

    They have the columns of `qwen_structured.batch.rows`, and behind them the account of each row. Their
    types come from the type's JSON Schema. A column of values that do not go together, as of a union, or of
    objects whose fields are not known beforehand, has them as JSON.

    Args:
        output_type: of the values.

    Attributes:
        schema: names and types of the columns, without those that are carried through.
    """

    def __init__(self, output_type: Any) -> None:
        kinds = _fields(_json_schema(output_type))
        self._error, *self._account = (_free(name, kinds) for name in (_ERROR, *_ACCOUNT))
        self._as_json = {name for name, kind in kinds.items() if kind is None}
        typed = [(name, pyarrow.string() if kind is None else _stored(kind)) for name, kind in kinds.items()]
        self._names = set(kinds)
        account = zip(self._account, _ACCOUNT.values(), strict=True)
        self.schema = pyarrow.schema([*typed, (self._error, pyarrow.string()), *account])

    def table(self, batch: pyarrow.Table, outcomes: Sequence[Outcome[Any]]) -> pyarrow.Table:
        """Put the outcomes of a batch's rows beside its columns.

        A column whose name is taken gets ``input.`` in front.
        """
        rows = [self._row(outcome) for outcome in outcomes]
        made = {field.name: self._array(field, rows, outcomes) for field in self.schema}
        made[self._error] = pyarrow.array([row[self._error] for row in rows], pyarrow.string())
        carried = {
            f"input.{name}" if name in made else name: batch.column(name) for name in batch.column_names
        }
        return pyarrow.table({**carried, **made})

    def _row(self, outcome: Outcome[Any]) -> Row:
        fields = fields_of(outcome.value) if isinstance(outcome, Done) and outcome.value is not None else {}
        error = error_of(outcome)
        if unknown := fields.keys() - self._names:
            fields = {_VALUE: fields}
            if _VALUE not in self._names:
                error = f"the schema of the type has no {sorted(unknown)}; the answer was {_json(fields)}"
        spent = outcome if isinstance(outcome, Done) else outcome.error
        attempts = outcome.attempts if isinstance(outcome, Done) else len(outcome.error.attempts)
        account = (attempts, spent.usage.prompt_tokens, spent.usage.output_tokens, spent.cost_usd)
        return {
            **{name: self._cell(name, fields.get(name)) for name in self._names},
            self._error: _text(error),
            **dict(zip(self._account, account, strict=True)),
        }

    def _cell(self, name: str, value: Any) -> Any:
        return _json(value) if name in self._as_json and value is not None else value

    def _array(
        self, field: pyarrow.Field, rows: list[Row], outcomes: Sequence[Outcome[Any]]
    ) -> pyarrow.Array:
        try:
            return pyarrow.array([row[field.name] for row in rows], field.type)
        except _UNFIT:
            for row, outcome in zip(rows, outcomes, strict=True):
                self._take_out(row, field, outcome)
            return pyarrow.array([row[field.name] for row in rows], field.type)

    def _take_out(self, row: Row, field: pyarrow.Field, outcome: Outcome[Any]) -> None:
        """Say it in the row where a value is none of its column, such as a number beyond 64 bits."""
        try:
            pyarrow.array([row[field.name]], field.type)
        except _UNFIT as error:
            row[field.name] = None
            answer = outcome.text if isinstance(outcome, Done) else ""
            row[self._error] = _text(
                f"{type(error).__name__}: {field.name}: {error}; the answer was {answer}"
            )


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _json(value: Any) -> str:
    return to_json(value).decode()


def _text(text: str | None) -> str | None:
    """A text as Arrow takes it, which has no halves of characters."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


# --- from JSON Schema to Arrow -------------------------------------------------------------------

_Kind: TypeAlias = "pyarrow.DataType | None"
"""A type; None of what is kept as JSON."""


def _json_schema(output_type: Any) -> Mapping[str, Any]:
    """The schema of values as they are written out."""
    if isinstance(output_type, Mapping):
        return output_type
    return adapter_of(output_type).json_schema(mode="serialization", by_alias=True)


def _fields(root: Mapping[str, Any]) -> dict[str, _Kind]:
    """The columns of all forms that a value may have."""
    kinds: dict[str, _Kind] = {}
    for branch in _branches(root, root, ()):
        if branch.get("type") == "null":  # which is a row without values
            continue
        if _is_closed(branch):
            found = {name: _kind(part, root, ()) for name, part in branch["properties"].items()}
        else:
            found = {_VALUE: _kind(branch, root, ())}
        kinds |= {name: _both(kinds.get(name, kind), kind) for name, kind in found.items()}
    return kinds or {_VALUE: pyarrow.null()}


def _branches(schema: Any, root: Mapping[str, Any], seen: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The forms of a schema, with references followed; an empty one where it cannot be told."""
    if not isinstance(schema, Mapping):
        yield {}
    elif isinstance(reference := schema.get("$ref"), str):
        target = None if reference in seen else _target(reference, root)
        yield from _branches(target, root, (*seen, reference))
    elif forms := schema.get("anyOf") or schema.get("oneOf"):
        for form in forms:
            yield from _branches(form, root, seen)
    elif isinstance(names := schema.get("type"), list):
        yield from ({**schema, "type": name} for name in names)
    else:
        yield schema


def _target(reference: str, root: Any) -> Any:
    if reference != "#" and not reference.startswith("#/"):
        return None
    for name in reference.split("/")[1:]:
        plain = name.replace("~1", "/").replace("~0", "~")
        root = root.get(plain) if isinstance(root, Mapping) else None
    return root


def _is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether an object has the fields that are named, and no others."""
    others = schema.get("additionalProperties") or schema.get("patternProperties")
    is_object = schema.get("type", "object") == "object" and isinstance(schema.get("properties"), Mapping)
    return is_object and not others and "allOf" not in schema


def _kind(schema: Any, root: Mapping[str, Any], seen: tuple[str, ...]) -> _Kind:
    if isinstance(schema, Mapping) and isinstance(reference := schema.get("$ref"), str):
        if reference in seen:
            return None
        return _kind(_target(reference, root), root, (*seen, reference))
    kinds = [_of_form(form, root, seen) for form in _branches(schema, root, seen)]
    first, *rest = kinds
    for kind in rest:
        first = _both(first, kind)
    return first


def _of_form(schema: Mapping[str, Any], root: Mapping[str, Any], seen: tuple[str, ...]) -> _Kind:
    if _is_closed(schema):
        fields = {name: _kind(part, root, seen) for name, part in schema["properties"].items()}
        known = {name: _stored(kind) for name, kind in fields.items() if kind is not None}
        return pyarrow.struct(list(known.items())) if known and len(known) == len(fields) else None
    if schema.get("type") == "array" and "prefixItems" not in schema and "items" in schema:
        items = _kind(schema["items"], root, seen)
        return None if items is None else pyarrow.list_(_stored(items))
    listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if "type" not in schema and isinstance(listed, list) and listed:
        return _of_values(listed)
    name = schema.get("type")
    return _SIMPLE.get(name) if isinstance(name, str) else None


def _of_values(values: list[Any]) -> _Kind:
    try:
        kind: _Kind = pyarrow.array(values).type
    except _UNFIT:
        return None
    return kind


def _both(one: _Kind, other: _Kind) -> _Kind:
    """The type that holds values of two; None where they do not go together."""
    if one is None or other is None:
        return None
    if one == other or pyarrow.types.is_null(other):
        return one
    if pyarrow.types.is_null(one):
        return other
    numbers = {pyarrow.int64(), pyarrow.float64()}
    return pyarrow.float64() if {one, other} == numbers else None


def _stored(kind: pyarrow.DataType) -> pyarrow.DataType:
    """A column with nothing in it is one of texts."""
    return pyarrow.string() if pyarrow.types.is_null(kind) else kind
