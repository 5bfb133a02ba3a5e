"""Streams: parts while the answer is written, the value at the end, and what becomes of failures."""

from __future__ import annotations

import pickle
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from decimal import Decimal
from typing import Any, Literal, TypeVar

import anyio
import pytest
from pydantic import BaseModel, Field, field_validator

from qwen_structured import (
    AttemptsExhausted,
    BackendOverloaded,
    BackendUnavailable,
    Budget,
    BudgetExceeded,
    Completion,
    ConfigurationError,
    DeadlineExceeded,
    OutputEmpty,
    OutputInvalid,
    OutputNotJSON,
    OutputStopped,
    OutputTruncated,
    Partial,
    ProtocolError,
    QwenStructuredError,
    Request,
    StructuredGenerator,
    Usage,
)
from qwen_structured.protocols import Capabilities
from qwen_structured.streams.production import _MOST_BATCHES
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio
V = TypeVar("V")


class Line(BaseModel):
    name: str
    price: Decimal = Field(ge=0)


class Order(BaseModel):
    number: str
    lines: list[Line]
    total: Decimal


LINES = [{"name": "lamp", "price": "1.5"}, {"name": "desk", "price": "2"}]
ORDER = {"number": "A-1", "lines": LINES, "total": "3.5"}
WRONG = [*LINES, {"name": "chair", "price": "-1"}, {"name": "bed", "price": "9"}]
PATHS = (
    "number lines[0].name lines[0].price lines[0] lines[1].name lines[1].price lines[1] lines total".split()
)
USAGE = Usage(10, 5)


def completion(text: str, finish_reason: Literal["stop", "length"] = "stop") -> Completion:
    return Completion(text=text, finish_reason=finish_reason, usage=USAGE, model="scripted")


class Pieces(ScriptedBackend):
    """Writes the pieces of an answer one by one; an exception among them is raised.

    Attributes:
        written: pieces that were taken so far.
        open: streams that were begun and have not ended.
    """

    def __init__(self, *answers: list[str | Exception | Completion], **capabilities: Any) -> None:
        super().__init__([], capabilities=Capabilities(grammar=False, seed=False, **capabilities))
        self.answers = list(answers)
        self.written = 0
        self.open = 0

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        self.requests.append(request)
        self.open += 1
        text = ""
        try:
            for piece in self.answers.pop(0):
                await anyio.lowlevel.checkpoint()
                if isinstance(piece, Exception):
                    raise piece
                if isinstance(piece, Completion):
                    yield piece
                    return
                self.written += 1
                text += piece
                yield piece
            yield completion(text)
        finally:
            self.open -= 1


def scripted(*answers: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=ScriptedBackend(answers))


def on(backend: Pieces, **options: Any) -> StructuredGenerator:
    return StructuredGenerator(backend=backend, **options)


def endless(count: int = 10_000) -> list[str | Exception | Completion]:
    return ["[", *['{"name":"lamp","price":1},'] * count, '{"name":"lamp","price":1}]']


async def read(items: AsyncIterator[V], seen: list[Any], key: Callable[[V], Any] = lambda item: item) -> None:
    """Keep what is given, also where it ends in an error."""
    async for item in items:
        seen.append(key(item))  # noqa: PERF401


# --- what is given -------------------------------------------------------------------------------


async def test_each_part_is_given_when_it_is_closed_and_then_the_value() -> None:
    async with scripted(ORDER).astream(Order, "x") as stream:
        parts = [part async for part in stream]
        result = await stream.result()
    assert [part.path for part in parts] == PATHS
    assert [part.value for part in parts if part.path in ("lines[0]", "total")] == [
        Line(name="lamp", price=Decimal("1.5")),
        Decimal("3.5"),
    ]
    assert result.value == Order.model_validate(ORDER)
    assert result.attempts == stream.ledger.attempts
    assert (len(result.attempts), result.backend) == (1, "scripted")


def test_the_sync_twin_gives_the_same() -> None:
    with scripted(ORDER).stream(Order, "x") as stream:
        assert [part.path for part in stream] == PATHS
        assert stream.result().value == Order.model_validate(ORDER)


