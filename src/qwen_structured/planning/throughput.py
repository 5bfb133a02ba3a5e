"""Compute how many tokens a second memory bandwidth allows. Pure.

Decoding reads the weights once a step for all requests together, and each request's cache. What a step reads,
over the bandwidth, is the least time that it can take.
"""

from __future__ import annotations

from ..models import Architecture
from .gpus import GPU
from .memory import Cache
from .weights import weights


def read_weight_bytes(architecture: Architecture, requests: int) -> int:
    """Bytes of weights that a step of `requests` reads: the shared ones, and the experts that tokens go to.

    Tokens are taken to be routed evenly. Real ones favour some experts, so that fewer are read.
    """
    parts = weights(architecture)
    if (experts := architecture.experts) is None:
        return parts.shared
    touched = experts.count * (1 - (1 - experts.per_token / experts.count) ** requests)
    return parts.shared + round(parts.expert * touched * architecture.layers)


def step_s(
    architecture: Architecture, gpu: GPU, count: int, cache: Cache, *, requests: int, held_tokens: int
) -> float:
    """Least seconds of a step in which each of `requests` writes one token.

    Args:
        architecture: the model's shape.
        gpu: the kind of GPU.
        count: GPUs that the model is split over.
        cache: what a sequence takes of each GPU.
        requests: sequences at once.
        held_tokens: tokens that each of them holds in the cache; a state is read and written.
    """
    per_request = held_tokens * cache.bytes_per_token + 2 * cache.state_bytes
    per_gpu = read_weight_bytes(architecture, requests) / count + requests * per_request
    return per_gpu / (gpu.bandwidth_gb_s * 1e9)


def ceiling_tokens_per_s(
    architecture: Architecture, gpu: GPU, count: int, cache: Cache, *, requests: int, held_tokens: int
) -> float:
    """Output tokens a second of all requests together, if nothing but memory bandwidth took time.

    Args:
        architecture: the model's shape.
        gpu: the kind of GPU.
        count: GPUs that the model is split over.
        cache: what a sequence takes of each GPU.
        requests: sequences at once.
        held_tokens: tokens that each of them holds in the cache.
    """
    return requests / step_s(architecture, gpu, count, cache, requests=requests, held_tokens=held_tokens)
