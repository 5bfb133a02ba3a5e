"""Settings: names, types, defaults, and where they come from. The only reader of environment and files.

A value is taken from the first of these that has it: the call, the generator, the environment
(``QWEN_STRUCTURED_MODEL``; ``QWEN_STRUCTURED_BACKENDS__EMBEDDED__THREADS`` for nested ones), the file
``qwen_structured.toml`` or the table ``[tool.qwen_structured]`` of ``pyproject.toml`` (in the working folder
or the nearest folder above it that has either), the default.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from ._redaction import masked, remember, secrets_in
from .exceptions import SettingsError, did_you_mean
from .protocols import Options

PREFIX = "QWEN_STRUCTURED_"
FILE = "qwen_structured.toml"
_SHORT = {"server_api_key": ("backends", "server", "api_key")}
"""Variables with a shorter name than their place would give them."""

_FOREIGN = {
    "VLLM_EAGER": tuple(
        ("backends", "modal", f"deploy_{model}", "enforce_eager") for model in ("80b", "480b")
    )
}
"""Variables without our prefix, and the places that they set; ours go before them."""

_TABLE = b"tool.qwen_structured"

_Tree: TypeAlias = dict[str, JsonValue]


def _names(value: object) -> object:
    """A list of names, which a variable holds with commas between them."""
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


class Price(BaseModel):
    """What the deployment of a backend costs: by the hour or by the token.

    By the hour, a request costs its share of the time for which the deployment works on requests of this
    process; time for which it idles is nobody's.

    Attributes:
        usd_per_hour: US dollars an hour of the whole deployment.
        gpu: its GPUs in place of that, such as ``H200:4``, at the list prices of plans and `gpu_prices`.
        usd_per_million_prompt_tokens: US dollars of a million tokens that are read.
        usd_per_million_output_tokens: US dollars of a million tokens that are written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    usd_per_hour: Annotated[float, Field(ge=0)] | None = None
    gpu: str | None = None
    usd_per_million_prompt_tokens: Annotated[float, Field(ge=0)] | None = None
    usd_per_million_output_tokens: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _is_one_price(self) -> Self:
        tokens = {self.usd_per_million_prompt_tokens is None, self.usd_per_million_output_tokens is None}
        given = [self.usd_per_hour is not None, self.gpu is not None, tokens == {False}]
        if sum(given) != 1 or len(tokens) > 1:
            raise ValueError(
                "give usd_per_hour, or gpu, or both of usd_per_million_prompt_tokens and "
                "usd_per_million_output_tokens"
            )
        return self


