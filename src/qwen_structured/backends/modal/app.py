"""The app on Modal: ``modal deploy -m qwen_structured.backends.modal.app`` needs no checkout.

It is a thin shell. What containers do is `serving.Serving` on the backend ``vllm``; how they are deployed
comes from the settings (`options`), through the planner (`deployment`), and is refused if it does not fit.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, cast

import modal
import modal.experimental

from ... import __version__, settings
from . import images, weights, wire
from .deployment import Deployment, deployment
from .options import as_variables, validated
from .serving import Serving
from .starts import dict_name

_HOUR_S = 3600
_DOWNLOAD_S = 12 * _HOUR_S
_CALLERS = 1000

TABLE = settings.load().settings.backends.get("modal", {})
OPTIONS = validated(TABLE)
VARIABLES: dict[str, str | None] = {**as_variables(TABLE)}
PRICES = settings.load().settings.gpu_prices
PLANS = {key: deployment(key, OPTIONS, PRICES) for key in ("80b", "480b")}

GPU_IMAGE = images.gpu_image()
CPU_IMAGE = images.cpu_image()
STARTS = modal.Dict.from_name(dict_name(OPTIONS.app), create_if_missing=True)
MODELS = images.models_volume()
CACHE = images.cache_volume()

app = modal.App(
    OPTIONS.app,
    tags={wire.PACKAGE_TAG: __version__, wire.VERSION_TAG: str(wire.VERSION)},
    include_source=False,  # the images have the package
)


def _arguments(plan: Deployment) -> dict[str, Any]:
    """How a class is deployed, as `modal.App.cls` takes it."""
    options = plan.options
    return {
        "image": GPU_IMAGE,
        "env": {**images.ENVIRONMENT, **VARIABLES},
        "gpu": plan.gpu,
        "cpu": plan.cores,
        "memory": plan.memory_mib,
        "volumes": {weights.FOLDER: MODELS, images.CACHE_FOLDER: CACHE},
        "min_containers": options.min_containers,
        "max_containers": options.max_containers,
        "scaledown_window": options.scaledown_window_s,
        "timeout": options.request_timeout_s,
        "startup_timeout": plan.start_timeout_s,
        "region": options.region,
        "enable_memory_snapshot": options.memory_snapshot,
        "experimental_options": {"enable_gpu_snapshot": True} if options.memory_snapshot else None,
    }


async def _start(self: _Generator) -> None:
    """Load the model; before a snapshot, give up the GPU."""
    plan = PLANS[self.key]
    self.serving = Serving(plan)
    before: Any = await STARTS.get.aio(self.key)
    await self.serving.start(self.put, before)
    if plan.gpu is not None:
        await CACHE.commit.aio()  # type: ignore[no-untyped-call]
    if plan.options.memory_snapshot:
        await self.serving.sleep()


class _Generator:
    """The methods of both classes."""

    key: ClassVar[str]
    serving: Serving

    @modal.enter(snap=False)
    async def wake_up(self) -> None:
        """Take the GPU again after a snapshot."""
        if PLANS[self.key].options.memory_snapshot:
            await self.serving.wake_up()

    @modal.exit()
    async def stop(self) -> None:
        """End the engine."""
        await self.serving.stop()

    async def put(self, start: dict[str, Any]) -> None:
        """Tell the state of the start to those who wait."""
        try:
            await STARTS.put.aio(self.key, start)
        except modal.exception.Error as error:  # nobody waits better for a container that fails over this
            print(f"the state of the start cannot be told: {error}")  # noqa: T201

    @asynccontextmanager
    async def serves(self) -> AsyncGenerator[Serving]:
        """Work on a request; a container that cannot is left by its next ones, and paid for no longer."""
        try:
            yield self.serving
        finally:
            if await self.serving.is_broken():
                stop: Any = modal.experimental.stop_fetching_inputs
                await stop.aio()

    # --- for people ------------------------------------------------------------------------------

    @modal.method()
    async def generate(
        self,
        /,
        prompt: str | list[dict[str, str]],
        schema: dict[str, Any] | None = None,
        max_tokens: int = 2048,
        temperature: float = 0.3,
        top_p: float = 0.95,
        **further: Any,
    ) -> dict[str, Any]:
        """Answer a prompt: with a value of `schema`, or with text; see `qwen_structured.api.bodies`."""
        given = {"prompt": prompt, "schema": schema, "max_tokens": max_tokens}
        body = {**given, "temperature": temperature, "top_p": top_p, **further}
        async with self.serves() as serving:
            return (await serving.generate(body)).model_dump(mode="json")

    @modal.method()
    async def generate_batch(
        self, /, prompts: Sequence[str], schema: dict[str, Any] | None = None, **further: Any
    ) -> list[dict[str, Any]]:
        """Answer several prompts at once in this container, in their order; an error stands in its place."""
        bodies = [{"prompt": prompt, "schema": schema, **further} for prompt in prompts]
        async with self.serves() as serving:
            return await serving.generate_batch(bodies)

    @modal.method()
    async def generate_stream(
        self,
        /,
        prompt: str | list[dict[str, str]],
        max_tokens: int = 2048,
        temperature: float = 0.3,
        top_p: float = 0.95,
        schema: dict[str, Any] | None = None,
        **further: Any,
    ) -> AsyncGenerator[str]:
        """Give the text of an answer piece by piece."""
        given = {"prompt": prompt, "schema": schema, "max_tokens": max_tokens}
        body = {**given, "temperature": temperature, "top_p": top_p, **further}
        async with self.serves() as serving, aclosing(serving.generate_stream(body)) as pieces:
            async for piece in pieces:
                yield piece

    @modal.method()
    async def warmup(self, grammars: Sequence[str] = ()) -> dict[str, Any]:
        """Answer when the model is loaded and `grammars` are compiled."""
        async with self.serves() as serving:
            return await serving.warm_up(grammars)

    @modal.method()
    async def health(self) -> dict[str, Any]:
        """Tell state, model, GPUs and version. A container is started if there is none."""
        async with self.serves() as serving:
            return await serving.health()

    # --- for the backend `modal` -----------------------------------------------------------------

    @modal.method()
    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Complete a request, as `wire` writes it."""
        async with self.serves() as serving:
            return await serving.complete(request)

    @modal.method()
    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """Give the id of this call, by which it can be cancelled; pieces; the completion."""
        yield {"call": modal.current_function_call_id()}
        async with self.serves() as serving, aclosing(serving.stream(request)) as items:
            async for item in items:
                yield item


