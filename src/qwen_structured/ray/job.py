"""What travels to the actors of a job, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._circuit import Circuit
from .._generator import StructuredGenerator
from .._registry import Choice
from .._type_reference import from_reference
from ..batch.options import ManyOptions
from ..exceptions import ConfigurationError
from ..settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Job:
    """A job, as the driver decided on it: the settings of the machines that the actors run on do not count.

    It has keys and passwords where the settings have them, so that its ``repr`` does not show it.

    Attributes:
        output_type: of the values, or its reference ``module:Type``.
        prompt_column: the column that has the prompts.
        choices: the backends, the one to prefer first.
        settings: with the options of the call over them.
        max_concurrency: rows of an actor in flight at most.
        journal: the folder of the journals.
        accept_schema_change: see `ManyOptions`.
    """

    output_type: Any
    prompt_column: str
    choices: tuple[Choice, ...]
    settings: Settings
    max_concurrency: int
    journal: Path | None
    accept_schema_change: bool

    def type_of_values(self) -> Any:
        """The type, imported if it is a reference.

        Raises:
            ConfigurationError: it cannot be imported.
        """
        if isinstance(self.output_type, str):
            return from_reference(self.output_type, "the output type")
        return self.output_type

    def many_options(self) -> ManyOptions:
        """How an actor's run is to be; the folder of its journal is there."""
        if self.journal is not None:
            self.journal.mkdir(parents=True, exist_ok=True)
        return {
            "ordered": False,
            "max_concurrency": self.max_concurrency,
            "journal": self.journal,
            "accept_schema_change": self.accept_schema_change,
        }

    def prompts(self, batch: Any) -> list[Any]:
        """The prompts of a table.

        Raises:
            ConfigurationError: it has no such column.
        """
        if self.prompt_column not in batch.column_names:
            raise ConfigurationError(
                f"the dataset has no column {self.prompt_column!r} for the prompts: it has "
                f"{', '.join(map(repr, batch.column_names))}"
            )
        found: list[Any] = batch.column(self.prompt_column).to_pylist()
        return found


class JobGenerator(StructuredGenerator):
    """The generator of a job."""

    def __init__(self, job: Job) -> None:
        circuits = [Circuit(choice.create(), choice.model) for choice in job.choices]
        self._set_up(circuits, job.settings, None)
