"""Plans: what was measured comes out, what cannot fit is refused with what can."""

from __future__ import annotations

import pytest

from qwen_structured import ConfigurationError, DoesNotFit, UnknownModel, models
from qwen_structured.planning import GPUS, Placement, Plan, plan
from qwen_structured.planning.cost import usd_per_million_tokens
from qwen_structured.planning.gpus import get, parse, price
from qwen_structured.planning.memory import cache, memory
from qwen_structured.planning.parallelism import Layout, layout
from qwen_structured.planning.throughput import ceiling_tokens_per_s, read_weight_bytes
from qwen_structured.planning.weights import active_parameters, parameters, weights

GIB = 2**30
MIB = 2**20
NEXT = models.get("80b").architecture
CODER = models.get("480b").architecture


def only(model: str, gpu: str, context: int = 8192, concurrency: int = 64) -> Placement:
    [placement] = plan(model, gpu, context, concurrency).placements
    return placement


# --- weights -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_weights_that_are_computed_are_those_of_the_registry(model: models.Model) -> None:
    own = weights(model.architecture).all
    assert own == pytest.approx(model.weight_bytes, rel=0.001)
    assert parameters(model.architecture) <= model.parameters * 1.0001


@pytest.mark.parametrize("name", ["9m", "0.6b", "1.7b", "4b"])
def test_parameters_of_dense_models_are_exact(name: str) -> None:
    model = models.get(name)
    assert parameters(model.architecture) == active_parameters(model.architecture) == model.parameters


def test_parameters_are_those_of_the_model_cards() -> None:
    assert parameters(NEXT) == pytest.approx(79.67e9, rel=0.0001)
    assert parameters(CODER) == pytest.approx(480.15e9, rel=0.0001)
    assert active_parameters(CODER) == pytest.approx(35.5e9, rel=0.001)


def test_weights_are_those_that_vllm_measured_on_one_h200() -> None:
    placed = only("80b", "H200:1").memory
    assert placed is not None
    assert placed.weights / GIB == pytest.approx(74.9, rel=0.01)


# --- cache ---------------------------------------------------------------------------------------


def test_the_cache_of_one_h200_is_the_one_that_vllm_measured() -> None:
    placement = only("80b", "H200:1")
    assert placement.kv_tokens == pytest.approx(1_642_280, rel=0.05)
    assert placement.requests == pytest.approx(200, rel=0.05)


def test_a_hybrid_block_is_as_large_as_a_state() -> None:
    one = cache(NEXT, 1, "auto")
    assert one.block_tokens == 544
    assert one.bytes_per_token == 24 * 1024
    assert one.state_bytes / MIB == pytest.approx(37.7, rel=0.001)
    assert one.blocks(8192) * one.block_bytes / MIB == pytest.approx(242, rel=0.002)


@pytest.mark.parametrize(
    ("architecture", "gpus", "kv_cache", "kib_per_token"),
    [
        (NEXT, 2, "auto", 12),
        (NEXT, 4, "auto", 12),  # two heads: four GPUs keep each twice
        (NEXT, 1, "fp8", 12),
        (CODER, 4, "auto", 62),
        (CODER, 8, "auto", 31),
        (CODER, 8, "fp8", 15.5),
    ],
)
def test_cache_of_a_token(architecture, gpus, kv_cache, kib_per_token) -> None:  # type: ignore[no-untyped-def]
    assert cache(architecture, gpus, kv_cache).bytes_per_token == kib_per_token * 1024


def test_prefix_caching_doubles_the_states_alone() -> None:
    hybrid, dense = cache(NEXT, 1, "auto"), cache(CODER, 4, "auto")
    assert hybrid.blocks(8192) == 16 + 3
    assert hybrid.blocks(8192, prefix_caching=True) == 16 + 6
    assert dense.blocks(8192, prefix_caching=True) == dense.blocks(8192) == 512


