"""What is found out about a server at first contact: its model, how it takes grammars, whether it reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ... import models
from ...exceptions import ProtocolError, UnknownModel, UnsupportedOption, UnsupportedSchema, nearest
from ...protocols import Request
from . import logprobs
from .canary import DIALECTS, Canary, Proof
from .connections import Connections
from .options import ServerOptions
from .wire import CHAT, Answer, Choice, Dialect, ModelCard, Models, completion_body, only, read

if TYPE_CHECKING:
    from pydantic import JsonValue


class Contact:
    """Each fact is found out once, by the first request that needs it, while others wait.

    Args:
        url: base URL of the server, without ``/v1``.
        wanted: name of the wanted model, or None for the only one.
    """

    def __init__(
        self, url: str, wanted: str | None, options: ServerOptions, connections: Connections
    ) -> None:
        self._url = url
        self._wanted = wanted
        self._options = options
        self._connections = connections
        self._lock = asyncio.Lock()
        self._model: ModelCard | None = None
        self._proof: Proof | None = None
        self._reasons: bool | None = None
        self._after_mask: bool | None = None

    # --- the model -------------------------------------------------------------------------------

    async def model(self) -> ModelCard:
        """The card of the wanted model.

        Raises:
            UnknownModel: the server does not have it; the message has those that it has.
        """
        if self._model is not None:
            return self._model
        async with self._lock:
            if self._model is None:
                answer = await self._connections.read(self._url, "/v1/models", quick=True)
                self._model = self._chosen(read(Models, self._url, answer).data)
            return self._model

    def _chosen(self, served: Sequence[ModelCard]) -> ModelCard:
        names = [card.id for card in served]
        shown = ", ".join(map(repr, names)) or "none"
        if self._wanted is None:
            own = [card for card in served if card.parent is None]
            if len(own) == 1:
                return own[0]
            raise UnknownModel(f"{self._url} serves {shown}: name the model that is meant")
        known = models.find(self._wanted)
        full = known.name if known else self._wanted
        for card in served:
            if {card.id, card.root} & {self._wanted, full}:
                return card
        meant = repr(self._wanted) if full == self._wanted else f"{self._wanted!r}, which is {full!r}"
        near = nearest(full, names)
        hint = f"; did you mean {near!r}?" if near else ""
        raise UnknownModel(f"{self._url} does not serve the model {meant}: it serves {shown}{hint}")

    # --- grammars --------------------------------------------------------------------------------

    async def proof(self) -> Proof:
        """How the server takes a grammar, proved by a canary.

        Raises:
            ProtocolError: it does not enforce grammars, and there is no fallback.
        """
        if self._proof is not None:
            return self._proof
        card = await self.model()
        async with self._lock:
            if self._proof is None:
                self._proof = await self._proved(card)
            return self._proof

    async def _proved(self, card: ModelCard) -> Proof:
        refusal: UnsupportedSchema | ProtocolError | None = None
        seen = ""
        for dialect in DIALECTS:
            try:
                _, seen = await self._answered(dialect, card)
            except (UnsupportedSchema, ProtocolError) as error:  # it does not take the field
                refusal = error
                continue
            if seen in ("constrained", "in reasoning"):
                return Proof(dialect, in_reasoning=seen == "in reasoning")
        if self._options.fallback == "response_format":
            return Proof(Dialect.RESPONSE_FORMAT)
        why = str(refusal) if refusal else f"a test request with a grammar got an answer that is {seen}"
        raise ProtocolError(
            f"{self._url} does not enforce grammars ({why}): update it to vLLM 0.11 or newer, started with "
            "--structured-outputs-config.backend xgrammar, or set the option fallback to 'response_format', "
            "with which everything is checked afterwards"
        ) from refusal

    async def _answered(self, dialect: Dialect, card: ModelCard, **asked: JsonValue) -> tuple[Choice, str]:
        """The answer to a canary, whose body has `asked` besides, and what it shows."""
        canary = Canary.make()
        choice = await self._choice(canary.request, dialect, card, **asked)
        seen = canary.verdict(choice.message)
        if seen == "reasoning":  # although it was not asked to, so the grammar may bind what comes after that
            canary = Canary.make(thinking=True)
            choice = await self._choice(canary.request, dialect, card, **asked)
            seen = canary.verdict(choice.message)
        return choice, seen

    # --- probabilities ---------------------------------------------------------------------------

    async def after_mask(self) -> bool | None:
        """Whether the server's log-probabilities are those after the grammar's mask, shown by a canary.

        Which they are depends on the server's version and its flag ``--logprobs-mode``, and it tells of
        neither. None where it does not enforce grammars.

        Raises:
            UnsupportedOption: it gives none.
        """
        card, proof = await self.model(), await self.proof()
        if proof.dialect is Dialect.RESPONSE_FORMAT:
            return None
        async with self._lock:
            if self._after_mask is None:
                self._after_mask = await self._shown_after_mask(proof.dialect, card)
            return self._after_mask

    async def _shown_after_mask(self, dialect: Dialect, card: ModelCard) -> bool:
        try:
            choice, _ = await self._answered(dialect, card, logprobs=True, top_logprobs=2)
        except ProtocolError as error:
            raise self._no_logprobs(str(error)) from error
        if choice.logprobs is None or not choice.logprobs.content:
            raise self._no_logprobs("it leaves them out of its answers")
        shown = logprobs.after_mask(choice.logprobs.content[-1])
        if shown is None:
            raise self._no_logprobs("it gives logits in their place")
        return shown

    def _no_logprobs(self, why: str) -> UnsupportedOption:
        return UnsupportedOption(
            f"{self._url} gives no log-probabilities ({why}): leave the option logprobs out, or start the "
            "server with --logprobs-mode raw_logprobs and without --max-logprobs"
        )

    # --- reasoning -------------------------------------------------------------------------------

    async def check_reasons(self) -> None:
        """Find out whether the model reasons when it is asked to.

        Raises:
            UnsupportedOption: it does not.
        """
        card = await self.model()
        async with self._lock:
            if self._reasons is None:
                canary = Canary.make(thinking=True, glance=True)
                said = (await self._choice(canary.request, DIALECTS[0], card)).message
                self._reasons = bool(said.thought) or not said.content
        if not self._reasons:
            raise UnsupportedOption(
                f"{card.id!r} at {self._url} does not reason: leave enable_thinking out, choose a model that "
                "does, or start the server with --reasoning-parser qwen3"
            )

    async def _choice(
        self, request: Request, dialect: Dialect, card: ModelCard, **asked: JsonValue
    ) -> Choice:
        body = {**completion_body(request, card.id, dialect), **asked}
        answer = await self._connections.read(self._url, CHAT, body)
        return only(read(Answer, self._url, answer).choices, self._url)
