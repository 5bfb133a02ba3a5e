"""What an actor needs, planned for clusters that are only described."""

from __future__ import annotations

from typing import Any

import pytest

from qwen_structured import ConfigurationError, DoesNotFit
from qwen_structured._registry import Choice
from qwen_structured.models import MODELS
from qwen_structured.planning import plan
from qwen_structured.ray.resources import Needs, Resources, needs

H100 = {"CPU": 64.0, "GPU": 16.0, "accelerator_type:H100": 2.0}


def needed(
    backend: str, model: str | None = None, cluster: Any = H100, options: Any = None, **asked: Any
) -> Needs:
    return needs([Choice(backend, model, options or {})], asked, cluster)


@pytest.mark.parametrize("alias", ["80b", "480b"])
@pytest.mark.parametrize("gpu", ["H100", "H200", "B200"])
def test_an_actor_gets_the_gpus_of_the_plan(alias: str, gpu: str) -> None:
    cluster = {f"accelerator_type:{gpu}": 1.0}
    found = needed("vllm", alias, cluster, {"max_model_len": 8192})
    fewest = plan(alias, gpu, context=8192, concurrency=1).best.count
    assert found.resources == Resources(gpus=fewest, accelerator_type=gpu)
    assert found.choices[0].options == {"max_model_len": 8192, "tensor_parallel_size": fewest}


def test_the_whole_context_counts_where_none_is_chosen() -> None:
    model = next(model for model in MODELS if "480b" in model.aliases)
    fewest = plan(model, "H200", context=model.context_tokens, concurrency=1).best.count
    assert needed("vllm", "480b", {}, gpu="H200").resources == Resources(gpus=fewest)


def test_the_split_of_the_options_goes_before_the_plan() -> None:
    options = {"tensor_parallel_size": 4, "engine_args": {"pipeline_parallel_size": 2}}
    found = needed("vllm", "80b", {}, options)
    assert found.resources == Resources(gpus=8)
    assert found.choices[0].options == options


def test_what_is_asked_for_is_not_planned() -> None:
    found = needed("vllm", "80b", {}, num_gpus=0, num_cpus=8)
    assert found.resources == Resources(cpus=8)
    assert "tensor_parallel_size" not in found.choices[0].options


def test_a_kind_of_gpu_that_ray_calls_otherwise_is_found() -> None:
    cluster = {"accelerator_type:A100": 1.0, "accelerator_type:A100-80G": 1.0}
    found = needed("vllm", "80b", cluster, {"max_model_len": 8192}, gpu="A100-80GB").resources
    assert found == Resources(gpus=2, accelerator_type="A100-80G")


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        ({"CPU": 4.0}, "no GPU of a known kind: say what the actors run on, such as gpu='H100'"),
        ({"accelerator_type:A100": 1.0}, "no GPU of a known kind"),
        ({"accelerator_type:H100": 1.0, "accelerator_type:H200": 1.0}, "several kinds of GPU: H100, H200"),
    ],
)
def test_a_cluster_whose_gpus_are_not_clear_is_said(cluster: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        needed("vllm", "80b", cluster)


def test_a_model_that_no_machine_holds_is_said() -> None:
    with pytest.raises(DoesNotFit, match=r"does not fit on 8 x L40S.*it fits on"):
        needed("vllm", "480b", {}, gpu="L40S")


@pytest.mark.parametrize(
    ("backend", "options", "cpus"),
    [
        ("embedded", {}, 1),
        ("embedded", {"threads": 4}, 4),
        ("server", {}, 0),
        ("modal", {}, 0),
        ("one-of-my-own", {}, 1),
    ],
)
def test_other_backends_get_cpus(backend: str, options: dict[str, Any], cpus: int) -> None:
    assert needed(backend, None, H100, options).resources == Resources(cpus=cpus)


def test_the_needs_of_all_backends_are_added() -> None:
    choices = [
        Choice("vllm", "80b", {"tensor_parallel_size": 2}),
        Choice("embedded", None, {}),
        Choice("server", None, {}),
    ]
    assert needs(choices, {}, H100).resources == Resources(cpus=1, gpus=2, accelerator_type="H100")
