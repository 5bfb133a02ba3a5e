"""Payloads too large for a message, over HTTP, as an object store keeps them."""

from __future__ import annotations

import hashlib

from aiohttp import web

from .state import State


async def serve(state: State) -> tuple[web.AppRunner, str]:
    """Serve the blobs of `state` on a loopback port; gives the server and its URL."""

    async def put(request: web.Request) -> web.Response:
        data = await request.read()
        state.blobs[request.match_info["id"]] = data
        return web.Response(headers={"ETag": f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'})

    async def get(request: web.Request) -> web.Response:
        data = state.blobs.get(request.match_info["id"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    app = web.Application(client_max_size=2**30)
    app.add_routes([web.put("/{id}", put), web.get("/{id}", get)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [address] = runner.addresses
    return runner, f"http://127.0.0.1:{address[1]}"
