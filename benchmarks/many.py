"""What a batch costs beside the model: requests a second and memory, against other libraries and a bare loop.

A server on loopback, in a process of its own, answers at once with what was made before, so that it does not
bound the rest; each way runs in a fresh process. All make a Pydantic model of every answer.

- ``bare``: workers of an asyncio loop on aiohttp, which build the same body, and validate the same answer.
- ``ours``, ``ours with a journal``: `generate_many`, in order, from a generator of prompts.
- ``instructor``, ``pydantic-ai``: the same number of workers around their one call.

Machines are not equally fast from one second to the next, and the ways are some in a hundred apart. So they
are run in turns too, in one process, many times for a short while; ``in_turns`` has the ratios' medians.

Memory is the growth of the process's peak from its first hundred requests to its last. A run with a journal
is killed in the midst, too, and gone on with; the server counts what is asked. Writes ``results/many.json``::

    python benchmarks/many.py [--prompts 100000] [--peers PYTHON] [--peer-prompts 20000]

``PYTHON`` is that of an environment with instructor and pydantic-ai.
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
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, sleep
from typing import Any, Final
from urllib.request import urlopen

from pydantic import BaseModel

RESULTS: Final = Path(__file__).parent / "results" / "many.json"
WORKERS: Final = 64
FIRST: Final = 100
ROUNDS: Final = 3
TURNS: Final = 24
PROMPTS_A_TURN: Final = 2_000
PACKAGES: Final = ("aiohttp", "instructor", "openai", "pydantic", "pydantic-ai-slim")


class Invoice(BaseModel):
    number: str
    customer: str
    total: float


def prompts(count: int) -> Iterator[str]:
    return (f"Invoice INV-{number:06} for Hannah Weber: 3 desk lamps, 118.50 EUR." for number in range(count))


# --- the server ----------------------------------------------------------------------------------


def _response(body: Any) -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
    return head.encode() + data


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return _response(
        {
            "id": "chatcmpl-0",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 90, "completion_tokens": 20, "total_tokens": 110},
        }
    )


ANSWER: Final = _completion('{"number":"INV-000042","customer":"Hannah Weber","total":118.5}')
MODELS: Final = _response(
    {"object": "list", "data": [{"id": "m", "object": "model", "max_model_len": 32768}]}
)
CANARY: Final = b'root ::= \\"zq'


class Server(asyncio.Protocol):
    """Answers each request of a connection; the canary of our backend gets the word of its grammar."""

    asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._come = b""

    def data_received(self, data: bytes) -> None:
        self._come += data
        while (end := self._come.find(b"\r\n\r\n")) >= 0:
            head = self._come[:end].lower()
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(self._come) < end + 4 + length:
                return
            body, self._come = self._come[end + 4 : end + 4 + length], self._come[end + 4 + length :]
            self._transport.write(self._answer(head, body))  # type: ignore[attr-defined]

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if b" /v1/models " in head:
            return MODELS
        if b" /asked " in head:
            return _response(Server.asked)
        if (at := body.find(CANARY)) >= 0:
            return _completion(body[at + 11 : at + 21].decode())
        Server.asked += 1
        return ANSWER


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def asked(url: str) -> int:
    with urlopen(f"{url}/asked") as response:
        return int(json.load(response))


# --- the ways ------------------------------------------------------------------------------------

Tick = Callable[[], None]


async def _by_workers(ask: Callable[[str], Awaitable[Invoice]], count: int, tick: Tick) -> None:
    left = prompts(count)

    async def work() -> None:
        for prompt in left:
            assert (await ask(prompt)).total == 118.5
            tick()

    await asyncio.gather(*(work() for _ in range(WORKERS)))


def bare(url: str, count: int, tick: Tick) -> None:
    import aiohttp

    from qwen_structured._prompt import compose
    from qwen_structured.schema import OutputSchema

    schema = OutputSchema.of(Invoice)
    system = compose("x", schema.json_schema, "sketch")[0].content

    async def main() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1024)) as session:

            async def ask(prompt: str) -> Invoice:
                messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
                body = {
                    "model": "m",
                    "messages": messages,
                    "temperature": 0.0,
                    "structured_outputs": {"grammar": schema.grammar},
                }
                async with session.post(f"{url}/v1/chat/completions", json=body) as response:
                    answer = await response.json()
                return Invoice.model_validate_json(answer["choices"][0]["message"]["content"])

            await _by_workers(ask, count, tick)

    asyncio.run(main())


def ours(url: str, count: int, tick: Tick, journal: str | None = None) -> None:
    from qwen_structured import StructuredGenerator
    from qwen_structured.backends.server import ServerBackend

    generator = StructuredGenerator(backend=ServerBackend("m", {"base_urls": [url]}))
    with generator.generate_many(Invoice, prompts(count), journal=journal) as batch:
        for outcome in batch:
            assert outcome.ok
            tick()


def ours_with_a_journal(url: str, count: int, tick: Tick) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours(url, count, tick, f"{folder}/run.journal")


def instructor(url: str, count: int, tick: Tick) -> None:
    import instructor as library
    from openai import AsyncOpenAI

    client = library.from_openai(
        AsyncOpenAI(base_url=f"{url}/v1", api_key="none"), mode=library.Mode.JSON_SCHEMA
    )

    async def ask(prompt: str) -> Invoice:
        messages = [{"role": "user", "content": prompt}]
        made: Invoice = await client.chat.completions.create(
            model="m", messages=messages, response_model=Invoice
        )
        return made

    asyncio.run(_by_workers(ask, count, tick))


def pydantic_ai(url: str, count: int, tick: Tick) -> None:
    from pydantic_ai import Agent, PromptedOutput
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=f"{url}/v1", api_key="none"))
    agent = Agent(model, output_type=PromptedOutput(Invoice))

    async def ask(prompt: str) -> Invoice:
        made: Invoice = (await agent.run(prompt)).output
        return made

    asyncio.run(_by_workers(ask, count, tick))


OURS: Final = {"bare": bare, "ours": ours, "ours with a journal": ours_with_a_journal}
PEERS: Final = {"instructor": instructor, "pydantic-ai": pydantic_ai}


# --- measuring -----------------------------------------------------------------------------------


class Meter:
    """Counts requests; the first ones load modules and open connections, and are not measured."""

    def __init__(self) -> None:
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks == FIRST:
            self._start, self._cpu, self._peak_kib = perf_counter(), process_time(), _peak_kib()

    def found(self) -> dict[str, float]:
        count = self.ticks - FIRST
        return {
            "requests": self.ticks,
            "requests_per_s": count / (perf_counter() - self._start),
            "cpu_us_per_request": (process_time() - self._cpu) / count * 1e6,
            "peak_mib": _peak_kib() / 1024,
            "growth_mib": (_peak_kib() - self._peak_kib) / 1024,
        }


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(name: str, url: str, count: int) -> dict[str, Any]:
    meter = Meter()
    {**OURS, **PEERS}[name](url, count, meter.tick)
    return {
        "way": name,
        **{key: round(value, 2) for key, value in meter.found().items()},
        "versions": versions(),
    }


def in_turns(url: str) -> dict[str, float]:
    """Seconds and processor time of the ways, as ratios within each turn; the medians of them."""
    ways: dict[str, Callable[[], None]] = {
        name: partial(way, url, PROMPTS_A_TURN, lambda: None) for name, way in OURS.items()
    }
    turns: list[dict[str, tuple[float, float]]] = [
        {name: _timed(way) for name, way in ways.items()} for _ in range(TURNS + 1)
    ][1:]  # the first loads modules
    bare, journal = "bare", "ours with a journal"
    return {
        "bare_us": round(median(turn[bare][0] for turn in turns) / PROMPTS_A_TURN * 1e6),
        "ours_us": round(median(turn["ours"][0] for turn in turns) / PROMPTS_A_TURN * 1e6),
        "ours_of_bare": round(median(turn[bare][0] / turn["ours"][0] for turn in turns), 3),
        "journal_slower": round(median(turn[journal][0] / turn["ours"][0] for turn in turns) - 1, 3),
        "journal_more_cpu": round(median(turn[journal][1] / turn["ours"][1] for turn in turns) - 1, 3),
    }


def _timed(way: Callable[[], None]) -> tuple[float, float]:
    start, cpu = perf_counter(), process_time()
    way()
    return perf_counter() - start, process_time() - cpu


def versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _measured(python: str, name: str, url: str, count: int) -> dict[str, Any]:
    command = [python, __file__, "--measure", name, "--url", url, "--prompts", str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    print(
        f"{name:22}{found['requests']:>9,.0f}{found['requests_per_s']:>12,.0f}"
        f"{found['cpu_us_per_request']:>10,.0f}{found['peak_mib']:>10,.0f}{found['growth_mib']:>10,.1f}",
        flush=True,
    )
    return found


def killed_and_resumed(url: str, count: int) -> dict[str, Any]:
    """Kill a run when half is asked for, go on, and count what was asked twice."""
    before = asked(url)
    with tempfile.TemporaryDirectory() as folder:
        journal = f"{folder}/run.journal"
        command = [sys.executable, __file__, "--run", journal, "--url", url, "--prompts", str(count)]
        with subprocess.Popen(command) as process:
            while asked(url) - before < count // 2:
                sleep(0.02)
            process.kill()
        at_the_kill = asked(url) - before
        start = perf_counter()
        subprocess.run(command, check=True)
        found = {
            "prompts": count,
            "asked_before_the_kill": at_the_kill,
            "asked_in_all": asked(url) - before,
            "asked_twice": asked(url) - before - count,
            "journal_bytes": Path(journal).stat().st_size,
            "second_run_s": round(perf_counter() - start, 2),
        }
    print("killed and resumed:", found, flush=True)
    return found


def main(arguments: argparse.Namespace) -> None:
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        try:
            print(f"{'way':22}{'requests':>9}{'requests/s':>12}{'cpu us':>10}{'peak MiB':>10}{'growth':>10}")
            rows = [
                _measured(sys.executable, name, url, count)
                for count in dict.fromkeys((arguments.few, arguments.prompts))
                for _ in range(ROUNDS if count == arguments.few else 1)
                for name in OURS
            ]
            if arguments.peers:
                rows += [_measured(arguments.peers, name, url, arguments.peer_prompts) for name in PEERS]
            command = [sys.executable, __file__, "--in-turns", "--url", url]
            turns = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            print("in turns:", turns, flush=True)
            resumed = killed_and_resumed(url, arguments.killed_prompts)
        finally:
            server.terminate()
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "workers": WORKERS,
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "rows": rows,
        "in_turns": turns,
        "killed_and_resumed": resumed,
    }
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=5_000, help="prompts of the rounds before the long one")
    parser.add_argument("--peers")
    parser.add_argument("--peer-prompts", type=int, default=20_000)
    parser.add_argument("--killed-prompts", type=int, default=20_000)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--measure")
    parser.add_argument("--in-turns", action="store_true")
    parser.add_argument("--run")
    parser.add_argument("--url")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
    elif given.measure:
        print(json.dumps(measure(given.measure, given.url, given.prompts)))
    elif given.in_turns:
        print(json.dumps(in_turns(given.url)))
    elif given.run:
        ours(given.url, given.prompts, lambda: None, given.run)
    else:
        main(given)
