"""How engines go on from a text that cannot be told to: its grammar is that of what may stand behind it."""

from __future__ import annotations

from ..exceptions import InvalidPrompt
from ..protocols import Request
from ..schema.remaining import NotAllowed, remaining


def grammar_behind_prefix(request: Request) -> str | None:
    """What the decoder has to enforce behind the request's prefix; None if the request has no grammar.

    It takes about 20 µs for each character of the prefix.

    Raises:
        InvalidPrompt: the grammar does not allow the prefix.
        UnsupportedSchema: it was not written by this package, and cannot be read.
    """
    if request.grammar is None or not request.prefix:
        return request.grammar
    try:
        return remaining(request.grammar, request.prefix)
    except NotAllowed as error:
        raise InvalidPrompt(
            f"the grammar does not allow the prefix, which ends with {request.prefix[-40:]!r}: {error}"
        ) from error
