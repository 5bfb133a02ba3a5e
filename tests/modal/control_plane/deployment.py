"""RPCs that deploy an app, and those that find what was deployed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from grpclib import GRPCError, Status
from modal_proto import api_pb2 as api

from .rpc import EMPTY, Noted, streaming, unary
from .state import App, DeployedFunction, State

MAX_OBJECT_BYTES = 2 * 2**20
MAX_ASYNC_OBJECT_BYTES = 8 * 2**10
"""Sizes above which payloads are handed over as blobs. Source: modal 1.6.4, _utils/blob_utils.py."""


class Deployment(Noted):
    """Apps, functions and classes."""

    state: State
    folder: Path

    # --- apps ------------------------------------------------------------------------------------

    @unary
    async def AppGetByDeploymentName(self, request: Any) -> Any:  # noqa: N802
        app = self.state.app_named(request.name)
        return api.AppGetByDeploymentNameResponse(app_id=app.id if app else "")

    @unary
    async def AppCreate(self, request: Any) -> Any:  # noqa: N802
        app = App(self.state.new_id("ap"))
        self.state.apps[app.id] = app
        return api.AppCreateResponse(app_id=app.id, app_page_url="http://app", app_logs_url="http://logs")

    @unary
    async def AppGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        app = self._deployed(request.app_name)
        return api.AppGetOrCreateResponse(app_id=app.id)

    @unary
    async def AppGetLayout(self, request: Any) -> Any:  # noqa: N802
        return api.AppGetLayoutResponse(app_layout=self.state.apps[request.app_id].layout)

    @unary
    async def AppPublish(self, request: Any) -> Any:  # noqa: N802
        app = self.state.apps[request.app_id]
        app.name = request.name
        app.tags = dict(request.tags)
        app.function_ids = dict(request.function_ids)
        app.class_ids = dict(request.class_ids)
        return api.AppPublishResponse(url="http://app", deployed_at=time.time())

    @unary
    async def AppGetTags(self, request: Any) -> Any:  # noqa: N802
        return api.AppGetTagsResponse(tags=self.state.apps[request.app_id].tags)

    @unary
    async def AppHeartbeat(self, request: Any) -> Any:  # noqa: N802
        return EMPTY

    @unary
    async def AppClientDisconnect(self, request: Any) -> Any:  # noqa: N802
        return EMPTY

    @unary
    async def AppList(self, request: Any) -> Any:  # noqa: N802
        running = [app for app in self.state.apps.values() if app.name and not app.stopped]
        return api.AppListResponse(
            apps=[
                api.AppListResponse.AppListItem(
                    app_id=app.id, name=app.name, description=app.name, state=api.APP_STATE_DEPLOYED
                )
                for app in running
            ]
        )

    @unary
    async def AppStop(self, request: Any) -> Any:  # noqa: N802
        self.state.apps[request.app_id].stopped = True
        await self.state.notify()
        return EMPTY

    @streaming
    async def AppGetLogs(self, request: Any) -> Any:  # noqa: N802
        yield self._logs()
        yield api.TaskLogsBatch(app_done=True)

    @unary
    async def AppFetchLogs(self, request: Any) -> Any:  # noqa: N802
        return api.AppFetchLogsResponse(batches=[self._logs()])

    def _logs(self) -> api.TaskLogsBatch:
        """What all containers have written."""
        text = "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("ta-*.log")))
        item = api.TaskLogs(data=text, file_descriptor=api.FILE_DESCRIPTOR_STDOUT, timestamp=time.time())
        return api.TaskLogsBatch(items=[item], entry_id="1-0")

    # --- functions -------------------------------------------------------------------------------

    @unary
    async def FunctionPrecreate(self, request: Any) -> Any:  # noqa: N802
        function_id = request.existing_function_id or self.state.new_id("fu")
        metadata = _metadata(function_id, request, request.method_definitions)
        return api.FunctionPrecreateResponse(function_id=function_id, handle_metadata=metadata)

    @unary
    async def FunctionCreate(self, request: Any) -> Any:  # noqa: N802
        app = self.state.apps[request.app_id]
        definition = request.function
        data = request.function_data
        if request.HasField("function_data"):  # a list of GPUs: the first is the one that is given
            definition = data.ranked_functions[0].function
        else:
            data = api.FunctionData(
                module_name=definition.module_name,
                function_name=definition.function_name,
                function_type=definition.function_type,
                is_class=definition.is_class,
                ranked_functions=[api.FunctionData.RankedFunction(rank=0, function=definition)],
            )
        function_id = request.existing_function_id
        metadata = _metadata(function_id, definition, definition.method_definitions)
        self.state.functions[function_id] = DeployedFunction(function_id, app, definition, data, metadata)
        app.objects[function_id] = api.Object(object_id=function_id, function_handle_metadata=metadata)
        for dependency in (definition.image_id, *definition.mount_ids, *definition.secret_ids):
            app.objects[dependency] = api.Object(object_id=dependency)
        for mount in definition.volume_mounts:
            app.objects[mount.volume_id] = api.Object(object_id=mount.volume_id)
        return api.FunctionCreateResponse(
            function_id=function_id, function=definition, function_data=data, handle_metadata=metadata
        )

    @unary
    async def ClassCreate(self, request: Any) -> Any:  # noqa: N802
        class_id = request.existing_class_id or self.state.new_id("cs")
        app = self.state.apps[request.app_id]
        app.objects[class_id] = api.Object(
            object_id=class_id, class_handle_metadata=api.ClassHandleMetadata()
        )
        return api.ClassCreateResponse(class_id=class_id, handle_metadata=api.ClassHandleMetadata())

    # --- look-ups --------------------------------------------------------------------------------

    @unary
    async def FunctionGet(self, request: Any) -> Any:  # noqa: N802
        function = self._function(self._deployed(request.app_name), request.object_tag)
        return api.FunctionGetResponse(
            function_id=function.id, handle_metadata=function.metadata, function=function.data
        )

    @unary
    async def ClassGet(self, request: Any) -> Any:  # noqa: N802
        app = self._deployed(request.app_name)
        if request.object_tag not in app.class_ids:
            raise GRPCError(Status.NOT_FOUND, f"no class {request.object_tag!r} in the app {app.name!r}")
        return api.ClassGetResponse(
            class_id=app.class_ids[request.object_tag], handle_metadata=api.ClassHandleMetadata()
        )

    @unary
    async def FunctionBindParams(self, request: Any) -> Any:  # noqa: N802
        function = self.state.functions[request.function_id]
        return api.FunctionBindParamsResponse(
            bound_function_id=function.id, handle_metadata=function.metadata
        )

    @unary
    async def FunctionGetCurrentStats(self, request: Any) -> Any:  # noqa: N802
        containers = self.state.of_function(request.function_id)
        mine = [one for one in self.state.inputs() if one.call.function.id == request.function_id]
        return api.FunctionStats(
            backlog=sum(1 for one in mine if one in self.state.queue),
            num_total_tasks=len(containers),
            num_running_inputs=sum(1 for one in mine if one.container is not None),
        )

    def _deployed(self, name: str) -> App:
        app = self.state.app_named(name)
        if app is None:
            raise GRPCError(Status.NOT_FOUND, f"no app {name!r} is deployed")
        return app

    def _function(self, app: App, tag: str) -> DeployedFunction:
        if tag not in app.function_ids:
            raise GRPCError(Status.NOT_FOUND, f"no function {tag!r} in the app {app.name!r}")
        return self.state.functions[app.function_ids[tag]]


def _metadata(function_id: str, definition: Any, methods: Any) -> api.FunctionHandleMetadata:
    """What a client is told of a function, and of each method of a class."""
    common: dict[str, Any] = {
        "max_object_size_bytes": MAX_OBJECT_BYTES,
        "max_async_object_size_bytes": MAX_ASYNC_OBJECT_BYTES,
        "definition_id": f"de-{function_id}",
    }
    return api.FunctionHandleMetadata(
        function_name=definition.function_name,
        function_type=definition.function_type,
        supported_input_formats=definition.supported_input_formats,
        supported_output_formats=definition.supported_output_formats,
        function_schema=definition.function_schema,
        web_url=_web_url(definition.webhook_config),
        method_handle_metadata={
            name: api.FunctionHandleMetadata(
                function_name=method.function_name,
                function_type=method.function_type,
                is_method=True,
                use_method_name=name,
                supported_input_formats=method.supported_input_formats,
                supported_output_formats=method.supported_output_formats,
                function_schema=method.function_schema,
                web_url=_web_url(method.webhook_config),
                **common,
            )
            for name, method in methods.items()
        },
        **common,
    )


def _web_url(config: Any) -> str:
    return f"https://test--{config.requested_suffix}.modal.run" if config.type else ""
