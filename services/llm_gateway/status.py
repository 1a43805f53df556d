"""How the providers stand, for people and for the status page: plain data, no key in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.llm_gateway.breaker import BreakerState
from services.llm_gateway.calls import ProviderStatus
from services.llm_gateway.config import GatewayConfig, ProviderConfig
from services.llm_gateway.errors import ModelUnavailable, QuotaExhausted, RateLimited
from services.llm_gateway.ledger import Ledger
from services.llm_gateway.targets import Target

_CLOSED = BreakerState("closed")


def status_of(config: GatewayConfig, targets: Sequence[Target], ledger: Ledger) -> dict[str, Any]:
    """Return the status of every provider, also of those not configured; nothing is asked for it."""
    by_provider = {target.provider: target for target in targets}
    rows = [_row(entry, by_provider.get(entry.provider), ledger) for entry in config.providers]
    available = [row["provider"] for row in rows if row["status"] == ProviderStatus.AVAILABLE.value]
    return {"total_providers": len(rows), "available_providers": len(available), "providers": rows}


def _row(entry: ProviderConfig, target: Target | None, ledger: Ledger) -> dict[str, Any]:
    counted = ledger.snapshot(entry.provider)
    last_error = counted.pop("last_error")
    breaker = _CLOSED if target is None else target.breaker_in_use.state()
    status, fault = _standing(entry, target, breaker)
    return {
        "provider": entry.provider.value,
        "status": status.value,
        "is_initialized": target is not None,
        "error_message": fault or (last_error if status is not ProviderStatus.AVAILABLE else "") or None,
        "reason": (entry.fault.kind.value if entry.fault else breaker.reason) or None,
        "model": entry.model if target is None else target.model_in_use,
        "breaker": {
            "state": breaker.state,
            "reason": breaker.reason or None,
            "reopens_in_s": breaker.reopens_in_s,
            "failures": breaker.failures,
        },
        "loaded": target is not None and (target.engine is None or target.engine.loaded),
        **counted,
    }


def _standing(
    entry: ProviderConfig, target: Target | None, breaker: BreakerState
) -> tuple[ProviderStatus, str]:
    """Return a provider's status, and why where nobody asked it yet."""
    if target is None:
        return ProviderStatus.UNAVAILABLE, str(entry.fault or "")
    if target.engine is not None:
        try:
            target.engine.check()
        except ModelUnavailable as failure:
            return ProviderStatus.UNAVAILABLE, failure.message
    if breaker.state == "closed":
        return ProviderStatus.AVAILABLE, ""
    if breaker.reason in {QuotaExhausted.code, RateLimited.code}:
        return ProviderStatus.QUOTA_EXCEEDED, ""
    return ProviderStatus.ERROR, ""
