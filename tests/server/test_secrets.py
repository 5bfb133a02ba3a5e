"""A server's key, headers, passphrases and proxy credentials work, and are shown nowhere."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from tests.errors import everything_of
from tests.server.connect_proxy import Proxy, basic
from tests.server.fake_vllm import FakeVLLM, Reply

from qwen_structured import (
    AuthenticationFailed,
    BackendUnavailable,
    ProtocolError,
    QwenStructuredError,
    SettingsError,
    StructuredGenerator,
    _redaction,
)
from qwen_structured.backends.server import ServerBackend

SECRET = "zq-secret/1234567890"


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_redaction, "_remembered", frozenset())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_server(authority: trustme.CA) -> Iterator[FakeVLLM]:
    """A server that asks for a client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with FakeVLLM(tls=context).running() as running:
        yield running


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
    """A client's certificate with an encrypted key, as options without its password."""
    client = authority.issue_cert("client@example.com")
    key = load_pem_private_key(client.private_key_pem.bytes(), None)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET.encode()))
    paths = {name: tmp_path / f"{name}.pem" for name in ("ca_file", "client_cert", "client_key")}
    authority.cert_pem.write_to_path(paths["ca_file"])
    client.cert_chain_pems[0].write_to_path(paths["client_cert"])
    paths["client_key"].write_bytes(encrypted)
    return {name: str(path) for name, path in paths.items()}


def ask(**options: Any) -> bool:
    with StructuredGenerator(backend=ServerBackend(None, options), max_retries=0) as generator:
        return generator.generate(bool, "x")


def refusal(kind: type[QwenStructuredError], **options: Any) -> QwenStructuredError:
    """The error of a request, which shows the secret in nothing."""
    with pytest.raises(kind) as caught:
        ask(**options)
    shown = everything_of(caught.value)
    assert SECRET not in shown
    for spelling in _redaction._remembered:
        assert spelling not in shown
    return caught.value


# --- key and headers -------------------------------------------------------------------------------


def answer_with(server: FakeVLLM, reply: Reply) -> None:
    server.fault = lambda path, body: reply if path.startswith("/v1") else None


@pytest.mark.parametrize(
    "option", [{"api_key": SECRET}, {"headers": {"X-Team": SECRET}}], ids=["the key", "a header"]
)
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_what_a_server_repeats_of_a_secret_is_not_shown(
    server: FakeVLLM, option: dict[str, Any], status: int
) -> None:
    answer_with(server, Reply(status, json.dumps({"error": {"message": f"You sent {SECRET}, wrongly"}})))
    error = refusal(QwenStructuredError, base_urls=server.url, **option)
    assert "You sent ***, wrongly" in str(error)


def test_a_server_that_does_not_speak_http_does_not_bring_the_key_to_light() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"NO HTTP\r\n\r\n")

        from threading import Thread

        thread = Thread(target=answer)
        thread.start()
        error = refusal(ProtocolError, base_urls=url, api_key=SECRET)
        thread.join()
    assert "does not answer in HTTP" in str(error)


# --- the proxy -------------------------------------------------------------------------------------


def test_a_proxy_is_given_its_credentials(secure_server: FakeVLLM, certificate: dict[str, str]) -> None:
    with Proxy(f"me:{SECRET}").running() as proxy:
        options = {**certificate, "client_key_password": SECRET, "base_urls": secure_server.url}
        assert ask(**options, proxy=proxy.url, proxy_credentials=f"me:{SECRET}") in (True, False)
        assert all("proxy-authorization" not in headers for headers in secure_server.headers)


def test_a_proxy_on_the_way_to_a_server_without_tls_is_given_them_too(server: FakeVLLM) -> None:
    """The stand-in takes the place of the proxy, and finds no such path in the whole URL."""
    refusal(
        QwenStructuredError,
        base_urls="http://model.internal:8000",
        proxy=server.url,
        proxy_credentials=f"me:{SECRET}",
    )
    assert server.headers[0]["proxy-authorization"] == basic(f"me:{SECRET}")
    assert server.headers[0]["host"] == "model.internal:8000"


@pytest.mark.parametrize("credentials", [f"you:{SECRET}", None])
def test_a_proxy_that_refuses_the_credentials_is_told(credentials: str | None) -> None:
    with Proxy("me:other").running() as proxy:
        given = {} if credentials is None else {"proxy_credentials": credentials}
        error = refusal(
            AuthenticationFailed, base_urls="https://127.0.0.1:1", proxy=proxy.url, api_key=SECRET, **given
        )
    assert "the option proxy_credentials" in str(error)


def test_a_proxy_that_fails_does_not_bring_its_password_to_light() -> None:
    with Proxy(f"me:{SECRET}").running() as proxy:
        proxy.failure = "502 Bad Gateway"
        error = refusal(
            BackendUnavailable,
            base_urls="https://127.0.0.1:1",
            proxy=proxy.url,
            proxy_credentials=f"me:{SECRET}",
            api_key=SECRET,
        )
    assert "the proxy before https://127.0.0.1:1 failed" in str(error)


def test_a_proxy_that_is_not_there_does_not_bring_its_password_to_light() -> None:
    options = {"proxy": "http://127.0.0.1:1", "proxy_credentials": f"me:{SECRET}", "api_key": SECRET}
    refusal(BackendUnavailable, base_urls="https://model.internal", **options)


@pytest.mark.parametrize("credentials", [f"me:{SECRET}", None])
def test_a_proxy_is_not_given_what_is_for_the_server(credentials: str | None) -> None:
    """aiohttp sends the headers of a session to proxies too, and so would send them the server's key."""
    with Proxy(f"me:{SECRET}").running() as proxy:
        proxy.failure = "502 Bad Gateway"
        given = {} if credentials is None else {"proxy_credentials": credentials}
        options = {"api_key": "of-the-server", "headers": {"X-Team": "of-the-server"}, **given}
        refusal(QwenStructuredError, base_urls="https://127.0.0.1:1", proxy=proxy.url, **options)
    [headers] = proxy.headers
    assert headers.get("proxy-authorization") == (credentials and basic(credentials))
    assert "of-the-server" not in str(headers)


# --- the passphrase --------------------------------------------------------------------------------


def test_an_encrypted_key_is_read_with_its_password(
    secure_server: FakeVLLM, certificate: dict[str, str]
) -> None:
    assert ask(**certificate, client_key_password=SECRET, base_urls=secure_server.url) in (True, False)


@pytest.mark.parametrize("password", ["zq-secret/wrong-one", None])
def test_a_wrong_password_of_a_key_is_an_error_and_no_question_at_the_terminal(
    certificate: dict[str, str], password: str | None
) -> None:
    given = {} if password is None else {"client_key_password": password}
    error = refusal(SettingsError, **certificate, **given)
    assert "client_key_password" in str(error)
    assert "zq-secret" not in everything_of(error)
