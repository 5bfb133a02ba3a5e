"""The options of the backend, and the TLS context that they ask for."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from ..._redaction import remember
from ...exceptions import SettingsError
from ..options import CREDENTIALS, BackendOptions


def _listed(value: object) -> object:
    """Several URLs in one text, as an environment variable has them, are parted by commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it has to begin with http:// or https:// and a host")
    if parts.username or parts.password:
        raise PydanticCustomError(
            CREDENTIALS, "leave the credentials out of it: api_key, headers or proxy_credentials take them"
        )
    if parts.query or parts.fragment:
        raise ValueError("it has to end with its path")
    return value.rstrip("/")


def _user_and_password(value: SecretStr) -> SecretStr:
    _, parted, password = value.get_secret_value().partition(":")
    if not parted:
        raise PydanticCustomError(CREDENTIALS, "it has to be user:password")
    remember([password])
    return value


def _without_version(value: str) -> str:
    """The root of the server: some of its paths, such as ``/health``, are not below ``/v1``."""
    return value.removesuffix("/v1")


_BaseURL = Annotated[str, AfterValidator(_http_url), AfterValidator(_without_version)]


class ServerOptions(BackendOptions):
    """Options of the backend, in the settings' table ``backends.server``."""

    base_urls: Annotated[list[_BaseURL], BeforeValidator(_listed), Field(min_length=1)] = Field(
        default=["http://127.0.0.1:8000"],
        description="Addresses of the server, with or without /v1; the next is asked where one fails.",
    )
    api_key: SecretStr | None = Field(default=None, description="Sent as bearer token; never shown.")
    headers: dict[str, SecretStr] = Field(
        default={}, description="Further headers of each request; their values are never shown."
    )
    verify: bool = Field(default=True, description="Check the server's certificate.")
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust instead of the system's, as PEM."
    )
    client_cert: Path | None = Field(default=None, description="Certificate to show to the server, as PEM.")
    client_key: Path | None = Field(
        default=None, description="Key of client_cert, if it is in a file of its own."
    )
    client_key_password: SecretStr | None = Field(
        default=None, description="Password of that key, if it is encrypted; never shown."
    )
    proxy: Annotated[str, AfterValidator(_http_url)] | None = Field(
        default=None, description="HTTP proxy that requests go through; the environment's are not used."
    )
    proxy_credentials: Annotated[SecretStr, AfterValidator(_user_and_password)] | None = Field(
        default=None, description="What the proxy asks for, as user:password; never shown."
    )
    connect_timeout_s: float = Field(default=5.0, gt=0, description="Seconds for making a connection.")
    read_timeout_s: float = Field(
        default=600.0, gt=0, description="Seconds without a sign of the answer, after which it is given up."
    )
    answer_timeout_s: float | None = Field(
        default=None,
        gt=0,
        description="Seconds for a whole answer, however steadily it comes, after which it is given up.",
    )
    max_connections: int = Field(
        default=1024, ge=1, description="Requests in flight at once, over all addresses; more wait."
    )
    rest_s: float = Field(
        default=10.0, ge=0, description="Seconds for which an address that failed is asked only as the last."
    )
    stream_answers: bool = Field(
        default=False,
        description="Have whole answers streamed too: it tells the time of the first token, and keeps "
        "proxies from ending a connection that is silent for long.",
    )
    fallback: Literal["error", "response_format"] = Field(
        default="error",
        description="What to do with a server that does not enforce grammars: fail, or send it the JSON "
        "Schema and check everything afterwards.",
    )

    @property
    def proxy_url(self) -> str | None:
        """The proxy with its credentials."""
        if self.proxy is None or self.proxy_credentials is None:
            return self.proxy
        user, _, password = self.proxy_credentials.get_secret_value().partition(":")
        parts = urlsplit(self.proxy)
        netloc = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc}"
        return parts._replace(netloc=netloc).geturl()

    def _password(self) -> str:
        """Of the client's key; without one, OpenSSL would ask for it at the terminal."""
        return self.client_key_password.get_secret_value() if self.client_key_password else ""

    def tls(self) -> ssl.SSLContext:
        """Make the context for connections.

        Raises:
            SettingsError: a file is missing or is no certificate.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.client_cert is not None:
                context.load_cert_chain(self.client_cert, self.client_key, self._password)
        except OSError as error:  # ssl.SSLError is one
            files = [str(file) for file in (self.ca_file, self.client_cert, self.client_key) if file]
            raise SettingsError(
                f"the certificates of backend 'server' ({', '.join(files)}) cannot be read: {error}: check "
                "them, and client_key_password if the key is encrypted"
            ) from error
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
