"""Random patterns, and texts that lie near what they match."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from qwen_structured.schema.regular import Language

LETTERS = [*"abc1_-. kKxé😀٣ſ", '"', "\\", "\n", "\r", "\u2028", "\x1f", "\u0301"]
_ATOMS = ["a", "b", "c", "1", "_", "-", "é", r"\.", " ", '"', r"\\", r"\n", "k"]
_CLASSES = ["[ab]", "[^a]", "[a-c1]", r'[^\\n"]', "[b-]", ".", r"[\d_]", r"[^\w]", r"\d", r"\w", r"\D", r"\W"]
_ANCHORS = ["^", "$"]
_WORD_EDGES = [r"\b", r"\B"]
_QUANTIFIERS = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "{2,}"]
_LOOKS = ["(?=", "(?!", "(?<=", "(?<!"]


@st.composite
def patterns(
    draw: st.DrawFn, *, depth: int = 2, looks: bool = True, word_edges: bool = True, space: bool = True
) -> str:
    """A pattern that ECMAScript, Python and Rust read alike; Rust has no lookarounds."""
    assertions = [*_ANCHORS, *(_WORD_EDGES if word_edges else [])]
    sets = [*_CLASSES, *([r"\s", r"\S"] if space else [])]

    def within() -> str:
        return draw(patterns(depth=depth - 1, looks=looks, word_edges=word_edges, space=space))

    def part() -> str:
        kind = draw(st.integers(0, 9))
        if kind == 0:
            return draw(st.sampled_from(assertions))
        if kind == 1 and looks and depth:
            return f"{draw(st.sampled_from(_LOOKS))}{within()})"
        if kind <= 4 and depth:
            atom = f"{draw(st.sampled_from(['(', '(?:']))}{within()})"
        else:
            atom = draw(st.sampled_from(_ATOMS if kind <= 7 else sets))
        return atom + draw(st.sampled_from(_QUANTIFIERS))

    text = "".join(part() for _ in range(draw(st.integers(1, 4))))
    return f"{text}|{within()}" if depth and draw(st.integers(0, 3)) == 0 else text


def texts_near(language: Language, choose: random.Random) -> list[str]:
    """Samples of a language, what differs from them in a character, and texts at random."""
    samples = language.samples(choose, 6)
    found = ["", *samples]
    for sample in filter(None, samples):
        place, letter = choose.randrange(len(sample)), choose.choice(LETTERS)
        before, after = sample[:place], sample[place + 1 :]
        found += [before + after, before + letter + after, sample + letter, letter + sample]
    return found + ["".join(choose.choices(LETTERS, k=choose.randint(0, 6))) for _ in range(12)]
