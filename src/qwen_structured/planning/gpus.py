"""GPUs: what they hold, how fast they read it, and what they cost an hour. Pure.

`docs/planning.md` has this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..exceptions import ConfigurationError, did_you_mean

PRICES_DATE = "2026-10-07"
"""Day of the prices. Source: `modal billing rates` of that day, as others noted it down: list prices."""

COUNTS = (1, 2, 4, 8)
"""GPUs of one machine that a model is split over."""

_MEMORY_TOLERANCE = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class GPU:
    """A kind of GPU.

    Attributes:
        name: as Modal spells it, where Modal has it.
        memory_gib: memory that CUDA reports, in GiB; less than the name says.
        bandwidth_gb_s: memory bandwidth, in 10^9 bytes a second.
        computes_fp8: it multiplies FP8; others unpack FP8 weights to 16 bits as they read them.
        usd_per_hour: Modal's list price of one on `PRICES_DATE`, in US dollars; None if Modal has none.
        source: where memory and bandwidth come from.
    """

    name: str
    memory_gib: float
    bandwidth_gb_s: float
    computes_fp8: bool
    usd_per_hour: float | None
    source: str

    @property
    def memory_bytes(self) -> int:
        """Memory that CUDA reports."""
        return int(self.memory_gib * 2**30)


GPUS: tuple[GPU, ...] = (
    GPU(
        name="H100",
        memory_gib=79.1,
        bandwidth_gb_s=3350,
        computes_fp8=True,
        usd_per_hour=3.95,
        source="torch on an H100 SXM; NVIDIA's data sheet",
    ),
    GPU(
        name="H200",
        memory_gib=139.8,
        bandwidth_gb_s=4800,
        computes_fp8=True,
        usd_per_hour=4.54,
        source="torch on an H200 SXM; NVIDIA's data sheet",
    ),
    GPU(
        name="B200",
        memory_gib=178.35,
        bandwidth_gb_s=7672,
        computes_fp8=True,
        usd_per_hour=6.25,
        source="pytorch/ao#4002, which asked the driver",
    ),
    GPU(
        name="A100-80GB",
        memory_gib=79.1,
        bandwidth_gb_s=2039,
        computes_fp8=False,
        usd_per_hour=2.50,
        source="taken to be an H100's; NVIDIA's data sheet of the A100 80GB SXM",
    ),
    GPU(
        name="L40S",
        memory_gib=44.39,
        bandwidth_gb_s=864,
        computes_fp8=True,
        usd_per_hour=1.95,
        source="torch's out-of-memory reports; NVIDIA's data sheet",
    ),
    GPU(
        name="RTX5090",
        memory_gib=31.34,
        bandwidth_gb_s=1792,
        computes_fp8=True,
        usd_per_hour=None,
        source="torch's out-of-memory reports; NVIDIA's data sheet",
    ),
    GPU(
        name="RTX4090",
        memory_gib=23.64,
        bandwidth_gb_s=1008,
        computes_fp8=True,
        usd_per_hour=None,
        source="torch's out-of-memory reports; NVIDIA's data sheet",
    ),
)


def get(name: str) -> GPU:
    """The GPU of this name; only its letters and digits matter, ``NVIDIA`` and ``80GB`` may stand by.

    Raises:
        ConfigurationError: it is not known; the message names those that are.
    """
    if gpu := _find(name):
        return gpu
    raise ConfigurationError(f"unknown GPU {name!r}: {_nearest(name)}")


def of_driver(name: str, memory_gib: float) -> GPU | None:
    """The GPU that NVIDIA's driver describes so; None if it is not known.

    Args:
        name: such as ``NVIDIA A100-SXM4-80GB``.
        memory_gib: its memory, in GiB, by which variants of the same name are told apart. The driver reports
            somewhat more than CUDA.
    """
    plain = _plain(name)
    for gpu in GPUS:
        near = abs(memory_gib / gpu.memory_gib - 1) < _MEMORY_TOLERANCE
        if near and plain.startswith(_plain(gpu.name.removesuffix("-80GB"))):
            return gpu
    return None


def parse(wanted: str) -> tuple[GPU, int | None]:
    """Read a GPU with or without a count: ``H100``, or Modal's ``H100:2``.

    Returns:
        The GPU, and the count; None if it names none.

    Raises:
        ConfigurationError: the GPU is not known, or the count is none of `COUNTS`.
    """
    name, colon, count = wanted.rpartition(":")
    if not colon:
        return get(wanted), None
    if count not in map(str, COUNTS):
        raise ConfigurationError(
            f"{wanted!r} asks for {count!r} GPUs: a plan is for {', '.join(map(str, COUNTS))} of one machine"
        )
    return get(name), int(count)


def price(gpu: GPU, overrides: Mapping[str, float]) -> float | None:
    """US dollars an hour of one such GPU: from `overrides` by name, else Modal's list price.

    Raises:
        ConfigurationError: `overrides` names a GPU that is not known.
    """
    own: dict[str, float] = {}
    for name, usd in overrides.items():
        if (known := _find(name)) is None:
            raise ConfigurationError(f"a price is set for the unknown GPU {name!r}: {_nearest(name)}")
        own[known.name] = usd
    return own.get(gpu.name, gpu.usd_per_hour)


def _find(name: str) -> GPU | None:
    wanted = _plain(name)
    for gpu in GPUS:
        if wanted in (_plain(gpu.name), _plain(gpu.name.removesuffix("-80GB")), f"{_plain(gpu.name)}80gb"):
            return gpu
    return None


def _nearest(name: str) -> str:
    return did_you_mean(name.upper(), [gpu.name for gpu in GPUS])


def _plain(name: str) -> str:
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    return letters.removeprefix("nvidia").removeprefix("geforce")
