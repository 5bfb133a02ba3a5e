"""Output tokens per second of vLLM under load: free, with XGrammar's converter, and with our grammars.

Needs a GPU that holds the model (an H200 for the 80B) and vLLM, which is in no dependency group: its builds
are chosen by machine. The weights are random, since the speed of decoding does not depend on them; the
architecture is that of a folder's ``config.json``, the tokenizer is Qwen's own. Writes the results as JSON;
run it from the repository's root, in two steps where the GPU machine has no copy of this package::

    python -m benchmarks.throughput --write-grammars grammars.json
    python benchmarks/throughput.py --grammars grammars.json --model FOLDER --results throughput.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

BATCHES = (32, 256)
TOKENS = 128
REPETITIONS = 2
PROMPT = "Request {}: list the people in this text as JSON." * 8


def main() -> None:
    options = _options()
    if options.write_grammars:
        options.write_grammars.write_text(json.dumps(variants(), indent=1))
        return
    every = json.loads(options.grammars.read_text())
    report = measure(options, every)
    options.results.write_text(json.dumps(report, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write-grammars", type=Path, help="write the variants to this file, and do no more")
    parser.add_argument("--grammars", type=Path, help="the file that was written so")
    parser.add_argument("--model", type=Path, help="a folder with config.json and Qwen's tokenizer")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--scheduler", help="a scheduler class, such as benchmarks.step_times.TimedScheduler")
    return parser.parse_args()


def people(name: dict[str, Any]) -> dict[str, Any]:
    """An array that no answer of the benchmark ends, of objects with a string as said."""
    properties = {
        "id": {"type": "integer", "minimum": 0, "maximum": 99_999},
        "name": name,
        "label": {"type": "string", "enum": ["positive", "negative", "neutral"]},
        "score": {"type": "number"},
    }
    person = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "minItems": 1_000, "items": person | {"additionalProperties": False}}


def variants() -> dict[str, dict[str, Any]]:
    """What each variant asks of vLLM's structured outputs; nothing for the free one."""
    from qwen_structured.schema import lower

    names: dict[str, dict[str, Any]] = {
        "unbounded": {"type": "string"},
        "maxLength 20": {"type": "string", "maxLength": 20},
        "maxLength 80": {"type": "string", "maxLength": 80},
        "maxLength 1000": {"type": "string", "maxLength": 1_000},
        "enum of 50": {"enum": [f"name{i}" for i in range(50)]},
    }
    every: dict[str, dict[str, Any]] = {"free": {}}
    for said, name in names.items():
        every[f"converter, {said}"] = {"json": people(name)}
        every[f"ours, {said}"] = {"grammar": lower(people(name)).grammar}
    return every


def measure(options: argparse.Namespace, every: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Tokens per second of every variant and number of requests in flight, one figure a repetition."""
    import torch
    import vllm

    begun = time.perf_counter()
    engine = vllm.LLM(
        model=str(options.model),
        load_format="dummy",
        max_model_len=8_192,
        max_num_seqs=max(BATCHES),
        enable_prefix_caching=False,
        **({"scheduler_cls": options.scheduler} if options.scheduler else {}),
        structured_outputs_config={"backend": "xgrammar", "disable_any_whitespace": True},
    )
    report: dict[str, Any] = {
        "versions": {name: version(name) for name in ("vllm", "torch", "xgrammar")},
        "device": torch.cuda.get_device_name(),
        "date": time.strftime("%Y-%m-%d"),
        "load_s": round(time.perf_counter() - begun, 1),
        "tokens_per_s": {variant: {str(batch): [] for batch in BATCHES} for variant in every},
    }
    for asked in every.values():
        _tokens_per_s(engine, 1, 16, asked)  # compiles the grammar
    _tokens_per_s(engine, max(BATCHES), 32, {})
    for _, batch, variant in _runs(list(every)):
        figures = report["tokens_per_s"][variant][str(batch)]
        figures.append(_tokens_per_s(engine, batch, TOKENS, every[variant]))
        print(variant, batch, figures, flush=True)
        options.results.write_text(json.dumps(report, indent=1) + "\n")
    return report


def _runs(every: list[str]) -> Iterator[tuple[int, int, str]]:
    for repetition in range(REPETITIONS):
        for batch in BATCHES:
            for variant in every:
                yield repetition, batch, variant


def _tokens_per_s(engine: Any, batch: int, tokens: int, asked: dict[str, Any]) -> float:
    from vllm import SamplingParams
    from vllm.sampling_params import StructuredOutputsParams

    structured = StructuredOutputsParams(**asked) if asked else None
    sampling = SamplingParams(
        max_tokens=tokens, temperature=0.7, seed=1, ignore_eos=not asked, structured_outputs=structured
    )
    begun = time.perf_counter()
    outputs = engine.generate([PROMPT.format(i) for i in range(batch)], sampling, use_tqdm=False)
    elapsed_s = time.perf_counter() - begun
    return round(sum(len(output.outputs[0].token_ids) for output in outputs) / elapsed_s, 1)


if __name__ == "__main__":
    main()
