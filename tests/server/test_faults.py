"""What becomes of a server's faults: each is one clear error, and no broken answer passes for a whole one."""

from __future__ import annotations

import gc
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest
from tests.server.fake_vllm import FakeVLLM, Reply

from qwen_structured import (
    AuthenticationFailed,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    InvalidPrompt,
    Message,
    PromptTooLong,
    ProtocolError,
    SettingsError,
    StructuredGenerator,
    UnknownModel,
    UnsupportedSchema,
)
from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Completion, JSONSchema, Request
from qwen_structured.schema import Fidelity, lower

pytestmark = pytest.mark.anyio
SCHEMA: JSONSchema = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}
REQUEST = Request(
    messages=(Message("user", "How many?"),),
    grammar=lower(SCHEMA).grammar,
    schema=SCHEMA,
    max_output_tokens=64,
)
CHAT = "/v1/chat/completions"
TOO_LONG = "maximum context length is 9 tokens. However, you requested 12 tokens (11 in the messages, 1 ...)"


def backend(*servers: FakeVLLM, model: str | None = None, **options: Any) -> ServerBackend:
    return ServerBackend(model, {"base_urls": [each.url for each in servers], **options})


def faulty(path: str, reply: Reply, times: int = 1_000) -> Callable[[str, dict[str, Any]], Reply | None]:
    """A fault at a path, but not for the canary."""
    left = [times]

    def fault(asked: str, body: dict[str, Any]) -> Reply | None:
        is_canary = body.get("messages", [{}])[0].get("content") == "Say hello."
        if asked != path or is_canary or not left[0]:
            return None
        left[0] -= 1
        return reply

    return fault


def error(message: str) -> str:
    return json.dumps({"error": {"message": message}})


@pytest.mark.parametrize(
    ("reply", "raised", "said"),
    [
        (Reply(401, error("no")), AuthenticationFailed, "check the option api_key"),
        (Reply(403, error("no")), AuthenticationFailed, "403"),
        (Reply(404, error("The model `x` does not exist.")), UnknownModel, "does not exist"),
        (Reply(400, error(TOO_LONG)), PromptTooLong, "11 tokens"),
        (Reply(400, error("Invalid grammar specification")), UnsupportedSchema, "does not take the grammar"),
        (Reply(400, error("who knows")), ProtocolError, "who knows"),
        (Reply(429, error("slow"), {"Retry-After": "7"}), BackendOverloaded, "429"),
        (Reply(503, error("loading")), BackendOverloaded, "503"),
        (Reply(500, "<html>oops</html>"), BackendUnavailable, "oops"),
        (Reply(504, ""), BackendTimedOut, "504"),
        (Reply(301, "", {"Location": "http://127.0.0.1:9/"}), ProtocolError, "301"),
        (Reply(200, "not JSON"), ProtocolError, "127.0.0.1"),
        (Reply(200, "{}"), ProtocolError, "127.0.0.1"),
    ],
)  # fmt: skip
async def test_each_refusal_is_its_own_error(
    server: FakeVLLM, reply: Reply, raised: type[Exception], said: str
) -> None:
    server.fault = faulty(CHAT, reply)
    with pytest.raises(raised, match=said):
        await backend(server).complete(REQUEST)


async def test_an_overloaded_server_says_when_to_come_back(server: FakeVLLM) -> None:
    server.fault = faulty(CHAT, Reply(429, error("slow"), {"Retry-After": "7"}))
    with pytest.raises(BackendOverloaded) as caught:
        await backend(server).complete(REQUEST)
    assert caught.value.retry_after_s == 7


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BackendUnavailable, match="cannot be reached"):
            await ServerBackend(options={"base_urls": url}).complete(REQUEST)
        assert (await ServerBackend(options={"base_urls": url}).health()).state == "dead"


@pytest.mark.parametrize("ends_cleanly", [True, False])
async def test_a_stream_that_breaks_off_is_no_answer(server: FakeVLLM, ends_cleanly: bool) -> None:
    one = backend(server)
    await one.warm_up()
    server.cut_after, server.ends_cleanly = 300, ends_cleanly
    with pytest.raises(BackendUnavailable):
        [piece async for piece in one.stream(REQUEST)]


async def test_a_server_without_a_sign_of_life_times_out(server: FakeVLLM) -> None:
    one = backend(server, read_timeout_s=0.2)
    await one.warm_up()
    server.step_s = 5
    with pytest.raises(BackendTimedOut, match="read_timeout_s"):
        await one.complete(REQUEST)


async def test_the_next_address_is_asked_where_one_fails(server: FakeVLLM) -> None:
    with FakeVLLM().running() as other:
        server.fault = faulty(CHAT, Reply(503, error("loading")))
        one = backend(server, other)
        assert (await one.complete(REQUEST)).finish_reason == "stop"
        asked = len(server.requests)
        await one.complete(REQUEST)
        assert len(server.requests) == asked, "the one that failed rests"
        assert len(other.requests) > 1


