"""The verbs of a generator that answer many prompts."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Any, Never, cast, overload

from typing_extensions import TypeForm, TypeVar, Unpack

from ..protocols import JSONSchema, Prompt

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .._generator import StructuredGenerator
    from .faces import AsyncBatch, Batch
    from .items import Item
    from .options import ManyOptions

T = TypeVar("T")
S = TypeVar("S", default=Never)


class ManyVerbs:
    """What `StructuredGenerator` has of them; there is no other generator with it."""

    @overload
    def generate_many(
        self, output_type: TypeForm[T], prompts: Iterable[Prompt], /, **options: Unpack[ManyOptions]
    ) -> Batch[T]: ...
    @overload
    def generate_many(
        self, output_type: TypeForm[T], prompts: Iterable[Prompt | Item[S]], /, **options: Unpack[ManyOptions]
    ) -> Batch[T | S]: ...
    @overload
    def generate_many(
        self, output_type: JSONSchema, prompts: Iterable[Prompt | Item[S]], /, **options: Unpack[ManyOptions]
    ) -> Batch[JsonValue | S]: ...
    def generate_many(
        self, output_type: Any, prompts: Iterable[Any], /, **options: Unpack[ManyOptions]
    ) -> Batch[Any]:
        """Make values of many prompts; see `qwen_structured.generate_many`."""
        from . import start

        return start.batch(cast("StructuredGenerator", self), output_type, prompts, options)

    @overload
    def agenerate_many(
        self,
        output_type: TypeForm[T],
        prompts: Iterable[Prompt] | AsyncIterable[Prompt],
        /,
        **options: Unpack[ManyOptions],
    ) -> AsyncBatch[T]: ...
    @overload
    def agenerate_many(
        self,
        output_type: TypeForm[T],
        prompts: Iterable[Prompt | Item[S]] | AsyncIterable[Prompt | Item[S]],
        /,
        **options: Unpack[ManyOptions],
    ) -> AsyncBatch[T | S]: ...
    @overload
    def agenerate_many(
        self,
        output_type: JSONSchema,
        prompts: Iterable[Prompt | Item[S]] | AsyncIterable[Prompt | Item[S]],
        /,
        **options: Unpack[ManyOptions],
    ) -> AsyncBatch[JsonValue | S]: ...
    def agenerate_many(
        self,
        output_type: Any,
        prompts: Iterable[Any] | AsyncIterable[Any],
        /,
        **options: Unpack[ManyOptions],
    ) -> AsyncBatch[Any]:
        """Make values of many prompts; the async twin of `generate_many`."""
        from . import start

        return start.async_batch(cast("StructuredGenerator", self), output_type, prompts, options)
