"""A small loopback stand-in of vLLM's HTTP interface, with faults to order.

It enforces grammars for real: XGrammar's matcher over a vocabulary of bytes chooses among the bytes that the
grammar allows. What it writes otherwise is drawn by the seed.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Any, Literal

import torch
import xgrammar
from benchmarks.loops import end_tasks

_END = 256
_BYTES = [bytes([value]) for value in range(256)]


@lru_cache(maxsize=1)
def _compiler() -> xgrammar.GrammarCompiler:
    info = xgrammar.TokenizerInfo(
        [*_BYTES, b"</s>"], vocab_type=xgrammar.VocabType.RAW, vocab_size=257, stop_token_ids=[_END]
    )
    return xgrammar.GrammarCompiler(info)


def written(grammar: str | None, seed: object) -> Iterator[tuple[int, list[int]]]:
    """The bytes of an answer and then `_END`, each with those that could have been written, all alike."""
    chance = random.Random(str(seed))
    if grammar is None:
        yield from ((token, [*range(257)]) for token in (*b"Hello! How can I help you today?", _END))
        return
    matcher = xgrammar.GrammarMatcher(_compiler().compile_grammar(grammar))
    mask = xgrammar.allocate_token_bitmask(1, 257)
    while not matcher.is_terminated():
        matcher.fill_next_token_bitmask(mask)
        bits = mask[0].numpy().view("uint32")
        allowed = [token for token in range(257) if bits[token // 32] >> (token % 32) & 1]
        printable = [token for token in allowed if 32 <= token < 127 or token == _END] or allowed
        token = chance.choice(printable)
        assert matcher.accept_token(token)
        yield token, printable


def _score(token: int, alike: list[int], body: dict[str, Any], kind: str) -> dict[str, Any]:
    """The entry of a token in the log-probabilities."""
    likely = -log(len(alike)) if kind == "after" else -5.0 if kind == "before" else 12.5
    never = -9999.0 if kind != "before" else -5.5
    others = [(other, likely) for other in alike if other != token] + [(0, never)]
    listed = [(token, likely), *others][: body.get("top_logprobs", 0)]
    return {**_named(token, likely), "top_logprobs": [_named(*each) for each in listed]}


def _named(token: int, logprob: float) -> dict[str, Any]:
    name = "</s>" if token == _END else chr(token)
    return {"token": name, "logprob": logprob, "bytes": list(name.encode())}


_READ_S = 0.3
"""Before a cut: aiohttp drops what it has received and nobody has read yet when a connection breaks."""


@dataclass
class Reply:
    """What is answered in place of the truth."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeVLLM:
    """The server; its attributes may be changed while it runs.

    Attributes:
        model: the name of the model that is served.
        context_tokens: tokens that its context holds; a byte is a token.
        dialects: fields of a body that it takes a grammar from.
        reasons: write a reasoning where it is asked for.
        in_reasoning: put the answer into the reasoning's field (vllm#50948).
        step_s: time of a token.
        logprobs: what stands in the place of log-probabilities: those ``after`` the mask or ``before`` it,
            ``logits``, those of other texts (``askew``), or nothing (``none``).
        times: what the engine tells of its times.
        api_key: what has to be sent.
        fault: takes the path and the body, and gives a reply in place of the truth, or None.
        cut_after: bytes of a streamed answer after which the connection is ended.
        ends_cleanly: whether the cut looks like an end.
        requests: bodies of the chat requests so far.
        aborted: chat requests whose connection was closed before the answer was whole.
    """

    model: str = "fake/Qwen3"
    context_tokens: int = 4096
    dialects: tuple[str, ...] = ("structured_outputs",)
    reasons: bool = False
    in_reasoning: bool = False
    step_s: float = 0.0
    logprobs: Literal["after", "before", "logits", "askew", "none"] = "after"
    times: dict[str, float] | None = None
    api_key: str | None = None
    fault: Callable[[str, dict[str, Any]], Reply | None] = lambda path, body: None
    cut_after: int | None = None
    ends_cleanly: bool = True
    tls: ssl.SSLContext | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    aborted: int = 0
    url: str = ""

    # --- life ------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[FakeVLLM]:
        """Serve on a loopback port, from a thread."""
        started = threading.Event()
        loop = asyncio.new_event_loop()
        stop = asyncio.Event()

        async def main() -> None:
            server = await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=self.tls)
            self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            started.set()
            await stop.wait()
            server.close()
            await end_tasks()

        def serve() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(main())

        thread = threading.Thread(target=serve, name="fake-vllm")
        thread.start()
        started.wait()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # what is not sent yet would keep it open
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        path = first.split(" ")[1]
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        body: dict[str, Any] = json.loads(raw) if raw else {}
        self.headers.append(headers)
        if reply := self._refusal(path, headers, body):
            _send(writer, reply)
            await writer.drain()
            return True
        if path != "/v1/chat/completions":
            _send(writer, self._simple(path, body))
            await writer.drain()
            return True
        self.requests.append(body)
        return await self._chat(body, reader, writer)

    # --- paths -----------------------------------------------------------------------------------

    def _refusal(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Reply | None:
        guarded = self.api_key is not None and path.startswith("/v1")
        if guarded and headers.get("authorization") != f"Bearer {self.api_key}":
            return Reply(401, json.dumps({"error": "Unauthorized"}))
        if reply := self.fault(path, body):
            return reply
        if path == "/v1/chat/completions" and body["model"] != self.model:
            return _error(404, f"The model `{body['model']}` does not exist.")
        if path == "/v1/chat/completions" and (tokens := self._prompt(body)) > self.context_tokens:
            return _error(
                400,
                f"This model's maximum context length is {self.context_tokens} tokens. However, your prompt "
                f"contains {tokens} input tokens, which exceeds this limit even without any output tokens.",
            )
        return None

    def _simple(self, path: str, body: dict[str, Any]) -> Reply:
        match path:
            case "/v1/models":
                card = {"id": self.model, "root": self.model, "max_model_len": self.context_tokens}
                return Reply(200, json.dumps({"object": "list", "data": [card]}))
            case "/tokenize":
                return Reply(200, json.dumps({"count": self._prompt(body), "tokens": []}))
            case "/health":
                return Reply(200)
            case "/metrics":
                lines = (f'vllm:num_requests_{what}{{engine="0"}} 2.0' for what in ("running", "waiting"))
                return Reply(200, "\n".join(lines))
            case _:
                return _error(404, "Not Found")

    def _prompt(self, body: dict[str, Any]) -> int:
        return sum(len(message["content"].encode()) + 10 for message in body["messages"])

    # --- chat ------------------------------------------------------------------------------------

    def _grammar(self, body: dict[str, Any]) -> str | None:
        for dialect in self.dialects:
            if dialect in body:
                found: Any = body[dialect]
                return str(found["grammar"] if isinstance(found, dict) else found)
        return None

    async def _tokens(
        self, body: dict[str, Any]
    ) -> AsyncIterator[tuple[str, str, str | None, list[dict[str, Any]]]]:
        """Field, text, finish reason and log-probabilities of each token."""
        limit = min(body.get("max_tokens") or 10**9, self.context_tokens - self._prompt(body))
        thinks = self.reasons and body["chat_template_kwargs"]["enable_thinking"]
        thought = list(b"Let me think about this.") if thinks else []
        seed = body.get("seed", body["messages"]) if body["temperature"] else 0
        answer = written(self._grammar(body), seed)
        steps = [("reasoning", token, [*range(257)]) for token in thought]
        every = (*steps, *((self._field, *step) for step in answer))
        for made, (name, token, alike) in enumerate(every, 1):
            await asyncio.sleep(self.step_s)
            text = "" if token == _END else chr(token)
            reason = "stop" if token == _END else "length" if made >= limit else None
            yield name, text, reason, self._scores(token, alike, body)
            if reason:
                return

    def _scores(self, token: int, alike: list[int], body: dict[str, Any]) -> list[dict[str, Any]]:
        if not body.get("logprobs") or self.logprobs == "none":
            return []
        shown = ord("?") if self.logprobs == "askew" and token != _END else token
        return [_score(shown, alike, body, "after" if self.logprobs == "askew" else self.logprobs)]

    @property
    def _field(self) -> str:
        return "reasoning" if self.in_reasoning else "content"

    async def _chat(
        self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        stream = bool(body.get("stream"))
        parts = {"content": "", "reasoning": ""}
        counts = {"content": 0, "reasoning": 0}
        scores: list[dict[str, Any]] = []
        reason = None
        sent = 0
        if stream:
            length = "connection: close" if self.cut_after is not None else "transfer-encoding: chunked"
            writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{length}\r\n\r\n".encode())
        async for name, text, reason, scored in self._tokens(body):
            if reader.at_eof() or writer.is_closing():
                self.aborted += 1
                return False
            parts[name] += text
            counts[name] += 1
            scores += scored
            if stream:
                step = {"index": 0, "delta": {name: text} if text else {}, "finish_reason": reason}
                event = _event(
                    {"choices": [{**step, "logprobs": {"content": scored} if scored else None}]}, body
                )
                if self.cut_after is not None and sent >= self.cut_after:
                    await asyncio.sleep(_READ_S)
                    if not self.ends_cleanly:
                        writer.transport.abort()
                    return False
                sent += len(event)
                _chunk(writer, event, plain=self.cut_after is not None)
                await writer.drain()
        usage = {
            "prompt_tokens": self._prompt(body),
            "completion_tokens": sum(counts.values()),
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": counts["reasoning"]},
        }
        if stream:
            for event in (
                _event({"choices": [], "usage": usage, "metrics": self.times}, body),
                b"data: [DONE]\n\n",
                b"",
            ):
                _chunk(writer, event, plain=self.cut_after is not None)
        else:
            message = {name: text or None for name, text in parts.items()}
            choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
            choice["logprobs"] = {"content": scores} if scores else None
            whole = {"model": self.model, "choices": [choice], "usage": usage, "metrics": self.times}
            _send(writer, Reply(200, json.dumps(whole)))
        await writer.drain()
        return self.cut_after is None


def _event(data: dict[str, Any], body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps({'model': body['model'], **data})}\n\n".encode()


def _chunk(writer: asyncio.StreamWriter, data: bytes, *, plain: bool) -> None:
    writer.write(data if plain else b"%x\r\n%s\r\n" % (len(data), data))


def _error(status: int, message: str) -> Reply:
    error = {"message": message, "type": "BadRequestError", "param": None, "code": status}
    return Reply(status, json.dumps({"error": error}))


def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    body = reply.body.encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **reply.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {reply.status} Status\r\n{lines}\r\n".encode() + body)


assert torch  # xgrammar's bitmask is a tensor
