"""From a Python type to what the decoder enforces: pure, without I/O and without an engine.

`OutputSchema.of` takes a type or a JSON Schema and holds what the rest of the package needs of it: the
schema that the model is shown, the constraint that the decoder enforces, the findings that say how far the
two agree, and the validation of an answer.
"""

from .fidelity import Fidelity, Finding
from .output import OutputSchema

__all__ = ["Fidelity", "Finding", "OutputSchema"]
