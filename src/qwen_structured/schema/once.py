"""Remember what a function made, make it once however many threads ask for it, and forget what is oldest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A function that is called once for the same arguments; who asks meanwhile waits for the same answer.

    Unlike `functools.lru_cache`, which lets each of several threads that ask at once call it.

    Args:
        make: the function, of hashable arguments; its errors are not remembered.
        most: so many answers are kept, those that were asked for last.
    """

    def __init__(self, make: Callable[..., T], most: int) -> None:
        self._make, self._most = make, most
        self._made: OrderedDict[tuple[Hashable, ...], Future[T]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._made)

    def __call__(self, *key: Hashable) -> T:
        """The answer for some arguments."""
        mine: Future[T] | None = None
        with self._lock:
            found = self._made.get(key)
            if found is None:
                found = mine = self._made[key] = Future()
            self._made.move_to_end(key)
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        if mine is not None:
            self._answer(key, mine)
        return found.result()

    def _answer(self, key: tuple[Hashable, ...], mine: Future[T]) -> None:
        try:
            mine.set_result(self._make(*key))
        except BaseException as error:
            with self._lock:
                if self._made.get(key) is mine:
                    del self._made[key]
            mine.set_exception(error)
