"""Code: read the signature of a Python function into a typed object.

Run it with ``python examples/code_signature.py``.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from qwen_structured import generate

CODE = '''\
async def fetch_orders(client: Client, limit: int, since: date | None) -> list[Order]:
    """Load the orders of a customer."""
    ...
'''

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


@dataclass
class Parameter:
    name: Identifier
    type: str


@dataclass
class Signature:
    name: Identifier
    parameters: list[Parameter]
    return_type: str
    is_async: bool

    def __str__(self) -> str:
        parameters = ", ".join(f"{one.name}: {one.type}" for one in self.parameters)
        return f"{'async ' * self.is_async}def {self.name}({parameters}) -> {self.return_type}"


def main() -> None:
    signature = generate(Signature, f"Parse this function.\n\n{CODE}")
    print(signature)
    for parameter in signature.parameters:
        print(f"  {parameter.name} has the type {parameter.type}")


if __name__ == "__main__":
    main()
