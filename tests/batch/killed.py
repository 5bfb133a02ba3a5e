"""A run to be killed: ``python killed.py JOURNAL LOG COUNT`` asks for COUNT numbers, and logs each."""

from __future__ import annotations

import asyncio
import os
import random
import sys

from qwen_structured import StructuredGenerator
from qwen_structured.protocols import Capabilities, Completion, Request
from qwen_structured.testing import ScriptedBackend


class Paid(ScriptedBackend):
    """Writes down each request that it answers, as a deployment's bill does."""

    def __init__(self, log: str) -> None:
        super().__init__(lambda request: request.messages[-1].content, capabilities=Capabilities())
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def complete(self, request: Request, /) -> Completion:
        await asyncio.sleep(random.random() / 500)
        os.write(self._log, f"{request.messages[-1].content}\n".encode())
        return await super().complete(request)


def main(journal: str, log: str, count: int) -> None:
    generator = StructuredGenerator(backend=Paid(log))
    prompts = (str(number) for number in range(count))
    batch = generator.generate_many(int, prompts, journal=journal, max_concurrency=8)
    total = sum(outcome.value for outcome in batch if outcome.ok)
    sys.stdout.write(f"{total} {batch.summary.restored}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