async def test_the_items_of_a_list_are_given_alone() -> None:
    async with scripted(LINES).astream(list[Line], "x") as stream:
        assert [line.name async for line in stream.items()] == ["lamp", "desk"]
        assert len((await stream.result()).value) == 2
    with scripted([1, 2, 2]).stream(set[int], "x") as numbers:
        assert list(numbers.items()) == [1, 2, 2]
        assert numbers.result().value == {1, 2}


async def test_the_result_can_be_had_without_the_parts() -> None:
    async with scripted(7).astream(int, "x") as stream:
        assert (await stream.result()).value == 7
        assert [part async for part in stream] == []
    with scripted(LINES).stream(list[Line], "x") as lines:
        assert next(lines.items()).name == "lamp"
        assert len(lines.result().value) == 2


async def test_a_part_is_given_before_the_rest_is_written() -> None:
    backend = Pieces(['{"number":', '"A-1"', ',"lines":[],', '"total":1', "}"])
    async with on(backend).astream(Order, "x") as stream:
        part = await anext(stream)
        assert (part.path, part.value) == ("number", "A-1")
        assert backend.open == 1


def test_a_backend_that_does_not_stream_gives_its_parts_all_the_same() -> None:
    backend = Pieces([completion('[{"name":"lamp","price":1}]')], streaming=False)
    with on(backend).stream(list[Line], "x") as stream:
        assert [line.name for line in stream.items()] == ["lamp"]
        assert stream.result().value == [Line(name="lamp", price=Decimal(1))]


# --- partial values ------------------------------------------------------------------------------


async def test_a_partial_has_the_valid_parts_that_are_closed_and_nothing_else() -> None:
    pieces: list[str | Exception | Completion] = [
        '{"number":"A-',
        '1","lines":[{"name":"lamp","price":',
        '1.50},{"name":"de',
        'sk","price":-1}',
        '],"total":1}',
    ]
    seen: list[tuple[object, ...]] = []

    def found(there: Partial[Order]) -> tuple[object, ...]:
        return (
            there.get(lambda order: order.number),
            there.get(lambda order: order.lines[0].price),
            there.get(lambda order: order.lines[0]),
            there.get(lambda order: order.lines[1], "none"),
            there.get(lambda order: [line.name for line in order.lines]),
        )

    async with on(Pieces(pieces), max_attempts=1).astream(Order, "x") as stream:
        with pytest.raises(OutputInvalid):
            await read(stream.partials(), seen, found)
    lamp = Line(name="lamp", price=Decimal("1.50"))
    expected: list[tuple[object, ...]] = [
        (None, None, None, "none", None),
        ("A-1", None, None, "none", None),
        ("A-1", Decimal("1.50"), lamp, "none", None),
        ("A-1", Decimal("1.50"), lamp, "none", None),  # the second is not valid
        ("A-1", None, None, "none", None),  # and so is the list that it is in
    ]
    left = iter(expected)
    assert all(one in left for one in seen), seen  # what comes together is given together
    assert seen[-1] == expected[-1]


async def test_a_partial_shows_plain_data_what_is_missing_and_the_text_that_is_being_written() -> None:
    class Waiting(Pieces):
        async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
            yield '{"number":"A-1","lines":[{"na'
            yield 'me":"la'
            await anyio.sleep_forever()

    async with on(Waiting()).astream(Order, "x") as stream:
        async for there in stream.partials():
            if there.text.endswith("la"):
                break
        assert there is stream.partial
        assert there.value == {"number": "A-1", "lines": [{}]}
        assert there.draft == {"number": "A-1", "lines": [{"name": "la"}]}
        assert there.missing == ("total", "lines[0].name", "lines[0].price")
        assert there == Partial(there._schema, there.text)
        assert pickle.loads(pickle.dumps(there)) == there


def test_a_partial_goes_by_the_names_of_fields_and_not_by_their_aliases() -> None:
    class Aliased(BaseModel):
        unit_price: int = Field(alias="unitPrice")
        note: str

    with on(Pieces(['{"unitPrice":1,', '"note":"x"}'])).stream(Aliased, "x") as stream:
        assert next(stream).path == "unitPrice"
        assert stream.partial.get(lambda found: found.unit_price) == 1


# --- stopping early ------------------------------------------------------------------------------


