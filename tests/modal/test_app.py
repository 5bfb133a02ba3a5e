"""The app as it is deployed, its methods called as a user of Modal's client calls them, and its weights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import modal
import pytest
from modal_proto import api_pb2 as api
from tests.modal.control_plane import ControlPlane
from tests.modal.deploying import APP, ROOT, connected, deploy, modal_command, settings

from qwen_structured import PromptTooLong, __version__

SHIPPED = settings(backend="embedded", gpu="none", model="qwen-structured-9m", engine_args="{}")
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with ControlPlane(tmp_path_factory.mktemp("modal")).running() as plane:
        deploy(plane, APP, **SHIPPED)
        with connected(plane):
            yield plane


@pytest.fixture
def generator(plane: ControlPlane) -> Any:
    return modal.Cls.from_name("qwen-vllm-inference", "Qwen80BGenerator")()


# --- what is deployed ----------------------------------------------------------------------------


def test_the_large_class_has_gpus_time_and_both_volumes(plane: ControlPlane) -> None:
    large = plane.definition("Qwen480BGenerator.*")
    assert (large.resources.gpu_config.gpu_type, large.resources.gpu_config.count) == ("H100", 8)
    assert large.resources.milli_cpu == 10_000
    assert large.startup_timeout_secs > 5000
    assert large.timeout_secs == 3600
    assert large.autoscaler_settings.scaledown_window == 600
    assert large.autoscaler_settings.min_containers == 0
    assert large.max_concurrent_inputs == 64
    assert [mount.mount_path for mount in large.volume_mounts] == ["/models", "/cache"]
    assert not large.checkpointing_enabled


def test_the_download_takes_no_gpu(plane: ControlPlane) -> None:
    download = plane.definition("download")
    assert not download.resources.gpu_config.gpu_type
    assert download.timeout_secs >= 6 * 3600


LABELS = [f"qwen-{key}-{name}" for key in ("80b", "480b") for name in ("health", "generate", "warmup")]


@pytest.mark.parametrize("label", LABELS)
def test_endpoints_have_their_labels_no_gpu_and_ask_for_a_token(plane: ControlPlane, label: str) -> None:
    function = plane.definition(label.replace("-", "_"))
    assert function.webhook_config.type == api.WEBHOOK_TYPE_ASGI_APP
    assert function.webhook_config.requested_suffix == label
    assert function.webhook_config.requires_proxy_auth
    assert not function.resources.gpu_config.gpu_type


def test_images_are_pinned(plane: ControlPlane) -> None:
    commands = [
        command
        for request in plane.requests("ImageGetOrCreate")
        for command in request.image.dockerfile_commands
    ]
    text = "\n".join(commands)
    assert "vllm==0.33.0" in text
    packages = re.findall(r"[a-z][a-z0-9-]+(?:==[\w.]+)", text)
    assert {"pydantic", "fastapi", "huggingface-hub"} <= {package.split("==")[0] for package in packages}


def test_a_deployment_may_be_open_and_small_by_explicit_settings(tmp_path: Any) -> None:
    with ControlPlane(tmp_path).running() as plane:
        deploy(
            plane,
            APP,
            VLLM_EAGER="1",
            QWEN_STRUCTURED_BACKENDS__MODAL__AUTHENTICATION="none",
            **settings(gpu="H200", memory_snapshot="true", min_containers="1", region="us-east"),
        )
        small = plane.definition("Qwen80BGenerator.*")
        assert (small.resources.gpu_config.gpu_type, small.resources.gpu_config.count) == ("H200", 1)
        assert small.checkpointing_enabled
        assert small.autoscaler_settings.min_containers == 1
        assert list(small.scheduler_placement.regions) == ["us-east"]
        assert not plane.definition("qwen_80b_health").webhook_config.requires_proxy_auth


def test_gpus_that_do_not_hold_the_model_are_not_deployed(plane: ControlPlane) -> None:
    before = len(plane.requests("AppPublish"))
    done = modal_command(plane, "deploy", "-m", APP, **settings(gpu="H100:1"))
    assert done.returncode
    assert "does not fit on 1 x H100" in " ".join((done.stdout + done.stderr).replace("│", "").split())
    assert len(plane.requests("AppPublish")) == before


def test_the_file_in_the_checkout_is_the_same_app(plane: ControlPlane) -> None:
    done = modal_command(plane, "deploy", str(ROOT / "backends/modal/app.py"), **SHIPPED)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modal_run_has_the_model_answer(plane: ControlPlane) -> None:
    done = modal_command(plane, "run", "backends/modal/app.py::test_80b", **SHIPPED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'finish_reason': 'stop'" in done.stdout


# --- its methods ---------------------------------------------------------------------------------


def test_generate_gives_the_value_of_a_schema(generator: Any) -> None:
    answer = generator.generate.remote("How many eggs? We bought 12 eggs.", schema=SCHEMA, temperature=0.0)
    assert isinstance(answer["text"]["n"], int)
    assert answer["finish_reason"] == "stop"
    assert answer["usage"]["output_tokens"] > 0
    assert answer["model"] == "qwen-structured-9m"


def test_generate_without_a_schema_gives_text(generator: Any) -> None:
    answer = generator.generate.remote("How many eggs?", max_tokens=5)
    assert isinstance(answer["text"], str)
    assert answer["usage"]["output_tokens"] <= 5


def test_an_error_of_a_method_is_of_its_own_class(generator: Any) -> None:
    with pytest.raises(PromptTooLong) as caught:
        generator.generate.remote("word " * 3000, schema=SCHEMA)
    assert caught.value.context_tokens == 2048


def test_a_batch_keeps_its_order_and_its_errors(generator: Any) -> None:
    prompts = ["We bought 12 eggs.", "word " * 3000, "We bought 3 eggs."]
    first, second, third = generator.generate_batch.remote(prompts, schema=SCHEMA, temperature=0.0)
    assert second["error"]["type"] == "PromptTooLong"
    assert isinstance(first["text"]["n"], int)
    assert isinstance(third["text"]["n"], int)


def test_a_stream_is_the_text_in_pieces(generator: Any) -> None:
    pieces = list(generator.generate_stream.remote_gen("We bought 12 eggs.", schema=SCHEMA, temperature=0.0))
    assert len(pieces) > 1
    assert "".join(pieces).startswith('{"n":')


def test_warm_up_and_health_answer(generator: Any) -> None:
    assert generator.warmup.remote() == {}
    health = generator.health.remote()
    assert health["state"] == "ready"
    assert health["version"] == __version__


# --- its endpoints -------------------------------------------------------------------------------


@pytest.fixture
def endpoint(plane: ControlPlane) -> Any:
    """What Modal serves at an endpoint's address: a function's ASGI application, over HTTP in process."""
    from starlette.testclient import TestClient

    from qwen_structured.backends.modal import app as deployed

    return lambda name: TestClient(getattr(deployed, name).local())


def test_the_endpoints_answer_at_their_addresses(endpoint: Any, generator: Any) -> None:
    assert endpoint("qwen_80b_warmup").post("/").json()["state"] == "ready"
    answer = endpoint("qwen_80b_generate").post("/", json={"prompt": "We bought 12 eggs.", "schema": SCHEMA})
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json()["text"]["n"], int)
    refused = endpoint("qwen_80b_generate").post("/", json={"prompt": "word " * 3000, "schema": SCHEMA})
    assert (refused.status_code, refused.json()["error"]["type"]) == (413, "PromptTooLong")
    assert endpoint("qwen_80b_health").get("/").json()["state"] == "ready"


def test_asking_for_health_starts_no_container(plane: ControlPlane, endpoint: Any) -> None:
    before = len(plane.requests("FunctionMap"))
    assert endpoint("qwen_480b_health").get("/").json()["state"] == "idle"
    assert len(plane.requests("FunctionMap")) == before
