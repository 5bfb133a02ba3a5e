"""The way into an event loop from other threads: nothing is lost on it, and many calls wake the loop once."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import pytest

from qwen_structured._inbox import Inbox, inbox_of

PLACE: contextvars.ContextVar[str] = contextvars.ContextVar("PLACE", default="nowhere")


class CountingLoop(asyncio.SelectorEventLoop):
    """A loop that counts how often it is woken."""

    woken = 0

    def call_soon_threadsafe(self, *args: object, **more: object) -> asyncio.Handle:
        self.woken += 1
        return super().call_soon_threadsafe(*args, **more)  # type: ignore[arg-type]


@pytest.fixture
def loop() -> Iterator[CountingLoop]:
    made = CountingLoop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


def test_many_calls_wake_a_busy_loop_once_and_come_in_order(loop: CountingLoop) -> None:
    inbox, held, seen = Inbox(loop), threading.Event(), Future[list[int]]()
    calls: list[int] = []
    loop.call_soon_threadsafe(held.wait)
    loop.woken = 0
    for number in range(100):
        inbox.put(calls.append, number)
    inbox.put(lambda: seen.set_result(calls))
    held.set()
    assert seen.result(10) == list(range(100))
    assert loop.woken == 1


def test_no_call_is_lost_while_the_loop_empties_the_inbox(loop: CountingLoop) -> None:
    inbox, arrived, all_of_them = Inbox(loop), [0], threading.Event()

    def arrive() -> None:
        arrived[0] += 1
        if arrived[0] == 8_000:
            all_of_them.set()

    def put() -> None:
        for _ in range(1_000):
            inbox.put(arrive)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all_of_them.wait(10), arrived


def test_work_has_the_context_of_who_started_it(loop: CountingLoop) -> None:
    async def where() -> str:
        return PLACE.get()

    PLACE.set("here")
    assert Inbox(loop).start(where).result(10) == "here"


def test_work_ends_in_its_error(loop: CountingLoop) -> None:
    async def fail() -> None:
        raise ValueError("no")

    assert isinstance(Inbox(loop).start(fail).exception(10), ValueError)


def test_cancelling_reaches_the_work(loop: CountingLoop) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = Inbox(loop).start(work)
    assert begun.wait(10)
    assert future.cancel()
    assert ended.wait(10)


def test_work_that_is_cancelled_from_within_is_cancelled_for_who_waits(loop: CountingLoop) -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(CancelledError):
        Inbox(loop).start(work).result(10)


def test_an_ended_loop_takes_no_calls_and_is_not_kept() -> None:
    loop = asyncio.new_event_loop()
    inbox, kept = inbox_of(loop), weakref.ref(loop)
    assert inbox_of(loop) is inbox
    loop.close()
    with pytest.raises(RuntimeError, match="has ended"):
        inbox.put(print)
    del loop
    gc.collect()
    assert kept() is None
    with pytest.raises(RuntimeError, match="has ended"):
        inbox.put(print)
