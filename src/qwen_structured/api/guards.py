"""What a request has to pass before a handler sees it: its key, its size, its depth."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import ErrorDetail
from .errors import refusal

_OPENING, _CLOSING = b"[{", b"]}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may ask for.

    Attributes:
        body_bytes: size of its body.
        depth: how deep its JSON may be nested.
        max_tokens: the largest `max_tokens`.
    """

    body_bytes: int = 2**20
    depth: int = 64
    max_tokens: int = 32_768


class KeyGuard:
    """Lets in only requests with the right bearer key.

    Args:
        app: what stands behind.
        key: the key.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._wanted = app, f"Bearer {key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 in the app's place, or leave the request to it."""
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not secrets.compare_digest(given, self._wanted):
                message = "send the key of the service: Authorization: Bearer KEY"
                detail = ErrorDetail(type="AuthenticationFailed", message=message, retryable=False)
                await refusal(401, detail, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyGuard:
    """Refuses bodies that are too large, or nested too deep to be parsed safely.

    Args:
        app: what stands behind.
        limits: how large, how deep.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 or 422 in the app's place, or leave the request to it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limits.body_bytes:
                why = f"the body has more than {self._limits.body_bytes} bytes: shorten prompt or schema"
                await _refuse(413, why)(scope, receive, send)
                return
        if depth(body) > self._limits.depth:
            why = f"the body is nested more than {self._limits.depth} deep: flatten the schema"
            await _refuse(422, why)(scope, receive, send)
            return
        await self._app(scope, _replayed(bytes(body), receive), send)


def depth(text: bytes | bytearray) -> int:
    """How deep JSON is nested, whether or not it is well-formed.

    Example:
        >>> depth(b'{"a": ["[[["]}')
        2
    """
    deepest = now = 0
    in_string = escaped = False
    for byte in text:
        if in_string:
            in_string = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            in_string = True
        elif byte in _OPENING:
            now += 1
            deepest = max(deepest, now)
        elif byte in _CLOSING:
            now -= 1
    return deepest


def _refuse(status: int, why: str) -> ASGIApp:
    return refusal(status, ErrorDetail(type="InvalidRequest", message=why, retryable=False))


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read already, then whatever comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
