"""How much memory a model may take of this machine, or of the container that the process runs in."""

from __future__ import annotations

from pathlib import Path

_CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int:
    """Memory that this process can still take: the machine's, or what its control group leaves, if less."""
    import psutil

    available = int(psutil.virtual_memory().available)
    try:
        return min(available, _left_in_control_group())
    except (OSError, ValueError):  # no control group, or no limit ("max")
        return available


def _left_in_control_group() -> int:
    """Bytes below the limit; files that the kernel caches for the group make room when it is needed.

    Source: Linux, Documentation/admin-guide/cgroup-v2.rst (memory.max, memory.current, memory.stat).
    """
    limit = int((_CONTROL_GROUP / "memory.max").read_text())
    used = int((_CONTROL_GROUP / "memory.current").read_text())
    parts = (_CONTROL_GROUP / "memory.stat").read_text().splitlines()
    cached = sum(
        int(part.split()[1]) for part in parts if part.startswith(("inactive_file ", "active_file "))
    )
    return limit - used + cached
