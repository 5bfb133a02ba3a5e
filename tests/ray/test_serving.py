"""The web service as Ray Serve's replicas have it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from qwen_structured import BackendUnavailable, ConfigurationError, Health
from qwen_structured.ray.serving import ServeOptions, Service
from qwen_structured.testing import ScriptedBackend

KEY = "0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_API_KEY", KEY)


def test_a_replica_serves_the_web_service_with_a_loaded_model() -> None:
    service = Service(ServeOptions(backend="embedded", max_tokens=50))
    with TestClient(service.__serve_build_asgi_app__(), headers=HEADERS) as client:
        assert client.get("/health").json()["state"] == "ready"
        body = {"prompt": "Yes or no?", "schema": {"enum": ["yes", "no"]}, "max_tokens": 20}
        assert client.post("/generate", json=body).json()["text"] in ("yes", "no")
        assert client.post("/generate", json={**body, "max_tokens": 51}).status_code == 422
        assert client.post("/generate", json=body, headers={"Authorization": "no"}).status_code == 401


def test_a_replica_without_a_key_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QWEN_STRUCTURED_API_KEY")
    with pytest.raises(ConfigurationError, match="set a key in QWEN_STRUCTURED_API_KEY"):
        Service(ServeOptions(backend="embedded"))


@pytest.mark.asyncio
async def test_a_replica_is_replaced_when_its_deployment_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    async def health(_: object) -> Health:
        return Health(state="dead", detail="out of memory")

    service = Service(ServeOptions(backend="embedded", loads_first=False))
    await service.check_health()
    monkeypatch.setattr(service, "_backend", ScriptedBackend([]))
    monkeypatch.setattr(ScriptedBackend, "health", health)
    with pytest.raises(BackendUnavailable, match="out of memory"):
        await service.check_health()
