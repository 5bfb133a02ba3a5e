"""The engines on a real vocabulary: what they take to compile, and to fill the mask of every token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, perf_counter_ns
from typing import Any, Protocol

from .corpora import Case
from .engines import Refused
from .spelling import COMPACT, SPACED, texts
from .trial import line_of

# Source: Qwen/Qwen3-0.6B, config.json (vocab_size) and tokenizer_config.json (added_tokens_decoder).
_PADDED_SIZE = 151_936
_FIRST_SPECIAL = 151_643
_END = 151_645

_INSTANCES = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A tokenizer's tokens, and a tokenisation that takes the longest token at each place."""

    tokens: tuple[bytes, ...]
    ids: Mapping[bytes, int]
    longest: int

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """Read a tiktoken file: a token in base64 and its rank on each line."""
        pairs = (line.split() for line in path.read_bytes().splitlines())
        ids = {base64.b64decode(token): int(rank) for token, rank in pairs}
        tokens = [b""] * _PADDED_SIZE
        for token, rank in ids.items():
            tokens[rank] = token
        return cls(tuple(tokens), ids, max(map(len, ids)))

    def encode(self, text: bytes) -> list[int]:
        """The longest token at each place, which is near what the model itself writes."""
        found = []
        start = 0
        while start < len(text):
            ends = range(min(len(text), start + self.longest), start, -1)
            end = next(end for end in ends if text[start:end] in self.ids)
            found.append(self.ids[text[start:end]])
            start = end
        return found


@dataclass(frozen=True, slots=True)
class Mask:
    """One mask: how many bytes of the instance were written, and how long it took to fill."""

    at_byte: int
    us: float


@dataclass(frozen=True, slots=True)
class Walk:
    """The masks along an instance: one before each token, and one at its end if the engine took it all."""

    text: bytes
    masks: tuple[Mask, ...]

    @property
    def taken_bytes(self) -> int:
        return self.masks[-1].at_byte


@dataclass(slots=True)
class Speed:
    """What one case costs an engine; all on one thread.

    Attributes:
        lower_ms: from schema to the engine's grammar text, where it has one.
        cold_compile_ms: from there to the first mask, by an engine that has compiled nothing before.
        compile_ms: the same by one that has compiled the cases before this one, as that of a server has.
        grammar_bytes: the size of that text.
        memory_bytes: the size of the compiled grammar, where the engine tells.
        walks: one for every instance.
        failed: why there is none of it.
    """

    lower_ms: float = 0.0
    cold_compile_ms: float = 0.0
    compile_ms: float = 0.0
    grammar_bytes: int = 0
    memory_bytes: int = 0
    walks: list[Walk] = field(default_factory=list)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One walk through a grammar."""

    fill: Callable[[], object]
    accept: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Ready:
    """A compiled grammar."""

    start: Callable[[], Matcher]
    memory_bytes: int = 0


class TimedEngine(Protocol):
    """An engine in the two steps that are timed."""

    @property
    def separators(self) -> tuple[str, str]: ...

    def lower(self, schema: Any) -> str:
        """The engine's grammar text of a schema."""
        ...

    def compile(self, grammar: str, *, cold: bool = False) -> Ready:
        """Compile a grammar; cold: without what the engine keeps of the grammars before."""
        ...


