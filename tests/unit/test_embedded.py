"""The embedded backend beyond the contract: batches, tokens, reasoning, loading, and its life."""

from __future__ import annotations

import asyncio
import gc
import json
import queue
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import anyio
import anyio.lowlevel
import pytest
from jsonschema_rs import is_valid

from qwen_structured import Completion, Message, Request, StructuredGenerator, models
from qwen_structured.backends import free_memory, sources
from qwen_structured.backends.embedded import EmbeddedBackend, engine, loading
from qwen_structured.exceptions import (
    BackendUnavailable,
    InvalidPrompt,
    ModelNotLoadable,
    PromptTooLong,
    SettingsError,
    UnknownModel,
    UnsupportedOption,
    UnsupportedSchema,
)
from qwen_structured.schema import lower
from qwen_structured.testing.contract import GRAMMAR, LONG, SCHEMA

pytestmark = pytest.mark.anyio

LETTERS = lower({"type": "string", "pattern": "^(ä|日|🙂){8}$"}).grammar


def request(**changes: Any) -> Request:
    return Request(**{"messages": (Message("user", "size is 42"),), "grammar": GRAMMAR, **changes})


@pytest.fixture
async def backend(random_model_folder: Path) -> AsyncIterator[EmbeddedBackend]:
    backend = EmbeddedBackend(str(random_model_folder))
    yield backend
    await backend.aclose()


