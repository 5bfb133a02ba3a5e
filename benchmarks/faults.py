"""What becomes of 10,000 requests at a server that fails on purpose: here, with instructor, with pydantic-ai.

The server (`benchmarks.hostile`) runs in a process of its own and knows the right value of each call. Twenty
of a hundred requests meet a fault of the way or of the model, and for half a second at a time all of them do.
One call of a hundred has an answer that never ends; it has to end in an error. Each library runs in a fresh
process in its usual async way, 256 calls at once, with the same limits: 5 retries of what failed on the way,
3 answers of the model, 5 s of silence. The tokens are those that the server counts.

- ``lost``: calls that have an answer and ended without it
- ``wrong``: calls whose value is not the one that the server meant
- ``untyped``: errors that are neither the library's nor its SDK's own

Every library needs its interpreter: ours is the one that runs this; the others' have instructor and
pydantic-ai-slim[openai]. Writes ``results/faults.json`` beside this file::

    python -m benchmarks.faults --peers /path/to/their/python
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from .hostile.model import is_endless, meant, prompt
from .hostile.orders import Order

RESULTS: Final = Path(__file__).parent / "results" / "faults.json"
ROOT: Final = Path(__file__).parents[1]
REQUESTS: Final = {0.2: 10_000, 0.0: 2_000}
"""Requests by the share of them that meet a fault."""
IN_FLIGHT: Final = 256
RETRIES: Final = 5
ANSWERS: Final = 3
SILENCE_S: Final = 5.0
ANSWER_S: Final = 10.0

Ask = Callable[[int], Awaitable[Order]]
Work = Callable[[Ask, tuple[type[BaseException], ...]], Awaitable[dict[str, Any]]]


# --- the libraries -------------------------------------------------------------------------------


async def qwen_structured(url: str, work: Work) -> dict[str, Any]:
    from qwen_structured import QwenStructuredError, StructuredGenerator
    from qwen_structured.backends.server import ServerBackend

    limits = {"read_timeout_s": SILENCE_S, "answer_timeout_s": ANSWER_S}
    backend = ServerBackend(None, {"base_urls": url, **limits})
    spent: Counter[str] = Counter()

    async def ask(call: int) -> Order:
        try:
            result = await generator.agenerate_result(Order, prompt(call))
        except QwenStructuredError as error:
            ledger = error.ledger
            raise
        else:
            ledger = result.ledger
            return result.value
        finally:
            spent["counted"] += ledger.usage.total_tokens
            spent["uncounted_attempts"] += ledger.uncounted

    async with StructuredGenerator(backend=backend, max_retries=RETRIES, max_attempts=ANSWERS) as generator:
        return {**await work(ask, (QwenStructuredError,)), "ledger": spent}


def _openai(url: str) -> Any:
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url=f"{url}/v1", api_key="none", timeout=SILENCE_S, max_retries=RETRIES)


async def instructor(url: str, work: Work) -> dict[str, Any]:
    import instructor
    from instructor.core.exceptions import InstructorError
    from openai import OpenAIError

    from .hostile.model import MODEL

    client = instructor.from_openai(_openai(url))

    async def ask(call: int) -> Order:
        order: Order = await client.create(
            model=MODEL,
            response_model=Order,
            messages=[{"role": "user", "content": prompt(call)}],
            max_retries=ANSWERS,
        )
        return order

    return await work(ask, (InstructorError, OpenAIError))


async def pydantic_ai(url: str, work: Work) -> dict[str, Any]:
    from openai import OpenAIError
    from pydantic_ai import Agent
    from pydantic_ai.exceptions import AgentRunError
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    from .hostile.model import MODEL

    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=_openai(url)))
    agent = Agent(model, output_type=Order, retries=ANSWERS - 1)

    async def ask(call: int) -> Order:
        order: Order = (await agent.run(prompt(call))).output
        return order

    return await work(ask, (AgentRunError, OpenAIError))


LIBRARIES: Final = {one.__name__: one for one in (qwen_structured, instructor, pydantic_ai)}
PACKAGES: Final = {
    "qwen_structured": ("qwen-structured", "aiohttp", "pydantic"),
    "instructor": ("instructor", "openai", "pydantic"),
    "pydantic_ai": ("pydantic-ai-slim", "openai", "pydantic"),
}


# --- measuring -----------------------------------------------------------------------------------


async def drive(name: str, url: str, requests: int) -> dict[str, Any]:
    """Make all the calls with one library, and tell how they ended."""

    async def work(ask: Ask, typed: tuple[type[BaseException], ...]) -> dict[str, Any]:
        ends: Counter[str] = Counter()
        errors: Counter[str] = Counter()
        await _end(ask, 0, typed)  # imports, and first contact
        memory = _peak_mib()
        left = iter(range(1, requests + 1))
        start, cpu = perf_counter(), process_time()

        async def worker() -> None:
            for call in left:
                end, error = await _end(ask, call, typed)
                ends[end] += 1
                if error:
                    errors[error] += 1

        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
        seconds = perf_counter() - start
        return {
            "right": ends["right"],
            "lost": ends["lost"],
            "wrong": ends["wrong"],
            "refused": ends["refused"],
            "untyped": ends["untyped"],
            "errors": dict(errors.most_common()),
            "seconds": round(seconds, 1),
            "requests_per_s": round(requests / seconds, 1),
            "cpu_ms_per_request": round((process_time() - cpu) / requests * 1e3, 3),
            "peak_mib": round(_peak_mib()),
            "grown_mib": round(_peak_mib() - memory),
        }

    found = await LIBRARIES[name](url, work)
    return {"library": name, "versions": {one: version(one) for one in PACKAGES[name]}, **found}


async def _end(ask: Ask, call: int, typed: tuple[type[BaseException], ...]) -> tuple[str, str]:
    """How a call ended, and with which error."""
    try:
        value = await ask(call)
    except typed as error:
        return "refused" if is_endless(call) else "lost", type(error).__name__
    except Exception as error:
        return "untyped", type(error).__name__
    return "right" if value.model_dump() == meant(call) else "wrong", ""


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- the comparison ------------------------------------------------------------------------------


def compare(peers: str | None, requests: Mapping[float, int]) -> Iterator[dict[str, Any]]:
    """Drive every library, each against a fresh server."""
    for share, many in requests.items():
        for name in LIBRARIES:
            python = sys.executable if name == "qwen_structured" else peers
            if python is not None:
                yield _row(python, name, share, many)


def _row(python: str, name: str, share: float, requests: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.hostile.server", "--share", str(share)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout
        url = server.stdout.readline().strip()
        drive_it = [python, "-m", "benchmarks.faults", "--drive", name, url, "--requests", str(requests)]
        done = subprocess.run(drive_it, check=True, capture_output=True, text=True, cwd=ROOT)
        with urllib.request.urlopen(f"{url}/count") as answer:
            counted = json.load(answer)
        server.terminate()
    return {
        "share": share,
        "requests": requests,
        **json.loads(done.stdout.splitlines()[-1]),
        "server": counted,
    }


def _show(row: dict[str, Any]) -> None:
    tokens = row["server"]["prompt_tokens"] + row["server"]["output_tokens"]
    ends = " ".join(f"{key} {row[key]:5}" for key in ("right", "lost", "wrong", "refused", "untyped"))
    speed = f"{row['seconds']:6.1f} s {row['requests_per_s']:7.1f}/s {row['cpu_ms_per_request']:6.2f} ms"
    memory = f"{row['peak_mib']:5} MiB (+{row['grown_mib']})"
    print(f"{row['share']:4} {row['library']:16} {ends} {speed} {tokens:10,} tokens {memory}", flush=True)


def main(peers: str | None, requests: Mapping[float, int]) -> None:
    rows: list[dict[str, Any]] = []
    report = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "in_flight": IN_FLIGHT,
        "retries": RETRIES,
        "answers": ANSWERS,
        "silence_s": SILENCE_S,
        "rows": rows,
    }
    for row in compare(peers, requests):
        _show(row)
        rows.append({**row, "load_average": round(os.getloadavg()[0], 1)})
        RESULTS.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="the interpreter that has the other libraries")
    parser.add_argument("--requests", type=int, help="in place of the usual numbers")
    parser.add_argument("--drive", nargs=2, metavar=("LIBRARY", "URL"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.drive:
        library, url = chosen.drive
        print(json.dumps(asyncio.run(drive(library, url, chosen.requests))))
    else:
        main(chosen.peers, dict.fromkeys(REQUESTS, chosen.requests) if chosen.requests else REQUESTS)
