"""The server: all RPCs on one loopback port, on a thread of its own; and the faults that can be ordered."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.loops import end_tasks
from grpclib import GRPCError, Status
from grpclib.server import Server
from modal._utils.grpc_testing import patch_mock_servicer
from modal_proto import api_pb2 as api
from modal_proto.api_grpc import ModalClientBase

from . import blobs
from .calls import Calls
from .containers import Containers
from .deployment import Deployment
from .state import DeployedFunction, Input, Result, State
from .storage import Storage

T = TypeVar("T")
_PATIENCE_S = 60.0
_ENDS_S = 30.0

SECRET = "as-test"


@patch_mock_servicer
class _Servicer(Deployment, Storage, Calls, Containers, ModalClientBase):  # type: ignore[misc]
    """All RPCs; those that are in none of the parts answer UNIMPLEMENTED."""

    def __init__(self, folder: Path, path: str) -> None:
        self.state = State()
        self.folder = folder
        self.path = path
        self.server_url = ""
        self.blob_url = ""
        self.requests: list[tuple[str, Any]] = []
        self.faults: dict[str, list[GRPCError]] = defaultdict(list)

    async def received(self, name: str, request: Any, metadata: Any) -> None:
        self.requests.append((name, request))
        if (secret := metadata.get("x-modal-token-secret", SECRET)) != SECRET:
            raise GRPCError(Status.UNAUTHENTICATED, f"Token ID is malformed, its secret is {secret}")
        if self.faults[name]:
            raise self.faults[name].pop(0)


class ControlPlane:
    """Modal on loopback.

    Args:
        folder: where containers leave their logs.
        path: folders that containers import from, besides this process's own.
    """

    def __init__(self, folder: Path, path: str = "") -> None:
        self._servicer: Any = _Servicer(folder, path)  # type: ignore[abstract]
        self._loop = asyncio.new_event_loop()
        self.folder = folder

    # --- life ------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[ControlPlane]:
        """Serve, from a thread; end all containers afterwards."""
        started = threading.Event()
        stop = asyncio.Event()

        async def main() -> None:
            runner, self._servicer.blob_url = await blobs.serve(self._servicer.state)
            server = Server([self._servicer])
            await server.start("127.0.0.1", 0)
            port = server._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
            self._servicer.server_url = f"http://127.0.0.1:{port}"
            scheduler = asyncio.create_task(self._servicer.run_scheduler())
            started.set()
            await stop.wait()
            scheduler.cancel()
            with suppress(asyncio.CancelledError):
                await scheduler
            server.close()
            await server.wait_closed()
            await runner.cleanup()
            await end_tasks()

        def serve() -> None:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(main())

        thread = threading.Thread(target=serve, name="control-plane", daemon=True)
        thread.start()
        started.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join(_ENDS_S)
            assert not thread.is_alive(), "the control plane does not stop"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that point a Modal client at this one."""
        return {
            "MODAL_SERVER_URL": self._servicer.server_url,
            "MODAL_TOKEN_ID": "ak-test",
            "MODAL_TOKEN_SECRET": SECRET,
            "MODAL_CONFIG_PATH": str(self.folder / "modal.toml"),
        }

    # --- what happened ---------------------------------------------------------------------------

    def requests(self, name: str) -> list[Any]:
        """The requests of an RPC so far."""
        return [request for rpc, request in list(self._servicer.requests) if rpc == name]

    def definition(self, tag: str) -> api.Function:
        """How the app that is deployed defines a function, or a class by ``Name.*``."""
        [app] = [app for app in self._servicer.state.apps.values() if tag in app.function_ids]
        function: DeployedFunction = self._servicer.state.functions[app.function_ids[tag]]
        return function.definition

    def logs(self) -> str:
        """What all containers have written."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("ta-*.log")))

    # --- faults ----------------------------------------------------------------------------------

    def fail(self, rpc: str, status: Status, message: str = "ordered by the test", times: int = 1) -> None:
        """Let the next requests of an RPC fail."""
        self._servicer.faults[rpc] += [GRPCError(status, message)] * times

    def heal(self, rpc: str) -> None:
        """Let an RPC fail no more."""
        self._servicer.faults[rpc].clear()

    @contextmanager
    def tags(self, tags: dict[str, str]) -> Iterator[None]:
        """Let all apps have other tags within."""
        apps = list(self._servicer.state.apps.values())
        before = [app.tags for app in apps]
        for app in apps:
            app.tags = tags
        try:
            yield
        finally:
            for app, own in zip(apps, before, strict=True):
                app.tags = own

    @contextmanager
    def no_machines(self) -> Iterator[None]:
        """Start no containers within, as if no GPU were free."""
        self._servicer.held_back = True
        try:
            yield
        finally:
            self._servicer.held_back = False
            self._run(self._servicer.state.notify)

    def in_work(self) -> int:
        """Wait for an input that a container works on; give how many there are."""
        self._run(lambda: self._until(lambda: bool(self._working())))
        return len(self._working())

    def idle(self) -> None:
        """Wait until no container works on an input."""
        self._run(lambda: self._until(lambda: not self._working()))

    def gone(self, tag: str) -> None:
        """Wait until a function, or a class by ``Name.*``, has no container."""
        state = self._servicer.state
        [app] = [app for app in state.apps.values() if tag in app.function_ids]
        self._run(lambda: self._until(lambda: not state.of_function(app.function_ids[tag])))

    def lose_containers(self) -> None:
        """Kill all containers; what they worked on goes to others."""

        async def lose() -> None:
            for container in list(self._servicer.state.containers.values()):
                await self._servicer.kill(container)

        self._run(lose)

    def end_work(self, status: Result.GenericStatus.ValueType, message: str) -> None:
        """End what is in work with a status of Modal's, such as a time-out."""

        async def end() -> None:
            for input_ in self._working():
                self._servicer.state.finish(input_, Result(status=status, exception=message))
                self._servicer.cancel(input_)
            await self._servicer.state.notify()

        self._run(end)

    def _working(self) -> list[Input]:
        return [one for one in self._servicer.state.inputs() if one.container is not None]

    async def _until(self, condition: Callable[[], bool]) -> None:
        held = await self._servicer.state.until(condition, _PATIENCE_S)
        assert held, f"it did not come about in time; the containers said:\n{self.logs()[-3000:]}"

    def _run(self, function: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return asyncio.run_coroutine_threadsafe(function(), self._loop).result(2 * _PATIENCE_S)
