"""The app for Modal, from a checkout: ``modal deploy backends/modal/app.py``.

The app itself is `qwen_structured.backends.modal.app`, which is deployed without a checkout by
``modal deploy -m qwen_structured.backends.modal.app``.
"""

from qwen_structured.backends.modal.app import (
    Qwen80BGenerator,
    Qwen480BGenerator,
    app,
    download,
    test_80b,
    test_480b,
)

__all__ = ["Qwen80BGenerator", "Qwen480BGenerator", "app", "download", "test_80b", "test_480b"]
