"""The backend that answers all verbs in place of what is chosen; set by `qwen_structured.testing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .protocols import Backend

backend: Backend | None = None
