"""TLS as a client has it: an authority of one's own, a certificate to show, and what is refused."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
import trustme
from tests.server.fake_vllm import FakeVLLM

from qwen_structured import (
    AuthenticationFailed,
    BackendUnavailable,
    Message,
    ProtocolError,
    QwenStructuredError,
    SettingsError,
    StructuredGenerator,
)
from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Request

pytestmark = pytest.mark.anyio
REQUEST = Request(messages=(Message("user", "Hello"),))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
    """The authority's certificate, and a client's certificate and key, as options."""
    client = authority.issue_cert("client@example.com")
    paths = {name: tmp_path / f"{name}.pem" for name in ("ca_file", "client_cert", "client_key")}
    authority.cert_pem.write_to_path(paths["ca_file"])
    client.cert_chain_pems[0].write_to_path(paths["client_cert"])
    client.private_key_pem.write_to_path(paths["client_key"])
    client.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    return {name: str(path) for name, path in paths.items()}


def context(authority: trustme.CA, name: str = "127.0.0.1", *, wants_client: bool = False) -> ssl.SSLContext:
    """A server's, with a certificate for `name`."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    if wants_client:
        authority.configure_trust(made)
        made.verify_mode = ssl.CERT_REQUIRED
        made.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 the alert races with the end of the connection
    return made


@pytest.fixture
def guarded(authority: trustme.CA) -> Iterator[FakeVLLM]:
    """A server that wants to see a client's certificate."""
    with FakeVLLM(tls=context(authority, wants_client=True)).running() as running:
        yield running


@contextmanager
def blocking_server(tls: ssl.SSLContext | None) -> Iterator[FakeVLLM]:
    """A server on blocking sockets, which sends the alert that ends a handshake; without `tls`, an error."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            if tls is None:
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    class Server(ThreadingTCPServer):
        def get_request(self) -> Any:
            accepted, address = super().get_request()
            return (tls.wrap_socket(accepted, server_side=True) if tls else accepted), address

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield FakeVLLM(url=f"https://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            thread.join()


@asynccontextmanager
async def generating(server: FakeVLLM, **options: Any) -> AsyncIterator[StructuredGenerator]:
    async with StructuredGenerator(
        backend=ServerBackend(options={"base_urls": [server.url], **options}), max_attempts=3
    ) as generator:
        yield generator


async def refusal(server: FakeVLLM, **options: Any) -> QwenStructuredError:
    """The error of the one attempt that is made."""
    async with generating(server, **options) as generator:
        with pytest.raises(QwenStructuredError) as caught:
            await generator.agenerate(int, "x")
    assert not caught.value.retryable
    return caught.value


async def test_a_client_shows_its_certificate(guarded: FakeVLLM, files: dict[str, str]) -> None:
    async with aclosing(ServerBackend(options={"base_urls": [guarded.url], **files})) as backend:
        assert (await backend.complete(REQUEST)).text
        *pieces, _ = [answer async for answer in backend.stream(REQUEST)]
        assert pieces


async def test_certificate_and_key_may_share_a_file(
    guarded: FakeVLLM, files: dict[str, str], tmp_path: Path
) -> None:
    both = str(tmp_path / "both.pem")
    options = {"ca_file": files["ca_file"], "client_cert": both}
    async with aclosing(ServerBackend(options={"base_urls": [guarded.url], **options})) as backend:
        assert (await backend.complete(REQUEST)).text


@pytest.mark.parametrize("shown", ["nothing", "a stranger's"])
async def test_a_server_that_asks_for_a_certificate_says_so(
    authority: trustme.CA, files: dict[str, str], tmp_path: Path, shown: str
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(stranger)
    certificate = {} if shown == "nothing" else {"client_cert": str(stranger)}
    with blocking_server(context(authority, wants_client=True)) as server:
        error = await refusal(server, ca_file=files["ca_file"], **certificate)
    assert isinstance(error, AuthenticationFailed)
    assert "set the options client_cert and client_key" in str(error)


async def test_where_it_does_not_say_so_the_error_does(guarded: FakeVLLM, files: dict[str, str]) -> None:
    """As servers on asyncio do, vLLM's among them."""
    async with generating(guarded, ca_file=files["ca_file"]) as generator:
        with pytest.raises(BackendUnavailable, match="the option client_cert has it"):
            await generator.backend.complete(REQUEST)


async def test_an_unknown_authority_is_an_error_that_is_not_tried_again(authority: trustme.CA) -> None:
    with FakeVLLM(tls=context(authority)).running() as server:
        error = await refusal(server)
        assert isinstance(error, ProtocolError)
        assert f"no secure connection to {server.url}" in str(error)
        assert "set the option ca_file" in str(error)
        assert isinstance(error.__cause__, ssl.SSLError | OSError)


async def test_a_certificate_for_another_host_is_refused(
    authority: trustme.CA, files: dict[str, str]
) -> None:
    with FakeVLLM(tls=context(authority, "example.com")).running() as server:
        assert "127.0.0.1" in str(await refusal(server, ca_file=files["ca_file"]))


async def test_certificates_are_not_checked_where_that_is_asked_for(authority: trustme.CA) -> None:
    with FakeVLLM(tls=context(authority, "example.com")).running() as server:
        async with aclosing(ServerBackend(options={"base_urls": [server.url], "verify": False})) as backend:
            assert (await backend.complete(REQUEST)).text


async def test_plain_http_is_no_secure_connection() -> None:
    with blocking_server(None) as server:
        assert "no secure connection" in str(await refusal(server))


def test_a_key_that_is_not_the_certificates_is_a_wrong_setting(files: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().issue_cert("x").private_key_pem.write_to_path(other)
    with pytest.raises(SettingsError, match=r"other\.pem"):
        ServerBackend(options={**files, "client_key": str(other)})
