"""The command ``serve``: vLLM's server with the planned flags, closed to others by default."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

import typer

from .. import model_configs, settings
from ..exceptions import ConfigurationError, UnknownModel
from ..models import Model
from ..planning import Placement, Plan, plan as make_plan, serve_environment, serve_flags
from ..planning.flags import KEY_VARIABLE, LOOPBACK, is_local
from ..planning.gpus import COUNTS
from ..planning.plan import CONCURRENCY, CONTEXT, UTILIZATION
from .machine import look_at_gpus
from .plan import ConcurrencyOption, ContextOption, KVCacheOption, PlannedModel, UtilizationOption
from .vllm_server import VLLMServer, check_further

_GIB = 2**30


def serve(
    model: PlannedModel,
    further: Annotated[
        list[str] | None, typer.Argument(metavar="-- FLAGS", help="Further flags for vLLM.")
    ] = None,
    gpu: Annotated[
        str | None,
        typer.Option(
            metavar="GPU[:COUNT]", help="GPUs that it is for, such as H100:2; by default this machine's."
        ),
    ] = None,
    context: ContextOption = CONTEXT,
    concurrency: ConcurrencyOption = CONCURRENCY,
    utilization: UtilizationOption = UTILIZATION,
    kv_cache: KVCacheOption = "auto",
    host: Annotated[str, typer.Option(help="Address to listen on; others need a key.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
    print_: Annotated[bool, typer.Option("--print", help="Print the command, and start nothing.")] = False,
) -> None:
    """Start vLLM's server with the flags of the plan.

    The server asks for the key that stands in the variable VLLM_API_KEY, which has to be set where others
    reach it. What follows -- goes to vLLM as it is.
    """
    found = _servable(model)
    planned = partial(
        make_plan,
        found,
        context=context,
        concurrency=concurrency,
        utilization=utilization,
        kv_cache=kv_cache,
        prices=settings.load().settings.gpu_prices,
    )
    placement = planned(gpu).best if gpu else _best_here(planned)
    flags = serve_flags(
        found,
        placement.gpu.name,
        placement.count,
        context,
        concurrency,
        utilization=utilization,
        kv_cache=kv_cache,
        host=host,
        port=port,
        authenticated=print_ or _has_key(),
    )
    check_further(further or (), flags)
    server = VLLMServer(found.name, (*flags, *(further or ())), serve_environment(found), not is_local(host))
    command = () if print_ else server.command()
    typer.echo("\n".join(_summary(found, placement, context)), err=True)
    if print_:
        typer.echo(server.shell())
        return
    key = "the key of" if _has_key() else "no key, since there is none in"
    typer.echo(f"on http://{host}:{port}, which asks for {key} {KEY_VARIABLE}", err=True)
    server.become(command)


def _servable(name: str) -> Model:
    found = model_configs.find(name)
    if "vllm" not in found.backends:
        known = ", ".join(map(repr, found.backends))
        raise UnknownModel(
            f"model {name!r} is made for {known}, not for vLLM: `qwen-structured models` has others"
        )
    return found


def _best_here(planned: Callable[[str], Plan]) -> Placement:
    """The cheapest placement on this machine's GPUs, or on some of them."""
    here = look_at_gpus()
    kind = here[0] if here else None
    if kind is None or set(here) != {kind}:
        seen = "of kinds that are not planned together" if here else "not seen by nvidia-smi"
        raise ConfigurationError(
            f"the GPUs of this machine are {seen}: name those that the server is for, such as --gpu H100:2"
        )
    for placement in planned(kind.name).fitting:
        if placement.count <= len(here):
            return placement
    most = max(count for count in COUNTS if count <= len(here))
    return planned(f"{kind.name}:{most}").best  # which is none, and says why


def _has_key() -> bool:
    return bool(os.environ.get(KEY_VARIABLE, "").strip())


def _summary(model: Model, placement: Placement, context: int) -> Iterator[str]:
    assert placement.memory is not None, "a placement that fits has its memory"
    weights, cache = placement.memory.weights / _GIB, placement.memory.room / _GIB
    requests = placement.requests_prefix_caching  # which vLLM does by default
    yield f"{model.name} on {placement}: {weights:.1f} GiB of weights and {cache:.1f} GiB of cache on each"
    yield f"room for {requests:,} requests of {context:,} tokens"
    yield f"at most {placement.tokens_per_s:,.0f} tokens/s"
    yield from placement.notes
