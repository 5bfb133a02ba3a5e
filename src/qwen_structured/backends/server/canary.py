"""The canary: a tiny request that only a server which enforces grammars can answer as it should.

Servers ignore fields that they do not know, and answer 200 with free text (vllm#53975). So a server is
believed to constrain when it has written a nonsense word that stands in the grammar and nowhere else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from ...protocols import Message, Request
from .wire import Dialect, Said

_WORD_BYTES = 4
_TOKENS = 24  # a token has at least one byte, so the word fits, its end too
_THINKING_TOKENS = 2048
_GLANCE_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Canary:
    """One such request.

    Attributes:
        word: what a constrained answer is.
        request: the request, without the word in its prompt.
    """

    word: str
    request: Request

    @classmethod
    def make(cls, *, thinking: bool = False, glance: bool = False) -> Canary:
        """Make one with a new word.

        Args:
            thinking: let the model reason first, for one that always does; this takes more tokens.
            glance: end it after its first tokens, which show whether it reasons.
        """
        word = f"zq{secrets.token_hex(_WORD_BYTES)}"
        return cls(
            word,
            Request(
                messages=(Message("user", "Say hello."),),
                grammar=f'root ::= "{word}"',
                max_output_tokens=_GLANCE_TOKENS if glance else _THINKING_TOKENS if thinking else _TOKENS,
                enable_thinking=thinking,
            ),
        )

    def verdict(self, said: Said) -> Literal["constrained", "in reasoning", "reasoning", "free text"]:
        """What the answer shows.

        ``in reasoning``: it is constrained, but the server takes it for reasoning (vllm#50948).
        ``reasoning``: the model reasons, although it was not asked to.
        """
        if said.content == self.word:
            return "constrained"
        if not said.content and said.thought:
            return "in reasoning" if said.thought.strip() == self.word else "reasoning"
        return "free text"


@dataclass(frozen=True, slots=True)
class Proof:
    """What canaries have shown of a server.

    Attributes:
        dialect: how it takes grammars, or that it does not.
        in_reasoning: it takes constrained answers for reasoning where the model was not asked to reason.
    """

    dialect: Dialect
    in_reasoning: bool = False


DIALECTS = (Dialect.STRUCTURED_OUTPUTS, Dialect.GUIDED_GRAMMAR)
"""The dialects that carry a grammar, in the order in which they are tried."""
