r"""Regular languages of strings: patterns, lengths and exclusions, intersected and written as grammar.

Own code rather than a library, after trying interegular 0.3.3, greenery 4.2.3, automata-lib 9.2.0 and
pyformlang 1.0.11 (all MIT): to intersect ``\w+@\w+\.com`` with ``.{0,64}`` took interegular 61 ms and
greenery 172 s, and even the automaton of ``INV-[0-9]{4}`` takes 0.75 ms, 29 ms and (automata-lib) 2.4 ms.
None of them knows properties such as ``\p{L}``, anchors within a pattern, Rust's syntax, or a budget, and
none writes an automaton as a grammar of JSON spellings.
"""

from .language import Language, Repetition
from .limits import NotRegular, TooLarge

__all__ = ["Language", "NotRegular", "Repetition", "TooLarge"]