def test_room_is_not_negative_in_blocks() -> None:
    placed = memory(models.get("80b"), get("L40S").memory_bytes, 1, utilization=0.9, kv_cache="auto")
    assert placed.room < 0
    assert placed.blocks == placed.requests(8192) == 0


# --- what fits where -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "gpu", "weights_gib", "room_gib", "requests"),
    [
        ("80b", "H200:1", 74.8, 47, 198),
        ("80b", "H100:2", 37.4, 30, 251),
        ("80b", "B200:1", 74.8, 81, 343),
        ("480b", "H200:4", 112, 8.6, 17),
        ("480b", "H100:8", 56, 10, 41),
        ("480b", "H200:8", 56, 65, 267),
        ("480b", "B200:4", 112, 43, 88),
    ],
)
def test_the_known_placements_come_out(
    model: str, gpu: str, weights_gib: float, room_gib: float, requests: int
) -> None:
    placement = only(model, gpu)
    placed = placement.memory
    assert placed is not None
    assert placed.weights / GIB == pytest.approx(weights_gib, rel=0.01)
    assert placed.room / GIB == pytest.approx(room_gib, rel=0.02)
    assert placement.requests == pytest.approx(requests, rel=0.015)


@pytest.mark.parametrize(
    ("architecture", "gpus", "expected"),
    [
        (NEXT, 1, Layout(1)),
        (NEXT, 4, Layout(4)),
        (CODER, 4, Layout(4)),
        (CODER, 8, Layout(8, expert_parallel=True)),  # 2560 / 8 = 320, not a multiple of 128
        (models.get("coder-next-bf16").architecture, 8, Layout(8)),  # no blocks in 16 bits
    ],
)
def test_layouts(architecture: models.Architecture, gpus: int, expected: Layout) -> None:
    assert layout(architecture, gpus) == expected


def test_a_shared_expert_that_breaks_the_blocks_is_refused() -> None:
    assert layout(NEXT, 8) == (
        "512 / 8 = 64 columns of its shared expert a GPU break the 128-wide blocks of its weights"
    )


def test_heads_that_cannot_be_split_are_refused() -> None:
    assert layout(models.get("9m").architecture, 8) == "its 4 query heads cannot be split over 8 GPUs"


def test_the_80b_does_not_fit_one_h100_and_the_error_says_what_does() -> None:
    with pytest.raises(DoesNotFit) as caught:
        plan("80b", "H100:1")
    assert str(caught.value) == (
        "Qwen/Qwen3-Next-80B-A3B-Instruct-FP8 does not fit on 1 x H100 "
        "(vLLM may take 71.2 GiB of a GPU, and the weights need 74.9); "
        "it fits on 1 x H200, or 1 x B200, or 2 x A100-80GB, or 2 x H100, or 4 x L40S, or 4 x RTX5090"
    )


def test_the_480b_does_not_fit_four_h100_and_the_error_says_what_does() -> None:
    with pytest.raises(
        DoesNotFit, match=r"4 x H100 .* 112\.2\); it fits on 4 x B200, or 4 x H200, or .* 8 x H100"
    ):
        plan("480b", "H100:4")


def test_what_is_left_by_weights_and_overhead_is_told() -> None:
    with pytest.raises(
        DoesNotFit, match=r"overhead 4\.0, which leaves 0\.0, and a request of 8,192 tokens needs"
    ):
        plan("80b", "L40S:2")


def test_the_cheapest_that_holds_the_concurrency_comes_first() -> None:
    wide = plan("480b", concurrency=64)
    assert str(wide.best) == "4 x B200"
    assert [p.fits for p in wide.placements] == sorted((p.fits for p in wide.placements), reverse=True)
    assert str(plan("480b", concurrency=16).best) == "4 x H200"


def test_where_less_fits_than_is_asked_for_the_plan_says_so() -> None:
    assert only("480b", "H200:4", concurrency=64).notes == (
        "17 of 64 requests of 8,192 tokens run at once, others wait",
    )


