"""The backend `vllm` on one GPU: our overhead over vLLM's own engine, and what grammars cost, in one run.

Needs a GPU that holds the model (an H200 for the 80B) and vLLM, which is in no dependency group: its builds
are chosen by machine. The weights are random, since the speed of decoding does not depend on them; the
architecture is that of a folder's ``config.json`` (`benchmarks.qwen_folder` writes that of the 80B), the
tokenizer has to be Qwen's own. Raw requests and ours run on the same engine, by turns, with masks filled
early or by vLLM, as its scheduler is told. Run it from the repository's root, with that on Python's path; it
writes JSON after every figure::

    python -m benchmarks.vllm_backend overhead grammars seeds --model FOLDER --results throughput.json
    python -m benchmarks.vllm_backend sleep --model FOLDER --results restart.json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, Field

from qwen_structured import StructuredGenerator
from qwen_structured.backends.vllm import VLLMBackend
from qwen_structured.exceptions import OutputInvalid, QwenStructuredError
from qwen_structured.protocols import Completion, Request
from qwen_structured.schema import lower

OVERHEAD_BATCHES = (1, 32, 256)
GRAMMAR_BATCHES = (32, 256)
TOKENS = 128
SEEDED = ("free", "strings up to 20, ours", "strings up to 20, converter")
PROMPT = "Request {0}: list the people in this text as JSON." * 8
OPTIONS: dict[str, Any] = {"max_model_len": 8_192, "max_num_seqs": 256}
ENGINE_ARGS: dict[str, Any] = {
    "load_format": "dummy",
    "enable_prefix_caching": False,
    "scheduler_cls": "benchmarks.step_times.TimedScheduler",
}


class Person(BaseModel):
    """What the requests of the overhead ask for: bounded everywhere, so that random weights end it."""

    id: Annotated[int, Field(ge=0, le=99_999)]
    name: Annotated[str, Field(max_length=20)]
    label: Literal["positive", "negative", "neutral"]
    score: Annotated[int, Field(ge=0, le=100)]


People = Annotated[list[Person], Field(min_length=4, max_length=4)]


class Recording(VLLMBackend):
    """The backend, which also keeps what it was asked, so that the same can be asked of vLLM itself."""

    def __init__(self, model: str, options: dict[str, Any]) -> None:
        super().__init__(model, options)
        self.requests: list[Request] = []

    async def complete(self, request: Request, /) -> Completion:
        """Keep the request, and complete it."""
        self.requests.append(request)
        return await super().complete(request)

    async def raw(self, work: Callable[[Any, Any], Awaitable[float]]) -> float:
        """Run `work` with vLLM's AsyncLLM and its tokenizer, on their event loop; gives its figure."""
        figures: list[float] = []

        async def on_loop(loaded: Any, _: Any) -> None:
            figures.append(await work(loaded.llm, loaded.tokenizer))

        await self._done(on_loop)
        return figures[0]


