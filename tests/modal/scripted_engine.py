"""An engine for containers that starts at once, and does what its prompt orders."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import anyio
from pydantic import JsonValue

from qwen_structured.exceptions import BackendOverloaded
from qwen_structured.protocols import Capabilities, Completion, Request
from qwen_structured.testing import ScriptedBackend

NAME = "scripted"


def install(folder: Path, name: str = NAME, target: str = f"{__name__}:ScriptedEngine") -> None:
    """Register a backend for those who have `folder` on their path."""
    metadata = folder / f"tests_{name}-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tests-{name}\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text(f"[qwen_structured.backends]\n{name} = {target}\n")


class ScriptedEngine(ScriptedBackend):
    """Answers ``echo X`` with X; ``wait``, ``crash``, ``bug``, ``busy`` and ``big N`` do what they say."""

    def __init__(self, model: str | None, options: Mapping[str, JsonValue]) -> None:
        super().__init__(_answer, capabilities=Capabilities(grammar=False))

    async def complete(self, request: Request, /) -> Completion:
        await _ordered(request)
        return await super().complete(request)

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        async for item in super().stream(request):
            yield item
            await _ordered(request)


async def _ordered(request: Request) -> None:
    order = request.messages[-1].content
    if order == "wait":
        await anyio.sleep_forever()
    if order == "crash":
        os._exit(1)
    if order == "bug":
        raise RuntimeError("a bug in the engine")
    if order == "busy":
        raise BackendOverloaded("the queue is full", retry_after_s=7.0)


def _answer(request: Request) -> str:
    order, _, rest = request.messages[-1].content.partition(" ")
    return "x" * int(rest) if order == "big" else rest or "a text of several pieces"
