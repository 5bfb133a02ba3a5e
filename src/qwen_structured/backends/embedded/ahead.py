"""Tokens to try ahead of the model: what the grammar forces, and what followed the newest tokens before."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import DynamicCache
from transformers.generation.candidate_generator import CandidateGenerator

from .cache import RoomyLayer
from .decoding import Row

_MOST = 8  # tokens tried at a time; more of them cost more than they save
_LONGEST = 4  # tokens that are compared with what stood before


def may_try(cache: DynamicCache) -> bool:
    """Whether a model can forget tokens that are refused: keys and values can go, states cannot."""
    return all(isinstance(layer, RoomyLayer) for layer in cache.layers)


@contextmanager
def trying_ahead(model: Any, row: Row) -> Generator[None]:
    """Let transformers' generate take its candidates from `Ahead`, if it asks for any.

    transformers has no public way to say where they come from (5.23, generation/utils.py).
    """
    model._get_candidate_generator = lambda **_: Ahead(row)
    try:
        yield
    finally:
        del model._get_candidate_generator


class Ahead(CandidateGenerator):
    """Candidates for one row. The model checks all of them at once, and keeps those that it would write."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._known = 0
        self._after: dict[tuple[int, ...], int] = {}  # where what followed these tokens last begins

    def get_candidates(self, input_ids: torch.LongTensor, **_: Any) -> tuple[Any, Any]:
        """Give `input_ids`, shape (1, tokens), with what may follow; and None for scores."""
        ids: list[int] = input_ids[0].tolist()
        tried = self._row.taken(self._row.forced()[:_MOST]) or self._row.taken(self._before(ids))
        return torch.cat((input_ids, torch.tensor([tried], dtype=torch.long)), dim=1), None

    def update_candidate_strategy(
        self,
        input_ids: torch.LongTensor,  # transformers' signature
        scores: torch.Tensor,
        num_matches: int,
    ) -> None:
        """Keep it as it is."""

    def _before(self, ids: list[int]) -> list[int]:
        for end in range(max(1, self._known), len(ids)):
            for length in range(1, min(_LONGEST, end) + 1):
                self._after[tuple(ids[end - length : end])] = end
        self._known = len(ids)
        for length in range(_LONGEST, 0, -1):
            if (start := self._after.get(tuple(ids[-length:]))) is not None:
                return ids[start : start + _MOST]
        return []
