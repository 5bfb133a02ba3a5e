"""The model behind the hostile server: a clerk who copies orders.

The prompt of a call has its number as ``#000042#``, and the right answer to it is `meant`. It takes part in
re-asks and in repairs as a model does, goes on with an answer that was begun, calls a tool where there is
one, and obeys grammars by knowing the answer. Two of the faults are its own: a value that a validator
refuses, and an answer that stops in the middle. The answers to a few calls never end, however often they are
asked for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

MODEL: Final = "hostile/Qwen3"
CONTEXT_TOKENS: Final = 32_768
ENDLESS_EVERY: Final = 100
"""Of so many calls, one has an answer that never ends, however often it is asked for."""

_WRONG_PARTS = re.compile(r"These parts of your answer are not valid:\n((?:- .*\n)+)")
_LOOP = " " * 4_000
_NAMES = "Weber|Lindqvist|Tanaka|Haddad|Nair|Marques|Okafor".split("|")
_THINGS = "desk lamp|ring binder|office chair|board marker|coffee mug|wall clock".split("|")


def prompt(call: int) -> str:
    """What is asked in a call."""
    return f"Copy order #{call:06}# from the archive, with all of its lines and their total."


def meant(call: int) -> dict[str, Any]:
    """The right answer to a call."""
    lines: list[dict[str, Any]] = [
        {"article": _THINGS[(call + n) % len(_THINGS)], "count": 1 + (call + n) % 9, "price": 3 + call % 50}
        for n in range(4)
    ]
    total = sum(line["count"] * line["price"] for line in lines)
    return {"number": call, "customer": _NAMES[call % len(_NAMES)], "lines": lines, "total": total}


def is_endless(call: int) -> bool:
    """Whether no answer to a call ever ends."""
    return call % ENDLESS_EVERY == ENDLESS_EVERY - 1


def tokens(text: str) -> int:
    """The server's tokens are of four characters."""
    return -(-len(text) // 4)


# --- requests ------------------------------------------------------------------------------------


@dataclass
class Asked:
    """A request for an answer, and what the model makes of it.

    Attributes:
        call: the number of the call.
        body: what was sent.
        fault: what is to be done to the answer; ``""`` is nothing.
    """

    call: int
    body: dict[str, Any]
    fault: str

    @cached_property
    def text(self) -> str:
        """What the model writes."""
        value = meant(self.call)
        if is_endless(self.call):
            return json.dumps(value, separators=(",", ":"))[:40] + _LOOP
        last = self.body["messages"][-1]["content"]
        if isinstance(last, str) and (wrong := _WRONG_PARTS.search(last)) and "nothing else" in last:
            value = {key: value[key] for key in re.findall(r"^- (\w+)", wrong[1], re.MULTILINE)}
        if self.fault == "invalid value" and "total" in value:
            value = {**value, "total": -value["total"]}
        text = json.dumps(value, separators=(",", ":"))
        if self.body.get("continue_final_message"):
            text = text.removeprefix(last)
        return text[: len(text) // 2] if self.fault == "stopped" else text

    @property
    def finish_reason(self) -> str:
        """Why it ends."""
        return "length" if is_endless(self.call) else "stop"

    @property
    def prompt_tokens(self) -> int:
        """Those of the messages, and of tools, which the chat template writes into the prompt."""
        shown = [self.body["messages"], self.body.get("tools", [])]
        return tokens(json.dumps(shown, ensure_ascii=False))

    @cached_property
    def usage(self) -> dict[str, int]:
        """What the server tells of its tokens."""
        output = tokens(self.text)
        prompt = self.prompt_tokens
        return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}

    def message(self) -> dict[str, Any]:
        """The answer as text, or as a call of the tool where there is one."""
        if not (tools := self.body.get("tools")):
            return {"role": "assistant", "content": self.text}
        function = {"name": tools[0]["function"]["name"], "arguments": self.text}
        call = {"id": f"call-{self.call}", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}

    def whole(self) -> bytes:
        """The answer's body."""
        choice = {"index": 0, "message": self.message(), "finish_reason": self.finish_reason}
        return json.dumps(
            {
                "id": f"chatcmpl-{self.call}",
                "object": "chat.completion",
                "created": 1,
                "model": MODEL,
                "choices": [choice],
                "usage": self.usage,
            }
        ).encode()

    def events(self) -> list[bytes]:
        """The events of a streamed answer: eight tokens each."""
        text = self.text
        pieces = [text[start : start + 32] for start in range(0, len(text), 32)]
        steps: list[dict[str, Any]] = [
            {"index": 0, "delta": {"content": piece}, "finish_reason": None, "token_ids": [0] * tokens(piece)}
            for piece in pieces
        ]
        steps[-1]["finish_reason"] = self.finish_reason
        written = [event({"model": MODEL, "choices": [step]}) for step in steps]
        return [*written, event({"model": MODEL, "choices": [], "usage": self.usage}), DONE]


def event(data: dict[str, Any]) -> bytes:
    """An event of a stream."""
    return b"data: %s\n\n" % json.dumps(data).encode()


DONE: Final = b"data: [DONE]\n\n"
