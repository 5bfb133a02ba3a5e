"""The command ``api``: a web service over any backend."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import _registry, settings
from .._registry import require
from ..exceptions import ConfigurationError

_LOCAL = ("127.0.0.1", "::1", "localhost")


def api(
    backend: Annotated[str | None, typer.Option(help="Backend that answers.")] = None,
    model: Annotated[str | None, typer.Option(help="Registry name, hub name or folder of a model.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = _LOCAL[0],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")
    ] = 8080,
    max_body_bytes: Annotated[int, typer.Option(min=1, help="Largest body of a request.")] = 2**20,
    max_tokens: Annotated[int, typer.Option(min=1, help="Largest max_tokens of a request.")] = 32_768,
) -> None:
    """Serve GET /health, POST /generate and POST /warmup over HTTP, described at /docs.

    Beyond this machine it needs a key, in the setting api_key (QWEN_STRUCTURED_API_KEY), which requests bring
    as bearer token.
    """
    require(("fastapi", "uvicorn"), "api")
    import uvicorn

    from ..api.app import create_app
    from ..api.guards import Limits

    chosen = settings.load().settings
    if chosen.api_key is None and host not in _LOCAL:
        raise ConfigurationError(
            f"host is {host!r}, which others reach: set a key in QWEN_STRUCTURED_API_KEY, or listen on "
            f"{_LOCAL[0]}"
        )
    app = create_app(
        _registry.choose(chosen, backend, model).create(),
        limits=Limits(body_bytes=max_body_bytes, max_tokens=max_tokens),
        key=chosen.api_key,
        hosts=list(_LOCAL) if chosen.api_key is None else None,
    )
    uvicorn.run(app, host=host, port=port, log_level="info", access_log=False)
