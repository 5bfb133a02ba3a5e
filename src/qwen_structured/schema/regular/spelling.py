r"""Write languages as grammar text: the JSON spellings of their strings, without the quotes around them.

Each character has one spelling, that of `json.dumps` with ``ensure_ascii=False``: itself, or a short escape,
or ``\u00xx`` in lower case.

Source: XGrammar 0.2.7 and 0.2.8, tried out in tests/unit/schema/test_regular_spelling.py.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache, reduce
from operator import and_
from typing import Final

from .automaton import Automaton
from .charset import NONE, CharSet, Ranges, union
from .limits import MAX_SPELLED_POSITIONS, TooLarge
from .syntax import Chars, Choice, Embedded, Look, Node, Repeat, Sequence, Words
from .utf8 import pieces, pieces_apart

_SPELLED_WITH_ESCAPE: Final = CharSet.span("\0", "\x1f") | CharSet.of('"\\')
_SPECIAL: Final = frozenset("^$.*+?()[]{}|\\/")
_SPECIAL_IN_CLASS: Final = frozenset("^]-[\\")
_WIDE: Final = 1_000
"""So many characters are nearly all of a vocabulary."""
_MOST_PARTS: Final = 12


def spelled_json(text: str) -> str:
    """The canonical JSON spelling of a string, without its quotes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def spelled(node: Node) -> str:
    r"""Write an expression in the dialect of XGrammar's ``Regex("...")``, before EBNF's own quoting.

    Raises:
        TooLarge: its repetitions, which XGrammar writes out, make it too long.
    """
    if node.traits.positions > MAX_SPELLED_POSITIONS:
        raise TooLarge(f"the expression is longer than {MAX_SPELLED_POSITIONS:,} characters written out")
    return _spelled(node)


def rules(automaton: Automaton, name: str, end: str = '""') -> list[tuple[str, str]]:
    """Write an automaton as EBNF rules, a name and a body each, the first for the start.

    Each state has a rule: a choice of a character's JSON spelling and the rule of the state that it leads to.
    `end` is what follows the string. Where several states lead on with nearly all characters, the engine
    would try all of its vocabulary for each of them, which takes 30 ms; so these characters have rules of
    their own, which such states share.
    """
    return _Rules(automaton, name, end).written()


class _Rules:
    def __init__(self, automaton: Automaton, name: str, end: str) -> None:
        self._automaton, self._end = automaton, end
        states = [state for state in range(len(automaton.rows)) if state != automaton.dead]
        self._names = {state: f"{name}_{state}" if state else name for state in states}
        self._shared = dict(self._common())

    def written(self) -> list[tuple[str, str]]:
        states = [(name, self._body(state)) for state, name in self._names.items()]
        parts = [
            (name, " | ".join(self._ways(charset, target)))
            for target, shared in self._shared.items()
            for name, charset in shared.items()
        ]
        return states + parts

    def _common(self) -> Iterator[tuple[int, dict[str, CharSet]]]:
        """The characters with which several other states lead to one, each part with the name of its rule."""
        wide: dict[int, list[CharSet]] = defaultdict(list)
        for state in self._names:
            for target, charset in self._automaton.transitions[state].items():
                if target != state and len(charset) >= _WIDE:
                    wide[target].append(charset)
        for target, charsets in wide.items():
            if len(charsets) > 1:
                name = self._names[target]
                yield target, {f"{name}c{i}": part for i, part in enumerate(_common_parts(charsets))}

    def _body(self, state: int) -> str:
        """What a state goes on with; first the characters that lead to itself, any number of them.

        A rule must not name itself beside the rule of what follows: XGrammar 0.2.8 takes masks from one
        grammar for another if they differ only in what such a rule leads to (tests/fidelity/test_masks.py).
        """
        transitions = self._automaton.transitions[state]
        ways = [self._end] if self._automaton.accepting[state] else []
        for target, charset in transitions.items():
            rest = charset if target != state else NONE
            for name, part in self._shared.get(target, {}).items() if rest else ():
                if not part - charset:
                    ways.append(name)
                    rest -= part
            ways.extend(self._ways(rest, target))
        if state not in transitions:
            return " | ".join(ways)
        staying = f"Regex({_quoted(_item(Chars(transitions[state])) + '*')})"
        return staying if ways == ['""'] else f"{staying} ({' | '.join(ways)})"

    def _ways(self, charset: CharSet, target: int) -> Iterator[str]:
        as_is, escapes = _parted(charset)
        if as_is:
            yield f"[{_ebnf_ranges(as_is)}] {self._names[target]}"
        for escape in _escape_literals(escapes):
            yield f"{escape} {self._names[target]}"