class Report:
    """Figures, written after each of them."""

    def __init__(self, file: Path) -> None:
        import torch
        import vllm

        self._file = file
        self.tree: dict[str, Any] = {
            "versions": {
                "vllm": vllm.__version__,
                "torch": torch.__version__,
                "xgrammar": version("xgrammar"),
            },
            "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU",
            "date": time.strftime("%Y-%m-%d"),
        }

    def measure(self, name: str, *, early: bool) -> None:
        """Tell the engine's scheduler what comes next; see `benchmarks.step_times`."""
        Path(os.environ["STEP_CONTROL"]).write_text(json.dumps({"name": name, "early": early}))

    def add(self, *place: str, figure: float) -> None:
        """Add a figure to the list at a place of the tree."""
        node = self.tree
        for name in place[:-1]:
            node = node.setdefault(name, {})
        node.setdefault(place[-1], []).append(round(figure, 3))
        print(*place, node[place[-1]], flush=True)
        self.write()

    def write(self) -> None:
        """Write all of it, with what the scheduler has told so far."""
        times = Path(os.environ["STEP_TIMES"])
        if times.exists():
            self.tree["steps"] = [json.loads(line) for line in times.read_text().splitlines()]
        self._file.write_text(json.dumps(self.tree, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", choices=list(PARTS), nargs="+")
    parser.add_argument("--model", type=Path, required=True, help="a folder with config.json and tokenizer")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument(
        "--batches", type=int, nargs="+", default=list(OVERHEAD_BATCHES), help="of `overhead`"
    )
    parser.add_argument(
        "--engine-args", type=json.loads, default={}, help="further arguments of vLLM, as JSON"
    )
    options = parser.parse_args()
    ENGINE_ARGS.update(options.engine_args)
    PARTS["overhead"] = partial(overhead, batches=options.batches)
    for variable in ("STEP_CONTROL", "STEP_TIMES"):
        os.environ.setdefault(variable, str(options.results.with_suffix(f".{variable.lower()}")))
    asyncio.run(run(options.parts, options.model, Report(options.results), options.repetitions))


async def run(parts: list[str], model: Path, report: Report, repetitions: int) -> None:
    """Run parts one after the other on one engine."""
    further = {"enable_sleep_mode": True} if "sleep" in parts else {}
    async with started(model, report, **further) as (generator, backend):
        for part in parts:
            await PARTS[part](generator, backend, report, repetitions)
        report.measure("end", early=True)
        await generator.agenerate(People, PROMPT.format(0))
        report.write()


@asynccontextmanager
async def started(model: Path, report: Report, **options: Any) -> AsyncIterator[tuple[Any, Recording]]:
    """A generator that has given its first answer, and its backend."""
    _let_the_converter_write_compact_json()
    begun = time.perf_counter()
    backend = Recording(str(model), {**OPTIONS, **options, "engine_args": ENGINE_ARGS})
    async with StructuredGenerator(backend=backend, temperature=0.7) as generator:
        await generator.agenerate(People, PROMPT.format(0))
        report.add("start to first typed answer, s", figure=time.perf_counter() - begun)
        yield generator, backend


def _let_the_converter_write_compact_json() -> None:
    """Forbid XGrammar's converter free whitespace, in which random weights would lose themselves."""
    from qwen_structured.backends.vllm import host

    made = host.engine_args  # type: ignore[attr-defined]

    def compact(*args: Any, **kwargs: Any) -> Any:
        arguments = made(*args, **kwargs)
        arguments.structured_outputs_config["disable_any_whitespace"] = True
        return arguments

    host.engine_args = compact  # type: ignore[attr-defined]


# --- our overhead, and what grammars cost --------------------------------------------------------


async def overhead(
    generator: StructuredGenerator,
    backend: Recording,
    report: Report,
    repetitions: int,
    batches: Sequence[int] = OVERHEAD_BATCHES,
) -> None:
    """Tokens per second of our requests and of the same ones of vLLM itself; the side that begins changes."""
    report.measure("overhead", early=True)
    for repetition in range(-1, repetitions):  # the first warms both sides, and is not told
        for batch in batches:
            prompts = [PROMPT.format(i) for i in range(batch)] * (4 if batch == 1 else 1)
            backend.requests.clear()
            await asyncio.gather(*(_tokens(generator, prompt) for prompt in prompts[:batch]))
            same = backend.requests[:batch] * (len(prompts) // batch)
            sides: dict[str, Callable[[], Awaitable[float]]] = {
                "ours": partial(_tokens_per_s, partial(_tokens, generator), prompts, batch),
                "raw": partial(backend.raw, partial(_raw, requests=same, batch=batch)),
            }
            for side in ("ours", "raw", "raw", "ours"):
                figure = await sides[side]()
                if repetition >= 0:
                    report.add("overhead, tokens/s", str(batch), side, figure=figure)


async def _tokens_per_s(ask: Callable[[Any], Awaitable[int]], asked: Sequence[Any], batch: int) -> float:
    """Output tokens per second of requests, so many at once; `ask` makes one, and gives its tokens."""
    begun, tokens = time.perf_counter(), 0
    for first in range(0, len(asked), batch):
        tokens += sum(await asyncio.gather(*map(ask, asked[first : first + batch])))
    return tokens / (time.perf_counter() - begun)


async def _tokens(generator: StructuredGenerator, prompt: str) -> int:
    """Output tokens of one of our requests; 0 if random weights gave no number, which ends the request."""
    try:
        result = await generator.agenerate_result(People, prompt, max_attempts=1)
    except QwenStructuredError as error:
        print("failed:", str(error)[:200], flush=True)
        return error.usage.output_tokens if isinstance(error, OutputInvalid) else 0
    return result.usage.output_tokens


async def _raw(llm: Any, tokenizer: Any, *, requests: list[Request], batch: int) -> float:
    return await _tokens_per_s(partial(_ask, llm, tokenizer), requests, batch)


async def _ask(llm: Any, tokenizer: Any, request: Request) -> int:
    """Ask vLLM itself, as its users do: chat template, tokens, answer, text. Gives the number of tokens."""
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    text = tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    sampling = SamplingParams(
        temperature=request.temperature,
        top_p=request.top_p,
        max_tokens=request.max_output_tokens or 4_096,
        output_kind=RequestOutputKind.FINAL_ONLY,
        structured_outputs=StructuredOutputsParams(grammar=request.grammar),
    )
    answer = await _last(llm.generate(text, sampling, uuid4().hex))
    if answer.finish_reason != "stop":
        return 0
    json.loads(answer.text)
    return len(answer.token_ids)


async def _last(outputs: AsyncIterator[Any]) -> Any:
    return [output.outputs[0] async for output in outputs][-1]


async def grammars(_: StructuredGenerator, backend: Recording, report: Report, repetitions: int) -> None:
    """Tokens per second of free and constrained raw requests."""
    every = variants()
    for asked in every.values():
        await backend.raw(partial(_decode, batch=1, tokens=16, asked=asked))
    for batch in GRAMMAR_BATCHES:
        await backend.raw(partial(_decode, batch=batch, tokens=32, asked={}))
    for _repetition in range(repetitions):
        for batch in GRAMMAR_BATCHES:
            for variant, asked in every.items():
                await _measure(backend, report, variant, batch, asked)


def variants() -> dict[str, dict[str, Any]]:
    """What each variant asks of vLLM's structured outputs; nothing for the free one."""
    line = {
        "type": "object",
        "properties": {"item": {"type": "string"}, "count": {"type": "integer"}},
        "required": ["item", "count"],
        "additionalProperties": False,
    }
    shapes = [
        {
            "type": "object",
            "properties": {"kind": {"const": kind}, **fields},
            "required": ["kind", *fields],
            "additionalProperties": False,
        }
        for kind, fields in (
            ("person", {"name": {"type": "string"}, "age": {"type": "integer"}}),
            ("place", {"city": {"type": "string"}, "open": {"type": "boolean"}}),
            ("event", {"title": {"type": "string"}, "year": {"type": "integer"}}),
        )
    ]
    names: dict[str, dict[str, Any]] = {
        "enum of 50": {"enum": [f"name{i}" for i in range(50)]},
        "unbounded strings": {"type": "string"},
        "strings up to 20": {"type": "string", "maxLength": 20},
        "nested lists": {"type": "array", "items": line},
        "union of 3": {"anyOf": shapes},
    }
    every: dict[str, dict[str, Any]] = {"free": {}}
    for said, name in names.items():
        every[f"{said}, ours"] = {"grammar": lower(people(name)).grammar}
        every[f"{said}, converter"] = {"json": people(name)}
    return every


def people(name: dict[str, Any]) -> dict[str, Any]:
    """An array that no answer of the benchmark ends, of objects with a property as said."""
    properties = {
        "id": {"type": "integer", "minimum": 0, "maximum": 99_999},
        "name": name,
        "label": {"type": "string", "enum": ["positive", "negative", "neutral"]},
        "score": {"type": "number"},
    }
    person = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "minItems": 1_000, "items": person | {"additionalProperties": False}}


async def _measure(
    backend: Recording, report: Report, variant: str, batch: int, asked: dict[str, Any]
) -> None:
    for name, early in _by_masks(variant, asked):
        report.measure(f"{name}, {batch}", early=early)
        figure = await backend.raw(partial(_decode, batch=batch, tokens=TOKENS, asked=asked))
        report.add("grammars, tokens/s", name, str(batch), figure=figure)


def _by_masks(variant: str, asked: dict[str, Any]) -> list[tuple[str, bool]]:
    """Names, and whether masks are filled early: ours are measured both ways, others with vLLM's alone."""
    if "grammar" in asked:
        return [(variant, True), (f"{variant}, masks of vLLM", False)]
    return [(variant, False)]


async def _decode(
    llm: Any, _: Any, *, batch: int, tokens: int, asked: dict[str, Any], seeds: str = "none"
) -> float:
    """Output tokens per second of a batch of raw requests; without seeds unless told: they cost a little."""
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

    async def ask(number: int) -> int:
        sampling = SamplingParams(
            max_tokens=tokens,
            temperature=0.7,
            seed={"none": None, "equal": 1, "different": number}[seeds],
            ignore_eos=not asked,
            output_kind=RequestOutputKind.FINAL_ONLY,
            structured_outputs=StructuredOutputsParams(**asked) if asked else None,
        )
        prompt = PROMPT.format(0 if seeds == "equal" else number)
        answer = await _last(llm.generate(prompt, sampling, uuid4().hex))
        return len(answer.token_ids)

    return await _tokens_per_s(ask, range(batch), batch)


# --- what equal requests hide --------------------------------------------------------------------


async def seeds(_: StructuredGenerator, backend: Recording, report: Report, repetitions: int) -> None:
    """Tokens per second at 256 in flight of requests that all write the same text, and of different ones.

    The same text goes through the same few experts, so that a step takes the GPU less time than the engine's
    thread needs for it. Seeds that differ tell that apart from what seeds themselves cost: vLLM samples
    requests with a seed one by one.
    """
    every = {name: asked for name, asked in variants().items() if name in SEEDED}
    batch = max(GRAMMAR_BATCHES)
    for repetition in range(-1, repetitions):
        for chosen in ("none", "different", "equal"):
            for name, asked in every.items():
                for said, early in _by_masks(name, asked):
                    report.measure(f"{said}, {batch}, seeds {chosen}", early=early)
                    decode = partial(_decode, batch=batch, tokens=TOKENS, asked=asked, seeds=chosen)
                    figure = await backend.raw(decode)
                    if repetition >= 0:
                        report.add("seeds, tokens/s", chosen, said, figure=figure)


# --- sleep and wake ------------------------------------------------------------------------------


async def sleep(generator: StructuredGenerator, backend: Recording, report: Report, repetitions: int) -> None:
    """Seconds to sleep at level 1, which keeps the weights in the machine's memory, and to wake."""
    for _repetition in range(repetitions):
        begun = time.perf_counter()
        await backend.sleep(1)
        report.add("sleep, s", figure=time.perf_counter() - begun)
        begun = time.perf_counter()
        await generator.agenerate(People, PROMPT.format(1))
        report.add("wake to first typed answer, s", figure=time.perf_counter() - begun)


PARTS: dict[str, Callable[[StructuredGenerator, Recording, Report, int], Awaitable[None]]] = {
    "overhead": overhead,
    "grammars": grammars,
    "seeds": seeds,
    "sleep": sleep,
}


if __name__ == "__main__":
    main()
