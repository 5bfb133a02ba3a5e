"""Pages that list what the code has list all of it, as the code has it."""

from __future__ import annotations

import inspect
import re
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import qwen_structured
from qwen_structured import exceptions
from qwen_structured._sketch import sketch
from qwen_structured.backends.embedded.backend import EmbeddedOptions
from qwen_structured.backends.modal.options import DeployOptions, ModalOptions
from qwen_structured.backends.server.options import ServerOptions
from qwen_structured.backends.vllm.options import VLLMOptions
from qwen_structured.cli.app import app
from qwen_structured.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
ERRORS = [
    name
    for name, found in vars(exceptions).items()
    if inspect.isclass(found) and issubclass(found, exceptions.QwenStructuredError)
]
OPTIONS = [
    (name, spelling)
    for name, command in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]
    for one in (command, *getattr(command, "commands", {}).values())
    for parameter in one.params
    for spelling in (*parameter.opts, *parameter.secondary_opts)
    if spelling.startswith("-")
]


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# --- settings.md, backends.md --------------------------------------------------------------------


def table(model: type[BaseModel]) -> list[str]:
    """The rows of a table of a model's fields: name, type, default, description."""
    schemas = model.model_json_schema()["properties"]
    return [
        f"| `{name}` | {_kind(schemas[name])} | `{_default(field)}` | {field.description} |"
        for name, field in model.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    return repr({} if isinstance(default, BaseModel) else default)


def _kind(schema: dict[str, object]) -> str:
    """A field's type as a sketch has it, without ``|``, which would end the cell."""
    if schema.get("type") == "object" or "$ref" in schema:
        return "`table`"
    kinds = sketch({key: value for key, value in schema.items() if key not in ("default", "description")})
    return " or ".join(f"`{kind}`" for kind in kinds.split(" | ")).replace("`null`", "`None`")


def test_the_table_of_settings_is_that_of_the_class() -> None:
    assert _rows_below("## All settings", page("settings.md")) == table(Settings)


def test_the_table_of_options_of_the_embedded_backend_is_that_of_the_class() -> None:
    assert _rows_below("### Options", page("backends.md")) == table(EmbeddedOptions)


def test_the_table_of_options_of_the_server_backend_is_that_of_the_class() -> None:
    assert _rows_below("### Options of server", page("backends.md")) == table(ServerOptions)


def test_the_table_of_options_of_the_vllm_backend_is_that_of_the_class() -> None:
    assert _rows_below("### Options of vllm", page("backends.md")) == table(VLLMOptions)


def test_the_tables_of_options_of_the_modal_backend_are_those_of_the_classes() -> None:
    assert _rows_below("### Of calls and of the app", page("modal.md")) == table(ModalOptions)
    assert _rows_below("### Of one model", page("modal.md")) == table(DeployOptions)


def _rows_below(heading: str, text: str) -> list[str]:
    """The rows of the first table below a heading, without its two lines of head."""
    below = text.partition(f"\n{heading}\n")[2].splitlines()
    begun = dropwhile(lambda line: not line.startswith("|"), below)
    return list(takewhile(lambda line: line.startswith("|"), begun))[2:]


# --- errors.md -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_a_row_that_says_whether_it_may_be_tried_again(name: str) -> None:
    if name == "QwenStructuredError":
        assert f"`{name}`" in page("errors.md")
        return
    retryable = getattr(exceptions, name).retryable
    [row] = re.findall(rf"^\| `{name}`( \*)? \|", page("errors.md"), re.MULTILINE)
    assert bool(row) is retryable


def test_the_tree_of_errors_is_that_of_the_module() -> None:
    tree = re.findall(r"^ *(?:QwenStructuredError$|[│├└].*)", inspect.getdoc(exceptions) or "", re.MULTILINE)
    assert len(tree) == len(ERRORS)
    assert "\n".join(tree) in page("errors.md")


# --- cli.md --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_of_a_command_is_on_the_page(command: str, option: str) -> None:
    section = page("cli.md").partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    assert re.search(rf"`{option}[` ]", section)


# --- reference.md --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", vars(qwen_structured)["__all__"])
def test_every_public_name_has_an_entry_in_the_reference(name: str) -> None:
    assert f"\n::: qwen_structured.{name}\n" in page("reference.md")
