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
from ..._observation import trace_headers
from ...exceptions import AnswerGarbled
from .errors import mapped, of_status
from .options import ServerOptions

_KEEP_ALIVE_S = 4.0  # shorter than uvicorn's 5 s, or requests would meet connections that are being closed
_MAX_ERROR_BYTES = 65_536
MAX_ANSWER_BYTES = 64 * 2**20  # a broken server must not fill memory
_QUICK_S = 5.0  # for what a server answers without the model


class Connections:
    """Sends requests; everything but the constructor runs on the private loop.

    Raises:
        SettingsError: a certificate cannot be read.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._tls = options.tls()
        self._headers = _headers(options)
        self._json_headers = {**self._headers, "Content-Type": "application/json"}
        self._limits = _limits(options, options.read_timeout_s)
        self._quick_limits = _limits(options, min(_QUICK_S, options.read_timeout_s))
        self._session: aiohttp.ClientSession | None = None
        self._keeper: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def send(
        self, url: str, path: str, body: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Send a request, with `body` as JSON by POST or else by GET, and give the response's head.

        Leaving the context before the body is read closes the connection, which ends the work on it.

        Raises:
            QwenStructuredError: there was no response, or its status is not 200, or the body breaks off.
        """
        with mapped(url):
            response = await self._response(url, path, body, self._limits)
            try:
                yield response
            finally:
                response.close()  # which leaves the connection alone, if the body has been read

    async def read(
        self,
        url: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        quick: bool = False,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> bytes:
        """Send a request and read the whole body of its response.

        Raises:
            AnswerGarbled: the body is larger than `max_bytes`.
            QwenStructuredError: as `send` does.
        """
        with mapped(url):
            limits = self._quick_limits if quick else self._limits
            response = await self._response(url, path, body, limits)
            try:
                return await _whole(response, url, max_bytes)
            finally:
                response.close()

    async def _response(
        self, url: str, path: str, body: Mapping[str, Any] | None, limits: aiohttp.ClientTimeout
    ) -> aiohttp.ClientResponse:
        """The head of a response whose status is 200."""
        if body is None:
            method, data, headers = "GET", None, self._headers
        else:
            method, data, headers = "POST", to_json(body), self._json_headers
        response = await self._running().request(
            method,
            url + path,
            data=data,
            headers={**headers, **traced} if (traced := trace_headers()) else headers,
            timeout=limits,
            allow_redirects=False,  # or the key would go to whatever address the server names
            proxy=self._options.proxy_url,
        )
        if response.status == 200:
            return response
        try:
            said = await response.content.read(_MAX_ERROR_BYTES)
        finally:
            response.close()
        raise of_status(url, response.status, said.decode("utf-8", "replace"), dict(response.headers))

    def _running(self) -> aiohttp.ClientSession:
        if self._session is None:
            options = self._options
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=options.max_connections, keepalive_timeout=_KEEP_ALIVE_S, ssl=self._tls
                ),
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


async def _whole(response: aiohttp.ClientResponse, url: str, max_bytes: int) -> bytes:
    """The body of a response; it is counted while it comes in, unless its head tells its length."""
    length = response.content_length
    if length is not None and length <= max_bytes and "Content-Encoding" not in response.headers:
        return await response.read()
    whole = bytearray()
    async for piece in response.content.iter_any():
        whole += piece
        if len(whole) > max_bytes:
            whole.clear()  # the error's traceback would keep it
            raise AnswerGarbled(f"{url} sent more than {max_bytes} bytes as one answer")
    return bytes(whole)


def _limits(options: ServerOptions, read_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=options.answer_timeout_s, sock_connect=options.connect_timeout_s, sock_read=read_s
    )


def _headers(options: ServerOptions) -> dict[str, str]:
    """Those of every request; headers of the session would go to the proxy too, the key among them."""
    headers = {"User-Agent": f"qwen-structured/{__version__}"}
    headers |= {name: value.get_secret_value() for name, value in options.headers.items()}
    if options.api_key is not None:
        headers["Authorization"] = f"Bearer {options.api_key.get_secret_value()}"
    return headers


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
