"""Train the embedded model's tokenizer: a small byte-level BPE, laid out as Qwen's is.

    python3 training/tokenizer.py FOLDER [--bytes]

Words are split from the space before them, unlike Qwen's, so that a word has the same tokens in the
text and between the quotes of the answer: copying it is then copying tokens.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from training.synth import tasks

END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
VOCABULARY = 4096
MAX_TOKENS = 2048
"""Context of the model, in tokens."""

_WORDS = r'\p{L}+|\p{N}|[{}\[\]":,]+|\n *| +|.'
_ADDED = [
    AddedToken(END_OF_TEXT, special=True, normalized=False),
    AddedToken(START, special=True, normalized=False),
    AddedToken(END, special=True, normalized=False),
    AddedToken("<think>", special=False, normalized=False),
    AddedToken("</think>", special=False, normalized=False),
]
_CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
"""Qwen's ChatML. `enable_thinking` may be passed and changes nothing: this model does not think."""


def prompt_text(system: str, user: str) -> str:
    """Write the conversation up to the answer, as the chat template does."""
    return f"{START}system\n{system}{END}\n{START}user\n{user}{END}\n{START}assistant\n"


def answer_text(answer: str) -> str:
    """Write the answer with the token that ends it."""
    return f"{answer}{END}"


def train_bpe(texts: Iterator[str]) -> Tokenizer:
    """Learn a BPE from `texts`, whose vocabulary with the added tokens has `VOCABULARY` entries."""
    tokenizer = _untrained(models.BPE())
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=VOCABULARY - len(_ADDED),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer.add_tokens(_ADDED)
    return tokenizer


def byte_tokenizer() -> Tokenizer:
    """Make the tokenizer whose tokens are the 256 bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = _untrained(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.add_tokens(_ADDED)
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the files that `transformers.AutoTokenizer.from_pretrained` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        # The generic class: for Qwen2Tokenizer, transformers 5 would replace our pre-tokenizer by Qwen's.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": END_OF_TEXT,
        "model_max_length": MAX_TOKENS,
        "clean_up_tokenization_spaces": False,
        "chat_template": _CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def _untrained(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(
        add_prefix_space=False, trim_offsets=False, use_regex=False
    )
    return tokenizer


def _texts(count: int) -> Iterator[str]:
    for example in islice(tasks.examples(0), count):
        yield f"{example.system}\n{example.user}\n{example.answer}\n"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the tokenizer's files go")
    parser.add_argument("--bytes", action="store_true", help="the 256 bytes as tokens, nothing learned")
    parser.add_argument("--examples", type=int, default=200_000, help="how many examples to learn from")
    arguments = parser.parse_args()
    tokenizer = byte_tokenizer() if arguments.bytes else train_bpe(_texts(arguments.examples))
    save(tokenizer, arguments.folder)
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.folder}")


if __name__ == "__main__":
    main()
