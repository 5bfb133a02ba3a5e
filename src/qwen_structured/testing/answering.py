"""Tests of code that calls the verbs itself."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from .. import _stand_in
from ..protocols import Backend


@contextmanager
def answering(backend: Backend) -> Generator[Backend]:
    """Have a backend answer all verbs of this process, whatever settings and calls name.

    Args:
        backend: such as a `ScriptedBackend` or a `CassetteBackend`.

    Example:
        >>> from qwen_structured import generate
        >>> from qwen_structured.testing import ScriptedBackend, answering
        >>> with answering(ScriptedBackend([12])):
        ...     generate(int, "How many eggs?", backend="server")
        12
    """
    before = _stand_in.backend
    _stand_in.backend = backend
    try:
        yield backend
    finally:
        _stand_in.backend = before
