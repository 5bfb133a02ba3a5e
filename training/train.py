"""Train the embedded model for a given time, over as many calls as that takes.

    python3 training/train.py --tokenizer FOLDER --checkpoint FILE --model FOLDER --out FOLDER --seconds N

A call ends when the planned seconds are over, or after `--call-seconds`; the same command then goes
on from the checkpoint. See training/README.md.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from training import metrics
from training.data import ANSWER, CHUNK_TOKENS, PROMPT, Feed, Packed, encode, load_tokenizer, token_id
from training.model import ModelConfig, Qwen3, attend_within, greedy, save
from training.synth import tasks
from training.tokenizer import END, END_OF_TEXT, MAX_TOKENS

STARTED = time.monotonic()
SPLITS = ("values", "templates", "schemas")

_VOCABULARY_MULTIPLE = 64
_SEEDS_A_CALL = 1000
_STEPS_AHEAD = 2
_LOG_EVERY_S = 10.0


@dataclass(frozen=True)
class Plan:
    """What a run does, apart from the model's sizes."""

    seconds: float
    call_seconds: float
    workers: int = 14
    seed: int = 1
    longest: int = 1024
    chunk_tokens: int = CHUNK_TOKENS
    chunks_a_pass: int = 4
    passes: int = 4
    peak_rate: float = 3e-3
    warmup_steps: int = 200
    prompt_weight: float = 0.1
    weight_decay: float = 0.05
    clip: float = 1.0
    evaluate_every_s: float = 240.0
    evaluate_examples: int = 200


@dataclass
class Progress:
    """How far training has come, over all calls."""

    elapsed_s: float = 0.0
    steps: int = 0
    tokens: int = 0
    calls: int = 0
    evaluations: list[dict[str, Any]] = field(default_factory=list)


# --- batches -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pass:
    """Packed examples that go through the model together."""

    packed: Tensor
    """Token ids, positions, roles: int32 [3, tokens]."""
    boundaries: Tensor
    """Where examples start, and the end of the last: int32 [examples + 1]."""


@dataclass(frozen=True)
class Batch:
    """What one step learns from, and the sum of its tokens' weights."""

    passes: list[Pass]
    weight: float


def make_batch(chunks: Packed, plan: Plan, pin: bool) -> Batch:
    """Lay chunks [chunks, 3, tokens] end to end, a few in each pass."""
    passes = []
    for group in np.split(chunks, plan.passes):
        packed = np.concatenate(list(group), axis=1).astype(np.int32)
        starts = np.flatnonzero(packed[1] == 0)
        boundaries = np.append(starts, packed.shape[1]).astype(np.int32)
        tensors = [torch.from_numpy(packed), torch.from_numpy(boundaries)]
        passes.append(Pass(*(tensor.pin_memory() if pin else tensor for tensor in tensors)))
    learned = chunks[:, 2][chunks[:, 1] != 0]
    return Batch(passes, float((learned == ANSWER).sum() + plan.prompt_weight * (learned == PROMPT).sum()))


# --- one step ------------------------------------------------------------------------------------


def loss_sums(
    model: Qwen3, packed: Tensor, boundaries: Tensor, prompt_weight: float, longest: int
) -> tuple[Tensor, Tensor]:
    """Sum the weighted losses of a pass; and of its answers, the losses, the right tokens and the tokens."""
    tokens, positions, roles = packed
    with torch.autocast(packed.device.type, torch.bfloat16):
        hidden = model(tokens, positions, partial(attend_within, boundaries, longest))
        logits = model.logits(hidden)
    targets = tokens.roll(-1).long()
    within = positions.roll(-1) != 0
    losses = F.cross_entropy(logits.float(), targets, reduction="none")
    answers = within & (roles.roll(-1) == ANSWER)
    prompts = within & (roles.roll(-1) == PROMPT)
    loss = (losses * (answers + prompt_weight * prompts)).sum()
    right = answers & (logits.argmax(-1) == targets)
    return loss, torch.stack([(losses * answers).sum(), right.sum(), answers.sum()]).detach()