@app.cls(**_arguments(PLANS["80b"]))
@modal.concurrent(max_inputs=PLANS["80b"].options.concurrency)
class Qwen80BGenerator(_Generator):
    """Qwen3-Next-80B-A3B-Instruct-FP8, unless another model is set."""

    key = "80b"
    start = modal.enter(snap=PLANS["80b"].options.memory_snapshot)(_start)


@app.cls(**_arguments(PLANS["480b"]))
@modal.concurrent(max_inputs=PLANS["480b"].options.concurrency)
class Qwen480BGenerator(_Generator):
    """Qwen3-Coder-480B-A35B-Instruct-FP8, unless another model is set."""

    key = "480b"
    start = modal.enter(snap=PLANS["480b"].options.memory_snapshot)(_start)


# --- weights -------------------------------------------------------------------------------------


@app.function(image=CPU_IMAGE, env=VARIABLES, volumes={weights.FOLDER: MODELS}, cpu=4, timeout=_DOWNLOAD_S)
def download(key: str) -> str:
    """Fetch the weights of a class onto the volume, on a CPU; gives their folder."""
    plan = PLANS[key]
    folder = weights.fetch(Path(weights.FOLDER), plan.model, plan.options.revision)
    MODELS.commit()
    return str(folder)


# --- web endpoints -------------------------------------------------------------------------------

_WEB: dict[str, Any] = {"image": CPU_IMAGE, "env": VARIABLES, "timeout": _HOUR_S, "scaledown_window": 60}
_CLOSED = OPTIONS.authentication == "proxy"


def _endpoint(key: str, name: Any) -> Any:
    """The service of one endpoint, on a CPU; it calls the class, whose containers alone have GPUs."""
    from ...api.app import create_app
    from .backend import ModalBackend

    return create_app(ModalBackend(key, TABLE), {name: "/"})


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-80b-health", requires_proxy_auth=_CLOSED)
def qwen_80b_health() -> Any:
    """GET: the state of Qwen80BGenerator; starts no container with GPUs."""
    return _endpoint("80b", "health")


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-80b-generate", requires_proxy_auth=_CLOSED)
def qwen_80b_generate() -> Any:
    """POST: generate with Qwen80BGenerator."""
    return _endpoint("80b", "generate")


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-80b-warmup", requires_proxy_auth=_CLOSED)
def qwen_80b_warmup() -> Any:
    """POST: start a container of Qwen80BGenerator."""
    return _endpoint("80b", "warmup")


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-480b-health", requires_proxy_auth=_CLOSED)
def qwen_480b_health() -> Any:
    """GET: the state of Qwen480BGenerator; starts no container with GPUs."""
    return _endpoint("480b", "health")


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-480b-generate", requires_proxy_auth=_CLOSED)
def qwen_480b_generate() -> Any:
    """POST: generate with Qwen480BGenerator."""
    return _endpoint("480b", "generate")


@app.function(**_WEB)
@modal.concurrent(max_inputs=_CALLERS)
@modal.asgi_app(label="qwen-480b-warmup", requires_proxy_auth=_CLOSED)
def qwen_480b_warmup() -> Any:
    """POST: start a container of Qwen480BGenerator."""
    return _endpoint("480b", "warmup")


# --- tries ---------------------------------------------------------------------------------------

_PROMPT = "Hannah Weber, born on 4 May 1991, lives in Graz."
_SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 60},
        "born": {"type": "string", "format": "date"},
        "town": {"type": "string", "maxLength": 60},
    },
    "required": ["name", "born", "town"],
    "additionalProperties": False,
}


def _try(generator: Any, prompt: str) -> None:
    print(generator.generate.remote(prompt, schema=_SCHEMA, max_tokens=200, temperature=0.0))  # noqa: T201


@app.local_entrypoint()
def test_80b(prompt: str = _PROMPT) -> None:  # noqa: PT028
    """Have Qwen80BGenerator read a person from a prompt."""
    _try(cast("Any", Qwen80BGenerator)(), prompt)


@app.local_entrypoint()
def test_480b(prompt: str = _PROMPT) -> None:  # noqa: PT028
    """Have Qwen480BGenerator read a person from a prompt."""
    _try(cast("Any", Qwen480BGenerator)(), prompt)
