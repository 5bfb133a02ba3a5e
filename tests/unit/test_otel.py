"""Spans and metrics, read from OpenTelemetry's own SDK."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import anyio
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import BaseModel, Field
from tests.telemetry import Telemetry, attributes, parent_of

from qwen_structured import (
    BackendUnavailable,
    Budget,
    BudgetExceeded,
    Completion,
    OutputInvalid,
    StructuredGenerator,
    Usage,
)
from qwen_structured.protocols import Capabilities
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio

CONSTRAINS = Capabilities(seed=True, thinking=False)


class Line(BaseModel):
    name: str = "rice"
    price: float = Field(ge=0)


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    with Telemetry.in_force(monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr(anyio, "sleep", sleep)


def completion(text: str, usage: Usage | None = None) -> Completion:
    return Completion(text=text, finish_reason="stop", usage=usage or Usage(10, 5), model="Qwen/Qwen3-4B")


def generator(answers: Sequence[object], **options: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=ScriptedBackend(answers, capabilities=CONSTRAINS), **options)


# --- spans -----------------------------------------------------------------------------------------


async def test_a_call_is_a_span_with_one_below_it_for_each_attempt(telemetry: Telemetry) -> None:
    answers = [
        BackendUnavailable("away"),
        completion('{"name":"a long name for it","price":-1}'),
        completion('{"price":2}'),
    ]
    await generator(answers).agenerate(Line, "x")
    call, *attempts = telemetry.spans()
    assert [one.name for one in (call, *attempts)] == ["generate Line", "chat", "chat", "chat"]
    assert {parent_of(one, telemetry.spans()) for one in attempts} == {call}
    assert call.parent is None
    kinds = [attributes(one)["qwen_structured.attempt.kind"] for one in attempts]
    assert kinds == ["first", "retry", "repair"]
    assert [one.kind for one in (call, *attempts)] == [SpanKind.INTERNAL] + [SpanKind.CLIENT] * 3


async def test_an_attempt_has_the_attributes_of_an_inference(telemetry: Telemetry) -> None:
    backend = ScriptedBackend([completion("7", Usage(10, 5, 2, 4))], capabilities=CONSTRAINS)
    priced = StructuredGenerator(backend=backend, temperature=0.5, top_p=0.9, max_output_tokens=50, seed=3)
    await priced.agenerate(int, "x")
    _, attempt = telemetry.spans()
    assert attributes(attempt) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "scripted",
        "gen_ai.output.type": "json",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.seed": 3,
        "gen_ai.response.model": "Qwen/Qwen3-4B",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.reasoning.output_tokens": 2,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "qwen_structured.attempt.kind": "first",
        "qwen_structured.attempt.number": 1,
        "qwen_structured.enforced": True,
    }
    assert attempt.status.status_code is StatusCode.UNSET


async def test_a_call_has_the_sums_under_names_of_its_own(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("PROMPT", "OUTPUT"):
        monkeypatch.setenv(f"QWEN_STRUCTURED_PRICES__SCRIPTED__USD_PER_MILLION_{kind}_TOKENS", "2")
    result = await generator([completion("x"), completion("7")]).agenerate_result(int, "x")
    call, *attempts = telemetry.spans()
    assert attributes(call) == {
        "qwen_structured.output_type": "int",
        "qwen_structured.backend": "scripted",
        "qwen_structured.attempts": 2,
        "qwen_structured.retries": 0,
        "qwen_structured.re_asks": 1,
        "qwen_structured.repairs": 0,
        "qwen_structured.continuations": 0,
        "qwen_structured.usage.input_tokens": 20,
        "qwen_structured.usage.output_tokens": 10,
        "qwen_structured.cost_usd": result.cost_usd,
    }
    costs = [attributes(one)["qwen_structured.cost_usd"] for one in attempts]
    assert sum(costs) == pytest.approx(6e-5)
    assert result.cost_usd == pytest.approx(6e-5)


async def test_the_model_that_was_asked_for_stands_in_the_name_of_the_span(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qwen_structured import _registry

    monkeypatch.setattr(_registry, "load", lambda name: lambda model, options: ScriptedBackend([7]))
    await StructuredGenerator(backend="scripted", model="4b").agenerate(int, "x")
    _, attempt = telemetry.spans()
    assert attempt.name == "chat 4b"
    assert attributes(attempt)["gen_ai.request.model"] == "4b"


async def test_errors_are_told_by_their_type_and_no_message(telemetry: Telemetry) -> None:
    with pytest.raises(OutputInvalid):
        await generator(['{"price":-777}'], max_attempts=1).agenerate(Line, "x")
    for span in telemetry.spans():
        assert attributes(span)["error.type"] == "OutputInvalid"
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description is None
        assert not span.events
        assert "777" not in span.to_json()


async def test_a_call_that_never_asked_is_a_span_with_its_error(telemetry: Telemetry) -> None:
    budget = Budget(max_total_tokens=1)
    budget.charge(Usage(1), None)
    with pytest.raises(BudgetExceeded):
        await generator([1], budget=budget).agenerate(int, "x")
    [call] = telemetry.spans()
    assert attributes(call)["error.type"] == "BudgetExceeded"
    assert attributes(call)["qwen_structured.attempts"] == 0


async def test_a_cancelled_call_ends_its_spans(telemetry: Telemetry) -> None:
    with anyio.CancelScope() as scope:

        def cancel(_: object) -> Any:
            scope.cancel()
            return "no number"

        await generator([cancel, 1]).agenerate(int, "x")
    call, _, cut_off = telemetry.spans()
    assert attributes(call)["error.type"] in ("CancelledError", "Cancelled")
    assert attributes(cut_off)["error.type"] == "DeadlineExceeded"
    assert not trace.get_current_span().get_span_context().is_valid


async def test_prompts_and_answers_are_recorded_only_where_a_setting_asks_for_it(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await generator([completion("17")]).agenerate(int, "How many?")
    assert "How many?" not in "".join(span.to_json() for span in telemetry.spans())
    telemetry.exporter.clear()
    monkeypatch.setenv("QWEN_STRUCTURED_RECORD_CONTENT", "true")
    await generator([completion("17")]).agenerate(int, "How many?")
    _, attempt = telemetry.spans()
    asked = json.loads(attributes(attempt)["gen_ai.input.messages"])
    assert asked[-1] == {"role": "user", "parts": [{"type": "text", "content": "How many?"}]}
    assert json.loads(attributes(attempt)["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "17"}], "finish_reason": "stop"}
    ]


# --- whose child a call is -------------------------------------------------------------------------


async def test_the_callers_span_is_the_parent(telemetry: Telemetry) -> None:
    with telemetry.tracers.get_tracer("user").start_as_current_span("user"):
        await generator([completion("7")]).agenerate(int, "x")
    user, call, _ = telemetry.spans()
    assert parent_of(call, telemetry.spans()) is user


def test_the_callers_span_is_the_parent_of_a_sync_call_too(telemetry: Telemetry) -> None:
    with telemetry.tracers.get_tracer("user").start_as_current_span("user"):
        generator([completion("7")]).generate(int, "x")
    user, call, attempt = telemetry.spans()
    assert parent_of(call, telemetry.spans()) is user
    assert parent_of(attempt, telemetry.spans()) is call


def test_calls_of_several_threads_have_each_their_own_parent(telemetry: Telemetry) -> None:
    one = generator([completion("7")] * 20)
    tracer = telemetry.tracers.get_tracer("user")

    def work() -> None:
        with tracer.start_as_current_span("user"):
            one.generate(int, "x")

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans = telemetry.spans()
    calls = [span for span in spans if span.name == "generate int"]
    parents = [parent_of(call, spans) for call in calls]
    assert [parent.name for parent in parents if parent] == ["user"] * 20
    assert len({parent.context.span_id for parent in parents if parent and parent.context}) == 20


# --- metrics ---------------------------------------------------------------------------------------


async def test_metrics_count_each_attempt_with_its_tokens_once(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_PRICES__SCRIPTED__USD_PER_HOUR", "3600")
    answers = [BackendUnavailable("away"), completion("x"), completion("7")]
    result = await generator(answers).agenerate_result(int, "x")
    durations = {
        point.attributes["qwen_structured.attempt.kind"]: point
        for point in telemetry.points("gen_ai.client.operation.duration")
    }
    assert {kind: point.count for kind, point in durations.items()} == {"first": 1, "retry": 1, "re-ask": 1}
    assert durations["first"].attributes["error.type"] == "BackendUnavailable"
    assert durations["retry"].attributes["error.type"] == "OutputNotJSON"
    assert "error.type" not in durations["re-ask"].attributes
    assert durations["re-ask"].explicit_bounds[:3] == (0.01, 0.02, 0.04)
    tokens = telemetry.points("gen_ai.client.token.usage")
    assert {point.explicit_bounds[-1] for point in tokens} == {4**13}
    for kind, wanted in (("input", result.usage.prompt_tokens), ("output", result.usage.output_tokens)):
        assert sum(p.sum for p in tokens if p.attributes["gen_ai.token.type"] == kind) == wanted
    spent = sum(point.value for point in telemetry.points("qwen_structured.cost"))
    assert spent == pytest.approx(result.cost_usd)
    [call] = telemetry.points("qwen_structured.call.duration")
    assert (call.count, dict(call.attributes)) == (1, {"qwen_structured.backend": "scripted"})


async def test_a_failed_call_is_counted_with_its_error(telemetry: Telemetry) -> None:
    with pytest.raises(OutputInvalid):
        await generator(['{"price":-1}'], max_attempts=1).agenerate(Line, "x")
    [call] = telemetry.points("qwen_structured.call.duration")
    assert call.attributes["error.type"] == "OutputInvalid"


# --- what must not go wrong ------------------------------------------------------------------------


class BrokenProcessor(SpanProcessor):
    def __init__(self, where: str) -> None:
        self._where = where

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        if self._where == "start":
            raise RuntimeError("of the processor")

    def on_end(self, span: ReadableSpan) -> None:
        if self._where == "end":
            raise RuntimeError("of the processor")


@pytest.mark.parametrize("where", ["start", "end"])
async def test_a_broken_sdk_does_not_cost_the_answer(telemetry: Telemetry, where: str) -> None:
    telemetry.tracers.add_span_processor(BrokenProcessor(where))
    assert await generator([completion("x"), completion("7")]).agenerate(int, "x") == 7


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


CALL = (
    "from qwen_structured import StructuredGenerator\n"
    "from qwen_structured.testing import ScriptedBackend\n"
    "StructuredGenerator(backend=ScriptedBackend([1])).generate(int, 'x')\n"
)


def test_a_program_without_opentelemetry_never_imports_it() -> None:
    assert run(f"{CALL}import sys\nprint('opentelemetry' in sys.modules)") == "False\n"


def test_an_sdk_that_is_set_up_after_the_first_call_is_used_from_then_on() -> None:
    code = (
        f"{CALL}"
        "from opentelemetry import trace\n"
        f"{CALL}"
        "from opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor\n"
        "from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter\n"
        "exporter, tracers = InMemorySpanExporter(), TracerProvider()\n"
        "tracers.add_span_processor(SimpleSpanProcessor(exporter))\n"
        "trace.set_tracer_provider(tracers)\n"
        f"{CALL}"
        "print([span.name for span in exporter.get_finished_spans()])"
    )
    assert run(code) == "['chat', 'generate int']\n"


def test_metrics_alone_are_taken_too() -> None:
    code = (
        "from opentelemetry import metrics\n"
        "from opentelemetry.sdk.metrics import MeterProvider\n"
        "from opentelemetry.sdk.metrics.export import InMemoryMetricReader\n"
        f"{CALL}"
        "reader = InMemoryMetricReader()\n"
        "metrics.set_meter_provider(MeterProvider([reader]))\n"
        f"{CALL}"
        "[scope] = reader.get_metrics_data().resource_metrics[0].scope_metrics\n"
        "print(sorted(metric.name for metric in scope.metrics))"
    )
    assert run(code) == (
        "['gen_ai.client.operation.duration', 'gen_ai.client.token.usage', 'qwen_structured.call.duration']\n"
    )


def test_an_api_without_an_sdk_makes_nothing() -> None:
    code = (
        "import opentelemetry.trace\n"
        f"{CALL}"
        "from qwen_structured import _otel\n"
        "_otel.Spans = None\n"
        f"{CALL}print('done')"
    )
    assert run(code) == "done\n"


def test_an_api_that_is_too_old_costs_spans_and_nothing_else() -> None:
    code = (
        "import opentelemetry.metrics as metrics\n"
        "class Old:\n"
        "    def create_histogram(self, name, unit='', description=''): ...\n"
        "metrics.get_meter = lambda *_: Old()\n"
        f"{CALL}{CALL}print('done')"
    )
    assert run(code) == "done\n"
