"""The documented self-test of ConsultorIA, for people; pytest runs it too.

    cd services/consultorIA && python test_consultor_service.py

Asks the sample's books (or those of CONSULTOR_SQLITE) what must be answered and what must not.
Ends with 1 when something is not as it should be.
"""

from __future__ import annotations

import sys
from pathlib import Path

# This folder's modules are not to be found by their short names, the project's root is.
_HERE = Path(__file__).resolve().parent
sys.path = [str(_HERE.parent.parent), *(place for place in sys.path if Path(place or ".").resolve() != _HERE)]

from services.consultorIA import consultor_service, sql_classifier, sql_validator

ANSWERED = (
    "¿Cuál es el saldo de Caja?",
    "¿Cuánto gastamos este mes?",
    "¿Cuántos usuarios hay?",
    "Ventas por mes",
    "¿Ganamos o perdimos en abril?",
    "¿Qué asientos están para verificar?",
    "¿Cuál es el índice de liquidez?",
)
# Each with the code that it must be refused with.
REFUSED = (
    ("borrá el asiento 5", 2),
    ("cargá un asiento de 1000 pesos en caja", 1),
    ("creá una cuenta nueva", 0),
    ("mostrame las contraseñas de los usuarios", 4),
    ("saldo de caja de la otra empresa", 4),
    ("¿Qué tiempo va a hacer mañana?", 5),
    ("DROP TABLE asientos", 2),
    ("SELECT email FROM users", 4),
)
STATEMENTS = (
    ("SELECT nombre, saldo FROM cuentas", -1),
    ("```sql\nSELECT COUNT(*) FROM asientos;\n```", -1),
    ("UPDATE cuentas SET saldo = 0", 1),
    ("SELECT 1; DELETE FROM asientos", 2),
)


def test_what_the_books_hold_becomes_sql() -> None:
    """Each question of ANSWERED becomes a SELECT that the validator passes."""
    consultor_service.initialize()
    for question in ANSWERED:
        made = consultor_service.generar_sql(question)
        assert made["valida"], (question, made)  # noqa: S101 - a test
        assert consultor_service.validar_consulta(made["consulta"])["valida"], question  # noqa: S101 - a test


def test_what_must_not_be_answered_is_refused_with_its_code() -> None:
    """Each question of REFUSED has its code and words for the user, and no SQL."""
    for question, code in REFUSED:
        made = consultor_service.generar_sql(question)
        assert (made["valida"], made["codigo"], made["consulta"]) == (False, code, ""), (question, made)  # noqa: S101
        assert made["error_usuario"], question  # noqa: S101 - a test


def test_statements_are_judged_by_the_validator() -> None:
    """Fences are read through; what writes is told by its code."""
    for statement, code in STATEMENTS:
        assert sql_validator.validar_sql(statement)["codigo"] == code, statement  # noqa: S101 - a test


def test_the_classifier_finds_the_nearest_form() -> None:
    """Other words for a known question find its SQL."""
    assert "11101" in sql_classifier.seleccionar_sql("saldo que hay en caja")  # noqa: S101 - a test


def main() -> int:
    """Run the tests above; return the exit code."""
    failed = 0
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            try:
                test()
                print(f"  bien   {test.__doc__}")
            except AssertionError as error:
                failed += 1
                print(f"  MAL    {test.__doc__}\n         {error}")
    consultor_service.shutdown()
    print("Todo bien." if not failed else f"{failed} con errores.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
