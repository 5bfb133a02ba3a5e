"""The border: what aiohttp raises and what the server refuses with, as errors of this package."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from typing_extensions import override

from ..._redaction import as_cause, redacted
from ...exceptions import (
    NO_TOKENS,
    AnswerGarbled,
    AuthenticationFailed,
    BackendError,
    BackendOverloaded,
    BackendTimedOut,
    BackendUnavailable,
    InvalidPrompt,
    PromptTooLong,
    ProtocolError,
    QwenStructuredError,
    UnknownModel,
    UnsupportedSchema,
)

IS_IT_VLLM = "is the address that of a vLLM server?"

_SHOWN = 300

# Source: vLLM 0.32, renderers/params.py and entrypoints/serve/utils/api_utils.py; the wording of 0.9 to 0.11
# ("However, you requested 9000 tokens (8000 in the messages, ...)") is met too.
_CONTEXT = (
    re.compile(
        r"maximum context length is (?P<context>\d+) tokens.*?"
        r"(?:\((?P<old>\d+) in the messages|contains (?:at least )?(?P<new>\d+) input tokens)",
        re.DOTALL,
    ),
    re.compile(r"[Ii]nput length \((?P<new>\d+)\) exceeds .*?\((?P<context>\d+)\)(?P<old>)"),
)
_LENGTH = re.compile(r"context length|max_model_len|longer than the maximum model length", re.IGNORECASE)
_GRAMMAR = re.compile(r"grammar|structured.?output|guided|response_format|json.?schema", re.IGNORECASE)
# Source: OpenSSL's names of the alerts by which a server refuses what a client has shown, or has not.
_CERTIFICATE = re.compile(r"ALERT_(HANDSHAKE_FAILURE|UNKNOWN_CA|ACCESS_DENIED|(\w+_)?CERTIFICATE)")
_NO_MODEL = re.compile(r"\bmodel\b.*(does not exist|not found)", re.IGNORECASE | re.DOTALL)
_TEMPLATE = re.compile(r"chat.?template|conversation roles|TemplateError", re.IGNORECASE)


def mapped(url: str) -> AbstractContextManager[None]:
    """Raise what the transport raises as an error of this package, that exception being its cause."""
    return _Mapped(url)


class _Mapped(AbstractContextManager[None]):  # a generator would take four times as long
    def __init__(self, url: str) -> None:
        self._url = url

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
            raise of_transport(self._url, error) from as_cause(_without_secrets(error))


_NOT_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


def of_transport(url: str, error: Exception) -> BackendError:
    """The error of a request that got no whole response."""
    made = _of_transport(url, error)
    if isinstance(error, _NOT_CONNECTED):
        made.spent = NO_TOKENS
    return made


def _of_transport(url: str, error: Exception) -> BackendError:
    said = str(error) or type(error).__name__
    if _CERTIFICATE.search(said):
        return AuthenticationFailed(
            f"{url} refused the secure connection ({said}): set the options client_cert and client_key to a "
            "certificate that it trusts"
        )
    match error:
        case aiohttp.ClientConnectorSSLError():
            return AnswerGarbled(f"no secure connection to {url}: {said}")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return ProtocolError(
                f"no secure connection to {url}: {said}: set the option ca_file to the server's authority"
            )
        case aiohttp.ConnectionTimeoutError():
            return BackendUnavailable(f"no connection to {url} in the time of connect_timeout_s: {said}")
        case TimeoutError():
            silent = isinstance(error, aiohttp.SocketTimeoutError)
            what, limit = ("sign of an", "read_timeout_s") if silent else ("whole", "answer_timeout_s")
            return BackendTimedOut(
                f"{url} gave no {what} answer in the time of {limit}: raise it, or ask for less"
            )
        case aiohttp.ClientHttpProxyError():
            return _of_proxy(url, error)
        case aiohttp.ClientPayloadError():
            return BackendUnavailable(f"the connection to {url} broke within the answer: {said}")
        case aiohttp.ClientResponseError() | aiohttp.InvalidURL():
            return AnswerGarbled(f"{url} does not answer in HTTP: {said}")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError(errno=None | errno.ECONNRESET) if (
            url.startswith("https:")
        ):
            return BackendUnavailable(
                f"{url} cannot be reached: {said} (a server that asks for a certificate may end connections "
                "that show none without a word: the option client_cert has it)"
            )
        case _:
            return BackendUnavailable(f"{url} cannot be reached: {said}")


def _without_secrets(error: Exception) -> Exception:
    """The exception of aiohttp without the headers and the proxy's credentials that it shows."""
    if isinstance(error, aiohttp.ClientResponseError):
        asked = error.request_info
        none: CIMultiDict[str] = CIMultiDict()
        error.request_info = aiohttp.RequestInfo(
            asked.url.with_user(None), asked.method, CIMultiDictProxy(none), asked.real_url.with_user(None)
        )
        error.message = redacted(error.message)
        error.args = (error.request_info, *error.args[1:])
    elif isinstance(error, aiohttp.ClientConnectorError):
        key, reason = error.args
        error.args = (key._replace(proxy_auth=None), reason)
    return error


