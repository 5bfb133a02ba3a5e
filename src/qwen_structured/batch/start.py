"""From the arguments of `generate_many` to a batch that can be iterated."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._budget import Budget
from ..exceptions import ConfigurationError
from .answering import Answering
from .faces import AsyncBatch, Batch, Plan
from .journal import Journal
from .journal_folder import JournalFolder
from .options import ManyOptions
from .tally import Tally

if TYPE_CHECKING:
    from .._generator import StructuredGenerator
    from .._prepared import Prepared

MAX_CONCURRENCY: Final = 256
"""Items in flight at most, unless the call or the backend says less."""


def batch(
    generator: StructuredGenerator, output_type: Any, prompts: Iterable[Any], options: ManyOptions
) -> Batch[Any]:
    """Plan a batch for a thread.

    Raises:
        ConfigurationError: the type, an option or the journal cannot be used; nothing was sent.
    """
    _check_prompts(prompts, isinstance(prompts, Iterable), "an iterable")
    return Batch(_plan(generator, output_type, options), prompts)


def async_batch(
    generator: StructuredGenerator,
    output_type: Any,
    prompts: Iterable[Any] | AsyncIterable[Any],
    options: ManyOptions,
) -> AsyncBatch[Any]:
    """Plan a batch for an event loop; raises as `batch` does."""
    _check_prompts(prompts, isinstance(prompts, Iterable | AsyncIterable), "an iterable or async iterable")
    return AsyncBatch(_plan(generator, output_type, options), prompts)


def _check_prompts(prompts: Any, iterable: bool, kind: str) -> None:
    if not iterable or isinstance(prompts, str | bytes | Mapping):
        raise ConfigurationError(
            f"the prompts are {prompts!r:.80}: pass {kind} of prompts, or use generate for a single one"
        )


def _plan(generator: StructuredGenerator, output_type: Any, options: ManyOptions) -> Plan:
    rest: dict[str, Any] = dict(options)
    ordered = bool(rest.pop("ordered", True))
    most = _max_concurrency(generator, rest.pop("max_concurrency", MAX_CONCURRENCY))
    budget = _budget(rest.pop("budget", None))
    path, accepts = rest.pop("journal", None), bool(rest.pop("accept_schema_change", False))
    progress = bool(rest.pop("progress", False))
    prepared = generator.prepared(output_type, rest)
    if budget is not None and budget.max_cost_usd is not None:
        generator.refuse_what_has_no_price(prepared.settings)
    tally = Tally(concurrency=most)
    shown = _progress(tally) if progress else nullcontext()
    journal = None if path is None else _journal(generator, prepared, Path(path), budget, accepts)
    return Plan(
        answering=Answering(generator, prepared, budget, journal, tally),
        tally=tally,
        journal=journal,
        ordered=ordered,
        max_concurrency=most,
        progress=shown,
    )


def _max_concurrency(generator: StructuredGenerator, asked: object) -> int:
    if not isinstance(asked, int) or asked < 1:
        raise ConfigurationError(f"max_concurrency is {asked!r}: pass a whole number from 1 on")
    limits = [one.backend.capabilities.max_concurrency for one in generator.circuits]
    return min([asked, *(limit for limit in limits if limit is not None)])


def _budget(budget: object) -> Budget | None:
    if budget is not None and not isinstance(budget, Budget):
        raise ConfigurationError(f"the budget is {budget!r}: pass a Budget, such as Budget(max_cost_usd=5)")
    return budget


def _journal(
    generator: StructuredGenerator, prepared: Prepared, path: Path, budget: Budget | None, accepts: bool
) -> Journal:
    """Open the journal; what earlier runs spent counts for the budget."""
    first = generator.circuits[0]
    opened = JournalFolder if path.is_dir() else Journal
    journal = opened(path, first.model or f"that of {first.backend.name}", accept_schema_change=accepts)
    try:
        journal.enter(prepared)
    except BaseException:
        journal.close()
        raise
    if budget is not None:
        budget.charge(journal.usage, journal.cost_usd)
    return journal


def _progress(tally: Tally) -> AbstractContextManager[object]:
    from .progress import Progress

    return Progress(tally)
