"""Mistakes of deployment, found before the first call."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from services.llm_gateway import ConfigurationError, GatewayConfig


def check_environment(**_kwargs: Any) -> list[CheckMessage]:
    """Return an error for a limit, price or order of the gateway that makes no sense."""
    try:
        GatewayConfig.from_environment()
    except ConfigurationError as error:
        return [Error(error.message, hint="services/llm_gateway/ENV_GUIDE.md", id="llm.E001")]
    return []
