"""The embedded model: Qwen3's architecture in a form that trains fast on packed examples.

The parameters have the names and shapes of ``transformers.Qwen3ForCausalLM``, so that what `save`
writes is loaded by everything that knows Qwen3.

Source: transformers 5.17, models/qwen3/modeling_qwen3.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.attention.varlen import varlen_attn
from training.tokenizer import MAX_TOKENS

Attend = Callable[[int, Tensor, Tensor, Tensor], Tensor]
"""Attention of a layer: its index, queries [..., heads, head_dim], keys, values [..., kv_heads, head_dim]."""

_STOP_CHECK_STEPS = 32


@dataclass(frozen=True)
class ModelConfig:
    """The sizes of a Qwen3 model with tied embeddings."""

    vocabulary: int
    hidden: int = 320
    layers: int = 8
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    intermediate: int = 768
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-6


class RMSNorm(nn.Module):
    """Root-mean-square norm, computed in float32."""

    def __init__(self, size: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self._epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return (self.weight * (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self._epsilon))).to(
            x.dtype
        )


class Attention(nn.Module):
    """Grouped-query attention with normed and rotated queries and keys."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self._head_dim = config.head_dim
        linear = partial(nn.Linear, bias=False)
        self.q_proj = linear(config.hidden, config.heads * config.head_dim)
        self.k_proj = linear(config.hidden, config.kv_heads * config.head_dim)
        self.v_proj = linear(config.hidden, config.kv_heads * config.head_dim)
        self.o_proj = linear(config.heads * config.head_dim, config.hidden)
        self.q_norm = RMSNorm(config.head_dim, config.norm_epsilon)
        self.k_norm = RMSNorm(config.head_dim, config.norm_epsilon)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], attend: Callable[..., Tensor]) -> Tensor:
        q, k, v = [
            proj(x).unflatten(-1, (-1, self._head_dim)) for proj in (self.q_proj, self.k_proj, self.v_proj)
        ]
        mixed = attend(_rotate(self.q_norm(q), rotation), _rotate(self.k_norm(k), rotation), v)
        projected: Tensor = self.o_proj(mixed.flatten(-2))
        return projected


class MLP(nn.Module):
    """SwiGLU."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden, config.intermediate, bias=False)
        self.up_proj = nn.Linear(config.hidden, config.intermediate, bias=False)
        self.down_proj = nn.Linear(config.intermediate, config.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        projected: Tensor = self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return projected


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.hidden, config.norm_epsilon)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.hidden, config.norm_epsilon)
        self.mlp = MLP(config)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], attend: Callable[..., Tensor]) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), rotation, attend)
        mixed: Tensor = x + self.mlp(self.post_attention_layernorm(x))
        return mixed


class Qwen3(nn.Module):
    """A Qwen3 decoder; what attends to what is the caller's."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocabulary, config.hidden)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.hidden, config.norm_epsilon)
        self._initialize()

    def forward(self, tokens: Tensor, positions: Tensor, attend: Attend) -> Tensor:
        """Compute the last hidden states [..., hidden] of `tokens` [...] at `positions` [...]."""
        rotation = _rotation(positions, self.config)
        x = self.embed_tokens(tokens)
        for index, layer in enumerate(self.layers):
            x = layer(x, rotation, partial(attend, index))
        normed: Tensor = self.norm(x)
        return normed

    def logits(self, hidden: Tensor) -> Tensor:
        """Score the next token, [..., vocabulary]."""
        return F.linear(hidden, self.embed_tokens.weight)

    def _initialize(self) -> None:
        """Scale by fan-in; what writes to the residual stream starts smaller the deeper the model is."""
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        for name, parameter in self.layers.named_parameters():
            if parameter.ndim == 2:
                residual = name.endswith(("o_proj.weight", "down_proj.weight"))
                scale = (2 * self.config.layers) ** -0.5 if residual else 1.0
                nn.init.normal_(parameter, std=scale * parameter.shape[1] ** -0.5)


