"""Print an answer as it comes; Ctrl-C stops it at the provider, too: `python streaming.py "Contame..."`."""

from __future__ import annotations

import sys

from llm_gateway import GatewayError, StreamInterrupted, get_gateway


def main() -> int:
    """Ask the question of the command line."""
    question = " ".join(sys.argv[1:]) or "Contame quién fue Luca Pacioli."
    try:
        with get_gateway().stream(question, "Respondé en español.") as pieces:
            for piece in pieces:
                print(piece, end="", flush=True)
    except KeyboardInterrupt:
        print("\n(detenido)")
    except StreamInterrupted as error:
        print(f"\n(la respuesta quedó incompleta: {error})")
        return 1
    except GatewayError as error:
        print(error)
        return 1
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
