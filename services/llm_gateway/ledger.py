"""What calls used: counted per provider since the process began, and priced."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.llm_gateway.calls import Prompt, ProviderType, Usage
from services.llm_gateway.redact import hide

_LATENCIES_KEPT = 512
# Bytes of text a token stands for: low, so that an estimate errs on the side of more tokens.
_BYTES_PER_TOKEN = 3
_RATE_HEADERS = ("x-ratelimit-", "anthropic-ratelimit-")


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has: rather too many than too few."""
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN)


def estimate_usage(prompt: Prompt, answer: str) -> Usage:
    """Return a guess for a provider that did not count."""
    return Usage(estimate_tokens(prompt.system) + estimate_tokens(prompt.user), estimate_tokens(answer), estimated=True)


@dataclass
class _Account:
    calls: int = 0
    failures: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_micros: int = 0
    latencies_ms: deque[int] = field(default_factory=lambda: deque(maxlen=_LATENCIES_KEPT))
    rate_limit: dict[str, str] = field(default_factory=dict)
    last_error: str = ""


class Ledger:
    """Counts per provider; safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts = {provider: _Account() for provider in ProviderType}

    def answered(self, provider: ProviderType, *, elapsed_ms: int) -> None:
        """Count an answer."""
        with self._lock:
            account = self._accounts[provider]
            account.calls += 1
            account.latencies_ms.append(elapsed_ms)
            account.last_error = ""

    def failed(self, provider: ProviderType, message: str) -> None:
        """Count an attempt that failed."""
        with self._lock:
            account = self._accounts[provider]
            account.calls += 1
            account.failures += 1
            account.last_error = message

    def used(self, provider: ProviderType, usage: Usage, cost: int | None) -> None:
        """Count tokens and money, also of answers that came to nothing."""
        with self._lock:
            account = self._accounts[provider]
            account.prompt_tokens += usage.prompt_tokens
            account.completion_tokens += usage.completion_tokens
            account.cost_micros += cost or 0

    def heard(self, provider: ProviderType, headers: Mapping[str, str]) -> None:
        """Keep what a provider said about its limits last."""
        limits = {name: hide(value) for name, value in headers.items() if name.startswith(_RATE_HEADERS)}
        if limits:
            with self._lock:
                self._accounts[provider].rate_limit = limits

    def snapshot(self, provider: ProviderType) -> dict[str, Any]:
        """Return what a status shows of a provider."""
        with self._lock:
            account = self._accounts[provider]
            latencies = sorted(account.latencies_ms)
            return {
                "latency_ms": {"p50": _quantile(latencies, 0.5), "p95": _quantile(latencies, 0.95)},
                "usage": {
                    "calls": account.calls,
                    "failures": account.failures,
                    "prompt_tokens": account.prompt_tokens,
                    "completion_tokens": account.completion_tokens,
                    "cost_usd": account.cost_micros / 1e6,
                },
                "rate_limit": dict(account.rate_limit),
                "last_error": account.last_error,
            }

    def after_fork(self) -> None:
        """Replace a lock that another thread may have held when the process forked."""
        self._lock = threading.Lock()


def _quantile(ordered: list[int], share: float) -> int | None:
    """Return the nearest-rank quantile, None of nothing."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