async def test_leaving_early_ends_the_work_on_the_request() -> None:
    backend = Pieces(endless())
    async with on(backend).astream(list[Line], "x") as stream:
        async for _ in stream.items():
            break
    assert backend.open == 0
    assert backend.written < 1_000
    [attempt] = stream.ledger.attempts
    assert attempt.completion is None
    assert attempt.text.startswith('[{"name":"lamp"')
    assert stream.ledger.usage.output_tokens >= backend.written
    with pytest.raises(ConfigurationError, match="within its block"):
        await stream.result()
    with pytest.raises(ConfigurationError, match="not open"):
        await anext(stream)


def test_leaving_early_ends_the_work_from_a_script_too() -> None:
    backend = Pieces(endless())
    with on(backend).stream(list[Line], "x") as stream:
        for _ in stream.items():
            break
    assert (backend.open, backend.written < 1_000) == (0, True)


async def test_closing_it_within_the_block_ends_the_work_at_once() -> None:
    backend = Pieces(endless(), endless())
    async with on(backend).astream(list[Line], "x") as stream:
        await anext(stream)
        await stream.aclose()
        assert backend.open == 0
    with on(backend).stream(list[Line], "x") as parts:
        next(parts)
        parts.close()
        assert backend.open == 0


async def test_cancelling_the_reader_ends_the_work() -> None:
    backend = Pieces(endless())
    with anyio.CancelScope() as scope:
        async with on(backend).astream(list[Line], "x") as stream:
            async for _ in stream:
                scope.cancel()
    assert scope.cancelled_caught
    assert backend.open == 0


async def test_an_error_of_the_block_passes_as_it_is_and_ends_the_work() -> None:
    backend = Pieces(endless())

    async def fail() -> None:
        async with on(backend).astream(list[Line], "x") as stream:
            async for _ in stream:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert backend.open == 0


def test_what_is_not_taken_is_not_read_ahead_without_end() -> None:
    backend = Pieces(endless())
    with on(backend).stream(list[Line], "x") as stream:
        next(stream)
        deadline = threading.Event()
        deadline.wait(0.2)  # long enough to read all of it
        assert backend.written < 4 * _MOST_BATCHES


async def test_a_stream_that_is_not_read_asks_nothing() -> None:
    backend = Pieces(endless())
    async with on(backend).astream(list[Line], "x"):
        pass
    with on(backend).stream(list[Line], "x"):
        pass
    assert backend.requests == []


# --- wrong answers -------------------------------------------------------------------------------


async def test_a_part_that_is_not_valid_is_given_with_its_problems_and_the_rest_after_it() -> None:
    async with scripted(WRONG).astream(list[Line], "x") as stream:
        seen: list[str] = []
        with pytest.raises(OutputInvalid) as caught:
            await read(stream, seen, lambda part: part.path if part.is_valid else f"{part.path}!")
    assert seen[-6:] == "[2].name [2].price! [2]! [3].name [3].price [3]".split()
    assert caught.value.partial is stream.partial
    assert stream.partial.get(lambda lines: lines[3].name) == "bed"
    assert stream.partial.get(lambda lines: lines[2].name) is None