def _optimizers(model: Qwen3, plan: Plan) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices, AdamW for embeddings and norms; both follow one learning rate.

    Source: torch 2.11 torch.optim.Muon; "match_rms_adamw" is arXiv:2502.16982, section 2.2.
    """
    matrices = [parameter for parameter in model.layers.parameters() if parameter.ndim == 2]
    norms = [parameter for parameter in model.parameters() if parameter.ndim < 2]
    groups = [
        {"params": [model.embed_tokens.weight], "weight_decay": plan.weight_decay},
        {"params": norms, "weight_decay": 0.0},
    ]
    return [
        torch.optim.Muon(matrices, lr=0.0, weight_decay=plan.weight_decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), fused=True),
    ]


class Trainer:
    """The model with its optimizer on one device."""

    def __init__(self, model: Qwen3, plan: Plan, device: torch.device) -> None:
        self.model = model
        self.progress = Progress()
        self._plan = plan
        self._device = device
        self._optimizers = _optimizers(model, plan)
        self._loss_sums = torch.compile(loss_sums, fullgraph=True) if device.type == "cuda" else loss_sums
        self._tally = torch.zeros(3, device=device)
        self._ends: deque[torch.cuda.Event] = deque()

    @property
    def rate(self) -> float:
        """The learning rate: a warm-up in steps, then down to zero with the planned time."""
        warm = min(1.0, (self.progress.steps + 1) / self._plan.warmup_steps)
        return self._plan.peak_rate * warm * max(0.0, 1 - self.progress.elapsed_s / self._plan.seconds)

    def step(self, batch: Batch) -> None:
        """Learn from one batch, without waiting for the device."""
        for one in batch.passes:
            packed = one.packed.to(self._device, non_blocking=True)
            boundaries = one.boundaries.to(self._device, non_blocking=True)
            torch._dynamo.mark_dynamic(boundaries, 0)
            loss, sums = self._loss_sums(
                self.model, packed, boundaries, self._plan.prompt_weight, self._plan.longest
            )
            (loss / batch.weight).backward()
            self._tally += sums
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._plan.clip)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate
            optimizer.step()
            optimizer.zero_grad()
        self.progress.steps += 1
        self.progress.tokens += sum(one.packed.shape[1] for one in batch.passes)
        self._keep_pace()

    def take_tally(self) -> tuple[float, float]:
        """Give the loss and the accuracy of answer tokens since the last call; this waits for the device."""
        loss, right, count = self._tally.tolist()
        self._tally.zero_()
        return loss / max(count, 1), right / max(count, 1)

    def save(self, path: Path) -> None:
        """Write a checkpoint, in one piece or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        optimizers = [optimizer.state_dict() for optimizer in self._optimizers]
        state = {"model": self.model.state_dict(), "optimizers": optimizers}
        torch.save({**state, "progress": asdict(self.progress)}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, map_location=self._device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.progress = Progress(**state["progress"])

    def _keep_pace(self) -> None:
        """Stay few steps ahead of the device, so that time spent waiting for data is really lost."""
        if self._device.type != "cuda":
            return
        self._ends.append(torch.cuda.Event())
        self._ends[-1].record()
        if len(self._ends) > _STEPS_AHEAD:
            self._ends.popleft().synchronize()


# --- evaluation ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """An example to evaluate on."""

    example: tasks.Example
    prompt: list[int]
    answer_tokens: int


def questions(tokenizer: Tokenizer, split: str, count: int) -> list[Question]:
    """Take the first examples of a split that fit the model's context."""
    shown, encoded = tasks.examples(0, split=split), encode(tokenizer, tasks.examples(0, split=split))
    pairs = (
        Question(example, ids.prompt, len(ids.answer)) for example, ids in zip(shown, encoded, strict=True)
    )
    return list(islice((one for one in pairs if len(one.prompt) + one.answer_tokens <= MAX_TOKENS), count))


class Evaluation:
    """Free greedy decoding on the held-out splits."""

    def __init__(self, tokenizer: Tokenizer, count: int) -> None:
        self._tokenizer = tokenizer
        self._questions = [one for split in SPLITS for one in questions(tokenizer, split, count)]
        self._count = count
        self._max_new_tokens = max(one.answer_tokens for one in self._questions) + 32

    def run(self, model: Qwen3) -> tuple[dict[str, metrics.Score], list[str]]:
        """Score the model as it would be saved, a score a split; and tell the failures of the last split."""
        saved = copy.deepcopy(model).to(torch.bfloat16)
        end = token_id(self._tokenizer, END)
        ids = greedy(saved, [one.prompt for one in self._questions], end, self._max_new_tokens)
        answers = self._tokenizer.decode_batch(ids, skip_special_tokens=False)
        pairs = list(zip(self._questions, answers, strict=True))
        scores = [metrics.compare_text(one.example.answer, answer) for one, answer in pairs]
        by_split = [scores[start : start + self._count] for start in range(0, len(scores), self._count)]
        failures = [
            _failure(*pair) for pair, score in zip(pairs, scores, strict=True) if not score.objects_exact
        ]
        last = sum(not score.objects_exact for score in by_split[-1])
        return dict(zip(SPLITS, map(metrics.total, by_split), strict=True)), failures[len(failures) - last :]


def _failure(question: Question, answer: str) -> str:
    example = question.example
    asked = f"--- {example.kind}\n{example.system[-400:]}\n{example.user[:400]}"
    return f"{asked}\nexpected {example.answer}\ngot      {answer[:600]}"


def table(scores: dict[str, metrics.Score]) -> str:
    """Render scores for people."""
    rows = [
        f"{'split':<10} {'objects':>7} {'fields':>7} {'fields exact':>12} {'objects exact':>13} {'JSON':>6}"
    ]
    for split, score in scores.items():
        shares = score.shares()
        rows.append(
            f"{split:<10} {score.objects:>7} {score.fields:>7} {shares['fields_exact']:>12.4f} "
            f"{shares['objects_exact']:>13.4f} {shares['objects_parsed']:>6.3f}"
        )
    return "\n".join(rows)


# --- a call --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """Where a run reads and writes."""

    tokenizer: Path
    checkpoint: Path
    model: Path
    out: Path


@dataclass
class _Meter:
    """What is measured between two lines of the log."""

    tokens: int
    waited_s: float = 0.0
    begun: float = field(default_factory=time.monotonic)


class Call:
    """One call of the program: from the checkpoint, if there is one, to the next."""

    def __init__(self, places: Places, plan: Plan, sizes: Callable[[int], ModelConfig] = ModelConfig) -> None:
        self._places, self._plan = places, plan
        places.out.mkdir(parents=True, exist_ok=True)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._tokenizer = load_tokenizer(places.tokenizer)
        torch.manual_seed(plan.seed)
        vocabulary = -(-self._tokenizer.get_vocab_size() // _VOCABULARY_MULTIPLE) * _VOCABULARY_MULTIPLE
        self._trainer = Trainer(Qwen3(sizes(vocabulary)).to(self._device), plan, self._device)
        if places.checkpoint.exists():
            self._trainer.load(places.checkpoint)
        self._progress = self._trainer.progress
        first_seed = plan.seed * 1_000_000 + self._progress.calls * _SEEDS_A_CALL
        self._progress.calls += 1
        self._feed = Feed(
            places.tokenizer,
            [first_seed + worker for worker in range(plan.workers)],
            chunks=plan.passes * plan.chunks_a_pass,
            longest=plan.longest,
            convert=partial(make_batch, plan=plan, pin=self._device.type == "cuda"),
            chunk_tokens=plan.chunk_tokens,
        )

    def run(self) -> None:
        """Train until the plan's time or the call's is over, evaluate, write everything."""
        try:
            self._evaluation = Evaluation(self._tokenizer, self._plan.evaluate_examples)
            self._train()
        finally:
            self._feed.close()
        self._evaluate(show_failures=10)

    def _train(self) -> None:
        """Take steps, logging and evaluating now and then; the first step, which compiles, is not timed."""
        parameters = sum(parameter.numel() for parameter in self._trainer.model.parameters())
        self._say(f"{parameters:,} parameters on {_device_name(self._device)}, {self._plan}")
        self._trainer.step(self._feed.get())
        self._trainer.take_tally()
        self._say(f"call {self._progress.calls}: first step after {_age_s():.0f} s")
        begun = time.monotonic() - self._progress.elapsed_s
        meter, evaluated = _Meter(self._progress.tokens), time.monotonic()
        while self._progress.elapsed_s < self._plan.seconds and _age_s() < self._plan.call_seconds:
            asked = time.monotonic()
            batch = self._feed.get()
            meter.waited_s += time.monotonic() - asked
            self._trainer.step(batch)
            self._progress.elapsed_s = time.monotonic() - begun
            if time.monotonic() - meter.begun > _LOG_EVERY_S:
                self._log(meter)
                meter = _Meter(self._progress.tokens)
            if time.monotonic() - evaluated > self._plan.evaluate_every_s:
                self._evaluate()
                meter, evaluated = _Meter(self._progress.tokens), time.monotonic()

    def _log(self, meter: _Meter) -> None:
        loss, accuracy = self._trainer.take_tally()
        seconds, counts = time.monotonic() - meter.begun, self._feed.counts
        rate = (self._progress.tokens - meter.tokens) / seconds / 1e6
        self._say(
            f"step {self._progress.steps}  {self._progress.elapsed_s:.0f} s  rate {self._trainer.rate:.2e}  "
            f"answer loss {loss:.4f}  accuracy {accuracy:.4f}  {rate:.2f} M tokens/s  "
            f"waiting {meter.waited_s / seconds:.0%}  too long {counts.dropped / max(counts.drawn, 1):.2%}"
        )
        if not math.isfinite(loss):
            raise SystemExit("the loss is not finite")

    def _evaluate(self, show_failures: int = 0) -> None:
        """Score the held-out splits and write model, metrics and checkpoint as they now are."""
        begun = time.monotonic()
        scores, failures = self._evaluation.run(self._trainer.model)
        shares = {split: {**score.shares(), **asdict(score)} for split, score in scores.items()}
        progress = self._progress
        progress.evaluations.append(
            {"elapsed_s": progress.elapsed_s, "tokens": progress.tokens, "splits": shares}
        )
        self._write()
        if show_failures:
            self._say("\n".join(failures[:show_failures]))
        self._say(f"{table(scores)}\nevaluated and written in {time.monotonic() - begun:.1f} s")

    def _write(self) -> None:
        end, pad = (token_id(self._tokenizer, token) for token in (END, END_OF_TEXT))
        save(self._trainer.model, self._places.model, self._places.tokenizer, end, pad)
        report = {
            "device": _device_name(self._device),
            "torch": str(torch.__version__),
            "plan": asdict(self._plan),
            "model": asdict(self._trainer.model.config),
            "examples_of_this_call": asdict(self._feed.counts),
            **asdict(self._progress),
        }
        (self._places.out / "metrics.json").write_text(json.dumps(report, indent=2) + "\n")
        self._trainer.save(self._places.checkpoint)

    def _say(self, text: str) -> None:
        print(text, flush=True)
        with (self._places.out / "log.txt").open("a") as log:
            log.write(text + "\n")


def _age_s() -> float:
    return time.monotonic() - STARTED


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--tokenizer", type=Path, required=True, help="folder that training/tokenizer.py wrote"
    )
    parser.add_argument(
        "--checkpoint", type=Path, required=True, help="file to go on from, if it is there, and to write"
    )
    parser.add_argument("--model", type=Path, required=True, help="folder for the trained model")
    parser.add_argument("--out", type=Path, required=True, help="folder for metrics.json and log.txt")
    parser.add_argument("--seconds", type=float, required=True, help="time to train for, over all calls")
    parser.add_argument(
        "--call-seconds", type=float, default=520.0, help="stop training so long after this call's start"
    )
    for name in ("workers", "seed", "longest"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name))
    parser.add_argument("--prompt-weight", type=float, default=Plan.prompt_weight)
    given = vars(parser.parse_args())
    places = Places(*(given.pop(name) for name in ("tokenizer", "checkpoint", "model", "out")))
    Call(places, Plan(**given)).run()


if __name__ == "__main__":
    main()
