"""What becomes of one item: it is asked for, or restored, or waits for an equal one that is in work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from .._budget import Budget
from ..exceptions import (
    AuthenticationFailed,
    BackendClosed,
    BackendNotInstalled,
    BudgetExceeded,
    ModelNotLoadable,
    QwenStructuredError,
    UnknownModel,
)
from ..schema.once import Once
from .items import Done, Failed, Item, Outcome, Work
from .tally import Tally

if TYPE_CHECKING:
    from .._generator import StructuredGenerator
    from .._prepared import Prepared
    from .journal import Journal

T = TypeVar("T")

_OF_ALL: Final = (AuthenticationFailed, BackendClosed, BackendNotInstalled, ModelNotLoadable, UnknownModel)
"""Errors that every further item would end with too."""

_REMEMBERED: Final = 256


class Answering(Generic[T]):
    """Makes outcomes of items. All of it runs on the private loop.

    Args:
        generator: answers.
        prepared: type and options of items that have none of their own.
        budget: of the whole batch.
        journal: keeps answers, and has those of earlier runs.
        tally: is told why the batch stops, if it does.
    """

    def __init__(
        self,
        generator: StructuredGenerator,
        prepared: Prepared,
        budget: Budget | None,
        journal: Journal | None,
        tally: Tally,
    ) -> None:
        self._generator, self._default = generator, prepared
        self._budget, self._journal, self._tally = budget, journal, tally
        self._budgets = () if budget is None else (budget,)
        self._own: Once[Prepared] = Once(self._prepare, _REMEMBERED)
        self._equal: dict[bytes, list[Work]] = {}  # those that wait for one that is in work, by its key

    async def outcomes(self, work: Work) -> Sequence[Outcome[T]]:
        """The outcome of an item, with those of equal ones; none if it waits for another itself."""
        start = perf_counter()
        try:
            prepared = self._prepared(work.item)
            if self._journal is not None:
                return await self._once(self._journal, prepared, work, start)
            return (await self._asked(prepared, work, start),)
        except QwenStructuredError as error:
            return (self._failed(work, error, start),)

    async def _once(
        self, journal: Journal, prepared: Prepared, work: Work, start: float
    ) -> Sequence[Outcome[T]]:
        """Ask for an item unless an answer of it is known, or on its way."""
        key = journal.key_of(prepared, work.item)
        if (known := journal.restored(key, prepared, work)) is not None:
            return (known,)
        if (waiting := self._equal.get(key)) is not None:
            waiting.append(work)
            return ()
        self._equal[key] = []
        try:
            outcome = await self._asked(prepared, work, start)
            equal = [replace(outcome, index=one.index, item=one.item) for one in self._equal[key]]
        finally:
            del self._equal[key]
        journal.keep(key, outcome)
        return outcome, *(replace(one, restored=True) for one in equal)

    def write_down(self) -> None:
        """Have the journal write what outcomes it was given; where it cannot, the batch stops."""
        if self._journal is not None:
            try:
                self._journal.write()
            except QwenStructuredError as error:
                self._stop(error)

    async def _asked(self, prepared: Prepared, work: Work, start: float) -> Outcome[T]:
        try:
            result = await self._generator.result_of(prepared, work.item.prompt, start, self._budgets)
        except QwenStructuredError as error:
            return self._failed(work, error, start)
        ledger = result.ledger
        return Done(
            index=work.index,
            item=work.item,
            value=result.value,
            usage=ledger.usage,
            cost_usd=ledger.cost_usd,
            duration_s=result.duration_s,
            attempts=len(result.attempts),
            text=result.text,
            result=result,
        )

    def _failed(self, work: Work, error: QwenStructuredError, start: float) -> Failed:
        if isinstance(error, _OF_ALL):
            self._stop(error)
        elif isinstance(error, BudgetExceeded) and self._budget is not None:
            self._stop_if_used_up(self._budget)
        return Failed(index=work.index, item=work.item, error=error, duration_s=perf_counter() - start)

    def _stop_if_used_up(self, budget: Budget) -> None:
        try:
            budget.check(1)
        except BudgetExceeded as error:
            self._stop(error)

    def _stop(self, error: QwenStructuredError) -> None:
        self._tally.stopped_by = self._tally.stopped_by or error

    # --- types and options of their own ------------------------------------------------------

    def _prepared(self, item: Item[Any]) -> Prepared:
        if item.output_type is None and not item.options:
            return self._default
        try:
            own: Any = item.output_type
            return self._own(own, tuple(sorted(item.options.items())))
        except TypeError as error:
            if "unhashable" not in str(error):
                raise
            return self._prepare(item.output_type, tuple(item.options.items()))

    def _prepare(self, output_type: Any, options: tuple[tuple[str, Any], ...]) -> Prepared:
        return self._generator.prepared(
            self._default.output_type if output_type is None else output_type,
            dict(options),
            over=self._default.settings,
        )
