"""What anybody could show of an error."""

from __future__ import annotations

import traceback


def everything_of(error: BaseException) -> str:
    """Messages, reprs, attributes and traceback of an error and of all that led to it."""
    shown = ["".join(traceback.format_exception(error))]
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        one = pending.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            shown += [str(one), repr(one)]
            pending += [one.__cause__, one.__context__]
    return "\n".join(shown)
