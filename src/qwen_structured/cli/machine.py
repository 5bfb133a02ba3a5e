"""Look at the machine: cores, memory, GPUs, and the build of torch."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec

from ..planning.gpus import GPU, of_driver

_NVIDIA_SMI = ("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader")


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine.

    Attributes:
        platform: operating system and processor.
        cores: CPU cores that this process may use.
        memory_bytes: memory in all; None where the system does not tell.
        available_bytes: memory that this process can still take; None without the extra ``embedded``.
        gpus: GPUs with their memory, as ``nvidia-smi`` or else torch names them.
    """

    platform: str
    cores: int
    memory_bytes: int | None
    available_bytes: int | None
    gpus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Torch:
    """The torch that is installed.

    Attributes:
        version: its version.
        cuda: the CUDA version that it was built for; None is a CPU build.
        gpus: GPUs that it can use.
    """

    version: str
    cuda: str | None
    gpus: tuple[str, ...]


def look_at_machine(torch: Torch | None) -> Machine:
    """Gather the facts; takes as long as ``nvidia-smi`` does, where there is one."""
    return Machine(
        platform=f"{platform.system()} {platform.release()}, {platform.machine()}",
        cores=_cores(),
        memory_bytes=_memory_bytes(),
        available_bytes=_available_bytes(),
        gpus=_nvidia_gpus() or (torch.gpus if torch else ()),
    )


def look_at_torch() -> Torch | None:
    """Import torch, which takes seconds, and ask it; None if it is not installed."""
    if find_spec("torch") is None:
        return None
    import torch

    gpus = tuple(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
    return Torch(str(torch.__version__), torch.version.cuda, gpus)


def look_at_gpus() -> tuple[GPU | None, ...]:
    """The GPUs that NVIDIA's driver sees, as planning knows them; None for one that it does not know."""
    return tuple(map(_known_gpu, _nvidia_gpus()))


def _known_gpu(line: str) -> GPU | None:
    name, _, memory = line.rpartition(",")
    mib = memory.removesuffix("MiB").strip()
    return of_driver(name, int(mib) / 1024) if mib.isdecimal() else None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_bytes() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # no POSIX system
        return None


def _available_bytes() -> int | None:
    if find_spec("psutil") is None:
        return None
    from ..backends.free_memory import available_bytes

    return available_bytes()


def _nvidia_gpus() -> tuple[str, ...]:
    if shutil.which(_NVIDIA_SMI[0]) is None:
        return ()
    try:
        done = subprocess.run(_NVIDIA_SMI, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # the tool is there, but not its driver
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())
