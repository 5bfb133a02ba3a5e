"""What a backend on the private loop has in work, and the end of it when the backend is closed."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager

import anyio

from ..exceptions import BackendClosed


class OpenWork:
    """Requests in work. `working` runs on the private loop, the rest anywhere.

    Args:
        name: of the backend.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._scopes: set[anyio.CancelScope] = set()
        self._closed = False
        self._process = os.getpid()

    def __len__(self) -> int:
        return len(self._scopes)

    @property
    def is_closed(self) -> bool:
        """Whether it is closed, or belongs to the process that this one was forked from."""
        return self._closed or self._process != os.getpid()

    def check_open(self) -> None:
        """Refuse further work.

        Raises:
            BackendClosed: the backend is closed.
        """
        if self.is_closed:
            raise BackendClosed(
                f"the backend {self._name!r} is closed, or belongs to the process that this one was forked "
                "from: make a new one"
            )

    @contextmanager
    def working(self) -> Generator[None]:
        """Count the work as in work, and end it when the backend is closed.

        Raises:
            BackendClosed: the backend is closed, before or meanwhile.
        """
        self.check_open()
        with anyio.CancelScope() as scope:
            self._scopes.add(scope)
            try:
                yield
            finally:
                self._scopes.discard(scope)
        if scope.cancelled_caught:
            raise BackendClosed(f"the backend {self._name!r} was closed while it worked on the request")

    def close(self) -> None:
        """Refuse further work; whoever calls then ends what there is with `cancel` on the private loop."""
        self._closed = True

    def cancel(self) -> None:
        """End all work."""
        for scope in self._scopes:
            scope.cancel()
