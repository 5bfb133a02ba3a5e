"""What the engine is asked: requests, warm-up, sleep. All of it runs on the engine's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from ...exceptions import InvalidPrompt, PromptTooLong, UnsupportedOption
from ...protocols import Completion, Message, Request
from ..continuing import grammar_behind_prefix
from .answer import Answer
from .host import Loaded

_WARMING = 'root ::= "0"'


async def complete(
    loaded: Loaded, request: Request, *, on_text: Callable[[str], None] | None, submitted: float
) -> Completion:
    """Complete a request.

    Args:
        loaded: the engine.
        request: what is asked.
        on_text: is given each piece of the answer's text; None if nobody listens.
        submitted: when the request was made, as `time.perf_counter` counts.

    Raises:
        UnsupportedOption: it asks a model to reason that cannot.
        InvalidPrompt: the chat template refuses the messages, or the grammar the prefix.
        PromptTooLong: it leaves no room for an answer.
    """
    if request.enable_thinking and loaded.thinking_ids is None:
        raise UnsupportedOption(
            f"model {loaded.name!r} does not reason: leave enable_thinking out, or choose one that does"
        )
    grammar = request.grammar
    if request.prefix:
        grammar = await asyncio.to_thread(grammar_behind_prefix, request)
    loop = asyncio.get_running_loop()
    prompt_ids = await loop.run_in_executor(loaded.renderer, _tokens, loaded, request)
    room = loaded.context_tokens - len(prompt_ids)
    if room < 1:
        raise PromptTooLong(len(prompt_ids), loaded.context_tokens)
    reasons = loaded.thinking_ids is not None and (
        request.enable_thinking or _is_open(prompt_ids, loaded.thinking_ids)
    )
    if reasons and request.prefix:
        raise UnsupportedOption(f"model {loaded.name!r} reasons first, so it cannot go on from a prefix")
    answer = Answer(request, loaded, len(prompt_ids), reasons=reasons, submitted=submitted)
    # Grammars wait for the end of reasoning only where a model can reason.
    gate = {} if loaded.thinking_ids is None else {"reasoning_ended": not reasons}
    outputs = loaded.llm.generate(
        {"prompt_token_ids": prompt_ids},
        _sampling(request, grammar, room, streams=on_text is not None),
        f"qwen-structured-{uuid4().hex}",
        **gate,
    )
    if on_text is not None and request.prefix:
        on_text(request.prefix)
    output: Any = None
    async with aclosing(outputs):
        async for output in outputs:
            text = answer.take(output)
            if on_text is not None and text:
                on_text(text)
    rest, completion = answer.completion(output)
    if on_text is not None and rest:
        on_text(rest)
    return completion


async def warm_up(loaded: Loaded, grammars: Sequence[str], submitted: float) -> None:
    """Run one generation under a grammar, then compile `grammars`: the engine keeps what it has compiled."""
    message = Message("user", "0")
    for batch in ((_WARMING,), tuple(dict.fromkeys(grammars))):
        requests = [
            complete(
                loaded,
                Request(messages=(message,), grammar=grammar, max_output_tokens=2),
                on_text=None,
                submitted=submitted,
            )
            for grammar in batch
        ]
        for outcome in await asyncio.gather(*requests, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


async def sleep(loaded: Loaded, level: int) -> None:
    """Give up GPU memory: at level 1 weights move to the host's memory, at level 2 they are dropped."""
    await loaded.llm.sleep(level)


async def wake_up(loaded: Loaded, level: int) -> None:
    """Take GPU memory again, and read the weights again where sleep dropped them.

    Source: vLLM's documentation of sleep mode, "RLHF weight updates".
    """
    if level < 2:
        await loaded.llm.wake_up()
        return
    await loaded.llm.wake_up(tags=["weights"])
    await loaded.llm.collective_rpc("reload_weights")
    await loaded.llm.wake_up(tags=["kv_cache"])


def _tokens(loaded: Loaded, request: Request) -> list[int]:
    from jinja2 import TemplateError

    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    try:
        text = loaded.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=request.enable_thinking
        )
    except TemplateError as error:
        raise InvalidPrompt(f"the chat template of {loaded.name!r} refuses the messages: {error}") from error
    text = f"{text}{request.prefix}"
    ids: list[int] = loaded.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    return ids


def _is_open(prompt_ids: Sequence[int], thinking_ids: tuple[int, int]) -> bool:
    """Whether a prompt ends within reasoning, as the templates of models do that always reason."""
    last = next((token for token in reversed(prompt_ids) if token in thinking_ids), None)
    return last == thinking_ids[0]


def _sampling(request: Request, grammar: str | None, room: int, *, streams: bool) -> Any:
    """The request's SamplingParams: its own, because vLLM changes them."""
    from vllm.sampling_params import (  # pyright: ignore[reportMissingImports]
        RequestOutputKind,
        SamplingParams,
        StructuredOutputsParams,
    )

    return SamplingParams(
        temperature=request.temperature,
        top_p=request.top_p,
        seed=request.seed,
        max_tokens=min(room, request.max_output_tokens or room),
        logprobs=0 if request.logprobs else None,  # of the chosen token alone
        detokenize=False,  # reasoning and answer are told apart by their tokens, before they are text
        output_kind=RequestOutputKind.DELTA if streams else RequestOutputKind.FINAL_ONLY,
        structured_outputs=StructuredOutputsParams(grammar=grammar) if grammar is not None else None,
    )