def _of_proxy(url: str, error: aiohttp.ClientHttpProxyError) -> BackendError:
    if error.status == 407:
        return AuthenticationFailed(
            f"the proxy before {url} refused the credentials: check the option proxy_credentials"
        )
    return BackendUnavailable(f"the proxy before {url} failed: {error}")


def of_status(
    url: str, status: int, body: str, headers: Mapping[str, str] | None = None
) -> QwenStructuredError:
    """The error of a response that is one."""
    made = _of_status(url, status, body, headers)
    if 300 <= status < 500 and status != 408:  # 408 comes from proxies that have waited
        made.spent = NO_TOKENS
    return made


def of_event(url: str, status: int, body: str) -> QwenStructuredError:
    """The error of an event in a stream, which comes after work."""
    made = _of_status(url, status, body, None)
    made.spent = None
    return made


def _of_status(url: str, status: int, body: str, headers: Mapping[str, str] | None) -> QwenStructuredError:
    said = message_of(body)
    what = f"{url} answered {status}: {said}"
    if status in (401, 403):
        return AuthenticationFailed(f"{what}: check the option api_key")
    if status == 404 and _NO_MODEL.search(said):
        return UnknownModel(what)
    if status in (400, 422):
        return _of_bad_request(said, what)
    if status == 413:
        return InvalidPrompt(f"{what}: the prompt is larger than the server takes")
    if status in (408, 504):
        return BackendTimedOut(what)
    if status in (429, 503):
        return BackendOverloaded(what, retry_after_s=retry_after_s((headers or {}).get("Retry-After")))
    if status >= 500:
        return BackendUnavailable(what)
    return ProtocolError(f"{what}: {IS_IT_VLLM}")


def _of_bad_request(said: str, what: str) -> QwenStructuredError:
    for pattern in _CONTEXT:
        if found := pattern.search(said):
            return PromptTooLong(int(found["old"] or found["new"]), int(found["context"]))
    if _LENGTH.search(said):
        return InvalidPrompt(f"the prompt is too long: {what}")
    if _GRAMMAR.search(said):
        return UnsupportedSchema(f"the server does not take the grammar: {what}")
    if _TEMPLATE.search(said):
        return InvalidPrompt(f"the chat template refuses the messages: {what}")
    return ProtocolError(f"the server refused the request: {what}")


def message_of(body: str) -> str:
    """What an error's body says: its ``error.message``, ``message`` or ``detail``, or else its beginning."""
    try:
        found = json.loads(body)
    except ValueError:
        return _short(body)
    for key in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(key):
            found = found[key]
    return _short(found if isinstance(found, str) else json.dumps(found))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:_SHOWN]}..." if len(line) > _SHOWN else line or "nothing more"


def retry_after_s(value: str | None) -> float | None:
    """Seconds that a header ``Retry-After`` asks to wait, as a number or a date; None without either.

    Example:
        >>> retry_after_s("3")
        3.0
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None
