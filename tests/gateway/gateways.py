"""Gateways whose providers are the test server's, each under a behaviour of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.llm_gateway import DEFAULT_MODELS, GatewayConfig, Limits, LLMGateway, ProviderConfig, ProviderType
from services.llm_gateway.redact import Secret
from tests.llm_server import LLMServer

# For faults in which somebody waits; all others get time enough for a machine under load.
QUICK = Limits(deadline_s=5.0, connect_s=0.5, first_token_s=0.25, idle_s=0.25, retry_s=(0.001, 0.002))
CALM = Limits(deadline_s=20.0, connect_s=5.0, first_token_s=10.0, idle_s=10.0, retry_s=(0.001, 0.002))
KEYS = {
    "openai": "sk-canary-openai-0123456789", "anthropic": "sk-ant-canary-anthropic-0123456789",
    "google": "AIzaCanaryGoogle0123456789", "local": "local-canary-0123456789",
}
REMOTE = ("openai", "anthropic", "google")


def entry(server: LLMServer, provider: str, behaviour: str = "") -> ProviderConfig:
    """One provider at the test server: labelled by its name, under a fault by URL or what is queued for it."""
    base = server.openai if provider in {"openai", "local"} else server.anthropic
    segments = [f"as/{provider}", *([f"fault/{behaviour}"] if behaviour else [])]
    model = DEFAULT_MODELS.get(provider, "local-model")
    return ProviderConfig(ProviderType(provider), model, base(*segments), Secret(KEYS[provider]))


def gateway(server: LLMServer, behaviours: dict[str, str] | None = None, **options: Any) -> LLMGateway:
    """A gateway that asks these providers in this order; `limits`, `prices` and `cache_size` go to its config.

    Any other option goes to the gateway itself.
    """
    behaviours = {"openai": ""} if behaviours is None else behaviours
    providers = tuple(entry(server, name, behaviour) for name, behaviour in behaviours.items())
    config = GatewayConfig(providers, limits=options.pop("limits", CALM))
    named = {name: options.pop(name) for name in ("prices", "cache_size") if name in options}
    return LLMGateway(replace(config, **named), **options)


def ask(made: LLMGateway, way: str, **options: Any) -> str:
    """The answer's text, asked for whole or as a stream read to its end."""
    if way == "stream":
        return "".join(made.stream("¿Qué es la partida doble?", "Sé breve.", **options))
    return made.complete("¿Qué es la partida doble?", "Sé breve.", **options).text
