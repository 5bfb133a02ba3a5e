"""Masks allow exactly what the parser takes, for tokens that go on after a value too.

Our rules tell the engine what may follow a value. It believes that when it makes a mask, so a rule that said
too little would forbid valid tokens, which no test that feeds texts alone can see.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import xgrammar
from benchmarks.differential import corpora
from benchmarks.differential.corpora import Case

from qwen_structured.exceptions import UnsupportedSchema
from qwen_structured.schema import lower

DATA = Path(__file__).parent.parent / "data" / "schemas"
BYTES = [bytes([byte]) for byte in range(256)]
MARKS = '",:{}[]a1.- '
CROSSING = ["".join(marks).encode() for length in (2, 3) for marks in product(MARKS, repeat=length)]
TOKENS = [*BYTES, *CROSSING, b"</s>"]
IDS = {token: number for number, token in enumerate(TOKENS)}
END = IDS[b"</s>"]
TRIED_AT_EACH_STEP = 12
OWN: list[tuple[Any, list[str]]] = [
    ({"type": "string", "maxLength": 9}, ['"a1 "', '"a,:{}[]"', '""']),
    ({"type": "string", "format": "email"}, ['"a1.-a@a.aa"']),
    ({"type": "array", "items": {"type": "string", "maxLength": 9}}, ['["a","1a"]', '["\\n","é"]', "[]"]),
    (
        {"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}, "b": {"type": "integer"}}},
        ['{"a":"a1"}', '{"a":"a","b":1}', '{"b":1}'],
    ),
    ({}, ['[{"a":["1",1.1,-1]},"a"]', '"a"', "1", '{"a":{"a":[]}}']),
]


@cache
def compiler() -> xgrammar.GrammarCompiler:
    info = xgrammar.TokenizerInfo(TOKENS, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[END])
    return xgrammar.GrammarCompiler(info, max_threads=1)


def tokens_of(text: bytes, choose: random.Random) -> list[int]:
    """The text in tokens of random lengths."""
    found = []
    while text:
        ends = [end for end in (1, 2, 3) if text[:end] in IDS]
        end = choose.choice(ends)
        found.append(IDS[text[:end]])
        text = text[end:]
    return [*found, END]


def mismatches(grammar: str, texts: list[str]) -> list[tuple[bytes, bytes]]:
    """Where mask and parser disagree: what was written, and the token."""
    choose = random.Random(1)
    compiled = compiler().compile_grammar(xgrammar.Grammar.from_ebnf(grammar))
    mask = xgrammar.allocate_token_bitmask(1, len(TOKENS))
    found = []
    for text in texts:
        matcher, written = xgrammar.GrammarMatcher(compiled), b""
        for token in tokens_of(text.encode(), choose):
            xgrammar.reset_token_bitmask(mask)
            matcher.fill_next_token_bitmask(mask)
            for tried in (token, *(choose.randrange(len(TOKENS)) for _ in range(TRIED_AT_EACH_STEP))):
                allowed = bool(int(mask[0, tried // 32]) >> tried % 32 & 1)
                if allowed != matcher.fork().accept_token(tried):
                    found.append((written, TOKENS[tried]))
            if not matcher.accept_token(token):
                break  # the grammar has this value in another spelling
            written += TOKENS[token]
    return found


@pytest.mark.parametrize(("schema", "texts"), OWN)
def test_masks_allow_what_the_parser_takes(schema: Any, texts: list[str]) -> None:
    assert mismatches(lower(schema).grammar, texts) == []


@pytest.mark.parametrize("corpus", ["pydantic", "suite2020"])
def test_masks_of_the_corpora_allow_what_the_parser_takes(corpus: str) -> None:
    found = {case.name: wrong for case in corpora.read(DATA, corpus) if (wrong := wrong_masks(case))}
    assert not found


def wrong_masks(case: Case) -> list[tuple[bytes, bytes]]:
    try:
        grammar = lower(case.schema).grammar
    except UnsupportedSchema:
        return []
    return mismatches(grammar, [each.respelt or each.text for each in case.instances if each.valid][:3])
