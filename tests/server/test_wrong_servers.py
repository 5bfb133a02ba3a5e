"""A server that is not the one that was meant: one clear error, which is not tried again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.fake_vllm import FakeVLLM, Reply

from qwen_structured import (
    AuthenticationFailed,
    PromptTooLong,
    ProtocolError,
    QwenStructuredError,
    StructuredGenerator,
    UnknownModel,
)
from qwen_structured.backends.server import ServerBackend

pytestmark = pytest.mark.anyio
LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
HTML = "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>"


async def refusal(
    server: FakeVLLM, prompt: str = "x", model: str | None = None, **options: Any
) -> QwenStructuredError:
    """The error of the one attempt that is made."""
    one = ServerBackend(model, {"base_urls": [server.url], **options})
    async with StructuredGenerator(backend=one, max_attempts=3) as generator:
        with pytest.raises(QwenStructuredError) as caught:
            await generator.agenerate(int, prompt)
    assert not caught.value.retryable
    assert server.url in str(caught.value) or isinstance(caught.value, PromptTooLong)
    return caught.value


def serving(path: str, reply: Reply) -> Callable[[str, dict[str, Any]], Reply | None]:
    return lambda asked, body: reply if asked == path else None


def everywhere(reply: Reply) -> Callable[[str, dict[str, Any]], Reply | None]:
    return lambda asked, body: reply


# --- another model -------------------------------------------------------------------------------


async def test_a_server_of_another_family_is_refused(server: FakeVLLM) -> None:
    server.model = LLAMA
    error = await refusal(server, model="80b")
    assert isinstance(error, UnknownModel)
    assert str(error) == (
        f"{server.url} does not serve the model '80b', which is 'Qwen/Qwen3-Next-80B-A3B-Instruct-FP8': "
        f"it serves {LLAMA!r}"
    )
    assert not server.requests, "no prompt was sent"


async def test_a_misspelt_model_is_guessed(server: FakeVLLM) -> None:
    server.model = "our-qwen"
    error = await refusal(server, model="our-qwne")
    assert isinstance(error, UnknownModel)
    assert str(error).endswith(
        "does not serve the model 'our-qwne': it serves 'our-qwen'; did you mean 'our-qwen'?"
    )


async def test_among_several_models_one_has_to_be_named(server: FakeVLLM) -> None:
    cards = [{"id": "one"}, {"id": "two"}, {"id": "adapter", "parent": "one"}]
    server.fault = serving("/v1/models", Reply(200, json.dumps({"data": cards})))
    error = await refusal(server)
    assert isinstance(error, UnknownModel)
    assert "serves 'one', 'two', 'adapter': name the model that is meant" in str(error)


async def test_a_server_without_a_model_is_refused(server: FakeVLLM) -> None:
    server.fault = serving("/v1/models", Reply(200, json.dumps({"data": []})))
    assert "serves none" in str(await refusal(server))


# --- no vLLM -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("models", "name"),
    [
        (
            {"object": "list", "data": [{"id": "qwen3:4b", "object": "model", "owned_by": "library"}]},
            "qwen3:4b",
        ),
        (
            {
                "models": [{"name": "qwen3-4b.gguf", "type": "model", "capabilities": ["completion"]}],
                "object": "list",
                "data": [{"id": "qwen3-4b.gguf", "owned_by": "llamacpp", "meta": {"n_ctx_train": 40960}}],
            },
            "qwen3-4b.gguf",
        ),
    ],
    ids=["ollama", "llama.cpp"],
)
async def test_a_server_that_ignores_grammars_is_refused_before_the_prompt_is_sent(
    server: FakeVLLM, models: dict[str, Any], name: str
) -> None:
    server.model, server.dialects = name, ()
    server.fault = serving("/v1/models", Reply(200, json.dumps(models)))
    error = await refusal(server, "my secret plan")
    assert isinstance(error, ProtocolError)
    assert "does not enforce grammars" in str(error)
    assert "update it to vLLM 0.11 or newer" in str(error)
    assert "secret plan" not in json.dumps(server.requests)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, HTML, {"content-type": "text/html"}),
        Reply(200, HTML, {"content-type": "text/html"}),
        Reply(404, "404 page not found"),
        Reply(404, "Cannot GET /v1/models"),
        Reply(404, json.dumps({"error": {"code": 404, "message": "File Not Found"}})),
        Reply(405, json.dumps({"detail": "Method Not Allowed"})),
        Reply(302, "", {"Location": "/login"}),
        Reply(200, ""),
        Reply(200, "[]"),
        Reply(200, json.dumps({"models": [{"name": "llama3"}]})),
        Reply(200, json.dumps({"data": [{"name": "llama3"}]})),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:24]}",
)
async def test_what_is_no_vllm_is_asked_about(server: FakeVLLM, reply: Reply) -> None:
    server.fault = everywhere(reply)
    error = await refusal(server)
    assert isinstance(error, ProtocolError)
    assert "is the address that of a vLLM server?" in str(error)


# --- key and length ------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"api_key": "wrong"}])
async def test_without_the_right_key_the_option_is_named(server: FakeVLLM, options: dict[str, Any]) -> None:
    server.api_key = "right"
    error = await refusal(server, **options)
    assert isinstance(error, AuthenticationFailed)
    assert str(error).endswith("check the option api_key")


async def test_a_context_that_the_server_was_not_given_is_told_in_tokens(server: FakeVLLM) -> None:
    server.model, server.context_tokens = "Qwen/Qwen3-0.6B", 512  # of the 40,960 that the model could have
    error = await refusal(server, "x" * 2_000, model="0.6b")
    assert isinstance(error, PromptTooLong)
    assert error.context_tokens == 512
    assert error.prompt_tokens > 2_000
    assert "context holds 512" in str(error)


async def test_where_the_server_does_not_count_it_refuses_by_itself(server: FakeVLLM) -> None:
    server.context_tokens = 512
    server.fault = serving("/tokenize", Reply(404, json.dumps({"detail": "Not Found"})))
    error = await refusal(server, "x" * 2_000)
    assert isinstance(error, PromptTooLong)
    assert error.context_tokens == 512
