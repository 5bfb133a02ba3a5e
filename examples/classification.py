"""Classification: give each of several texts one of a few labels; requests made together share a batch.

Run it with ``python examples/classification.py``.
"""

import asyncio
from typing import Literal

from qwen_structured import agenerate

Intent = Literal["cancel_subscription", "track_order", "request_refund", "opening_hours", "reset_password"]

MESSAGES = [
    "hello, where is my parcel? I ordered it a week ago.",
    "I want my money back, the kettle is broken.",
    "are you open on Sundays",
    "please end my membership at the next possible date",
    "I forgot my password and can't log in",
]


async def classify(message: str) -> Intent:
    return await agenerate(Intent, f"What does the customer want?\n\n{message}")


async def main() -> None:
    intents = await asyncio.gather(*map(classify, MESSAGES))
    for message, intent in zip(MESSAGES, intents, strict=True):
        print(f"{intent:20} {message}")


if __name__ == "__main__":
    asyncio.run(main())
