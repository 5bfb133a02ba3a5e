"""What vLLM's tokens become, without vLLM; the engine itself is tested on real vLLM."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qwen_structured import Message, OutputTruncated, Request
from qwen_structured._parsing import check
from qwen_structured.backends.vllm.answer import Answer
from qwen_structured.backends.vllm.host import Loaded
from qwen_structured.schema import OutputSchema

pytest.importorskip("transformers")

REQUEST = Request(messages=(Message("user", "x"),))
CONTEXT_TOKENS = 32


@pytest.fixture(scope="module")
def tokenizer(random_model_folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(random_model_folder)


def completed(tokenizer: Any, text: str, finish_reason: str, *, prompt_tokens: int) -> Any:
    """The completion of a text whose tokens come from the engine at once."""
    loaded = Loaded(
        name="a model",
        llm=None,
        tokenizer=tokenizer,
        context_tokens=CONTEXT_TOKENS,
        slots=1,
        thinks=False,
        thinking_ids=None,
        log_start=0,
    )
    ids = tokenizer.encode(text, add_special_tokens=False)
    times = dict.fromkeys(("queued_ts", "scheduled_ts", "first_token_ts", "last_token_ts"), 0.0)
    output = SimpleNamespace(
        outputs=[SimpleNamespace(token_ids=ids, finish_reason=finish_reason, logprobs=None)],
        metrics=SimpleNamespace(num_generation_tokens=len(ids), **times),
        num_cached_tokens=None,
        request_id="1",
    )
    answer = Answer(REQUEST, loaded, prompt_tokens, reasons=False, submitted=0.0)
    answer.take(output)
    return answer.completion(output)[1]


@pytest.mark.parametrize(("prompt_tokens", "reason"), [(10, "length"), (CONTEXT_TOKENS - 9, "context")])
def test_an_answer_that_fills_the_context_is_told_from_one_at_its_limit(
    tokenizer: Any, prompt_tokens: int, reason: str
) -> None:
    completion = completed(tokenizer, '["a","bc"', "length", prompt_tokens=prompt_tokens)
    assert completion.context_tokens == CONTEXT_TOKENS
    with pytest.raises(OutputTruncated) as caught:
        check(completion, REQUEST, OutputSchema.of(list[str]))
    assert caught.value.reason == reason
