"""The scripted backend keeps the contract."""

from qwen_structured.protocols import Backend
from qwen_structured.testing import ScriptedBackend
from qwen_structured.testing.contract import BackendContract


class TestScriptedBackend(BackendContract):
    takes_time = False

    def make_backend(self) -> Backend:
        return ScriptedBackend(lambda _: '{"kind": "alpha", "size": 42, "flags": [true, false]}')
