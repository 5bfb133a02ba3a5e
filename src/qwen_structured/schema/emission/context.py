"""What the parts of the emission share: the rules, the shapes, and the way back to values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from ..ebnf import Rules, literal
from ..fidelity import Fidelity
from ..normalise import Normaliser

if TYPE_CHECKING:
    from ..shapes import Node


@dataclass(frozen=True)
class Tail:
    """What follows a value.

    Attributes:
        text: characters that come at once.
        rule: the rule of all that comes then; "" is nothing.
    """

    text: str = ""
    rule: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """The two as parts of a rule."""
        return literal(self.text), self.rule

    def after(self, text: str) -> Tail:
        """The tail that begins with a text before it."""
        return Tail(text + self.text, self.rule)


END: Final = Tail()


class WriteValue(Protocol):
    """Writes the rule of a node's values and their tail, and gives its name."""

    def __call__(self, node: Node, tail: Tail, /) -> str:
        """Write it once; the same node with the same tail has the same rule."""
        ...


@dataclass
class Context:
    """What the parts of the emission share.

    Attributes:
        normaliser: gives the shapes of nodes, and takes the findings.
        value: writes a value and its tail.
        rules: the grammar so far.
    """

    normaliser: Normaliser
    value: WriteValue
    rules: Rules = field(default_factory=Rules)
    _empty: dict[str, bool] = field(default_factory=dict)

    def find(self, path: str, constraint: str, fidelity: Fidelity, why: str = "") -> None:
        """Say what becomes of a constraint."""
        self.normaliser.find(path, constraint, fidelity, why)

    def is_empty(self, node: Node) -> bool:
        """Whether a node is known to admit no value."""
        if node.key not in self._empty:
            self._empty[node.key] = self.normaliser.is_empty(node)
        return self._empty[node.key]
