"""What the first wall lets through and what it refuses, statement by statement (attacks.txt, benign.txt)."""

from __future__ import annotations

import pytest

from services.consultorIA.sql_validator import limpiar_sql, looks_like_sql, read, validar_sql
from services.consultorIA.tests.statements import ATTACKS, BENIGN, Statement


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.codigo is not None], ids=str)
def test_an_attack_is_refused_with_its_code(attack: Statement) -> None:
    for dialect in attack.dialects:
        verdict = validar_sql(attack.sql, dialect)
        assert (verdict["valida"], verdict["codigo"], verdict["consulta"]) == (False, attack.codigo, ""), dialect
        assert verdict["error_usuario"]
        assert verdict["error_tecnico"]


@pytest.mark.parametrize("benign", BENIGN, ids=str)
def test_an_honest_query_passes(benign: Statement) -> None:
    for dialect in benign.dialects:
        verdict = validar_sql(benign.sql, dialect)
        assert verdict["valida"], verdict["error_tecnico"]
        assert (verdict["codigo"], verdict["error_usuario"]) == (-1, "")


@pytest.mark.parametrize("benign", BENIGN, ids=str)
def test_what_is_written_anew_passes_again_and_means_the_same(benign: Statement) -> None:
    for dialect in benign.dialects:
        once = read(limpiar_sql(benign.sql), dialect)
        twice = read(once.sql, dialect)
        assert (twice.sql, twice.outputs) == (once.sql, once.outputs)


def test_there_are_at_least_as_many_attacks_of_our_own_as_were_given() -> None:
    assert len(ATTACKS) > 200
    assert len(BENIGN) > 50


@pytest.mark.parametrize(
    "written,clean",
    [
        ("SELECT 1", "SELECT 1"),
        (" SELECT 1 ; \n", "SELECT 1"),
        ("```sql\nSELECT 1;\n```", "SELECT 1"),
        ("```\nSELECT 1\n```", "SELECT 1"),
        ("Claro, acá va:\n```SQL\nSELECT codigo\nFROM cuentas\n```\nEspero que sirva.", "SELECT codigo\nFROM cuentas"),
        ("```sql\nSELECT 1", "SELECT 1"),
        ("La consulta es: SELECT 1;", "SELECT 1"),
        ("Podés usar esto:\n\nWITH a AS (SELECT 1 AS x) SELECT x FROM a", "WITH a AS (SELECT 1 AS x) SELECT x FROM a"),
        (
            "SELECT nombre AS nota FROM cuentas WHERE nombre = 'a: select b'",
            "SELECT nombre AS nota FROM cuentas WHERE nombre = 'a: select b'",
        ),
        ("", ""),
    ],
)
def test_a_models_words_around_the_sql_are_taken_off(written: str, clean: str) -> None:
    assert limpiar_sql(written) == clean


@pytest.mark.parametrize(
    "text,is_sql",
    [
        ("SELECT 1", True),
        ("  select codigo from cuentas", True),
        ("DROP TABLE accounts", True),
        ("(SELECT 1)", True),
        ("/* hola */ DELETE FROM users", True),
        ("```sql\nSELECT 1\n```", True),
        ("; delete from x", True),
        ("¿Cuánto gastamos en sueldos?", False),
        ("Selectos clientes que compraron", False),
        ("saldo de caja", False),
        ("actualizame el saldo", False),
        ("¿qué asientos cargó ana?", False),
    ],
)
def test_sql_is_told_from_a_question(text: str, is_sql: bool) -> None:
    assert looks_like_sql(text) is is_sql


def test_a_refusal_names_what_is_not_there() -> None:
    assert "«email»" in validar_sql("SELECT email FROM usuarios")["error_usuario"]
    assert "«users»" in validar_sql("SELECT 1 FROM users")["error_usuario"]
    assert "«pg_sleep»" in validar_sql("SELECT pg_sleep(1)", "postgres")["error_usuario"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
        "SELECT " + "1+" * 4_000 + "1",
        "SELECT " + "NOT " * 2_000 + "1",
        "SELECT " + "-" * 3_000 + "1",
        "SELECT 1 WHERE " + " OR ".join(["1 = 1"] * 1_200),
        "SELECT " + "1+" * 1_400 + "1",
        "SELECT CASE " + "WHEN 1 THEN 2 " * 650 + "END" + "".join(f", {n}" for n in range(100)) + " FROM nada",
        "SELECT 1 FROM " + ", ".join(f"cuentas a{number}" for number in range(40)),
        " UNION ALL ".join(["SELECT 1"] * 900),
        "SELECT " + "a" * 9_900,
        "SELECT '" + "a" * 9_900 + "'",
        "SELECT 1" + " " * 20_000 + "+ 1",
        "WITH " + ", ".join(f"c{n} AS (SELECT * FROM cuentas)" for n in range(100)) + " SELECT 1",
        "WITH g0 AS (SELECT 'x' AS t), "
        + ", ".join(f"g{n} AS (SELECT t || t || t || t AS t FROM g{n - 1})" for n in range(1, 9))
        + " SELECT t FROM g8",
        "SELECT t || t AS t FROM (" * 14 + "SELECT 'x' AS t" + ") q" * 14,
        "WITH g0 AS (SELECT 1 AS t), "
        + ", ".join(f"g{n} AS (SELECT a.t FROM g{n - 1} a, g{n - 1} b)" for n in range(1, 15))
        + " SELECT t FROM g14",
        "SELECT " + "CASE WHEN 1 THEN " * 300 + "1" + " END" * 300,
    ],
    ids=lambda sql: sql[:30],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_a_monster_is_refused_and_breaks_nothing(sql: str, dialect: str) -> None:
    assert validar_sql(sql, dialect)["codigo"] in {3, 4}
