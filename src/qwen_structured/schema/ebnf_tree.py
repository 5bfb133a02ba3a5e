"""Read grammars back as trees: the EBNF that `lower` writes, and the expressions within it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from ..exceptions import UnsupportedSchema
from .escaping import ranges_of, unquoted

_TOKEN: Final = re.compile(
    r'\s*(?:Regex\("(?P<regex>(?:[^"\\]|\\.)*)"\)|"(?P<text>(?:[^"\\]|\\.)*)"|\[(?P<set>(?:[^\]\\]|\\.)*)\]'
    r"|(?P<ahead>\(= \[(?:[^\]\\]|\\.)*\]\))|(?P<name>\w+)|(?P<times>[*+?]|\{\d+(?:,\d*)?\})"
    r"|(?P<open>\()|(?P<mark>[)|]))"
)
_REGEX_TOKEN: Final = re.compile(
    r"\[(?P<set>(?:[^\]\\]|\\.)*)\]|(?P<times>[*+?]|\{\d+(?:,\d*)?\})|(?P<open>\((?:\?:)?)|(?P<mark>[)|])"
    r"|\\u\{(?P<code>[0-9A-Fa-f]+)\}|\\(?P<escaped>[^A-Za-z0-9])|(?P<itself>[^\\.^$])"
)


@dataclass(frozen=True, eq=False, slots=True)
class Text:
    """A literal."""

    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Set:
    """One of some characters."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool

    def __contains__(self, character: str) -> bool:
        return any(first <= character <= last for first, last in self.ranges) is not self.negated


@dataclass(frozen=True, eq=False, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Repeat:
    """So many times; `high` is None where there is no limit."""

    item: Node
    low: int
    high: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """The name of a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """How a node is written.

    Attributes:
        text: in EBNF, or in the dialect of expressions, so that others can stand beside it.
        is_pattern: it is the latter.
    """

    text: str
    is_pattern: bool


Node: TypeAlias = Text | Set | Sequence | Choice | Repeat | Rule
Sources: TypeAlias = dict[Node, Source]


def parsed(body: str, sources: Sources) -> Node:
    """The tree of a rule's body.

    Args:
        body: as `lower` writes it.
        sources: gets how each node is written.

    Raises:
        UnsupportedSchema: it is written in another way.
    """
    return _Parser(body, sources).parsed()


class _Parser:
    """Reads a rule's body, or an expression within it.

    Args:
        text: the body.
        sources: gets how each node is written.
        pattern: it is an expression.
    """

    def __init__(self, text: str, sources: Sources, *, pattern: bool = False) -> None:
        self._text, self._sources = text.rstrip(), sources
        self._token = _REGEX_TOKEN if pattern else _TOKEN
        self._pattern = pattern
        self._at = 0

    def parsed(self) -> Node:
        node = self._choice()
        if self._at < len(self._text):
            give_up(self._text[self._at :])
        return node

    def _choice(self) -> Node:
        start = self._at
        options = [self._sequence()]
        while self._next_is("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else self._noted(Choice(tuple(options)), start)

    def _sequence(self) -> Node:
        start, items = self._at, list[Node]()
        while self._at < len(self._text) and not self._comes("|") and not self._comes(")"):
            items.append(self._repeated())
        return items[0] if len(items) == 1 else self._noted(Sequence(tuple(items)), start)

    def _repeated(self) -> Node:
        start = self._at
        node = self._item()
        while self._at < len(self._text) and (found := self._token.match(self._text, self._at)):
            if found["times"] is None:
                break
            self._at = found.end()
            node = self._noted(Repeat(node, *_bounds(found["times"])), start)
        return node

    def _item(self) -> Node:
        start = self._at
        found = self._token.match(self._text, start)
        if found is None:
            give_up(self._text[start:])
        self._at = found.end()
        if found["set"] is not None:
            return self._noted(_set(found["set"]), start)
        if found["open"] is not None:
            node = self._choice()
            if not self._next_is(")"):
                give_up(self._text[start:])
            return self._noted(Sequence((node,)), start)
        leaf = _of_pattern(found) if self._pattern else self._of_rule(found)
        if leaf is None:
            give_up(self._text[start:])
        return leaf if leaf in self._sources else self._noted(leaf, start)

    def _of_rule(self, found: re.Match[str]) -> Node | None:
        if found["text"] is not None:
            text = unquoted(found["text"])
            return Text(text) if text else Sequence(())
        if found["regex"] is not None:
            return _Parser(unquoted(found["regex"]), self._sources, pattern=True).parsed()
        if found["ahead"] is not None:  # it says what comes next in any case
            return Sequence(())
        return None if found["name"] is None else Rule(found["name"])

    def _noted(self, node: Node, start: int) -> Node:
        source = self._text[start : self._at].strip()
        if isinstance(node, Sequence) and not node.items:
            source = "" if self._pattern else '""'
        elif isinstance(node, Choice) or (isinstance(node, Sequence) and len(node.items) > 1):
            source = f"({source})"
        self._sources[node] = Source(source, self._pattern)
        return node

    def _comes(self, mark: str) -> bool:
        found = self._token.match(self._text, self._at)
        return found is not None and found["mark"] == mark

    def _next_is(self, mark: str) -> bool:
        found = self._token.match(self._text, self._at)
        if found is None or found["mark"] != mark:
            return False
        self._at = found.end()
        return True


def _of_pattern(found: re.Match[str]) -> Text | None:
    if found["code"] is not None:
        return Text(chr(int(found["code"], 16)))
    character = found["escaped"] or found["itself"]
    return None if character is None else Text(character)


def _bounds(written: str) -> tuple[int, int | None]:
    short: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
    if written in short:
        return short[written]
    low, comma, high = written[1:-1].partition(",")
    return int(low), int(high) if high else None if comma else int(low)


def _set(inside: str) -> Set:
    ranges = ranges_of(inside.removeprefix("^"))
    return Set(tuple((chr(first), chr(last)) for _, first, last in ranges), inside.startswith("^"))


def give_up(text: str) -> NoReturn:
    """Say what cannot be read."""
    raise UnsupportedSchema(
        f"what the grammar allows behind a text cannot be found out: {text[:80]!r} is not written as "
        "qwen_structured.schema.lower writes it"
    )