class Settings(BaseModel):
    """All settings, validated.

    `docs/settings.md` has a table of them, made from this class.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: str = Field(default="embedded", description="Name of the backend that answers.")
    model: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="Model, by registry name, hub name or folder; by default the backend's own."
    )
    temperature: float = Field(
        default=0.0, ge=0, le=2, description="Randomness of sampling; 0 takes the likeliest token each time."
    )
    top_p: float = Field(
        default=1.0, gt=0, le=1, description="Sample among the likeliest tokens of this total probability."
    )
    max_output_tokens: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="Limit of the answer's tokens; by default the backend's, or what is left of the context.",
    )
    seed: int | None = Field(default=None, description="Makes sampling reproducible.")
    enable_thinking: bool = Field(default=False, description="Let a thinking model reason before it answers.")
    logprobs: bool = Field(
        default=False, description="Keep the probability of every token, for the confidence of each field."
    )
    schema_in_prompt: Literal["sketch", "json", "off"] = Field(
        default="sketch",
        description="How the schema is shown to the model: as a type sketch, as JSON Schema, or not at all.",
    )
    defaults: Literal["required", "optional"] = Field(
        default="required",
        description="Whether the model has to write fields that have a default, or may leave them out.",
    )
    refuse_checked: bool = Field(
        default=False,
        description="Refuse types of which anything is checked after decoding instead of enforced.",
    )
    repair: bool = Field(
        default=True,
        description="Ask for failing parts of an answer alone, before the whole is asked for again.",
    )
    stop_when_invalid: bool = Field(
        default=False,
        description="End a stream at its first part that is not valid, before the rest is paid for.",
    )
    max_attempts: int = Field(
        default=3, ge=1, description="Answers that are asked of the model for one value, the first included."
    )
    max_retries: int = Field(
        default=5, ge=0, description="Retries of requests that the deployment failed, in a whole call."
    )
    max_continuations: int = Field(
        default=0, ge=0, description="How often an answer that was cut off at its limit is gone on with."
    )
    deadline_s: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Seconds for a whole call, all attempts together."
    )
    max_total_tokens: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Tokens for a whole call, read and written, all attempts together."
    )
    max_cost_usd: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="US dollars for a whole call, all attempts together; needs `prices`."
    )
    failover: Annotated[tuple[str, ...], BeforeValidator(_names)] = Field(
        default=(),
        description="Names of backends that are asked, in this order, where that of `backend` fails.",
    )
    breaker_failures: int = Field(
        default=10,
        ge=0,
        description="Failures in a row after which a backend is left alone for a while; 0 is never.",
    )
    breaker_rest_s: float = Field(
        default=5.0,
        gt=0,
        description="Seconds for which it is left alone, before one request tries it again.",
    )
    prices: dict[str, Price] = Field(
        default_factory=dict,
        description="What the deployment of each backend costs, in a table of its own: see `Price`.",
    )
    gpu_prices: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict,
        description="US dollars an hour of one GPU, by its name, in place of the list prices of plans.",
    )
    record_content: bool = Field(
        default=False,
        description="Put prompts and answers into the log and into spans, which have none otherwise.",
    )
    forbid_real_backends: bool = Field(
        default=False,
        description="Refuse every backend that is chosen by name: for tests, which give one themselves.",
    )
    api_key: Annotated[str, Field(min_length=16)] | None = Field(
        default=None,
        description="Key that `qwen-structured api` asks for; without it, it is for this machine.",
    )
    backends: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict,
        description="Options of each backend, in a table of its own; see the backend's page.",
    )

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show no secret."""
        yield from masked(dict(self)).items()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force.

    Attributes:
        settings: the validated values.
        origins: for each dotted name that is set (``model``, ``backends.embedded.threads``) the variable or
            file that set it.
    """

    settings: Settings
    origins: Mapping[str, str]

    def rows(self) -> Iterator[tuple[str, JsonValue, str]]:
        """Every setting: its dotted name, its value, and its origin (``default`` if nothing set it).

        What is secret is ``"***"``.
        """
        for path, value in _leaves(masked(self.settings.model_dump())):
            name = ".".join(path)
            yield name, value, self.origins.get(name, "default")


def load() -> Loaded:
    """Read environment and files; cheap to call again while neither has changed.

    Raises:
        SettingsError: a name is not known (with the nearest that is), a value is of the wrong type (with the
            variable or file that it stands in), or a file is not TOML.
    """
    file = _find_file(Path.cwd())
    ours = ((k, v) for k, v in os.environ.items() if k.upper().startswith(PREFIX) or k in _FOREIGN)
    environment = tuple(sorted(ours, key=lambda one: (one[0] not in _FOREIGN, one)))
    stamp = file.stat().st_mtime_ns if file else 0
    return _load(file, stamp, environment)


@lru_cache(maxsize=8)
def _load(file: Path | None, _stamp: int, environment: tuple[tuple[str, str], ...]) -> Loaded:
    tree: _Tree = {}
    origins: dict[str, str] = {}
    for path, value, origin in [*_from_file(file), *_from_environment(environment)]:
        _set(tree, path, value)
        origins[".".join(path)] = origin
    remember(secrets_in(tree))
    return Loaded(_validated(tree, origins), origins)


def overridden(settings: Settings, values: Mapping[str, object], origin: str) -> Settings:
    """Put `values` over `settings`, validated.

    Args:
        settings: the values beneath.
        values: by the option's name; see `Options`.
        origin: what errors name as the source, such as ``"the call"``.

    Raises:
        SettingsError: a name is no option or a value is of the wrong type.
    """
    if not values:
        return settings
    for name in values:
        if name not in Options.__annotations__:
            near = did_you_mean(name, Options.__annotations__)
            raise SettingsError(f"unknown setting {name!r} in {origin}: {near}")
    tree = {**settings.model_dump(), **values}
    return _validated(tree, dict.fromkeys(values, origin))


def _validated(tree: Mapping[str, object], origins: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        messages = [_message(e["type"], e["loc"], e["msg"], e["input"], origins) for e in error.errors()]
    raise SettingsError("; ".join(messages))  # after the block, or its context would have secrets


def _message(
    kind: str, loc: tuple[int | str, ...], rule: str, value: object, origins: Mapping[str, str]
) -> str:
    name = ".".join(map(str, loc[:1] if loc[:1] != ("backends",) else loc))
    origin = next(
        (origins[key] for key in origins if key == name or key.startswith(f"{name}.")), "the settings"
    )
    if kind == "extra_forbidden":
        return f"unknown setting {name!r} in {origin}: {did_you_mean(name, Settings.model_fields)}"
    return f"setting {name!r} in {origin} is {masked(value, name)!r}: {rule}"


def _find_file(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if (own := parent / FILE).is_file():
            return own
        if (project := parent / "pyproject.toml").is_file() and _TABLE in project.read_bytes():
            return project
    return None


def _from_file(file: Path | None) -> Iterator[tuple[tuple[str, ...], JsonValue, str]]:
    if file is None:
        return
    import tomllib  # only those who have a file pay for its import

    try:
        tree = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from error
    if file.name == "pyproject.toml":
        tree = tree.get("tool", {}).get("qwen_structured", {})
    for path, value in _leaves(tree):
        yield path, value, str(file)


def _leaves(
    tree: Mapping[str, JsonValue], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], JsonValue]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _from_environment(environment: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for variable, value in environment:
        if not value:  # as if it were not set
            continue
        if variable in _FOREIGN:
            yield from ((path, value, variable) for path in _FOREIGN[variable])
            continue
        name = variable[len(PREFIX) :].lower()
        path = _SHORT.get(name) or tuple(name.split("__"))
        if path[0] not in Settings.model_fields:
            known = (PREFIX + name.upper() for name in Settings.model_fields)
            raise SettingsError(f"unknown variable {variable}: {did_you_mean(variable, known)}")
        yield path, value, variable


def _set(tree: _Tree, path: tuple[str, ...], value: JsonValue) -> None:
    for key in path[:-1]:
        inner = tree.get(key)
        if not isinstance(inner, dict):
            inner = tree[key] = {}
        tree = inner
    tree[path[-1]] = value
