"""Ask, and see who answered, what it cost and what was tried: `python basic.py "¿Qué es el IVA?"`."""

from __future__ import annotations

import sys

from llm_gateway import GatewayError, get_gateway


def main() -> int:
    """Ask the question of the command line."""
    question = " ".join(sys.argv[1:]) or "¿Qué es la partida doble?"
    try:
        answer = get_gateway().complete(question, "Respondé en dos oraciones, en español.", max_tokens=200)
    except GatewayError as error:
        print(error)
        return 1
    print(answer.text)
    print(f"\n{answer.provider.value} ({answer.model}), {answer.elapsed_ms} ms, USD {answer.cost_usd}")
    for attempt in answer.attempts:
        print(f"  {attempt.provider.value}: {attempt.outcome}, {attempt.elapsed_ms} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
