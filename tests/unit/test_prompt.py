"""From the caller's prompt to the messages of a request."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest

from qwen_structured import InvalidPrompt, Message, OutputInvalid, OutputNotJSON
from qwen_structured._prompt import ask_again, compose
from qwen_structured.exceptions import Problem

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
SKETCH = "Answer with compact JSON only, of this type:\n{\n  n: integer\n}"
USER = Message("user", "Two apples.")


@pytest.mark.parametrize("prompt", ["Two apples.", [USER], [{"role": "user", "content": "Two apples."}]])
def test_the_schema_stands_in_a_system_message_before_the_prompt(prompt: Any) -> None:
    assert compose(prompt, SCHEMA, "sketch") == (Message("system", SKETCH), USER)


def test_a_system_message_of_the_caller_stays_and_the_schema_follows_it() -> None:
    messages = compose([Message("system", "Be brief."), USER], SCHEMA, "sketch")
    assert messages == (Message("system", f"Be brief.\n\n{SKETCH}"), USER)


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("json", '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}'),
        ("sketch", "n: integer"),
    ],
)
def test_the_schema_is_shown_in_the_form_that_is_set(form: Literal["sketch", "json"], shown: str) -> None:
    assert shown in compose("x", SCHEMA, form)[0].content


def test_the_schema_can_be_left_out() -> None:
    assert compose("Two apples.", SCHEMA, "off") == (USER,)


def test_a_conversation_keeps_its_turns() -> None:
    turns = [USER, Message("assistant", '{"n":2}'), Message("user", "And now?")]
    assert compose(turns, SCHEMA, "off") == tuple(turns)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("", "the prompt is empty"),
        (" \n", "the prompt is empty"),
        ("Dear \ud83d", r"'\\ud83d' at character 5, half of a surrogate pair"),
        ([Message("system", "\udc00"), Message("user", "x")], "half of a surrogate pair"),
        ([], "the last message of the prompt has to be the user's"),
        ([Message("assistant", "x")], "the last message of the prompt has to be the user's"),
        ([Message("user", " ")], "the last message of the prompt is empty"),
        ([{"role": "robot", "content": "x"}], "the role 'robot'.*'system', 'user', 'assistant'"),
        ([{"role": "user", "content": None}], "with text as content"),
        ([Message("robot", "x")], "the role 'robot'"),  # type: ignore[arg-type]
        ([Message("user", 3)], "the content 3"),  # type: ignore[arg-type]
        ([{"role": "user"}], "pass Message"),
        (["hello"], "a message of the prompt is 'hello'"),
        (b"hello", "the prompt is b'hello'"),
        (None, "the prompt is None: pass a text or a list of messages"),
        (42, "the prompt is 42"),
    ],
)
def test_a_malformed_prompt_is_told_what_is_wrong(prompt: Any, said: str) -> None:
    with pytest.raises(InvalidPrompt, match=said):
        compose(prompt, SCHEMA, "sketch")


def complaint(messages: Sequence[Message]) -> str:
    return messages[-1].content


def test_a_re_ask_names_each_problem_and_leaves_what_stands_before() -> None:
    problems = [Problem("lines[0].price", "Input should be less than 10", "12"), Problem("", "too few", "[]")]
    messages = ask_again((Message("system", SKETCH), USER), OutputInvalid("wrong", problems=problems))
    assert messages[0] == Message("system", SKETCH)
    assert messages[1].role == "user"
    assert complaint(messages).startswith("Two apples.\n\n")
    assert (
        "- lines[0].price: Input should be less than 10 (was 12)\n- the value: too few (was [])\n"
        in complaint(messages)
    )


def test_a_re_ask_names_at_most_five_problems_and_counts_the_others() -> None:
    problems = [Problem(f"p{i}", "rule", "1") for i in range(9)]
    said = complaint(ask_again((USER,), OutputInvalid("wrong", problems=problems)))
    assert said.count("(was 1)") == 5
    assert "- and 4 more like these\n" in said


def test_a_re_ask_stays_short_whatever_the_rule_and_the_place_say() -> None:
    problems = [Problem("p" * 9000, "r\n" * 9000, "1") for i in range(9)]
    assert len(complaint(ask_again((USER,), OutputInvalid("wrong", problems=problems)))) < 2000
    assert len(complaint(ask_again((USER,), ValueError("x" * 9000)))) < 400


def test_a_re_ask_after_what_was_no_json_says_so() -> None:
    assert "- the answer is not JSON" in complaint(
        ask_again((USER,), OutputNotJSON("the answer is not JSON"))
    )
