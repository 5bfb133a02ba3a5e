"""One base URL: requests to its server, and its rest after a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from time import monotonic, perf_counter
from typing import Any

from ...exceptions import (
    NO_TOKENS,
    AnswerGarbled,
    BackendOverloaded,
    BackendUnavailable,
    PromptTooLong,
    ProtocolError,
    QwenStructuredError,
    UnsupportedOption,
    UnsupportedSchema,
)
from ...protocols import Completion, Request
from ..continuing import grammar_behind_prefix
from .answers import Draft
from .canary import Proof
from .connections import MAX_ANSWER_BYTES, Connections
from .contact import Contact
from .options import ServerOptions
from .sse import EventDecoder
from .wire import CHAT, Dialect, ModelCard, Tokens, completion_body, prompt_body, read

_DONE = "[DONE]"
_TEMPLATE_TOKENS = 256  # more than any of Qwen's chat templates adds to a conversation
_TEMPLATE_TOKENS_PER_MESSAGE = 16
_BYTES_PER_CHARACTER = 4  # in UTF-8, at most
_BYTES_PER_TOKEN = 64  # more than an answer's tokens have in JSON, on average
_BYTES_PER_SCORED_TOKEN = 512


class Endpoint:
    """A server at one address. All of it runs on the private loop.

    Args:
        url: its base URL, without ``/v1``.
        model: name of the wanted model, or None for the only one.
    """

    def __init__(self, url: str, model: str | None, options: ServerOptions, connections: Connections) -> None:
        self.url = url
        self._options = options
        self._connections = connections
        self._new_contact = partial(Contact, url, model, options, connections)
        self.contact = self._new_contact()
        self._counts = True
        self._rests_until = 0.0

    @property
    def rests_s(self) -> float:
        """Seconds for which it is still asked only as the last."""
        return max(0.0, self._rests_until - monotonic())

    def rest(self, error: BackendOverloaded | BackendUnavailable) -> None:
        """Ask it only as the last for a while; a server that was away may come back as another.

        One that broke off an answer was there, and a second canary would cost tokens for nothing.
        """
        asked_s = error.retry_after_s if isinstance(error, BackendOverloaded) else None
        self._rests_until = monotonic() + (self._options.rest_s if asked_s is None else asked_s)
        if isinstance(error, BackendUnavailable) and error.spent == NO_TOKENS:
            self.contact = self._new_contact()

    async def answer(
        self, request: Request, *, stream: bool, put: Callable[[str], object] = bool
    ) -> Completion:
        """Complete a request.

        Args:
            request: the request.
            stream: have the answer streamed.
            put: takes the pieces of its text as they come.

        Raises:
            QwenStructuredError: as `Backend.complete` does.
        """
        called_at, contact = perf_counter(), self.contact
        card = await contact.model()
        proof = await self._proof_for(request, contact)
        if request.enable_thinking:
            await contact.check_reasons()
        if request.prefix:
            request = replace(request, grammar=await self._behind_prefix(request, proof))
        after_mask = await contact.after_mask() if request.logprobs and proof else True
        await self._check_length(request, card)
        request = _within_context(request, card.max_model_len)
        draft = Draft(self.url, request, proof, after_mask, card.max_model_len, put, called_at)
        try:
            await self._ask(request, card, draft, stream=stream)
        except PromptTooLong as error:
            if request.max_output_tokens is None or error.prompt_tokens >= error.context_tokens:
                raise
            # refused is a limit beyond the room that is left, which would limit nothing
            await self._ask(replace(request, max_output_tokens=None), card, draft, stream=stream)
        return draft.completion()

    async def _proof_for(self, request: Request, contact: Contact) -> Proof | None:
        if request.grammar is None:
            return None
        proof = await contact.proof()
        if proof.dialect is Dialect.RESPONSE_FORMAT and request.schema is None:
            raise UnsupportedSchema(
                f"{self.url} does not enforce grammars, and this request must not fall back on its JSON "
                "Schema: leave refuse_checked out, or choose a server that enforces them"
            )
        return proof

    async def _behind_prefix(self, request: Request, proof: Proof | None) -> str | None:
        if proof is not None and proof.dialect is Dialect.RESPONSE_FORMAT:
            raise UnsupportedOption(
                f"{self.url} does not enforce grammars, so its model cannot go on within an answer: leave "
                "max_continuations out, or choose a server that enforces them"
            )
        return await asyncio.to_thread(grammar_behind_prefix, request)

    async def _check_length(self, request: Request, card: ModelCard) -> None:
        """Count the prompt before it is sent, if it can be too long at all: a token has at least one byte."""
        if card.max_model_len is None or not self._counts:
            return
        template = _TEMPLATE_TOKENS + _TEMPLATE_TOKENS_PER_MESSAGE * len(request.messages)
        characters = sum([len(message.content) for message in request.messages]) + len(request.prefix)
        if template + characters * _BYTES_PER_CHARACTER < card.max_model_len:
            return
        texts = (request.prefix, *(message.content for message in request.messages))
        if template + sum(len(text.encode()) for text in texts) < card.max_model_len:
            return
        body = prompt_body(request, card.id)
        try:
            tokens = read(Tokens, self.url, await self._connections.read(self.url, "/tokenize", body)).count
        except ProtocolError:  # there is no such path, and the server counts for itself
            self._counts = False
            return
        if tokens >= card.max_model_len:
            raise PromptTooLong(tokens, card.max_model_len)

    async def _ask(self, request: Request, card: ModelCard, draft: Draft, *, stream: bool) -> None:
        body = completion_body(request, card.id, draft.proof.dialect if draft.proof else None, stream=stream)
        if stream:
            await self._streamed(body, draft)
        else:
            largest = _largest(request, card.max_model_len)
            draft.take_whole(await self._connections.read(self.url, CHAT, body, max_bytes=largest))

    async def _streamed(self, body: Mapping[str, Any], draft: Draft) -> None:
        decoder, begun = EventDecoder(), False
        async with self._connections.send(self.url, CHAT, body) as response:
            async for piece in response.content.iter_any():
                for data in decoder.feed(piece):
                    begun = True
                    if data == _DONE:
                        await response.read()  # the end of the body, so that the connection can be kept
                        return
                    draft.take(data)
            if not begun:
                raise AnswerGarbled(f"{self.url} answered with {response.content_type}, not with events")
        raise BackendUnavailable(f"{self.url} ended the answer in the middle, without its last event")

    async def is_alive(self) -> None:
        """Ask the server how it is.

        Raises:
            QwenStructuredError: it does not answer, or says that its engine is dead.
        """
        await self._connections.read(self.url, "/health", quick=True)

    async def load(self) -> tuple[int, int] | None:
        """Requests that run on the server and that wait there, whoever sent them; None if it does not tell.

        Source: vLLM 0.32, v1/metrics/loggers.py.
        """
        try:
            text = (await self._connections.read(self.url, "/metrics", quick=True)).decode()
        except (QwenStructuredError, UnicodeDecodeError):
            return None
        return _sum(text, "vllm:num_requests_running"), _sum(text, "vllm:num_requests_waiting")


def _within_context(request: Request, context_tokens: int | None) -> Request:
    """The request without a limit that the context keeps in any case: vLLM refuses what is beyond it."""
    limit = request.max_output_tokens
    if limit is None or context_tokens is None or limit < context_tokens:
        return request
    return replace(request, max_output_tokens=None)


def _largest(request: Request, context_tokens: int | None) -> int:
    """Bytes that no answer has more of."""
    if context_tokens is None:
        return MAX_ANSWER_BYTES
    per_token = _BYTES_PER_SCORED_TOKEN if request.logprobs else _BYTES_PER_TOKEN
    return 2**20 + context_tokens * per_token


def _sum(metrics: str, name: str) -> int:
    """Sum up a metric over its labels (an engine each) in Prometheus's text format."""
    return int(
        sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(f"{name}{{"))
    )