async def test_a_failure_that_may_have_cost_tokens_is_an_attempt_before_the_next_address(
    server: FakeVLLM,
) -> None:
    with FakeVLLM().running() as other:
        server.fault = faulty(CHAT, Reply(500, error("EngineDeadError")))
        result = await StructuredGenerator(backend=backend(server, other)).agenerate_result(bool, "x")
    first, second = result.attempts
    assert (type(first.error), first.usage) == (BackendUnavailable, None)
    assert second.usage == result.usage
    assert result.ledger.uncounted == 1


async def test_a_server_that_ignores_grammars_is_refused(server: FakeVLLM) -> None:
    server.dialects = ()
    with pytest.raises(ProtocolError, match="does not enforce grammars"):
        await backend(server).complete(REQUEST)


async def test_the_older_dialect_is_found(server: FakeVLLM) -> None:
    server.dialects = ("guided_grammar",)
    assert json.loads((await backend(server).complete(REQUEST)).text).keys() == {"n"}


async def test_the_fallback_is_told_in_the_fidelity(server: FakeVLLM) -> None:
    server.dialects = ()
    completion = await backend(server, fallback="response_format").complete(REQUEST)
    assert completion.enforced is False
    assert "response_format" in server.requests[-1]
    generator = StructuredGenerator(backend=backend(server, fallback="response_format"))
    with pytest.raises(UnsupportedSchema, match="refuse_checked"):
        await generator.agenerate(SCHEMA, "How many?", refuse_checked=True)


async def test_the_canary_is_sent_once(server: FakeVLLM) -> None:
    one = backend(server)
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(one.complete, REQUEST)
    canaries = [body for body in server.requests if body["messages"][0]["content"] == "Say hello."]
    assert len(canaries) == 1


async def test_another_model_than_the_wanted_is_refused(server: FakeVLLM) -> None:
    with pytest.raises(UnknownModel, match="it serves 'fake/Qwen3'"):
        await backend(server, model="Qwen/Qwen3-0.6B").complete(REQUEST)


async def test_a_long_prompt_is_counted_before_it_is_sent(server: FakeVLLM) -> None:
    one = backend(server)
    await one.warm_up()
    before = len(server.requests)
    with pytest.raises(PromptTooLong, match="5010 tokens"):
        await one.complete(Request(messages=(Message("user", "x" * 5000),)))
    assert len(server.requests) == before


async def test_a_limit_that_the_context_keeps_is_not_sent(server: FakeVLLM) -> None:
    one = backend(server)
    for limit in (4095, 4096):
        await one.complete(replace(REQUEST, max_output_tokens=limit))
    assert [body.get("max_tokens") for body in server.requests[-2:]] == [4095, None]


async def test_characters_are_not_told_as_tokens(server: FakeVLLM) -> None:
    said = "maximum context length is 9 tokens. However, your prompt contains 99 characters (more than 80 ..."
    server.fault = faulty(CHAT, Reply(400, error(said)))
    with pytest.raises(InvalidPrompt, match="99 characters") as caught:
        await backend(server).complete(REQUEST)
    assert not isinstance(caught.value, PromptTooLong)


async def test_a_wrong_key_is_not_shown(server: FakeVLLM) -> None:
    server.api_key = "right"
    one = backend(server, api_key="sesame")
    with pytest.raises(AuthenticationFailed) as caught:
        await one.complete(REQUEST)
    assert "sesame" not in str(caught.value) + repr(one)
    assert (await backend(server, api_key="right").complete(REQUEST)).text


async def test_sessions_of_collected_backends_are_closed(server: FakeVLLM) -> None:
    for _ in range(3):
        await backend(server).complete(REQUEST)
    gc.collect()
    assert isinstance(await backend(server).complete(REQUEST), Completion)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"base_url": "http://x"}, "did you mean 'base_urls'"),
        ({"base_urls": "localhost:8000"}, "http://"),
        ({"base_urls": "http://me:secret@x"}, "credentials"),
        ({"ca_file": "nowhere.pem"}, "nowhere.pem"),
        ({"read_timeout_s": 0}, "'read_timeout_s' of backend 'server' is 0: .* greater than 0"),
        ({"api_key": ["hush-hush"]}, "'api_key' of backend 'server': "),
        ({"headers": {"x-token": ["hush-hush"]}}, r"'headers' \(x-token\) of backend 'server': "),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        ServerBackend(options=options)
    assert "hush-hush" not in str(caught.value)
    assert "hush-hush" not in repr(caught.value.__context__)


def test_a_result_of_a_server_tells_what_was_enforced(server: FakeVLLM) -> None:
    result = StructuredGenerator(backend=backend(server)).generate_result(SCHEMA, "How many?")
    assert {finding.fidelity for finding in result.fidelity} <= {Fidelity.EXACT, Fidelity.NARROWED}
    assert result.usage.prompt_tokens > 0
