"""The scripted backend beyond the contract: what a script may hold, and what is kept of the requests."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from qwen_structured import Message, Request, StructuredGenerator
from qwen_structured.exceptions import (
    AttemptsExhausted,
    AuthenticationFailed,
    OutputTruncated,
    QwenStructuredError,
    UnsupportedOption,
)
from qwen_structured.protocols import Capabilities, Completion, Usage
from qwen_structured.schema import Fidelity
from qwen_structured.testing import Answer, ScriptedBackend, ScriptExhausted

pytestmark = pytest.mark.anyio


class Person(BaseModel):
    name: str


@dataclass
class Pair:
    left: int
    right: int


def request(**changes: Any) -> Request:
    return Request(**{"messages": (Message("user", "who is it"),), **changes})


COMPLETION = Completion(text="[1]", finish_reason="length", usage=Usage(5, 7, 2), model="some-model")


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('{"name": "Ada"}', '{"name": "Ada"}'),
        ("not JSON at all", "not JSON at all"),
        ({"name": "Zoë"}, '{"name":"Zoë"}'),
        (Person(name="Ada"), '{"name":"Ada"}'),
        (Pair(1, 2), '{"left":1,"right":2}'),
        ([1, None, True], "[1,null,true]"),
        (7, "7"),
        (None, "null"),
        (lambda asked: {"asked": asked.messages[-1].content}, '{"asked":"who is it"}'),
    ],
)
async def test_an_answer_is_a_text_or_a_value_or_made_of_the_request(answer: Answer, text: str) -> None:
    completion = await ScriptedBackend([answer]).complete(request())
    assert (completion.text, completion.finish_reason) == (text, "stop")


async def test_a_completion_is_given_back_as_it_is() -> None:
    assert await ScriptedBackend([COMPLETION]).complete(request(max_output_tokens=1)) is COMPLETION


async def test_an_exception_is_raised() -> None:
    backend = ScriptedBackend([AuthenticationFailed("wrong key"), {"name": "Ada"}])
    with pytest.raises(AuthenticationFailed, match="wrong key"):
        await backend.complete(request())
    assert (await backend.complete(request())).text == '{"name":"Ada"}'


async def test_a_text_is_cut_at_the_limit_with_its_white_space_kept() -> None:
    completion = await ScriptedBackend(["one\n  two three"]).complete(request(max_output_tokens=2))
    assert (completion.text, completion.finish_reason) == ("one\n  two", "length")
    assert completion.usage == Usage(prompt_tokens=3, output_tokens=2)


async def test_a_callable_answers_every_request() -> None:
    backend = ScriptedBackend(lambda asked: len(asked.messages))
    assert [(await backend.complete(request())).text for _ in range(3)] == ["1", "1", "1"]


async def test_a_script_may_be_endless() -> None:
    backend = ScriptedBackend(itertools.count())
    assert [(await backend.complete(request())).text for _ in range(3)] == ["0", "1", "2"]


async def test_a_script_that_is_used_up_says_how_many_requests_came() -> None:
    backend = ScriptedBackend(["1", "2"])
    for _ in range(2):
        await backend.complete(request())
    with pytest.raises(ScriptExhausted, match="request 3 came, and the script has 2 answers") as caught:
        await backend.complete(request())
    assert isinstance(caught.value, QwenStructuredError)
    assert not caught.value.retryable


async def test_a_stream_comes_in_several_pieces() -> None:
    *pieces, completion = [piece async for piece in ScriptedBackend(["0123456789"]).stream(request())]
    assert pieces == ["0123", "4567", "89"]
    assert isinstance(completion, Completion)


# --- requests ------------------------------------------------------------------------------------


async def test_the_requests_are_kept_in_order() -> None:
    backend = ScriptedBackend(lambda _: "ok")
    asked = [request(seed=seed) for seed in range(3)]
    for one in asked:
        await backend.complete(one)
    assert backend.requests == asked


# --- under a generator ---------------------------------------------------------------------------


async def test_a_wrong_answer_is_asked_again_with_what_was_wrong() -> None:
    backend = ScriptedBackend([{"nom": "Ada"}, {"name": "Ada"}])
    assert await StructuredGenerator(backend=backend).agenerate(Person, "Who?") == Person(name="Ada")
    assert "name" in backend.requests[1].messages[-1].content
    assert backend.requests[1].messages[-1].content != backend.requests[0].messages[-1].content


async def test_the_end_of_the_script_is_no_reason_to_ask_again() -> None:
    backend = ScriptedBackend(["not JSON"])
    with pytest.raises(ScriptExhausted, match="request 2 came"):
        await StructuredGenerator(backend=backend).agenerate(Person, "Who?", max_attempts=5)
    assert len(backend.requests) == 2


async def test_code_that_handles_failures_meets_them() -> None:
    cut = ScriptedBackend([COMPLETION])
    with pytest.raises(OutputTruncated):
        await StructuredGenerator(backend=cut).agenerate(list[int], "Which?")
    wrong = ScriptedBackend(lambda _: "no")
    with pytest.raises(AttemptsExhausted):
        await StructuredGenerator(backend=wrong).agenerate(int, "How many?", max_attempts=2)


async def test_what_it_says_it_can_do_is_the_test_s_to_say() -> None:
    able = ScriptedBackend(lambda _: {"name": "Ada"}, capabilities=Capabilities())
    result = await StructuredGenerator(backend=able).agenerate_result(Person, "Who?", seed=1)
    assert Fidelity.CHECKED not in {finding.fidelity for finding in result.fidelity}
    unable = ScriptedBackend(lambda _: {"name": "Ada"})
    with pytest.raises(UnsupportedOption, match="no seed"):
        await StructuredGenerator(backend=unable).agenerate(Person, "Who?", seed=1)
    assert unable.requests == []


def test_it_serves_the_sync_verbs() -> None:
    with StructuredGenerator(backend=ScriptedBackend([{"name": "Ada"}])) as generator:
        assert generator.generate(Person, "Who?").name == "Ada"


# --- import --------------------------------------------------------------------------------------


def test_the_scripted_backend_needs_no_pytest() -> None:
    code = "import sys, qwen_structured.testing; sys.exit('pytest' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
