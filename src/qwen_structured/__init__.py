"""Typed values from Qwen: a Python type and a prompt in, a value of that type out.

    >>> from qwen_structured import generate
    >>> generate(int, "How many apples? Nora has 7 apples.")
    7

The names below are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._api import (
        agenerate as agenerate,
        agenerate_many as agenerate_many,
        agenerate_result as agenerate_result,
        ahealth as ahealth,
        awarm_up as awarm_up,
        generate as generate,
        generate_many as generate_many,
        generate_result as generate_result,
        health as health,
        warm_up as warm_up,
    )
    from ._budget import Budget as Budget
    from ._generator import StructuredGenerator as StructuredGenerator
    from .batch.faces import AsyncBatch as AsyncBatch, Batch as Batch
    from .batch.items import Done as Done, Failed as Failed, Item as Item
    from .batch.options import ManyOptions as ManyOptions
    from .batch.tally import Summary as Summary
    from .exceptions import (
        AttemptsExhausted as AttemptsExhausted,
        AuthenticationFailed as AuthenticationFailed,
        BackendClosed as BackendClosed,
        BackendError as BackendError,
        BackendNotInstalled as BackendNotInstalled,
        BackendOverloaded as BackendOverloaded,
        BackendTimedOut as BackendTimedOut,
        BackendUnavailable as BackendUnavailable,
        BudgetExceeded as BudgetExceeded,
        CircuitOpen as CircuitOpen,
        ConfigurationError as ConfigurationError,
        DeadlineExceeded as DeadlineExceeded,
        DoesNotFit as DoesNotFit,
        GenerationError as GenerationError,
        InvalidPrompt as InvalidPrompt,
        JournalError as JournalError,
        JournalInUse as JournalInUse,
        ModelNotLoadable as ModelNotLoadable,
        OutputEmpty as OutputEmpty,
        OutputInvalid as OutputInvalid,
        OutputNotJSON as OutputNotJSON,
        OutputStopped as OutputStopped,
        OutputTruncated as OutputTruncated,
        Partial as Partial,
        PromptTooLong as PromptTooLong,
        ProtocolError as ProtocolError,
        QwenStructuredError as QwenStructuredError,
        SchemaChanged as SchemaChanged,
        SettingsError as SettingsError,
        TokenBudgetTooSmall as TokenBudgetTooSmall,
        UnknownBackend as UnknownBackend,
        UnknownModel as UnknownModel,
        UnsupportedOption as UnsupportedOption,
        UnsupportedSchema as UnsupportedSchema,
    )
    from .protocols import (
        Backend as Backend,
        Generator as Generator,
        Health as Health,
        Message as Message,
        Options as Options,
        Request as Request,
    )
    from .results import (
        Attempt as Attempt,
        Completion as Completion,
        Ledger as Ledger,
        Result as Result,
        Usage as Usage,
    )
    from .schema.explanation import Explanation as Explanation, explain as explain
    from .schema.fidelity import Fidelity as Fidelity, Finding as Finding

__version__ = "0.1.0"

_NAMES = {
    "_api": (
        "agenerate agenerate_many agenerate_result ahealth awarm_up "
        "generate generate_many generate_result health warm_up"
    ),
    "batch.faces": "AsyncBatch Batch",
    "batch.items": "Done Failed Item",
    "batch.options": "ManyOptions",
    "batch.tally": "Summary",
    "_budget": "Budget",
    "_generator": "StructuredGenerator",
    "exceptions": (
        "AttemptsExhausted AuthenticationFailed BackendClosed BackendError BackendNotInstalled "
        "BackendOverloaded BackendTimedOut BackendUnavailable BudgetExceeded CircuitOpen ConfigurationError "
        "DeadlineExceeded DoesNotFit "
        "GenerationError InvalidPrompt JournalError JournalInUse ModelNotLoadable OutputEmpty OutputInvalid "
        "OutputNotJSON OutputStopped OutputTruncated Partial PromptTooLong ProtocolError QwenStructuredError "
        "SchemaChanged SettingsError TokenBudgetTooSmall UnknownBackend UnknownModel UnsupportedOption "
        "UnsupportedSchema"
    ),
    "schema.explanation": "Explanation explain",
    "schema.fidelity": "Fidelity Finding",
    "protocols": "Backend Generator Health Message Options Request",
    "results": "Attempt Completion Ledger Result Usage",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

if not TYPE_CHECKING:  # checkers read the imports above
    __all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
