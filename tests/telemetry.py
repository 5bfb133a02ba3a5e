"""OpenTelemetry's own SDK, for tests that look at what it was given."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from qwen_structured import _otel


class Telemetry:
    """The SDK, with what it was given."""

    def __init__(self) -> None:
        self.exporter, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers, self.meters = TracerProvider(), MeterProvider([self.reader])
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))

    @classmethod
    @contextmanager
    def in_force(cls, monkeypatch: pytest.MonkeyPatch) -> Generator[Telemetry]:
        """Give the package this SDK, in the place of the program's, which could be set only once."""
        made = cls()
        monkeypatch.setattr(_otel, "_instruments", _otel.Instruments(made.tracers, made.meters))
        yield made
        made.tracers.shutdown()
        made.meters.shutdown()

    def spans(self) -> list[ReadableSpan]:
        """Those that have ended, in the order of their beginnings."""
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def points(self, name: str) -> list[Any]:
        """What was measured under a name."""
        data = self.reader.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


def attributes(span: ReadableSpan) -> dict[str, Any]:
    """Of a span."""
    return dict(span.attributes or {})


def parent_of(span: ReadableSpan, spans: Sequence[ReadableSpan]) -> ReadableSpan | None:
    """The span among `spans` that a span is a child of."""
    wanted = span.parent.span_id if span.parent else None
    return next((one for one in spans if one.context and one.context.span_id == wanted), None)
