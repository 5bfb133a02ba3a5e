"""Secrets are shown nowhere: in no error, record, repr, setting or span."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from tests.errors import everything_of

from qwen_structured import (
    AttemptsExhausted,
    BackendUnavailable,
    OutputNotJSON,
    PromptTooLong,
    QwenStructuredError,
    SettingsError,
    StructuredGenerator,
    _redaction,
)
from qwen_structured._redaction import as_cause, masked, redacted, remember
from qwen_structured._registry import choose
from qwen_structured.backends.embedded.backend import EmbeddedOptions
from qwen_structured.backends.modal.options import ModalOptions
from qwen_structured.backends.options import validated
from qwen_structured.backends.server.options import ServerOptions
from qwen_structured.backends.vllm.errors import not_started
from qwen_structured.backends.vllm.options import VLLMOptions
from qwen_structured.settings import Settings, load
from qwen_structured.testing import ScriptedBackend

SECRET = "zq-secret-1234567890"


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_redaction, "_remembered", frozenset())


# --- texts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://ada:pa55word@proxy:3128/x", "at http://***@proxy:3128/x"),
        ("at https://pa55@word@host", "at https://***@host"),
        ("Authorization: Bearer 0123456789abc", "Authorization: Bearer ***"),
        ("Proxy-Authorization: Basic YWRhOnBhNTV3b3Jk", "Proxy-Authorization: Basic ***"),
        ('{"api_key": "abcdef"}', '{"api_key": "***"}'),
        ("{'hf_token': 'abcdef'}", "{'hf_token': '***'}"),
        ("key_password='abc def'", "key_password='abc def'"),  # more than a word is prose
        ("https://host/path?token=abcdef&x=1", "https://host/path?token=***&x=1"),
        ("hf_AbCdEfGhIjKlMnOpQr", "***"),
        ("sk-proj-0123456789abcdef", "***"),
        ("as-0123456789ABCDEFGHIJ", "***"),
    ],
)
def test_what_stands_where_secrets_stand_is_not_shown(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "max_total_tokens=100 does not suffice: 90 are used",
        "prices.server.usd_per_million_prompt_tokens=0.15",
        "unexpected token '}' in line 3",
        "Basic authentication, or a Bearer token",
        "no answer from http://127.0.0.1:8000/v1: user@example.com asked",
        "task-0123456789abcdefghij is-a-word",
        "the key: 'price'",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert redacted(text) == text


def test_a_remembered_secret_is_kept_out_in_every_spelling() -> None:
    remember(["pä ss/word"])
    assert redacted("pä ss/word, p%C3%A4%20ss%2Fword, cMOkIHNzL3dvcmQ=") == "***, ***, ***"


def test_a_word_that_is_too_short_for_a_secret_stays_in_texts() -> None:
    remember(["is"])
    assert redacted("this is") == "this is"


def test_data_is_shown_without_its_secrets() -> None:
    data = {
        "backends": {"server": {"api_key": "k", "headers": {"X-Team": "t"}, "client_key": "/etc/key.pem"}},
        "max_output_tokens": 5,
        "prices": {"server": {"usd_per_million_prompt_tokens": 0.5}},
        "proxy": "http://u:p@host",
        "names": ["a", "b"],
    }
    assert masked(data) == {
        "backends": {
            "server": {"api_key": "***", "headers": {"X-Team": "***"}, "client_key": "/etc/key.pem"}
        },
        "max_output_tokens": 5,
        "prices": {"server": {"usd_per_million_prompt_tokens": 0.5}},
        "proxy": "http://***@host",
        "names": ["a", "b"],
    }


# --- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [QwenStructuredError, BackendUnavailable, SettingsError, OutputNotJSON, AttemptsExhausted]
)
def test_no_message_of_an_error_has_a_secret(kind: type[QwenStructuredError]) -> None:
    remember([SECRET])
    error = kind(f"the server said: wrong key {SECRET!r}")
    assert str(error) == "the server said: wrong key '***'"
    assert SECRET not in everything_of(error)


def test_an_error_of_numbers_keeps_them() -> None:
    assert (PromptTooLong(10, 5).prompt_tokens, PromptTooLong(10, 5).context_tokens) == (10, 5)
    assert QwenStructuredError("x", 3).args == ("x", 3)


def test_the_exception_of_a_library_is_a_cause_without_its_secrets() -> None:
    remember([SECRET])
    plain, telling = ValueError("nothing to hide", 3), ValueError(f"key {SECRET} is wrong", 3)
    assert as_cause(plain) is plain
    assert as_cause(telling) is telling
    assert telling.args == ("key *** is wrong", 3)


def test_an_exception_whose_secret_cannot_be_taken_out_is_no_cause() -> None:
    class Stubborn(Exception):
        def __str__(self) -> str:
            return SECRET

    remember([SECRET])
    assert as_cause(Stubborn()) is None


def test_what_vllm_refuses_in_its_arguments_is_not_shown() -> None:
    remember([SECRET])

    class Configuration(BaseModel):
        hf_token: bool

    with pytest.raises(ValidationError) as caught:
        Configuration.model_validate({"hf_token": SECRET})
    error = not_started("a model", 0, caught.value)
    assert "'hf_token' is '***'" in str(error)
    assert SECRET not in everything_of(error)


# --- options of backends ---------------------------------------------------------------------------

OPTIONS: dict[str, tuple[Any, dict[str, Any]]] = {
    "server's key": (ServerOptions, {"api_key": SECRET}),
    "server's header": (ServerOptions, {"headers": {"X-Team-Key": SECRET}}),
    "server's passphrase": (ServerOptions, {"client_key_password": SECRET}),
    "server's proxy": (ServerOptions, {"proxy": "http://p:1", "proxy_credentials": f"me:{SECRET}"}),
    "vllm's token": (VLLMOptions, {"engine_args": {"hf_token": SECRET}}),
    "modal's token": (ModalOptions, {"deploy_80b": {"engine_args": {"hf_token": SECRET}}}),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_options_show_no_secret_and_have_it_kept_out_of_errors(case: str) -> None:
    model, options = OPTIONS[case]
    found = validated(model, case, options)
    assert SECRET not in f"{found!r} {found}"
    assert SECRET not in str(BackendUnavailable(f"the server said: {SECRET}"))


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (ServerOptions, {"api_key": [SECRET]}),
        (ServerOptions, {"headers": {"X-Team-Key": [SECRET]}}),
        (ServerOptions, {"client_key_password": [SECRET]}),
        (ServerOptions, {"proxy_credentials": SECRET}),
        (ServerOptions, {"proxy": f"http://me:{SECRET}@host"}),
        (ServerOptions, {"base_urls": f"http://me:{SECRET}@host"}),
        (ServerOptions, {"base_urls": f"me:{SECRET}@host", "api_key": SECRET}),
        (VLLMOptions, {"engine_args": {"hf_token": SECRET, "model": "x"}}),
        (VLLMOptions, {"engine_args": [{"hf_token": SECRET}]}),
        (VLLMOptions, {"hf_token": SECRET}),
        (ModalOptions, {"deploy_80b": {"engine_args": [{"hf_token": SECRET}]}}),
        (ModalOptions, {"token_secret": SECRET}),
        (EmbeddedOptions, {"threads": {"token": SECRET}}),
    ],
)
def test_an_error_of_an_option_shows_no_secret(model: Any, options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        validated(model, "any", options)
    assert SECRET not in everything_of(caught.value)


# --- settings --------------------------------------------------------------------------------------


def test_settings_show_no_secret() -> None:
    Path("qwen_structured.toml").write_text(
        f'api_key = "{SECRET}"\n[backends.server]\napi_key = "{SECRET}"\nproxy = "http://me:{SECRET}@host"\n'
        f'[backends.server.headers]\n"X-Team-Key" = "{SECRET}"\n'
        "[prices.server]\nusd_per_hour = 12.5\n",
        "utf-8",
    )
    loaded = load()
    rows = {name: value for name, value, _ in loaded.rows()}
    assert SECRET not in f"{loaded!r} {loaded.settings!r} {loaded.settings} {rows}"
    assert rows["backends.server.api_key"] == rows["backends.server.headers.X-Team-Key"] == "***"
    assert rows["prices.server.usd_per_hour"] == 12.5
    assert loaded.settings.api_key == SECRET
    assert SECRET not in repr(choose(loaded.settings, "server", None))
    assert str(BackendUnavailable(SECRET)) == "***"


def test_a_key_that_is_too_short_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_API_KEY", "short-one")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "'api_key' in QWEN_STRUCTURED_API_KEY is '***'" in str(caught.value)
    assert "short-one" not in everything_of(caught.value)


def test_a_table_that_is_none_is_shown_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_BACKENDS__SERVER", f"api_key={SECRET}")
    with pytest.raises(SettingsError) as caught:
        load()
    assert SECRET not in everything_of(caught.value)
    assert "QWEN_STRUCTURED_BACKENDS__SERVER" in str(caught.value)


def test_a_price_is_no_secret() -> None:
    shown = repr(Settings.model_validate({"prices": {"server": {"usd_per_hour": 12.5}}}))
    assert "usd_per_hour=12.5" in shown


# --- records ---------------------------------------------------------------------------------------


def test_a_record_with_content_shows_no_secret(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QWEN_STRUCTURED_RECORD_CONTENT", "true")
    remember([SECRET])
    generator = StructuredGenerator(backend=ScriptedBackend([f"the key is {SECRET}", "1"]))
    with caplog.at_level(logging.DEBUG, logger="qwen_structured"):
        generator.generate(int, f"What is {SECRET}?")
    assert any("What is ***?" in str(vars(record)) for record in caplog.records)
    assert all(SECRET not in f"{vars(record)}" for record in caplog.records)
