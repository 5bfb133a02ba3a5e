"""Lives of vLLM's engine, on its CPU build: `make test-vllm` runs this where vLLM is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import anyio
import anyio.to_thread
import pytest
from pydantic import Field

if find_spec("vllm") is None:
    pytest.skip("vLLM is not installed here; `make test-vllm` runs this", allow_module_level=True)

import psutil

from qwen_structured import (
    BackendClosed,
    BackendError,
    BackendUnavailable,
    Completion,
    DeadlineExceeded,
    Message,
    ModelNotLoadable,
    PromptTooLong,
    Request,
    SettingsError,
    StructuredGenerator,
)
from qwen_structured.backends.vllm import VLLMBackend
from qwen_structured.testing.contract import GRAMMAR, LONG

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("default"),  # vLLM and what it imports give many
]

OPTIONS: dict[str, Any] = {"enforce_eager": True, "max_num_seqs": 3, "restart_limit": 1}
SHORT = Request(messages=(Message("user", "kind is alpha"),), grammar=GRAMMAR)
ENDLESS = replace(SHORT, grammar=LONG)
PATIENCE_S = 300.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def kept(vllm_model_folder: Path) -> Iterator[VLLMBackend]:
    """An engine for the tests that leave it as it was; the first of them loads it."""
    backend = VLLMBackend(str(vllm_model_folder), OPTIONS)
    yield backend
    anyio.run(backend.aclose)


def engines() -> list[psutil.Process]:
    """The engines' processes that this one has started."""
    return [child for child in psutil.Process().children() if is_engine(child)]


