"""The web service of `qwen_structured.api` as an application of Ray Serve.

It needs the extras ``ray`` and ``api``, and Ray's own extra ``serve``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from .. import _portal, settings
from .._registry import choose, require
from ..exceptions import BackendUnavailable, ConfigurationError

if TYPE_CHECKING:
    from ray.serve import Application


class ServeOptions(BaseModel):
    """The ``args`` of the application in a Serve config; all else comes from the settings of the replicas.

    Attributes:
        backend: name of the backend; by default the setting's.
        model: the backend's model; by default the setting's, or else the backend's own.
        max_body_bytes: largest body of a request.
        max_tokens: largest ``max_tokens`` of a request.
        loads_first: a replica takes requests when its model is loaded.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: str | None = None
    model: str | None = None
    max_body_bytes: Annotated[int, Field(ge=1)] = 2**20
    max_tokens: Annotated[int, Field(ge=1)] = 32_768
    loads_first: bool = True


class Service:
    """What a replica is: a backend behind the web service.

    Args:
        options: see `ServeOptions`.

    Raises:
        ConfigurationError: the setting ``api_key`` is missing, or backend or model cannot be used.
        BackendError: the model could not be loaded.
    """

    def __init__(self, options: ServeOptions) -> None:
        loaded = settings.load().settings
        if loaded.api_key is None:
            raise ConfigurationError(
                "Ray Serve is reached from other machines: set a key in QWEN_STRUCTURED_API_KEY where its "
                "replicas run"
            )
        self._key, self._options = loaded.api_key, options
        self._backend = choose(loaded, options.backend, options.model).create()
        if options.loads_first:
            _portal.call(self._backend.warm_up)

    def __serve_build_asgi_app__(self) -> Any:
        """The application; Ray calls this in the replica."""
        from ..api.app import create_app
        from ..api.guards import Limits

        limits = Limits(body_bytes=self._options.max_body_bytes, max_tokens=self._options.max_tokens)
        return create_app(self._backend, limits=limits, key=self._key)

    async def check_health(self) -> None:
        """Have Ray replace a replica whose deployment is dead; Ray calls this every ten seconds.

        Raises:
            BackendUnavailable: it is dead.
        """
        found = await self._backend.health()
        if found.state == "dead":
            raise BackendUnavailable(f"the deployment is dead: {found.detail}")


def application(options: ServeOptions) -> Application:
    """Make the application: ``import_path`` of a Serve config is ``qwen_structured.ray.serving:application``.

    Raises:
        BackendNotInstalled: an extra is missing.
    """
    require(("ray",), "ray")
    require(("fastapi",), "api")
    from ray import serve

    return serve.deployment(serve.ingress()(Service)).bind(options)
