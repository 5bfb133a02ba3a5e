"""One request's way through a generator: what the backend is asked, and what comes back."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import anyio
import pytest
from pydantic import BaseModel, Field

from qwen_structured import (
    AttemptsExhausted,
    Backend,
    BackendUnavailable,
    Completion,
    ConfigurationError,
    Health,
    Message,
    Request,
    SettingsError,
    StructuredGenerator,
    UnsupportedOption,
    UnsupportedSchema,
    Usage,
)
from qwen_structured.protocols import Capabilities
from qwen_structured.schema import Fidelity, lower
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio


class Line(BaseModel):
    sku: str = Field(pattern="^[A-Z]{3}$")
    quantity: int


GOOD = '{"sku":"ABC","quantity":2}'
WRONG = '{"sku":"ABC","quantity":"two"}'


class Plain:
    """A backend of somebody else: it can do nothing beyond answering, and remembers what it was told."""

    name = "plain"
    capabilities = Capabilities(grammar=False, seed=False, thinking=False, streaming=False)

    def __init__(self) -> None:
        self.warmed: list[str] = []
        self.closed = 0

    async def complete(self, request: Request, /) -> Completion:
        return Completion(text=GOOD, finish_reason="stop", usage=Usage(10, 5), model="plain-1")

    async def stream(self, request: Request, /) -> AsyncIterator[str | Completion]:
        yield await self.complete(request)

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        self.warmed.extend(grammars)

    async def health(self) -> Health:
        return Health(state="ready", detail="as always")

    async def aclose(self) -> None:
        self.closed += 1


async def test_a_value_comes_of_a_type_and_a_prompt() -> None:
    generator = StructuredGenerator(backend=ScriptedBackend([GOOD]))
    assert await generator.agenerate(Line, "Two of ABC.") == Line(sku="ABC", quantity=2)


async def test_a_json_schema_gives_plain_data() -> None:
    generator = StructuredGenerator(backend=ScriptedBackend([GOOD]))
    assert await generator.agenerate(Line.model_json_schema(), "x") == {"sku": "ABC", "quantity": 2}


async def test_the_backend_is_asked_with_schema_prompt_grammar_and_options() -> None:
    backend = ScriptedBackend([GOOD], capabilities=Capabilities())
    generator = StructuredGenerator(backend=backend, temperature=0.5, top_p=0.9)
    await generator.agenerate(Line, "Two of ABC.", temperature=0.7, max_output_tokens=64, seed=3)
    (request,) = backend.requests
    assert "quantity: integer" in request.messages[0].content
    assert request.messages[1:] == (Message("user", "Two of ABC."),)
    assert request.grammar == lower(Line).grammar
    assert (request.temperature, request.top_p) == (0.7, 0.9)
    assert (request.max_output_tokens, request.seed, request.enable_thinking) == (64, 3, False)


async def test_options_of_the_generator_go_over_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_TEMPERATURE", "0.1")
    monkeypatch.setenv("QWEN_STRUCTURED_TOP_P", "0.2")
    backend = ScriptedBackend([GOOD])
    await StructuredGenerator(backend=backend, temperature=0.3).agenerate(Line, "x")
    assert (backend.requests[0].temperature, backend.requests[0].top_p) == (0.3, 0.2)


async def test_a_result_tells_how_the_value_came_about() -> None:
    backend = ScriptedBackend([GOOD], capabilities=Capabilities())
    result = await StructuredGenerator(backend=backend).agenerate_result(Line, "x")
    assert result.value == Line(sku="ABC", quantity=2)
    assert result.text == GOOD
    assert {finding.fidelity for finding in result.fidelity} == {Fidelity.EXACT}
    assert len(result.attempts) == 1
    assert result.duration_s >= result.attempts[0].duration_s > 0


async def test_a_wrong_answer_is_asked_again_and_its_tokens_count() -> None:
    backend = ScriptedBackend([WRONG, GOOD])
    result = await StructuredGenerator(backend=backend).agenerate_result(Line, "Two of ABC.")
    first, second = backend.requests
    assert second.messages[0] == first.messages[0], "what stands before stays, so that servers can cache it"
    assert second.messages[1].content.startswith(
        "Two of ABC.\n\nYour last answer was not valid:\n- quantity: "
    )
    first_completion, second_completion = (attempt.completion for attempt in result.attempts)
    assert first_completion is not None
    assert second_completion is result.completion
    assert result.usage == first_completion.usage + second_completion.usage


async def test_attempts_end_where_the_call_says() -> None:
    backend = ScriptedBackend([WRONG, WRONG, GOOD])
    with pytest.raises(AttemptsExhausted):
        await StructuredGenerator(backend=backend).agenerate(Line, "x", max_attempts=2)
    assert len(backend.requests) == 2


async def test_an_error_of_the_backend_comes_through() -> None:
    failure = BackendUnavailable("gone")
    with pytest.raises(BackendUnavailable) as caught:
        await StructuredGenerator(backend=ScriptedBackend([failure])).agenerate(Line, "x", max_retries=0)
    assert caught.value is failure


async def test_nothing_is_sent_when_the_type_or_an_option_is_wrong() -> None:
    backend = ScriptedBackend([GOOD])
    generator = StructuredGenerator(backend=backend)
    with pytest.raises(UnsupportedSchema):
        await generator.agenerate(Line(sku="ABC", quantity=1), "x")  # type: ignore[call-overload]
    with pytest.raises(SettingsError, match="'temprature' in the call"):
        await generator.agenerate(Line, "x", temprature=1)  # type: ignore[call-overload]
    assert not backend.requests


@pytest.mark.parametrize("option", [{"seed": 1}, {"enable_thinking": True}, {"logprobs": True}])
async def test_what_the_backend_cannot_do_is_refused(option: Any) -> None:
    generator = StructuredGenerator(backend=Plain())
    with pytest.raises(UnsupportedOption, match=f"backend 'plain' has no {next(iter(option))}"):
        await generator.agenerate(Line, "x", **option)


async def test_without_a_constrained_decoder_everything_is_only_checked() -> None:
    result = await StructuredGenerator(backend=Plain()).agenerate_result(Line, "x")
    assert {finding.fidelity for finding in result.fidelity} == {Fidelity.CHECKED}
    assert "does not constrain" in result.fidelity[0].why


async def test_many_requests_at_once_stay_apart() -> None:
    backend = ScriptedBackend([str(number) for number in range(32)])
    generator = StructuredGenerator(backend=backend)
    values: list[int] = []

    async def one() -> None:
        values.append(await generator.agenerate(int, "x"))

    async with anyio.create_task_group() as group:
        for _ in range(32):
            group.start_soon(one)
    assert sorted(values) == list(range(32))


async def test_warming_up_prepares_the_grammars_of_the_types() -> None:
    backend = Plain()
    await StructuredGenerator(backend=backend).awarm_up(Line, int)
    assert backend.warmed == [lower(Line).grammar, lower(int).grammar]


async def test_health_is_the_backends() -> None:
    assert (await StructuredGenerator(backend=Plain()).ahealth()).detail == "as always"


async def test_leaving_the_context_closes_the_backend() -> None:
    backend = Plain()
    async with StructuredGenerator(backend=backend) as generator:
        assert generator.backend is backend
    assert backend.closed == 1


def test_leaving_the_sync_context_closes_the_backend() -> None:
    backend = Plain()
    with StructuredGenerator(backend=backend) as generator:
        assert generator.generate(Line, "x").quantity == 2
        assert generator.health().state == "ready"
        generator.warm_up(int)
    assert (backend.closed, len(backend.warmed)) == (1, 1)


async def test_a_failure_inside_the_context_closes_the_backend_too() -> None:
    backend = Plain()
    with pytest.raises(ZeroDivisionError):
        async with StructuredGenerator(backend=backend):
            raise ZeroDivisionError
    assert backend.closed == 1


@pytest.mark.parametrize("backend", [5, Plain, object()])
def test_a_backend_that_is_none_is_refused(backend: Any) -> None:
    with pytest.raises(ConfigurationError, match="pass the name of one, or an object that is a Backend"):
        StructuredGenerator(backend=backend)


def test_a_model_beside_a_backend_of_ones_own_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="name it when you make the backend"):
        StructuredGenerator(backend=Plain(), model="4b")


def test_a_backend_needs_no_base_class() -> None:
    assert isinstance(Plain(), Backend)


async def test_a_type_that_is_partly_checked_can_be_refused() -> None:
    backend = ScriptedBackend([], capabilities=Capabilities())
    with pytest.raises(UnsupportedSchema, match=r"uniqueItems .*leave refuse_checked out"):
        await StructuredGenerator(backend=backend, refuse_checked=True).agenerate(set[int], "x")
    assert not backend.requests


async def test_fields_with_a_default_may_be_left_out_where_the_setting_says_so() -> None:
    class Tea(BaseModel):
        kind: str
        sugar: int = 0

    backend = ScriptedBackend(lambda _: '{"kind":"green"}', capabilities=Capabilities())
    generator = StructuredGenerator(backend=backend)
    for defaults in ("required", "optional"):
        assert await generator.agenerate(Tea, "green tea", defaults=defaults) == Tea(kind="green")
    required, optional = backend.requests
    assert required.grammar != optional.grammar
    assert "sugar?" in optional.messages[0].content
    assert "sugar?" not in required.messages[0].content
