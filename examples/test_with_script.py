"""Tests without a model: test a function that takes a ``Generator``, with answers from a script.

Run it with ``pytest examples/test_with_script.py``.
"""

import pytest
from pydantic import BaseModel, Field

from qwen_structured import AttemptsExhausted, Generator, StructuredGenerator
from qwen_structured.testing import ScriptedBackend


class Order(BaseModel):
    customer: str
    quantity: int = Field(ge=1)


def greeting(generator: Generator, text: str) -> str:
    """The function under test."""
    order = generator.generate(Order, text)
    return f"Dear {order.customer}, your {order.quantity} lamps are on their way."


def test_the_greeting_names_customer_and_quantity() -> None:
    backend = ScriptedBackend([{"customer": "Ana Costa", "quantity": 3}])
    said = greeting(StructuredGenerator(backend=backend), "Ana Costa ordered 3 desk lamps.")
    assert said == "Dear Ana Costa, your 3 lamps are on their way."


def test_a_wrong_answer_is_asked_again_with_what_was_wrong() -> None:
    wrong, right = {"customer": "Ana Costa", "quantity": 0}, {"customer": "Ana Costa", "quantity": 3}
    backend = ScriptedBackend([wrong, right])
    said = greeting(StructuredGenerator(backend=backend), "Ana Costa ordered 3 desk lamps.")
    assert "3 lamps" in said
    first, second = backend.requests
    assert "quantity" not in first.messages[-1].content
    assert "quantity" in second.messages[-1].content


def test_answers_that_stay_wrong_are_an_error() -> None:
    backend = ScriptedBackend(["no idea"] * 2)
    generator = StructuredGenerator(backend=backend, max_attempts=2)
    with pytest.raises(AttemptsExhausted, match="2 attempts"):
        greeting(generator, "Ana Costa ordered 3 desk lamps.")


if __name__ == "__main__":
    raise SystemExit(pytest.main([__file__]))
