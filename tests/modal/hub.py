"""A model hub on loopback, with one small model, as far as `huggingface_hub` asks for it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = "test/small"
COMMITS = ("1" * 40, "2" * 40)
FILES = {"config.json": b"{}", "tokenizer.json": b"{}", "model.safetensors": b"w" * 5000}


class Hub:
    """The hub; `newest` is the commit that ``main`` means."""

    url: str

    def __init__(self) -> None:
        self.newest = COMMITS[0]
        self.fetched: list[str] = []

    @contextmanager
    def running(self) -> Iterator[Hub]:
        """Serve from threads."""
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub._answer(self, body=True)

            def do_HEAD(self) -> None:
                hub._answer(self, body=False)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = request.path.partition("?")[0].strip("/")
        if path.startswith(f"api/models/{MODEL}"):
            named = re.search(r"/(?:revision|tree)/([^/]+)", path)
            wanted = named[1] if named else "main"
            commit = self.newest if wanted == "main" else wanted
            if commit not in COMMITS:
                _send(request, 404, b"{}", {"X-Error-Code": "RevisionNotFound"}, body)
                return
            if "/tree/" in path:
                tree = [
                    {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                    for name, data in FILES.items()
                ]
                _send(request, 200, json.dumps(tree).encode(), {"Content-Type": "application/json"}, body)
                return
            siblings = [{"rfilename": name, "size": len(data)} for name, data in FILES.items()]
            about = {"id": MODEL, "modelId": MODEL, "sha": commit, "siblings": siblings}
            _send(request, 200, json.dumps(about).encode(), {"Content-Type": "application/json"}, body)
            return
        prefix, _, name = path.rpartition("/")
        if prefix.startswith(f"{MODEL}/resolve/") and name in FILES:
            data = FILES[name]
            headers = {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": prefix[-40:]}
            if body:
                self.fetched.append(name)
            _send(request, 200, data, headers, body)
            return
        _send(request, 404, b"{}", {"X-Error-Code": "RepoNotFound"}, body)


def _send(
    request: BaseHTTPRequestHandler, status: int, data: bytes, headers: dict[str, str], body: bool
) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(data)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    if body:
        request.wfile.write(data)
