"""Secure connections whose handshakes fail: none of the calls behind them is lost."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from benchmarks.hostile.server import HostileServer
from tests.faults.calls import ask

from qwen_structured import AnswerGarbled, BackendUnavailable, ProtocolError, StructuredGenerator, Usage
from qwen_structured.backends.server import ServerBackend

pytestmark = pytest.mark.anyio
CALLS = 100


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HostileServer]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with HostileServer(share=0, tls=context).running() as running:
        yield running


async def test_handshakes_that_fail_lose_no_call(server: HostileServer, tmp_path: Path) -> None:
    one = ServerBackend(None, {"base_urls": server.url, "ca_file": str(tmp_path / "ca.pem")})
    await one.warm_up()
    server.tls_fault = lambda number: number % 5 == 2
    ends = await ask(StructuredGenerator(backend=one), range(CALLS - 1))
    assert all(end.is_right for end in ends), [end for end in ends if not end.is_right]
    failures = [attempt for end in ends for attempt in end.ledger.attempts if attempt.error]
    assert failures, "some handshakes failed"
    assert {type(one.error) for one in failures} <= {AnswerGarbled, BackendUnavailable}
    assert {one.usage for one in failures} == {Usage()}, "nothing was sent, so nothing was spent"
    assert {len(served) for served in server.served.values()} == {1}


async def test_a_handshake_that_never_succeeds_is_not_tried_again(
    server: HostileServer, tmp_path: Path
) -> None:
    server.tls_fault = lambda _: True
    one = ServerBackend(None, {"base_urls": server.url, "ca_file": str(tmp_path / "ca.pem")})
    [end] = await ask(StructuredGenerator(backend=one), [1], in_flight=1)
    assert type(end.error) is ProtocolError
    assert "no secure connection" in str(end.error)
    assert len(end.ledger.attempts) == 1
