"""Try the app with a real account, from deployment to typed answers, and say what came of each step.

Run it from a clone, logged in to Modal::

    python -m backends.modal.acceptance smoke   # the shipped model on a CPU: cents
    python -m backends.modal.acceptance 80b     # 2 x H100: a few dollars
    python -m backends.modal.acceptance 480b    # 8 x H100: tens of dollars

It deploys to an app of its own, `qwen-acceptance`, and stops it in the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, contextmanager
from typing import Literal, cast

import anyio
from pydantic import BaseModel, Field

from qwen_structured import Message, PromptTooLong, StructuredGenerator
from qwen_structured.protocols import Completion, Request

APP = "qwen-acceptance"
MANY = 32

_PREFIX = "QWEN_STRUCTURED_BACKENDS__MODAL__"
_SMOKE = {
    "DEPLOY_80B__BACKEND": "embedded",
    "DEPLOY_80B__GPU": "none",
    "DEPLOY_80B__MODEL": "qwen-structured-9m",
}


class Person(BaseModel):
    """What is read from the prompts."""

    name: str = Field(max_length=40)
    mood: Literal["glad", "sad"]
    age: int = Field(ge=0, le=120)


PROMPT = "Hannah Weber, 34, was over the moon about the desk lamps."


@contextmanager
def step(name: str) -> Generator[list[str]]:
    """Do one step, and say how it ended; what is put into the list is said with it."""
    begun = time.monotonic()
    facts: list[str] = []
    print(f"     {name} ...", flush=True)
    yield facts
    print(f"ok   {name}: {'; '.join([f'{time.monotonic() - begun:.1f} s', *facts])}", flush=True)


def main() -> int:
    """Take the steps in order; the first that fails ends them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("stage", choices=["smoke", "80b", "480b"])
    parser.add_argument("--keep", action="store_true", help="do not stop the app in the end")
    chosen = parser.parse_args()
    key = "80b" if chosen.stage == "smoke" else chosen.stage
    variables = {"APP": APP, **(_SMOKE if chosen.stage == "smoke" else {})}
    os.environ.update({_PREFIX + name: value for name, value in variables.items()})

    from qwen_structured.backends.modal import operations
    from qwen_structured.backends.modal.app import OPTIONS, PLANS

    with step("deploy") as facts:
        operations.deploy(OPTIONS)
        facts.append(f"{PLANS[key].gpu or 'no GPU'}, ${PLANS[key].usd_per_hour or 0:.2f} an hour")
    try:
        with step("fetch the weights, on a CPU"):
            operations.fetch_weights(PLANS[key], OPTIONS, print)
        with StructuredGenerator(backend="modal", model=key, temperature=0.0) as generator:
            for name, act in STEPS.items():
                with step(name) as facts:
                    facts.append(act(generator))
    finally:
        if not chosen.keep:
            operations.stop(OPTIONS)
            print(f"     the app {APP!r} is stopped")
    return 0


# --- steps, each of which gives what it saw --------------------------------------------------------


def _cold_start(generator: StructuredGenerator) -> str:
    generator.warm_up(Person)
    return generator.health().detail


def _typed_answer(generator: StructuredGenerator) -> str:
    result = generator.generate_result(Person, PROMPT)
    timings = result.completion.timings
    rate = 1 / timings.per_token_s if timings.per_token_s else 0.0
    return f"{result.value!r}, first token after {timings.first_token_s:.2f} s, {rate:.0f} tokens/s"


def _stream(generator: StructuredGenerator) -> str:
    async def read() -> int:
        request = Request(messages=(Message("user", PROMPT),), max_output_tokens=40)
        stream = cast("AsyncGenerator[str | Completion]", generator.backend.stream(request))
        async with aclosing(stream):
            return len([item async for item in stream]) - 1

    pieces = anyio.run(read)
    assert pieces > 1, "the text came in one piece"
    return f"{pieces} pieces"


def _many(generator: StructuredGenerator) -> str:
    tokens: list[int] = []

    async def ask() -> None:
        tokens.append((await generator.agenerate_result(Person, PROMPT)).usage.output_tokens)

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(MANY):
                group.start_soon(ask)

    begun = time.monotonic()
    anyio.run(all_at_once)
    return f"{sum(tokens) / (time.monotonic() - begun):.0f} tokens/s together"


def _too_long(generator: StructuredGenerator) -> str:
    try:
        generator.generate(Person, "word " * 40_000)
    except PromptTooLong as error:
        return f"refused: {error.prompt_tokens} tokens in a context of {error.context_tokens}"
    raise AssertionError("a prompt beyond the context was answered")


STEPS: dict[str, Callable[[StructuredGenerator], str]] = {
    "start a container": _cold_start,
    "have a typed answer": _typed_answer,
    "read a stream": _stream,
    f"ask {MANY} times at once": _many,
    "be refused with a prompt that is too long": _too_long,
}


if __name__ == "__main__":
    sys.exit(main())
