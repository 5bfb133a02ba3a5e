"""The type that is asked for, with a rule that only a validator checks."""

from __future__ import annotations

from pydantic import BaseModel, Field, field_validator


class Line(BaseModel):
    article: str
    count: int
    price: int


class Order(BaseModel):
    number: int
    customer: str
    lines: list[Line] = Field(max_length=9)
    total: int

    @field_validator("total")
    @classmethod
    def _is_positive(cls, value: int) -> int:
        if value <= 0:
            raise ValueError("a total is above 0")
        return value
