"""What containers are made of: one image for GPUs, one for everything else, both of pinned versions.

vLLM 0.33.0 is above every known CVE of a structured-output server (the last, CVE-2026-105757, was closed in
0.30.0); it brings xgrammar 0.2.8, above CVE-2026-25048 (0.1.32). The base is the one that vLLM's own image of
that version is built on, with the compiler that its kernels need at run time.

Source: vLLM's docker/Dockerfile (CUDA_VERSION, PYTHON_VERSION).
"""

from __future__ import annotations

from collections.abc import Mapping

import modal

from . import weights

VLLM = "vllm==0.33.0"
_CUDA = "nvidia/cuda:13.0.3-devel-ubuntu24.04"
_PYTHON = "3.12"
_CORE = (
    "anyio==4.16.0",
    "jsonschema-rs==0.60.3",
    "pydantic==2.14.3",
    "tenacity==9.2.1",
    "typing-extensions==4.16.0",
)
_WEB = ("fastapi==0.136.3",)  # vLLM 0.33 wants one below 0.137
_HUB = ("huggingface-hub==2.4.0", "hf-xet==1.8.0")

CACHE_VOLUME = "qwen-vllm-torch-cache"
CACHE_FOLDER = "/cache"

ENVIRONMENT: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",  # weights come from the volume alone
    "VLLM_CACHE_ROOT": f"{CACHE_FOLDER}/vllm",
    "TRITON_CACHE_DIR": f"{CACHE_FOLDER}/triton",
    "TORCHINDUCTOR_CACHE_DIR": f"{CACHE_FOLDER}/inductor",
    "FLASHINFER_WORKSPACE_BASE": f"{CACHE_FOLDER}/flashinfer",
    "VLLM_NO_USAGE_STATS": "1",
    "OMP_NUM_THREADS": "8",  # else grammars are compiled on as many threads as the host has (vllm#49460)
}
"""Variables of containers with GPUs."""


def models_volume() -> modal.Volume:
    """The volume of the weights."""
    return modal.Volume.from_name(weights.VOLUME, create_if_missing=True)


def cache_volume() -> modal.Volume:
    """The volume of what torch, Triton and FlashInfer have compiled."""
    return modal.Volume.from_name(CACHE_VOLUME, create_if_missing=True)


def gpu_image() -> modal.Image:
    """The image of containers with GPUs."""
    base = modal.Image.from_registry(_CUDA, add_python=_PYTHON).entrypoint([])
    return _with_package(base.uv_pip_install(VLLM, *_CORE, *_WEB))


def cpu_image() -> modal.Image:
    """The image of the download and of the web endpoints."""
    return _with_package(modal.Image.debian_slim(_PYTHON).uv_pip_install(*_CORE, *_WEB, *_HUB))


def _with_package(image: modal.Image) -> modal.Image:
    """Add this package as it is installed here, data files included, so that no checkout is needed."""
    return image.add_local_python_source("qwen_structured", ignore=["**/__pycache__", "**/*.pyc"])
