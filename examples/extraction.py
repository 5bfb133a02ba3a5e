"""Extraction: read a typed value out of a text, and see what the decoder enforced of its type.

Run it with ``python examples/extraction.py``.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from qwen_structured import generate_result

TEXT = """\
Order confirmation ORD-48213

Hello Hannah Weber,
thank you for your order of 14 March 2026. Contents:
- 3 x desk lamp
Total: 118.50
Shipping: express delivery
"""


class Order(BaseModel):
    number: str = Field(pattern=r"^ORD-\d{5}$", description="the order's number")
    placed: date = Field(description="the day on which the order was made")
    customer: str = Field(max_length=40, description="the person who orders")
    total: Decimal = Field(ge=0, decimal_places=2, description="amount of the whole order")
    shipping: Literal["standard", "express", "pickup"]


def main() -> None:
    result = generate_result(Order, TEXT)
    print(result.value.model_dump_json(indent=2))
    for finding in result.fidelity:
        print(f"{finding.path or 'all':8} {finding.constraint:44} {finding.fidelity} {finding.why}".rstrip())


if __name__ == "__main__":
    main()
