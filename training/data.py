"""Feed training with packed examples, drawn and tokenized in worker processes.

A worker (``python3 -m training.data``) writes chunks to its standard output; `Feed` reads one chunk
from each worker in turn. Workers are plain processes with pipes, so that they start without torch and
need no shared memory, and end with their reader.
"""

from __future__ import annotations

import argparse
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from training.synth import tasks
from training.tokenizer import END_OF_TEXT, answer_text, prompt_text

ROOT = Path(__file__).resolve().parent.parent

PADDING, PROMPT, ANSWER = 0, 1, 2
"""The roles of tokens."""

CHUNK_TOKENS = 16_384

_EXAMPLES_A_CALL = 128
_PIPE_BYTES = 1 << 20
_BATCHES_AHEAD = 6

T = TypeVar("T")
Packed = npt.NDArray[np.uint16]
"""Packed examples, of shape [3, tokens]: token ids, positions within the example, roles."""


@dataclass(frozen=True)
class Encoded:
    """One example as token ids."""

    prompt: list[int]
    answer: list[int]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.answer)


@dataclass
class Counts:
    """How many examples were drawn, and how many of them were too long to train on."""

    drawn: int = 0
    dropped: int = 0


def load_tokenizer(folder: Path) -> Tokenizer:
    """Read a tokenizer that training/tokenizer.py wrote."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """Give the id of an added token."""
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ValueError(f"the tokenizer has no token {token!r}; was it written by training/tokenizer.py?")
    return found


def encode(tokenizer: Tokenizer, examples: Iterator[tasks.Example]) -> Iterator[Encoded]:
    """Tokenize examples, many at a call."""
    while group := list(islice(examples, _EXAMPLES_A_CALL)):
        texts = [prompt_text(example.system, example.user) for example in group]
        texts += [answer_text(example.answer) for example in group]
        ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        for prompt, answer in zip(ids[: len(group)], ids[len(group) :], strict=True):
            yield Encoded(prompt, answer)


def pack(
    examples: Iterator[Encoded], pad: int, chunk_tokens: int, longest: int, counts: Counts
) -> Iterator[Packed]:
    """Lay examples end to end in chunks of `chunk_tokens`, dropping those of more than `longest` tokens.

    No example is split over two chunks. What remains of a chunk, always less than `longest`, is
    padding, which stands there as one more example.
    """
    chunk = _Chunk()
    for example in examples:
        counts.drawn += 1
        if len(example) > longest:
            counts.dropped += 1
            continue
        if len(chunk.ids) + len(example) > chunk_tokens:
            missing = chunk_tokens - len(chunk.ids)
            chunk.add([pad] * missing, [PADDING] * missing)
            yield chunk.packed()
            chunk = _Chunk()
        chunk.add(
            example.prompt + example.answer, [PROMPT] * len(example.prompt) + [ANSWER] * len(example.answer)
        )


class _Chunk:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._positions: list[int] = []
        self._roles: list[int] = []

    def add(self, ids: list[int], roles: list[int]) -> None:
        self.ids += ids
        self._positions += range(len(ids))
        self._roles += roles

    def packed(self) -> Packed:
        return np.array([self.ids, self._positions, self._roles], dtype=np.uint16)


class Feed(Generic[T]):
    """Batches from worker processes, read ahead by a thread.

    Args:
        tokenizer_folder: what the workers tokenize with.
        seeds: one worker process for each.
        chunks: how many chunks make a batch.
        longest: examples of more tokens are dropped.
        convert: makes a batch of [chunks, 3, tokens]; it runs in the reading thread.
        chunk_tokens: length of a chunk.
    """

    def __init__(
        self,
        tokenizer_folder: Path,
        seeds: list[int],
        *,
        chunks: int,
        longest: int,
        convert: Callable[[Packed], T],
        chunk_tokens: int = CHUNK_TOKENS,
    ) -> None:
        self._shape = (chunks, 3, chunk_tokens)
        self._convert = convert
        self._counts = {seed: Counts() for seed in seeds}
        self._batches: queue.Queue[T | BaseException] = queue.Queue(_BATCHES_AHEAD)
        self._closed = threading.Event()
        self._workers = {seed: _start_worker(tokenizer_folder, seed, chunk_tokens, longest) for seed in seeds}
        self._thread = threading.Thread(target=self._read, name="feed", daemon=True)
        self._thread.start()

    def get(self) -> T:
        """Wait for the next batch.

        Raises:
            RuntimeError: a worker ended; its own error stands above on standard error.
        """
        batch = self._batches.get()
        if isinstance(batch, BaseException):
            raise RuntimeError("the data feed failed") from batch
        return batch

    @property
    def counts(self) -> Counts:
        """What all workers drew and dropped so far."""
        every = self._counts.values()
        return Counts(sum(c.drawn for c in every), sum(c.dropped for c in every))

    def close(self) -> None:
        """Stop the workers and the thread."""
        self._closed.set()
        for worker in self._workers.values():
            worker.kill()
        while self._thread.is_alive():
            _drain(self._batches)
            self._thread.join(0.05)
        for worker in self._workers.values():
            worker.communicate()

    def _read(self) -> None:
        try:
            chunks = self._chunks()
            while not self._closed.is_set():
                self._batches.put(self._convert(np.stack(list(islice(chunks, self._shape[0])))))
        except BaseException as error:  # the reader of the queue must hear of whatever it was
            self._batches.put(error)

    def _chunks(self) -> Iterator[Packed]:
        """Take one chunk of each worker in turn, so that the order does not depend on their speed."""
        while True:
            for seed, worker in self._workers.items():
                counts = np.frombuffer(_read_exactly(worker, 16), dtype=np.int64)
                self._counts[seed] = Counts(*counts.tolist())
                size = self._shape[1] * self._shape[2] * np.dtype(np.uint16).itemsize
                yield np.frombuffer(_read_exactly(worker, size), dtype=np.uint16).reshape(self._shape[1:])


def _start_worker(
    tokenizer_folder: Path, seed: int, chunk_tokens: int, longest: int
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "training.data", str(tokenizer_folder.resolve())]
    command += [str(seed), str(chunk_tokens), str(longest)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, pipesize=_PIPE_BYTES)


def _read_exactly(worker: subprocess.Popen[bytes], size: int) -> bytes:
    assert worker.stdout is not None
    content = worker.stdout.read(size)
    if len(content) < size:
        raise RuntimeError(f"a data worker ended: {worker.args!r}")
    return content


def _drain(batches: queue.Queue[T]) -> None:
    while True:
        try:
            batches.get_nowait()
        except queue.Empty:
            return


def _work() -> None:
    """Write chunks to standard output until nobody reads them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tokenizer_folder", type=Path)
    for name in ("seed", "chunk_tokens", "longest"):
        parser.add_argument(name, type=int)
    arguments = parser.parse_args()
    tokenizer = load_tokenizer(arguments.tokenizer_folder)
    counts = Counts()
    encoded = encode(tokenizer, tasks.examples(arguments.seed))
    pad = token_id(tokenizer, END_OF_TEXT)
    try:
        for chunk in pack(encoded, pad, arguments.chunk_tokens, arguments.longest, counts):
            sys.stdout.buffer.write(np.array([counts.drawn, counts.dropped], dtype=np.int64).tobytes())
            sys.stdout.buffer.write(chunk.tobytes())
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)  # Python would complain about the pipe once more on its way out


if __name__ == "__main__":
    _work()
