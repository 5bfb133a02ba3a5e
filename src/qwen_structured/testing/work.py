"""What a backend of tests has in work, and whether it is closed."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from ..exceptions import BackendClosed
from ..protocols import Health


class Work:
    """Counts the requests of one backend, in all threads.

    Args:
        whose: the backend, as messages name it.
    """

    def __init__(self, whose: str) -> None:
        self._whose = whose
        self._lock = threading.Lock()
        self._count = 0
        self._closed = False

    @property
    def health(self) -> Health:
        """It is ready, or closed."""
        return Health(state="dead" if self._closed else "ready", requests=self._count)

    def close(self) -> None:
        """Refuse all further work."""
        self._closed = True

    def check_open(self) -> None:
        """Refuse work when it is closed.

        Raises:
            BackendClosed: it is.
        """
        if self._closed:
            raise BackendClosed(f"the {self._whose} is closed: make a new one")

    @contextmanager
    def working(self) -> Generator[None]:
        """Count a request as in work."""
        self.check_open()
        self._change(+1)
        try:
            yield
        finally:
            self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            self._count += by