async def test_it_ends_the_stream_at_once_where_that_is_asked_for() -> None:
    backend = Pieces(['[{"name":"lamp",', '"price":1},', '{"name":"desk","price":-1', "},", *["1,"] * 1000])
    seen: list[str] = []
    async with on(backend).astream(list[Line], "x", stop_when_invalid=True) as stream:
        with pytest.raises(OutputInvalid, match=r"\[1\].price: Input should be greater") as caught:
            await read(stream, seen, lambda part: part.path)
    assert seen == "[0].name [0].price [0] [1].name".split()
    assert (backend.open, backend.written) == (0, 4)
    error = caught.value
    assert error.text == '[{"name":"lamp","price":1},{"name":"desk","price":-1},'
    assert [problem.path for problem in error.problems] == ["[1].price"]
    assert error.usage.output_tokens == max(4, len(error.text) // 6)
    assert error.usage.prompt_tokens > 0
    assert error.partial is not None
    assert error.partial.value == [{"name": "lamp", "price": 1}, {"name": "desk", "price": -1}]


async def test_an_item_that_is_not_valid_is_an_error_of_items() -> None:
    names: list[str] = []
    async with scripted(WRONG).astream(list[Line], "x") as stream:
        with pytest.raises(OutputInvalid, match=r"\[2\].price") as caught:
            await read(stream.items(), names, lambda line: line.name)
    assert names == ["lamp", "desk"]
    assert caught.value.partial is stream.partial


async def test_before_anything_is_given_a_wrong_answer_is_asked_again() -> None:
    backend = Pieces(["Sure! ", "Here:"], [""], ['[{"name":', "1}", "]"], ['[{"name":"lamp","price":1}]'])
    generator = on(backend, stop_when_invalid=True, max_attempts=4)
    async with generator.astream(list[Line], "x") as stream:
        assert [part.path async for part in stream] == "[0].name [0].price [0]".split()
        attempts = (await stream.result()).attempts
    assert [type(attempt.error) for attempt in attempts] == [
        OutputNotJSON,
        OutputEmpty,
        OutputInvalid,
        type(None),
    ]
    assert [attempt.kind for attempt in attempts] == ["first", "re-ask", "re-ask", "re-ask"]
    assert stream.partial.text == '[{"name":"lamp","price":1}]'


async def test_what_has_been_given_is_not_asked_again() -> None:
    backend = Pieces(['[{"name":"lamp","price":1}', ", nothing more"], ["[]"])
    async with on(backend).astream(list[Line], "x") as stream:
        with pytest.raises(OutputNotJSON):
            async for _ in stream:
                pass
    assert len(backend.requests) == 1


async def test_an_answer_that_was_cut_off_ends_the_stream_with_what_there_is() -> None:
    backend = Pieces([completion('[{"name":"lamp","price":1},{"name":"de', "length")])
    async with on(backend).astream(list[Line], "x") as stream:
        with pytest.raises(OutputTruncated) as caught:
            await stream.result()
    error = caught.value
    assert error.reason == "length"
    assert error.partial is not None
    assert error.partial.get(lambda lines: lines[0].name) == "lamp"  # type: ignore[index]
    assert stream.partial.get(lambda lines: lines[0].price) == Decimal(1)
    assert error.usage == USAGE


async def test_an_answer_that_ends_by_itself_in_the_middle_does_too() -> None:
    backend = Pieces(['[{"name":"lamp","price":1},{'], ["[]"])
    async with on(backend).astream(list[Line], "x") as stream:
        with pytest.raises(OutputStopped):
            [line async for line in stream.items()]
    assert len(backend.requests) == 1


def test_what_a_validator_raises_passes_untouched() -> None:
    class Broken(BaseModel):
        size: int

        @field_validator("size")
        @classmethod
        def _divide(cls, size: int) -> int:
            return size // 0

    with scripted({"size": 1}).stream(Broken, "x") as stream, pytest.raises(ZeroDivisionError):
        next(stream)


# --- failures of the deployment ------------------------------------------------------------------


async def test_a_failure_is_tried_again_before_anything_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_: float) -> None:
        """No waiting."""

    monkeypatch.setattr(anyio, "sleep", sleep)
    backend = Pieces(
        [BackendOverloaded("busy")], ["[", BackendUnavailable("gone")], ['[{"name":"lamp","price":1}]']
    )
    async with on(backend).astream(list[Line], "x") as stream:
        assert [line.name async for line in stream.items()] == ["lamp"]
        assert [attempt.kind for attempt in (await stream.result()).attempts] == ["first", "retry", "retry"]
    assert stream.partial.value == [{"name": "lamp", "price": 1}]


async def test_a_failure_behind_the_first_part_is_an_error_with_all_that_there_is() -> None:
    backend = Pieces(['[{"name":"lamp","price":1},', '{"name":', BackendUnavailable("gone")], ["[]"])
    async with on(backend).astream(list[Line], "x") as stream:
        with pytest.raises(BackendUnavailable, match="gone") as caught:
            [line async for line in stream.items()]
    assert len(backend.requests) == 1
    error = caught.value
    assert error.partial is stream.partial
    assert stream.partial.get(lambda lines: lines[0]) == Line(name="lamp", price=Decimal(1))
    [attempt] = error.attempts
    assert attempt.text == '[{"name":"lamp","price":1},{"name":'
    assert error.usage.output_tokens > 0


