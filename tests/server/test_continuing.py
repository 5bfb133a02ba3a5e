"""Going on within an answer over HTTP: a continuation, and a repair in its own place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, field_validator
from tests.server.fake_vllm import FakeVLLM

from qwen_structured import InvalidPrompt, OutputTruncated, StructuredGenerator, UnsupportedOption
from qwen_structured.backends.server import ServerBackend
from qwen_structured.protocols import Message, Request
from qwen_structured.schema import lower

pytestmark = pytest.mark.anyio
Flags = Annotated[list[bool], Field(min_length=6, max_length=6)]


@pytest.fixture
def server() -> Iterator[FakeVLLM]:
    with FakeVLLM().running() as running:
        yield running


def generator(server: FakeVLLM, **options: Any) -> StructuredGenerator:
    streams = options.pop("stream_answers", False)
    backend = ServerBackend(None, {"base_urls": server.url, "stream_answers": streams})
    return StructuredGenerator(backend=backend, **options)


def asked(server: FakeVLLM) -> list[dict[str, Any]]:
    return [body for body in server.requests if body["messages"][0]["content"] != "Say hello."]


@pytest.mark.parametrize("stream_answers", [False, True])
async def test_an_answer_that_was_cut_off_is_gone_on_with(server: FakeVLLM, *, stream_answers: bool) -> None:
    one = generator(server, max_output_tokens=12, max_continuations=5, stream_answers=stream_answers)
    result = await one.agenerate_result(Flags, "x")
    assert len(result.value) == 6
    first, *rest = asked(server)
    assert "continue_final_message" not in first
    assert [attempt.kind for attempt in result.attempts] == ["first"] + ["continuation"] * len(rest)
    texts = [attempt.text for attempt in result.attempts]
    for body, before, after in zip(rest, texts, texts[1:], strict=False):
        assert body["messages"][-1] == {"role": "assistant", "content": before}
        assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
        assert after.startswith(before)
    assert result.usage.output_tokens == len(result.text) + 1, "nothing is written twice"


async def test_a_stream_goes_on_behind_what_it_gave(server: FakeVLLM) -> None:
    one = generator(server, max_output_tokens=12, max_continuations=5)
    async with one.astream(Flags, "x") as stream:
        items = [item async for item in stream.items()]
        result = await stream.result()
    assert items == result.value
    assert len(result.attempts) > 1


async def test_without_continuations_it_ends_there(server: FakeVLLM) -> None:
    with pytest.raises(OutputTruncated):
        await generator(server, max_output_tokens=12).agenerate(Flags, "x")
    assert len(asked(server)) == 1


class Sheet(BaseModel):
    before: Annotated[list[bool], Field(min_length=4, max_length=4)]
    word: Annotated[str, Field(pattern="^[ab]{2}$")]
    behind: Annotated[list[bool], Field(min_length=4, max_length=4)]

    @field_validator("word")
    @classmethod
    def _is_not_the_first(cls, word: str) -> str:
        words.append(word)
        if len(words) == 1:
            raise ValueError("another, please")
        return word


words: list[str] = []


async def test_a_failing_part_is_written_anew_in_its_own_place(server: FakeVLLM) -> None:
    words.clear()
    result = await generator(server).agenerate_result(Sheet, "x")
    assert [attempt.kind for attempt in result.attempts] == ["first", "repair"]
    first, repair = asked(server)
    before = json.dumps(json.loads(result.attempts[0].text)["before"], separators=(",", ":"))
    assert repair["messages"][-1] == {"role": "assistant", "content": f'{{"before":{before}'}
    assert "another, please" in repair["messages"][-2]["content"]
    old, new = (json.loads(attempt.text) for attempt in result.attempts)
    assert (old["before"], old["behind"]) == (new["before"], new["behind"])
    assert result.ledger.saved_output_tokens > 0
    assert repair["messages"][0] == first["messages"][0], "the prefix that servers cache"


async def test_a_server_that_enforces_nothing_cannot_go_on(server: FakeVLLM) -> None:
    server.dialects = ()
    backend = ServerBackend(None, {"base_urls": server.url, "fallback": "response_format"})
    request = Request(messages=(Message("user", "x"),), grammar=lower(bool).grammar, schema={}, prefix="t")
    with pytest.raises(UnsupportedOption, match="cannot go on within an answer"):
        await backend.complete(request)


async def test_a_prefix_that_the_grammar_does_not_allow_is_not_sent(server: FakeVLLM) -> None:
    backend = ServerBackend(None, {"base_urls": server.url})
    request = Request(messages=(Message("user", "x"),), grammar=lower(bool).grammar, prefix="x")
    with pytest.raises(InvalidPrompt, match="does not allow"):
        await backend.complete(request)
    assert not asked(server)


async def test_a_prefix_counts_for_the_length_of_the_prompt(server: FakeVLLM) -> None:
    server.context_tokens = 600
    backend = ServerBackend(None, {"base_urls": server.url})
    text = '"' + "a" * 700
    request = Request(messages=(Message("user", "x"),), grammar=lower(str).grammar, prefix=text)
    with pytest.raises(InvalidPrompt, match="prompt"):
        await backend.complete(request)
