"""The command ``doctor``: what is installed, what is missing, and what cures it."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic_core import to_json

from .diagnosis import Diagnosis, Setting, diagnose
from .installed import Extra, Need
from .machine import Machine, Torch
from .printing import byte_size, columns, print_json


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Tell what is installed, what is missing, and the cure.

    Describes the machine too, and every setting with where it comes from. Exits with 1 if the default backend
    cannot run.
    """
    diagnosis = diagnose()
    if json:
        print_json(diagnosis)
    else:
        typer.echo(_page(diagnosis))
    if diagnosis.problems:
        raise typer.Exit(1)


def _page(diagnosis: Diagnosis) -> str:
    sections = {
        "installation": columns(_installation(diagnosis), "  "),
        "extras": columns([_extra(extra) for extra in diagnosis.extras], "  "),
        "settings": columns([_setting(setting) for setting in diagnosis.settings], "  "),
        "problems": "\n".join(f"  ! {problem}" for problem in diagnosis.problems) or "  none",
    }
    return "\n\n".join(f"{title}\n{body}" for title, body in sections.items() if body)


def _installation(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    return [
        ("qwen-structured", diagnosis.version),
        ("python", f"{diagnosis.python} ({diagnosis.executable})"),
        ("machine", _machine(diagnosis.machine)),
        ("gpus", "; ".join(diagnosis.machine.gpus) or "none found"),
        ("torch", _torch(diagnosis.torch)),
    ]


def _machine(machine: Machine) -> str:
    parts = [machine.platform, f"{machine.cores} cores"]
    if machine.memory_bytes is not None:
        parts.append(f"{byte_size(machine.memory_bytes)} memory")
    if machine.available_bytes is not None:
        parts.append(f"{byte_size(machine.available_bytes)} of it free")
    return ", ".join(parts)


def _torch(torch: Torch | None) -> str:
    if torch is None:
        return "not installed"
    return f"{torch.version}, {f'built for CUDA {torch.cuda}' if torch.cuda else 'a CPU build'}"


def _extra(extra: Extra) -> tuple[str, str, str]:
    state = "installed" if extra.install is None else extra.install
    return extra.name, state, ", ".join(map(_need, extra.needs))


def _need(need: Need) -> str:
    if need.version is None:
        return f"{need.name} is missing"
    return f"{need.name} {need.version}" + ("" if need.met else f" (needs {need.wanted})")


def _setting(setting: Setting) -> tuple[str, str, str]:
    return setting.name, to_json(setting.value).decode(), setting.origin
