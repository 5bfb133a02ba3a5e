"""From shapes to a grammar: XGrammar's EBNF, in the form whose masks cost least.

A rule goes on to the end of the text: what follows a value is part of the rule that writes the value (its
`Tail`), down to the last brace. So a token that runs past the value's end can be decided when the grammar is
compiled. A shared rule for strings, ended by the quote alone, costs ten times as much at each token. Only
values that contain themselves, and items that are counted, have rules of their own that end with the value.

Source: measured with xgrammar 0.2.8 and Qwen's vocabulary; `benchmarks/grammar.py`.
"""

from .values import Emitter

__all__ = ["Emitter"]
