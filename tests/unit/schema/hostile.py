"""Schemas that are meant to hurt: each is lowered, or refused with the limit that it passes.

Run as a program, it lowers those that are named, compiles what comes, and prints what each took as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping
from time import process_time
from typing import Any


def _defs(count: int, make: Callable[[int], Any]) -> dict[str, Any]:
    return {f"d{i}": make(i) for i in range(count)}


def _ref(i: int) -> dict[str, str]:
    return {"$ref": f"#/$defs/d{i}"}


def _nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    schema: Any = {"type": "null"}
    for _ in range(depth):
        schema = wrap(schema)
    return schema


def _doubling(keyword: str, count: int, leaf: Any) -> Any:
    """Definitions that each refer to the next one twice."""
    twice = lambda i: {keyword: [_ref(i + 1), _ref(i + 1)]} if i < count else leaf  # noqa: E731
    return {"$defs": _defs(count + 1, twice), **_ref(0)}


def _doubling_properties(count: int) -> Any:
    def both(i: int) -> Any:
        if i == count:
            return {"type": "integer"}
        return {"type": "object", "properties": {"a": _ref(i + 1), "b": _ref(i + 1)}, "required": ["a", "b"]}

    return {"$defs": _defs(count + 1, both), **_ref(0)}


def _object_of(count: int, value: Any, **more: Any) -> Any:
    return {"type": "object", "properties": {f"p{i}": value for i in range(count)}, **more}


def _pattern(pattern: str) -> Any:
    return {"type": "string", "pattern": pattern}


def _branch(i: int) -> Any:
    return {
        "type": "object",
        "properties": {f"a{i}": {"type": "integer", "minimum": i}},
        "required": [f"a{i}"],
    }


_HUGE = 10**999
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SCHEMAS: Mapping[str, Callable[[], Any]] = {
    "arrays 60 deep": lambda: _nested(60, lambda inner: {"type": "array", "items": inner}),
    "arrays 900 deep": lambda: _nested(900, lambda inner: {"type": "array", "items": inner}),
    "objects 500 deep": lambda: _nested(500, lambda inner: _object_of(1, inner, required=["p0"])),
    "allOf 500 deep": lambda: _nested(500, lambda inner: {"allOf": [inner]}),
    "not 400 deep": lambda: _nested(400, lambda inner: {"not": inner}),
    "references in a row": lambda: {"$defs": _defs(3_000, lambda i: _ref(i + 1)) | {"d3000": {}}, **_ref(0)},
    "doubling allOf": lambda: _doubling("allOf", 40, {"type": "integer"}),
    "doubling anyOf": lambda: _doubling("anyOf", 40, {"type": "integer"}),
    "doubling anyOf of objects": lambda: _doubling("anyOf", 40, _object_of(2, {"type": "integer"})),
    "doubling oneOf": lambda: _doubling("oneOf", 30, {"type": "integer"}),
    "doubling properties": lambda: _doubling_properties(40),
    "product of alternatives": lambda: {
        "allOf": [{"anyOf": [_branch(4 * i + j) for j in range(4)]} for i in range(8)]
    },
    "product of string alternatives": lambda: {
        "allOf": [{"anyOf": [_pattern(f"{a}{b}") for a in "abc"]} for b in _LETTERS]
    },
    "nested stars": lambda: _pattern("^(a*)*b$"),
    "more nested stars": lambda: _pattern("^((((a*)*)*)*b)*$"),
    "counted choice": lambda: _pattern("^(a|aa){1000}$"),
    "counted counts": lambda: _pattern("^((a{0,100}){0,100}){0,100}$"),
    "many characters": lambda: _pattern("^.{0,100000}$"),
    "more characters": lambda: _pattern("^.{0,1000000000}$"),
    "exponential automaton": lambda: _pattern("(a|b)*a(a|b){20}"),
    "lookaheads": lambda: _pattern("^" + "".join(f"(?=.*{a})" for a in _LETTERS) + ".*$"),
    "open groups": lambda: _pattern("(" * 5_000 + ")" * 5_000),
    "long alternatives": lambda: _pattern("^(" + "|".join(f"{i:x}*" for i in range(900)) + ")$"),
    "patterns that intersect": lambda: {
        "allOf": [_pattern(f"^.*{a}.{{{i}}}$") for i, a in enumerate(_LETTERS)]
    },
    "long strings": lambda: {"type": "string", "maxLength": 10**9},
    "longer strings": lambda: {"type": "string", "minLength": 10**9},
    "strings of one length": lambda: {"type": "string", "minLength": 10**9, "maxLength": 10**9},
    "long strings of a pattern": lambda: {"type": "string", "pattern": "^(ab|c)*$", "maxLength": 10**9},
    "long and of two lengths": lambda: {"type": "string", "pattern": "^[ab]*$", "minLength": 10**6},
    "many items": lambda: {"type": "array", "minItems": 10**6, "items": {"type": "integer"}},
    "many items at most": lambda: {"type": "array", "maxItems": 10**9, "items": {"type": "integer"}},
    "many items of many": lambda: _nested(
        6, lambda inner: {"type": "array", "maxItems": 1_000, "items": inner}
    ),
    "a few items of a few": lambda: _nested(
        9, lambda inner: {"type": "array", "maxItems": 7, "items": inner}
    ),
    "prefixItems": lambda: {"prefixItems": [{"type": "integer"}] * 20_000},
    "unique items": lambda: {"type": "array", "uniqueItems": True, "items": {"enum": list(range(2_000))}},
    "unique integers": lambda: {
        "type": "array",
        "uniqueItems": True,
        "items": {"type": "integer", "minimum": 0, "maximum": 10**12},
    },
    "contains": lambda: {"type": "array", "contains": {"type": "integer"}, "minContains": 10**6},
    "enum of strings": lambda: {"enum": [f"value number {i}" for i in range(100_000)]},
    "enum of integers": lambda: {"enum": [i * 7919 for i in range(100_000)]},
    "enum of objects": lambda: {"enum": [{"a": i} for i in range(20_000)]},
    "enum of a long string": lambda: {"enum": ["x" * 3_000_000]},
    "const of depth": lambda: {"const": json.loads("[" * 400 + "]" * 400)},
    "properties": lambda: _object_of(10_000, {"type": "integer"}),
    "required properties": lambda: _object_of(
        10_000, {"type": "integer"}, required=[f"p{i}" for i in range(10_000)]
    ),
    "counted properties": lambda: _object_of(1_000, {"type": "integer"}, minProperties=60, maxProperties=64),
    "optional properties": lambda: _object_of(2_000, {"type": "string"}, additionalProperties=False),
    "patternProperties": lambda: {
        "type": "object",
        "patternProperties": {
            f"{a}.*{b}": {"minLength": ord(a)} for a in _LETTERS[:10] for b in _LETTERS[:5]
        },
    },
    "disjoint patternProperties": lambda: {
        "type": "object",
        "patternProperties": {f"^{a}{b}": {"type": "null"} for a in _LETTERS for b in _LETTERS},
    },
    "propertyNames": lambda: {"type": "object", "propertyNames": _pattern("^(a|b)*a(a|b){12}$")},
    "many properties": lambda: {"type": "object", "minProperties": 10**9},
    "dependentRequired": lambda: _object_of(
        40, {"type": "null"}, dependentRequired={f"p{i}": [f"p{i + 1}"] for i in range(39)}
    ),
    "dependentSchemas": lambda: _object_of(
        20, {"type": "null"}, dependentSchemas={f"p{i}": _branch(i) for i in range(20)}
    ),
    "small multiples": lambda: {"type": "number", "multipleOf": 1e-300},
    "odd multiples": lambda: {"type": "number", "multipleOf": 0.123456789},
    "large multiples": lambda: {"type": "integer", "multipleOf": 10**15 + 37},
    "larger multiples": lambda: {"type": "integer", "multipleOf": _HUGE + 1, "minimum": 1},
    "bounds of a thousand digits": lambda: {
        "type": "integer",
        "minimum": _HUGE // 7,
        "maximum": _HUGE * 9 // 7,
    },
    "number bounds of a thousand digits": lambda: {
        "type": "number",
        "minimum": -_HUGE,
        "maximum": _HUGE // 3,
    },
    "small number bounds": lambda: {"type": "number", "exclusiveMinimum": 5e-324, "maximum": 1e-300},
    "not of many values": lambda: {"not": {"enum": list(range(3_000))}},
    "not of many strings": lambda: {"type": "string", "not": {"enum": [f"{i:x}" * 3 for i in range(5_000)]}},
    "not of objects": lambda: {"not": {"enum": [{"a": i, "b": [i]} for i in range(100)]}},
    "not of a pattern": lambda: {"type": "string", "not": _pattern("(a|b)*a(a|b){14}")},
    "not of unions": lambda: {"not": {"anyOf": [_branch(i) for i in range(60)]}},
    "if within if": lambda: _nested(
        14, lambda inner: {"if": _branch(1), "then": {"allOf": [inner, _branch(2)]}, "else": inner}
    ),
    "oneOf that overlap": lambda: {"oneOf": [{"type": "integer", "minimum": i} for i in range(60)]},
    "oneOf of objects": lambda: {"oneOf": [_branch(i) for i in range(60)]},
    "oneOf of 500 objects": lambda: {"oneOf": [_branch(i) for i in range(500)]},
    "anyOf of objects": lambda: {"anyOf": [_branch(i) for i in range(200)]},
    "everything recursive": lambda: {
        "$defs": _defs(
            40,
            lambda i: {
                "type": "object",
                "properties": {f"p{j}": _ref(j) for j in range(40)},
                "title": str(i),
            },
        ),
        **_ref(0),
    },
    "unions of what is recursive": lambda: {
        "$defs": _defs(
            20, lambda i: {"anyOf": [{"type": "array", "items": _ref(j)} for j in range(20)], "title": str(i)}
        ),
        **_ref(0),
    },
    "names": lambda: {
        "type": "object",
        "properties": {"\U0001f600" * 10_000 + str(i): {} for i in range(50)},
    },
    "a long path": lambda: _nested(50, lambda inner: {"type": "object", "properties": {"n" * 5_000: inner}}),
}


def fields(count: int) -> Any:
    """A model of many fields."""
    from typing import Annotated

    from pydantic import Field, create_model

    value = Annotated[int, Field(ge=0, le=99)] | None
    return create_model("Wide", **{f"field_{i}": (value, None) for i in range(count)})  # type: ignore[call-overload]


TYPES: Mapping[str, Callable[[], Any]] = {"a model of 500 fields": lambda: fields(500)}


def main(name: str) -> None:
    """Lower one of them and compile its grammar."""
    from qwen_structured.exceptions import UnsupportedSchema
    from qwen_structured.schema import lower

    schema = {**SCHEMAS, **TYPES}[name]()
    took: dict[str, Any] = {}
    started = process_time()
    try:
        lowering = lower(schema)
    except UnsupportedSchema as error:
        took["refused"] = str(error)
    else:
        took |= {
            "bytes": len(lowering.grammar),
            "checked": [str(one.constraint)[:60] for one in lowering.checked[:5]],
        }
    took["lowering_s"] = process_time() - started
    took["lowering_mib"] = _peak_mib()
    if "bytes" in took and "--compile" in sys.argv:
        compile_for_a_thousand_tokens('root ::= "a"')
        started = process_time()
        compile_for_a_thousand_tokens(lowering.grammar)
        took |= {"compiling_s": process_time() - started, "compiling_mib": _peak_mib()}
    sys.stdout.write(json.dumps(took) + "\n")
    sys.stdout.flush()


def compile_for_a_thousand_tokens(grammar: str) -> None:
    """Compile for a small vocabulary: all bytes, and pieces of text."""
    import xgrammar

    pieces = [a + b for a in _LETTERS for b in _LETTERS] + [
        f"{a}{b}" for a in '",:{}[]\\' for b in '",:{}[]\\0'
    ]
    vocabulary = [*(bytes([byte]) for byte in range(256)), *map(str.encode, pieces), b"<end>"]
    info = xgrammar.TokenizerInfo(
        vocabulary, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[len(vocabulary) - 1]
    )
    xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False).compile_grammar(grammar)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument != "--compile":
            main(argument)
