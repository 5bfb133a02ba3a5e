"""The way to one class on Modal: found and checked once, then called. All of it runs on the private loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import modal

from ... import __version__
from ..._redaction import remember
from ...exceptions import ConfigurationError
from . import wire
from .deployment import Offer
from .errors import mapped
from .options import ModalOptions
from .starts import Start, dict_name
from .waiting import Situation


class Contact:
    """A deployed class.

    Args:
        offer: the class.
        options: of the backend.
    """

    def __init__(self, offer: Offer, options: ModalOptions) -> None:
        self._offer, self._options = offer, options
        self._lock = asyncio.Lock()
        self._instance: Any = None
        self._starts: Any = None

    @property
    def what(self) -> str:
        """The class, for errors."""
        return f"{self._offer.class_name} of the app {self._options.app!r}"

    async def method(self, name: str) -> Any:
        """A method of the class, after the first contact has checked that both sides understand each other.

        Raises:
            NotDeployed: there is no such app or class.
            AuthenticationFailed: the credentials are missing or refused.
            ConfigurationError: the deployment is of a version that does not fit.
        """
        await self._made()
        return getattr(self._instance, name)

    async def look(self) -> Situation:
        """What Modal says of the class; starts nothing.

        Raises:
            QwenStructuredError: as `method` does.
        """
        await self._made()
        with mapped(self.what):
            stats = await self._instance.complete.get_current_stats.aio()
            start = await self._start()
        return Situation(stats.num_total_runners, stats.backlog, stats.num_running_inputs, start)

    async def _start(self) -> Start | None:
        try:
            found: Mapping[str, Any] | None = await self._starts.get.aio(self._offer.key)
        except modal.exception.NotFoundError:  # no container has ever started
            return None
        return Start.from_data(found)

    async def _made(self) -> None:
        async with self._lock:
            if self._instance is not None:
                return
            app, environment = self._options.app, self._options.environment
            remember(_credentials())
            with mapped(self.what):
                found = await modal.App.lookup.aio(app, environment_name=environment)
                _check_version(self.what, await found.get_tags.aio())
                cls = modal.Cls.from_name(app, self._offer.class_name, environment_name=environment)
                await cls.hydrate.aio()
                self._starts = modal.Dict.from_name(dict_name(app), environment_name=environment)
                self._instance = cls()


def _credentials() -> list[str]:
    """What Modal's client proves itself with, by its own settings."""
    found = (modal.config.config.get(name) for name in ("token_id", "token_secret"))
    return [one for one in found if isinstance(one, str)]


def _check_version(what: str, tags: Mapping[str, str]) -> None:
    spoken = tags.get(wire.VERSION_TAG)
    if spoken != str(wire.VERSION):
        theirs = tags.get(wire.PACKAGE_TAG, "an unknown version")
        raise ConfigurationError(
            f"{what} was deployed by qwen-structured {theirs} and does not understand {__version__}: run "
            "`qwen-structured modal deploy`, or install the version that it was deployed by"
        )
