"""A corpus made of Python types: instances and near misses drawn from their schemas, judged by Pydantic.

Pydantic's verdict counts. Two kinds of instance are left out: what it takes though its schema does not
(``"1"`` for an integer, say: its lax mode is no decoder's business), and objects without a property that has
a default (whether the model may leave it out is a setting, not a matter of validity).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from .corpora import Case, Instance, TypeAt, module_of, usual
from .spelling import is_open
from .strategies import ODD, Strategies

if TYPE_CHECKING:
    from pydantic import TypeAdapter

INSTANCES = 150
_SPOILT = 8


def read(file: Path, count: int = INSTANCES) -> list[Case]:
    """A case for every type that a file's ``TYPES`` names, each with at most so many instances."""
    module = module_of(file)
    known: dict[str, list[str]] = getattr(module, "VALID", {})  # texts that Pydantic takes
    return [
        _case(TypeAt(file, name), output_type, known.get(name, []), count)
        for name, output_type in module.TYPES.items()
    ]


def _case(where: TypeAt, output_type: Any, known: list[str], count: int) -> Case:
    from pydantic import TypeAdapter

    adapter: TypeAdapter[Any] = TypeAdapter(output_type)
    schema = adapter.json_schema()
    drawn = [json.dumps(value, ensure_ascii=False) for value in [*_near(known), *_draw(schema, count)]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the standard library's, on odd values
        judged = [_judge(adapter, schema, text) for text in dict.fromkeys([*known, *drawn])]
    return Case(where.name, schema, tuple(each for each in judged if each), where)


def _judge(adapter: TypeAdapter[Any], schema: Any, text: str) -> Instance | None:
    import jsonschema_rs
    from pydantic import ValidationError

    try:
        value = adapter.validate_json(text)
    except ValidationError:
        return Instance(text, valid=False, valid_to_model=False)
    by_schema = jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(json.loads(text))
    if not by_schema or not _has_all_keys(json.loads(text), _dumped(adapter, value)):
        return None
    return Instance(text, True, True, is_open(text, schema), respelt=usual(_dumped(adapter, value)))


def _dumped(adapter: TypeAdapter[Any], value: Any) -> Any:
    """The value with its defaults, as Pydantic writes it; nothing where it can't."""
    from pydantic_core import PydanticSerializationError

    try:
        return json.loads(adapter.dump_json(value, by_alias=True, round_trip=True, warnings=False))
    except (PydanticSerializationError, ValueError):
        return None


def _has_all_keys(given: Any, dumped: Any) -> bool:
    if isinstance(given, dict) and isinstance(dumped, dict):
        return all(key in given and _has_all_keys(given[key], dumped[key]) for key in dumped)
    if isinstance(given, list) and isinstance(dumped, list):
        return all(_has_all_keys(*pair) for pair in zip(given, dumped, strict=False))
    return True


def _near(known: list[str]) -> Iterator[Any]:
    """Values that are valid but for one place."""
    random = Random(0)
    for text in known:
        yield from (_spoilt(json.loads(text), random) for _ in range(_SPOILT))


def _draw(schema: Any, count: int) -> list[Any]:
    """Values near the schema, half of them meant to be valid, half of them spoilt in one place, and `ODD`."""
    from hypothesis import HealthCheck, Phase, errors, given, settings, strategies as st

    values: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(Strategies(schema).of(schema), st.booleans(), st.integers(0, 2**32))
    def collect(value: Any, spoil: bool, seed: int) -> None:
        values.append(_spoilt(value, Random(seed)) if spoil else value)

    with suppress(errors.Unsatisfiable):  # of a schema without values, as that of a type without a schema
        collect()
    return [*values, *ODD]


def _spoilt(value: Any, random: Random) -> Any:
    """A copy with one place changed: replaced, removed, repeated, or a little off."""
    root = [json.loads(json.dumps(value))]
    container, step = random.choice(list(_places(root)))
    if container is not root and random.random() < 0.2:
        del container[step]
    elif container is not root and isinstance(container, list) and random.random() < 0.2:
        container.append(container[step])
    elif random.random() < 0.5:
        container[step] = random.choice(ODD)
    else:
        container[step] = _a_little_off(container[step], random)
    return root[0]


def _a_little_off(value: Any, random: Random) -> Any:
    match value:
        case bool() | None:
            return str(value)
        case int():
            return value + random.choice((-1, 1, 0.5))
        case float():
            return value + random.choice((-1, 1, 0.001))
        case str():
            return random.choice((value[:-1], value + "x", value + value, value.swapcase()))
        case dict():
            return value | {"another": 1}
    return [*value, None]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield value, step
        yield from _places(child)
