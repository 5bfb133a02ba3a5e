"""A cache of keys and values that writes a token in place, where transformers' own copies all of them."""

from __future__ import annotations

from typing import Any

import torch
from transformers import DynamicCache, PretrainedConfig
from transformers.cache_utils import DynamicLayer

_ROOM_TOKENS = 256  # a buffer that is full is copied to one with this much more room


class RoomyLayer(DynamicLayer):
    """Keys and values of one layer, shape (rows, heads, tokens, head size), in buffers with room behind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        self._buffers: tuple[torch.Tensor, torch.Tensor] | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the new tokens behind those that are there; give all of them."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        start = self.get_seq_length()
        end = start + key_states.shape[-2]
        if self._buffers is None or self._buffers[0].shape[-2] < end:
            self._buffers = (
                _roomier(self.keys, key_states, start, end),
                _roomier(self.values, value_states, start, end),
            )
        keys, values = self._buffers
        keys[..., start:end, :] = key_states
        values[..., start:end, :] = value_states
        self.keys, self.values = keys[..., :end, :], values[..., :end, :]
        return self.keys, self.values


def _roomier(old: torch.Tensor | None, new: torch.Tensor, start: int, end: int) -> torch.Tensor:
    buffer = new.new_empty(*new.shape[:-2], end + _ROOM_TOKENS, new.shape[-1])
    if start and old is not None:
        buffer[..., :start, :] = old
    return buffer


def roomy_cache(config: PretrainedConfig) -> DynamicCache:
    """A cache for a model; layers that are no plain attention stay transformers' own."""
    cache = DynamicCache(config=config)
    cache.layers = [RoomyLayer() if type(layer) is DynamicLayer else layer for layer in cache.layers]
    return cache
