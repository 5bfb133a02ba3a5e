"""A backend that answers from a script, for tests of code that generates."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import anyio.lowlevel
from pydantic_core import to_json

from ..exceptions import ConfigurationError
from ..protocols import Capabilities, Completion, Health, Request, Usage
from .work import Work

Answer: TypeAlias = object
"""What a script holds: a `Completion`, which is given back as it is; an exception, which is raised; a text,
which is what the model wrote; a callable, which is given the `Request` and returns one of these; or any other
value, whose JSON is what the model wrote. A word is a token; `max_output_tokens` cuts off the rest."""

_PIECE_CHARACTERS = 4


class ScriptExhausted(ConfigurationError):
    """A `ScriptedBackend` was asked more often than its script has answers."""


class ScriptedBackend:
    """Answers requests from a script, in order, and keeps the requests.

    It does not look at grammars: what the script says is what comes back, so that a test can show its code
    a wrong answer too.

    Args:
        answers: the script, which may be endless, or a callable that answers every request.
        capabilities: what the backend says it can do; by default it constrains nothing and has no seeds.

    Attributes:
        requests: what was asked so far, in order.

    Example:
        >>> from qwen_structured import StructuredGenerator
        >>> from qwen_structured.testing import ScriptedBackend
        >>> backend = ScriptedBackend([{"name": "Ada"}])
        >>> StructuredGenerator(backend=backend).generate(dict[str, str], "Who?")
        {'name': 'Ada'}
        >>> backend.requests[0].messages[-1].content
        'Who?'
    """

    name = "scripted"

    def __init__(
        self,
        answers: Iterable[Answer] | Callable[[Request], Answer],
        *,
        capabilities: Capabilities | None = None,
    ) -> None:
        self.capabilities = capabilities or Capabilities(grammar=False, seed=False, thinking=False)
        self.requests: list[Request] = []
        self._answer_every = answers if callable(answers) else None
        self._script: Iterator[Answer] = iter(()) if callable(answers) else iter(answers)
        self._lock = threading.Lock()  # one backend serves several threads
        self._work = Work("scripted backend")

    async def complete(self, request: Request, /) -> Completion:
        """Give the script's next answer.

        Raises:
            ScriptExhausted: the script has no answer left.
            BackendClosed: the backend is closed.
            Exception: the next answer is one.
        """
        with self._work.working():
            return await self._answer(request)

    async def stream(self, request: Request, /) -> AsyncGenerator[str | Completion]:
        """Give the script's next answer in pieces, then whole; raises as `complete` does."""
        with self._work.working():
            completion = await self._answer(request)
            for start in range(0, len(completion.text), _PIECE_CHARACTERS):
                yield completion.text[start : start + _PIECE_CHARACTERS]
                await anyio.lowlevel.checkpoint()
                self._work.check_open()
            yield completion

    async def warm_up(self, grammars: Sequence[str] = (), /) -> None:  # noqa: ARG002
        """Do nothing; there is nothing to load.

        Raises:
            BackendClosed: the backend is closed.
        """
        self._work.check_open()

    async def health(self) -> Health:
        """Tell that it is ready, or closed."""
        return self._work.health

    async def aclose(self) -> None:
        """Refuse all further requests."""
        self._work.close()

    async def _answer(self, request: Request) -> Completion:
        answer = self._next(request)
        await anyio.lowlevel.checkpoint()
        self._work.check_open()
        return _completion(answer, request)

    def _next(self, request: Request) -> Answer:
        """Take the next answer, and keep the request that it is for."""
        with self._lock:
            self.requests.append(request)
            if self._answer_every is not None:
                return self._answer_every
            try:
                return next(self._script)
            except StopIteration:
                asked = len(self.requests)
                raise ScriptExhausted(
                    f"request {asked} came, and the script has {asked - 1} answers: "
                    "add one, or look why the code asks more often"
                ) from None


def _completion(answer: Answer, request: Request) -> Completion:
    if isinstance(answer, BaseException):
        raise answer
    if isinstance(answer, Completion):
        return answer
    if callable(answer):
        return _completion(answer(request), request)
    return _written(answer if isinstance(answer, str) else to_json(answer).decode(), request)


def _written(text: str, request: Request) -> Completion:
    """The completion of a model that writes `text`, a word a token, within the request's limit."""
    words = list(re.finditer(r"\S+", text))
    limit = request.max_output_tokens or len(words)
    cut = limit < len(words)
    return Completion(
        text=text[: words[limit - 1].end()] if cut else text,
        finish_reason="length" if cut else "stop",
        usage=Usage(
            prompt_tokens=sum(len(message.content.split()) for message in request.messages) or 1,
            output_tokens=limit if cut else len(words) or 1,
        ),
        model="scripted",
    )