def _common_parts(charsets: Collection[CharSet]) -> list[CharSet]:
    """Part sets so that each is made of some parts; if these are many, only what is in all of the sets."""
    parts = [union(charsets)]
    for charset in dict.fromkeys(charsets):
        parts = [part for one in parts for part in (one & charset, one - charset) if part]
        if len(parts) > _MOST_PARTS:
            return [reduce(and_, charsets)]
    return parts


def _escape_literals(spellings: list[str]) -> list[str]:
    r"""Write a choice of escapes in EBNF: ``"\\\\" ["n]`` and ``"\\\\u001" [0-9]``."""
    last: dict[str, str] = defaultdict(str)
    for spelling in spellings:
        last[spelling[:-1]] += spelling[-1]
    return [f"{_quoted(first)} [{_ebnf_ranges(CharSet.of(ends))}]" for first, ends in last.items()]


def _ebnf_ranges(charset: CharSet) -> str:
    return "".join(
        _ebnf_character(first) if first == last else f"{_ebnf_character(first)}-{_ebnf_character(last)}"
        for first, last in pieces(charset)
    )


def _ebnf_character(code_point: int) -> str:
    character = chr(code_point)
    if character.isascii() and character.isalnum():
        return character
    return f"\\u{code_point:04x}" if code_point <= 0xFFFF else f"\\U{code_point:08x}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _spelled(node: Node) -> str:
    match node:
        case Chars(charset):
            return _chars(charset)
        case Words(values):
            return "|".join(_literal(spelled_json(value)) for value in values)
        case Sequence(parts):
            return "".join(map(_part, parts))
        case Choice(options):
            return "|".join(map(_spelled, options))
        case Repeat(item, low, high):
            return _item(item) + _times(low, high)
        case Embedded() | Look():
            raise AssertionError(f"an expression is resolved before it is spelled: {node}")


def _part(node: Node) -> str:
    """Write an expression so that others can stand beside it."""
    text = _spelled(node)
    is_choice = isinstance(node, Choice) or (isinstance(node, Words) and len(node.values) > 1)
    return f"({text})" if is_choice else text


def _item(node: Node) -> str:
    """Write an expression so that it can be repeated."""
    text = _spelled(node)
    is_one = len(text) == 1 or (isinstance(node, Chars) and text[0] in "[(")
    return text if is_one else f"({text})"


def _times(low: int, high: int | None) -> str:
    """Write a quantifier, never ``?``: XGrammar 0.2.8 finds "a" in ``(1a*)?``, but not in ``(1a*){0,1}``."""
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case _, None:
            return f"{{{low},}}"
        case _ if low == high:
            return f"{{{low}}}"
        case _:
            return f"{{{low},{high}}}"


@lru_cache(maxsize=512)
def _chars(charset: CharSet) -> str:
    as_is, escapes = _parted(charset)
    ways = [_class(ranges) for ranges in pieces_apart(as_is)]
    if escapes:
        ways.append(_escapes(escapes))
    return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})"


@lru_cache(maxsize=4096)
def _parted(charset: CharSet) -> tuple[CharSet, list[str]]:
    """The characters that are spelled as they are, and the spellings of the others."""
    return charset - _SPELLED_WITH_ESCAPE, [spelled_json(c) for c in charset & _SPELLED_WITH_ESCAPE]


def _class(ranges: Ranges) -> str:
    match ranges:
        case ((first, last),) if first == last:
            return _literal(chr(first))
        case _:
            return f"[{''.join(_range(chr(first), chr(last)) for first, last in ranges)}]"


def _range(first: str, last: str) -> str:
    between = "-" if ord(last) - ord(first) > 1 else ""
    return _in_class(first) + (between + _in_class(last) if first != last else "")


def _in_class(character: str) -> str:
    if character in _SPECIAL_IN_CLASS:
        return "\\" + character
    return character if " " <= character <= "~" else _regex_escape(character)


def _literal(text: str) -> str:
    return "".join(map(_literal_character, text))


def _literal_character(character: str) -> str:
    if character in _SPECIAL:
        return "\\" + character
    return character if character.isprintable() else _regex_escape(character)


def _regex_escape(character: str) -> str:
    return f"\\u{{{ord(character):X}}}"


def _escapes(spellings: list[str]) -> str:
    r"""Write a choice of escapes: ``\\(["n]|u00(0[0-7]|1[a-f]))``."""
    short = CharSet.of("".join(spelling[1] for spelling in spellings if len(spelling) == 2))
    long: dict[str, str] = defaultdict(str)
    for spelling in spellings:
        if len(spelling) == 6:
            long[spelling[4]] += spelling[5]
    ways = [_class(short.ranges)] if short else []
    ways += [f"u00{first}{_class(CharSet.of(last).ranges)}" for first, last in long.items()]
    return rf"\\{ways[0]}" if len(ways) == 1 else rf"\\({'|'.join(ways)})"
