"""A small app, with which the control plane itself is tested."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import modal

app = modal.App("small")


@app.cls(env={"SUFFIX": "!"}, gpu="H100:2")
@modal.concurrent(max_inputs=8)
class Small:
    @modal.enter()
    def start(self) -> None:
        self.suffix = os.environ["SUFFIX"]

    @modal.method()
    async def shout(self, text: str) -> str:
        return text + self.suffix

    @modal.method()
    async def wait(self) -> str:
        await asyncio.Event().wait()
        return "never"

    @modal.method()
    async def count(self, to: int) -> AsyncIterator[int]:
        for number in range(to):
            yield number

    @modal.method()
    async def fail(self) -> None:
        raise ValueError("no")
