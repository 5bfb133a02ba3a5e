"""What `backends/vllm` holds is what the planner says, is closed by default, and parses."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from backends.vllm.deployment import VLLM_VERSION
from backends.vllm.generate import FOLDER, GPUS, Wish, files, main

from qwen_structured import models
from qwen_structured.planning import plan, serve_flags
from qwen_structured.planning.gpus import parse

WRITTEN = files(Wish(GPUS))
METRICS = {  # vLLM 0.32, vllm/v1/metrics/loggers.py; counters end in _total, histograms in _bucket
    "vllm:num_requests_running",
    "vllm:num_requests_waiting",
    "vllm:kv_cache_usage_perc",
    "vllm:prefix_cache_hits_total",
    "vllm:prefix_cache_queries_total",
    "vllm:generation_tokens_total",
    "vllm:prompt_tokens_total",
    "vllm:request_success_total",
    "vllm:time_to_first_token_seconds_bucket",
    "vllm:inter_token_latency_seconds_bucket",
}


def stored(path: str) -> str:
    return (FOLDER / path).read_text("utf-8")


def services() -> dict[str, Any]:
    compose = yaml.safe_load(stored("compose.yaml"))
    assert isinstance(compose, dict)
    return compose["services"]  # type: ignore[no-any-return]


def container(alias: str) -> dict[str, Any]:
    objects = list(yaml.safe_load_all(stored(f"kubernetes-{alias}.yaml")))
    [deployment] = [found for found in objects if found["kind"] == "Deployment"]
    [only] = deployment["spec"]["template"]["spec"]["containers"]
    return only  # type: ignore[no-any-return]


def unit_environment(alias: str) -> dict[str, str]:
    lines = [line for line in stored(f"{alias}.env").splitlines() if not line.startswith("#")]
    return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}


# --- no drift ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WRITTEN)
def test_a_file_is_what_the_generator_writes(path: str) -> None:
    assert stored(path) == WRITTEN[path], "run `python -m backends.vllm.generate`"


def test_nothing_else_stands_there() -> None:
    found = {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*") if file.is_file()}
    own = {path for path in found if path.endswith((".py", ".pyc")) or path in ("README.md", ".gitignore")}
    assert {path for path in found - own if not path.startswith("secrets/")} == set(WRITTEN)


@pytest.mark.parametrize("alias", GPUS)
def test_all_of_them_start_the_planned_server(alias: str) -> None:
    gpu, count = parse(GPUS[alias])
    assert count
    model = models.get(alias)
    assert plan(model, GPUS[alias]).best.fits
    flags = serve_flags(model, gpu.name, count, host="0.0.0.0", authenticated=True)
    service, pod = services()[f"vllm-{alias}"], container(alias)
    assert service["command"] == [model.name, *flags]
    assert [*pod["command"], *pod["args"]] == ["vllm", "serve", model.name, *flags]
    assert service["deploy"]["resources"]["reservations"]["devices"][0]["count"] == count
    assert pod["resources"]["limits"] == {"nvidia.com/gpu": count}


@pytest.mark.parametrize(("alias", "port"), [("80b", "8000"), ("480b", "8001")])
def test_the_unit_starts_the_planned_server(alias: str, port: str) -> None:
    gpu, count = parse(GPUS[alias])
    values = unit_environment(alias)
    words = [
        *values["FLAGS"].split(),
        "--structured-outputs-config",
        values["STRUCTURED_OUTPUTS"],
    ]
    assert values["MODEL"] == models.get(alias).name
    assert set(words) == set(serve_flags(alias, gpu.name, count or 0, port=int(port)))
    assert "${MODEL} $FLAGS" in stored("qwen-structured-vllm@.service")


# --- closed by default ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in services() if name.startswith("vllm-")])
def test_a_container_is_reached_from_this_machine_alone_and_with_a_key(name: str) -> None:
    service = services()[name]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["secrets"] == ["vllm_api_key"]
    assert 'test -n "$$VLLM_API_KEY" && exec' in service["entrypoint"][2]
    assert service["cap_drop"] == ["ALL"]


def test_monitoring_is_reached_from_this_machine_alone() -> None:
    for name in ("prometheus", "grafana"):
        assert all(port.startswith("127.0.0.1:") for port in services()[name]["ports"])


@pytest.mark.parametrize("alias", GPUS)
def test_a_pod_has_its_key_from_a_secret_and_takes_labelled_clients(alias: str) -> None:
    variables = {variable["name"]: variable for variable in container(alias)["env"]}
    assert "secretKeyRef" in variables["VLLM_API_KEY"]["valueFrom"]
    kinds = {found["kind"]: found for found in yaml.safe_load_all(stored(f"kubernetes-{alias}.yaml"))}
    assert kinds["Service"]["spec"]["type"] == "ClusterIP"
    [rule] = kinds["NetworkPolicy"]["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"qwen-structured/client": "true"}}}]


@pytest.mark.parametrize("alias", GPUS)
def test_the_unit_listens_on_loopback_and_needs_its_key(alias: str) -> None:
    assert "--host 127.0.0.1" in unit_environment(alias)["FLAGS"]
    assert "EnvironmentFile=/etc/qwen-structured/key.env" in stored("qwen-structured-vllm@.service")


@pytest.mark.parametrize("path", WRITTEN)
def test_no_file_has_a_key_or_turns_on_development(path: str) -> None:
    text = stored(path)
    assert "VLLM_SERVER_DEV_MODE" not in text
    assert "--api-key" not in text
    assert not re.search(r"VLLM_API_KEY=[^\"$]", text)


def test_images_are_pinned_above_the_known_cves() -> None:
    assert tuple(map(int, VLLM_VERSION.split("."))) >= (0, 30, 0)
    images = [service["image"] for service in services().values()]
    images += [container(alias)["image"] for alias in GPUS]
    assert all(re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+", image) for image in images)


@pytest.mark.parametrize("alias", GPUS)
def test_a_start_has_time(alias: str) -> None:
    pod = container(alias)
    variables = {variable["name"]: variable.get("value") for variable in pod["env"]}
    probe = pod["startupProbe"]
    assert probe["failureThreshold"] * probe["periodSeconds"] >= int(variables["VLLM_ENGINE_READY_TIMEOUT_S"])


# --- monitoring ----------------------------------------------------------------------------------


def test_prometheus_scrapes_each_service() -> None:
    [job] = yaml.safe_load(stored("prometheus.yml"))["scrape_configs"]
    targets = [target for static in job["static_configs"] for target in static["targets"]]
    assert targets == [f"{name}:8000" for name in services() if name.startswith("vllm-")]


def test_the_dashboard_shows_metrics_that_vllm_has() -> None:
    panels = json.loads(stored("grafana/dashboard.json"))["panels"]
    shown = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"vllm:\w+", target["expr"])
    }
    assert shown == METRICS
    assert len({panel["id"] for panel in panels}) == len(panels)


# --- the generator -------------------------------------------------------------------------------


def test_other_gpus_are_an_option(tmp_path: Path) -> None:
    main(["--gpu", "80b=H200:1", "--gpu", "480b=B200:4", "--context", "32768", "--output", str(tmp_path)])
    compose = yaml.safe_load((tmp_path / "compose.yaml").read_text("utf-8"))
    command = compose["services"]["vllm-80b"]["command"]
    assert command[command.index("--tensor-parallel-size") + 1] == "1"
    assert command[command.index("--max-model-len") + 1] == "32768"
    assert (tmp_path / "grafana" / "dashboard.json").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--gpu", "80b=H100:1"], "does not fit on 1 x H100"),
        (["--gpu", "80b=H100"], "say on how many, such as H100:2"),
        (["--gpu", "H100:2"], "write it as MODEL=GPU:COUNT"),
        (["--context", "0"], "context is 0"),
    ],
)
def test_what_cannot_run_is_not_written(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exited:
        main([*words, "--output", str(tmp_path / "out")])
    assert exited.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
