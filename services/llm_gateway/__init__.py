"""Language models of four providers behind one call that does not fail while one of them works."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "llm_gateway":
    # Somebody has the folder `services` itself on the path, as the first Mosaite's guide said. Then
    # this file is only the facade: a second copy of the package would be a second gateway.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    __path__ = []

from services.llm_gateway.calls import (
    Attempt,
    Completion,
    Finish,
    Prompt,
    ProviderStatus,
    ProviderType,
    Usage,
)
from services.llm_gateway.config import (
    DEFAULT_MODELS,
    GatewayConfig,
    Limits,
    LocalLimits,
    ProviderConfig,
    get_configured_providers,
    print_configuration_status,
)
from services.llm_gateway.control import CancelToken
from services.llm_gateway.environment import LOCAL_MODEL_PATH, ConfigurationError, Fault, FaultKind
from services.llm_gateway.errors import (
    AllProvidersFailed,
    AuthFailed,
    BadRequest,
    BudgetExceeded,
    Cancelled,
    ContextTooLong,
    DeadlineExceeded,
    EmptyResponse,
    Failure,
    GatewayClosed,
    GatewayError,
    InvalidAnswer,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    Refused,
    StreamInterrupted,
    Timeout,
    Transient,
)
from services.llm_gateway.gateway import LLMGateway, configure, get_gateway
from services.llm_gateway.streams import AsyncTextStream, TextStream

__all__ = [
    "DEFAULT_MODELS",
    "LOCAL_MODEL_PATH",
    "AllProvidersFailed",
    "AsyncTextStream",
    "Attempt",
    "AuthFailed",
    "BadRequest",
    "BudgetExceeded",
    "CancelToken",
    "Cancelled",
    "Completion",
    "ConfigurationError",
    "ContextTooLong",
    "DeadlineExceeded",
    "EmptyResponse",
    "Failure",
    "Fault",
    "FaultKind",
    "Finish",
    "GatewayClosed",
    "GatewayConfig",
    "GatewayError",
    "InvalidAnswer",
    "LLMGateway",
    "Limits",
    "LocalLimits",
    "ModelUnavailable",
    "Prompt",
    "ProviderConfig",
    "ProviderStatus",
    "ProviderType",
    "QuotaExhausted",
    "RateLimited",
    "Refused",
    "StreamInterrupted",
    "TextStream",
    "Timeout",
    "Transient",
    "Usage",
    "configure",
    "get_configured_providers",
    "get_gateway",
    "print_configuration_status",
]
