"""Early masks beside vLLM's own: the same requests and tokens give the same masks and the same outputs.

A GPU's steps are played, because vLLM does not overlap steps on a CPU: scheduler, grammars and cache are
vLLM's, the tokens are drawn by chance from the masks, and the order is that of
``EngineCore.step_with_batch_queue``.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

pytest.importorskip("vllm")

import numpy as np

with warnings.catch_warnings(action="ignore"):  # vLLM and what it imports give many
    from vllm import SamplingParams
    from vllm.engine.arg_utils import EngineArgs
    from vllm.sampling_params import StructuredOutputsParams
    from vllm.usage.usage_lib import UsageContext
    from vllm.v1.core.sched.async_scheduler import AsyncScheduler
    from vllm.v1.kv_cache_interface import FullAttentionSpec, KVCacheConfig, KVCacheGroupSpec
    from vllm.v1.outputs import ModelRunnerOutput
    from vllm.v1.request import Request, RequestStatus
    from vllm.v1.structured_output import StructuredOutputManager

    from qwen_structured.backends.vllm.options import VLLMOptions, engine_config
    from qwen_structured.backends.vllm.scheduler import EarlyMaskScheduler

from tests.vllm.tiny_model import write

from qwen_structured.schema import lower

pytestmark = pytest.mark.filterwarnings("default")

BLOCK_TOKENS = 16
ROWS = 8
GRAMMARS = [
    lower(schema).grammar
    for schema in (
        {"type": "array", "items": {"type": "integer"}, "minItems": 2},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"enum": ["yes", "no"]},
    )
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write(folder)
    return folder


class Player:
    """Plays an engine's steps on a scheduler.

    Args:
        scheduler: its class.
        model: the tiny model's folder.
        blocks: of the cache; few of them let requests be preempted.
    """

    def __init__(self, scheduler: type[Any], model: Path, blocks: int) -> None:
        config = EngineArgs(
            model=str(model),
            max_num_seqs=ROWS,
            max_num_batched_tokens=2048,
            enable_prefix_caching=False,
            structured_outputs_config={"backend": "xgrammar"},
        ).create_engine_config()
        config.scheduler_config.async_scheduling = True
        config.cache_config.num_gpu_blocks = blocks
        self.eos = config.model_config.hf_config.eos_token_id
        self.manager = StructuredOutputManager(config)
        spec = FullAttentionSpec(block_size=BLOCK_TOKENS, num_kv_heads=1, head_size=1, dtype=np.float32)
        cache = KVCacheConfig(
            num_blocks=blocks, kv_cache_tensors=[], kv_cache_groups=[KVCacheGroupSpec(["layer"], spec)]
        )
        self.scheduler = scheduler(
            vllm_config=config,
            kv_cache_config=cache,
            structured_output_manager=self.manager,
            block_size=BLOCK_TOKENS,
        )
        self.preempted = 0
        self._preempt = self.scheduler._preempt_request
        self.scheduler._preempt_request = self._count_preemption
        self.waiting: tuple[Any, ModelRunnerOutput] | None = None
        self.words: dict[str, list[int]] = {}
        self.masks: list[tuple[str, bytes]] = []

    def _count_preemption(self, *args: Any, **kwargs: Any) -> Any:
        self.preempted += 1
        return self._preempt(*args, **kwargs)

    def add(self, name: str, grammar: str | None, most: int) -> None:
        structured = StructuredOutputsParams(grammar=grammar) if grammar else None
        params = SamplingParams(max_tokens=most, structured_outputs=structured)
        if structured:
            structured._backend = "xgrammar"
        params.update_from_generation_config({}, self.eos)
        request = Request(name, [random.Random(name).randrange(97, 122) for _ in range(20)], params, None)
        self.words[name] = []
        self.manager.grammar_init(request)
        if grammar:
            request.structured_output_request._grammar.result()
        self.scheduler.add_request(request)

    def step(self, abort: str | None) -> list[tuple[str, tuple[int, ...], str]]:
        """One step, in vLLM's order: schedule, take in the step before, then masks and tokens of this one."""
        planned = self.scheduler.schedule() if self.scheduler.has_requests() else None
        outputs: list[tuple[str, tuple[int, ...], str]] = []
        drawn = None
        if planned is not None and not planned.pending_structured_output_tokens:
            drawn = self.draw(planned)
        if self.waiting is not None:
            if abort is not None:
                self.scheduler.finish_requests(abort, RequestStatus.FINISHED_ABORTED)
            for told in self.scheduler.update_from_output(*self.waiting).values():
                outputs += [
                    (o.request_id, tuple(o.new_token_ids), str(o.finish_reason)) for o in told.outputs
                ]
        if planned is not None and drawn is None:
            drawn = self.draw(planned)
        self.waiting = (planned, drawn) if planned is not None and drawn is not None else None
        return sorted(outputs)

    def draw(self, planned: Any) -> ModelRunnerOutput:
        """Draw a token for each request of a step, one that its mask has; none while its prompt is read."""
        asked = self.scheduler.get_grammar_bitmask(planned)
        masks = {}
        if asked is not None:
            for name, mask in zip(asked.structured_output_request_ids, asked.grammar_bitmask, strict=True):
                masks[name] = mask
                self.masks.append((name, mask.tobytes()))
        names = list(planned.num_scheduled_tokens)
        return ModelRunnerOutput(
            req_ids=names,
            req_id_to_index={name: place for place, name in enumerate(names)},
            sampled_token_ids=[self.token(name, masks.get(name)) for name in names],
        )

    def token(self, name: str, mask: Any) -> list[int]:
        request = self.scheduler.requests.get(name)
        if request is None or request.is_prefill_chunk:
            return []
        self.words[name].append(0)
        chance = random.Random(f"{name} {len(self.words[name])}")
        if mask is None:
            return [chance.randrange(97, 122)]
        allowed = np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little"))
        return [int(chance.choice(list(allowed)))]

    def play(self, seed: int) -> Iterator[object]:
        """Add requests, and abort some, by chance; give what every step gives."""
        chance = random.Random(seed)
        for number in range(120):
            if number < 80 and chance.random() < 0.5:
                grammar = chance.choice([*GRAMMARS, None])
                self.add(f"r{number}", grammar, chance.randrange(1, 60))
            abort = chance.choice(sorted(self.words)) if self.words and chance.random() < 0.05 else None
            yield self.step(abort)


