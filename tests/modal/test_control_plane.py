"""The control plane behaves as Modal does, with the unmodified client and real containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import modal
import pytest
from grpclib import Status
from tests.modal.control_plane import ControlPlane
from tests.modal.deploying import connected, deploy


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    folder = tmp_path_factory.mktemp("modal")
    with ControlPlane(folder).running() as plane:
        deploy(plane, "tests.modal.small_app")
        with connected(plane):
            yield plane


@pytest.fixture
def small(plane: ControlPlane) -> Any:
    return modal.Cls.from_name("small", "Small")()


def test_what_is_deployed_is_what_the_app_says(plane: ControlPlane) -> None:
    gpu = plane.definition("Small.*").resources.gpu_config
    assert (gpu.gpu_type, gpu.count) == ("H100", 2)


def test_calls_streams_and_maps_are_answered(small: Any) -> None:
    assert small.shout.remote("hello") == "hello!"
    assert list(small.count.remote_gen(3)) == [0, 1, 2]
    assert list(small.shout.map(["a", "b", "c"])) == ["a!", "b!", "c!"]


def test_large_payloads_go_through_blobs(plane: ControlPlane, small: Any) -> None:
    before = len(plane.requests("BlobCreate"))
    assert len(small.shout.remote("x" * 3_000_000)) == 3_000_001
    assert len(small.shout.spawn("x" * 10_000).get()) == 10_001
    assert len(plane.requests("BlobCreate")) - before == 4  # two inputs, two outputs


def test_an_exception_comes_back(small: Any) -> None:
    with pytest.raises(ValueError, match="no"):
        small.fail.remote()


def test_a_cancelled_call_ends_in_the_container(plane: ControlPlane, small: Any) -> None:
    call = small.wait.spawn()
    assert plane.in_work() == 1
    call.cancel()
    plane.idle()
    with pytest.raises(modal.exception.RemoteError):
        call.get()


def test_inputs_of_a_lost_container_go_to_another(plane: ControlPlane, small: Any) -> None:
    call = small.wait.spawn()
    plane.in_work()
    plane.lose_containers()
    assert small.shout.remote("again") == "again!"
    plane.in_work()
    call.cancel()
    plane.idle()


def test_a_fault_that_is_ordered_occurs(plane: ControlPlane, small: Any) -> None:
    plane.fail("FunctionMap", Status.INVALID_ARGUMENT)
    with pytest.raises(modal.exception.InvalidError):
        small.shout.remote("hello")
    assert small.shout.remote("hello") == "hello!"
