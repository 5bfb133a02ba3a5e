"""The verbs. All calls with the same backend, model and backend options share one backend."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Any, Never, cast, overload

from typing_extensions import TypeForm, TypeVar, Unpack

from . import settings
from ._circuit import Circuit
from ._generator import SharingGenerator, StructuredGenerator
from ._registry import Choice, choices
from .batch.options import ManyOptions
from .protocols import Health, JSONSchema, Options, Prompt, Result

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .batch.faces import AsyncBatch, Batch
    from .batch.items import Item

T = TypeVar("T")
S = TypeVar("S", default=Never)


class CallOptions(Options, total=False):
    """`Options`, and where the call goes.

    Attributes:
        backend: name of the backend; by default the setting's, with the setting `failover` behind it.
        model: the backend's model; by default the setting's, or else the backend's own.
    """

    backend: str | None
    model: str | None


class ManyCallOptions(ManyOptions, CallOptions, total=False):
    """`ManyOptions`, and where the calls go; see `CallOptions`."""


@overload
def generate(output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[CallOptions]) -> T: ...
@overload
def generate(output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[CallOptions]) -> JsonValue: ...
def generate(output_type: Any, prompt: Prompt, /, **options: Unpack[CallOptions]) -> Any:
    """Make a value of a type from a prompt.

    Args:
        output_type: a model, dataclass, TypedDict, union, Literal, Enum, list or primitive type (all that
            Pydantic's ``TypeAdapter`` takes), or a JSON Schema as a mapping, which gives plain data.
        prompt: a text, or messages of which the last is the user's.
        options: see `CallOptions` and `Options`; what is left out comes from the settings.

    Returns:
        The validated value.

    Raises:
        ConfigurationError: type, prompt or an option cannot be used; nothing was sent.
        BackendError: the deployment failed.
        GenerationError: the model gave no value in the attempts and time allowed.

    Example:
        >>> from typing import Literal
        >>> from qwen_structured import generate
        >>> generate(Literal["positive", "negative"], "What is the sentiment? I loved every minute of it.")
        'positive'
    """
    generator, rest = _generator_for(options)
    return generator.generate(output_type, prompt, **rest)


@overload
async def agenerate(output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[CallOptions]) -> T: ...
@overload
async def agenerate(
    output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[CallOptions]
) -> JsonValue: ...
async def agenerate(output_type: Any, prompt: Prompt, /, **options: Unpack[CallOptions]) -> Any:
    """Make a value of a type from a prompt; the async twin of `generate`."""
    generator, rest = _generator_for(options)
    return await generator.agenerate(output_type, prompt, **rest)


@overload
def generate_result(
    output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[CallOptions]
) -> Result[T]: ...
@overload
def generate_result(
    output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[CallOptions]
) -> Result[JsonValue]: ...
def generate_result(output_type: Any, prompt: Prompt, /, **options: Unpack[CallOptions]) -> Result[Any]:
    """Make a value and tell how it came about: attempts, tokens, timings, fidelity, raw text.

    Arguments and errors are those of `generate`.
    """
    generator, rest = _generator_for(options)
    result: Result[Any] = generator.generate_result(output_type, prompt, **rest)
    return result


@overload
async def agenerate_result(
    output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[CallOptions]
) -> Result[T]: ...
@overload
async def agenerate_result(
    output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[CallOptions]
) -> Result[JsonValue]: ...
async def agenerate_result(
    output_type: Any, prompt: Prompt, /, **options: Unpack[CallOptions]
) -> Result[Any]:
    """Make a value and tell how it came about; the async twin of `generate_result`."""
    generator, rest = _generator_for(options)
    result: Result[Any] = await generator.agenerate_result(output_type, prompt, **rest)
    return result


@overload
def generate_many(
    output_type: TypeForm[T], prompts: Iterable[Prompt], /, **options: Unpack[ManyCallOptions]
) -> Batch[T]: ...
@overload
def generate_many(
    output_type: TypeForm[T], prompts: Iterable[Prompt | Item[S]], /, **options: Unpack[ManyCallOptions]
) -> Batch[T | S]: ...
@overload
def generate_many(
    output_type: JSONSchema, prompts: Iterable[Prompt | Item[S]], /, **options: Unpack[ManyCallOptions]
) -> Batch[JsonValue | S]: ...
def generate_many(
    output_type: Any, prompts: Iterable[Any], /, **options: Unpack[ManyCallOptions]
) -> Batch[Any]:
    """Make values of many prompts: an iterator of one outcome for each, `Done` or `Failed`.

    No error of one item ends the batch. What ends it is an error that every further item would end with too
    (refused credentials, a closed backend), which is raised behind the last outcome, or one of the program:
    of the prompts, of a backend or validator of yours.

    Args:
        output_type: as of `generate`; an `Item` may have its own.
        prompts: texts, lists of messages, or `Item` objects. They are read as they are needed, in the thread
            that iterates, so they may be endless; memory does not grow with them.
        options: see `ManyOptions`, `CallOptions` and `Options`.

    Returns:
        An iterator, which has a `summary` at any time. Nothing is sent before it is iterated.

    Raises:
        ConfigurationError: the type, an option or the journal cannot be used; nothing was sent.

    Example:
        >>> from qwen_structured import generate_many
        >>> texts = ["We bought 12 eggs.", "We bought 3 eggs."]
        >>> [outcome.value for outcome in generate_many(int, texts) if outcome.ok]
        [12, 3]
    """
    generator, rest = _generator_for(options)
    return generator.generate_many(output_type, prompts, **cast("ManyOptions", rest))


@overload
def agenerate_many(
    output_type: TypeForm[T],
    prompts: Iterable[Prompt] | AsyncIterable[Prompt],
    /,
    **options: Unpack[ManyCallOptions],
) -> AsyncBatch[T]: ...
@overload
def agenerate_many(
    output_type: TypeForm[T],
    prompts: Iterable[Prompt | Item[S]] | AsyncIterable[Prompt | Item[S]],
    /,
    **options: Unpack[ManyCallOptions],
) -> AsyncBatch[T | S]: ...
@overload
def agenerate_many(
    output_type: JSONSchema,
    prompts: Iterable[Prompt | Item[S]] | AsyncIterable[Prompt | Item[S]],
    /,
    **options: Unpack[ManyCallOptions],
) -> AsyncBatch[JsonValue | S]: ...
def agenerate_many(
    output_type: Any, prompts: Iterable[Any] | AsyncIterable[Any], /, **options: Unpack[ManyCallOptions]
) -> AsyncBatch[Any]:
    """Make values of many prompts; the async twin of `generate_many`.

    It is iterated with ``async for``. The prompts may be an async iterable; a plain one is read on the event
    loop, so it should not wait.
    """
    generator, rest = _generator_for(options)
    return generator.agenerate_many(output_type, prompts, **cast("ManyOptions", rest))


def warm_up(*output_types: object, backend: str | None = None, model: str | None = None) -> None:
    """Load the model now, and compile the grammars of `output_types`, so that the first call does not wait.

    Raises:
        ConfigurationError: backend, model or a type cannot be used.
        BackendError: the deployment failed.
    """
    _shared(backend, model).warm_up(*output_types)


async def awarm_up(*output_types: object, backend: str | None = None, model: str | None = None) -> None:
    """Load the model now, and compile grammars; the async twin of `warm_up`."""
    await _shared(backend, model).awarm_up(*output_types)


def health(*, backend: str | None = None, model: str | None = None) -> Health:
    """Tell the state of a backend's deployment; loads nothing.

    Raises:
        ConfigurationError: backend or model cannot be used.
    """
    return _shared(backend, model).health()


async def ahealth(*, backend: str | None = None, model: str | None = None) -> Health:
    """Tell the state of a backend's deployment; the async twin of `health`."""
    return await _shared(backend, model).ahealth()


# --- the shared backends -------------------------------------------------------------------------

_lock = threading.Lock()
_circuits: dict[tuple[str, str | None, str], Circuit] = {}


def _generator_for(options: CallOptions | ManyCallOptions) -> tuple[StructuredGenerator, Options]:
    rest: dict[str, Any] = dict(options)
    generator = _shared(rest.pop("backend", None), rest.pop("model", None))
    return generator, cast("Options", rest)


def _shared(backend: str | None, model: str | None) -> StructuredGenerator:
    """A generator on the backends that all calls with these choices share."""
    chosen = choices(settings.load().settings, backend, model)
    with _lock:
        return SharingGenerator([_circuit(choice) for choice in chosen])


def _circuit(choice: Choice) -> Circuit:
    key = (choice.name, choice.model, json.dumps(choice.options, sort_keys=True))
    if key not in _circuits:
        _circuits[key] = Circuit(choice.create(), choice.model)
    return _circuits[key]


def _forget() -> None:
    """A forked child shares no backend with its parent: threads and connections do not survive."""
    global _lock
    _lock = threading.Lock()
    _circuits.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