def _rotation(positions: Tensor, config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary embedding, [..., 1, head_dim / 2], in float32."""
    steps = torch.arange(0, config.head_dim, 2, device=positions.device, dtype=torch.float32)
    angles = positions[..., None, None].float() * config.rope_theta ** (-steps / config.head_dim)
    return angles.cos(), angles.sin()


def _rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    cosine, sine = rotation
    first, second = x.float().chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1).to(x.dtype)


# --- attention over packed examples --------------------------------------------------------------


def attend_within(boundaries: Tensor, longest: int, _layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attend causally within each of the examples that lie end to end in one sequence.

    Args:
        boundaries: where examples start, and the end of the last: int32 [examples + 1].
        longest: the most tokens that an example has.
        q: [tokens, heads, head_dim]; `k` and `v` [tokens, kv_heads, head_dim] are of its type.
    """
    groups = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
    if q.device.type == "cuda":
        mixed = varlen_attn(q, k, v, boundaries, boundaries, longest, longest, window_size=(-1, 0))
        assert isinstance(mixed, Tensor)  # not a pair, since no auxiliary output was asked for
        return mixed
    return _attend_masked(boundaries, q, k, v)


def _attend_masked(boundaries: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The same for devices without flash attention, with a mask of all tokens by all tokens."""
    example = torch.bucketize(torch.arange(len(q), device=q.device), boundaries[1:], right=True)
    mask = (example[:, None] == example).tril()
    q, k, v = (x.transpose(0, 1) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(0, 1)


# --- decoding --------------------------------------------------------------------------------------


class _Cache:
    """Keys and values of a batch of sequences of different lengths, left-aligned."""

    def __init__(self, config: ModelConfig, lengths: Tensor, capacity: int, dtype: torch.dtype) -> None:
        shape = (config.layers, len(lengths), config.kv_heads, capacity, config.head_dim)
        self._keys = torch.zeros(shape, dtype=dtype, device=lengths.device)
        self._values = torch.zeros_like(self._keys)
        self._rows = torch.arange(len(lengths), device=lengths.device)
        self.lengths = lengths
        self.used = 0

    def attend_prompt(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Store the prompts, [batch, tokens, ...]; padding comes after a prompt, which never sees it."""
        q, k, v = (x.transpose(1, 2) for x in (q, k, v))
        self._keys[layer, :, :, : k.shape[2]] = k
        self._values[layer, :, :, : v.shape[2]] = v
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).transpose(1, 2)

    def attend_next(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Append one token to each sequence, [batch, 1, ...], and attend to all of it."""
        self._keys[layer, self._rows, :, self.lengths] = k[:, 0]
        self._values[layer, self._rows, :, self.lengths] = v[:, 0]
        keys, values = self._keys[layer, :, :, : self.used], self._values[layer, :, :, : self.used]
        grouped = q.reshape(*keys.shape[:2], -1, q.shape[-1])
        scores = (grouped @ keys.transpose(-1, -2)).float() * q.shape[-1] ** -0.5
        seen = torch.arange(self.used, device=q.device) <= self.lengths[:, None]
        weights = scores.masked_fill(~seen[:, None, None], float("-inf")).softmax(-1).to(values.dtype)
        mixed: Tensor = weights @ values
        return mixed.reshape(q.shape)


@torch.inference_mode()
def greedy(model: Qwen3, prompts: list[list[int]], stop: int, max_new_tokens: int) -> list[list[int]]:
    """Decode all prompts together, without any constraint, each until `stop` (which is left out)."""
    weight = model.embed_tokens.weight
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=weight.device)
    longest = max(len(prompt) for prompt in prompts)
    tokens = torch.tensor(
        [prompt + [stop] * (longest - len(prompt)) for prompt in prompts], device=weight.device
    )
    cache = _Cache(model.config, lengths, longest + max_new_tokens, weight.dtype)
    hidden = model(tokens, torch.arange(longest, device=weight.device).expand_as(tokens), cache.attend_prompt)
    current = model.logits(hidden[torch.arange(len(prompts)), lengths - 1]).argmax(-1)
    written = torch.full((len(prompts), max_new_tokens), stop, device=weight.device)
    finished = torch.zeros(len(prompts), dtype=torch.bool, device=weight.device)
    for step in range(max_new_tokens):
        finished |= current == stop
        written[:, step] = torch.where(finished, stop, current)
        if step % _STOP_CHECK_STEPS == 0 and finished.all():
            break
        cache.used = longest + step + 1
        hidden = model(current[:, None], cache.lengths[:, None], cache.attend_next)
        current = model.logits(hidden[:, 0]).argmax(-1)
        cache.lengths = cache.lengths + 1
    return [row[: row.index(stop)] if stop in row else row for row in written.tolist()]


# --- the model's folder ------------------------------------------------------------------------------


def save(model: Qwen3, folder: Path, tokenizer_folder: Path, end: int, pad: int) -> None:
    """Write the model in bfloat16, with its tokenizer, as a folder for `from_pretrained`.

    Args:
        end: the token that ends an answer.
        pad: the token that fills up batches.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {f"model.{name}": value.to("cpu", torch.bfloat16) for name, value in model.state_dict().items()}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # safetensors lets the owner alone read what it writes
    _write_json(folder / "config.json", _qwen3_config(model.config, end, pad))
    generation = {"do_sample": False, "eos_token_id": [end, pad], "pad_token_id": pad}
    _write_json(folder / "generation_config.json", generation)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer_folder / file, folder / file)


def _qwen3_config(config: ModelConfig, end: int, pad: int) -> dict[str, object]:
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "dtype": "bfloat16",
        "vocab_size": config.vocabulary,
        "hidden_size": config.hidden,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "intermediate_size": config.intermediate,
        "hidden_act": "silu",
        "max_position_embeddings": MAX_TOKENS,
        "rope_parameters": {"rope_type": "default", "rope_theta": config.rope_theta},
        "rms_norm_eps": config.norm_epsilon,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "use_sliding_window": False,
        "use_cache": True,
        "bos_token_id": None,
        "eos_token_id": end,
        "pad_token_id": pad,
    }


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")
