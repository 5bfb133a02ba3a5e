"""What the control plane knows: apps, functions, calls and their inputs, containers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from modal_proto import api_pb2 as api

Result = api.GenericResult


@dataclass
class App:
    """A deployed app, and the objects that its containers have to know."""

    id: str
    name: str = ""
    function_ids: dict[str, str] = field(default_factory=dict)
    class_ids: dict[str, str] = field(default_factory=dict)
    objects: dict[str, api.Object] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    stopped: bool = False

    @property
    def layout(self) -> api.AppLayout:
        return api.AppLayout(
            objects=list(self.objects.values()), function_ids=self.function_ids, class_ids=self.class_ids
        )


@dataclass
class DeployedFunction:
    """A function, or the function that serves the methods of a class."""

    id: str
    app: App
    definition: api.Function
    data: api.FunctionData
    metadata: api.FunctionHandleMetadata


@dataclass
class Input:
    """One input of a call; `container` is the one that works on it, or has to be told that it need not."""

    id: str
    call: Call
    item: api.FunctionPutInputsItem
    container: Container | None = None
    taken_s: float = 0.0
    output: api.FunctionGetOutputsItem | None = None


@dataclass
class Call:
    """A function call: one input, or those of a map; and the stream of what a generator yields."""

    id: str
    function: DeployedFunction
    invocation_type: api.FunctionCallInvocationType.ValueType
    inputs: list[Input] = field(default_factory=list)
    chunks: list[api.DataChunk] = field(default_factory=list)

    @property
    def unfinished(self) -> int:
        return sum(1 for input_ in self.inputs if input_.output is None)


@dataclass
class Container:
    """A process that takes inputs of one function."""

    id: str
    function: DeployedFunction
    process: asyncio.subprocess.Process | None = None
    result: Result | None = None
    leaves: bool = False


class State:
    """Everything, on one event loop. Whoever changes it calls `notify`, whoever waits uses `until`."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self.apps: dict[str, App] = {}
        self.functions: dict[str, DeployedFunction] = {}
        self.classes: dict[str, str] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.named: dict[tuple[str, str], str] = {}
        self.dicts: dict[str, dict[bytes, bytes]] = {}
        self.blobs: dict[str, bytes] = {}
        self.calls: dict[str, Call] = {}
        self.queue: list[Input] = []
        self.given: set[str] = set()  # inputs whose outputs a caller has taken
        self.containers: dict[str, Container] = {}

    def new_id(self, prefix: str) -> str:
        """An identifier as Modal's look, such as ``fu-7``."""
        return f"{prefix}-{next(self._numbers)}"

    def id_of(self, kind: str, name: str) -> str:
        """The id of a named object, which is made when it is first asked for."""
        return self.named.setdefault((kind, name), self.new_id(kind))

    async def notify(self) -> None:
        """Wake those who wait."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until `condition` holds, or the time is up; tell which."""
        try:
            async with self._changed:
                await asyncio.wait_for(self._changed.wait_for(condition), timeout_s)
        except TimeoutError:
            return False
        return True

    def app_named(self, name: str) -> App | None:
        return next((app for app in self.apps.values() if app.name == name and not app.stopped), None)

    def of_function(self, function_id: str) -> list[Container]:
        return [one for one in self.containers.values() if one.function.id == function_id]

    def inputs(self) -> list[Input]:
        """The inputs of all calls."""
        return [input_ for call in list(self.calls.values()) for input_ in call.inputs]

    def finish(
        self,
        input_: Input,
        result: Result,
        data_format: api.DataFormat.ValueType = api.DATA_FORMAT_UNSPECIFIED,
    ) -> None:
        """Give an input its output, unless it has one."""
        if input_.output is None:
            input_.output = api.FunctionGetOutputsItem(
                result=result, idx=input_.item.idx, input_id=input_.id, data_format=data_format
            )
