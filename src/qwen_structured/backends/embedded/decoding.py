"""What happens at each token: rows of a batch, the mask of their grammars, sampling, and the end of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import torch
import xgrammar
from tokenizers.decoders import DecodeStream
from transformers import LogitsProcessor, StoppingCriteria

from ...protocols import Completion, Request, Timings, Usage

if TYPE_CHECKING:
    from .loading import LoadedModel


@dataclass(eq=False)
class Row:
    """One request in a batch, and what has been written for it so far.

    Attributes:
        request: what is asked.
        loaded: the model that writes.
        prompt_ids: the request's tokens.
        limit: most tokens that it may write.
        matcher: state of its grammar; None where the text is free.
        reasons: it is writing its reasoning, on which the grammar does not bind yet.
        on_text: is given each piece of the answer's text; None if nobody listens.
        is_cancelled: tells whether the answer is still wanted.
        queue_s: seconds that it waited.
        grammar_s: seconds that compiling its grammar took.
    """

    request: Request
    loaded: LoadedModel
    prompt_ids: Sequence[int]
    limit: int
    matcher: xgrammar.GrammarMatcher | None
    reasons: bool
    on_text: Callable[[str], None] | None
    is_cancelled: Callable[[], bool]
    queue_s: float
    grammar_s: float
    answer_ids: list[int] = field(default_factory=list)
    reasoning_ids: list[int] = field(default_factory=list)
    finished: bool = False

    def __post_init__(self) -> None:
        self._random = Random(self.request.seed)
        self._start = perf_counter()
        self._first_token_s: float | None = None
        self._decoder = DecodeStream(skip_special_tokens=True)
        self._sent = 0
        self._stopped = False
        if self.on_text and self.request.prefix:
            self.on_text(self.request.prefix)
        self._ahead: list[int] = []  # tokens that the matcher has taken beyond those that are chosen

    @property
    def written(self) -> int:
        """How many tokens were chosen so far, the one that ends the answer left out."""
        return len(self.answer_ids) + len(self.reasoning_ids)

    @property
    def looks_ahead(self) -> bool:
        """Whether tokens may be tried before they are chosen: not where chance or the reasoning decides."""
        return self.request.temperature == 0 and not self.reasons

    @property
    def masked(self) -> bool:
        """Whether the grammar binds the next token."""
        return self.matcher is not None and not self.reasons and not self.finished

    @property
    def sampled(self) -> bool:
        """Whether chance decides the next token."""
        return self.request.temperature > 0 and not self.finished

    def draw(self) -> float:
        """The row's next random number, in [0, 1). Its own, so that a seed means the same in any batch."""
        return self._random.random()

    def push(self, token: int) -> None:
        """Take the token that was chosen; afterwards the row may be finished."""
        if self._first_token_s is None:
            self._first_token_s = perf_counter() - self._start
        if token in self.loaded.stop_token_ids:
            self._stopped = self.finished = True
        elif self.reasons:
            self.reasoning_ids.append(token)
            self.reasons = token != self.loaded.end_of_thinking_id
        else:
            self.answer_ids.append(token)
            self._emit(token)
        if self.matcher is not None and not self.reasons and self.answer_ids and not self._stopped:
            accepted = self.follow([token])
            assert accepted, "the mask let a token through that the grammar refuses"
            self._ahead.clear()
        self.finished = self.finished or self.written >= self.limit or self.is_cancelled()

    def follow(self, tokens: Sequence[int]) -> bool:
        """Bring the matcher to the text so far with `tokens` behind it; False if the grammar refuses one."""
        assert self.matcher is not None
        pairs = zip(self._ahead, tokens, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if same < len(self._ahead):
            self.matcher.rollback(len(self._ahead) - same)
            del self._ahead[same:]
        for token in tokens[same:]:
            if token in self.loaded.stop_token_ids or not self.matcher.accept_token(token):
                return False
            self._ahead.append(token)
        return True

    def forced(self) -> list[int]:
        """Tokens of the text that the grammar leaves no choice about."""
        if self.matcher is None:
            return []
        try:
            text = self.matcher.find_jump_forward_string()
        except UnicodeDecodeError as error:  # it begins or ends within a character, as for "é" or "è"
            text = error.object[: error.start].decode()
        ids: list[int] = _fast(self.loaded).encode(text, add_special_tokens=False).ids
        return ids

    def taken(self, tokens: list[int]) -> list[int]:
        """The first of `tokens`, as far as they may be written."""
        stops = (i for i, token in enumerate(tokens) if token in self.loaded.stop_token_ids)
        tokens = tokens[: next(stops, len(tokens))]
        if self.matcher is None or self.follow(tokens):
            return tokens
        return list(self._ahead)

    def _emit(self, token: int) -> None:
        if self.on_text and (piece := self._decoder.step(_fast(self.loaded), token)):
            self._sent += len(piece)
            self.on_text(piece)

    def completion(self) -> Completion:
        """What was written, as a completion; sends what the stream still held back."""
        text = self._decode(self.answer_ids)
        if self.on_text and len(text) > self._sent:
            self.on_text(text[self._sent :])
        reasoning = self._decode(self.reasoning_ids).removeprefix("<think>").removesuffix("</think>").strip()
        output_tokens = len(self.answer_ids) + len(self.reasoning_ids) + self._stopped
        return Completion(
            text=f"{self.request.prefix}{text}",
            finish_reason="stop" if self._stopped else "length",
            usage=Usage(
                prompt_tokens=len(self.prompt_ids),
                output_tokens=output_tokens,
                reasoning_tokens=len(self.reasoning_ids),
            ),
            model=self.loaded.name,
            reasoning=reasoning,
            timings=self._timings(output_tokens),
            context_tokens=self.loaded.context_tokens,
        )

    def _timings(self, output_tokens: int) -> Timings:
        worked_s, first_s = perf_counter() - self._start, self._first_token_s
        return Timings(
            queue_s=self.queue_s,
            grammar_s=self.grammar_s,
            first_token_s=first_s,
            per_token_s=(worked_s - first_s) / (output_tokens - 1)
            if first_s is not None and output_tokens > 1
            else None,
            total_s=self.queue_s + self.grammar_s + worked_s,
        )

    def _decode(self, ids: list[int]) -> str:
        return str(_fast(self.loaded).decode(ids, skip_special_tokens=True))


class MaskAndSample(LogitsProcessor):
    """Masks each row by its grammar; rows with a temperature are sampled here, the others left to argmax."""

    def __init__(self, rows: Sequence[Row], vocabulary: int, width: int) -> None:
        self._rows = rows
        self._width = width
        self._bitmask = xgrammar.allocate_token_bitmask(len(rows), vocabulary)

    def __call__(
        self,
        input_ids: torch.LongTensor,
        scores: torch.Tensor,
    ) -> torch.Tensor:
        """Mask and sample `scores`, shape (rows, vocabulary), in place.

        `input_ids`, shape (rows, tokens), may have tokens that are tried and not chosen yet.
        """
        self._mask(input_ids, scores)
        sampled = [i for i, row in enumerate(self._rows) if row.sampled]
        if sampled:
            tokens = _sample([self._rows[i] for i in sampled], scores[sampled])
            scores[sampled] = float("-inf")
            scores[sampled, tokens] = 0.0
        return scores

    def _mask(self, input_ids: torch.LongTensor, scores: torch.Tensor) -> None:
        masked = [i for i, row in enumerate(self._rows) if row.masked and self._follows(row, input_ids[i])]
        for i in masked:
            matcher = self._rows[i].matcher
            assert matcher is not None
            matcher.fill_next_token_bitmask(self._bitmask, i)
        if masked:
            xgrammar.apply_token_bitmask_inplace(scores, self._bitmask, indices=masked)

    def _follows(self, row: Row, ids: torch.Tensor) -> bool:
        """Whether the grammar takes the tokens that are tried; what comes after others is never chosen."""
        return row.follow(ids[self._width + row.written :].tolist())


def _sample(rows: Sequence[Row], logits: torch.Tensor) -> torch.Tensor:
    """Choose a token for each row by its temperature, its top-p and its own random number.

    Args:
        rows: rows with a temperature above 0.
        logits: masked, shape (rows, vocabulary), float32.

    Returns:
        The tokens, shape (rows,), int64.
    """
    temperatures = torch.tensor([row.request.temperature for row in rows]).unsqueeze(1)
    probabilities = torch.softmax(logits / temperatures, dim=-1)
    if any(row.request.top_p < 1 for row in rows):
        probabilities = _likeliest(rows, probabilities)
    reached = probabilities.cumsum(-1, dtype=torch.float64)
    draws = torch.tensor([row.draw() for row in rows], dtype=torch.float64).unsqueeze(1)
    return torch.searchsorted(reached, draws * reached[:, -1:], right=True).squeeze(1)


def _likeliest(rows: Sequence[Row], probabilities: torch.Tensor) -> torch.Tensor:
    """Leave each row the likeliest tokens that reach its top-p together; a top-p of 1 leaves all."""
    tops = [row.request.top_p if row.request.top_p < 1 else float("inf") for row in rows]
    ordered, order = probabilities.sort(dim=-1, descending=True)
    outside = ordered.cumsum(-1) - ordered > torch.tensor(tops).unsqueeze(1)
    return probabilities.masked_fill(torch.zeros_like(outside).scatter(-1, order, outside), 0.0)


class EndRows(StoppingCriteria):
    """Hands each new token to its row, and ends the rows that are finished."""

    def __init__(self, rows: Sequence[Row], on_finished: Callable[[Row], None], width: int) -> None:
        self._rows = rows
        self._seen = width
        self._on_finished = on_finished

    def __call__(
        self,
        input_ids: torch.LongTensor,
        scores: object,  # noqa: ARG002  # transformers' signature
        **_: Any,
    ) -> torch.BoolTensor:
        """Take what is new in `input_ids`, shape (rows, tokens); tell which rows are finished: (rows,)."""
        newest = input_ids[:, self._seen :].tolist()
        self._seen = input_ids.shape[1]
        for row, tokens in zip(self._rows, newest, strict=True):
            for token in tokens:
                if not row.finished:
                    row.push(token)
                    if row.finished:
                        self._on_finished(row)
        return cast("torch.BoolTensor", torch.tensor([row.finished for row in self._rows]))


def _fast(loaded: LoadedModel) -> Any:
    """The tokenizer of the library `tokenizers` beneath that of transformers."""
    return loaded.tokenizer.backend_tokenizer
