"""What tokens cost."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType

from services.llm_gateway.calls import Usage
from services.llm_gateway.environment import ConfigurationError

Prices = Mapping[str, tuple[float, float]]

# USD per million tokens, (prompt, completion), as of November 2026; a dated snapshot has the price of
# the longest name it starts with. What is not listed costs "unknown", never zero.
PRICES: Prices = MappingProxyType({
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


def read_prices(raw: str) -> Prices:
    """Return the table with what LLM_PRICES adds and overrides; raise ConfigurationError."""
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


def price_of(model: str, prices: Prices) -> tuple[float, float] | None:
    """Return the (prompt, completion) price in USD per million tokens, or None where none is known."""
    known = max((name for name in prices if model.startswith(name)), key=len, default=None)
    return None if known is None else prices[known]


def cost_micros(usage: Usage, model: str, prices: Prices) -> int | None:
    """Return the cost in millionths of a USD, rounded up; None when the model has no known price."""
    price = price_of(model, prices)
    if price is None:
        return None
    # USD per million tokens are millionths of a USD per token.
    return math.ceil(round(usage.prompt_tokens * price[0] + usage.completion_tokens * price[1], 6))
