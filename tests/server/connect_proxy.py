"""An HTTP proxy on loopback that asks for a user and a password, and tunnels (CONNECT)."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class _Handler(StreamRequestHandler):
    def handle(self) -> None:
        head = self.rfile.readline()
        headers: dict[str, str] = {}
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        proxy = self.server
        assert isinstance(proxy, Proxy)
        proxy.headers.append(headers)
        if headers.get("proxy-authorization") != proxy.wanted:
            said = f"wrong credentials {headers.get('proxy-authorization')}"
            self.wfile.write(f"HTTP/1.1 407 {said}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        if proxy.failure:
            self.wfile.write(f"HTTP/1.1 {proxy.failure}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        host, _, port = head.split()[1].decode().partition(":")
        with socket.create_connection((host, int(port))) as beyond:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = Thread(target=_copy, args=[beyond, self.connection])
            back.start()
            _copy(self.connection, beyond)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def basic(credentials: str) -> str:
    """The header of basic authentication."""
    return f"Basic {b64encode(credentials.encode()).decode()}"


class Proxy(ThreadingTCPServer):
    """The proxy.

    Attributes:
        failure: a status line that it answers in place of a tunnel.
        headers: those that it was sent, of each request.
    """

    daemon_threads = True
    failure = ""

    def __init__(self, credentials: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wanted = basic(credentials)
        self.headers: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        """Serve from a thread."""
        thread = Thread(target=self.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()
