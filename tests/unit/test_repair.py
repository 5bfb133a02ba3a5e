"""Failing parts of an answer are asked for alone, where that can be done."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, model_validator

from qwen_structured import (
    AttemptsExhausted,
    BackendUnavailable,
    Completion,
    Message,
    OutputInvalid,
    PromptTooLong,
    StructuredGenerator,
    UnsupportedSchema,
    Usage,
)
from qwen_structured.backends.embedded import EmbeddedBackend
from qwen_structured.protocols import Capabilities, Logprobs, TokenLogprob
from qwen_structured.schema import OutputSchema
from qwen_structured.schema.patch import span_of
from qwen_structured.testing import ScriptedBackend

pytestmark = pytest.mark.anyio
USER = Message("user", "An order.")


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("it has to be even")
    return value


Even = Annotated[int, AfterValidator(_even)]


class Address(BaseModel):
    street: str
    number: Even


class Line(BaseModel):
    name: str
    count: Even
    price: Decimal = Field(ge=0, decimal_places=2)


class Span(BaseModel):
    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.first > self.last:
            raise ValueError("first comes first")
        return self


class Order(BaseModel):
    customer: str
    note: str
    lines: list[Line]
    home: Address
    work: Address | None
    weeks: Span

    @model_validator(mode="after")
    def _is_one_customers(self) -> "Order":
        if self.customer == self.note:
            raise ValueError("the note is the customer")
        return self


def order(**changes: Any) -> dict[str, Any]:
    lines = [{"name": f"thing {i}", "count": 2 * i, "price": "1.50"} for i in range(3)]
    home = {"street": "Elm Street", "number": 2}
    whole = {"customer": "Ada", "note": "by noon, at the back door", "lines": lines, "home": home}
    return {**whole, "work": None, "weeks": {"first": 1, "last": 2}, **changes}


def wrong_line(count: int = 3) -> dict[str, Any]:
    lines = order()["lines"]
    lines[1]["count"] = count
    return order(lines=lines)


def scripted(*answers: Any, grammar: bool = True) -> ScriptedBackend:
    return ScriptedBackend(answers, capabilities=Capabilities(grammar=grammar))


async def ask(backend: ScriptedBackend, output_type: Any = Order, **options: Any) -> Any:
    return await StructuredGenerator(backend=backend, **options).agenerate_result(output_type, [USER])


# --- what is asked -------------------------------------------------------------------------------


async def test_the_failing_part_is_asked_for_alone_with_the_rest_as_context() -> None:
    backend = scripted(wrong_line(), {"lines[1].count": 4})
    result = await ask(backend)
    first, repair = backend.requests
    assert result.value.lines[1].count == 4
    assert [one.kind for one in result.attempts] == ["first", "repair"]
    assert result.attempts[1].repaired == ("lines[1].count",)
    assert repair.messages[: len(first.messages)] == first.messages, "so that servers can cache it"
    answer, complaint = repair.messages[len(first.messages) :]
    assert answer == Message("assistant", json.dumps(wrong_line(), separators=(",", ":")))
    assert "- lines[1].count: Value error, it has to be even (was 3)" in complaint.content
    assert complaint.content.endswith('of this type:\n{\n  "lines[1].count": integer\n}')
    assert repair.grammar is not None
    assert '"lines[1].count"' in repair.grammar.replace("\\", "")
    assert repair.schema is not None


async def test_all_else_stays_as_it_was_written_to_the_byte() -> None:
    text = (
        '{ "customer" : "Ad\\u0061", "note": "né", "lines":[{"name":"x","count":1,"price":"1.50"}],'
        '"home":{"street":"s","number":2},"work":null,"weeks":{"first":1,"last":2}}'
    )
    result = await ask(scripted(text, '{"lines[0].count": 20}'))
    assert result.text == text.replace('"count":1', '"count":20')
    assert result.completion.text == '{"lines[0].count": 20}'


async def test_several_parts_are_repaired_in_one_request() -> None:
    home = {"street": "Elm Street", "number": 7}
    backend = scripted(
        order(home=home, work=home, weeks={"first": 3, "last": 2}),
        {"home.number": 8, "work.number": 10, "weeks": {"first": 1, "last": 9}},
    )
    result = await ask(backend)
    assert (result.value.home.number, result.value.work.number, result.value.weeks.last) == (8, 10, 9)
    assert len(backend.requests) == 2


async def test_a_part_may_be_missing_from_a_union() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]
        lives: Even

    class Dog(BaseModel):
        kind: Literal["dog"]
        age: Even
        name: str

    kind = list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    backend = scripted([{"kind": "dog", "age": 3, "name": "Rex the Great"}], {"[0].age": 4})
    assert (await ask(backend, kind)).value == [Dog(kind="dog", age=4, name="Rex the Great")]


async def test_a_json_schema_is_repaired_too() -> None:
    lowered = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"$ref": "#/$defs/b"}}}
    unique = {"type": "array", "uniqueItems": True, "items": {"type": "integer"}, "minItems": 9}
    schema = {**lowered, "required": ["a", "b"], "$defs": {"b": unique}}
    backend = scripted({"a": "x" * 90, "b": [1] * 9}, {"b": list(range(9))})
    assert (await ask(backend, schema)).value == {"a": "x" * 90, "b": list(range(9))}
    assert [message.role for message in backend.requests[1].messages][-2:] == ["assistant", "user"]


@pytest.mark.parametrize("form", ["sketch", "json", "off"])
async def test_the_part_is_shown_as_the_whole_was(form: Literal["sketch", "json", "off"]) -> None:
    backend = scripted(wrong_line(), {"lines[1].count": 4})
    await ask(backend, schema_in_prompt=form)
    said = backend.requests[1].messages[-1].content
    assert ("of this type" in said, "valid against" in said) == (form == "sketch", form == "json")


async def test_a_backend_that_can_go_on_from_a_text_writes_the_part_in_its_place() -> None:
    can = Capabilities(prefix=True)
    wrong = json.dumps(wrong_line(), separators=(",", ":"))
    before, _, behind = wrong.partition("3,")
    backend = ScriptedBackend([wrong, f"{before}44,{behind[:15]}"], capabilities=can)
    result = await ask(backend)
    first, repair = backend.requests
    assert result.value.lines[1].count == 44
    assert result.text == wrong.replace('"count":3', '"count":44')
    assert result.attempts[1].repaired == ("lines[1].count",)
    assert (repair.prefix, repair.schema) == (before.removesuffix(',"count":'), None)
    assert repair.messages[:-1] == first.messages[:-1]
    assert repair.messages[-1].content.startswith(first.messages[-1].content)


def rewritten(wrong: str, number: int, instead: int) -> str:
    """What is written in place of a house number: the text up to it, and the characters behind it again."""
    before, _, behind = wrong.partition(f'"number":{number}')
    return f'{before}"number":{instead}{behind[:16]}'


def two_homes(home: int, work: int) -> str:
    numbers = {"home": home, "work": work}
    addresses = {name: {"street": "Elm Street", "number": number} for name, number in numbers.items()}
    return json.dumps(order(**addresses), separators=(",", ":"))


async def test_in_place_parts_are_repaired_one_after_the_other() -> None:
    wrong, half = two_homes(7, 9), two_homes(8, 9)
    answers = [wrong, rewritten(wrong, 7, 8), rewritten(half, 9, 6)]
    result = await ask(ScriptedBackend(answers, capabilities=Capabilities(prefix=True)), max_attempts=3)
    assert [one.repaired for one in result.attempts] == [(), ("home.number",), ("work.number",)]
    assert [one.text for one in result.attempts] == [wrong, half, two_homes(8, 6)]


async def test_in_place_more_parts_than_attempts_are_asked_for_as_a_whole() -> None:
    backend = ScriptedBackend([two_homes(7, 9), order()], capabilities=Capabilities(prefix=True))
    assert [one.kind for one in (await ask(backend, max_attempts=2)).attempts] == ["first", "re-ask"]


async def test_in_place_a_part_that_stays_wrong_is_asked_for_with_the_whole() -> None:
    wrong = two_homes(7, 9)
    answers = [wrong, rewritten(wrong, 7, 7), order()]
    result = await ask(ScriptedBackend(answers, capabilities=Capabilities(prefix=True)), max_attempts=3)
    assert [one.kind for one in result.attempts] == ["first", "repair", "re-ask"]


# --- when the whole is asked for -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "backend", "options"),
    [
        (order(customer="x", note="x"), scripted, {}),
        (order(lines=[{"name": "x", "count": 3, "price": "1" * 200}], note="", weeks={"first": 3, "last": 2}),
         scripted, {"repair": False}),
        (wrong_line(), lambda *answers: scripted(*answers, grammar=False), {}),
        (wrong_line(), scripted, {"repair": False}),
    ],
    ids=["a rule of the whole", "most is wrong", "not constrained", "switched off"],
)  # fmt: skip
async def test_the_whole_is_asked_for_again(
    wrong: Any, backend: Callable[..., ScriptedBackend], options: dict[str, Any]
) -> None:
    result = await ask(backend(wrong, order()), **options)
    assert [one.kind for one in result.attempts] == ["first", "re-ask"]
    assert result.ledger.saved_output_tokens == 0


async def test_where_most_is_wrong_the_whole_is_asked_for_again() -> None:
    result = await ask(scripted([1, 3, 5, 2], [0, 2, 4, 6]), list[Even])
    assert result.attempts[1].kind == "re-ask"


async def test_a_repair_that_did_not_help_is_followed_by_a_re_ask() -> None:
    backend = scripted(wrong_line(), {"lines[1].count": 5}, order())
    result = await ask(backend)
    assert [one.kind for one in result.attempts] == ["first", "repair", "re-ask"]
    assert result.attempts[1].text == json.dumps(wrong_line(5), separators=(",", ":"))
    assert "(was 5)" in backend.requests[2].messages[-1].content
    assert backend.requests[2].grammar == backend.requests[0].grammar


async def test_what_shows_after_a_repair_is_repaired_too() -> None:
    wrong = wrong_line() | {"customer": "x", "note": "x"}
    backend = scripted(wrong, {"lines[1].count": 4}, order())
    result = await ask(backend)
    assert [one.kind for one in result.attempts] == ["first", "repair", "re-ask"]
    wrong_twice = wrong_line() | {"home": {"street": "s", "number": 3}}
    backend = scripted(wrong_twice, {"lines[1].count": 4, "home.number": 3}, order())
    assert [one.kind for one in (await ask(backend)).attempts] == ["first", "repair", "re-ask"]


@pytest.mark.parametrize("text", ["Sure!", "{}", "[]", '{"lines[1].count": 4', "7"])
async def test_a_repair_that_is_none_is_followed_by_a_re_ask(text: str) -> None:
    result = await ask(scripted(wrong_line(), text, order()))
    assert [one.kind for one in result.attempts] == ["first", "repair", "re-ask"]


@pytest.mark.parametrize(
    "failure",
    [
        PromptTooLong(3000, 2048),
        UnsupportedSchema("the decoder cannot enforce this grammar"),
        Completion(text='{"li', finish_reason="length", usage=Usage(9, 9), model="scripted"),
    ],
)
async def test_a_repair_that_cannot_be_made_is_followed_by_a_re_ask(failure: Any) -> None:
    backend = scripted(wrong_line(), failure, order())
    result = await ask(backend, max_attempts=3)
    assert [one.kind for one in result.attempts] == ["first", "repair", "re-ask"]
    assert "lines[1].count" in backend.requests[2].messages[-1].content, "it says what was refused"


async def test_a_prompt_that_is_too_long_without_a_repair_ends_the_call() -> None:
    with pytest.raises(PromptTooLong):
        await ask(scripted(PromptTooLong(3000, 2048), order()))


async def test_a_repair_is_retried_where_the_deployment_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_sleep(_: float) -> None: ...

    monkeypatch.setattr("anyio.sleep", no_sleep)
    backend = scripted(wrong_line(), BackendUnavailable("gone"), {"lines[1].count": 4})
    result = await ask(backend)
    assert [one.kind for one in result.attempts] == ["first", "repair", "retry"]
    assert result.attempts[2].repaired == ("lines[1].count",)
    assert backend.requests[1] == backend.requests[2]


async def test_repairs_count_as_attempts() -> None:
    with pytest.raises(AttemptsExhausted) as caught:
        await ask(scripted(wrong_line(), {"lines[1].count": 5}), max_attempts=2)
    assert isinstance(caught.value.__cause__, OutputInvalid)
    assert caught.value.ledger.repairs == 1


# --- what it saves -------------------------------------------------------------------------------


def completion(text: Any, tokens: int, *logprobs: tuple[str, float]) -> Completion:
    written = text if isinstance(text, str) else json.dumps(text, separators=(",", ":"))
    return Completion(
        text=written,
        finish_reason="stop",
        usage=Usage(100, tokens),
        model="scripted",
        logprobs=Logprobs(tokens=tuple(TokenLogprob(*one) for one in logprobs), after_mask=True)
        if logprobs
        else None,
    )


async def test_the_ledger_has_the_tokens_that_were_saved() -> None:
    result = await ask(scripted(completion(wrong_line(), 90), completion({"lines[1].count": 4}, 12)))
    assert (result.ledger.repairs, result.ledger.saved_output_tokens) == (1, 78)
    assert result.usage == Usage(200, 102)


async def test_confidence_is_that_of_what_was_written_last() -> None:
    backend = ScriptedBackend(
        [
            completion('{"a":"long text here","b":3}', 9, ('{"a":"long text here"', -1.0), (',"b":3}', -5.0)),
            completion('{"b":4}', 3, ('{"b":', 0.0), ("4}", -0.5)),
        ],
        capabilities=Capabilities(logprobs=True),
    )

    class Pair(BaseModel):
        a: str
        b: Even

    result = await ask(backend, Pair, logprobs=True)
    assert result.confidence == pytest.approx({"a": 0.36787944, "b": 0.60653066})


# --- on a real model -----------------------------------------------------------------------------


async def test_a_real_model_writes_the_part_and_nothing_else(random_model_folder: Path) -> None:
    """It has random weights, so that only the grammar can make it write an object of the right form."""
    refused: list[int] = []

    def second_thoughts(value: int) -> int:
        refused.append(value)
        if len(refused) == 1:
            raise ValueError("not yet")
        return value

    class Row(BaseModel):
        flags: list[bool] = Field(min_length=20, max_length=20)
        size: Annotated[int, Field(ge=10, le=99), AfterValidator(second_thoughts)]

    async with StructuredGenerator(backend=EmbeddedBackend(str(random_model_folder))) as generator:
        result = await generator.agenerate_result(Row, "x", temperature=1.0, seed=1)
    first, repair = result.attempts
    assert first.completion is not None
    assert repair.completion is not None
    assert repair.kind == "repair"
    assert repair.completion.text == result.text, "it goes on from what stands before the part"
    before, after = json.loads(first.text), json.loads(result.text)
    assert (before["flags"], refused) == (after["flags"], [before["size"], after["size"]])
    assert repair.completion.usage.output_tokens == len(',"size":10}') + 1, "the key, two digits, the end"
    saved = first.completion.usage.output_tokens - repair.completion.usage.output_tokens
    assert result.ledger.saved_output_tokens == saved > 0


# --- places in a text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "steps", "found"),
    [
        ('{"a":1}', ("a",), "1"),
        ('{"a":1,"a":2}', ("a",), "2"),
        (' { "a" : [ 1 , {"b" : "x,]}" } ] } ', ("a", 1, "b"), '"x,]}"'),
        ('{"\\u0061":{}}', ("a",), "{}"),
        ("[[],[]]", (1,), "[]"),
        ("12", (), "12"),
        ("[1]", (1,), None),
        ("{}", ("a",), None),
        ("[1]", ("a",), None),
        ('"abc"', (0,), None),
        ("[1", (0,), None),
        ("", (), None),
    ],
)
def test_a_part_is_found_in_the_text(text: str, steps: tuple[int | str, ...], found: str | None) -> None:
    span = span_of(text, steps)
    assert (text[slice(*span)] if span else None) == found


def test_a_schema_that_refers_to_its_root_is_not_taken_apart() -> None:
    schema = {"type": "object", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}}
    assert OutputSchema.of(schema).patch('{"next":{"n":1},"n":2}', [("next",)]) is None
