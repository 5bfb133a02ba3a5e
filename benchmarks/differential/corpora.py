"""Schemas with instances whose validity is known.

A corpus is a file ``<name>.jsonl.gz``: one schema a line, ``{"id", "schema", "tests": [{"valid", "json",
"note"}]}``. Where the schema was made from a Pydantic model, a test has two verdicts, ``schema`` and
``pydantic``; then an instance is right for the model if both say so.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from .spelling import is_open

CORPORA = ("pydantic", "suite2020", "suite7", "real_world")


@dataclass(frozen=True, slots=True)
class Instance:
    """JSON text and what is known of it.

    Attributes:
        text: compact JSON.
        valid: whether the schema allows it.
        valid_to_model: whether schema and model allow it; `valid` where there is no model.
        is_open: whether it has properties that its schema does not mention.
        note: what it is there to show.
        respelt: the same value in its usual spelling; a grammar that allows one of the two loses nothing.
    """

    text: str
    valid: bool
    valid_to_model: bool
    is_open: bool = False
    note: str = ""
    respelt: str = ""


@dataclass(frozen=True, slots=True)
class TypeAt:
    """A Python type by its place, which unlike most types can be sent to a process.

    Attributes:
        file: a Python file that defines ``TYPES``, a mapping of names to types.
        name: the type's name there.
    """

    file: Path
    name: str

    def load(self) -> Any:
        return module_of(self.file).TYPES[self.name]


@cache
def module_of(file: Path) -> Any:
    """A file of Python as a module."""
    name = f"_types_of_{file.stem}"
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)  # Pydantic looks up forward references there
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Case:
    """One output type and its instances.

    Attributes:
        name: unique within its corpus.
        schema: its JSON Schema.
        instances: texts whose validity is known.
        output_type: where its Python type is defined, if that is to be lowered in place of the schema.
    """

    name: str
    schema: Any
    instances: tuple[Instance, ...]
    output_type: TypeAt | None = None


def read(folder: Path, corpus: str) -> list[Case]:
    """Read a corpus.

    Raises:
        OSError: there is none of that name in the folder.
    """
    with gzip.open(folder / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_case(json.loads(line)) for line in lines]


def _case(record: Mapping[str, Any]) -> Case:
    schema = record["schema"]
    return Case(record["id"], schema, tuple(_instance(test, schema) for test in record["tests"]))


def _instance(test: Mapping[str, Any], schema: Any) -> Instance:
    valid = bool(test["schema"] if "schema" in test else test["valid"])
    return Instance(
        text=test["json"],
        valid=valid,
        valid_to_model=valid and bool(test.get("pydantic", True)),
        is_open=bool(test["open"]) if "open" in test else is_open(test["json"], schema),
        note=test.get("note", ""),
        respelt=usual(json.loads(test["json"])) if valid else "",
    )


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def usual(value: Any) -> str:
    """Compact JSON of a value, with its whole numbers written as such: ``1.0`` and ``1e3`` are 1 and 1000."""
    return json.dumps(_whole(value), ensure_ascii=False, separators=(",", ":"))
