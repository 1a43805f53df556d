"""What an operator decides: keys, models, addresses, limits and prices, from the environment."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from dotenv import dotenv_values

from services.llm_gateway.calls import ProviderType
from services.llm_gateway.errors import GatewayError
from services.llm_gateway.redact import Secret

_HERE = Path(__file__).resolve().parent
# Later files win over earlier ones, the system's variables over both.
ENV_FILES = (_HERE.parent.parent / ".env", _HERE / ".env")

DEFAULT_MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-3-5-haiku-20241022",
    "google": "gemini-2.0-flash-exp",
}

LOCAL_MODEL_PATH = _HERE / "core" / "Meta-Llama-3.1-8B-Instruct-Q3_K_S.gguf"

HOW_TO_GET_A_MODEL = (
    f"Put {LOCAL_MODEL_PATH.name} into services/llm_gateway/core (MODELS.md says where to get it), or set"
    " LOCAL_MODEL_PATH or LOCAL_BASE_URL."
)

# Asked at the same provider when a model is gone. Each vendor's own recommendation (MODELS.md).
SUCCESSORS = {
    "gpt-4o-mini": "gpt-6-luna",
    "claude-3-5-haiku-20241022": "claude-haiku-4-5-20251001",
    "claude-3-5-haiku-latest": "claude-haiku-4-5-20251001",
    "gemini-2.0-flash-exp": "gemini-3.5-flash-lite",
    "gemini-2.0-flash": "gemini-3.5-flash-lite",
    "gemini-2.5-flash": "gemini-3.5-flash-lite",
}

# USD per million tokens, (prompt, completion); a dated snapshot has the price of the longest name it
# starts with. What is not listed costs "unknown", never zero. LLM_PRICES adds and overrides.
PRICES: Mapping[str, tuple[float, float]] = MappingProxyType({
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-6-luna": (0.10, 0.50),
    "claude-3-5-haiku": (0.80, 4.00),
    "claude-haiku-4-5": (1.00, 5.00),
    "claude-haiku-5-5": (0.10, 0.50),
    "gemini-2.0-flash": (0.10, 0.40),
    "gemini-2.5-flash-lite": (0.10, 0.40),
    "gemini-2.5-flash": (0.30, 2.50),
    "gemini-3.5-flash-lite": (0.30, 2.50),
})


class ConfigurationError(GatewayError):
    """A variable of the environment cannot be what it says; the message names it, never its value."""

    code = "configuration_error"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds a call may take.

    `deadline_s` covers all attempts together; `connect_s`, `first_token_s` (from the request sent
    to the first text) and `idle_s` (between texts) bound one attempt; the wait before the one retry
    in place is drawn between the two of `retry_s`. `breaker_s` is how long a provider is first left
    in peace after transient failures; it doubles with each failed probe, up to twelvefold.
    """

    deadline_s: float = 60.0
    connect_s: float = 3.0
    first_token_s: float = 15.0
    idle_s: float = 15.0
    retry_s: tuple[float, float] = (0.05, 0.25)
    breaker_s: float = 5.0


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One provider as configured.

    `fault` says why it cannot be asked; `key` may be absent only where none is needed. `path` is
    the model's file, set where the model runs in this process.
    """

    provider: ProviderType
    model: str
    base_url: str = ""
    key: Secret | None = None
    path: Path | None = None
    fault: str = ""

    @property
    def configured(self) -> bool:
        """Whether it can be asked."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class LocalLimits:
    """How the model in this process runs."""

    context_tokens: int = 4096
    slots: int = 2
    queue_max: int = 16
    unload_after_s: float = 600.0


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """All of it; `providers` in the order in which they are asked, also those not configured.

    `cache_size` is how many answers of calls at temperature 0 are kept; 0 keeps none.
    """

    providers: tuple[ProviderConfig, ...]
    limits: Limits = Limits()
    local: LocalLimits = LocalLimits()
    prices: Mapping[str, tuple[float, float]] = field(default_factory=lambda: PRICES)
    cache_size: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> GatewayConfig:
        """Read the system's variables and the two `.env` files, or `environ` alone when given.

        Raises ConfigurationError for a limit, price or order that makes no sense. A wrong key or
        address is a fault of its provider alone: the others go on working.
        """
        env = _Environment(read_environment() if environ is None else environ)
        return cls(
            providers=tuple(_provider(env, provider) for provider in _order(env)),
            limits=Limits(
                deadline_s=env.seconds("LLM_DEADLINE_S", 60.0),
                connect_s=env.seconds("LLM_CONNECT_S", 3.0),
                first_token_s=env.seconds("LLM_FIRST_TOKEN_S", 15.0),
                idle_s=env.seconds("LLM_IDLE_S", 15.0),
            ),
            local=LocalLimits(
                context_tokens=env.count("LOCAL_CONTEXT_TOKENS", 4096, minimum=256, maximum=1 << 20),
                slots=env.count("LOCAL_SLOTS", 2, minimum=1, maximum=64),
                queue_max=env.count("LOCAL_QUEUE_MAX", 16, minimum=0, maximum=10_000),
                unload_after_s=env.seconds("LOCAL_UNLOAD_AFTER_S", 600.0),
            ),
            prices=_prices(env),
            cache_size=env.count("LLM_CACHE_SIZE", 0, minimum=0, maximum=100_000),
        )


