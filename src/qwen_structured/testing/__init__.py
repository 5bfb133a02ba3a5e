"""Test code that uses this package: backends that answer from a script or a cassette, and the contract.

`BackendContract` stands in `qwen_structured.testing.contract` and the pytest plugin in
`qwen_structured.testing.plugin`, because they need pytest.
"""

from .answering import answering
from .cassette import CassetteBackend, NotRecorded, Record
from .scripted import Answer, ScriptedBackend, ScriptExhausted

__all__ = [
    "Answer",
    "CassetteBackend",
    "NotRecorded",
    "Record",
    "ScriptExhausted",
    "ScriptedBackend",
    "answering",
]
