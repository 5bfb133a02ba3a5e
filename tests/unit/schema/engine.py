"""XGrammar itself, over single bytes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy
import pytest

xgr = pytest.importorskip("xgrammar")
END_OF_TEXT = 256


class Engine:
    """A grammar, as XGrammar understands it."""

    def __init__(self, ebnf: str) -> None:
        self._compiled = _compiler().compile_grammar(xgr.Grammar.from_ebnf(ebnf))

    @classmethod
    def of_regex(cls, regex: str) -> Engine:
        """The grammar of an expression in XGrammar's dialect."""
        quoted = regex.replace("\\", "\\\\").replace('"', '\\"')
        return cls(f'root ::= Regex("{quoted}")')

    def takes(self, text: bytes) -> bool:
        """Whether the parser takes a text and its end."""
        matcher = xgr.GrammarMatcher(self._compiled)
        return all(matcher.accept_token(byte) for byte in text) and matcher.accept_token(END_OF_TEXT)

    def takes_text(self, text: str) -> bool:
        """Whether the parser takes a text's JSON spelling, without the quotes."""
        return self.takes(json.dumps(text, ensure_ascii=False)[1:-1].encode())

    def takes_within_masks(self, text: bytes) -> bool:
        """Whether each mask along a text allows the next byte of it, and the last one its end."""
        matcher = xgr.GrammarMatcher(self._compiled)
        return all(
            token in _allowed(matcher) and matcher.accept_token(token) for token in (*text, END_OF_TEXT)
        )

    def allowed_after(self, prefix: bytes) -> list[int]:
        """The bytes, and perhaps the end, that the mask allows after some bytes."""
        matcher = xgr.GrammarMatcher(self._compiled)
        assert all(matcher.accept_token(byte) for byte in prefix)
        return _allowed(matcher)


def _allowed(matcher: Any) -> list[int]:
    bitmask = xgr.allocate_token_bitmask(1, END_OF_TEXT + 1)
    matcher.fill_next_token_bitmask(bitmask)
    bits = numpy.unpackbits(bitmask.numpy().view(numpy.uint8), bitorder="little")
    return [int(token) for token in numpy.flatnonzero(bits[: END_OF_TEXT + 1])]


@cache
def _compiler() -> Any:
    tokens = [bytes([byte]) for byte in range(256)] + [b"</s>"]
    info = xgr.TokenizerInfo(tokens, vocab_type=xgr.VocabType.RAW, stop_token_ids=[END_OF_TEXT])
    return xgr.GrammarCompiler(info, max_threads=1, cache_enabled=False)
