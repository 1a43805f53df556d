"""A small demo: ask the books in Spanish.

    cd services/consultorIA && python main.py [pregunta]

Reads the SQLite file of CONSULTOR_SQLITE (company CONSULTOR_COMPANY, 1 by default); without one, the
books of a small sample. What follows "¿y ...?" leans on the question before.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# This folder's modules are not to be found by their short names, the project's root is.
_HERE = Path(__file__).resolve().parent
sys.path = [str(_HERE.parent.parent), *(place for place in sys.path if Path(place or ".").resolve() != _HERE)]

from services.consultorIA import consultor_service, wording
from services.consultorIA.answers import Answer

SHOWN_ROWS = 12
_SAMPLES = (
    "¿Cuál es el saldo de Caja?",
    "¿Cuánto gastamos en sueldos en el segundo trimestre comparado con el anterior?",
    "Ventas por mes",
    "¿Quién cargó más asientos?",
    "¿Contra qué cuentas se movió Caja?",
    "¿Qué tiempo va a hacer mañana?",
)


def main() -> int:
    """Answer the question of the command line, or one after another until an empty line."""
    consultor_service.initialize()
    print("Libros de muestra." if consultor_service.reads_sample() else "Libros de CONSULTOR_SQLITE.")
    try:
        if len(sys.argv) > 1:
            show(consultor_service.preguntar(" ".join(sys.argv[1:])))
        elif sys.stdin.isatty():
            _converse()
        else:
            _demonstrate()
    finally:
        consultor_service.shutdown()
    return 0


def _converse() -> None:
    print("Preguntá en castellano; Enter para salir.")
    previous: Mapping[str, Any] | None = None
    while question := input("\n> ").strip():
        answer = consultor_service.preguntar(question, previous)
        show(answer)
        previous = answer.form or previous


def _demonstrate() -> None:
    for question in _SAMPLES:
        print(f"\n> {question}")
        show(consultor_service.preguntar(question))


def show(answer: Answer) -> None:
    """Print an answer: the sentence, how it was understood, the SQL and the first rows."""
    if not answer.valida:
        print(f"{answer.error_usuario} (código {answer.codigo})")
        for suggestion in answer.sugerencias:
            print(f"  ¿Quisiste preguntar «{suggestion}»?")
        return
    print(answer.respuesta)
    print(f"  {answer.interpretacion} Confianza {answer.confianza:.0%}.")
    print(f"  {answer.consulta}")
    if answer.row_count < 2:
        return
    print("  " + " | ".join(name for name, _kind in answer.columns))
    for row in answer.rows[:SHOWN_ROWS]:
        cells = (wording.cell(value, kind, name) for value, (name, kind) in zip(row, answer.columns, strict=True))
        print("  " + " | ".join(cells))
    if answer.row_count > SHOWN_ROWS:
        print(f"  ... y {answer.row_count - SHOWN_ROWS} filas más")


if __name__ == "__main__":
    sys.exit(main())
