"""Log-probabilities as they come over the wire: whose tokens they are, and what they are among."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence

from ...protocols import TokenLogprob
from .wire import Score

_NEVER = -9_000.0
"""Below it a token is one that cannot be: vLLM sends -9999 in place of minus infinity."""

_ROUNDING = 0.01
_LOST = "\N{REPLACEMENT CHARACTER}"


def of_answer(scores: Sequence[Score], text: str, *, ended: bool) -> tuple[TokenLogprob, ...] | None:
    """Pick the tokens of an answer out of those of the whole output, which has reasoning and end as well.

    Args:
        scores: of all tokens that were written, in order.
        text: the answer.
        ended: the model ended it, so that the last token is likely to be its end.

    Returns:
        Tokens whose texts together are `text`; None where those that were written do not spell it.

    Example:
        >>> scores = [Score(token=text, logprob=-0.5) for text in ("4", "2", "</s>")]
        >>> of_answer(scores, "42", ended=True)
        (TokenLogprob(text='4', logprob=-0.5), TokenLogprob(text='2', logprob=-0.5))
    """
    pieces = list(_pieces(scores))
    written = "".join(pieces)
    start = _place(written.removesuffix(pieces[-1]), text) if ended and pieces else None
    if start is None:
        start = _place(written, text)
    return None if start is None else tuple(_within(scores, pieces, text, start))


def after_mask(end: Score) -> bool | None:
    """Whether probabilities are those after the grammar's mask, as the end of a canary's answer shows.

    Where the answer is whole, the grammar allows its end alone: that has the probability 1, and whatever
    comes second in likelihood has none.

    Args:
        end: the last token, with the likeliest two of its place.

    Returns:
        None where they are no logarithms of probabilities, but what those are computed from (logits).
    """
    if any(likely.logprob < _NEVER for likely in end.top_logprobs):
        return True if abs(end.logprob) < _ROUNDING else None
    return None if end.logprob > _ROUNDING else False


def _pieces(scores: Sequence[Score]) -> Iterator[str]:
    """What each token adds to the text. Bytes say it best: a character may be parted among several tokens."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for score in scores:
        yield score.token if score.bytes is None else decoder.decode(bytes(score.bytes))


def _place(written: str, text: str) -> int | None:
    """Where the text stands, the last time that it does.

    vLLM decodes each token for itself. Where the end of a character shares a token with the next one, it
    sends U+FFFD in that character's place.
    """
    place = written.rfind(text)
    if place >= 0 or _LOST not in written:
        return place if place >= 0 else None
    for place in range(len(written) - len(text), -1, -1):
        if all(here in (meant, _LOST) for here, meant in zip(written[place:], text, strict=False)):
            return place
    return None


def _within(scores: Sequence[Score], pieces: Sequence[str], text: str, start: int) -> Iterator[TokenLogprob]:
    end = -start
    for score, piece in zip(scores, pieces, strict=True):
        begin, end = end, end + len(piece)
        if begin < len(text) and (end > 0 or begin == end == 0):
            yield TokenLogprob(text[max(0, begin) : max(0, end)], min(0.0, score.logprob))