@pytest.mark.parametrize("blocks", [1_000, 12], ids=["room for all", "requests are preempted"])
@pytest.mark.parametrize("seed", range(3))
def test_early_masks_are_those_of_vllm(model: Path, seed: int, blocks: int) -> None:
    ours, own = Player(EarlyMaskScheduler, model, blocks), Player(AsyncScheduler, model, blocks)
    for number, (step, expected) in enumerate(zip(ours.play(seed), own.play(seed), strict=True)):
        assert step == expected, number
    assert ours.masks == own.masks
    assert len({name for name, _ in ours.masks}) > 10
    assert bool(ours.preempted) == (blocks < 100)


def test_masks_are_filled_early(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player(EarlyMaskScheduler, model, 1_000)
    fill_late = Mock(wraps=player.scheduler._masks._fill_late)
    monkeypatch.setattr(player.scheduler._masks, "_fill_late", fill_late)
    endless = lower({"type": "array", "items": {"type": "integer"}, "minItems": 1_000}).grammar
    for name in "abcd":
        player.add(name, endless, 30)
    for _ in range(20):
        player.step(None)
    fill_late.assert_called_once()  # the first step waits for no tokens
    assert len(player.masks) == 20 * 4


class Arguments:
    """vLLM's arguments of an engine, on a machine whose steps overlap or do not."""

    enable_chunked_prefill: bool | None = None
    max_num_batched_tokens: int | None = None

    def __init__(self, *, overlaps: bool) -> None:
        self.scheduling = SimpleNamespace(async_scheduling=overlaps, scheduler_cls=None)

    def create_engine_config(self, context: UsageContext) -> Any:
        assert context is UsageContext.OPENAI_API_SERVER
        return SimpleNamespace(scheduler_config=self.scheduling)


@pytest.mark.parametrize("early_masks", [True, False])
@pytest.mark.parametrize("overlaps", [True, False])
def test_masks_are_early_where_that_is_asked_and_steps_overlap(early_masks: bool, overlaps: bool) -> None:
    arguments = Arguments(overlaps=overlaps)
    engine_config(arguments, VLLMOptions.model_validate({"early_masks": early_masks}), 4_096)
    name = arguments.scheduling.scheduler_cls
    assert (name is not None) == (early_masks and overlaps)
    assert name is None or resolve_name(name.replace(".Early", ":Early")) is EarlyMaskScheduler
    assert (arguments.enable_chunked_prefill, arguments.max_num_batched_tokens) == (False, 4_096)
