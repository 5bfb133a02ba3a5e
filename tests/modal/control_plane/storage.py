"""RPCs of what has a name and holds something: secrets, volumes, mounts, images, dicts, blobs."""

from __future__ import annotations

from typing import Any

from grpclib import GRPCError, Status
from modal_proto import api_pb2 as api

from .rpc import EMPTY, Noted, streaming, unary
from .state import State


class Storage(Noted):
    """Images are not built and mounts not filled: containers run in this machine's own environment."""

    state: State
    blob_url: str

    @unary
    async def ClientHello(self, request: Any) -> Any:  # noqa: N802
        return api.ClientHelloResponse(image_builder_version="2025.06")

    @unary
    async def EnvironmentGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        settings = api.EnvironmentSettings(image_builder_version="2025.06", webhook_suffix="")
        metadata = api.EnvironmentMetadata(name=request.deployment_name or "main", settings=settings)
        return api.EnvironmentGetOrCreateResponse(environment_id="en-1", metadata=metadata)

    @unary
    async def WorkspaceNameLookup(self, request: Any) -> Any:  # noqa: N802
        return api.WorkspaceNameLookupResponse(workspace_name="test", username="test")

    @unary
    async def WorkspaceBillingRates(self, request: Any) -> Any:  # noqa: N802
        return api.WorkspaceBillingRatesResponse(rates={"gpu_h100": "0.001", "cpu_core": "0.00001"})

    @unary
    async def SecretGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        secret_id = self.state.new_id("st")
        self.state.secrets[secret_id] = dict(request.env_dict)
        return api.SecretGetOrCreateResponse(secret_id=secret_id)

    @unary
    async def VolumeGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        volume_id = self.state.id_of("vo", request.deployment_name)
        metadata = api.VolumeMetadata(name=request.deployment_name)
        return api.VolumeGetOrCreateResponse(volume_id=volume_id, metadata=metadata)

    @unary
    async def VolumeCommit(self, request: Any) -> Any:  # noqa: N802
        return api.VolumeCommitResponse()

    @unary
    async def VolumeReload(self, request: Any) -> Any:  # noqa: N802
        return EMPTY

    @unary
    async def MountGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        return api.MountGetOrCreateResponse(mount_id=self.state.new_id("mo"))

    @unary
    async def MountBatchedCheckExistence(self, request: Any) -> Any:  # noqa: N802
        return api.MountBatchedCheckExistenceResponse()

    @unary
    async def ImageGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        return api.ImageGetOrCreateResponse(
            image_id=self.state.new_id("im"),
            result=api.GenericResult(status=api.GenericResult.GENERIC_STATUS_SUCCESS),
            metadata=api.ImageMetadata(image_builder_version="2025.06"),
        )

    # --- dicts -----------------------------------------------------------------------------------

    @unary
    async def DictGetOrCreate(self, request: Any) -> Any:  # noqa: N802
        dict_id = self.state.id_of("di", request.deployment_name)
        creates = request.object_creation_type == api.OBJECT_CREATION_TYPE_CREATE_IF_MISSING
        if dict_id not in self.state.dicts and not creates:
            raise GRPCError(Status.NOT_FOUND, f"no dict {request.deployment_name!r}")
        self.state.dicts.setdefault(dict_id, {})
        metadata = api.DictMetadata(name=request.deployment_name)
        return api.DictGetOrCreateResponse(dict_id=dict_id, metadata=metadata)

    @unary
    async def DictUpdate(self, request: Any) -> Any:  # noqa: N802
        for entry in request.updates:
            self.state.dicts[request.dict_id][entry.key] = entry.value
        return api.DictUpdateResponse(created=True)

    @unary
    async def DictGet(self, request: Any) -> Any:  # noqa: N802
        value = self.state.dicts[request.dict_id].get(request.key)
        return api.DictGetResponse(found=value is not None, value=value or b"")

    @streaming
    async def DictContents(self, request: Any) -> Any:  # noqa: N802
        for key, value in self.state.dicts[request.dict_id].items():
            yield api.DictEntry(key=key, value=value)

    # --- blobs -----------------------------------------------------------------------------------

    @unary
    async def BlobCreate(self, request: Any) -> Any:  # noqa: N802
        blob_id = self.state.new_id("bl")
        urls = api.UploadUrlList(items=[f"{self.blob_url}/{blob_id}"])
        return api.BlobCreateResponse(blob_ids=[blob_id], upload_urls=urls)

    @unary
    async def BlobGet(self, request: Any) -> Any:  # noqa: N802
        return api.BlobGetResponse(download_url=f"{self.blob_url}/{request.blob_id}")
