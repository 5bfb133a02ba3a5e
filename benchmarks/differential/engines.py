"""The engines behind one small interface, each as its users call it.

All run on a vocabulary of single bytes, so that a text is its own tokenisation and compiling is cheap. What
an engine enforces does not depend on the vocabulary.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from .corpora import Case
from .spelling import COMPACT, SPACED

if TYPE_CHECKING:
    import xgrammar

    from qwen_structured.schema import Finding

_END = 256
_BYTES = [bytes([byte]) for byte in range(256)]


class Refused(Exception):
    """The engine says that it does not support the schema."""


Matcher = Callable[[bytes], int | None]
"""Feeds a text: None if the engine accepts it as a whole, or else the first byte that it refuses."""


Writer = Callable[[Random], bytes | None]
"""Writes a text that a grammar allows; None if it grows too long."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A schema as an engine sees it: what it accepts, and what the engine said it would do."""

    stops_at: Matcher
    findings: tuple[Finding, ...] = ()


class Engine(Protocol):
    """Makes a matcher of a schema."""

    @property
    def separators(self) -> tuple[str, str]:
        """How the engine has the model write JSON: what stands between items, and after keys."""
        ...

    @property
    def packages(self) -> tuple[str, ...]:
        """The distributions whose versions a result depends on."""
        ...

    def compile(self, case: Case) -> Compiled:
        """Compile the case's schema or type.

        Raises:
            Refused: the engine does not support it.
        """
        ...


class Ours:
    """`qwen_structured.schema.lower`, enforced by XGrammar."""

    separators = COMPACT
    packages = ("qwen-structured", "xgrammar")

    def compile(self, case: Case) -> Compiled:
        from qwen_structured.exceptions import UnsupportedSchema
        from qwen_structured.schema import lower

        try:
            lowering = lower(case.output_type.load() if case.output_type else case.schema)
        except UnsupportedSchema as error:
            raise Refused(str(error)) from error
        return Compiled(matcher_of(lowering.grammar), tuple(lowering.fidelity))


@dataclass(frozen=True, slots=True)
class XGrammarConverter:
    """XGrammar's own JSON converter, without free whitespace.

    Source: vLLM 0.33, ``xgrammar`` with ``disable_any_whitespace``; strict mode is its default.
    """

    strict_mode: bool = True
    separators = SPACED
    packages = ("xgrammar",)

    def compile(self, case: Case) -> Compiled:
        try:
            grammar = _compiler().compile_json_schema(
                json.dumps(case.schema), any_whitespace=False, strict_mode=self.strict_mode
            )
        except RuntimeError as error:
            raise Refused(str(error)) from error
        return Compiled(_matcher(grammar))


class LLGuidance:
    """llguidance, without free whitespace.

    Source: vLLM 0.33, ``guidance`` with ``disable_any_whitespace``.
    """

    separators = COMPACT
    packages = ("llguidance",)

    def compile(self, case: Case) -> Compiled:
        import llguidance

        try:
            grammar = llguidance.LLMatcher.grammar_from_json_schema(
                json.dumps(case.schema), overrides={"whitespace_flexible": False}
            )
        except ValueError as error:
            raise Refused(str(error)) from error
        first = llguidance.LLMatcher(_byte_tokenizer(), grammar, log_level=0)
        if first.is_error():
            raise Refused(first.get_error())

        def stops_at(text: bytes) -> int | None:
            matcher = llguidance.LLMatcher(_byte_tokenizer(), grammar, log_level=0)
            taken = int(matcher.try_consume_tokens(list(text)))
            return None if taken == len(text) and matcher.is_accepting() else taken

        return Compiled(stops_at)


