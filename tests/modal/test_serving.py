"""What a container does with requests, in this process: with the shipped model, and when it cannot start."""

from __future__ import annotations

from typing import Any

import pytest

from qwen_structured import Message, ModelNotLoadable, PromptTooLong
from qwen_structured.backends.modal import wire
from qwen_structured.backends.modal.deployment import deployment
from qwen_structured.backends.modal.options import validated
from qwen_structured.backends.modal.serving import Serving
from qwen_structured.protocols import Request
from qwen_structured.testing.contract import GRAMMAR

pytestmark = pytest.mark.anyio
SHIPPED = {"backend": "embedded", "gpu": "none", "model": "qwen-structured-9m"}


class Told:
    """What a start has told, in order."""

    def __init__(self) -> None:
        self.phases: list[str] = []

    async def put(self, start: dict[str, Any]) -> None:
        self.phases.append(start["phase"])


def request(text: str = "kind is alpha, size is 42", **changes: Any) -> dict[str, Any]:
    messages = (Message("user", text),)
    return wire.request_to_data(Request(messages=messages, grammar=GRAMMAR, **changes))


async def test_a_container_answers_in_plain_data() -> None:
    serving, told = Serving(deployment("80b", validated({"deploy_80b": SHIPPED}))), Told()  # type: ignore[dict-item]
    await serving.start(told.put, None)
    assert told.phases == ["loading weights", "ready"]
    assert not await serving.is_broken()

    answer = await serving.complete(request())
    completion = wire.completion_from_data(answer["completion"])
    assert completion.model == "qwen-structured-9m"
    assert answer["took_s"] >= completion.timings.first_token_s

    *pieces, last = [item async for item in serving.stream(request())]
    assert "".join(piece["text"] for piece in pieces) == last["completion"]["text"]

    refused = await serving.complete(request("word " * 3000))
    error = wire.error_from_data(refused["error"])
    assert isinstance(error, PromptTooLong)
    assert error.context_tokens == 2048
    cannot = await serving.complete(request(logprobs=True))
    assert cannot["error"]["type"] == "UnsupportedOption"
    [streamed] = [item async for item in serving.stream(request(logprobs=True))]
    assert streamed["error"]["type"] == "UnsupportedOption"

    body = {"prompt": "We bought 12 eggs.", "schema": {"type": "integer"}, "temperature": 0.0}
    assert isinstance((await serving.generate(body)).text, int)
    text = "".join([piece async for piece in serving.generate_stream(body)])
    assert text.lstrip("-").isdigit()
    assert await serving.warm_up([GRAMMAR]) == {}
    assert (await serving.health())["state"] == "ready"
    await serving.stop()
    assert await serving.is_broken()


async def test_a_container_that_cannot_start_says_why_to_everyone() -> None:
    serving, told = Serving(deployment("80b", validated({}))), Told()
    await serving.start(told.put, None)
    assert told.phases == ["loading weights", "failed"]
    assert await serving.is_broken()
    for answer in (await serving.complete(request()), await serving.warm_up([])):
        assert isinstance(wire.error_from_data(answer["error"]), ModelNotLoadable)
    assert (await serving.health())["state"] == "dead"
    await serving.sleep()  # a snapshot of it is harmless
    await serving.wake_up()
    await serving.stop()
