"""What to read out of an invoice.

Run it with ``make demo`` in the repository's root, or here with::

    qwen-structured generate --type invoice:Invoice - < invoice.txt
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Line(BaseModel):
    quantity: int = Field(ge=1, description="how many")
    description: str = Field(description="what was sold")
    unit_price: Money = Field(description="price of one")


class Party(BaseModel):
    name: str
    email: str | None


class Invoice(BaseModel):
    number: str = Field(pattern=r"^INV-\d{4}$", description="the invoice's number")
    issued: date = Field(description="the day of issue")
    due: date | None = Field(description="the day by which to pay")
    vendor: Party
    customer: Party
    lines: list[Line]
    total: Money = Field(description="what has to be paid")
    currency: Literal["EUR", "USD", "GBP"]
    paid: bool = Field(description="whether it has been paid")
