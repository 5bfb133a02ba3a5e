"""What becomes of a type's constraints, told without a model call: `explain`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .fidelity import Fidelity, Finding
from .lowering import Defaults
from .output import OutputSchema

_HEAD = ("path", "constraint", "fidelity", "why")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Explanation:
    """The findings of a type; prints as a table.

    Attributes:
        findings: one for each constraint at each place.
        grammar: what the decoder is given: XGrammar's EBNF.
    """

    findings: tuple[Finding, ...]
    grammar: str

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def counts(self) -> dict[Fidelity, int]:
        """How many findings there are of each fidelity."""
        counted = Counter(finding.fidelity for finding in self.findings)
        return {fidelity: counted[fidelity] for fidelity in Fidelity}

    def __str__(self) -> str:
        rows = [_HEAD, *((f.path or "(all)", f.constraint, str(f.fidelity), f.why) for f in self.findings)]
        cut = [
            [cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…" for cell in row[:3]] for row in rows
        ]
        widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
        lines = (
            "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), row[3]])
            for cells, row in zip(cut, rows, strict=True)
        )
        return "\n".join(line.rstrip() for line in lines)


def explain(output_type: object, *, defaults: Defaults = "required") -> Explanation:
    """Tell what becomes of each constraint of an output type, without a model call.

    Args:
        output_type: anything that Pydantic's ``TypeAdapter`` takes, or a JSON Schema as a mapping.
        defaults: whether a type's field with a default has to be written, or may be left out.

    Raises:
        UnsupportedSchema: it is neither, admits no value, or is beyond a limit.

    Example:
        >>> from typing import Literal
        >>> from qwen_structured import explain
        >>> print(explain(Literal["yes", "no"]))
        path   constraint   fidelity  why
        (all)  type string  exact
        (all)  enum         exact
    """
    schema = OutputSchema.of(output_type, defaults=defaults)
    return Explanation(schema.findings, schema.grammar)