def is_engine(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "EngineCore" in " ".join([process.name(), *process.cmdline()])
    return False


def metric(name: str) -> float:
    """What the engine said last of itself."""
    from prometheus_client import REGISTRY

    samples = (sample for family in REGISTRY.collect() for sample in family.samples)
    return float(sum(sample.value for sample in samples if sample.name == name))


async def until(is_so: Callable[[], Any]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  # the engine announces no events
            await anyio.sleep(0.01)


def stream(backend: VLLMBackend, request: Request) -> AsyncGenerator[str | Any]:
    return cast("AsyncGenerator[str | Any]", backend.stream(request))


@asynccontextmanager
async def in_work(backend: VLLMBackend, count: int) -> AsyncIterator[None]:
    """Long requests, each of which has begun to be answered; they are cancelled at the end."""
    begun: list[str] = []

    async def ask() -> None:
        async with aclosing(stream(backend, ENDLESS)) as pieces:
            async for piece in pieces:
                begun.append(piece)
                await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(ask)
        await until(lambda: len(begun) == count)
        yield
        group.cancel_scope.cancel()


async def running_beside(backend: VLLMBackend) -> float:
    """How many requests the engine works on, while it works on one of this function; at best none other."""
    fewest = float("inf")
    async with aclosing(stream(backend, ENDLESS)) as pieces:
        seen = 0
        async for _ in pieces:
            fewest = min(fewest, metric("vllm:num_requests_running") or fewest)
            seen += 1
            if seen == 20:
                break
    return fewest - 1


# --- health --------------------------------------------------------------------------------------


async def test_health_goes_from_idle_over_loading_to_ready_and_busy(kept: VLLMBackend) -> None:
    before = set(engines())
    assert (await kept.health()).state == "idle"
    async with anyio.create_task_group() as group:
        group.start_soon(kept.warm_up)
        await until(lambda: set(engines()) - before)
        health = await kept.health()
        assert health.state == "loading"
        assert re.search(r"loading .+ for \d+ s$", health.detail), health.detail
    assert (await kept.health()).state == "ready"
    async with in_work(kept, 3):
        assert (await kept.health()).state == "busy"
        async with anyio.create_task_group() as group:
            group.start_soon(kept.complete, SHORT)
            await until(lambda: kept._engine.health().requests == 4)
            health = await kept.health()
            assert (health.state, health.detail) == ("busy", "3 requests in work, 1 in the queue")
            group.cancel_scope.cancel()
    await until(lambda: kept._engine.health().requests == 0)
    assert (await kept.health()).state == "ready"


# --- the end of work -----------------------------------------------------------------------------


async def test_cancelled_requests_leave_the_engine(kept: VLLMBackend) -> None:
    async with in_work(kept, 2):
        pass
    assert await running_beside(kept) == 0


async def test_a_deadline_ends_the_work_in_the_engine(kept: VLLMBackend) -> None:
    await kept.warm_up()
    endless = Annotated[list[bool], Field(min_length=300, max_length=300)]
    with pytest.raises(DeadlineExceeded):
        await StructuredGenerator(backend=kept).agenerate(endless, "x", deadline_s=0.5)
    assert await running_beside(kept) == 0


async def test_an_answer_that_fills_the_context_says_so(kept: VLLMBackend) -> None:
    completion = await kept.complete(ENDLESS)
    assert completion.finish_reason == "length"
    assert completion.usage.total_tokens == completion.context_tokens


async def test_event_loops_of_both_kinds_and_threads_share_an_engine(kept: VLLMBackend) -> None:
    texts: list[str] = []

    def on_a_loop_of_its_own(kind: str) -> None:
        texts.append(anyio.run(kept.complete, SHORT, backend=kind).text)

    def in_a_thread() -> None:
        texts.append(StructuredGenerator(backend=kept).generate(Literal["alpha"], "x"))

    async with anyio.create_task_group() as group:
        for kind in ("asyncio", "trio", "asyncio", "trio"):
            group.start_soon(anyio.to_thread.run_sync, on_a_loop_of_its_own, kind)
        group.start_soon(anyio.to_thread.run_sync, in_a_thread)
        texts.append((await kept.complete(SHORT)).text)
    assert len(texts) == 6
    assert all(texts)


async def test_times_are_told_as_far_as_they_are_known(kept: VLLMBackend) -> None:
    timings = (await kept.complete(SHORT)).timings
    assert timings.grammar_s is None  # the engine's process compiles it, and does not tell
    assert timings.queue_s is not None
    assert timings.first_token_s is not None
    assert timings.per_token_s is not None
    assert timings.total_s is not None
    one = (await kept.complete(replace(SHORT, max_output_tokens=1))).timings
    assert one.per_token_s is None


# --- death ---------------------------------------------------------------------------------------


async def test_a_killed_engine_is_replaced_under_the_limit(
    vllm_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLLM_ENABLE_V1_MULTIPROCESSING", "1")  # with a worker below the engine's process
    before = set(engines())
    backend = VLLMBackend(str(vllm_model_folder), OPTIONS)

    async def killed_in_work() -> str:
        outcome: list[BackendUnavailable] = []

        async def ask() -> None:
            with pytest.raises(BackendUnavailable) as caught:
                await backend.complete(ENDLESS)
            outcome.append(caught.value)

        await backend.warm_up()
        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await until(lambda: metric("vllm:num_requests_running"))
            [engine] = set(engines()) - before
            engine.kill()
        health = await backend.health()
        assert (health.state, health.requests) == ("dead", 0)
        assert "EngineCore ended with -9" in health.detail
        return str(outcome[0])

    first = await killed_in_work()
    assert "vLLM's engine died: process EngineCore ended with -9; its log ends with:\n" in first
    assert re.search(r"^(ERROR|INFO|WARNING) pid=\d+ ", first, re.MULTILINE)
    assert "The next request starts a new one; restart_limit leaves 1 of them" in first
    second = await killed_in_work()
    assert "It is not started again, because restart_limit is reached" in second
    with pytest.raises(BackendError, match="died 2 times within an hour, and restart_limit is 1"):
        await backend.complete(SHORT)
    assert (await backend.health()).state == "dead"
    await backend.aclose()
    assert not set(engines()) - before


async def test_an_engine_that_is_closed_while_it_loads_is_gone_at_once(vllm_model_folder: Path) -> None:
    before = set(engines())
    backend = VLLMBackend(str(vllm_model_folder), OPTIONS)

    async def ask() -> None:
        with pytest.raises(BackendClosed):
            await backend.complete(SHORT)

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        await until(lambda: set(engines()) - before)
        await backend.aclose()
    assert not set(engines()) - before
    assert (await backend.health()).state == "dead"


async def test_long_prompts_with_seeds_are_answered_together(vllm_model_folder: Path) -> None:
    backend = VLLMBackend(str(vllm_model_folder), OPTIONS | {"max_num_seqs": 8})
    prompts = [(Message("user", f"{seed} words " * 90),) for seed in range(16)]  # none is another's prefix
    asked = [
        replace(SHORT, messages=prompt, seed=seed, temperature=1.0) for seed, prompt in enumerate(prompts)
    ]
    completions: list[Completion] = []

    async def ask(request: Request) -> None:
        completions.append(await backend.complete(request))

    try:
        await backend.warm_up()
        async with anyio.create_task_group() as group:
            for request in asked:
                group.start_soon(ask, request)
    finally:
        await backend.aclose()
    assert [completion.finish_reason for completion in completions] == ["stop"] * 16
    assert sum(completion.usage.prompt_tokens for completion in completions[:8]) > 2 * 2_048


async def test_weights_that_are_not_whole_fail_with_what_the_engine_logged(
    vllm_model_folder: Path, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    folder = copied(vllm_model_folder, tmp_path)
    weights = load_file(folder / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, folder / "model.safetensors")
    backend = VLLMBackend(str(folder), OPTIONS)
    with pytest.raises(ModelNotLoadable, match=r"(?s)its log ends with:.+model\.norm\.weight"):
        await backend.warm_up()
    health = await backend.health()
    assert health.state == "idle"
    assert "could not load" in health.detail
    await backend.aclose()


# --- bad input -----------------------------------------------------------------------------------


def copied(folder: Path, to: Path, **config: Any) -> Path:
    """A copy of a model whose config.json says something else."""
    copy = Path(shutil.copytree(folder, to / "model"))
    own = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**own, **config}))
    return copy


async def test_a_model_of_another_family_answers(vllm_model_folder: Path, tmp_path: Path) -> None:
    from transformers import LlamaConfig, LlamaForCausalLM

    kept = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    folder = copied(vllm_model_folder, tmp_path)
    own = json.loads((folder / "config.json").read_text())
    config = LlamaConfig(**{name: own[name] for name in kept}, max_position_embeddings=512)
    LlamaForCausalLM(config).save_pretrained(folder)
    backend = VLLMBackend(str(folder), OPTIONS)
    assert (await backend.complete(SHORT)).text
    with pytest.raises(PromptTooLong, match=r"has 2\d\d\d tokens .+ holds 512"):
        await backend.complete(replace(SHORT, messages=(Message("user", "x" * 2_000),)))
    await backend.aclose()


@pytest.mark.parametrize(
    ("config", "options", "error", "says"),
    [
        ({"architectures": ["Nobodys"]}, {}, ModelNotLoadable, r"\['Nobodys'\] are not supported"),
        ({"model_type": "nobodys"}, {}, ModelNotLoadable, "`nobodys`"),
        ({}, {"engine_args": {"block_sise": 16}}, SettingsError, "did you mean 'block_size'"),
        ({}, {"engine_args": {"block_size": "big"}}, SettingsError, "'block_size' is 'big': .+ integer"),
        ({}, {"engine_args": {"max_num_batched_tokens": 1}}, SettingsError, "max_num_batched_tokens"),
        ({}, {"kv_cache_dtype": "bits"}, SettingsError, "'cache_dtype' is 'bits'"),
        ({}, {"quantization": "much"}, ModelNotLoadable, "Unknown quantization method: much"),
        ({"max_position_embeddings": 10**8}, {}, ModelNotLoadable, "set 'max_model_len' to 4194304"),
    ],
)
async def test_what_vllm_cannot_load_is_one_clear_error(
    vllm_model_folder: Path,
    tmp_path: Path,
    config: dict[str, Any],
    options: dict[str, Any],
    error: type[Exception],
    says: str,
) -> None:
    backend = VLLMBackend(str(copied(vllm_model_folder, tmp_path, **config)), {**OPTIONS, **options})
    with pytest.raises(error, match=says) as caught:
        await backend.warm_up()
    assert len(str(caught.value)) < 800
    assert (await backend.health()).detail == str(caught.value)
    await backend.aclose()


async def test_a_tokenizer_without_a_chat_template_is_refused(
    vllm_model_folder: Path, tmp_path: Path
) -> None:
    folder = copied(vllm_model_folder, tmp_path)
    own = json.loads((folder / "tokenizer_config.json").read_text())
    del own["chat_template"]
    (folder / "tokenizer_config.json").write_text(json.dumps(own))
    backend = VLLMBackend(str(folder), OPTIONS)
    with pytest.raises(ModelNotLoadable, match="has no chat template"):
        await backend.warm_up()
    await backend.aclose()


async def test_a_model_that_is_neither_here_nor_on_a_hub_is_refused() -> None:
    backend = VLLMBackend("nobody/nothing", OPTIONS)
    with pytest.raises(BackendUnavailable, match="'nobody/nothing' is not on this machine"):
        await backend.warm_up()
    await backend.aclose()


# --- the end of the process ----------------------------------------------------------------------

SCRIPT = """
import sys
from typing import Literal
from qwen_structured import StructuredGenerator
from qwen_structured.backends.vllm import VLLMBackend

generator = StructuredGenerator(backend=VLLMBackend(sys.argv[1], {"enforce_eager": True}))
print(generator.generate(Literal["done"], "x"))
"""


def test_a_script_that_closes_nothing_ends_cleanly(vllm_model_folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    started = subprocess.Popen(
        [sys.executable, str(script), str(vllm_model_folder)],
        env={**os.environ, "VLLM_ENABLE_V1_MULTIPROCESSING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = started.communicate(timeout=PATIENCE_S)
        assert (started.returncode, output) == (0, "done\n"), errors
        for fault in ("Traceback", "Exception ignored", "Logging error", "force killing", "leaked"):
            assert fault not in errors, errors
        assert f"plan: {vllm_model_folder} on this CPU" in errors
        _, left = psutil.wait_procs(left_of(started.pid), timeout=PATIENCE_S)
        assert not left
    finally:
        for process in left_of(started.pid):
            process.kill()


def left_of(session: int) -> list[psutil.Process]:
    """What still runs of a session."""
    left: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process)
    return left
