"""The registry of models: facts that hold together, found by any of their names."""

import pytest

from qwen_structured import UnknownModel, models


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_facts_hold_together(model: models.Model) -> None:
    assert 0 < model.active_parameters <= model.parameters
    assert model.weight_bytes >= model.parameters * 0.9, "less than a byte a weight"
    assert model.context_tokens >= 1024
    assert model.backends
    assert model.source


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_a_model_is_found_by_each_of_its_names(model: models.Model) -> None:
    short = model.name.rsplit("/", 1)[-1]
    for name in (model.name, model.name.upper(), short, *model.aliases):
        assert models.get(name) is model


def test_no_name_means_two_models() -> None:
    names = [name.lower() for model in models.MODELS for name in (model.name, *model.aliases)]
    assert len(names) == len(set(names))


def test_an_unknown_model_is_told_the_nearest() -> None:
    with pytest.raises(
        UnknownModel, match=r"unknown model 'Qwen/Qwen3-0\.6': did you mean 'Qwen/Qwen3-0\.6B'\?"
    ):
        models.get("Qwen/Qwen3-0.6")


def test_a_model_that_is_not_registered_is_not_found() -> None:
    assert models.find("Qwen/Qwen2-7B") is None


def test_the_shipped_model_is_registered() -> None:
    assert models.get(models.SHIPPED).backends == ("embedded",)
