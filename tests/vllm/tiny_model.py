"""Write a tiny Qwen3 with random weights, for real vLLM on a CPU: two layers, a tokenizer of single bytes.

Run it where transformers and torch are::

    python tests/vllm/tiny_model.py FOLDER
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

CONTEXT_TOKENS = 2048
_CHATML = (
    "{% for message in messages %}"
    "<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)


def write(folder: Path) -> None:
    """Write config, weights and tokenizer."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    hub: Any = import_module("transformers")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({byte: i for i, byte in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in marks])
    tokenizer.add_tokens([AddedToken(mark) for mark in ("<think>", "</think>")])
    fast = hub.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    fast.chat_template = _CHATML
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    config = hub.Qwen3Config(
        vocab_size=len(fast),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=CONTEXT_TOKENS,
        tie_word_embeddings=True,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
        bos_token_id=None,
    )
    hub.Qwen3ForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    generation = {"eos_token_id": [fast.eos_token_id], "pad_token_id": fast.pad_token_id}
    (folder / "generation_config.json").write_text(json.dumps(generation))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