def test_a_gpu_without_fp8_is_told() -> None:
    assert any("does not compute in FP8" in note for note in only("80b", "A100:2").notes)


def test_a_longer_context_takes_more() -> None:
    assert only("80b", "H200:1", context=32_768).requests < only("80b", "H200:1").requests / 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"context": 0}, "context is 0: .* holds 1 to 262144 tokens"),
        ({"context": 300_000}, "context is 300000"),
        ({"concurrency": 0}, "concurrency is 0"),
        ({"utilization": 1.5}, r"utilization is 1\.5"),
        ({"gpu": "H900"}, "unknown GPU 'H900': did you mean 'H"),
        ({"gpu": "H100:3"}, "'H100:3' asks for '3' GPUs: a plan is for 1, 2, 4, 8"),
        ({"prices": {"H900": 1.0}}, "unknown GPU 'H900'"),
    ],
)
def test_bad_input_is_one_clear_error(options, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match=message):
        plan("80b", **options)


def test_a_model_that_is_not_registered_is_told() -> None:
    with pytest.raises(UnknownModel):
        plan("81b")


# --- speed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "measured", "part"),
    [(32, 3970, 0.93), (256, 11_290, 0.92)],
)
def test_the_ceiling_is_near_what_was_measured_at_load(requests: int, measured: int, part: float) -> None:
    """The 80B on one H200, 128 output tokens a request (so about 256 held), best of two repetitions."""
    h200 = get("H200")
    own = ceiling_tokens_per_s(NEXT, h200, 1, cache(NEXT, 1, "auto"), requests=requests, held_tokens=256)
    assert part * own < measured < own * 1.1


def test_one_request_reads_its_own_experts_and_many_read_all() -> None:
    parts = weights(NEXT)
    assert read_weight_bytes(NEXT, 1) == pytest.approx(parts.shared + 48 * 10 * parts.expert, rel=1e-6)
    assert read_weight_bytes(NEXT, 10_000) == pytest.approx(parts.shared + parts.experts, rel=1e-6)
    dense = models.get("4b").architecture
    assert read_weight_bytes(dense, 1) == read_weight_bytes(dense, 99) == weights(dense).all


# --- GPUs and cost -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("h100", "H100"),
        ("NVIDIA H100 80GB", "H100"),
        ("A100", "A100-80GB"),
        ("a100_80gb", "A100-80GB"),
        ("RTX 4090", "RTX4090"),
        ("NVIDIA GeForce RTX 5090", "RTX5090"),
    ],
)
def test_a_gpu_is_found_by_the_names_it_goes_by(spelling: str, name: str) -> None:
    assert get(spelling).name == name


def test_a_count_is_modals() -> None:
    assert parse("H100") == (get("H100"), None)
    assert parse("h100:8") == (get("H100"), 8)


def test_prices_go_over_the_list() -> None:
    assert price(get("H100"), {}) == 3.95
    assert price(get("A100-80GB"), {"a100_80gb": 1.25}) == 1.25
    assert str(plan("80b", prices={"h100": 0.5}).best) == "2 x H100"


def test_cost_of_a_million_tokens() -> None:
    assert usd_per_million_tokens(3.60, 1000) == pytest.approx(1.0)
    assert usd_per_million_tokens(None, 1000) is None
    assert usd_per_million_tokens(3.60, 0) is None


def test_gpus_without_a_price_come_after_those_with_one() -> None:
    fitting: Plan = plan("4b")
    prices = [p.usd_per_hour for p in fitting.fitting if p.requests >= 64]
    assert None in prices
    assert None not in prices[: prices.index(None)]
    assert set(prices[prices.index(None) :]) == {None}


@pytest.mark.parametrize("gpu", GPUS, ids=lambda gpu: gpu.name)
def test_facts_of_a_gpu_hold_together(gpu) -> None:  # type: ignore[no-untyped-def]
    assert 10 < gpu.memory_gib < 300
    assert 100 < gpu.bandwidth_gb_s < 20_000
    assert gpu.source
