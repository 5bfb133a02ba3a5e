"""A probability for each field, from those of the tokens."""

import json
from math import exp, isclose
from typing import Any

import pytest
from hypothesis import given, strategies as st

from qwen_structured import Completion, StructuredGenerator, Usage
from qwen_structured._confidence import confidence, values
from qwen_structured.protocols import Capabilities, Logprobs, TokenLogprob
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio


def tokens(*pairs: tuple[str, float]) -> list[TokenLogprob]:
    return [TokenLogprob(text, logprob) for text, logprob in pairs]


def test_a_field_has_the_product_of_its_tokens() -> None:
    found = confidence(
        tokens(('{"a":', -9.0), ("1", -0.5), ("2", -0.25), (',"b":', -9.0), ("3", -1.0), ("}", -9.0))
    )
    assert found == {"a": exp(-0.75), "b": exp(-1.0)}


def test_a_token_that_reaches_over_a_value_counts_for_it() -> None:
    found = confidence(tokens(('{"a":"', -1.0), ("x", 0.0), ('","b":"', -2.0), ('y"', 0.0), ("}", -9.0)))
    assert found == {"a": exp(-3.0), "b": exp(-2.0)}


def test_a_value_that_is_the_whole_answer_has_the_empty_path() -> None:
    assert confidence(tokens(("12", -1.0), ("3", -1.0))) == {"": exp(-2.0)}


def test_tokens_without_text_count_for_the_character_that_they_begin() -> None:
    assert confidence(tokens(('"', 0.0), ("", -1.0), ("", -1.0), ("é", -1.0), ('"', 0.0))) == {"": exp(-3.0)}


def test_nothing_was_written_and_nothing_has_a_confidence() -> None:
    assert confidence([]) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"lines":[{"price":1.5},{"price":-2e3}]}', {"lines[0].price": "1.5", "lines[1].price": "-2e3"}),
        ('{ "a b" : [ true , null ] }', {"'a b'[0]": "true", "'a b'[1]": "null"}),
        (r'["a\"],{", "\\"]', {"[0]": r'"a\"],{"', "[1]": r'"\\"'}),
        ("[[],{},[ ],[{}]]", {"[0]": "[]", "[1]": "{}", "[2]": "[ ]", "[3][0]": "{}"}),
        ('{"":{"é":"ü"}}', {"''.é": '"ü"'}),
        ("[" * 5000 + "1" + "]" * 5000, {"[0]" * 5000: "1"}),
    ],
)
def test_values_are_found_where_they_stand(text: str, found: dict[str, str]) -> None:
    assert {path: text[start:end] for path, start, end in values(text)} == found


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def _leaves(value: Any) -> list[Any]:
    parts = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [value]


@given(_JSON, st.data())
def test_however_the_text_is_cut_into_tokens_every_leaf_has_its_probability(
    value: Any, data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()))
    assert [json.loads(text[start:end]) for _, start, end in values(text)] == _leaves(value)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(text) - 1)))))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b]
    found = confidence([TokenLogprob(piece, -0.1) for piece in pieces])
    ends = [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]
    for path, start, end in values(text):
        touched = sum(
            1 for piece, stop in zip(pieces, ends, strict=True) if stop > start and stop - len(piece) < end
        )
        assert isclose(found[path], exp(-0.1 * touched))


async def test_a_result_has_the_confidence_of_each_field() -> None:
    completion = Completion(
        text='{"size":42}',
        finish_reason="stop",
        usage=Usage(1, 3),
        model="m",
        logprobs=Logprobs(tokens=tuple(tokens(('{"size":', 0.0), ("42", -0.5), ("}", 0.0))), after_mask=True),
    )
    backend = ScriptedBackend([completion, completion], capabilities=Capabilities(logprobs=True))
    generator = StructuredGenerator(backend=backend)
    result = await generator.agenerate_result(dict[str, int], "x", logprobs=True)
    assert result.confidence == {"size": exp(-0.5)}
    assert backend.requests[0].logprobs


async def test_without_probabilities_there_is_no_confidence() -> None:
    result = await StructuredGenerator(backend=ScriptedBackend(["12"])).agenerate_result(int, "x")
    assert result.confidence == {}
