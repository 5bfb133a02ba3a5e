"""A call's attempts over HTTP: what is sent again, when, to whom, and that nothing goes on behind it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Annotated, Any

import anyio
import pytest
from pydantic import Field
from tests.server.fake_vllm import FakeVLLM, Reply

from qwen_structured import (
    AttemptsExhausted,
    BackendUnavailable,
    DeadlineExceeded,
    StructuredGenerator,
    UnsupportedOption,
    generate_result,
)
from qwen_structured.backends.server import ServerBackend

pytestmark = pytest.mark.anyio
CHAT = "/v1/chat/completions"


@pytest.fixture
def server() -> Iterator[FakeVLLM]:
    with FakeVLLM().running() as running:
        yield running


async def ready(server: FakeVLLM) -> ServerBackend:
    """A backend that has made its first contact, with requests of that forgotten."""
    backend = ServerBackend(None, {"base_urls": server.url})
    await backend.warm_up()
    server.requests.clear()
    return backend


def fail(server: FakeVLLM, *replies: Reply) -> list[dict[str, Any]]:
    """Have the next chat requests answered so; gives the bodies of those that were."""
    left, failed = list(replies), []

    def fault(path: str, body: dict[str, Any]) -> Reply | None:
        if path != CHAT or not left or body["messages"][0]["content"] == "Say hello.":
            return None
        failed.append(body)
        return left.pop(0)

    server.fault = fault
    return failed


async def test_failures_of_a_server_are_retried_until_it_answers(server: FakeVLLM) -> None:
    backend = await ready(server)
    failed = fail(server, Reply(500), Reply(429, headers={"Retry-After": "0"}), Reply(503), Reply(504))
    result = await StructuredGenerator(backend=backend).agenerate_result(bool, "x")
    assert [one.kind for one in result.attempts] == ["first", "retry", "retry", "retry", "retry"]
    assert failed == [server.requests[-1]] * 4, "the same request each time"
    assert len([one for one in server.requests if one["messages"][-1]["content"] == "x"]) == 1
    assert result.usage.output_tokens == result.completion.usage.output_tokens > 0


async def test_a_server_that_stays_away_ends_the_call(server: FakeVLLM) -> None:
    backend = await ready(server)
    failed = fail(server, *[Reply(500)] * 9)
    with pytest.raises(AttemptsExhausted) as caught:
        await StructuredGenerator(backend=backend, max_retries=1).agenerate(bool, "x")
    assert isinstance(caught.value.__cause__, BackendUnavailable)
    assert len(failed) == len(caught.value.attempts) == 2


async def test_a_wait_that_the_server_asks_for_is_not_begun_beyond_the_deadline(server: FakeVLLM) -> None:
    backend = await ready(server)
    failed = fail(server, Reply(429, headers={"Retry-After": "3600"}))
    with pytest.raises(DeadlineExceeded, match="could not end in time"):
        await StructuredGenerator(backend=backend, deadline_s=60).agenerate(bool, "x")
    assert len(failed) == 1


async def test_another_server_answers_where_one_is_not_there(server: FakeVLLM) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = ServerBackend(None, {"base_urls": f"http://127.0.0.1:{taken.getsockname()[1]}"})
        generator = StructuredGenerator(backend=away, failover=[await ready(server)])
        result = await generator.agenerate_result(bool, "x")
    assert [type(one.error) for one in result.attempts] == [BackendUnavailable, type(None)]


def test_the_setting_failover_leads_from_a_server_to_the_shipped_model(
    server: FakeVLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BACKEND", "server")
    monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__SERVER__BASE_URLS", server.url)
    monkeypatch.setenv("QWEN_STRUCTURED_FAILOVER", "embedded")
    fail(server, *[Reply(500)] * 9)
    result = generate_result(int, "How many eggs? We bought 12 eggs.")
    assert (result.value, result.backend) == (12, "embedded")
    assert [one.backend for one in result.attempts] == ["server", "embedded"]
    alone = generate_result(int, "How many eggs? We bought 12 eggs.", backend="embedded")
    assert len(alone.attempts) == 1, "it stands behind the setting's backend, and no other"
    with pytest.raises(UnsupportedOption, match="has no logprobs"):
        generate_result(int, "x", logprobs=True)


@pytest.mark.parametrize("how", ["cancelled", "deadline"])
async def test_a_call_that_ends_early_leaves_nothing_running(server: FakeVLLM, how: str) -> None:
    backend = await ready(server)
    server.step_s = 0.01
    one = StructuredGenerator(backend=backend, deadline_s=0.3 if how == "deadline" else None)
    kinds: list[type[BaseException]] = []

    async def call() -> None:
        try:
            await one.agenerate(Annotated[list[bool], Field(min_length=300)], "x")
        except BaseException as error:
            kinds.append(type(error))
            raise

    with anyio.move_on_after(60):
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(call)
                while not server.requests:  # noqa: ASYNC110  # the server runs in another thread
                    await anyio.sleep(0.001)
                if how == "cancelled":
                    group.cancel_scope.cancel()
        except* DeadlineExceeded:
            pass
        while not server.aborted:  # noqa: ASYNC110
            await anyio.sleep(0.001)
    assert server.aborted == 1
    assert kinds == [DeadlineExceeded if how == "deadline" else anyio.get_cancelled_exc_class()]
    assert (await backend.health()).requests == 0
    assert len(server.requests) == 1
