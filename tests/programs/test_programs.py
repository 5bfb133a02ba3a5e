"""Whole programs: scripts, threads, event loops, forks, exits. Each ends by itself and leaves nothing behind.

They run in interpreters of their own, in development mode, in which asyncio and the garbage collector tell
what was forgotten. One that hangs is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.fake_vllm import FakeVLLM, Reply

TIMEOUT_S = 240
FORGOTTEN = (
    "never awaited",
    "never retrieved",
    "Task was destroyed",
    "ResourceWarning",
    "nclosed",
    "Event loop is closed",
    "Traceback",
    "Fatal Python error",
)

Run = Callable[..., str]


@pytest.fixture
def server() -> Iterator[FakeVLLM]:
    with FakeVLLM().running() as running:
        yield running


@pytest.fixture(params=["server", "embedded"])
def run(request: pytest.FixtureRequest, server: FakeVLLM, tmp_path: Path) -> Run:
    """Runs a program on a backend, and gives what it printed."""
    return _runner(request.param, server, tmp_path)


@pytest.fixture
def run_on_server(server: FakeVLLM, tmp_path: Path) -> Run:
    return _runner("server", server, tmp_path)


def _runner(backend: str, server: FakeVLLM, folder: Path) -> Run:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QWEN_STRUCTURED_")},
        "QWEN_STRUCTURED_BACKEND": backend,
        "QWEN_STRUCTURED_BACKENDS__SERVER__BASE_URLS": server.url,
        "QWEN_STRUCTURED_MAX_OUTPUT_TOKENS": "64",
    }

    def run(code: str, *arguments: str, stdin: str | None = None) -> str:
        program = folder / "program.py"
        program.write_text(textwrap.dedent(code), "utf-8")
        command = arguments or (str(program),)
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "default", *command],
            cwd=folder,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        found = [line for line in done.stderr.splitlines() if any(word in line for word in FORGOTTEN)]
        assert not found, done.stderr
        return done.stdout

    return run


# --- ordinary programs ---------------------------------------------------------------------------


def test_a_script(run: Run) -> None:
    code = """
        from qwen_structured import generate, health, warm_up

        warm_up(bool)
        print(generate(bool, "Is it?") in (True, False), generate(bool, "And now?") in (True, False))
        print(health().state)
    """
    assert run(code) == "True True\nready\n"


def test_a_generator_that_is_closed_and_one_that_is_not(run: Run) -> None:
    code = """
        from qwen_structured import StructuredGenerator

        with StructuredGenerator() as closed:
            closed.generate(bool, "x")
        left_open = StructuredGenerator()
        left_open.generate(bool, "x")
        print("done")
    """
    assert run(code) == "done\n"


def test_a_pool_of_threads(run: Run) -> None:
    code = """
        from concurrent.futures import ThreadPoolExecutor
        from qwen_structured import generate

        with ThreadPoolExecutor(16) as pool:
            print(len(list(pool.map(lambda number: generate(bool, str(number)), range(48)))))
    """
    assert run(code) == "48\n"


def test_a_sync_verb_in_a_running_loop_as_in_a_notebook(run: Run) -> None:
    code = """
        import asyncio
        from qwen_structured import agenerate, generate

        async def cell() -> None:
            generate(bool, "x")
            await agenerate(bool, "x")
            print(len(await asyncio.gather(*[agenerate(bool, str(number)) for number in range(20)])))

        for _ in range(3):  # each has a loop of its own
            asyncio.run(cell())
    """
    assert run(code) == "20\n20\n20\n"


def test_a_session_in_the_loop_of_a_console(run_on_server: Run) -> None:
    lines = """
        from qwen_structured import agenerate, generate
        print("sync", type(generate(bool, "x")).__name__)
        print("async", type(await agenerate(bool, "x")).__name__)
    """
    printed = run_on_server("", "-m", "asyncio", stdin=textwrap.dedent(lines))
    assert ("sync bool" in printed, "async bool" in printed) == (True, True)


def test_a_loop_of_trio(run: Run) -> None:
    code = """
        import trio
        from qwen_structured import StructuredGenerator, agenerate, generate

        async def main() -> None:
            generate(bool, "x")
            async with StructuredGenerator() as generator, trio.open_nursery() as nursery:
                for number in range(8):
                    nursery.start_soon(generator.agenerate, bool, str(number))
            print(await agenerate(bool, "x") in (True, False))

        trio.run(main)
    """
    assert run(code) == "True\n"


@pytest.mark.parametrize("mark", ["asyncio", "anyio"])
def test_a_suite_under_a_plugin_of_pytest(run_on_server: Run, mark: str) -> None:
    code = f"""
        import pytest
        from qwen_structured import StructuredGenerator, agenerate, generate

        pytestmark = pytest.mark.{mark}

        @pytest.mark.parametrize("number", range(3))
        async def test_async(number: int) -> None:
            assert await agenerate(bool, str(number)) in (True, False)
            assert generate(bool, str(number)) in (True, False)
            async with StructuredGenerator() as generator:
                await generator.agenerate(bool, "x")
    """
    arguments = ("-m", "pytest", "-q", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function")
    printed = run_on_server(code, *arguments, "-p", "no:cacheprovider", "program.py")
    assert f"{3 if mark == 'asyncio' else 6} passed" in printed


# --- forks ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_in_the_middle(run: Run) -> None:
    code = """
        import os
        from qwen_structured import BackendClosed, StructuredGenerator, generate

        mine = StructuredGenerator()
        mine.generate(bool, "x")
        generate(bool, "x")
        child = os.fork()
        generate(bool, "x")
        try:
            mine.generate(bool, "x")
            print("open", flush=True)
        except BackendClosed:
            print("closed", flush=True)
        if child:
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    """
    assert sorted(run(code).splitlines()) == ["closed", "open"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_while_requests_run(run_on_server: Run) -> None:
    code = """
        import os, threading
        from qwen_structured import generate

        generate(bool, "x")
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                generate(bool, "x")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(5):
            child = os.fork()
            if not child:
                generate(bool, "in the child")
                os._exit(0)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        stop.set()
        for thread in threads:
            thread.join()
        print("done")
    """
    assert run_on_server(code) == "done\n"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_of_processes(run_on_server: Run, method: str) -> None:
    code = f"""
        import multiprocessing
        from qwen_structured import generate

        def ask(number: int) -> bool:
            return generate(bool, str(number)) in (True, False)

        if __name__ == "__main__":
            ask(0)
            with multiprocessing.get_context("{method}").Pool(2) as pool:
                print(sum(pool.map(ask, range(8))))
    """
    assert run_on_server(code) == "8\n"


# --- ends ----------------------------------------------------------------------------------------


def _slow(server: FakeVLLM) -> None:
    server.step_s = 30.0


def _failing(server: FakeVLLM) -> None:
    def fault(path: str, body: dict[str, Any]) -> Reply | None:
        first = body.get("messages", [{}])[0].get("content")
        if path == "/v1/chat/completions" and first != "Say hello.":
            server.requests.append(body)
            return Reply(429, headers={"Retry-After": "3600"})
        return None

    server.fault = fault


@pytest.mark.parametrize("trouble", [_slow, _failing], ids=["in an answer", "in a pause"])
@pytest.mark.parametrize("how", ["daemon thread", "task", "exit"])
def test_the_interpreter_ends_while_a_call_is_under_way(
    run_on_server: Run, server: FakeVLLM, trouble: Callable[[FakeVLLM], None], how: str
) -> None:
    programs = {
        "daemon thread": """
            thread = threading.Thread(target=generate, args=[bool, "x"], daemon=True)
            thread.start()
            wait_until_it_is_asked()
        """,
        "task": """
            async def main() -> None:
                task = asyncio.create_task(agenerate(bool, "x"))
                await asyncio.to_thread(wait_until_it_is_asked)

            asyncio.run(main())
        """,
        "exit": """
            async def main() -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(agenerate(bool, "x"))
                    await asyncio.to_thread(wait_until_it_is_asked)
                    sys.exit(0)

            asyncio.run(main())
        """,
    }
    before = """
        import asyncio, os, sys, threading, time
        from qwen_structured import agenerate, generate, warm_up

        warm_up()
        print("warm", flush=True)

        def wait_until_it_is_asked() -> None:
            while not os.path.exists("asked"):
                time.sleep(0.01)
    """
    folder = Path(run_on_server("import os; print(os.getcwd())").strip())
    watcher = _Watcher(server, trouble, folder / "asked")
    with watcher:
        assert run_on_server(textwrap.dedent(before) + textwrap.dedent(programs[how])) == "warm\n"


class _Watcher:
    """Makes the trouble when the first contact is over, and a file when the call's request has come."""

    def __init__(self, server: FakeVLLM, trouble: Callable[[FakeVLLM], None], file: Path) -> None:
        self._server, self._trouble, self._file = server, trouble, file

    def __enter__(self) -> None:
        def fault(path: str, body: dict[str, Any]) -> Reply | None:
            if body.get("messages", [{}])[0].get("content") in (None, "Say hello."):
                return None
            self._file.touch()
            self._trouble(self._server)
            return self._server.fault(path, body) if self._server.fault is not fault else None

        self._server.fault = fault

    def __exit__(self, *_: object) -> None:
        assert self._file.exists(), "the call was under way"
        self._server.step_s = 0.0
