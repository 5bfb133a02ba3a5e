"""A trace goes on through the private event loop into the server, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.server.fake_vllm import FakeVLLM, Reply
from tests.telemetry import Telemetry, attributes, parent_of

from qwen_structured import StructuredGenerator
from qwen_structured.backends.server import ServerBackend

CHAT = "/v1/chat/completions"


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    with Telemetry.in_force(monkeypatch) as made:
        yield made


def generator(server: FakeVLLM) -> StructuredGenerator:
    """A generator whose backend has made its first contact."""
    made = StructuredGenerator(backend=ServerBackend(None, {"base_urls": server.url}))
    made.warm_up()
    server.headers.clear()
    return made


def test_the_span_of_an_attempt_is_the_parent_of_what_the_server_does(
    server: FakeVLLM, telemetry: Telemetry
) -> None:
    with generator(server) as made, telemetry.tracers.get_tracer("user").start_as_current_span("user"):
        made.generate(bool, "x")
    user, call, attempt = spans = telemetry.spans()
    assert parent_of(call, spans) is user
    assert parent_of(attempt, spans) is call
    [headers] = server.headers
    assert attempt.context
    trace_id, span_id = f"{attempt.context.trace_id:032x}", f"{attempt.context.span_id:016x}"
    assert headers["traceparent"].startswith(f"00-{trace_id}-{span_id}-")
    assert "baggage" not in headers


def test_each_retry_is_a_span_of_its_own_that_the_server_sees(server: FakeVLLM, telemetry: Telemetry) -> None:
    replies = [Reply(503, headers={"Retry-After": "0"}), Reply(500)]

    def fault(path: str, body: dict[str, Any]) -> Reply | None:
        return replies.pop(0) if path == CHAT and replies else None

    with generator(server) as made:
        server.fault = fault
        made.generate(bool, "x")
    _, *attempts = telemetry.spans()
    assert [attributes(one).get("error.type") for one in attempts] == [
        "BackendOverloaded",
        "BackendUnavailable",
        None,
    ]
    seen = [headers["traceparent"].split("-")[2] for headers in server.headers if "traceparent" in headers]
    sent = [f"{one.context.span_id:016x}" for one in attempts if one.context]
    assert list(dict.fromkeys(seen)) == sent  # the last asks several times: it finds the server out anew


def test_without_a_trace_the_server_gets_no_header_of_one(server: FakeVLLM) -> None:
    with generator(server) as made:
        made.generate(bool, "x")
    assert all("traceparent" not in headers for headers in server.headers)