class _Environment:
    """Typed reading of variables; blank counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, "").strip() or default

    def seconds(self, name: str, default: float) -> float:
        raw = self.text(name)
        try:
            value = float(raw) if raw else default
        except ValueError:
            value = math.nan
        if not 0 < value <= 86_400:
            raise ConfigurationError(f"{name} must be a number of seconds above 0, at most 86400.")
        return value

    def count(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        raw = self.text(name)
        value = int(raw) if raw.isascii() and raw.isdigit() else (-1 if raw else default)
        if not minimum <= value <= maximum:
            raise ConfigurationError(f"{name} must be a whole number in {minimum}..{maximum}.")
        return value


def read_environment(files: Iterable[Path] = ENV_FILES) -> dict[str, str]:
    """Return the variables by precedence: the system's, the gateway's file, the root's file."""
    merged: dict[str, str] = {}
    for file in files:
        if file.is_file():
            merged |= {name: value for name, value in dotenv_values(file).items() if value is not None}
    return merged | dict(os.environ)


def _order(env: _Environment) -> list[ProviderType]:
    """Return the order of fallback: LLM_PRIORITY first, whom it leaves out after them."""
    named = [word.strip().lower() for word in env.text("LLM_PRIORITY").split(",") if word.strip()]
    unknown = [word for word in named if word not in list(ProviderType)]
    if unknown or len(set(named)) != len(named):
        raise ConfigurationError(f"LLM_PRIORITY must name providers once each, of: {', '.join(ProviderType)}.")
    return [*map(ProviderType, named), *(provider for provider in ProviderType if provider not in named)]


def _provider(env: _Environment, provider: ProviderType) -> ProviderConfig:
    prefix = provider.upper()
    base_url = env.text(f"{prefix}_BASE_URL")
    raw_key = env.text(f"{prefix}_API_KEY")
    key = Secret(raw_key) if raw_key else None
    fault = _fault_of_address(f"{prefix}_BASE_URL", base_url) or _fault_of_key(f"{prefix}_API_KEY", raw_key)
    if provider is ProviderType.LOCAL and not base_url:
        path = Path(env.text("LOCAL_MODEL_PATH", str(LOCAL_MODEL_PATH))).expanduser()
        if not path.is_file():
            fault = f"{path.name} is not there. {HOW_TO_GET_A_MODEL}"
        return ProviderConfig(provider, env.text("LOCAL_MODEL", path.stem), path=path, fault=fault)
    if provider is not ProviderType.LOCAL and key is None:
        fault = f"Set {prefix}_API_KEY to use it (ENV_GUIDE.md)."
    model = env.text(f"{prefix}_MODEL", DEFAULT_MODELS.get(provider.value, LOCAL_MODEL_PATH.stem))
    return ProviderConfig(provider, model, base_url, key, fault=fault)


def _fault_of_address(name: str, base_url: str) -> str:
    if not base_url:
        return ""
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    # A query or a password in an address would end up in logs.
    if not sound or parts.query or parts.fragment or "@" in parts.netloc or not base_url.isascii():
        return f"{name} must be an http(s) address without user, query or fragment."
    return ""


def _fault_of_key(name: str, key: str) -> str:
    # Such a key could not even be sent; the error that says so would quote it.
    sound = all(33 <= ord(character) <= 126 for character in key)
    return "" if sound else f"{name} holds a character that no key has (a space, a quote, a line end?)."


def _prices(env: _Environment) -> Mapping[str, tuple[float, float]]:
    raw = env.text("LLM_PRICES")
    if not raw:
        return PRICES
    fault = ConfigurationError('LLM_PRICES must be JSON like {"model": [0.15, 0.60]}: USD per million tokens.')
    try:
        stated = json.loads(raw)
        prices = {str(model): (float(prompt), float(answer)) for model, [prompt, answer] in stated.items()}
    except (ValueError, TypeError, AttributeError):
        raise fault from None
    lists = all(isinstance(pair, list) for pair in stated.values())
    if not lists or not all(0 <= price < 1e6 for pair in prices.values() for price in pair):
        raise fault
    return MappingProxyType(dict(PRICES) | prices)


def price_of(model: str, prices: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Return the (prompt, completion) price in USD per million tokens, or None where none is known."""
    known = max((name for name in prices if model.startswith(name)), key=len, default=None)
    return None if known is None else prices[known]


def get_configured_providers() -> list[ProviderType]:
    """Return the providers that can be asked, in the order in which they are."""
    return [entry.provider for entry in GatewayConfig.from_environment().providers if entry.configured]


def print_configuration_status() -> None:
    """Print, in Spanish and for people, what is configured and what is missing; never a key."""
    config = GatewayConfig.from_environment()
    print("Proveedores de modelos de lenguaje, en el orden en que se consultan:")  # noqa: T201
    for entry in config.providers:
        state = f"configurado, modelo {entry.model}" if entry.configured else f"sin configurar. {entry.fault}"
        print(f"  {entry.provider.value:<10} {state}")  # noqa: T201
