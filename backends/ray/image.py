"""Dockerfile: the image that all machines of a cluster run."""

from __future__ import annotations

from backends.vllm.deployment import IMAGE as VLLM_IMAGE

RAY_VERSION = "2.60.0"
IMAGE = "qwen-structured-ray:0.1.0"
"""What the manifests run unless told: build it, and push it to where the cluster finds it."""

DOCKERFILE = f"""\
FROM {VLLM_IMAGE}
COPY . /tmp/qwen-structured
RUN pip install --no-cache-dir "ray[data,serve]=={RAY_VERSION}" "/tmp/qwen-structured[ray,server,api]" \\
    && rm --recursive /tmp/qwen-structured \\
    && useradd --create-home --uid 1000 ray
USER 1000
WORKDIR /home/ray
ENTRYPOINT []
"""