async def test_text_that_was_shown_is_not_begun_anew() -> None:
    backend = Pieces(['{"number":"A', BackendUnavailable("gone")], ["{}"])
    async with on(backend).astream(Order, "x") as stream:
        with pytest.raises(BackendUnavailable):
            async for _ in stream.partials():
                pass
    assert len(backend.requests) == 1


async def test_retries_that_are_used_up_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Pieces([BackendUnavailable("gone")], [BackendUnavailable("gone")])
    other = Pieces([BackendUnavailable("gone too")])
    generator = StructuredGenerator(backend=backend, failover=[other], max_retries=1)
    async with generator.astream(Order, "x") as stream:
        with pytest.raises(AttemptsExhausted, match="gone too"):
            await stream.result()


async def test_a_stream_without_its_completion_is_refused() -> None:
    class Silent(Pieces):
        async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
            yield "1"

    async with on(Silent()).astream(int, "x") as stream:
        with pytest.raises(ProtocolError, match="without its completion"):
            await stream.result()


# --- budgets -------------------------------------------------------------------------------------


async def test_the_deadline_ends_a_stream_with_what_there_is() -> None:
    class Slow(Pieces):
        async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
            yield '[{"name":"lamp","price":1},'
            await anyio.sleep_forever()

    async with on(Slow()).astream(list[Line], "x", deadline_s=0.05) as stream:
        names: list[str] = []
        with pytest.raises(DeadlineExceeded) as caught:
            await read(stream.items(), names, lambda line: line.name)
    assert names == ["lamp"]
    assert caught.value.partial is stream.partial


async def test_what_a_stream_used_is_charged_to_its_budget_also_if_it_was_left() -> None:
    budget = Budget(max_total_tokens=1_000)
    backend = Pieces(endless(), endless())
    generator = StructuredGenerator(backend=backend, budget=budget)
    async with generator.astream(list[Line], "x" * 600) as stream:
        await anext(stream)
    assert budget.usage == stream.ledger.usage
    assert budget.usage.prompt_tokens >= 100
    budget.charge(Usage(1_000), None)
    async with generator.astream(list[Line], "x") as stream:
        with pytest.raises(BudgetExceeded):
            await anext(stream)


# --- going on ------------------------------------------------------------------------------------


async def test_an_answer_that_is_gone_on_with_goes_on_in_the_stream() -> None:
    first = '[{"name":"lamp","price":1},{"na'
    backend = Pieces(
        [*first, completion(first, "length")], [first, 'me":"desk",', '"price":2}]'], prefix=True
    )
    async with on(backend, max_continuations=1).astream(list[Line], "x") as stream:
        assert [line.name async for line in stream.items()] == ["lamp", "desk"]
        result = await stream.result()
    assert [attempt.kind for attempt in result.attempts] == ["first", "continuation"]
    assert stream.partial.text == result.text
    assert backend.requests[1].prefix == first


# --- misuse --------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [next, lambda stream: stream.result(), lambda stream: stream.partials()])
def test_a_stream_is_read_within_its_block(read: Callable[[Any], object]) -> None:
    stream = scripted(ORDER).stream(Order, "x")
    with pytest.raises(ConfigurationError, match="within a block `with stream"):
        read(stream)


async def test_a_stream_is_read_in_one_way() -> None:
    async with scripted(LINES).astream(list[Line], "x") as stream:
        await anext(stream)
        for read in (stream.items, stream.partials):
            with pytest.raises(ConfigurationError, match="being read already"):
                read()


@pytest.mark.parametrize("output_type", [Order, int, dict[str, int], {"type": "array"}])
def test_what_has_no_items_says_so(output_type: Any) -> None:
    with (
        scripted(ORDER).stream(output_type, "x") as stream,
        pytest.raises(ConfigurationError, match="no items"),
    ):
        stream.items()


def test_what_cannot_be_sent_is_refused_before_the_block() -> None:
    with pytest.raises(QwenStructuredError, match="empty"):
        scripted(1).stream(int, "")


def test_many_threads_stream_at_once() -> None:
    generator = StructuredGenerator(backend=ScriptedBackend(lambda _: LINES))
    found: list[int] = []

    def read() -> None:
        with generator.stream(list[Line], "x") as stream:
            found.append(len(list(stream.items())))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 8
