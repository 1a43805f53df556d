"""One span per call for a host that uses OpenTelemetry, by its conventions for `gen_ai`.

Numbers and names only, never a prompt or an answer. A host that has not imported OpenTelemetry
pays a look into a dictionary.
"""

from __future__ import annotations

import sys
import time

from services.llm_gateway.calls import Completion, Prompt, ProviderType

# OpenTelemetry's names for the vendors.
_PROVIDERS = {
    ProviderType.OPENAI: "openai",
    ProviderType.ANTHROPIC: "anthropic",
    ProviderType.GOOGLE: "gcp.gemini",
    ProviderType.LOCAL: "local",
}


def record(
    prompt: Prompt, model: str, *, completion: Completion | None, outcome: str, attempts: int, elapsed_s: float
) -> None:
    """Hand over a finished call; `outcome` is "ok" or the code of the error it ended with."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return
    attributes: dict[str, str | int | float | list[str]] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": prompt.max_tokens,
        "gen_ai.request.temperature": prompt.temperature,
        "gen_ai.request.top_p": prompt.top_p,
        "llm_gateway.attempts": attempts,
    }
    if completion is not None:
        attributes |= {
            "gen_ai.provider.name": _PROVIDERS[completion.provider],
            "gen_ai.response.model": completion.model,
            "gen_ai.response.finish_reasons": [completion.finish.value],
            "gen_ai.usage.input_tokens": completion.usage.prompt_tokens,
            "gen_ai.usage.output_tokens": completion.usage.completion_tokens,
        }
    else:
        attributes["error.type"] = outcome
    ended_ns = time.time_ns()
    span = trace.get_tracer("llm_gateway").start_span(
        f"chat {model}", kind=trace.SpanKind.CLIENT, attributes=attributes, start_time=ended_ns - int(elapsed_s * 1e9)
    )
    if completion is None:
        span.set_status(trace.StatusCode.ERROR, outcome)
    span.end(ended_ns)
