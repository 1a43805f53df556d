"""The model behind the assistant: the gateway, asked with the assistant's own limits."""

from __future__ import annotations

from services.chat.config import ChatConfig
from services.llm_gateway import get_configured_providers, get_gateway
from services.llm_gateway.errors import GatewayError
from services.llm_gateway.streams import AsyncTextStream, TextStream

__all__ = ["GatewayError", "is_configured", "open_async_stream", "open_stream"]

# Answers quote: there is nothing to be creative about.
TEMPERATURE = 0.1


def is_configured() -> bool:
    """Return whether any provider could be asked."""
    return bool(get_configured_providers())


def open_stream(system_prompt: str, user_prompt: str, config: ChatConfig, *, user: str = "") -> TextStream:
    """Return the stream of an answer; GatewayError is raised by its first step at the latest.

    Without patience: where no model would answer now, the sentences are quoted now.
    """
    return get_gateway().stream(
        user_prompt, system_prompt, max_tokens=config.max_tokens, temperature=TEMPERATURE, user=user, patient=False
    )


def open_async_stream(system_prompt: str, user_prompt: str, config: ChatConfig, *, user: str = "") -> AsyncTextStream:
    """Return the stream of an answer for an event loop; see open_stream."""
    return get_gateway().astream(
        user_prompt, system_prompt, max_tokens=config.max_tokens, temperature=TEMPERATURE, user=user, patient=False
    )
