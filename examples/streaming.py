"""Streaming: the lines of a bill, each as soon as the model has written it, and the sum at the end.

Run it with ``python examples/streaming.py``.
"""

from decimal import Decimal

from pydantic import BaseModel, Field

from qwen_structured import stream

TEXT = """\
Bill for Ana Costa
3 x desk lamp at 39.50
1 x office chair at 120.00
2 x ring binder at 4.25
"""


class Line(BaseModel):
    quantity: int = Field(ge=1, le=99)
    description: str = Field(max_length=40)
    unit_price: Decimal = Field(ge=0, decimal_places=2)


def main() -> None:
    with stream(list[Line], f"List the lines of the bill.\n\n{TEXT}", max_output_tokens=400) as lines:
        for line in lines.items():
            print(f"{line.quantity:3} x {line.description:20} {line.unit_price:8}")
        result = lines.result()
    print(f"{sum(line.quantity * line.unit_price for line in result.value)} in all")


if __name__ == "__main__":
    main()
