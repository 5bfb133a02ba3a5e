r"""Write XGrammar's EBNF: literals, regular expressions, rules.

Source: XGrammar 0.2.8, cpp/grammar_parser.cc, and tests against it. A trap: ``\x1f`` takes any number of hex
digits, so a code point is written ``\u001f``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ..exceptions import UnsupportedSchema

MAX_BYTES: Final = 1_000_000
"""The engine takes about 6 s to compile so much."""
MAX_RULES: Final = 20_000


class GrammarTooLarge(UnsupportedSchema):
    """A grammar passes a limit; one that says less may not."""


def literal(text: str) -> str:
    """A text as a literal; nothing for the empty text."""
    return f'"{_escaped(text)}"' if text else ""


def regex(pattern: str) -> str:
    """A regular expression in XGrammar's dialect."""
    return f'Regex("{_escaped(pattern)}")'


def _escaped(text: str) -> str:
    if text.isascii():
        return json.dumps(text)[1:-1]
    return "".join(f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else json.dumps(c)[1:-1] for c in text)


def spelled(text: str) -> str:
    """The JSON spelling of a string, without its quotes; each character has one."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def compact(value: object) -> str:
    """A value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def times(low: int, high: int | None) -> str:
    """How often something comes, as a regular expression and EBNF write it."""
    if high is None and low <= 1:
        return "+" if low else "*"
    return f"{{{low},{'' if high is None else high}}}"


def sequence(*parts: str) -> str:
    """Parts one after the other; empty ones fall out."""
    return " ".join(part for part in parts if part) or '""'


def choice(parts: Iterable[str]) -> str:
    """One of several, each once."""
    return " | ".join(dict.fromkeys(parts))


def ended(body: str) -> str:
    """The body of a rule that ends with a value, after which one of three characters comes, if any.

    The engine decides by that about tokens that go on after the value, which it would else try at each step.
    """
    return f"({body}){_AHEAD}"


def not_ended(body: str) -> str:
    """The same where something else may come after the value."""
    return body.removesuffix(_AHEAD)


_AHEAD: Final = r" (= [,}\]])"


@dataclass
class Rules:
    """The rules of a grammar, in the order in which they were begun."""

    bodies: dict[str, str] = field(default_factory=dict)
    size: int = 0
    _named: dict[str, str] = field(default_factory=dict)

    def reserve(self, hint: str) -> str:
        """A new rule's name, whose body follows.

        Raises:
            GrammarTooLarge: it has too many rules.
        """
        if len(self.bodies) >= MAX_RULES:
            raise GrammarTooLarge(f"the grammar needs more than {MAX_RULES} rules: simplify the schema")
        name = f"{hint}{len(self.bodies)}"
        self.bodies[name] = ""
        return name

    def drop(self, name: str) -> None:
        """Give up a name that was reserved."""
        del self.bodies[name]

    def named(self, hint: str, body: str) -> str:
        """The rule of a body, which all who write the same one share."""
        if body not in self._named:
            self._named[body] = self.put(self.reserve(hint), body)
        return self._named[body]

    def own(self, name: str) -> str:
        """The name of a rule that is chosen by its writer, because it is the same in all grammars."""
        return name

    def has(self, name: str) -> bool:
        """Whether a rule of a name is there."""
        return name in self.bodies

    def bounded(self, hint: str, characters: int, body: str) -> str:
        """Write a rule of at most so many characters of the text; the engine counts them."""
        name = self.reserve(hint)
        self.drop(name)
        self.put(f"{name}[max_chars={characters}]", body)
        return name

    def put(self, name: str, body: str) -> str:
        """Write the body of a rule.

        Raises:
            GrammarTooLarge: it is.
        """
        self.size += len(body)
        if self.size > MAX_BYTES:
            raise GrammarTooLarge(f"the grammar needs more than {MAX_BYTES} bytes: simplify the schema")
        self.bodies[name] = body
        return name

    def text(self, start: str) -> str:
        """The grammar, which begins with the rule `start`."""
        lines = (f"{name} ::= {body}" for name, body in self.bodies.items())
        return "\n".join([f"root ::= {start}", *lines]) + "\n"
