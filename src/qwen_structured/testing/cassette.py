"""A backend that records the answers of another in a file, and gives them again from there."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

import anyio.lowlevel
from pydantic import TypeAdapter

from ..exceptions import ConfigurationError
from ..protocols import Backend, Capabilities, Completion, Health, Request
from .tape import Recording, Tape, asked_of, key_of
from .work import Work

Record: TypeAlias = Literal["none", "missing", "all"]
"""What is recorded: nothing; what the cassette has not; all, in place of what it has."""

_COMPLETIONS: TypeAdapter[Completion] = TypeAdapter(Completion)
_CAPABILITIES: TypeAdapter[Capabilities] = TypeAdapter(Capabilities)


class NotRecorded(ConfigurationError):
    """A cassette was asked for what it has not, or its type's schema is another now."""


class CassetteBackend:
    """Gives the answers that a file has, and records those of a real backend in it.

    A recording is found by the request's schema, its prompt and its settings. It goes through the same parser
    and the same attempts as any answer. The file is JSON, sorted and without times, so that it changes only
    where answers do. It has what a backend is asked and answers, and nothing of how it is reached: no key,
    header or address. Failures are not recorded.

    Args:
        path: of the file.
        backend: answers what is to be recorded; without it, nothing is.
        record: what is recorded: see `Record`; by default ``missing`` with a backend, and else ``none``.
        redact: takes every text of prompts and answers before it is compared or written, and gives what
            stands in its place; probabilities of tokens are left out then.

    Attributes:
        requests: what was asked so far, in order.

    Raises:
        ConfigurationError: there is no file and nothing to record from, or it is none of ours.

    Example:
        >>> import tempfile
        >>> from qwen_structured import StructuredGenerator
        >>> from qwen_structured.testing import CassetteBackend, ScriptedBackend
        >>> path = tempfile.mkdtemp() + "/eggs.json"
        >>> real = ScriptedBackend([12])
        >>> StructuredGenerator(backend=CassetteBackend(path, real)).generate(int, "How many eggs?")
        12
        >>> StructuredGenerator(backend=CassetteBackend(path)).generate(int, "How many eggs?")
        12
    """

    def __init__(
        self,
        path: str | Path,
        backend: Backend | None = None,
        *,
        record: Record | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        self.requests: list[Request] = []
        self._path = Path(path)
        self._real = backend
        self._record: Record = record or ("none" if backend is None else "missing")
        if self._record != "none" and backend is None:
            raise ConfigurationError(f"record={record!r} needs a backend to record from: pass backend=...")
        self._redact = redact
        self._tape = self._begin()
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._work = Work("cassette")

    def _begin(self) -> Tape:
        real = self._real
        if self._record != "all" and self._path.exists():
            return Tape.read(self._path)
        if self._record == "none" or real is None:
            raise ConfigurationError(
                f"there is no cassette {str(self._path)!r}: record it once, with "
                "CassetteBackend(path, backend) or pytest --record-cassettes=missing"
            )
        return Tape(real.name, _CAPABILITIES.dump_python(real.capabilities))

    @property
    def name(self) -> str:
        """That of the backend whose answers it has."""
        return self._tape.backend

    @property
    def capabilities(self) -> Capabilities:
        """Those of the backend whose answers it has."""
        return _CAPABILITIES.validate_python(self._tape.capabilities)

    @property
    def unused(self) -> int:
        """How many recordings were not asked for: a cassette that is recorded anew has none of them."""
        return sum(max(0, len(found) - self._asked[key]) for key, found in self._tape.recordings.items())

    # --- answers -----------------------------------------------------------------------------

    async def complete(self, request: Request, /) -> Completion:
        """Give the recorded answer, or record one.

        Raises:
            NotRecorded: there is none, and nothing is recorded.
            BackendClosed: the backend is closed.
        """
        with self._work.working():
            return await self._answer(request)

    async def _answer(self, request: Request) -> Completion:
        found = self._next(request)
        if found is None:
            assert self._real is not None, "without it, what is not recorded is an error"
            completion = await self._real.complete(request)
            self._keep(request, Recording(self._data(completion), None))
            return completion
        await anyio.lowlevel.checkpoint()
        self._work.check_open()
        if not found.is_whole:
            raise NotRecorded(
                f"the recorded stream was left after {len(found.text)} characters, and now all of it is "
                f"wanted: record the cassette {str(self._path)!r} anew"
            )
        return _COMPLETIONS.validate_python(found.completion)

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        """Give the recorded answer in the pieces in which it came, or record one; raises as `complete`."""
        with self._work.working():
            found = self._next(request)
            items = self._recorded(request) if found is None else self._replayed(found)
            async with aclosing(items):
                async for item in items:
                    yield item

    async def _replayed(self, found: Recording) -> AsyncGenerator[str | Completion]:
        for piece in found.in_pieces():
            await anyio.lowlevel.checkpoint()
            self._work.check_open()
            yield piece
        if not found.is_whole:
            raise NotRecorded(
                f"the recorded stream was left after {len(found.text)} characters, and now more of it is "
                f"wanted: record the cassette {str(self._path)!r} anew"
            )
        yield _COMPLETIONS.validate_python(found.completion)

    async def _recorded(self, request: Request) -> AsyncGenerator[str | Completion]:
        assert self._real is not None, "without it, what is not recorded is an error"
        pieces: list[str] = []
        completion: Completion | None = None
        items: AsyncIterator[str | Completion] = self._real.stream(request)
        failed = False
        try:
            async with aclosing(cast("Any", items)) if hasattr(items, "aclose") else nullcontext():
                async for item in items:
                    if isinstance(item, Completion):
                        completion = item
                    else:
                        pieces.append(item)
                    yield item
        except Exception:
            failed = True
            raise
        finally:
            if completion is not None or (pieces and not failed):
                begun = {"text": self._redact("".join(pieces))}
                data = begun if completion is None else self._data(completion)
                self._keep(request, Recording(data, [len(piece) for piece in pieces]))

    # --- recordings --------------------------------------------------------------------------

    def _next(self, request: Request) -> Recording | None:
        """The recording that is due; None if one is to be made."""
        asked = asked_of(request, self._redact)
        key = key_of(asked)
        with self._lock:
            self.requests.append(request)
            number = self._asked[key]
            self._asked[key] += 1
            found = self._tape.recordings.get(key, [])
            if number < len(found):
                return found[number]
            if self._record != "none":
                return None
            raise NotRecorded(self._tape.why_not(asked, key, number, self._path))

    def _keep(self, request: Request, recording: Recording) -> None:
        with self._lock:
            self._tape.add(asked_of(request, self._redact), recording)
            self._tape.write(self._path)

    def _data(self, completion: Completion) -> Mapping[str, Any]:
        """A completion as plain data: without its times, which differ each time."""
        data: dict[str, Any] = _COMPLETIONS.dump_python(completion, exclude={"timings"})
        if self._redact is not str:
            data["logprobs"] = None
        return {key: self._redact(one) if isinstance(one, str) else one for key, one in data.items()}

    # --- life --------------------------------------------------------------------------------

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:
        """Load what is recorded from; without it there is nothing to load."""
        self._work.check_open()
        if self._real is not None:
            await self._real.warm_up(grammars)

    async def health(self) -> Health:
        """Tell that it is ready, or closed."""
        return self._work.health

    async def aclose(self) -> None:
        """Refuse all further requests, and close what is recorded from."""
        self._work.close()
        if self._real is not None:
            await self._real.aclose()
