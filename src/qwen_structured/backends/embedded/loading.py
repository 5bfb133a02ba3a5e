"""Find a model's files, check that they are all there and fit into memory, and load them."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ... import models
from ...exceptions import ModelNotLoadable
from ..free_memory import available_bytes
from ..sources import ModelSource, hub_errors

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_HUB_FILES = ["*.json", "*.safetensors", "*.txt", "*.jinja", "tokenizer.model"]
_OVERHEAD = 1.2  # activations, cache and the engine's own, over the weights
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is ready to generate.

    Attributes:
        name: its full name.
        model: the transformers model, in evaluation mode.
        tokenizer: its tokenizer, with a chat template.
        context_tokens: tokens that its context holds.
        stop_token_ids: tokens that end an answer.
        end_of_thinking_id: the token that ends its reasoning; None if it does not reason.
    """

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    context_tokens: int
    stop_token_ids: tuple[int, ...]
    end_of_thinking_id: int | None


def load(source: ModelSource, dtype: Literal["auto", "float32", "bfloat16"]) -> LoadedModel:
    """Load a model's weights and tokenizer, fetching them first if need be.

    Raises:
        ModelNotLoadable: it does not fit into this machine's memory, or its files are broken.
        UnknownModel: the hub has no such model.
        BackendUnavailable: the hub cannot be reached.
    """
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    if source.folder is None and (known := models.find(source.name)):
        _check_memory(source.name, known.weight_bytes, available_bytes())
    folder = source.folder or _fetch(source.name)
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    available = available_bytes()
    _check_memory(source.name, weights * _growth(folder, dtype), available)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        with _quiet():
            model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=_torch_dtype(dtype, weights, available), local_files_only=True
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelNotLoadable(f"the model in {folder} cannot be loaded: {error}") from error
    if not tokenizer.chat_template:
        raise ModelNotLoadable(
            f"the tokenizer in {folder} has no chat template: use an instruction-tuned model"
        )
    stop_token_ids = _stop_token_ids(model, tokenizer)
    # A request says how it is sampled: what the model recommends (such as a repetition penalty) stays out.
    model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]
    return LoadedModel(
        source.name,
        model.eval(),  # type: ignore[no-untyped-call]
        tokenizer,
        int(model.config.max_position_embeddings),
        stop_token_ids,
        _end_of_thinking_id(tokenizer),
    )


@contextmanager
def _quiet() -> Generator[None]:
    """Without transformers' progress bars, which would stand among a caller's own output."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download

    with hub_errors(name):
        _check_memory(name, _size_on_hub(name), available_bytes())
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))


def _size_on_hub(name: str) -> int:
    """Bytes of the weights as the hub lists them; 0 if it cannot be asked, as they may be cached here."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        files = HfApi().model_info(name, files_metadata=True, timeout=10).siblings or []
    except RepositoryNotFoundError:
        raise
    except Exception:  # whatever the hub's HTTP library raises; the fetch itself finds out
        return 0
    return sum(file.size or 0 for file in files if file.rfilename.endswith(".safetensors"))


def _growth(folder: Path, dtype: Literal["auto", "float32", "bfloat16"]) -> int:
    """How many times larger the weights become in memory: stored in 16 bits, they double in float32."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    stored = config.get("dtype", config.get("torch_dtype"))
    return 2 if dtype == "float32" and stored in ("bfloat16", "float16") else 1


def _check_memory(name: str, weight_bytes: int, available: int) -> None:
    needed = int(weight_bytes * _OVERHEAD)
    if needed > available:
        raise ModelNotLoadable(
            f"model {name!r} needs about {needed // _MIB:,} MiB of memory and {available // _MIB:,} MiB are "
            "free on this machine: choose a smaller model, or a backend that runs it elsewhere"
        )


def _torch_dtype(
    dtype: Literal["auto", "float32", "bfloat16"], weight_bytes: int, available: int
) -> torch.dtype | str:
    import torch

    if dtype != "auto":
        return getattr(torch, dtype)  # type: ignore[no-any-return]
    # Most CPUs compute in float32 fastest; weights are stored in two bytes.
    return torch.float32 if 2 * weight_bytes * _OVERHEAD < available else "auto"


def _stop_token_ids(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> tuple[int, ...]:
    configured: Any = model.generation_config.eos_token_id if model.generation_config else None
    own: Any = tokenizer.eos_token_id
    ids = [*(configured if isinstance(configured, list) else [configured]), own]
    return tuple(dict.fromkeys(i for i in ids if i is not None))


def _end_of_thinking_id(tokenizer: PreTrainedTokenizerBase) -> int | None:
    if "enable_thinking" not in str(tokenizer.chat_template):
        return None
    return tokenizer.get_vocab().get("</think>")
