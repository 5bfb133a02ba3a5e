"""Nested lists: read an order with its lines, and compute with the typed values.

Run it with ``python examples/nested_lists.py``.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from qwen_structured import generate

TEXT = """\
Dear Hannah Weber,

here comes invoice INV-2047 for:
- 12 x recycled paper at 4.90
- 3 x desk lamp at 39.50
- 40 x ring binder at 2.15

Kind regards,
Brightleaf Supplies
"""

Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Line(BaseModel):
    quantity: int = Field(ge=1, description="how many")
    description: str = Field(description="what was sold")
    unit_price: Money = Field(description="price of one")


class Bill(BaseModel):
    customer: str
    lines: list[Line] = Field(min_length=1, max_length=10)


def main() -> None:
    bill = generate(Bill, TEXT)
    print(f"bill for {bill.customer}")
    for line in bill.lines:
        print(f"{line.quantity:4} x {line.description:20} {line.quantity * line.unit_price:10.2f}")
    print(f"{'total':27}{sum(line.quantity * line.unit_price for line in bill.lines):10.2f}")


if __name__ == "__main__":
    main()
