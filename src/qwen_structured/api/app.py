"""The ASGI application.

FastAPI, not bare Starlette: the bodies are Pydantic models, and the OpenAPI description and its pages come
from them, which Starlette would leave to us.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar

import anyio
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from .. import __version__
from ..exceptions import InvalidPrompt, QwenStructuredError
from ..protocols import Backend
from .bodies import ErrorAnswer, ErrorDetail, GenerateAnswer, GenerateBody, HealthAnswer
from .errors import refusal, response_of
from .generation import generate
from .guards import BodyGuard, KeyGuard, Limits

T = TypeVar("T")

Endpoint: TypeAlias = Literal["health", "generate", "warmup"]

PATHS: Mapping[Endpoint, str] = {"health": "/health", "generate": "/generate", "warmup": "/warmup"}
"""The paths of a service that has all of its endpoints at one address."""

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "the body is no JSON"},
    413: {"model": ErrorAnswer, "description": "the request is too large"},
    422: {"model": ErrorAnswer, "description": "the request has to change"},
    429: {"model": ErrorAnswer, "description": "ask again later"},
    502: {"model": ErrorAnswer, "description": "the model or its deployment gave no value"},
    503: {"model": ErrorAnswer, "description": "the deployment is not there"},
    504: {"model": ErrorAnswer, "description": "it took too long"},
}


def create_app(
    backend: Backend,
    paths: Mapping[Endpoint, str] = PATHS,
    *,
    limits: Limits | None = None,
    key: str | None = None,
    hosts: list[str] | None = None,
) -> FastAPI:
    """Make the application; it closes the backend when it ends.

    Args:
        backend: answers the requests.
        paths: the endpoints that it has, and where.
        limits: what a request may ask for.
        key: what requests have to bring as bearer key; None leaves the service open.
        hosts: values of the header ``Host`` that are answered; by default all.
    """
    chosen = limits or Limits()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await backend.aclose()

    app = FastAPI(
        title="qwen-structured",
        version=__version__,
        summary="Values of a JSON Schema, or free text, from a Qwen model.",
        lifespan=lifespan,
    )
    for name, path in paths.items():
        _ADD[name](app, path, backend, chosen)
    app.add_exception_handler(QwenStructuredError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_bad_body)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(BodyGuard, limits=chosen)
    if key is not None:
        app.add_middleware(KeyGuard, key=key)
    if hosts is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    return app


# --- endpoints -----------------------------------------------------------------------------------


def _add_health(app: FastAPI, path: str, backend: Backend, _: Limits) -> None:
    @app.get(path, summary="Tell the state of the deployment", responses={503: {"model": HealthAnswer}})
    async def health(response: Response) -> HealthAnswer:
        """Load nothing; the status is 503 if the deployment is dead."""
        found = await backend.health()
        if found.state == "dead":
            response.status_code = 503
        return HealthAnswer(
            state=found.state, detail=found.detail, requests=found.requests, version=__version__
        )


def _add_generate(app: FastAPI, path: str, backend: Backend, limits: Limits) -> None:
    @app.post(path, summary="Generate a value or a text", responses=_ERRORS)
    async def generate_(body: GenerateBody, request: Request) -> GenerateAnswer:
        """Give the value in the place of the text if there is a schema."""
        if body.max_tokens > limits.max_tokens:
            raise InvalidPrompt(
                f"max_tokens is {body.max_tokens}: this service gives {limits.max_tokens} at most"
            )
        return await _unless_hung_up(request, partial(generate, backend, body))


def _add_warmup(app: FastAPI, path: str, backend: Backend, _: Limits) -> None:
    @app.post(path, summary="Load the model", responses={503: _ERRORS[503], 504: _ERRORS[504]})
    async def warmup() -> HealthAnswer:
        """Answer when the model is loaded, which can take minutes."""
        await backend.warm_up()
        found = await backend.health()
        return HealthAnswer(
            state=found.state, detail=found.detail, requests=found.requests, version=__version__
        )


_ADD = {"health": _add_health, "generate": _add_generate, "warmup": _add_warmup}


async def _unless_hung_up(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, and end it when the caller hangs up: nobody pays for an answer that nobody reads."""
    outcome: list[T | QwenStructuredError] = []
    async with anyio.create_task_group() as group:

        async def run() -> None:
            try:
                outcome.append(await work())
            except QwenStructuredError as error:  # which the group would wrap
                outcome.append(error)
            group.cancel_scope.cancel()

        group.start_soon(run)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()
    if not outcome:
        raise HTTPException(499, "the caller hung up")
    if isinstance(outcome[0], QwenStructuredError):
        raise outcome[0]
    return outcome[0]


# --- errors --------------------------------------------------------------------------------------


async def _on_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, QwenStructuredError)
    return response_of(error)


async def _on_bad_body(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"][1:])) or "the body"
    detail = ErrorDetail(type="InvalidRequest", message=f"{place}: {first['msg']}", retryable=False)
    return refusal(422, detail)


async def _on_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = ErrorDetail(type="InvalidRequest", message=str(error.detail), retryable=False)
    return refusal(error.status_code, detail, dict(error.headers or {}))
