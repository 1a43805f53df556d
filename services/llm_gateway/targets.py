"""The providers of a gateway, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.llm_gateway.breaker import Breaker
from services.llm_gateway.calls import ProviderType
from services.llm_gateway.config import SUCCESSORS, GatewayConfig, ProviderConfig
from services.llm_gateway.errors import ModelUnavailable
from services.llm_gateway.providers.anthropic_provider import AnthropicDialect
from services.llm_gateway.providers.base import Dialect, Engine
from services.llm_gateway.providers.google_provider import GoogleDialect
from services.llm_gateway.providers.openai_provider import OpenAIDialect

DIALECTS: dict[ProviderType, type[Dialect]] = {
    ProviderType.OPENAI: OpenAIDialect,
    ProviderType.ANTHROPIC: AnthropicDialect,
    ProviderType.GOOGLE: GoogleDialect,
    ProviderType.LOCAL: OpenAIDialect,
}


@dataclass
class Target:
    """A provider: a dialect over HTTP, or an engine on this machine; and what is known of it.

    There is one breaker per model; the key is the target's own.
    """

    provider: ProviderType
    model: str
    dialect: Dialect | None = None
    engine: Engine | None = None
    breaker_s: float = 5.0
    warned: bool = False
    # What each model has refused before; it is left out from then on.
    unsupported: dict[str, frozenset[str]] = field(default_factory=dict)
    _breakers: dict[str, Breaker] = field(default_factory=dict)

    def breaker(self, model: str) -> Breaker:
        """Return the breaker of one of the provider's models."""
        return self._breakers.setdefault(model, Breaker(self.breaker_s))

    @property
    def model_in_use(self) -> str:
        """The configured model, or its successor once the model is known to be gone."""
        gone = self.breaker(self.model).reason == ModelUnavailable.code
        return SUCCESSORS.get(self.model, self.model) if gone else self.model

    @property
    def breaker_in_use(self) -> Breaker:
        """The breaker of the model in use."""
        return self.breaker(self.model_in_use)

    @property
    def admits_now(self) -> bool:
        """Whether a call might be let through at this moment."""
        return self.breaker_in_use.state().state != "open"

    @property
    def is_paid(self) -> bool:
        """Whether its tokens cost money."""
        return self.provider is not ProviderType.LOCAL

    def after_fork(self) -> None:
        """Replace locks that another thread may have held when the process forked."""
        for breaker in self._breakers.values():
            breaker.after_fork()
        if self.engine is not None:
            self.engine.after_fork()


def make_targets(config: GatewayConfig) -> tuple[Target, ...]:
    """Return a target for each configured provider, in order; nothing is opened or loaded."""
    return tuple(_make(entry, config) for entry in config.providers if entry.configured)


def _make(entry: ProviderConfig, config: GatewayConfig) -> Target:
    breaker_s = config.limits.breaker_s
    if entry.path is not None:
        from services.llm_gateway.providers.local_provider import LocalEngine

        engine = LocalEngine(entry.path, entry.model, config.local)
        return Target(entry.provider, entry.model, engine=engine, breaker_s=breaker_s)
    dialect = DIALECTS[entry.provider](entry.provider, base_url=entry.base_url, key=entry.key)
    return Target(entry.provider, entry.model, dialect, breaker_s=breaker_s)

