"""Label many texts at once, with a journal: a run that is killed goes on where it was.

Run it with ``python examples/many_labels.py``; the second time nothing is asked, the journal has it all.
"""

from __future__ import annotations

from typing import Literal

from qwen_structured import generate_many

Sentiment = Literal["positive", "negative"]
TEXTS = [
    "I loved every minute of it.",
    "The room was dirty and cold.",
    "What a wonderful evening!",
    "It broke after two days.",
    "The best bread in town.",
]


def main() -> None:
    prompts = (f"What is the sentiment? {text}" for text in TEXTS)
    batch = generate_many(Sentiment, prompts, journal="sentiments.journal")
    for text, outcome in zip(TEXTS, batch, strict=True):
        label = outcome.value if outcome.ok else type(outcome.error).__name__
        print(f"{label:10}{text}")
    summary = batch.summary
    print(f"{summary.done} done, {summary.restored} of them from the journal, {summary.failed} failed")


if __name__ == "__main__":
    main()
