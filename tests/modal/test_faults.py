"""What becomes of Modal's faults: each is one clear error, and nothing is paid for twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import anyio
import anyio.to_thread
import pytest
from grpclib import Status
from tests.errors import everything_of
from tests.modal.control_plane import ControlPlane
from tests.modal.control_plane.state import Result
from tests.modal.deploying import APP, connected, deploy, settings
from tests.modal.scripted_engine import NAME, install

from qwen_structured import (
    AuthenticationFailed,
    BackendError,
    BackendOverloaded,
    BackendUnavailable,
    ConfigurationError,
    InvalidPrompt,
    Message,
    ModelNotLoadable,
    StructuredGenerator,
)
from qwen_structured.backends.modal import ModalBackend
from qwen_structured.backends.modal.errors import CallTimedOut, NotDeployed
from qwen_structured.protocols import Completion, Request

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    folder = tmp_path_factory.mktemp("engine")
    install(folder)
    with ControlPlane(tmp_path_factory.mktemp("modal"), path=str(folder)).running() as plane:
        deploy(plane, APP, **settings(backend=NAME, gpu="none"))
        yield plane


@pytest.fixture
async def backend(plane: ControlPlane) -> AsyncIterator[ModalBackend]:
    with connected(plane):
        backend = ModalBackend(options={"progress": False})
        await backend.warm_up()
        yield backend
        await backend.aclose()


def order(text: str, **changes: Any) -> Request:
    return Request(messages=(Message("user", text),), **changes)


async def streamed(backend: ModalBackend, request: Request) -> list[str | Completion]:
    return [item async for item in backend.stream(request)]


# --- not there, not allowed, not understood ------------------------------------------------------


async def test_an_app_that_is_not_deployed_is_told_with_the_command(plane: ControlPlane) -> None:
    with connected(plane):
        backend = ModalBackend(options={"app": "other"})
        with pytest.raises(NotDeployed, match=r"'other'.*qwen-structured modal deploy") as caught:
            await backend.complete(order("echo a"))
        assert caught.value.__cause__ is not None
        health = await backend.health()
        assert (health.state, health.requests) == ("dead", 0)


async def test_refused_credentials_are_told_with_the_command(plane: ControlPlane) -> None:
    with (
        connected(plane, MODAL_TOKEN_SECRET="as-wrong"),
        pytest.raises(AuthenticationFailed, match="modal setup"),
    ):
        await ModalBackend().complete(order("echo a"))


async def test_what_modal_repeats_of_the_credentials_is_not_shown(plane: ControlPlane) -> None:
    with (
        connected(plane, MODAL_TOKEN_SECRET="as-my-own-secret"),
        pytest.raises(AuthenticationFailed, match=r"its secret is \*\*\*") as caught,
    ):
        await ModalBackend().complete(order("echo a"))
    assert caught.value.__cause__ is not None
    assert "as-my-own-secret" not in everything_of(caught.value)


async def test_a_deployment_that_speaks_otherwise_is_refused_before_anything_is_sent(
    plane: ControlPlane,
) -> None:
    before = len(plane.requests("FunctionMap"))
    with (
        connected(plane),
        plane.tags({"qwen-structured": "9.9", "qwen-structured-wire": "9"}),
        pytest.raises(ConfigurationError, match=r"deployed by qwen-structured 9\.9"),
    ):
        await ModalBackend().complete(order("echo a"))
    assert len(plane.requests("FunctionMap")) == before


async def test_weights_that_are_missing_are_told_and_their_container_is_not_kept(plane: ControlPlane) -> None:
    with connected(plane), pytest.raises(ModelNotLoadable, match="not on the volume 'qwen-vllm-models'"):
        await ModalBackend("480b", {"progress": False}).complete(order("echo a"))
    await anyio.to_thread.run_sync(plane.gone, "Qwen480BGenerator.*")


async def test_a_request_that_is_too_large_is_not_sent(plane: ControlPlane) -> None:
    before = len(plane.requests("FunctionMap"))
    with connected(plane):
        backend = ModalBackend(options={"max_request_bytes": 2048})
        with pytest.raises(InvalidPrompt, match="max_request_bytes is 2048"):
            await backend.complete(order("x" * 3000))
    assert len(plane.requests("FunctionMap")) == before


# --- calls that end badly ------------------------------------------------------------------------


async def failing(plane: ControlPlane, backend: ModalBackend, status: Any, message: str) -> Exception:
    """The error of a request that Modal ends with a status while it is in work."""
    caught: list[Exception] = []

    async def ask() -> None:
        with pytest.raises(BackendError) as info:
            await backend.complete(order("wait"))
        caught.append(info.value)

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        await anyio.to_thread.run_sync(plane.in_work)
        await anyio.to_thread.run_sync(plane.end_work, status, message)
    await anyio.to_thread.run_sync(plane.idle)
    return caught[0]


async def test_a_time_out_of_the_function_is_not_tried_again(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    error = await failing(
        plane, backend, Result.GENERIC_STATUS_TIMEOUT, "Task's current input hit its timeout"
    )
    assert isinstance(error, CallTimedOut)
    assert not error.retryable
    assert "request_timeout_s" in str(error)


async def test_a_container_that_modal_gives_up_may_be_tried_again(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    error = await failing(plane, backend, Result.GENERIC_STATUS_INTERNAL_FAILURE, "worker preempted")
    assert isinstance(error, BackendUnavailable)
    assert "preempted" in str(error)


async def test_a_container_without_memory_is_told_with_what_to_lower(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    error = await failing(plane, backend, Result.GENERIC_STATUS_KERNEL_OOM_KILL, "Runner ran out of memory")
    assert type(error) is BackendError
    assert "lower concurrency, context or gpu_memory_utilization" in str(error)


async def test_an_exception_of_the_engine_is_told_with_its_name(backend: ModalBackend) -> None:
    with pytest.raises(BackendError, match="RuntimeError: a bug in the engine"):
        await backend.complete(order("bug"))
    with pytest.raises(BackendError, match="RuntimeError: a bug in the engine"):
        await streamed(backend, order("bug"))


async def test_an_error_of_ours_arrives_as_what_it_was(backend: ModalBackend) -> None:
    with pytest.raises(BackendOverloaded, match="queue is full") as caught:
        await backend.complete(order("busy"))
    assert caught.value.retry_after_s == 7.0


async def test_a_container_that_ends_by_itself_is_told(backend: ModalBackend) -> None:
    with pytest.raises(BackendError, match="exit code 1"):
        await backend.complete(order("crash"))


async def test_a_lost_container_is_replaced_and_the_request_answered(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    with plane.no_machines():
        await anyio.to_thread.run_sync(plane.lose_containers)
    assert (await backend.complete(order("echo again"))).text == "again"


# --- the way to Modal ----------------------------------------------------------------------------


async def test_a_lost_way_is_waited_for_and_the_call_made_once(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    before = len(plane.requests("FunctionMap"))
    plane.fail("FunctionGetOutputs", Status.UNAVAILABLE, times=6)
    assert (await backend.complete(order("echo a"))).text == "a"
    assert len(plane.requests("FunctionMap")) == before + 1


async def test_a_request_that_is_made_again_takes_up_its_lost_call(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    before = len(plane.requests("FunctionMap"))
    plane.fail("FunctionGetOutputs", Status.UNAVAILABLE, times=10_000)
    with pytest.raises(BackendUnavailable, match="cannot be reached"):
        await backend.complete(order("echo b"))
    plane.heal("FunctionGetOutputs")
    assert (await backend.complete(order("echo b"))).text == "b"
    assert len(plane.requests("FunctionMap")) == before + 1


async def test_too_many_requests_may_be_tried_again(plane: ControlPlane, backend: ModalBackend) -> None:
    plane.fail("FunctionMap", Status.RESOURCE_EXHAUSTED)
    with pytest.raises(BackendOverloaded):
        await backend.complete(order("echo a"))
    plane.fail("FunctionMap", Status.RESOURCE_EXHAUSTED)
    with StructuredGenerator(backend=ModalBackend(options={"progress": False})) as generator:
        assert await generator.agenerate(str, 'echo "a"', schema_in_prompt="off") == "a"


async def test_payloads_too_large_for_a_message_arrive(plane: ControlPlane, backend: ModalBackend) -> None:
    before = len(plane.requests("BlobCreate"))
    assert len((await backend.complete(order("big 3000000"))).text) == 3_000_000
    text = "y" * 20_000
    assert (await backend.complete(order(f"echo {text}"))).text == text
    assert len(plane.requests("BlobCreate")) > before


async def test_a_store_that_takes_no_payload_is_told(plane: ControlPlane, backend: ModalBackend) -> None:
    plane.fail("BlobCreate", Status.INVALID_ARGUMENT, "too large")
    with pytest.raises(BackendError, match="too large"):
        await backend.complete(order("echo " + "z" * 20_000))


# --- the end of work -----------------------------------------------------------------------------


async def test_cancelling_a_request_ends_the_work_in_the_container(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(backend.complete, order("wait"))
        await anyio.to_thread.run_sync(plane.in_work)
        group.cancel_scope.cancel()
    await anyio.to_thread.run_sync(plane.idle)


async def test_closing_a_stream_ends_the_work_in_the_container(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    stream = backend.stream(order("wait"))
    async with aclosing(stream):
        async for _ in stream:
            break
    await anyio.to_thread.run_sync(plane.idle)


async def test_a_stream_that_is_given_up_before_its_first_word_ends_too(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    with plane.no_machines():
        await anyio.to_thread.run_sync(plane.lose_containers)
        with anyio.move_on_after(0.5):
            await streamed(backend, order("wait"))
    await backend.warm_up()
    await anyio.to_thread.run_sync(plane.idle)


# --- waiting -------------------------------------------------------------------------------------


async def test_a_cold_start_is_told_and_counted(
    plane: ControlPlane, capsys: pytest.CaptureFixture[str]
) -> None:
    with connected(plane):
        await anyio.to_thread.run_sync(plane.lose_containers)
        backend = ModalBackend(options={"progress_after_s": 0.01})
        completions: list[Completion] = []

        async def ask() -> None:
            completions.append(await backend.complete(order("echo a")))

        async with anyio.create_task_group() as group:
            with plane.no_machines():
                group.start_soon(ask)
                with anyio.fail_after(30):
                    while "waiting for a machine" not in capsys.readouterr().err:  # noqa: ASYNC110
                        await anyio.sleep(0.01)
                assert (await backend.health()).state == "loading"
        timings = completions[0].timings
        assert timings.queue_s
        assert timings.total_s
        assert timings.total_s >= timings.queue_s > 0
        assert "Qwen80BGenerator: it took" in capsys.readouterr().err
        await backend.aclose()


# --- many ----------------------------------------------------------------------------------------


async def test_many_requests_go_through_one_map_in_their_order(
    plane: ControlPlane, backend: ModalBackend
) -> None:
    before = len(plane.requests("FunctionMap"))
    requests = [order("echo 1"), order("busy"), order("bug"), order("echo 4")]
    results = [result async for result in backend.complete_many(requests)]
    assert [type(result) for result in results] == [Completion, BackendOverloaded, BackendError, Completion]
    assert len(plane.requests("FunctionMap")) == before + 1
