"""Ask the assistant's documents, with a model or without: `python rag_example.py "¿Qué es el IVA?"`.

Needs no key and no database. The index is made at the first call (services/chat/vector_store, or
CHAT_INDEX_DIR); without a model that answers, the best sentences are quoted.
"""

from __future__ import annotations

import sys
import time

from services.chat import rag_service

QUESTIONS = (
    "¿Cuándo se debita Mercaderías?",
    "¿Cuál es la alícuota general del IVA?",
    "q es la amortisasion",
    "How long must the books be kept?",
    "¿Quién ganó el mundial de fútbol de 2022?",
)


def main() -> int:
    """Ask the questions of the command line, or five of ours."""
    stats = rag_service.initialize()
    print(f"{stats['total_documents']} documentos, {stats['total_vectors']} pasajes\n")
    for question in sys.argv[1:] or QUESTIONS:
        ask(question)
    return 0


def ask(question: str) -> None:
    """Print a question, its answer and where each sentence comes from."""
    started = time.perf_counter()
    result = rag_service.query(question)
    elapsed_ms = 1000 * (time.perf_counter() - started)
    print(f"Pregunta: {question}")
    print(f"Respuesta ({result['provider']}, {elapsed_ms:.0f} ms): {result['answer']}")
    for number, source in enumerate(result["sources"], start=1):
        print(f"  [{number}] {source['name']} > {source['heading']} ({source['similarity']:.0%})")
    print()


if __name__ == "__main__":
    sys.exit(main())