@pytest.fixture
def engine_thread(random_model_folder: Path) -> Iterator[engine.Engine]:
    """An engine without a backend, whose jobs' `put` the test gives."""
    source = sources.ModelSource.of(str(random_model_folder))
    made = engine.Engine(source, max_batch=32, threads=None, dtype="auto")
    yield made
    made.close()


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the batches that the engine runs."""
    sizes: list[int] = []
    generate = engine._generate

    def counting(loaded: Any, rows: list[Any], on_finished: Any) -> None:
        sizes.append(len(rows))
        generate(loaded, rows, on_finished)

    monkeypatch.setattr(engine, "_generate", counting)
    return sizes


async def complete_all(backend: EmbeddedBackend, requests: list[Request]) -> list[Completion]:
    answers: dict[int, Completion] = {}

    async def ask(index: int) -> None:
        answers[index] = await backend.complete(requests[index])

    async with anyio.create_task_group() as group:
        for index in range(len(requests)):
            group.start_soon(ask, index)
    return [answers[index] for index in range(len(requests))]


# --- batches -------------------------------------------------------------------------------------


async def test_requests_in_flight_together_share_a_batch(
    backend: EmbeddedBackend, batches: list[int]
) -> None:
    await backend.warm_up()
    answers = await complete_all(backend, [request()] * 33)
    assert sum(batches) == 33
    assert max(batches) <= 32
    assert len(batches) <= 3
    assert len({answer.text for answer in answers}) == 1


async def test_a_batch_mixes_grammars_lengths_and_temperatures(backend: EmbeddedBackend) -> None:
    asked = [
        request(),
        request(grammar=lower(Literal["left", "right"]).grammar, temperature=1.0),
        request(grammar=None, max_output_tokens=3),
        request(messages=(Message("user", "size " * 60),), grammar=lower(bool).grammar),
    ]
    answers = await complete_all(backend, asked)
    assert json.loads(answers[1].text) in ("left", "right")
    assert answers[2].usage.output_tokens <= 3
    assert json.loads(answers[3].text) in (True, False)
    alone = [await backend.complete(one) for one in (asked[0], asked[3])]
    assert [alone[0].text, alone[1].text] == [answers[0].text, answers[3].text]


async def test_a_seed_gives_the_same_answer_whatever_else_is_in_the_batch(backend: EmbeddedBackend) -> None:
    seeded = request(temperature=1.2, seed=7)
    alone = await backend.complete(seeded)
    crowd = await complete_all(backend, [request(temperature=1.2) for _ in range(5)] + [seeded])
    assert crowd[-1].text == alone.text


async def test_top_p_of_one_row_leaves_the_others_of_its_batch_alone(backend: EmbeddedBackend) -> None:
    seeded = request(temperature=1.5, seed=3)
    alone = await backend.complete(seeded)
    narrow = request(temperature=1.5, seed=4, top_p=1e-9)
    crowd = await complete_all(backend, [narrow, seeded, request()])
    assert crowd[1].text == alone.text
    assert crowd[0].text == crowd[2].text  # of the likeliest tokens one is left, which is the greedy choice


@pytest.mark.parametrize("seed", [2**70, -5, 0])
async def test_any_whole_number_is_a_seed(backend: EmbeddedBackend, seed: int) -> None:
    texts = {(await backend.complete(request(temperature=1.5, seed=seed))).text for _ in range(2)}
    assert len(texts) == 1


async def test_sampling_that_the_model_recommends_does_not_join_in(
    backend: EmbeddedBackend, random_model_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(random_model_folder, folder)
    recommended = json.loads((folder / "generation_config.json").read_text())
    recommended |= {"repetition_penalty": 5.0, "do_sample": True, "temperature": 0.6, "top_k": 20}
    (folder / "generation_config.json").write_text(json.dumps(recommended))
    opinionated = EmbeddedBackend(str(folder))
    asked = request(grammar=LONG)
    assert (await opinionated.complete(asked)).text == (await backend.complete(asked)).text
    await opinionated.aclose()


async def test_a_finished_row_is_answered_before_the_rest_of_its_batch(backend: EmbeddedBackend) -> None:
    finished: list[str] = []

    async def ask(name: str, grammar: str) -> None:
        await backend.complete(request(grammar=grammar))
        finished.append(name)

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "long", LONG)
        group.start_soon(ask, "short", lower(bool).grammar)
    assert finished == ["short", "long"]


async def test_trying_ahead_changes_no_answer(backend: EmbeddedBackend) -> None:
    asked = [request(grammar=grammar, max_output_tokens=60) for grammar in (GRAMMAR, LONG, None)]
    alone = [
        (await backend.complete(one)).text for one in asked
    ]  # tokens are tried ahead for one row at a time
    together = [completion.text for completion in await complete_all(backend, asked)]
    assert alone == together


async def test_labels_that_share_a_part_of_a_character_can_be_written(backend: EmbeddedBackend) -> None:
    completion = await backend.complete(request(grammar=lower(Literal["é", "è"]).grammar))
    assert completion.text in ('"é"', '"è"')


# --- tokens --------------------------------------------------------------------------------------


async def test_tokens_are_counted(backend: EmbeddedBackend) -> None:
    completion = await backend.complete(request(grammar=lower(Literal["abc"]).grammar))
    template = "<|im_start|>user\nsize is 42<|im_end|>\n<|im_start|>assistant\n"
    specials = 3
    plain = template.replace("<|im_start|>", "").replace("<|im_end|>", "")
    assert completion.usage.prompt_tokens == len(plain.encode()) + specials
    assert completion.usage.output_tokens == len('"abc"') + 1  # and the token that ends the answer


async def test_a_stream_never_breaks_a_character(backend: EmbeddedBackend) -> None:
    pieces = [item async for item in backend.stream(request(grammar=LETTERS, temperature=1.0, seed=3))]
    completion = pieces.pop()
    assert isinstance(completion, Completion)
    assert "".join(map(str, pieces)) == completion.text
    assert "\N{REPLACEMENT CHARACTER}" not in completion.text
    assert len(json.loads(completion.text)) == 8


async def test_a_stream_of_broken_characters_is_the_completion_in_pieces(backend: EmbeddedBackend) -> None:
    for seed in range(5):  # random bytes, cut off anywhere
        asked = request(grammar=None, temperature=2.0, seed=seed, max_output_tokens=40)
        pieces = [item async for item in backend.stream(asked)]
        completion = pieces.pop()
        assert isinstance(completion, Completion)
        assert "".join(map(str, pieces)) == completion.text


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_no_more_tokens_are_written_than_asked_for(backend: EmbeddedBackend, limit: int) -> None:
    completion = await backend.complete(request(max_output_tokens=limit))
    assert (completion.finish_reason, completion.usage.output_tokens) == ("length", limit)
    assert len(completion.text.encode()) == limit  # a token is a byte here


async def test_the_context_limits_an_answer_without_a_limit(backend: EmbeddedBackend) -> None:
    endless = lower({"type": "array", "items": {"type": "boolean"}, "minItems": 1000}).grammar
    completion = await backend.complete(request(grammar=endless))
    assert completion.finish_reason == "length"
    assert completion.usage.prompt_tokens + completion.usage.output_tokens == 1024


async def test_a_prompt_without_room_for_an_answer_is_refused(backend: EmbeddedBackend) -> None:
    with pytest.raises(PromptTooLong, match=r"1,?\d{3} tokens") as caught:
        await backend.complete(request(messages=(Message("user", "x" * 1100),)))
    assert caught.value.context_tokens == 1024
    assert caught.value.prompt_tokens > 1100


async def test_a_refused_request_leaves_the_others_of_its_batch_alone(backend: EmbeddedBackend) -> None:
    refused: list[Exception] = []

    async def ask_too_much() -> None:
        try:
            await backend.complete(request(messages=(Message("user", "x" * 1100),)))
        except PromptTooLong as error:
            refused.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(ask_too_much)
        group.start_soon(backend.complete, request())
    assert len(refused) == 1


async def test_a_grammar_that_the_engine_refuses_is_an_unsupported_schema(
    backend: EmbeddedBackend,
) -> None:
    with pytest.raises(UnsupportedSchema, match="cannot enforce"):
        await backend.complete(request(grammar="root ::= nowhere"))


async def test_messages_that_the_chat_template_refuses_are_an_invalid_prompt(
    random_model_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(random_model_folder, folder)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config["chat_template"] = "{{ raise_exception('no system message, please') }}"
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    backend = EmbeddedBackend(str(folder))
    with pytest.raises(InvalidPrompt, match="no system message, please"):
        await backend.complete(request())
    await backend.aclose()


# --- reasoning -----------------------------------------------------------------------------------


async def test_the_grammar_binds_the_answer_and_not_the_reasoning(reasoner_folder: Path) -> None:
    backend = EmbeddedBackend(str(reasoner_folder))
    asked = [request(enable_thinking=True, temperature=3.0, seed=seed) for seed in range(16)]
    completions = await complete_all(backend, asked)
    answered = [
        completion for completion in completions if completion.text
    ]  # others ended while they reasoned
    assert answered
    for completion in answered:
        assert is_valid(SCHEMA, json.loads(completion.text))
        assert "</think>" not in completion.reasoning + completion.text
        assert 0 < completion.usage.reasoning_tokens < completion.usage.output_tokens
    assert any(completion.reasoning for completion in answered)
    await backend.aclose()


async def test_reasoning_alone_is_cut_off_at_the_limit(reasoner_folder: Path) -> None:
    backend = EmbeddedBackend(str(reasoner_folder))
    completion = await backend.complete(request(enable_thinking=True, max_output_tokens=2))
    assert (completion.finish_reason, completion.text) == ("length", "")
    assert completion.usage.reasoning_tokens == 2
    await backend.aclose()


async def test_reasoning_is_refused_by_a_model_that_has_none(backend: EmbeddedBackend) -> None:
    with pytest.raises(UnsupportedOption, match="does not reason"):
        await backend.complete(request(enable_thinking=True))


# --- loading -------------------------------------------------------------------------------------


async def test_a_model_that_does_not_fit_is_refused_before_it_is_read(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "available_bytes", lambda: 1000)
    with pytest.raises(ModelNotLoadable, match="choose a smaller model"):
        await backend.complete(request())
    health = await backend.health()
    assert (health.state, health.requests) == ("idle", 0)
    monkeypatch.undo()
    assert (await backend.complete(request())).text  # the next request tries again


def test_a_hub_model_that_does_not_fit_is_refused_without_a_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "available_bytes", lambda: 10**9)
    monkeypatch.setattr(loading, "_fetch", lambda _: pytest.fail("it was fetched"))
    with pytest.raises(ModelNotLoadable, match="Qwen3-4B"):
        loading.load(sources.ModelSource.of("4b"), "auto")


def test_a_hub_model_out_of_reach_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(BackendUnavailable, match="pass its folder as the model"):
        loading.load(sources.ModelSource.of("nobody/nothing"), "auto")


def test_a_hub_that_breaks_off_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(BackendUnavailable, match="pass its folder as the model"):
        loading.load(sources.ModelSource.of("nobody/nothing"), "auto")


def test_weights_that_double_in_memory_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    weight_bytes = models.get(models.SHIPPED).weight_bytes  # stored in 16 bits
    monkeypatch.setattr(loading, "available_bytes", lambda: int(1.5 * weight_bytes))
    source = sources.ModelSource.of(None)
    loading.load(source, "bfloat16")
    with pytest.raises(ModelNotLoadable, match="needs about"):
        loading.load(source, "float32")


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [("tokenizer*", "a tokenizer"), ("config.json", "config.json"), ("*.safetensors", "weights")],
)
def test_a_folder_that_lacks_a_file_says_which(
    random_model_folder: Path, tmp_path: Path, pattern: str, missing: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(random_model_folder, folder)
    for file in folder.glob(pattern):
        file.unlink()
    with pytest.raises(ModelNotLoadable, match=f"lacks {missing}"):
        EmbeddedBackend(str(folder))


async def test_a_broken_model_file_is_not_loadable(random_model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(random_model_folder, folder)
    (folder / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(ModelNotLoadable, match="cannot be loaded"):
        await EmbeddedBackend(str(folder)).complete(request())


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(UnknownModel, match="did you mean 'qwen-structured-9m'"):
        EmbeddedBackend("qwen-structured-9n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"thread": 2}, "did you mean 'threads'"),
        ({"threads": "many"}, "'threads' of backend 'embedded' is 'many'"),
        ({"max_batch": 0}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_option_says_what_is_wrong(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        EmbeddedBackend(options=options)


@pytest.mark.parametrize(("asked", "used"), [(None, 1), (3, 3)])  # a small model gets one by default
def test_the_number_of_threads_is_an_option_and_holds_for_the_engine_alone(
    random_model_folder: Path, asked: int | None, used: int
) -> None:
    import torch

    before = _on_a_new_thread(torch.get_num_threads)
    counted: queue.SimpleQueue[int] = queue.SimpleQueue()
    source = sources.ModelSource.of(str(random_model_folder))
    one = engine.Engine(source, max_batch=1, threads=asked, dtype="auto")
    one.prepare([], lambda _: counted.put(torch.get_num_threads()))
    assert counted.get(timeout=60) == used
    assert _on_a_new_thread(torch.get_num_threads) == before
    one.close()


def _on_a_new_thread(function: Callable[[], int]) -> int:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


async def test_the_form_of_the_weights_is_an_option(random_model_folder: Path) -> None:
    backend = EmbeddedBackend(str(random_model_folder), {"dtype": "bfloat16"})
    assert is_valid(SCHEMA, json.loads((await backend.complete(request())).text))
    await backend.aclose()


def test_loading_leaves_the_garbage_collector_as_it_was(engine_thread: engine.Engine) -> None:
    done: queue.SimpleQueue[object] = queue.SimpleQueue()
    frozen = gc.get_freeze_count()
    engine_thread.prepare([], done.put)
    assert done.get(timeout=60) is None
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


@pytest.mark.parametrize(
    ("limit", "used", "cached", "left"),
    [("1000", "900", 0, 100), ("1000", "900", 500, 600), ("max", "900", 0, None)],
)
def test_free_memory_is_what_the_control_group_leaves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str, used: str, cached: int, left: int | None
) -> None:
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text(f"{used}\n")
    (tmp_path / "memory.stat").write_text(f"anon 7\ninactive_file {cached}\nactive_file 0\n")
    monkeypatch.setattr(free_memory, "_CONTROL_GROUP", tmp_path)
    available = free_memory.available_bytes()
    assert available == left if left else available > 10**6


async def test_a_folder_without_a_chat_template_is_not_loadable(
    random_model_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(random_model_folder, folder)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    del config["chat_template"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    backend = EmbeddedBackend(str(folder))
    with pytest.raises(ModelNotLoadable, match="no chat template"):
        await backend.complete(request())
    await backend.aclose()


# --- life ----------------------------------------------------------------------------------------


async def test_closing_ends_the_work_and_says_so(backend: EmbeddedBackend) -> None:
    await backend.warm_up()
    failures: list[BaseException] = []

    async def ask() -> None:
        try:
            await backend.complete(request(grammar=LONG))
        except BackendUnavailable as error:
            failures.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        while not (await backend.health()).requests:
            await anyio.lowlevel.checkpoint()
        await backend.aclose()
    assert len(failures) == 1


def test_a_cancelled_request_is_left_at_the_next_token(engine_thread: engine.Engine) -> None:
    pieces: list[object] = []
    last: queue.SimpleQueue[object] = queue.SimpleQueue()

    def put(item: object) -> None:
        pieces.append(item)
        if len(pieces) == 3:
            job.cancelled = True
        if not isinstance(item, str):
            last.put(item)

    job = engine.Job(request(grammar=LONG), put, streams=True)
    engine_thread.submit(job)
    completion = last.get(timeout=60)
    assert isinstance(completion, Completion)
    assert completion.usage.output_tokens == 3
    assert engine_thread.health().requests == 0


async def test_a_failure_of_one_request_leaves_the_others_of_its_batch_alone(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = engine._tokens

    def failing(loaded: loading.LoadedModel, asked: Request) -> list[int]:
        if asked.messages[0].content == "bad":
            raise RuntimeError("it broke")
        return tokens(loaded, asked)

    monkeypatch.setattr(engine, "_tokens", failing)
    failures: list[BackendUnavailable] = []

    async def ask_badly() -> None:
        try:
            await backend.complete(request(messages=(Message("user", "bad"),)))
        except BackendUnavailable as error:
            failures.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(ask_badly)
        group.start_soon(backend.complete, request())
    assert [type(failure.__cause__) for failure in failures] == [RuntimeError]


async def test_a_failure_of_the_engine_ends_one_batch_only(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise MemoryError("no memory")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "_generate", failing)
        with pytest.raises(BackendUnavailable, match="MemoryError") as caught:
            await backend.complete(request())
    assert isinstance(caught.value.__cause__, MemoryError)
    assert (await backend.complete(request())).text


def test_a_caller_whose_event_loop_has_ended_harms_nobody(random_model_folder: Path) -> None:
    backend = EmbeddedBackend(str(random_model_folder))
    job = engine.Job(request(grammar=LONG), put=_raise_loop_closed, streams=True)
    backend._engine.submit(job)
    completion = asyncio.run(backend.complete(request()))
    assert completion.text
    assert job.cancelled
    asyncio.run(backend.aclose())


def _raise_loop_closed(_: object) -> None:
    raise RuntimeError("Event loop is closed")


def test_many_threads_share_one_model(random_model_folder: Path) -> None:
    values: list[object] = []
    with StructuredGenerator(model=str(random_model_folder)) as generator:
        threads = [
            threading.Thread(target=lambda: values.append(generator.generate(SCHEMA, "size is 42")))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(values) == 8


# --- compiled grammars -----------------------------------------------------------------------------


async def test_requests_at_once_compile_their_grammar_once(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    compiled = engine._Grammars.compiled

    def watched(grammars: Any, grammar: str) -> Any:
        made = compiled(grammars, grammar)
        sizes.append(grammars._compiler.get_cache_size_bytes())
        return made

    monkeypatch.setattr(engine._Grammars, "compiled", watched)
    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(backend.complete, request(max_output_tokens=1))
    assert len(sizes) == 6
    assert set(sizes) == {sizes[0]} != {0}


def test_compiled_grammars_do_not_pile_up(random_model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_GRAMMAR_CACHE_BYTES", 2**18)
    grammars = engine._Grammars(loading.load(sources.ModelSource.of(str(random_model_folder)), "auto"))
    for number in range(200):
        grammars.compiled(lower({"enum": [f"{number} {i}" for i in range(40)]}).grammar)
    assert 0 < grammars._compiler.get_cache_size_bytes() <= 2**18
