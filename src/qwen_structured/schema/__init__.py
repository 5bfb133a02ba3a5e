"""Type to JSON Schema to grammar, and what becomes of each constraint. Pure: no I/O, no engine.

`lower` can be used alone: it needs neither XGrammar nor torch.
"""

from .explanation import Explanation, explain
from .fidelity import Fidelity, Finding
from .lowering import Lowering, lower
from .output import OutputSchema

__all__ = ["Explanation", "Fidelity", "Finding", "Lowering", "OutputSchema", "explain", "lower"]
