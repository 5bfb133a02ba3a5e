"""Containers: real processes of Modal's container entry point, and the RPCs that they make."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from modal_proto import api_pb2 as api

from .rpc import EMPTY, Noted, unary, with_metadata
from .state import Container, DeployedFunction, Input, Result, State

_CONTAINER = "x-container-id"
_HEARTBEAT_S = 1  # every 15 s on Modal: a cancellation takes that long there
_HELD_S = 0.9
_POLL_S = 20.0
_UNDISTURBED_S = 1.0
"""Time that an input has before its cancellation arrives. In the moment in which a container takes it up,
that would end the task before it can answer, and its place would never be free again (modal 1.6.4)."""
_STARTS_IN_VAIN = 3
"""Failures of a start after which Modal gives the failure to those who call."""


class Containers(Noted):
    """Starts a container for each function that has inputs, and hands these out."""

    state: State
    folder: Path
    path: str
    server_url: str
    held_back: bool = False

    # --- their lives -----------------------------------------------------------------------------

    async def run_scheduler(self) -> None:
        """Start containers where inputs wait, until it is cancelled."""
        failures: dict[str, int] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                for function in self._without_container():
                    container = Container(self.state.new_id("ta"), function)
                    self.state.containers[container.id] = container
                    group.create_task(self._live(container, failures))
                await self.state.until(lambda: bool(self._without_container()), 3600)

    def _without_container(self) -> list[DeployedFunction]:
        waiting = {input_.call.function.id: input_.call.function for input_ in self.state.queue}
        if self.held_back:
            return []
        return [function for function in waiting.values() if not self.state.of_function(function.id)]

    async def _live(self, container: Container, failures: dict[str, int]) -> None:
        log = self.folder / f"{container.id}.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "modal._container_entrypoint",
                env=self._environment(container),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        container.process = process
        try:
            code = await process.wait()
        finally:
            _kill_with_children(process)
            await process.wait()
            del self.state.containers[container.id]
        self._reschedule(container)
        if container.result is not None:
            failures[container.function.id] = failures.get(container.function.id, 0) + 1
            if failures[container.function.id] >= _STARTS_IN_VAIN:
                failures[container.function.id] = 0
                self._fail_waiting(container.function, container.result)
        elif code and code > 0:
            self._fail_waiting(container.function, _crashed(code, log))
        await self.state.notify()

    def _environment(self, container: Container) -> dict[str, str]:
        function = container.function
        definition = function.definition
        arguments = api.ContainerArguments(
            task_id=container.id,
            function_id=function.id,
            app_id=function.app.id,
            function_def=definition,
            environment_name="main",
            app_layout=function.app.layout,
        )
        path = self.folder / f"{container.id}.arguments"
        path.write_bytes(arguments.SerializeToString())
        secrets = [self.state.secrets[secret_id] for secret_id in definition.secret_ids]
        own = {name: value for name, value in os.environ.items() if not name.startswith("MODAL_")}
        for secret in secrets:
            own |= secret
        return {
            **own,
            "PYTHONPATH": self._python_path(),
            "MODAL_SERVER_URL": self.server_url,
            "MODAL_CONTAINER_ARGUMENTS_PATH": str(path),
            "MODAL_TASK_ID": container.id,
            "MODAL_IS_REMOTE": "1",
            "MODAL_HEARTBEAT_INTERVAL": str(_HEARTBEAT_S),
            "MODAL_OVERRIDE_HEADERS": f"{_CONTAINER}:{container.id}",
        }

    def _python_path(self) -> str:
        """What this process imports from, in the place of the packages of an image."""
        return os.pathsep.join([self.path, *(str(Path(entry).absolute()) for entry in sys.path)])

    def _reschedule(self, container: Container) -> None:
        """Inputs of a container that ended go back to the queue, as on Modal."""
        for input_ in [one for one in self.state.inputs() if one.container is container]:
            input_.container = None
            if input_.output is None:
                self.state.queue.append(input_)

    def _fail_waiting(self, function: DeployedFunction, result: Result) -> None:
        for input_ in [one for one in self.state.queue if one.call.function is function]:
            self.state.queue.remove(input_)
            self.state.finish(input_, result)

    async def kill(self, container: Container) -> None:
        """End its process at once, as if its machine had gone."""
        if container.process is not None:
            _kill_with_children(container.process)

    # --- their RPCs ------------------------------------------------------------------------------

    @unary
    async def ContainerHello(self, request: Any) -> Any:  # noqa: N802
        return EMPTY

    @with_metadata
    async def ContainerHeartbeat(self, request: Any, metadata: Any) -> Any:  # noqa: N802
        container = self.state.containers[metadata[_CONTAINER]]

        def cancelled() -> list[Input]:
            return [one for one in self.state.inputs() if one.container is container and one.output]

        if not await self.state.until(lambda: bool(cancelled()), _HELD_S):
            return api.ContainerHeartbeatResponse()
        settled_s = monotonic() - _UNDISTURBED_S
        ids = [input_.id for input_ in cancelled() if input_.taken_s < settled_s]
        if not ids:
            await asyncio.sleep(_HELD_S / 2)
            return api.ContainerHeartbeatResponse()
        event = api.CancelInputEvent(input_ids=ids)
        return api.ContainerHeartbeatResponse(cancel_input_event=event)

    @with_metadata
    async def FunctionGetInputs(self, request: Any, metadata: Any) -> Any:  # noqa: N802
        container = self.state.containers[metadata[_CONTAINER]]

        def waiting() -> list[Any]:
            return [one for one in self.state.queue if one.call.function.id == request.function_id]

        await self.state.until(lambda: container.leaves or bool(waiting()), _POLL_S)
        if container.leaves:
            return api.FunctionGetInputsResponse(inputs=[api.FunctionGetInputsItem(kill_switch=True)])
        inputs = waiting()[:1]
        for input_ in inputs:
            self.state.queue.remove(input_)
            input_.container, input_.taken_s = container, monotonic()
        return api.FunctionGetInputsResponse(
            inputs=[
                api.FunctionGetInputsItem(
                    input_id=input_.id,
                    input=input_.item.input,
                    function_call_id=input_.call.id,
                    function_call_invocation_type=input_.call.invocation_type,
                )
                for input_ in inputs
            ]
        )

    @unary
    async def FunctionGetDynamicConcurrency(self, request: Any) -> Any:  # noqa: N802
        return api.FunctionGetDynamicConcurrencyResponse(concurrency=request.max_concurrency)

    @unary
    async def FunctionCallPutDataOut(self, request: Any) -> Any:  # noqa: N802
        self.state.calls[request.function_call_id].chunks.extend(request.data_chunks)
        await self.state.notify()
        return EMPTY

    @unary
    async def FunctionPutOutputs(self, request: Any) -> Any:  # noqa: N802
        inputs = {one.id: one for one in self.state.inputs()}
        for item in request.outputs:
            inputs[item.input_id].container = None
            self.state.finish(inputs[item.input_id], item.result, item.data_format)
        await self.state.notify()
        return EMPTY

    @with_metadata
    async def ContainerStop(self, request: Any, metadata: Any) -> Any:  # noqa: N802
        self.state.containers[metadata[_CONTAINER]].leaves = True
        await self.state.notify()
        return api.ContainerStopResponse()

    @with_metadata
    async def TaskResult(self, request: Any, metadata: Any) -> Any:  # noqa: N802
        self.state.containers[metadata[_CONTAINER]].result = request.result
        return EMPTY


def _crashed(code: int, log: Path) -> Result:
    tail = log.read_text(errors="replace")[-2_000:]
    return Result(
        status=Result.GENERIC_STATUS_FAILURE, exception=f"the container ended with exit code {code}:\n{tail}"
    )


def _kill_with_children(process: asyncio.subprocess.Process) -> None:
    """End all that runs in a container, such as the processes of an engine, as the end of a machine does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
