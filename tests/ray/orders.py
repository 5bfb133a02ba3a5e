"""A type that the actors import by its reference."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Order(BaseModel):
    item: Literal["lamp", "chair"]
    quantity: Literal[1, 2, 3]
