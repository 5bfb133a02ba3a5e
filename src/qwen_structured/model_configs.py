"""Find a model for a plan: in the registry, in a folder, or on the hub. Reads config.json, never weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from . import models
from ._registry import require
from .exceptions import BackendUnavailable, ModelNotLoadable, UnknownModel, did_you_mean
from .planning import configs

if TYPE_CHECKING:
    from pydantic import JsonValue

_TEMPLATES = ("chat_template.jinja", "tokenizer_config.json")
_SWITCH = "enable_thinking"
"""The variable by which Qwen's chat templates turn reasoning on."""


def find(name: str) -> models.Model:
    """The model of this name: a registered one, a folder that has a config.json, or a model of the hub.

    What the hub has is taken from its cache on this machine, else fetched.

    Raises:
        UnknownModel: it is none of these; the message names the nearest that is registered.
        ModelNotLoadable: its config.json is missing, broken, or of an architecture that is not planned.
        BackendNotInstalled: it is a hub name, and the extra ``embedded`` is missing.
        BackendUnavailable: it is a hub name that is not cached, and the hub cannot be reached.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _from_folder(str(folder), folder)
    if known := models.find(name):
        return known
    if name.count("/") != 1 or name.startswith((".", "/", "~")):
        spellings = [spelling for model in models.MODELS for spelling in (model.name, *model.aliases)]
        raise UnknownModel(
            f"model {name!r} is neither known, nor a folder, nor of the form 'organisation/name': "
            f"{did_you_mean(name, spellings)}"
        )
    return _from_folder(name, _fetched(name))


def _from_folder(name: str, folder: Path) -> models.Model:
    return configs.model(name, read_config(name, folder), thinks=_thinks(folder))


def read_config(name: str, folder: Path) -> dict[str, JsonValue]:
    """What stands in the config.json of the model `name`, whose files are in `folder`.

    Raises:
        ModelNotLoadable: it is missing, or no JSON object.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except OSError as error:
        raise ModelNotLoadable(f"cannot read the config.json of {name}: {error.strerror}") from error
    except ValueError as error:
        raise ModelNotLoadable(f"the config.json of {name} is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise ModelNotLoadable(f"the config.json of {name} is {type(config).__name__}, not an object")
    return config


def _thinks(folder: Path) -> bool:
    present = [file for template in _TEMPLATES if (file := folder / template).is_file()]
    return any(_SWITCH in file.read_text("utf-8", "replace") for file in present)


def _fetched(name: str) -> Path:
    """A folder that has the model's config.json and chat template."""
    require(("huggingface_hub",), "embedded")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        return Path(snapshot_download(name, allow_patterns=["config.json", *_TEMPLATES]))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise UnknownModel(
            f"the hub has no model {name!r} (or it is private): check the name and HF_TOKEN"
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise BackendUnavailable(
            f"the config.json of {name!r} is not on this machine and the hub cannot be reached: connect, or "
            "pass the model's folder"
        ) from error
