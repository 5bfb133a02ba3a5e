"""Log-probabilities and times that a server tells: picked out of its answers, and never taken for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from math import log
from typing import Any, Literal

import pytest
from tests.server.fake_vllm import FakeVLLM

from qwen_structured import Message, ProtocolError, StructuredGenerator, UnsupportedOption
from qwen_structured.backends.server import ServerBackend
from qwen_structured.backends.server.logprobs import after_mask, of_answer
from qwen_structured.backends.server.wire import Likely, Score
from qwen_structured.protocols import Completion, Request
from qwen_structured.schema import lower

pytestmark = pytest.mark.anyio
REQUEST = Request(
    messages=(Message("user", "How many?"),),
    grammar=lower({"type": "integer", "minimum": 10, "maximum": 19}).grammar,
    logprobs=True,
)
FORMS = pytest.mark.parametrize("form", ["whole", "streamed", "stream"])


@asynccontextmanager
async def backend(server: FakeVLLM, **options: Any) -> AsyncIterator[ServerBackend]:
    async with aclosing(ServerBackend(options={"base_urls": [server.url], **options})) as made:
        yield made


async def completed(server: FakeVLLM, form: str, request: Request = REQUEST, **options: Any) -> Completion:
    """The completion of a request in one of the forms that answers come in."""
    async with backend(server, stream_answers=form == "streamed", **options) as one:
        if form != "stream":
            return await one.complete(request)
        *_, last = [answer async for answer in one.stream(request)]
        assert isinstance(last, Completion)
        return last


# --- probabilities -------------------------------------------------------------------------------


@FORMS
async def test_each_token_of_the_answer_has_its_probability(server: FakeVLLM, form: str) -> None:
    completion = await completed(server, form)
    assert completion.logprobs is not None
    first, second = completion.logprobs.tokens
    assert (first.text, second.text) == tuple(completion.text)
    assert first.logprob == 0, "there is no other first digit"
    assert second.logprob == pytest.approx(-log(10))
    assert completion.logprobs.after_mask is True


@FORMS
async def test_reasoning_is_no_part_of_the_answer(server: FakeVLLM, form: str) -> None:
    server.reasons = True
    completion = await completed(
        server,
        form,
        Request(messages=REQUEST.messages, grammar=REQUEST.grammar, logprobs=True, enable_thinking=True),
    )
    assert completion.reasoning
    assert completion.logprobs is not None
    assert "".join(token.text for token in completion.logprobs.tokens) == completion.text


@FORMS
async def test_an_answer_in_the_place_of_reasoning_has_its_probabilities(server: FakeVLLM, form: str) -> None:
    server.in_reasoning = True
    completion = await completed(server, form)
    assert completion.logprobs is not None
    assert len(completion.logprobs.tokens) == 2


async def test_probabilities_before_the_mask_are_told_to_be_such(server: FakeVLLM) -> None:
    server.logprobs = "before"
    completion = await completed(server, "whole")
    assert completion.logprobs is not None
    assert completion.logprobs.after_mask is False


@pytest.mark.parametrize(
    ("given", "said"), [("logits", "logits in their place"), ("none", "leaves them out")]
)
async def test_a_server_that_gives_none_is_refused(
    server: FakeVLLM, given: Literal["logits", "none"], said: str
) -> None:
    server.logprobs = given
    with pytest.raises(UnsupportedOption, match=f"{said}.*--logprobs-mode raw_logprobs"):
        await completed(server, "whole")


@FORMS
async def test_probabilities_of_another_text_are_refused(server: FakeVLLM, form: str) -> None:
    server.logprobs = "askew"
    with pytest.raises(ProtocolError, match="do not spell '1"):
        await completed(server, form)


async def test_what_they_are_among_is_not_known_where_grammars_are_not_enforced(server: FakeVLLM) -> None:
    server.dialects = ()
    request = Request(
        messages=REQUEST.messages, grammar=REQUEST.grammar, schema={"type": "integer"}, logprobs=True
    )
    completion = await completed(server, "whole", request, fallback="response_format")
    assert completion.logprobs is not None
    assert completion.logprobs.after_mask is None


async def test_a_server_is_asked_what_they_are_once_and_only_by_those_who_want_them(server: FakeVLLM) -> None:
    async with backend(server) as one:
        await one.complete(Request(messages=REQUEST.messages, grammar=REQUEST.grammar))
        assert not any("logprobs" in body for body in server.requests)
        for _ in range(2):
            await one.complete(REQUEST)
    assert sum("top_logprobs" in body for body in server.requests) == 1


def test_a_result_has_its_confidence(server: FakeVLLM) -> None:
    one = ServerBackend(options={"base_urls": [server.url]})
    with StructuredGenerator(backend=one, logprobs=True) as generator:
        result = generator.generate_result(Literal[1, 2, 3, 4], "x")
    assert result.confidence == {"": pytest.approx(0.25)}


# --- tokens --------------------------------------------------------------------------------------


def scores(*texts: str | bytes) -> list[Score]:
    return [
        Score(token=text.decode(errors="replace"), logprob=-1, bytes=list(text))
        if isinstance(text, bytes)
        else Score(token=text, logprob=-1)
        for text in texts
    ]


@pytest.mark.parametrize(
    ("written", "text", "ended", "found"),
    [
        (scores("4", "2", "</s>"), "42", True, ["4", "2"]),
        (scores("4", "2"), "42", False, ["4", "2"]),
        (scores("4", "2"), "42", True, ["4", "2"]),
        (scores("1", "</think>", "\n1", "</s>"), "1", True, ["1"]),
        (scores("s", "</s>"), "s", True, ["s"]),
        (scores('"', "", "", "日", '"', "</s>"), '"日"', True, ['"', "", "", "日", '"']),
        (scores(b'"', b"\xe6", b"\x97", b'\xa5"', b"</s>"), '"日"', True, ['"', "", "", '日"']),
        (scores('"', "", '\ufffd"', "</s>"), '"é"', True, ['"', "", 'é"']),
        (scores("", "é", "</s>"), "é", True, ["", "é"]),
        (scores("4", "</s>", ""), "4", True, ["4"]),
        (scores("</s>"), "", True, []),
        ([], "", False, []),
        (scores("4", "3"), "42", True, None),
        ([], "42", False, None),
    ],
)  # fmt: skip
def test_the_tokens_of_the_answer_are_found(
    written: list[Score], text: str, ended: bool, found: list[str] | None
) -> None:
    tokens = of_answer(written, text, ended=ended)
    assert (None if tokens is None else [token.text for token in tokens]) == found


@pytest.mark.parametrize(
    ("end", "second", "after"),
    [
        (0.0, -9999.0, True),
        (-0.3, -1.4, False),
        (-0.0001, -9.2, False),
        (12.5, -9999.0, None),
        (7.5, 3.0, None),
    ],
)
def test_the_end_of_a_canary_shows_what_probabilities_are_among(
    end: float, second: float, after: bool | None
) -> None:
    likely = [Likely(token="</s>", logprob=end), Likely(token="x", logprob=second)]
    assert after_mask(Score(token="</s>", logprob=end, top_logprobs=likely)) is after


# --- times ---------------------------------------------------------------------------------------


@FORMS
async def test_the_times_that_the_engine_tells_are_taken(server: FakeVLLM, form: str) -> None:
    server.times = {"queue_time_ms": 60_000.0, "time_to_first_token_ms": 250.0, "mean_itl_ms": 4.0}
    timings = (await completed(server, form)).timings
    assert (timings.first_token_s, timings.per_token_s) == (0.25, 0.004)
    assert timings.queue_s is not None
    assert timings.queue_s >= 60


async def test_without_them_a_stream_has_its_own(server: FakeVLLM) -> None:
    server.step_s = 0.002
    streamed, whole = [(await completed(server, form)).timings for form in ("stream", "whole")]
    assert streamed.first_token_s
    assert streamed.per_token_s
    assert (whole.first_token_s, whole.per_token_s) == (None, None)
