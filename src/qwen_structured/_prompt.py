"""From the caller's prompt to the messages of a request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ._sketch import instruction
from .exceptions import InvalidPrompt, OutputInvalid
from .protocols import Message

if TYPE_CHECKING:
    from .protocols import Prompt

_ROLES = ("system", "user", "assistant")


def compose(
    prompt: Prompt, json_schema: Mapping[str, Any], schema_in_prompt: Literal["sketch", "json", "off"]
) -> tuple[Message, ...]:
    """Put the instruction that shows the schema into the system message, and the prompt after it.

    The instruction stands first, so that all requests of one type share a prefix that servers can cache.

    Raises:
        InvalidPrompt: the prompt is empty, or no conversation that ends with the user's turn.
    """
    messages = _messages(prompt)
    if schema_in_prompt == "off":
        return messages
    if schema_in_prompt == "sketch":
        shown = instruction(json_schema)
    else:
        text = json.dumps(json_schema, ensure_ascii=False, separators=(",", ":"))
        shown = f"Answer with compact JSON only, valid against this JSON Schema:\n{text}"
    if messages[0].role == "system":
        return (Message("system", f"{messages[0].content}\n\n{shown}"), *messages[1:])
    return (Message("system", shown), *messages)


def ask_again(messages: tuple[Message, ...], error: Exception) -> tuple[Message, ...]:
    """Add to the last message what was wrong with the answer; what stands before it stays byte for byte."""
    problems = error.problems[:5] if isinstance(error, OutputInvalid) else (error,)
    said = "\n".join(f"- {problem}" for problem in problems)
    last = messages[-1]
    complaint = f"Your last answer was not valid:\n{said}\nAnswer again."
    return (*messages[:-1], Message(last.role, f"{last.content}\n\n{complaint}"))


def _messages(prompt: Prompt) -> tuple[Message, ...]:
    if isinstance(prompt, str):
        if not prompt.strip():
            raise InvalidPrompt("the prompt is empty: pass the text that the answer is to be made from")
        return (Message("user", prompt),)
    if not isinstance(prompt, Sequence) or isinstance(prompt, bytes):
        raise InvalidPrompt(f"the prompt is {prompt!r}: pass a text or a list of messages")
    messages = tuple(map(_message, prompt))
    if not messages or messages[-1].role != "user":
        raise InvalidPrompt("the last message of the prompt has to be the user's: add one with role 'user'")
    if not messages[-1].content.strip():
        raise InvalidPrompt(
            "the last message of the prompt is empty: write into it what the answer is to be made from"
        )
    return messages


def _message(message: object) -> Message:
    if isinstance(message, Message):
        role, content = message.role, message.content
    elif isinstance(message, Mapping) and set(message) == {"role", "content"}:
        role, content = message["role"], message["content"]
    else:
        raise InvalidPrompt(
            f"a message of the prompt is {message!r}: pass Message(role, content) or a dict of the two"
        )
    if role not in _ROLES or not isinstance(content, str):
        raise InvalidPrompt(
            f"a message has the role {role!r} and the content {content!r}: use one of "
            f"{', '.join(map(repr, _ROLES))}, with text as content"
        )
    return Message(role, content)
