"""Write a folder that vLLM loads as Qwen3-Next-80B-A3B-Instruct-FP8 with random weights.

Its ``config.json`` and Qwen's tokenizer, made of the vocabulary file ``qwen.tiktoken`` that lies beside the
weights of Qwen's first models (Qwen3's is the same), by transformers' own converter, which needs the package
tiktoken. Weights there are none: load it with vLLM's ``load_format="dummy"``::

    python -m benchmarks.qwen_folder FOLDER --vocabulary qwen.tiktoken

Source of the architecture: config.json of Qwen/Qwen3-Next-80B-A3B-Instruct-FP8.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

LAYERS = 48
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vocabulary", type=Path, required=True, help="the file qwen.tiktoken")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    end = write_tokenizer(options.folder, options.vocabulary)
    (options.folder / "config.json").write_text(json.dumps(config(end), indent=1))


def write_tokenizer(folder: Path, vocabulary: Path) -> int:
    """Write the tokenizer; gives the token that ends an answer."""
    transformers: Any = import_module("transformers")
    converter: Any = import_module("transformers.convert_slow_tokenizer").TikTokenConverter
    tokenizer = converter(str(vocabulary), pattern=PATTERN, extra_special_tokens=list(MARKS)).converted()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=MARKS[2], pad_token=MARKS[0], model_max_length=262_144
    )
    fast.chat_template = CHAT_TEMPLATE
    fast.save_pretrained(folder)
    return int(fast.eos_token_id)


def config(end: int) -> dict[str, Any]:
    """The model's config.json."""
    layers = [f"model.layers.{layer}" for layer in range(LAYERS)]
    full_precision = ["lm_head", "model.embed_tokens"] + [
        f"{layer}.{part}"
        for layer in layers
        for part in (
            "mlp.gate",
            "mlp.shared_expert_gate",
            "linear_attn.conv1d",
            "linear_attn.in_proj_ba",
        )
    ]
    return {
        "architectures": ["Qwen3NextForCausalLM"],
        "model_type": "qwen3_next",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": end,
        "eos_token_id": end,
        "decoder_sparse_step": 1,
        "full_attention_interval": 4,
        "head_dim": 256,
        "hidden_act": "silu",
        "hidden_size": 2_048,
        "initializer_range": 0.02,
        "intermediate_size": 5_120,
        "layer_types": [
            "full_attention" if (layer + 1) % 4 == 0 else "linear_attention" for layer in range(LAYERS)
        ],
        "linear_conv_kernel_dim": 4,
        "linear_key_head_dim": 128,
        "linear_num_key_heads": 16,
        "linear_num_value_heads": 32,
        "linear_value_head_dim": 128,
        "max_position_embeddings": 262_144,
        "mlp_only_layers": [],
        "moe_intermediate_size": 512,
        "norm_topk_prob": True,
        "num_attention_heads": 16,
        "num_experts": 512,
        "num_experts_per_tok": 10,
        "num_hidden_layers": LAYERS,
        "num_key_value_heads": 2,
        "output_router_logits": False,
        "partial_rotary_factor": 0.25,
        "quantization_config": {
            "activation_scheme": "dynamic",
            "fmt": "e4m3",
            "modules_to_not_convert": full_precision,
            "quant_method": "fp8",
            "weight_block_size": [128, 128],
        },
        "rms_norm_eps": 1e-6,
        "rope_scaling": None,
        "rope_theta": 10_000_000,
        "router_aux_loss_coef": 0.001,
        "shared_expert_intermediate_size": 512,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": 151_936,
    }


if __name__ == "__main__":
    main()
