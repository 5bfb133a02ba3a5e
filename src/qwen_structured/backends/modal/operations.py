"""What an operator does with the app: deploy it, see its state and logs, stop it, ask for prices.

All of it is blocking, for the command line.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import modal

from ... import _portal
from ...exceptions import QwenStructuredError
from ...planning.gpus import GPUS
from .contact import Contact
from .deployment import OFFERS, Deployment, Offer
from .errors import mapped
from .options import ModalOptions
from .waiting import Situation

_MOST_A_SECOND = Decimal("0.05")
"""US dollars: no GPU costs as much a second, and none as little an hour."""


@dataclass(frozen=True, slots=True)
class State:
    """What Modal says of a class; `situation` is None where it could not be asked, which `problem` tells."""

    offer: Offer
    situation: Situation | None
    problem: str = ""

    def line(self) -> str:
        """One line for people."""
        if self.situation is None:
            return self.problem
        health = self.situation.health(0)
        start = self.situation.start
        total_s = start.durations_s.get("total") if start else None
        last = f"; the last cold start took {total_s:.0f} s" if total_s is not None else ""
        return f"{health.state}: {health.detail}{last}"


def deploy(options: ModalOptions) -> None:
    """Deploy the app; classes of it that run go on until their requests are done.

    Raises:
        QwenStructuredError: Modal failed.
    """
    from .app import app

    with mapped(f"the app {options.app!r}"), modal.enable_output():
        app.deploy(name=options.app, environment_name=options.environment)


def fetch_weights(plan: Deployment, options: ModalOptions, say: Callable[[str], None]) -> None:
    """Have a class's weights fetched onto the volume, on a CPU; returns when they are there.

    Raises:
        QwenStructuredError: Modal or the model hub failed.
    """
    if not plan.reads_volume:
        return
    begun = time.monotonic()
    say(f"fetching the weights of {plan.model}, unless they are there; `modal logs` says how far it is")
    with mapped(f"the download of {plan.model}"):
        download = modal.Function.from_name(options.app, "download", environment_name=options.environment)
        folder = download.remote(plan.offer.key)
    say(f"the weights are in {folder} ({time.monotonic() - begun:.0f} s)")


def states(options: ModalOptions) -> list[State]:
    """The state of each class; starts nothing."""
    return [_state(one, options) for one in OFFERS]


def _state(one: Offer, options: ModalOptions) -> State:
    try:
        return State(one, _portal.call(Contact(one, options).look))
    except QwenStructuredError as error:
        return State(one, None, str(error))


def stop(options: ModalOptions) -> None:
    """Stop the app: its containers end, and it takes no more requests until it is deployed again.

    Raises:
        QwenStructuredError: there is no such app, or Modal failed.
    """
    with mapped(f"the app {options.app!r}"):
        modal.App.lookup(options.app, environment_name=options.environment).stop()


def logs(options: ModalOptions, lines: int, follow: bool) -> Iterator[str]:
    """What containers of the app have written, and with `follow` what they write from now on.

    Raises:
        QwenStructuredError: there is no such app, or Modal failed.
    """
    with mapped(f"the app {options.app!r}"):
        found = modal.App.lookup(options.app, environment_name=options.environment)
        entries = found.logs.stream() if follow else found.logs.tail(lines)
        for entry in entries:
            yield entry.message


def rates() -> dict[str, float]:
    """US dollars an hour of each GPU that Modal's billing rates name.

    Raises:
        QwenStructuredError: Modal failed.
    """
    with mapped("the billing rates"):
        return gpu_prices(modal.Workspace.from_context().billing.rates())


def gpu_prices(found: Mapping[str, Decimal]) -> dict[str, float]:
    """The prices of GPUs among billing rates, by our names of them, in US dollars an hour.

    Modal documents neither the names of the rates nor their unit (1.6.4), so that a rate counts as a GPU's if
    its name has the GPU's as a word, and as one a second if no hour could cost as little.

    Example:
        >>> gpu_prices({"gpu_h100": Decimal("0.001097"), "cpu": Decimal("0.00001")})
        {'H100': 3.9492}
    """
    prices: dict[str, float] = {}
    for name, rate in found.items():
        words = set(re.split(r"[^a-z0-9]+", name.lower()))
        for gpu in GPUS:
            if set(gpu.name.lower().split("-")) <= words:
                prices[gpu.name] = float(rate * 3600 if rate < _MOST_A_SECOND else rate)
    return prices
