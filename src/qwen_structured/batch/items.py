"""What a batch is given and what it gives: items and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, Never, TypeAlias, cast, overload

from typing_extensions import TypeForm, TypeVar, Unpack

from ..exceptions import QwenStructuredError
from ..protocols import JSONSchema, Options, Prompt, Result, Usage

if TYPE_CHECKING:
    from pydantic import JsonValue

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True, default=Never)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Item(Generic[T_co]):
    """A prompt with what it has of its own: a type, options, data.

    Args:
        prompt: a text, or messages of which the last is the user's.
        output_type: by default the batch's.
        sample: tells items apart that are equal otherwise. A batch with a journal asks for equal items once;
            give them numbers to have as many answers.
        data: anything of yours, which the outcome has again. It is not kept in the journal.
        options: see `Options`; what is left out comes from the batch.

    Example:
        >>> from qwen_structured import Item
        >>> Item("How many eggs?", int, temperature=0.7).options
        mappingproxy({'temperature': 0.7})
    """

    prompt: Prompt
    output_type: TypeForm[T_co] | JSONSchema | None
    sample: int
    data: Any
    options: Mapping[str, Any]

    @overload
    def __init__(
        self: Item[Never],
        prompt: Prompt,
        output_type: None = None,
        *,
        sample: int = 0,
        data: Any = None,
        **options: Unpack[Options],
    ) -> None: ...
    @overload
    def __init__(
        self: Item[T],
        prompt: Prompt,
        output_type: TypeForm[T],
        *,
        sample: int = 0,
        data: Any = None,
        **options: Unpack[Options],
    ) -> None: ...
    @overload
    def __init__(
        self: Item[JsonValue],
        prompt: Prompt,
        output_type: JSONSchema,
        *,
        sample: int = 0,
        data: Any = None,
        **options: Unpack[Options],
    ) -> None: ...
    def __init__(
        self,
        prompt: Prompt,
        output_type: Any = None,
        *,
        sample: int = 0,
        data: Any = None,
        **options: Unpack[Options],
    ) -> None:
        values = {
            "prompt": prompt,
            "output_type": output_type,
            "sample": sample,
            "data": data,
            "options": MappingProxyType(cast("dict[str, Any]", options)),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"Item({str(self.prompt)[:40]!r}…)" if len(str(self.prompt)) > 40 else f"Item({self.prompt!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T_co]):
    """A value that came of an item.

    Attributes:
        index: the item's place among the prompts, from 0.
        item: the item; of a plain prompt too.
        value: the validated value.
        usage: tokens of all attempts together, also where they were paid for by an earlier run.
        cost_usd: US dollars of them; None where the backend's price is not known.
        duration_s: seconds that it took.
        attempts: how many there were.
        text: the JSON text that the value was parsed from.
        restored: nothing was asked for it: the journal had the answer, or an equal item of the batch.
        result: how it came about; None if it was restored.
        error: None.
        ok: True.
    """

    index: int
    item: Item[Any]
    value: T_co
    usage: Usage
    cost_usd: float | None
    duration_s: float
    attempts: int
    text: str
    restored: bool = False
    result: Result[T_co] | None = None
    error: None = None
    ok: Literal[True] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why no value came of an item.

    Attributes:
        index: the item's place among the prompts, from 0.
        item: the item; of a plain prompt too.
        error: with every attempt.
        duration_s: seconds that it took.
        restored: nothing was asked for it: an equal item of the batch failed.
        ok: False.
    """

    index: int
    item: Item[Any]
    error: QwenStructuredError
    duration_s: float
    restored: bool = False
    ok: Literal[False] = False

    @property
    def value(self) -> Never:
        """There is none: it raises the error, so that ``outcome.value`` is a value or an exception."""
        raise self.error

    @property
    def result(self) -> None:
        """There is none."""


Outcome: TypeAlias = Done[T_co] | Failed
"""What comes of an item. ``outcome.ok``, `isinstance` and ``match`` tell the two apart; the ``value`` of one
that failed raises its error."""


@dataclass(frozen=True, slots=True)
class Work:
    """An item that was read.

    Attributes:
        index: its place among the prompts.
        item: the item.
    """

    index: int
    item: Item[Any] = field(hash=False)


def as_item(prompt: Any) -> Item[Any]:
    """The item of a plain prompt, or the item itself."""
    return prompt if isinstance(prompt, Item) else Item(prompt)
