"""The service: its answers, its errors, what it refuses, and that its OpenAPI description is true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anyio
import anyio.to_thread
import pytest

pytest.importorskip("fastapi")
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from qwen_structured import (
    AttemptsExhausted,
    AuthenticationFailed,
    BackendError,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    DeadlineExceeded,
    ModelNotLoadable,
    OutputInvalid,
    OutputTruncated,
    PromptTooLong,
    ProtocolError,
    QwenStructuredError,
    UnknownModel,
    UnsupportedSchema,
)
from qwen_structured.api.app import create_app
from qwen_structured.api.errors import status_of
from qwen_structured.api.guards import Limits, depth
from qwen_structured.protocols import Capabilities, Completion, Health, Request, Usage
from qwen_structured.testing import ScriptedBackend

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
CAN = Capabilities(grammar=False)


def service(answers: Any, **options: Any) -> TestClient:
    """The service over a script, in process."""
    return TestClient(create_app(ScriptedBackend(answers, capabilities=CAN), **options))


# --- answers -------------------------------------------------------------------------------------


def test_a_schema_gives_a_value() -> None:
    answer = service([{"n": 12}]).post("/generate", json={"prompt": "12 eggs", "schema": SCHEMA})
    assert answer.status_code == 200
    found = answer.json()
    assert found["text"] == {"n": 12}
    assert (found["finish_reason"], found["model"], found["attempts"]) == ("stop", "scripted", 1)
    assert found["usage"]["output_tokens"] == 1
    assert found["enforced"] is True


def test_no_schema_gives_text() -> None:
    answer = service(["Hello there."]).post("/generate", json={"prompt": "Hi"})
    assert answer.json()["text"] == "Hello there."


def test_a_text_that_is_cut_off_says_so() -> None:
    answer = service(["one two three"]).post("/generate", json={"prompt": "Hi", "max_tokens": 2})
    assert (answer.json()["text"], answer.json()["finish_reason"]) == ("one two", "length")


def test_what_is_asked_reaches_the_backend() -> None:
    backend = ScriptedBackend([{"n": 1}], capabilities=CAN)
    body = {
        "prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "schema": SCHEMA,
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.5,
        "seed": 3,
    }
    assert TestClient(create_app(backend)).post("/generate", json=body).status_code == 200
    [request] = backend.requests
    assert (request.max_output_tokens, request.temperature, request.top_p, request.seed) == (7, 0.5, 0.5, 3)
    assert request.grammar is not None
    assert request.messages[0].content.startswith("Be brief.")


def test_health_and_warm_up_answer() -> None:
    client = service([])
    for answer in (client.get("/health"), client.post("/warmup")):
        assert answer.status_code == 200
        assert answer.json()["state"] == "ready"


class DeadBackend(ScriptedBackend):
    async def health(self) -> Health:
        return Health(state="dead", detail="it died")


def test_health_of_a_dead_deployment_is_no_success() -> None:
    answer = TestClient(create_app(DeadBackend([]))).get("/health")
    assert (answer.status_code, answer.json()["detail"]) == (503, "it died")


def test_an_endpoint_may_stand_alone() -> None:
    client = TestClient(create_app(ScriptedBackend(["x"]), {"generate": "/"}))
    assert client.post("/", json={"prompt": "Hi"}).status_code == 200
    assert client.get("/health").status_code == 404


def test_the_backend_is_closed_with_the_service() -> None:
    backend = ScriptedBackend([])
    with TestClient(create_app(backend)) as client:
        assert client.get("/health").json()["state"] == "ready"
    assert anyio.run(backend.health).state == "dead"


# --- errors --------------------------------------------------------------------------------------


def test_an_answer_that_is_no_value_comes_as_raw_output() -> None:
    answer = service(lambda _: "no JSON at all").post("/generate", json={"prompt": "Hi", "schema": SCHEMA})
    error = answer.json()["error"]
    assert answer.status_code == 502
    assert error["type"] == "AttemptsExhausted"
    assert error["raw_output"] == "no JSON at all"
    assert error["usage"]["output_tokens"] == 12


def test_a_value_that_is_cut_off_says_what_to_raise() -> None:
    cut = Completion(text='{"n": 1', finish_reason="length", usage=Usage(3, 9), model="m")
    answer = service([cut]).post("/generate", json={"prompt": "Hi", "schema": SCHEMA})
    assert answer.status_code == 422
    assert answer.json()["error"]["raw_output"] == '{"n": 1'


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PromptTooLong(9, 8), 413),
        (UnsupportedSchema("x"), 422),
        (UnknownModel("x"), 503),
        (ModelNotLoadable("x"), 503),
        (BackendOverloaded("x", retry_after_s=1.2), 429),
        (BackendTimedOut("x"), 504),
        (BackendUnavailable("x"), 503),
        (AuthenticationFailed("x"), 502),
        (ProtocolError("x"), 502),
        (BackendError("x"), 502),
        (OutputTruncated("x"), 422),
        (OutputInvalid("x"), 502),
        (AttemptsExhausted("x"), 502),
        (DeadlineExceeded("x"), 504),
    ],
)
def test_every_error_has_its_status(error: QwenStructuredError, status: int) -> None:
    assert status_of(error) == status
    answer = service([error]).post("/generate", json={"prompt": "Hi"})
    assert answer.status_code == status
    assert answer.json()["error"]["type"] == type(error).__name__
    assert answer.json()["error"]["retryable"] is error.retryable
    assert answer.headers.get("retry-after") == ("2" if isinstance(error, BackendOverloaded) else None)


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "Hi", "temprature": 1}, "temprature"),
        ({"prompt": "Hi", "temperature": 9}, "temperature"),
        ({"prompt": "Hi", "max_tokens": 0}, "max_tokens"),
        ({"prompt": "Hi", "max_tokens": 100_000}, "max_tokens"),
        ({"prompt": [{"role": "user", "content": " "}]}, "empty"),
        ({"prompt": "Hi", "schema": {"type": "nothing"}}, "schema"),
    ],
)
def test_a_wrong_body_is_refused_with_its_place(body: dict[str, object], place: str) -> None:
    answer = service(["never"]).post("/generate", json=body)
    assert answer.status_code == 422
    assert place in answer.json()["error"]["message"]


def test_a_body_that_is_no_json_is_refused() -> None:
    answer = service([]).post("/generate", content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 422


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole() -> None:
    client = service(["x"], limits=Limits(body_bytes=1000))
    taken = []

    def chunks() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield b" " * 100

    assert client.post("/generate", content=chunks()).status_code == 413
    assert client.post("/generate", json={"prompt": "x" * 900}).status_code == 200


def test_a_body_that_is_nested_too_deep_is_refused() -> None:
    deep = '{"prompt": "Hi", "schema": ' + '{"items": ' * 5000 + "{}" + "}" * 5001
    answer = service([]).post("/generate", content=deep)
    assert answer.status_code == 422
    assert "deep" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("text", "deepest"),
    [(b"", 0), (b'"[[["', 0), (b'["\\"["]', 1), (b"[[{}]]", 3), (b"]][", 0), (b"[][]", 1)],
)
def test_depth_counts_what_stands_outside_of_strings(text: bytes, deepest: int) -> None:
    assert depth(text) == deepest


def test_a_service_with_a_key_answers_nobody_without() -> None:
    client = service(["x"], key="secret")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret"}):
        for path in ("/health", "/openapi.json", "/docs"):
            assert client.get(path, headers=headers).status_code == 401
    assert client.get("/health", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_a_service_for_this_machine_does_not_answer_to_other_names() -> None:
    client = service([], hosts=["127.0.0.1"])
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/health", headers={"host": "127.0.0.1:8080"}).status_code == 200


# --- the caller hangs up -------------------------------------------------------------------------


class WaitingBackend(ScriptedBackend):
    """Never answers, and notes that it was told to stop."""

    def __init__(self) -> None:
        super().__init__([], capabilities=CAN)
        self.began, self.ended = anyio.Event(), anyio.Event()

    async def complete(self, request: Request, /) -> Completion:
        self.began.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.ended.set()
        raise AssertionError


async def _hang_up() -> None:
    backend = WaitingBackend()
    sent: list[dict[str, Any]] = []
    body = [{"type": "http.request", "body": json.dumps({"prompt": "Hi"}).encode(), "more_body": False}]

    async def receive() -> dict[str, Any]:
        if body:
            return body.pop()
        await backend.began.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/generate",
        "raw_path": b"/generate",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "client": ("127.0.0.1", 1),
    }
    with anyio.fail_after(10):
        await create_app(backend)(scope, receive, send)
        await backend.ended.wait()


def test_a_caller_that_hangs_up_ends_the_work() -> None:
    anyio.run(_hang_up)


# --- its description -----------------------------------------------------------------------------


class LastingBackend(ScriptedBackend):
    """Outlives the services that are started and ended for each request."""

    async def aclose(self) -> None:
        pass


schema = openapi.from_asgi(
    "/openapi.json",
    create_app(LastingBackend(lambda request: {} if request.grammar else "text", capabilities=CAN)),
)


@schema.parametrize()
def test_answers_are_as_the_description_says(case: Any) -> None:
    # 502: the script's `{}` is no value; 422: no OpenAPI description says which dicts are JSON Schemas
    excluded = [not_a_server_error, positive_data_acceptance]
    assert case.call_and_validate(excluded_checks=excluded).status_code != 500
