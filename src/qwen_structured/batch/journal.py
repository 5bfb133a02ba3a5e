"""The journal of a batch: each answer by the hash of what it answers, from which a later run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import __version__
from ..exceptions import JournalError, QwenStructuredError, SchemaChanged
from ..protocols import Message, Usage
from .answer_index import AnswerIndex
from .items import Done, Item, Outcome, Work
from .log_file import LogFile
from .schema_changes import changes, name_of

if TYPE_CHECKING:
    from .._prepared import Prepared

_VERSION: Final = 1
_ANSWERING: Final = (
    "temperature",
    "top_p",
    "max_output_tokens",
    "seed",
    "enable_thinking",
    "schema_in_prompt",
    "defaults",
)
"""Settings that an answer depends on; those of retries, deadlines and prices do not change it."""

_KEY_BYTES: Final = 16
_OWN: Final = 0
"""The number of the file that is written, in the index; others may be read beside it."""

_REMEMBERED: Final = 1024
_UNTITLED: Final = "JSON Schema"


class Journal:
    """Keeps answers, of which a later run asks for none again.

    Neither prompts nor data of items nor settings are in it, but their hash, and of errors there is the name
    alone; so there is no key or password in it that does not stand in an answer.

    Args:
        path: of the file; made if it is not there.
        model: what the model of the answers is called.
        accept_schema_change: see `ManyOptions`.

    Attributes:
        usage: tokens that earlier runs used.
        cost_usd: US dollars that they cost, as far as prices were known.

    Raises:
        JournalInUse: another run has it open.
        JournalError: it cannot be used.
    """

    def __init__(self, path: Path, model: str, *, accept_schema_change: bool) -> None:
        head = {"journal": _VERSION, "by": f"qwen-structured {__version__}", "at": _now()}
        self._file = LogFile(path, head)
        self._model, self._accepts = model, accept_schema_change
        self._index = AnswerIndex()
        self._types: dict[str, Mapping[str, Any]] = {}  # the schemas by the names of their types
        self._kept: list[tuple[bytes, dict[str, Any]]] = []  # and not written yet
        self._bases: dict[int, tuple[Prepared, Any]] = {}  # the hash of what items of one kind share
        self.usage, self.cost_usd = Usage(), 0.0
        try:
            self._read(path)
        except BaseException:
            self.close()
            raise

    def _read(self, path: Path) -> None:
        self._take(path, self._file.lines())

    def _take(self, path: Path, lines: Iterable[tuple[int, int, dict[str, Any]]], file: int = _OWN) -> None:
        """Learn from lines of a file what they have."""
        prompt, output, reasoning, cached = _numbers(self.usage)
        try:
            for start, length, line in lines:
                if "type" in line:
                    self._types[line["type"]] = line["json_schema"]
                    continue
                if "text" in line:
                    self._index.add(bytes.fromhex(line["key"]), start, length, file)
                used = line["usage"]
                prompt, output = prompt + used[0], output + used[1]
                reasoning, cached = reasoning + used[2], cached + used[3]
                self.cost_usd += line["cost_usd"] or 0.0
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise JournalError(
                f"the journal {str(path)!r} has a line that no version of this package writes ({error!r}): "
                "name another file"
            ) from error
        self.usage = Usage(prompt, output, reasoning, cached)

    # --- keys --------------------------------------------------------------------------------

    def enter(self, prepared: Prepared, default_name: str = _UNTITLED) -> None:
        """Write down the schema of a type, unless it is there already.

        Raises:
            SchemaChanged: the type had another when the journal was written.
        """
        name = name_of(prepared.output_type) or default_name
        now = prepared.schema.json_schema
        before = self._types.get(name)
        if before == now:
            return
        if before is not None and not self._accepts:
            raise SchemaChanged(
                f"{name} is not what it was when the journal {str(self._file.path)!r} was written "
                f"({changes(before, now)}), so none of its answers can be taken: name another file, or pass "
                "accept_schema_change=True to ask for all of them again"
            )
        self._file.append({"type": name, "json_schema": now, "at": _now()})
        self._types[name] = now

    def key_of(self, prepared: Prepared, item: Item[Any]) -> bytes:
        """The hash of all that an answer depends on: prompt, schema, settings, model.

        Raises:
            SchemaChanged: the item's own type had another schema when the journal was written.
            JournalError: the prompt is none, and has no hash.
        """
        digest = self._base(prepared).copy()
        digest.update(_prompt_bytes(item.prompt))
        if item.sample:
            digest.update(b"\0%d" % item.sample)
        return bytes(digest.digest())

    def _base(self, prepared: Prepared) -> Any:
        known = self._bases.get(id(prepared))
        if known is not None and known[0] is prepared:
            return known[1]
        chosen = prepared.settings.model_dump(include=set(_ANSWERING), mode="json")
        shared = [self._model, prepared.schema.json_schema, chosen]
        text = json.dumps(shared, sort_keys=True, ensure_ascii=False)
        base = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES)
        self.enter(prepared, f"{_UNTITLED} {base.hexdigest()}")
        if len(self._bases) >= _REMEMBERED:
            self._bases.clear()
        self._bases[id(prepared)] = (prepared, base)
        return base

    # --- answers -----------------------------------------------------------------------------

    def restored(self, key: bytes, prepared: Prepared, work: Work) -> Done[Any] | None:
        """The outcome that the journal has; None if it has none, or one that the type takes no more."""
        if self._kept and any(key == one for one, _ in self._kept):
            self.write()
        line = self._line(key)
        if line is None:
            return None
        try:
            value = prepared.schema.validate(line["text"])
        except QwenStructuredError:
            return None
        return Done(
            index=work.index,
            item=work.item,
            value=value,
            usage=Usage(*line["usage"]),
            cost_usd=line["cost_usd"],
            duration_s=line["duration_s"],
            attempts=line["attempts"],
            text=line["text"],
            restored=True,
        )

    def _line(self, key: bytes) -> dict[str, Any] | None:
        place = self._index.find(key)
        return None if place is None else self._file.read(*place[:2])

    def keep(self, key: bytes, outcome: Outcome[Any]) -> None:
        """Keep an outcome; when `write` has returned, it survives the process."""
        spent = outcome if isinstance(outcome, Done) else outcome.error
        line: dict[str, Any] = {
            "key": key.hex(),
            "usage": _numbers(spent.usage),
            "cost_usd": spent.cost_usd,
            "duration_s": round(outcome.duration_s, 6),
        }
        if isinstance(outcome, Done):
            model = outcome.result.completion.model if outcome.result else ""
            line |= {"attempts": outcome.attempts, "model": model, "text": outcome.text}
        else:
            line |= {"attempts": len(outcome.error.attempts), "error": type(outcome.error).__name__}
        self._kept.append((key, line))

    def write(self) -> None:
        """Write down what was kept, all of it at once.

        Raises:
            JournalError: it could not be written.
        """
        if not self._kept:
            return
        kept, self._kept = self._kept, []
        now = {"at": _now()}
        places = self._file.append(*(line | now for _, line in kept))
        for (key, line), place in zip(kept, places, strict=True):
            if "text" in line:
                self._index.add(key, *place, _OWN)

    def close(self) -> None:
        """Have the disk take everything, and let the next run in."""
        with suppress(AttributeError, JournalError):  # it is said where it was to be written
            self.write()
        self._file.close()
        with suppress(AttributeError):
            self._index.close()


def _prompt_bytes(prompt: Any) -> bytes:
    """A prompt, whether it is a text or messages: a text is the user's only message."""
    if not isinstance(prompt, str):
        try:
            prompt = json.dumps([_turn(message) for message in prompt], ensure_ascii=False)
        except (TypeError, KeyError, ValueError):
            prompt = repr(prompt)  # it is none, which is said when it is asked for
    return str(prompt).encode("utf-8", "surrogatepass")


def _turn(message: Message | Mapping[str, str]) -> tuple[str, str]:
    if isinstance(message, Message):
        return message.role, message.content
    return message["role"], message["content"]


def _numbers(usage: Usage) -> tuple[int, int, int, int]:
    return usage.prompt_tokens, usage.output_tokens, usage.reasoning_tokens, usage.cached_tokens


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
