"""What the name of a model means: a folder, or a model of the hub; and what goes wrong on the way there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import models
from ..exceptions import BackendUnavailable, ModelNotLoadable, UnknownModel, did_you_mean

_SHIPPED_FOLDER = Path(__file__).parent / "embedded" / "model"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where a model comes from.

    Attributes:
        name: its full name: registry name, hub name, or the folder's path.
        folder: its folder; None is to be fetched from the hub.
    """

    name: str
    folder: Path | None

    @classmethod
    def of(cls, name: str | None) -> ModelSource:
        """Tell what a name means, without reaching for the network.

        Raises:
            UnknownModel: it is neither registered, nor a folder, nor has a hub name's form.
            ModelNotLoadable: it is a folder that lacks a file.
        """
        if name is None or models.find(name) == models.get(models.SHIPPED):
            _check_files(_SHIPPED_FOLDER)
            return cls(models.SHIPPED, _SHIPPED_FOLDER)
        if (folder := Path(name).expanduser()).is_dir():
            _check_files(folder)
            return cls(str(folder), folder)
        if known := models.find(name):
            return cls(known.name, None)
        if name.count("/") == 1 and not name.startswith((".", "/", "~")):
            return cls(name, None)
        spellings = [spelling for model in models.MODELS for spelling in (model.name, *model.aliases)]
        raise UnknownModel(
            f"model {name!r} is neither known, nor a folder, nor of the form 'organisation/name': "
            f"{did_you_mean(name, spellings)}"
        )


def _check_files(folder: Path) -> None:
    needed = {
        "config.json": ["config.json"],
        "a tokenizer (tokenizer.json)": ["tokenizer.json", "vocab.json", "tokenizer.model"],
        "weights (*.safetensors)": ["*.safetensors"],
    }
    missing = [what for what, patterns in needed.items() if not any(any(folder.glob(p)) for p in patterns)]
    if missing:
        raise ModelNotLoadable(
            f"the model folder {str(folder)!r} lacks {', '.join(missing)}: save the whole model there"
        )


@contextmanager
def hub_errors(name: str) -> Generator[None]:
    """Turn the errors of huggingface_hub into ours.

    Raises:
        UnknownModel: the hub has no model `name`.
        BackendUnavailable: the hub cannot be reached.
    """
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        yield
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise UnknownModel(
            f"the hub has no model {name!r} (or it is private): check the name and HF_TOKEN"
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise BackendUnavailable(
            f"model {name!r} is not on this machine and the hub cannot be reached: connect, or download it "
            "elsewhere and pass its folder as the model"
        ) from error
