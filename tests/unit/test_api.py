"""The verbs, wherever they are called from: scripts, threads, event loops, children; and how they end."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import qwen_structured as q
from qwen_structured import _api

PLUGIN = '''
import os, signal
import anyio
from qwen_structured import Completion, Health, Usage, generate
from qwen_structured.protocols import Capabilities

made = []


class Apples:
    """Answers 7; does something else where its model says so."""

    name = "apples"
    capabilities = Capabilities()

    def __init__(self, model, options):
        self.model, self.options, self.warmed = model, options, 0
        made.append(self)

    async def complete(self, request, /):
        if self.model == "nested":
            generate(int, "a sync verb inside a sync verb", backend="apples")
        if self.model == "interrupting":
            os.kill(os.getpid(), signal.SIGINT)
            try:
                await anyio.sleep_forever()
            finally:
                os.write(1, b"cancelled\\n")
        return Completion(text="7", finish_reason="stop", usage=Usage(1, 1), model="apples")

    async def stream(self, request, /):
        yield await self.complete(request)

    async def warm_up(self, grammars=(), /):
        self.warmed += len(grammars)

    async def health(self):
        return Health(state="ready", detail=str(self.warmed))

    async def aclose(self):
        pass
'''


@pytest.fixture(autouse=True)
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A distribution that registers the backend ``apples``, which is the default here."""
    folder = tmp_path / "plugin"
    metadata = folder / "apples-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: apples\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[qwen_structured.backends]\napples = apples_plugin:Apples\n")
    (folder / "apples_plugin.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("QWEN_STRUCTURED_BACKEND", "apples")
    monkeypatch.setattr(_api, "_circuits", {})
    yield folder
    sys.modules.pop("apples_plugin", None)


def backends_made() -> int:
    return len(sys.modules["apples_plugin"].made)


def run_script(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run a program of its own; one that does not end is a failure."""
    paths = [str(folder), *filter(None, sys.path)]
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        # Whoever runs the tests in the background may ignore interrupts, and programs inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


# --- where from ------------------------------------------------------------------------------------


def test_a_sync_verb_works_in_a_plain_function() -> None:
    assert q.generate(int, "Seven apples.") == 7
    assert q.generate_result(int, "Seven apples.").text == "7"


def test_a_sync_verb_works_in_many_threads_at_once() -> None:
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: q.generate(int, "x"), range(64))) == [7] * 64
    assert backends_made() == 1


@pytest.mark.asyncio
async def test_a_sync_verb_works_inside_a_running_event_loop() -> None:
    assert q.generate(int, "x") == 7


@pytest.mark.asyncio
async def test_an_async_verb_works_under_pytest_asyncio() -> None:
    assert await q.agenerate(int, "x") == 7
    assert (await q.agenerate_result(int, "x")).value == 7


@pytest.mark.anyio
async def test_an_async_verb_works_under_asyncio_and_trio() -> None:
    assert await q.agenerate(int, "x") == 7
    assert q.generate(int, "x") == 7


def test_a_script_runs_to_its_end(plugin: Path) -> None:
    done = run_script(plugin, "from qwen_structured import generate\nprint(generate(int, 'x'))")
    assert (done.stdout, done.stderr, done.returncode) == ("7\n", "", 0)


def test_a_forked_child_has_a_backend_of_its_own(plugin: Path) -> None:
    done = run_script(
        plugin,
        """
        import os, apples_plugin
        from qwen_structured import generate

        generate(int, "in the parent")
        child = os.fork()
        value = generate(int, "in both")
        print(value, len(apples_plugin.made), flush=True)
        if child:
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        """,
    )
    assert (sorted(done.stdout.splitlines()), done.stderr, done.returncode) == (["7 1", "7 2"], "", 0)


def test_a_sync_verb_inside_a_sync_verb_is_told_its_twin() -> None:
    with pytest.raises(q.ConfigurationError, match="await its async twin"):
        q.generate(int, "x", model="nested")


# --- how it ends -----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_cancels_the_work_and_the_program_ends(plugin: Path) -> None:
    done = run_script(
        plugin,
        """
        import os
        from qwen_structured import generate

        try:
            generate(int, "x", model="interrupting")
        except KeyboardInterrupt:
            os.write(1, b"interrupted\\n")
        print(generate(int, "and on it goes"))
        """,
    )
    assert sorted(done.stdout.splitlines()) == ["7", "cancelled", "interrupted"]
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_program_ends_though_a_daemon_thread_waits(plugin: Path) -> None:
    done = run_script(
        plugin,
        """
        import signal
        from threading import Event, Thread
        from qwen_structured import generate

        started = Event()
        signal.signal(signal.SIGINT, lambda *_: started.set())
        Thread(target=lambda: generate(int, "x", model="interrupting"), daemon=True).start()
        started.wait()
        """,
    )
    assert (done.stdout, done.returncode) == ("cancelled\n", 0)


def test_a_program_that_fails_shows_its_own_error(plugin: Path) -> None:
    done = run_script(plugin, "from qwen_structured import generate\ngenerate(int, 'x')\nraise SystemExit(3)")
    assert (done.stderr, done.returncode) == ("", 3)


# --- the shared backends ---------------------------------------------------------------------------


def test_calls_with_the_same_choices_share_a_backend() -> None:
    q.generate(int, "x")
    q.generate(str | int, "x", backend="apples", temperature=0.5)
    assert backends_made() == 1


def test_another_model_or_other_backend_options_are_another_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    q.generate(int, "x")
    q.generate(int, "x", model="large")
    monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__APPLES__THREADS", "2")
    q.generate(int, "x")
    assert backends_made() == 3


def test_two_threads_that_start_together_make_one_backend() -> None:
    together = threading.Barrier(8)

    def call() -> int:
        together.wait()
        return q.generate(int, "x")

    with ThreadPoolExecutor(8) as pool:
        assert [future.result() for future in [pool.submit(call) for _ in range(8)]] == [7] * 8
    assert backends_made() == 1


def test_what_was_warmed_up_is_what_answers() -> None:
    q.warm_up(int, str)
    assert q.health().detail == "2"


@pytest.mark.anyio
async def test_what_was_warmed_up_async_is_what_answers() -> None:
    await q.awarm_up(int)
    assert (await q.ahealth()).detail == "1"
