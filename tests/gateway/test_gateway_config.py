"""The environment: precedence, defaults, what is refused and what is merely a fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.llm_gateway import (
    DEFAULT_MODELS,
    LOCAL_MODEL_PATH,
    ConfigurationError,
    GatewayConfig,
    ProviderType,
    environment,
    get_configured_providers,
    print_configuration_status,
)
from services.llm_gateway import config as configuration
from services.llm_gateway.environment import read_environment
from services.llm_gateway.prices import price_of

GATEWAY = Path(configuration.__file__).parent


def made(**environ: str) -> GatewayConfig:
    return GatewayConfig.from_environment(environ)


def row(config: GatewayConfig, provider: str) -> configuration.ProviderConfig:
    return next(entry for entry in config.providers if entry.provider == provider)


def test_the_documented_defaults() -> None:
    assert DEFAULT_MODELS == {
        "openai": "gpt-4o-mini", "anthropic": "claude-3-5-haiku-20241022", "google": "gemini-2.0-flash-exp",
    }
    assert LOCAL_MODEL_PATH == GATEWAY / "core" / "Meta-Llama-3.1-8B-Instruct-Q3_K_S.gguf"
    limits = made().limits
    assert (limits.deadline_s, limits.connect_s, limits.first_token_s, limits.idle_s) == (60, 3, 15, 15)


def test_with_nothing_set_all_are_listed_in_order_and_none_is_configured() -> None:
    config = made()

    assert [entry.provider for entry in config.providers] == ["openai", "anthropic", "google", "local"]
    assert not any(entry.configured for entry in config.providers)
    assert "OPENAI_API_KEY" in str(row(config, "openai").fault)
    assert LOCAL_MODEL_PATH.name in str(row(config, "local").fault)


def test_keys_models_and_addresses_are_read() -> None:
    config = made(
        OPENAI_API_KEY="sk-a", OPENAI_MODEL="gpt-x", OPENAI_BASE_URL="https://proxy.example/v1", GOOGLE_API_KEY=" k ",
        LOCAL_BASE_URL="http://127.0.0.1:11434/v1", LOCAL_MODEL="llama3.1",
    )

    assert [entry.provider for entry in config.providers if entry.configured] == ["openai", "google", "local"]
    assert (row(config, "openai").model, row(config, "openai").base_url) == ("gpt-x", "https://proxy.example/v1")
    assert row(config, "google").key.reveal() == "k"
    assert (row(config, "local").model, row(config, "local").path) == ("llama3.1", None)


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_a_blank_variable_means_not_configured(blank: str) -> None:
    assert not row(made(OPENAI_API_KEY=blank), "openai").configured
    assert made(LLM_DEADLINE_S=blank).limits.deadline_s == 60


def test_a_local_model_file_configures_the_local_provider(tmp_path: Path) -> None:
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF")

    entry = row(made(LOCAL_MODEL_PATH=str(file)), "local")

    assert (entry.configured, entry.path, entry.model) == (True, file, "small")


def test_the_order_can_be_set() -> None:
    config = made(LLM_PRIORITY="local, Google")

    assert [entry.provider for entry in config.providers] == ["local", "google", "openai", "anthropic"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LLM_PRIORITY", "openai,bard"), ("LLM_PRIORITY", "openai,openai"), ("LLM_DEADLINE_S", "soon"),
        ("LLM_DEADLINE_S", "0"), ("LLM_CONNECT_S", "-1"), ("LLM_IDLE_S", "nan"), ("LLM_FIRST_TOKEN_S", "inf"),
        ("LLM_CACHE_SIZE", "-3"), ("LLM_CACHE_SIZE", "1.5"), ("LOCAL_SLOTS", "0"), ("LLM_PRICES", "[1]"),
        ("LLM_PRICES", '{"m": [1]}'), ("LLM_PRICES", '{"m": [1, -1]}'), ("LLM_PRICES", '{"m": "12"}'),
        ("LLM_PRICES", "{"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        made(**{name: value})


@pytest.mark.parametrize(
    "address",
    ["ftp://x/v1", "api.example.com/v1", "http://", "http://user:pw@x/v1", "http://x/v1?key=k", "http://x:0/v1",
     "http://x:99999/v1", "http://[::1/v1", "http://ñandú.example/v1"],
)
def test_a_wrong_address_is_a_fault_of_its_provider_alone(address: str) -> None:
    config = made(OPENAI_API_KEY="sk-a", OPENAI_BASE_URL=address, GOOGLE_API_KEY="k")

    assert "OPENAI_BASE_URL" in str(row(config, "openai").fault)
    assert row(config, "google").configured


def test_prices_add_to_the_table_and_override_it() -> None:
    prices = made(LLM_PRICES='{"gpt-4o-mini": [9, 9], "mine": [1, 2.5]}').prices

    assert price_of("gpt-4o-mini-2024-07-18", prices) == (9, 9)
    assert price_of("mine", prices) == (1, 2.5)
    assert price_of("claude-haiku-4-5-20251001", prices) == (1, 5)
    assert price_of("unknown", prices) is None


def test_the_systems_variables_win_over_the_gateways_file_and_that_over_the_roots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, own = tmp_path / "root.env", tmp_path / "own.env"
    root.write_text("OPENAI_MODEL=root\nGOOGLE_MODEL=root\nANTHROPIC_MODEL=root\n")
    own.write_text("OPENAI_MODEL=own\nGOOGLE_MODEL=own\n")
    for name in ("OPENAI_MODEL", "GOOGLE_MODEL", "ANTHROPIC_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_MODEL", "system")

    values = read_environment((root, own))

    assert [values[name] for name in ("OPENAI_MODEL", "GOOGLE_MODEL", "ANTHROPIC_MODEL")] == ["system", "own", "root"]


def test_a_blank_system_variable_switches_a_files_key_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.env"
    own.write_text("OPENAI_API_KEY=sk-a\n")
    monkeypatch.setenv("OPENAI_API_KEY", "")

    assert not row(GatewayConfig.from_environment(read_environment([own])), "openai").configured


def test_the_files_are_the_gateways_and_the_roots() -> None:
    assert (GATEWAY.parent.parent / ".env", GATEWAY / ".env") == environment.ENV_FILES


def test_every_variable_that_is_read_is_documented() -> None:
    named = set(re.findall(r'"((?:LLM|LOCAL)_[A-Z_]+)"', Path(configuration.__file__).read_text()))
    guide, example = ((GATEWAY / name).read_text() for name in ("ENV_GUIDE.md", ".env.example"))

    assert len(named) > 10
    assert {name for name in named if name not in guide} == set()
    assert {name for name in named if name not in example} == set()


def test_the_status_for_people_names_all_and_shows_no_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ENV_FILES", ())
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    for name in ("ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    print_configuration_status()

    shown = capsys.readouterr().out
    assert "canary" not in shown
    assert all(name in shown for name in (*ProviderType, "gpt-4o-mini", "falta ANTHROPIC_API_KEY"))
    assert get_configured_providers()[0] == "openai"
