"""What an operator decides: keys, models, addresses, limits and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.llm_gateway.calls import ProviderType
from services.llm_gateway.environment import (
    LOCAL_MODEL_PATH,
    ROOT,
    ConfigurationError,
    Environment,
    Fault,
    FaultKind,
    read_environment,
)
from services.llm_gateway.prices import PRICES, Prices, read_prices
from services.llm_gateway.redact import Secret

DEFAULT_MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-3-5-haiku-20241022",
    "google": "gemini-2.0-flash-exp",
}

# Asked at the same provider when a model is gone. Each vendor's own recommendation (MODELS.md).
SUCCESSORS = {
    "gpt-4o-mini": "gpt-6-luna",
    "claude-3-5-haiku-20241022": "claude-haiku-4-5-20251001",
    "claude-3-5-haiku-latest": "claude-haiku-4-5-20251001",
    "gemini-2.0-flash-exp": "gemini-3.5-flash-lite",
    "gemini-2.0-flash": "gemini-3.5-flash-lite",
    "gemini-2.5-flash": "gemini-3.5-flash-lite",
}


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
    the model's file, set where the model runs on this machine.
    """

    provider: ProviderType
    model: str
    base_url: str = ""
    key: Secret | None = None
    path: Path | None = None
    fault: Fault | None = None

    @property
    def configured(self) -> bool:
        """Whether it can be asked."""
        return self.fault is None


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
    prices: Prices = field(default_factory=lambda: PRICES)
    cache_size: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> GatewayConfig:
        """Read the system's variables and the two `.env` files, or `environ` alone when given.

        Raises ConfigurationError for a limit, price or order that makes no sense. A wrong key or
        address is a fault of its provider alone: the others go on working.
        """
        env = Environment(read_environment() if environ is None else environ)
        return cls(
            providers=tuple(_provider(env, provider) for provider in _order(env)),
            limits=Limits(
                deadline_s=env.seconds("LLM_DEADLINE_S", 60.0),
                connect_s=env.seconds("LLM_CONNECT_S", 3.0),
                first_token_s=env.seconds("LLM_FIRST_TOKEN_S", 15.0),
                idle_s=env.seconds("LLM_IDLE_S", 15.0),
                breaker_s=env.seconds("LLM_BREAKER_S", 5.0),
            ),
            local=LocalLimits(
                context_tokens=env.count("LOCAL_CONTEXT_TOKENS", 4096, minimum=256, maximum=1 << 20),
                slots=env.count("LOCAL_SLOTS", 2, minimum=1, maximum=64),
                queue_max=env.count("LOCAL_QUEUE_MAX", 16, minimum=0, maximum=10_000),
                unload_after_s=env.seconds("LOCAL_UNLOAD_AFTER_S", 600.0),
            ),
            prices=read_prices(env.text("LLM_PRICES")),
            cache_size=env.count("LLM_CACHE_SIZE", 0, minimum=0, maximum=100_000),
        )


def _order(env: Environment) -> list[ProviderType]:
    """Return the order of fallback: LLM_PRIORITY first, whom it leaves out after them."""
    named = [word.strip().lower() for word in env.text("LLM_PRIORITY").split(",") if word.strip()]
    unknown = [word for word in named if word not in list(ProviderType)]
    if unknown or len(set(named)) != len(named):
        raise ConfigurationError(f"LLM_PRIORITY must name providers once each, of: {', '.join(ProviderType)}.")
    return [*map(ProviderType, named), *(provider for provider in ProviderType if provider not in named)]


def _provider(env: Environment, provider: ProviderType) -> ProviderConfig:
    prefix = provider.upper()
    base_url = env.text(f"{prefix}_BASE_URL")
    raw_key = env.text(f"{prefix}_API_KEY")
    key = Secret(raw_key) if raw_key else None
    fault = env.fault_of_address(f"{prefix}_BASE_URL") or env.fault_of_key(f"{prefix}_API_KEY")
    if provider is ProviderType.LOCAL and not base_url:
        path = ROOT / Path(env.text("LOCAL_MODEL_PATH", str(LOCAL_MODEL_PATH))).expanduser()
        missing = None if path.is_file() else Fault(FaultKind.NO_MODEL_FILE, path.name)
        return ProviderConfig(provider, env.text("LOCAL_MODEL", path.stem), path=path, fault=missing)
    if provider is not ProviderType.LOCAL and key is None:
        fault = Fault(FaultKind.NO_KEY, f"{prefix}_API_KEY")
    model = env.text(f"{prefix}_MODEL", DEFAULT_MODELS.get(provider.value, LOCAL_MODEL_PATH.stem))
    return ProviderConfig(provider, model, base_url, key, fault=fault)


def get_configured_providers() -> list[ProviderType]:
    """Return the providers that can be asked, in the order in which they are."""
    return [entry.provider for entry in GatewayConfig.from_environment().providers if entry.configured]


def print_configuration_status() -> None:
    """Print, in Spanish and for people, what is configured and what is missing; never a key."""
    print("Proveedores de modelos de lenguaje, en el orden en que se consultan:")  # noqa: T201
    for entry in GatewayConfig.from_environment().providers:
        state = f"configurado, modelo {entry.model}" if entry.fault is None else f"no: {entry.fault.spanish}"
        print(f"  {entry.provider.value:<10} {state}")  # noqa: T201
