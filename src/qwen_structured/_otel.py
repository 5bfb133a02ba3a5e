"""Spans and metrics, by OpenTelemetry's semantic conventions for generative AI.

Source: open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-spans.md and gen-ai-metrics.md, as of
version 1.42 of the conventions; they are in development.

An attempt is an inference (``chat``), with the tokens that it took. The call around it is a span of ours, and
its sums have names of ours: what adds up ``gen_ai.usage`` would count tokens twice if both had them.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from opentelemetry import context, metrics, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from . import __version__
from ._observation import LOGGER, safely
from ._redaction import redacted
from .observing import Call
from .protocols import Request
from .results import Attempt, AttemptKind, Completion

_NAME: Final = "qwen_structured"
_OPERATION: Final = "chat"

# Source: gen-ai-metrics.md
_TOKEN_BOUNDARIES: Final = [4**power for power in range(14)]
_SECOND_BOUNDARIES: Final = [0.01 * 2**power for power in range(14)]


@dataclass(slots=True)
class Instruments:
    """What spans and metrics are made with.

    Args:
        tracers: gives the tracer; by default the program's.
        meters: gives the meter; by default the program's.
    """

    tracers: trace.TracerProvider | None = None
    meters: metrics.MeterProvider | None = None
    tracer: trace.Tracer = field(init=False)
    operation_duration: metrics.Histogram = field(init=False)
    token_usage: metrics.Histogram = field(init=False)
    call_duration: metrics.Histogram = field(init=False)
    cost: metrics.Counter = field(init=False)

    def __post_init__(self) -> None:
        self.tracer = trace.get_tracer(_NAME, __version__, self.tracers)
        meter = metrics.get_meter(_NAME, __version__, self.meters)
        self.operation_duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="Duration of an attempt.",
            explicit_bucket_boundaries_advisory=_SECOND_BOUNDARIES,
        )
        self.token_usage = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Tokens that an attempt read and wrote.",
            explicit_bucket_boundaries_advisory=_TOKEN_BOUNDARIES,
        )
        self.call_duration = meter.create_histogram(
            f"{_NAME}.call.duration",
            unit="s",
            description="Duration of a call, all its attempts together.",
            explicit_bucket_boundaries_advisory=_SECOND_BOUNDARIES,
        )
        self.cost = meter.create_counter(
            f"{_NAME}.cost", unit="{USD}", description="US dollars that attempts cost, where that is known."
        )

    @property
    def are_in_force(self) -> bool:
        """Whether anything comes of them; until an SDK is set up, the API has proxies, which do nothing."""
        return (
            self.tracers is not None
            or not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
            or type(metrics.get_meter_provider()).__name__ != "_ProxyMeterProvider"  # which is not public
        )


_instruments = Instruments()  # which follow the program's SDK, also one that is set up later


def is_in_force() -> bool:
    """Whether spans or metrics would be taken by anybody."""
    return _instruments.are_in_force


class Spans:
    """The spans and metrics of one call.

    Args:
        content: record prompts and answers too.
    """

    def __init__(self, *, content: bool) -> None:
        self._content = content
        self._call: Span = trace.INVALID_SPAN
        self._attempt: Span = trace.INVALID_SPAN
        self._asked: dict[str, AttributeValue] = {}

    # --- the call ----------------------------------------------------------------------------

    @contextmanager
    def call(self, output_type: str, begun_at_ns: int) -> Generator[None]:
        """Make the span of the call the current one, which began at this time since the epoch."""
        attributes = {f"{_NAME}.output_type": output_type}
        self._call = _started(f"generate {output_type}", SpanKind.INTERNAL, attributes, begun_at_ns)
        with _current(self._call):
            yield

    def call_ended(self, call: Call) -> None:
        """Record what came of the call."""
        asked = call.attempts[-1].backend if call.attempts else None
        _instruments.call_duration.record(
            call.duration_s, _without_none({f"{_NAME}.backend": asked, "error.type": _error_type(call.error)})
        )
        if not self._call.is_recording():
            return
        ledger = call.ledger
        self._set(
            self._call,
            call.error,
            {
                f"{_NAME}.backend": asked,
                f"{_NAME}.attempts": len(call.attempts),
                f"{_NAME}.retries": ledger.retries,
                f"{_NAME}.re_asks": ledger.re_asks,
                f"{_NAME}.repairs": ledger.repairs,
                f"{_NAME}.continuations": ledger.continuations,
                f"{_NAME}.usage.input_tokens": ledger.usage.prompt_tokens,
                f"{_NAME}.usage.output_tokens": ledger.usage.output_tokens,
                f"{_NAME}.usage.saved_output_tokens": ledger.saved_output_tokens or None,
                f"{_NAME}.cost_usd": ledger.cost_usd if call.attempts else None,
            },
        )

    # --- an attempt --------------------------------------------------------------------------

    @contextmanager
    def attempt(
        self, number: int, kind: AttemptKind, backend: str, model: str | None, request: Request
    ) -> Generator[None]:
        """Make the span of an attempt the current one; see `Observation.attempt`."""
        self._asked = _without_none(
            {
                "gen_ai.operation.name": _OPERATION,
                "gen_ai.provider.name": backend,
                "gen_ai.request.model": model,
                f"{_NAME}.attempt.kind": kind,
            }
        )
        attributes = {**self._asked, f"{_NAME}.attempt.number": number, **_parameters(request)}
        if self._content:
            attributes["gen_ai.input.messages"] = _input_messages(request)
        name = f"{_OPERATION} {model}" if model else _OPERATION
        self._attempt = _started(name, SpanKind.CLIENT, attributes)
        with _current(self._attempt):
            yield

    def attempt_ended(self, attempt: Attempt) -> None:
        """Record what came of the attempt."""
        completion = attempt.completion
        answering = completion.model if completion is not None else None
        asked = self._asked | _without_none({"gen_ai.response.model": answering})
        _instruments.operation_duration.record(
            attempt.duration_s, asked | _without_none({"error.type": _error_type(attempt.error)})
        )
        if completion is not None:
            usage = completion.usage
            for kind, tokens in (("input", usage.prompt_tokens), ("output", usage.output_tokens)):
                _instruments.token_usage.record(tokens, {**asked, "gen_ai.token.type": kind})
        if attempt.cost_usd is not None:
            _instruments.cost.add(attempt.cost_usd, asked)
        if self._attempt.is_recording():
            answered = self._answered(completion) if completion is not None else {}
            self._set(self._attempt, attempt.error, {**answered, f"{_NAME}.cost_usd": attempt.cost_usd})

    def _answered(self, completion: Completion) -> dict[str, AttributeValue | None]:
        usage, timings = completion.usage, completion.timings
        return {
            "gen_ai.response.model": completion.model,
            "gen_ai.response.finish_reasons": [completion.finish_reason],
            "gen_ai.usage.input_tokens": usage.prompt_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens or None,
            "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens or None,
            "gen_ai.output.messages": _output_messages(completion) if self._content else None,
            f"{_NAME}.enforced": completion.enforced,
            f"{_NAME}.queue_s": timings.queue_s,
            f"{_NAME}.grammar_s": timings.grammar_s,
            f"{_NAME}.first_token_s": timings.first_token_s,
        }

    def _set(
        self, span: Span, error: BaseException | None, attributes: Mapping[str, AttributeValue | None]
    ) -> None:
        """Set what is known, and the error without its message, which may have parts of the answer in it."""
        span.set_attributes(_without_none({**attributes, "error.type": _error_type(error)}))
        if error is not None:
            span.set_status(Status(StatusCode.ERROR, redacted(str(error)) if self._content else None))


def trace_headers() -> Mapping[str, str]:
    """The W3C headers of the current span; without baggage, which is not for servers of others."""
    headers: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(headers)
    return headers


def _started(
    name: str, kind: SpanKind, attributes: Mapping[str, AttributeValue], begun_at_ns: int | None = None
) -> Span:
    try:
        return _instruments.tracer.start_span(name, kind=kind, attributes=attributes, start_time=begun_at_ns)
    except Exception as error:  # of a processor or a sampler of the program's
        LOGGER.warning("a span could not be started: %r", error)
        return trace.NonRecordingSpan(trace.get_current_span().get_span_context())


@contextmanager
def _current(span: Span) -> Generator[None]:
    """Make a span the current one, and end it; unlike `trace.use_span`, whatever its processors raise."""
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield
    finally:
        context.detach(token)
        safely(span.end)


def _parameters(request: Request) -> dict[str, AttributeValue]:
    return _without_none(
        {
            "gen_ai.output.type": "json" if request.grammar is not None else "text",
            "gen_ai.request.temperature": request.temperature,
            "gen_ai.request.top_p": request.top_p,
            "gen_ai.request.max_tokens": request.max_output_tokens,
            "gen_ai.request.seed": request.seed,
        }
    )


def _input_messages(request: Request) -> str:
    return json.dumps(
        [{"role": one.role, "parts": [_part("text", one.content)]} for one in request.messages],
        ensure_ascii=False,
    )


def _output_messages(completion: Completion) -> str:
    parts = [_part("reasoning", completion.reasoning)] if completion.reasoning else []
    message = {
        "role": "assistant",
        "parts": [*parts, _part("text", completion.text)],
        "finish_reason": completion.finish_reason,
    }
    return json.dumps([message], ensure_ascii=False)


def _part(kind: str, content: str) -> dict[str, str]:
    return {"type": kind, "content": redacted(content)}


def _error_type(error: BaseException | None) -> str | None:
    return type(error).__name__ if error is not None else None


def _without_none(attributes: Mapping[str, AttributeValue | None]) -> dict[str, AttributeValue]:
    return {name: value for name, value in attributes.items() if value is not None}
