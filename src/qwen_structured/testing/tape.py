"""The file of a cassette: what was asked and answered, and why a request is not in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from ..exceptions import ConfigurationError
from ..protocols import Request

FORMAT: Final = 1
"""Raised when old files cannot be read any more."""

_SETTINGS: Final = (
    "temperature top_p max_output_tokens seed enable_thinking logprobs prefix is_constrained".split()
)


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer.

    Attributes:
        completion: as plain data; of a stream that was left in the middle, its text alone.
        pieces: characters of each piece of a stream; None if it came as a whole.
    """

    completion: Mapping[str, Any]
    pieces: list[int] | None

    @property
    def text(self) -> str:
        """The answer."""
        return str(self.completion["text"])

    @property
    def is_whole(self) -> bool:
        """It has not been left in the middle."""
        return "finish_reason" in self.completion

    def in_pieces(self) -> Iterator[str]:
        """The text in its pieces."""
        start = 0
        for length in self.pieces or ():
            yield self.text[start : start + length]
            start += length
        if start < len(self.text):
            yield self.text[start:]


def asked_of(request: Request, redact: Callable[[str], str]) -> dict[str, Any]:
    """What a request is known by: its schema, its prompt, its settings."""
    data = asdict(request)
    messages = [{"role": one.role, "content": redact(one.content)} for one in request.messages]
    schema = request.schema if request.schema is not None else request.grammar
    settings = {name: data[name] for name in _SETTINGS if name in data}
    settings["is_constrained"] = request.grammar is not None
    return {"messages": messages, "schema": schema, "settings": settings}


def key_of(asked: Mapping[str, Any]) -> str:
    """A name of what was asked."""
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(slots=True)
class Tape:
    """The recordings of a backend.

    Attributes:
        backend: its name.
        capabilities: what it can do, as plain data.
        recordings: answers by the key of what was asked, in order.
        asked: what was asked, by its key.
    """

    backend: str
    capabilities: Mapping[str, Any]
    recordings: dict[str, list[Recording]] = field(default_factory=dict)
    asked: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, asked: Mapping[str, Any], recording: Recording) -> None:
        """Keep an answer, behind those of the same request."""
        key = key_of(asked)
        self.asked[key] = asked
        self.recordings.setdefault(key, []).append(recording)

    # --- the file ----------------------------------------------------------------------------

    @classmethod
    def read(cls, path: Path) -> Tape:
        """Read a file.

        Raises:
            ConfigurationError: it is none of ours.
        """
        try:
            data = json.loads(path.read_text("utf-8"))
            if data["format"] != FORMAT:
                raise ConfigurationError(
                    f"the cassette {str(path)!r} has format {data['format']!r}, and this version reads "
                    f"{FORMAT}: record it anew"
                )
            tape = cls(data["backend"], data["capabilities"])
            for one in data["requests"]:
                for answer in one["answers"]:
                    pieces = answer.get("pieces")
                    lengths = None if pieces is None else [int(length) for length in pieces.split()]
                    tape.add(one["asked"], Recording(answer["completion"], lengths))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ConfigurationError(
                f"{str(path)!r} is not a cassette ({error!r}): record it anew, or correct the path"
            ) from error
        return tape

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        requests = [
            {"asked": self.asked[key], "answers": [_answer(one) for one in self.recordings[key]]}
            for key in sorted(self.recordings, key=lambda key: (self._prompt(key), key))
        ]
        data = {
            "format": FORMAT,
            "backend": self.backend,
            "capabilities": self.capabilities,
            "requests": requests,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
        draft.replace(path)

    def _prompt(self, key: str) -> str:
        return json.dumps(_said(self.asked[key]), ensure_ascii=False)

    # --- what is not in it -------------------------------------------------------------------

    def why_not(self, asked: Mapping[str, Any], key: str, number: int, path: Path) -> str:
        """Why a request has no answer, and what to do."""
        cure = f"record the cassette {str(path)!r} anew (pytest --record-cassettes=all), or add what is new"
        if number:
            return (
                f"request came {number + 1} times, and was recorded {number} times: {_shown(asked)}: "
                f"{cure} (pytest --record-cassettes=missing)"
            )
        alike = [one for one in self.asked.values() if _said(one) == _said(asked)]
        drifted = [one for one in alike if one["settings"] == asked["settings"]]
        for one in drifted:
            if differing := list(_differing(one["schema"], asked["schema"])):
                return (
                    f"the schema has changed since it was recorded, at {', '.join(differing[:5])}: "
                    f"{_shown(asked)}: the answers are of the old type: {cure}"
                )
            return f"the type is shown to the model in another way than when it was recorded: {cure}"
        for one in alike:
            names = [name for name in _SETTINGS if one["settings"].get(name) != asked["settings"].get(name)]
            told = ", ".join(
                f"{name} is {asked['settings'].get(name)!r} and was {one['settings'].get(name)!r}"
                for name in names
            )
            return f"the settings have changed since it was recorded ({told}): {_shown(asked)}: {cure}"
        return f"request {key} is not in the cassette: {_shown(asked)}: {cure} (--record-cassettes=missing)"


def _answer(recording: Recording) -> dict[str, Any]:
    pieces = None if recording.pieces is None else " ".join(map(str, recording.pieces))
    return {"completion": recording.completion, **({} if pieces is None else {"pieces": pieces})}


def _said(asked: Mapping[str, Any]) -> list[Any]:
    """The prompt without the system message, which shows the schema."""
    return [message for message in asked["messages"] if message["role"] != "system"]


def _shown(asked: Mapping[str, Any]) -> str:
    return repr(asked["messages"][-1]["content"][:80])


def _differing(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The places at which two schemas differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted({*old, *new}):
            if name not in old or name not in new:
                yield f"{path}/{name} ({'new' if name in new else 'gone'})"
            else:
                yield from _differing(old[name], new[name], f"{path}/{name}")
    elif old != new:
        yield path or "/"
