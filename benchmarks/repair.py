"""What repairing the failing parts of an answer saves against asking for the whole again.

A model reads delivery notes and copies what stands there. Two things are measured:

- ``own mistakes``: a validator refuses an article that is not in the note. Half of the notes have articles
  with a word in front that the model has never seen.
- ``one refusal``: the validator refuses one line of each note, and takes whatever is written in its place.
  So every note has exactly one failing part, whatever the model can do.

Every note is read twice with the same seed, so that both ways begin with the same answer: once with repairs,
once with re-asks of the whole. What is counted comes after the first answer. Writes ``results/repair.json``
beside this file::

    python benchmarks/repair.py [--backend embedded vllm ...] [--model FOLDER]

All backends but ``embedded`` load the model of the folder; by default that is the shipped model, so that they
can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, Field, field_validator
from pydantic_core import to_json

import qwen_structured
from qwen_structured import AttemptsExhausted, Ledger, StructuredGenerator

NOTES = 40
LINES = 6
MAX_ATTEMPTS = 4
TEMPERATURE = 1.0
RESULTS = Path(__file__).parent / "results" / "repair.json"
SHIPPED = Path(qwen_structured.__file__).parent / "backends" / "embedded" / "model"
PACKAGES = ("qwen-structured", "torch", "xgrammar", "vllm")

PEOPLE = "Hannah Weber|Ivo Lindqvist|Mei Tanaka|Omar Haddad|Priya Nair|Sofia Marques|Tom Okafor".split("|")
THINGS = (
    "desk lamp|ring binder|office chair|board marker|paper shredder|floor lamp|hole punch|wall clock|"
    "coffee mug|green folder|black pen|parcel scale|tape dispenser|waste bin|coat stand|label printer|"
    "letter tray|drawing pin|bulldog clip|brass hinge|oak plank|copper pipe|garden hose|paint roller"
).split("|")
MADE_UP = "velmor|tarnix|quidda|osprel|brantic|zellow|murvane|kestrop|plindar|wexford".split("|")


@dataclass
class Reading:
    """What the validators know of the note that is being read.

    Attributes:
        note: its text.
        refuse: which of the articles that are validated is refused, whatever it is; counted from 1.
        validated: how many were.
    """

    note: str
    refuse: int | None
    validated: int = 0


reading = Reading("", None)


class Line(BaseModel):
    quantity: int = Field(ge=1, le=999)
    article: str = Field(max_length=40)

    @field_validator("article")
    @classmethod
    def _is_in_the_note(cls, article: str) -> str:
        reading.validated += 1
        if reading.refuse is None and f" x {article}\n" not in reading.note:
            raise ValueError("no line of the note has this article")
        if reading.validated == reading.refuse:
            raise ValueError("look at the note again")
        return article


class Delivery(BaseModel):
    number: str = Field(pattern=r"^DN-\d{4}$")
    recipient: str = Field(max_length=40)
    lines: list[Line] = Field(min_length=LINES, max_length=LINES)


@dataclass
class Way:
    """What one way of going on after a refusal took, over all notes whose first answer was refused.

    Attributes:
        right_lines_before: lines of the first answers that are as the note has them.
        right_lines_after: lines of the last ones.
    """

    refused: int = 0
    solved: int = 0
    right_lines_before: int = 0
    right_lines_after: int = 0
    attempts: int = 0
    output_tokens: int = 0
    prompt_tokens: int = 0
    saved_output_tokens: int = 0
    seconds: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, ledger: Ledger, seconds: float, *, solved: bool) -> None:
        """Take what came after a first answer that was refused."""
        further = ledger.attempts[1:]
        if not further:
            return
        self.refused += 1
        self.solved += solved
        self.attempts += len(further)
        self.right_lines_before += right_lines(ledger.attempts[0].text)
        self.right_lines_after += right_lines(further[-1].text)
        self.seconds += seconds - ledger.attempts[0].duration_s
        self.saved_output_tokens += ledger.saved_output_tokens
        for attempt in further:
            self.kinds[attempt.kind] = self.kinds.get(attempt.kind, 0) + 1
        usage = Ledger(further).usage
        self.output_tokens += usage.output_tokens
        self.prompt_tokens += usage.prompt_tokens


def made_up_note(seed: int) -> str:
    chance = random.Random(seed)
    things = [
        f"{chance.choice(MADE_UP)} {thing}" if seed % 2 else thing for thing in chance.sample(THINGS, LINES)
    ]
    lines = "".join(f"- {chance.randint(1, 99)} x {thing}\n" for thing in things)
    return f"Delivery note DN-{chance.randint(0, 9999):04} for {chance.choice(PEOPLE)}:\n{lines}"


def right_lines(text: str) -> int:
    """How many lines of an answer are as the note has them; 0 if it is none."""
    try:
        lines = json.loads(text)["lines"]
    except (ValueError, LookupError, TypeError):
        return 0
    written = [f"- {line['quantity']} x {line['article']}" for line in lines]
    return sum(one == two for one, two in zip(written, reading.note.splitlines()[1:], strict=True))


def read(generator: StructuredGenerator, seed: int, way: Way, *, repair: bool, refuse: int | None) -> str:
    """Read a note; gives its first answer."""
    global reading
    reading = Reading(note := made_up_note(seed), refuse)
    start = perf_counter()
    try:
        ledger = generator.generate_result(Delivery, note, seed=seed, repair=repair).ledger
        solved = True
    except AttemptsExhausted as error:
        ledger, solved = error.ledger, False
    way.add(ledger, perf_counter() - start, solved=solved)
    return ledger.attempts[0].text


def measured(backend: str, model: str | None, notes: int) -> dict[str, object]:
    """Read notes on one backend."""
    cases = {name: {"repair": Way(), "re-ask": Way()} for name in ("own mistakes", "one refusal")}
    with StructuredGenerator(
        backend=backend, model=model, temperature=TEMPERATURE, max_attempts=MAX_ATTEMPTS
    ) as generator:
        generator.warm_up(Delivery)
        for seed in range(notes):
            for case, ways in cases.items():
                refuse = seed % LINES + 1 if case == "one refusal" else None
                first = {
                    read(generator, seed, way, repair=name == "repair", refuse=refuse)
                    for name, way in ways.items()
                }
                assert len(first) == 1, "both ways begin with the same answer"
        name = generator.generate_result(bool, "Yes.").completion.model
    return {"backend": backend, "model": Path(name).name, "cases": cases}


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--backend", nargs="+", default=["embedded"])
    arguments.add_argument("--model", default=str(SHIPPED))
    arguments.add_argument("--notes", type=int, default=NOTES)
    asked = arguments.parse_args()
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {platform.system()}",
        "versions": {name: found for name in PACKAGES if (found := installed(name))},
        "notes": asked.notes,
        "max_attempts": MAX_ATTEMPTS,
        "temperature": TEMPERATURE,
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "runs": [
            measured(name, None if name == "embedded" else asked.model, asked.notes) for name in asked.backend
        ],
    }
    text = to_json(result, indent=2).decode()
    RESULTS.write_text(f"{text}\n", "utf-8")
    print(json.dumps(json.loads(text)["runs"], indent=2))


if __name__ == "__main__":
    main()
