"""Typed values from Qwen: a Python type and a prompt in, a value of that type out.

    >>> from qwen_structured import generate
    >>> generate(int, "How many apples? Nora has 7 apples.")
    7

The names below are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._api import agenerate as agenerate
    from ._api import agenerate_result as agenerate_result
    from ._api import ahealth as ahealth
    from ._api import awarm_up as awarm_up
    from ._api import generate as generate
    from ._api import generate_result as generate_result
    from ._api import health as health
    from ._api import warm_up as warm_up
    from ._generator import StructuredGenerator as StructuredGenerator
    from .exceptions import AttemptsExhausted as AttemptsExhausted
    from .exceptions import AuthenticationFailed as AuthenticationFailed
    from .exceptions import BackendError as BackendError
    from .exceptions import BackendNotInstalled as BackendNotInstalled
    from .exceptions import BackendOverloaded as BackendOverloaded
    from .exceptions import BackendTimedOut as BackendTimedOut
    from .exceptions import BackendUnavailable as BackendUnavailable
    from .exceptions import ConfigurationError as ConfigurationError
    from .exceptions import DeadlineExceeded as DeadlineExceeded
    from .exceptions import GenerationError as GenerationError
    from .exceptions import InvalidPrompt as InvalidPrompt
    from .exceptions import ModelNotLoadable as ModelNotLoadable
    from .exceptions import OutputEmpty as OutputEmpty
    from .exceptions import OutputInvalid as OutputInvalid
    from .exceptions import OutputNotJSON as OutputNotJSON
    from .exceptions import OutputTruncated as OutputTruncated
    from .exceptions import PromptTooLong as PromptTooLong
    from .exceptions import ProtocolError as ProtocolError
    from .exceptions import QwenStructuredError as QwenStructuredError
    from .exceptions import SettingsError as SettingsError
    from .exceptions import UnknownBackend as UnknownBackend
    from .exceptions import UnknownModel as UnknownModel
    from .exceptions import UnsupportedOption as UnsupportedOption
    from .exceptions import UnsupportedSchema as UnsupportedSchema
    from .protocols import Attempt as Attempt
    from .protocols import Backend as Backend
    from .protocols import Completion as Completion
    from .protocols import Generator as Generator
    from .protocols import Health as Health
    from .protocols import Message as Message
    from .protocols import Options as Options
    from .protocols import Request as Request
    from .protocols import Result as Result
    from .protocols import Usage as Usage

__version__ = "0.1.0"

_NAMES = {
    "_api": "agenerate agenerate_result ahealth awarm_up generate generate_result health warm_up",
    "_generator": "StructuredGenerator",
    "exceptions": "AttemptsExhausted AuthenticationFailed BackendError BackendNotInstalled BackendOverloaded BackendTimedOut BackendUnavailable ConfigurationError DeadlineExceeded GenerationError InvalidPrompt ModelNotLoadable OutputEmpty OutputInvalid OutputNotJSON OutputTruncated PromptTooLong ProtocolError QwenStructuredError SettingsError UnknownBackend UnknownModel UnsupportedOption UnsupportedSchema",
    "protocols": "Attempt Backend Completion Generator Health Message Options Request Result Usage",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
