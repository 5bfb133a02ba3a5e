"""The HTTP client: one session with its kept connections, on the package's private event loop.

The client is aiohttp. At 256 requests in flight, benchmarks/http_clients.py counts its processor time for a
whole answer as a tenth of httpx2's, and for one of 128 events as a third: httpx2 would take four fifths of a
core for the events of a server that writes 11,000 tokens a second. That aiohttp knows asyncio alone does not
matter, because every request runs on the private loop, from whatever loop or thread it is made. So kept
connections serve all of them, and none is left behind by an event loop that ends.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import anyio
from pydantic_core import to_json

from ... import __version__
from .errors import mapped, of_status
from .options import ServerOptions

_KEEP_ALIVE_S = 4.0  # shorter than uvicorn's 5 s, or requests would meet connections that are being closed
_MAX_ERROR_BYTES = 65_536
_QUICK_S = 5.0  # for what a server answers without the model


class Connections:
    """Sends requests; everything but the constructor runs on the private loop.

    Raises:
        SettingsError: a certificate cannot be read.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._tls = options.tls()
        self._session: aiohttp.ClientSession | None = None
        self._keeper: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def send(
        self, url: str, path: str, body: Mapping[str, Any] | None = None, *, quick: bool = False
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Send a request, with `body` as JSON by POST or else by GET, and give the response's head.

        Leaving the context before the body is read closes the connection, which ends the work on it.

        Raises:
            QwenStructuredError: there was no response, or its status is not 200, or the body breaks off.
        """
        session = self._running()
        data = None if body is None else to_json(body)
        timeout = aiohttp.ClientTimeout(
            sock_connect=self._options.connect_timeout_s,
            sock_read=min(_QUICK_S, self._options.read_timeout_s) if quick else self._options.read_timeout_s,
        )
        with mapped(url):
            async with session.request(
                "GET" if data is None else "POST",
                url + path,
                data=data,
                headers={"Content-Type": "application/json"} if data else None,
                timeout=timeout,
                allow_redirects=False,  # or the key would go to whatever address the server names
                proxy=self._options.proxy,
            ) as response:
                if response.status != 200:
                    said = await response.content.read(_MAX_ERROR_BYTES)
                    raise of_status(
                        url, response.status, said.decode("utf-8", "replace"), dict(response.headers)
                    )
                yield response

    async def read(
        self, url: str, path: str, body: Mapping[str, Any] | None = None, *, quick: bool = False
    ) -> bytes:
        """Send a request and read the whole body of its response. Raises as `send` does."""
        async with self.send(url, path, body, quick=quick) as response:
            return await response.read()

    def _running(self) -> aiohttp.ClientSession:
        if self._session is None:
            options = self._options
            headers = {name: value.get_secret_value() for name, value in options.headers.items()}
            if options.api_key is not None:
                headers["Authorization"] = f"Bearer {options.api_key.get_secret_value()}"
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=options.max_connections, keepalive_timeout=_KEEP_ALIVE_S, ssl=self._tls
                ),
                headers={"User-Agent": f"qwen-structured/{__version__}", **headers},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,  # settings.py alone reads the environment
            )
            self._keeper = _keep(self._session)
            weakref.finalize(self, _release, asyncio.get_running_loop(), self._keeper).atexit = False
        return self._session

    async def aclose(self) -> None:
        """Close all connections."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])


# --- sessions that nobody closes -------------------------------------------------------------------

_keepers: set[asyncio.Task[None]] = set()
"""Event loops hold their tasks weakly, and one that is collected is torn down in the midst of another."""


def _keep(session: aiohttp.ClientSession) -> asyncio.Task[None]:
    """Start the task that closes a session when it is cancelled, at the latest when the loop ends."""
    keeper = asyncio.create_task(_close_when_cancelled(session))
    _keepers.add(keeper)
    keeper.add_done_callback(_keepers.discard)
    return keeper


async def _close_when_cancelled(session: aiohttp.ClientSession) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        with anyio.CancelScope(shield=True):
            await session.close()


def _release(loop: asyncio.AbstractEventLoop, keeper: asyncio.Task[None]) -> None:
    """Close the session of connections that were collected."""
    with suppress(RuntimeError):  # the loop has ended, and so has the session
        loop.call_soon_threadsafe(keeper.cancel)
