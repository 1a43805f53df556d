"""The gateway's self-test, for people: what is configured, who answers, how long it took, what it cost.

    cd services/llm_gateway && python test.py [--offline]

Each configured provider is asked for a few words (less than a hundredth of a cent). Ends with 1
when providers are configured and none of them answers.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

# This folder's modules are not to be found by their short names, the project's root is.
_HERE = Path(__file__).resolve().parent
sys.path = [str(_HERE.parent.parent), *(place for place in sys.path if Path(place or ".").resolve() != _HERE)]

from services.llm_gateway import (  # noqa: E402
    AllProvidersFailed,
    Completion,
    ConfigurationError,
    GatewayConfig,
    GatewayError,
    LLMGateway,
    ProviderConfig,
    ProviderType,
    print_configuration_status,
)

PROMPT = "Respondé con una sola palabra: ¿cómo se llama el lado izquierdo de una cuenta?"
ANSWER_TOKENS = 20


def main() -> int:
    """Run the test; return the exit code."""
    parser = argparse.ArgumentParser(description="Prueba del gateway de modelos de lenguaje.")
    parser.add_argument("--offline", action="store_true", help="no consultar a ningún proveedor")
    offline: bool = parser.parse_args().offline
    try:
        print_configuration_status()
        config = GatewayConfig.from_environment()
    except ConfigurationError as error:
        say(f"La configuración tiene un error: {error.message}")
        return 1
    configured = [entry for entry in config.providers if entry.configured]
    say("")
    if not configured:
        say("No hay ningún proveedor configurado. Para empezar alcanza con una de estas opciones:")
        say("  - copiar .env.example a .env y completar una clave (la de Google es gratuita);")
        say("  - indicar en LOCAL_BASE_URL un servidor propio (llama-server, Ollama, vLLM);")
        say("  - poner el modelo local en core/ (ver MODELS.md).")
        return 0
    if offline:
        say("Sin conexión (--offline): no se consultó a nadie.")
        return 0
    say("Consultando a cada proveedor por separado:")
    answered = [ask(config, entry) for entry in configured]
    say("")
    say(f"Responden {sum(answered)} de {len(answered)} proveedores configurados.")
    return 0 if any(answered) else 1


def ask(config: GatewayConfig, entry: ProviderConfig) -> bool:
    """Ask one provider alone and print what came of it."""
    if entry.provider is ProviderType.LOCAL and entry.path is not None:
        say("  local      cargando el modelo: puede tardar un minuto...")
    gateway = LLMGateway(replace(config, providers=(entry,)))
    try:
        completion = gateway.complete(PROMPT, max_tokens=ANSWER_TOKENS, temperature=0)
    except AllProvidersFailed as failure:
        last = failure.attempts[-1]
        say(f"  {entry.provider.value:<10} NO RESPONDE ({last.outcome}): {last.detail}")
        return False
    except GatewayError as failure:
        say(f"  {entry.provider.value:<10} NO RESPONDE ({failure.code}): {failure.message}")
        return False
    finally:
        gateway.shutdown()
    say(f"  {entry.provider.value:<10} {report(completion)}")
    return True


def report(completion: Completion) -> str:
    """Return one line about an answer."""
    cost = "costo desconocido" if completion.cost_usd is None else f"USD {completion.cost_usd:.6f}"
    text = " ".join(completion.text.split())
    return f"{completion.elapsed_ms} ms, {completion.usage.total_tokens} tokens, {cost}, {completion.model}: «{text}»"


def say(line: str) -> None:
    """Print a line."""
    print(line)  # noqa: T201 - a program for people


if __name__ == "__main__":
    sys.exit(main())
