"""The commands ``modal ...``: deploy on Modal, look after what is deployed, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from .. import settings
from .._registry import require
from ..exceptions import QwenStructuredError
from ..planning.gpus import PRICES_DATE
from .printing import columns, print_json

if TYPE_CHECKING:
    from ..backends.modal.deployment import Deployment
    from ..backends.modal.operations import State
    from ..backends.modal.options import ModalOptions

Model = Annotated[str, typer.Argument(help="Class by its model: 80b or 480b.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Quiet = Annotated[bool, typer.Option("--json", help="Print JSON.")]

modal = typer.Typer(
    help="Run Qwen on Modal: deploy, status, warm-up, stop, logs, cost.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@modal.callback()
def _needs() -> None:
    require(("modal",), "modal")


@modal.command()
def deploy(
    model: Model = "80b",
    yes: Yes = False,
    download: Annotated[
        bool, typer.Option("--download/--no-download", help="Fetch the weights of MODEL, on a CPU.")
    ] = True,
) -> None:
    """Say what is deployed and what it costs an hour; then deploy it, and fetch the weights of MODEL.

    Both classes are deployed. Neither costs anything before its first request, unless min_containers is set.
    """
    from ..backends.modal import operations

    options, plans = _planned()
    chosen = _of(model, options, plans)
    typer.echo("\n".join(_page(plans)), err=True)
    if not yes:
        typer.confirm(f"Deploy the app {options.app!r}?", abort=True, err=True)
    operations.deploy(options)
    if download:
        operations.fetch_weights(chosen, options, lambda line: typer.echo(line, err=True))
    typer.echo(f"deployed; ask it with --backend modal --model {chosen.offer.key}", err=True)


@modal.command()
def status(json: Quiet = False) -> None:
    """Tell containers, queue and last cold start of each class. Starts nothing."""
    from ..backends.modal import operations

    options, _ = _planned()
    found = operations.states(options)
    if json:
        print_json([_data(one) for one in found])
    else:
        typer.echo(columns([(one.offer.class_name, one.line()) for one in found]))
    if all(one.situation is None for one in found):
        raise typer.Exit(1)


@modal.command("warm-up")
def warm_up(model: Model = "80b") -> None:
    """Start a container of MODEL and wait until it answers; from then on it costs money."""
    from .._generator import StructuredGenerator

    with StructuredGenerator(backend="modal", model=model) as generator:
        generator.warm_up()
        typer.echo(generator.health().detail)


@modal.command()
def stop(yes: Yes = False) -> None:
    """Stop the app: containers end, and it takes no requests until it is deployed again. Weights stay."""
    from ..backends.modal import operations

    options, _ = _planned()
    if not yes:
        typer.confirm(f"Stop the app {options.app!r}, with all requests in work?", abort=True, err=True)
    operations.stop(options)


@modal.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="Lines of the past.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written now.")] = False,
) -> None:
    """Print what the containers of the app have written."""
    from ..backends.modal import operations

    options, _ = _planned()
    for text in operations.logs(options, lines, follow):
        typer.echo(text, nl=False)


@modal.command()
def cost(json: Quiet = False) -> None:
    """Tell what a container of each class costs an hour, at Modal's current rates for your workspace.

    Where these cannot be had, at the list prices that are dated in this package.
    """
    from ..backends.modal import operations

    source = "Modal's billing rates"
    prices: dict[str, float] = {}
    try:
        prices = operations.rates()
    except QwenStructuredError as error:
        typer.echo(f"Modal's billing rates cannot be had: {error}", err=True)
    _, plans = _planned(prices)
    if any(plan.placement and plan.placement.gpu.name not in prices for plan in plans):
        source = f"list prices of {PRICES_DATE}, or the setting gpu_prices"
    if json:
        print_json({"source": source, "usd_per_hour": {plan.offer.key: plan.usd_per_hour for plan in plans}})
        return
    typer.echo("\n".join(_page(plans)))
    typer.echo(f"Source of the prices: {source}.")


def _data(one: State) -> dict[str, object]:
    return {"class": one.offer.class_name, "situation": one.situation, "problem": one.problem or None}


# --- what is planned -----------------------------------------------------------------------------


def _planned(prices: dict[str, float] | None = None) -> tuple[ModalOptions, list[Deployment]]:
    from ..backends.modal.deployment import OFFERS, deployment
    from ..backends.modal.options import validated

    chosen = settings.load().settings
    options = validated(chosen.backends.get("modal", {}))
    known = {**(prices or {}), **chosen.gpu_prices}
    return options, [deployment(one.key, options, known) for one in OFFERS]


def _of(model: str, options: ModalOptions, plans: list[Deployment]) -> Deployment:
    from ..backends.modal.deployment import offer

    wanted = offer(model, options)
    return next(plan for plan in plans if plan.offer == wanted)


def _page(plans: list[Deployment]) -> Iterator[str]:
    head = ("CLASS", "MODEL", "GPUS", "REQUESTS", "CONTEXT", "CONTAINERS", "$/HOUR EACH", "IDLE FOR")
    yield columns([head, *map(_row, plans)])
    always = sum((plan.usd_per_hour or 0.0) * plan.options.min_containers for plan in plans)
    yield f"Always paid for: ${always:.2f} an hour. Containers are paid for by the second, starts included."


def _requests(plan: Deployment) -> str:
    """Requests at once, and those of full length that memory holds."""
    held = plan.placement.requests if plan.placement else None
    wanted = plan.options.concurrency
    return str(wanted) if held is None or held >= wanted else f"{wanted}, memory for {held}"


def _row(plan: Deployment) -> tuple[str, ...]:
    options, price = plan.options, plan.usd_per_hour
    return (
        plan.offer.class_name,
        plan.model,
        str(plan.placement) if plan.placement else "none",
        _requests(plan),
        f"{options.context:,}",
        f"{options.min_containers} to {options.max_containers}",
        "-" if price is None else f"{price:.2f}",
        f"{options.scaledown_window_s} s",
    )