class _XGrammar:
    """What both users of XGrammar share: the tokenizer, the compiler, the masks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        import xgrammar

        self._xgrammar = xgrammar
        tokens = xgrammar.TokenizerInfo(
            list(vocabulary.tokens), vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[_END]
        )
        self._compiler = xgrammar.GrammarCompiler(tokens, max_threads=1)
        self._cold_compiler = xgrammar.GrammarCompiler(tokens, max_threads=1, cache_enabled=False)
        self._mask = xgrammar.allocate_token_bitmask(1, _PADDED_SIZE)

    def compile(self, grammar: str, *, cold: bool = False) -> Ready:
        compiler = self._cold_compiler if cold else self._compiler
        compiled = compiler.compile_grammar(self._xgrammar.Grammar.from_ebnf(grammar))
        return Ready(partial(self._start, compiled), compiled.memory_size_bytes)

    def _start(self, compiled: Any) -> Matcher:
        matcher = self._xgrammar.GrammarMatcher(compiled)
        return Matcher(partial(matcher.fill_next_token_bitmask, self._mask), matcher.accept_token)


class _Ours(_XGrammar):
    separators = COMPACT

    def lower(self, schema: Any) -> str:
        from qwen_structured.exceptions import UnsupportedSchema
        from qwen_structured.schema import lower

        try:
            grammar: str = lower(schema).grammar
        except UnsupportedSchema as error:
            raise Refused(str(error)) from error
        return grammar


class _Converter(_XGrammar):
    separators = SPACED

    def lower(self, schema: Any) -> str:
        try:
            return str(self._xgrammar.Grammar.from_json_schema(json.dumps(schema), any_whitespace=False))
        except RuntimeError as error:
            raise Refused(str(error)) from error


class _LLGuidance:
    separators = COMPACT

    def __init__(self, vocabulary: Vocabulary) -> None:
        import llguidance
        import numpy

        self._llguidance = llguidance
        self._tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Tokens(vocabulary)))
        self._mask = numpy.full((1, _PADDED_SIZE // 32), -1, dtype=numpy.int32)

    def lower(self, schema: Any) -> str:
        try:
            grammar = self._llguidance.LLMatcher.grammar_from_json_schema(
                json.dumps(schema), overrides={"whitespace_flexible": False}
            )
        except ValueError as error:
            raise Refused(str(error)) from error
        return str(grammar)

    def compile(self, grammar: str, *, cold: bool = False) -> Ready:  # noqa: ARG002 - it keeps nothing
        matcher = self._llguidance.LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise Refused(matcher.get_error())
        return Ready(partial(self._start, matcher))

    def _start(self, compiled: Any) -> Matcher:
        matcher = compiled.deep_copy()
        fill = partial(matcher.unsafe_compute_mask_ptr, self._mask.ctypes.data, self._mask.nbytes)
        return Matcher(fill, matcher.consume_token)


class _Tokens:
    """A vocabulary as llguidance reads it."""

    bos_token_id = None

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.eos_token_id = _END
        self.special_token_ids = list(range(_FIRST_SPECIAL, _PADDED_SIZE))
        ends = [b"<|%d|>" % token for token in self.special_token_ids]
        self.tokens = [*vocabulary.tokens[:_FIRST_SPECIAL], *ends]
        self._encode = vocabulary.encode

    def __call__(self, text: bytes | str) -> list[int]:
        return self._encode(text if isinstance(text, bytes) else text.encode())


TIMED_ENGINES: Mapping[str, Callable[[Vocabulary], TimedEngine]] = {
    "ours": _Ours,
    "xgrammar": _Converter,
    "llguidance": _LLGuidance,
}


def prepare(engine: str, vocabulary: Path) -> Callable[[Case], Speed]:
    """The job of a worker: time one case after the other on a vocabulary."""
    tokens = Vocabulary.read(vocabulary)
    return partial(measure, TIMED_ENGINES[engine](tokens), tokens)


def measure(engine: TimedEngine, vocabulary: Vocabulary, case: Case) -> Speed:
    """Time one case: lowering, compiling, and every mask along its first valid instances."""
    speed = Speed()
    try:
        ready = _compile(engine, case, speed)
    except Refused as error:
        return Speed(failed=f"refused: {line_of(error)}")
    except Exception as error:  # an engine's own failure is a result here
        return Speed(failed=f"broke: {type(error).__name__}: {line_of(error)}")
    valid = (instance for instance in case.instances if instance.valid)
    for instance in islice(valid, _INSTANCES):
        text = texts(instance.text, case.schema, engine.separators)[0]
        speed.walks.append(Walk(text.data, tuple(_masks(ready.start(), vocabulary, text.data))))
    return speed


def _compile(engine: TimedEngine, case: Case, speed: Speed) -> Ready:
    begun = perf_counter()
    grammar = engine.lower(case.schema)
    lowered = perf_counter()
    engine.compile(grammar, cold=True).start().fill()
    compiled_cold = perf_counter()
    ready = engine.compile(grammar)
    ready.start().fill()
    speed.compile_ms = (perf_counter() - compiled_cold) * 1e3
    speed.cold_compile_ms = (compiled_cold - lowered) * 1e3
    speed.lower_ms = (lowered - begun) * 1e3
    speed.grammar_bytes = len(grammar.encode())
    speed.memory_bytes = ready.memory_bytes
    return ready


def _masks(matcher: Matcher, vocabulary: Vocabulary, text: bytes) -> Iterator[Mask]:
    """Fill the mask before each token and at the end, as long as the engine takes the tokens."""
    at_byte = 0
    for token in [*vocabulary.encode(text), _END]:
        begun = perf_counter_ns()
        matcher.fill()
        yield Mask(at_byte, (perf_counter_ns() - begun) / 1e3)
        if not matcher.accept(token):
            return
        at_byte += len(vocabulary.tokens[token])
