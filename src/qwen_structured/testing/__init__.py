"""Test code that uses this package: a backend that answers from a script, and the contract of every backend.

`BackendContract` stands in `qwen_structured.testing.contract`, because it needs pytest.
"""

from .scripted import Answer, ScriptedBackend, ScriptExhausted

__all__ = ["Answer", "ScriptExhausted", "ScriptedBackend"]
