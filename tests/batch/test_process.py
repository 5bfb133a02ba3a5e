"""Batches at a fork, and when the interpreter ends: nothing hangs, nothing is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """
import asyncio, itertools, os, sys
from qwen_structured import ConfigurationError, StructuredGenerator
from qwen_structured.testing import ScriptedBackend
generator = StructuredGenerator(backend=ScriptedBackend(lambda request: request.messages[-1].content))
endless = map(str, itertools.count())
"""


def run(program: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", HEAD + program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)


def test_the_interpreter_ends_in_the_midst_of_a_batch(tmp_path: Path) -> None:
    done = run(
        "batch = generator.generate_many(int, endless, journal='j'); print(next(batch).value)", tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")


def test_an_event_loop_ends_in_the_midst_of_a_batch(tmp_path: Path) -> None:
    program = """
async def main():
    async with generator.agenerate_many(int, endless, journal='j') as batch:
        print((await anext(batch)).value)
    forgotten = generator.agenerate_many(int, endless)
    await anext(forgotten)
asyncio.run(main())
print([one.value for one in generator.generate_many(int, ['0', '7'], journal='j')])
"""
    done = run(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n[0, 7]\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_batch_does_not_survive_a_fork_and_says_so(tmp_path: Path) -> None:
    program = """
batch = generator.generate_many(int, endless, ordered=False)
next(batch)
if os.fork() == 0:
    try:
        list(itertools.islice(batch, 5000))
    except ConfigurationError as error:
        print(error, flush=True)
    print([one.value for one in generator.generate_many(int, ['5'])], flush=True)
    os._exit(0)
os.wait()
batch.close()
"""
    done = run(program, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "a batch does not survive a fork: begin a new one in the child\n[5]\n"
