"""What `backends/ray` holds is what the planner says, is closed by default, and parses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from backends.ray.generate import FOLDER, Wish, files, main
from backends.ray.image import IMAGE, RAY_VERSION
from backends.vllm.generate import GPUS

from qwen_structured import models, settings
from qwen_structured._registry import Choice, choose
from qwen_structured._type_reference import from_reference
from qwen_structured.planning import plan
from qwen_structured.planning.gpus import parse
from qwen_structured.ray import serving
from qwen_structured.ray.resources import needs

WRITTEN = files(Wish(GPUS))
KINDS = [f"{kind}-{alias}.yaml" for kind in ("cluster", "service") for alias in GPUS]


def stored(path: str) -> str:
    return (FOLDER / path).read_text("utf-8")


def objects(path: str) -> dict[str, Any]:
    return {found["kind"]: found for found in yaml.safe_load_all(stored(path))}


def cluster(path: str) -> dict[str, Any]:
    found = objects(path)
    spec = found["RayCluster"]["spec"] if "RayCluster" in found else found["RayService"]["spec"]
    return spec.get("rayClusterConfig", spec)  # type: ignore[no-any-return]


def pods(path: str) -> list[dict[str, Any]]:
    spec = cluster(path)
    return [spec["headGroupSpec"]["template"], *(group["template"] for group in spec["workerGroupSpecs"])]


def container(pod: dict[str, Any]) -> dict[str, Any]:
    [only] = pod["spec"]["containers"]
    return only  # type: ignore[no-any-return]


def variables(pod: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container(pod)["env"] if "value" in one}


def serve_config(alias: str) -> dict[str, Any]:
    config = yaml.safe_load(objects(f"service-{alias}.yaml")["RayService"]["spec"]["serveConfigV2"])
    assert isinstance(config, dict)
    return config


# --- no drift ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WRITTEN)
def test_the_folder_has_what_the_script_writes(path: str) -> None:
    assert stored(path) == WRITTEN[path]


@pytest.mark.parametrize("path", KINDS)
def test_a_worker_has_the_gpus_of_the_plan(path: str) -> None:
    alias = path.removesuffix(".yaml").split("-")[1]
    kind, count = parse(GPUS[alias])
    assert plan(alias, GPUS[alias]).best.fits
    head, worker = pods(path)
    assert container(worker)["resources"]["limits"]["nvidia.com/gpu"] == count
    assert "nvidia.com/gpu" not in container(head)["resources"]["limits"]
    assert cluster(path)["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    assert (
        kind.name
        in objects(path)[next(iter(objects(path)))]["metadata"]["annotations"]["qwen-structured/plan"]
    )


@pytest.mark.parametrize("path", KINDS)
def test_the_settings_of_the_pods_ask_for_what_a_worker_has(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = path.removesuffix(".yaml").split("-")[1]
    for pod in pods(path):
        with monkeypatch.context() as patch:
            for name, value in variables(pod).items():
                patch.setenv(name, value)
            choice = choose(settings.load().settings, None, None)
        assert (choice.name, choice.model) == ("vllm", models.get(alias).name)
        worker = container(pods(path)[1])["resources"]["limits"]
        assert needs([choice], {}, {}).resources.gpus == worker["nvidia.com/gpu"]


def test_the_plan_of_a_job_needs_no_more_than_a_worker_has() -> None:
    for alias, gpu in GPUS.items():
        kind, count = parse(gpu)
        found = needs([Choice("vllm", alias, {"max_model_len": 8192})], {"gpu": kind.name}, {})
        assert found.resources.gpus <= (count or 0)


@pytest.mark.parametrize("alias", GPUS)
def test_the_service_runs_the_web_service_on_the_planned_gpus(alias: str) -> None:
    [application] = serve_config(alias)["applications"]
    assert from_reference(application["import_path"], "import_path") is serving.application
    serving.ServeOptions.model_validate(application["args"])
    [deployment] = application["deployments"]
    assert deployment["name"] == serving.Service.__name__
    assert deployment["ray_actor_options"]["num_gpus"] == parse(GPUS[alias])[1]


@pytest.mark.parametrize("alias", GPUS)
def test_ray_takes_the_config_of_the_service(alias: str) -> None:
    schema = pytest.importorskip("ray.serve.schema", exc_type=ImportError)  # of Ray's extra serve
    schema.ServeDeploySchema.model_validate(serve_config(alias))


# --- closed by default ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_a_cluster_wants_its_token_and_lets_in_labelled_pods(path: str) -> None:
    assert cluster(path)["authOptions"] == {"mode": "token"}
    assert cluster(path)["headGroupSpec"]["serviceType"] == "ClusterIP"
    policy = objects(path)["NetworkPolicy"]["spec"]
    labels = policy["podSelector"]["matchLabels"]
    assert all(pod["metadata"]["labels"] == labels for pod in pods(path))
    own, clients = policy["ingress"]
    assert own["from"][0] == {"podSelector": {"matchLabels": labels}}
    assert clients["from"] == [{"podSelector": {"matchLabels": {"qwen-structured/client": "true"}}}]
    assert [port["port"] for port in clients["ports"]] == [8000 if path.startswith("service") else 8265]


@pytest.mark.parametrize("path", KINDS)
def test_a_pod_is_no_root_and_has_its_key_from_a_secret(path: str) -> None:
    for pod in pods(path):
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert container(pod)["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        [key] = [one for one in container(pod)["env"] if one["name"] == "QWEN_STRUCTURED_API_KEY"]
        assert "secretKeyRef" in key["valueFrom"]


@pytest.mark.parametrize("path", KINDS)
def test_all_pods_share_the_folder_of_journals_and_weights(path: str) -> None:
    claim = objects("shared.yaml")["PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for pod in pods(path):
        [shared] = [one for one in pod["spec"]["volumes"] if one["name"] == "shared"]
        assert shared["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
        [mount] = [one for one in container(pod)["volumeMounts"] if one["name"] == "shared"]
        assert variables(pod)["HF_HOME"].startswith(mount["mountPath"])


@pytest.mark.parametrize("path", KINDS)
def test_all_pods_run_the_image_with_the_ray_of_the_cluster(path: str) -> None:
    assert {container(pod)["image"] for pod in pods(path)} == {IMAGE}
    assert cluster(path)["rayVersion"] == RAY_VERSION
    assert f"ray[data,serve]=={RAY_VERSION}" in stored("Dockerfile")


# --- the generator -------------------------------------------------------------------------------


def test_other_gpus_and_images_are_options(tmp_path: Path) -> None:
    main(["--gpu", "80b=H200:1", "--image", "registry/own:2", "--output", str(tmp_path)])
    [service] = [
        found
        for found in yaml.safe_load_all((tmp_path / "service-80b.yaml").read_text("utf-8"))
        if found["kind"] == "RayService"
    ]
    [worker] = service["spec"]["rayClusterConfig"]["workerGroupSpecs"]
    assert container(worker["template"])["image"] == "registry/own:2"
    assert container(worker["template"])["resources"]["limits"]["nvidia.com/gpu"] == 1


def test_what_cannot_run_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--gpu", "80b=H100:1", "--output", str(tmp_path / "out")])
    assert "does not fit on 1 x H100" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