class OutlinesCore:
    """outlines-core: a regular expression of the schema, its own whitespace and depth of recursion."""

    separators = COMPACT
    packages = ("outlines-core",)

    def compile(self, case: Case) -> Compiled:
        import outlines_core
        from outlines_core.json_schema import build_regex_from_schema

        try:
            regex = build_regex_from_schema(json.dumps(case.schema))
            index = outlines_core.Index(regex, _outlines_vocabulary())
        except (ValueError, TypeError) as error:
            raise Refused(str(error)) from error

        def stops_at(text: bytes) -> int | None:
            guide = outlines_core.Guide(index)
            for position, byte in enumerate(text):
                try:
                    guide.advance(byte, return_tokens=False)
                except ValueError:
                    return position
            return None if guide.is_finished() else len(text)

        return Compiled(stops_at)


ENGINES: Mapping[str, Engine] = {
    "ours": Ours(),
    "xgrammar": XGrammarConverter(strict_mode=True),
    "xgrammar, strict_mode off": XGrammarConverter(strict_mode=False),
    "llguidance": LLGuidance(),
    "outlines-core": OutlinesCore(),
}


def matcher_of(ebnf: str) -> Matcher:
    """Compile a grammar of XGrammar's EBNF."""
    import xgrammar

    return _matcher(_compiler().compile_grammar(xgrammar.Grammar.from_ebnf(ebnf)))


def _matcher(grammar: xgrammar.CompiledGrammar) -> Matcher:
    import xgrammar

    def stops_at(text: bytes) -> int | None:
        matcher = xgrammar.GrammarMatcher(grammar)
        if matcher.accept_string(text):
            return None if matcher.accept_token(_END) else len(text)
        return next((i for i, byte in enumerate(text) if not matcher.accept_token(byte)), len(text))

    return stops_at


def writer_of(ebnf: str) -> Writer:
    """Compile a grammar, to write texts of it at random: bytes that it allows, one after the other."""
    import xgrammar

    grammar = _compiler().compile_grammar(xgrammar.Grammar.from_ebnf(ebnf))
    bitmask: Any = xgrammar.allocate_token_bitmask(1, _END + 1)

    def write(random: Random, limit: int = 300) -> bytes | None:
        matcher, text = xgrammar.GrammarMatcher(grammar), bytearray()
        while len(text) < limit:
            matcher.fill_next_token_bitmask(bitmask)
            words = bitmask[0].tolist()
            allowed = [token for token in range(_END + 1) if words[token >> 5] >> (token & 31) & 1]
            token = _chosen(allowed, random)
            if token == _END:
                return bytes(text)
            matcher.accept_token(token)
            text.append(token)
        return None

    return write


def _chosen(allowed: list[int], random: Random) -> int:
    """A byte, with a liking for what ends a value, and for ASCII."""
    if _END in allowed and (len(allowed) == 1 or random.random() < 0.4):
        return _END
    allowed = [token for token in allowed if token != _END]
    ending = [token for token in allowed if token in b'"]}']
    if ending and random.random() < 0.25:
        return random.choice(ending)
    ascii_only = [token for token in allowed if token < 128]
    return random.choice(ascii_only if ascii_only and random.random() < 0.9 else allowed)


@cache
def _compiler() -> xgrammar.GrammarCompiler:
    import xgrammar

    tokens = xgrammar.TokenizerInfo(
        [*_BYTES, b"<end>"], vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[_END]
    )
    return xgrammar.GrammarCompiler(tokens, max_threads=1, cache_enabled=False)


@cache
def _byte_tokenizer() -> Any:
    import llguidance

    class Bytes:
        eos_token_id = _END
        bos_token_id = None
        tokens = (*_BYTES, b"<end>")
        special_token_ids = (_END,)

        def __call__(self, text: bytes | str) -> list[int]:
            return list(text if isinstance(text, bytes) else text.encode())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that a tokenizer of bytes is not the model's
        return llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes()))


@cache
def _outlines_vocabulary() -> Any:
    import outlines_core

    return outlines_core.Vocabulary(_END, {token: [byte] for byte, token in enumerate(_BYTES)})
