"""Models that the tests make themselves: small, with random weights, so that nothing has to be fetched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

collect_ignore = ["typing"]  # read by type checkers; nothing of it is run

settings.register_profile("ci", derandomize=True)  # one and the same outcome for one and the same commit
if os.environ.get("CI"):
    settings.load_profile("ci")

_CHATML = (
    "{%- for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
)
_NO_THINKING = (
    "{%- if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}{%- endif %}"
)
_END = "{%- endif %}"


@pytest.fixture(scope="session")
def random_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two layers with a vocabulary of bytes and a context of 1,024 tokens; it does not reason."""
    return make_model(tmp_path_factory.mktemp("models") / "random", _CHATML + _END)


@pytest.fixture(scope="session")
def reasoner_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a chat template that has Qwen3's switch for reasoning."""
    return make_model(tmp_path_factory.mktemp("models") / "reasoner", _CHATML + _NO_THINKING + _END)


@pytest.fixture(scope="session")
def vllm_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that reasons, with heads of a size that vLLM has on CPUs."""
    folder = tmp_path_factory.mktemp("models") / "vllm"
    return make_model(folder, _CHATML + _NO_THINKING + _END, hidden_size=64)


def make_model(folder: Path, chat_template: str, *, hidden_size: int = 32) -> Path:
    """Write a random Qwen3 model and a tokenizer of bytes."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    vocabulary = _write_tokenizer(folder, chat_template)
    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=vocabulary,
        hidden_size=hidden_size,
        intermediate_size=2 * hidden_size,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=hidden_size // 2,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        eos_token_id=vocabulary - 3,
        pad_token_id=vocabulary - 5,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return folder


def _write_tokenizer(folder: Path, chat_template: str) -> int:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    specials = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
    tokenizer.add_tokens([AddedToken(token, special=True, normalized=False) for token in specials])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in ("<think>", "</think>")])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "chat_template": chat_template,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return tokenizer.get_vocab_size()
