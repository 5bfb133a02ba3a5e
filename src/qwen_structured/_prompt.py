"""From the caller's prompt to the messages of a request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from ._sketch import instruction
from .exceptions import InvalidPrompt, OutputInvalid
from .protocols import Message
from .schema.output import REMEMBERED, OutputSchema

if TYPE_CHECKING:
    from .protocols import Prompt

_PROBLEMS = 5
_PATH_CHARACTERS = 100
_RULE_CHARACTERS = 200
_ROLES = ("system", "user", "assistant")


def compose(
    prompt: Prompt, json_schema: Mapping[str, Any], schema_in_prompt: Literal["sketch", "json", "off"]
) -> tuple[Message, ...]:
    """Put the instruction that shows the schema into the system message, and the prompt after it.

    The instruction stands first, so that all requests of one type share a prefix that servers can cache.

    Raises:
        InvalidPrompt: the prompt is empty, or no conversation that ends with the user's turn.
    """
    shown = "" if schema_in_prompt == "off" else _shown(json_schema, schema_in_prompt)
    return _behind(shown, prompt)


def compose_for(
    schema: OutputSchema[Any], prompt: Prompt, schema_in_prompt: Literal["sketch", "json", "off"]
) -> tuple[Message, ...]:
    """Do as `compose` does, with an instruction that is remembered."""
    return _behind("" if schema_in_prompt == "off" else _shown_of(schema, schema_in_prompt), prompt)


@lru_cache(REMEMBERED)
def _shown_of(schema: OutputSchema[Any], form: Literal["sketch", "json"]) -> str:
    return _shown(schema.json_schema, form)


def _behind(shown: str, prompt: Prompt) -> tuple[Message, ...]:
    messages = _messages(prompt)
    if not shown:
        return messages
    if messages[0].role == "system":
        return (Message("system", f"{messages[0].content}\n\n{shown}"), *messages[1:])
    return (Message("system", shown), *messages)


def ask_again(messages: tuple[Message, ...], error: Exception) -> tuple[Message, ...]:
    """Add to the first request's messages what was wrong with the last answer, in few words.

    What stands before it stays byte for byte, so that servers can cache it; and it takes the place of what
    was said of the answers before, so that the prompt does not grow.
    """
    last = messages[-1]
    complaint = f"Your last answer was not valid:\n{said_of(error)}\nAnswer again."
    return (*messages[:-1], Message(last.role, f"{last.content}\n\n{complaint}"))


def repair(
    messages: tuple[Message, ...],
    answer: str,
    error: OutputInvalid,
    json_schema: Mapping[str, Any],
    schema_in_prompt: Literal["sketch", "json", "off"],
) -> tuple[Message, ...]:
    """Show the model its answer, behind the first request's messages, and ask for the failing parts alone.

    Args:
        messages: those of the first request, which stay byte for byte.
        answer: the whole answer.
        error: what is wrong with it.
        json_schema: of an object that has the parts by their paths.
        schema_in_prompt: how that is shown.
    """
    shown = "" if schema_in_prompt == "off" else f"\n{_shown(json_schema, schema_in_prompt)}"
    wrong = f"These parts of your answer are not valid:\n{said_of(error)}\n"
    said = f"{wrong}Write them again, and nothing else.{shown}"
    return (*messages, Message("assistant", answer), Message("user", said))


def _shown(json_schema: Mapping[str, Any], form: Literal["sketch", "json"]) -> str:
    """The instruction to answer with JSON of a schema."""
    if form == "sketch":
        return instruction(json_schema)
    text = json.dumps(json_schema, ensure_ascii=False, separators=(",", ":"))
    return f"Answer with compact JSON only, valid against this JSON Schema:\n{text}"


def said_of(error: Exception) -> str:
    """What is wrong, a line a problem: the place, the rule, and the value that stood there, shortened."""
    if not isinstance(error, OutputInvalid):
        return f"- {_short(str(error), _RULE_CHARACTERS)}"
    lines = [
        f"- {_short(one.path, _PATH_CHARACTERS) or 'the value'}: {_short(one.rule, _RULE_CHARACTERS)} "
        f"(was {one.value})"
        for one in error.problems[:_PROBLEMS]
    ]
    more = len(error.problems) - _PROBLEMS
    return "\n".join([*lines, f"- and {more} more like these"] if more > 0 else lines)


def _short(text: str, characters: int) -> str:
    """A text on one line, without its middle where it is long."""
    line = " ".join(text.split())
    half = characters // 2
    return line if len(line) <= characters else f"{line[:half]}…{line[-half:]}"


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
