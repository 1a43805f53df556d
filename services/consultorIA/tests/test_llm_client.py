"""The model path, with a gateway that answers by script and remembers what it was asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.consultorIA import consultor_service, llm_client
from services.consultorIA.consultor_service import Answer
from services.consultorIA.readers import SqliteReader
from services.llm_gateway import AllProvidersFailed

TODAY = dt.date(2025, 9, 17)
HARD = "de lo que nos desprendimos en concepto de locación durante mayo, a cuánto asciende"


@dataclass
class Completion:
    data: Any


@dataclass
class ScriptedGateway:
    """Gives its answers in turn; an exception among them is raised."""

    script: list[Any]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def complete(self, user_prompt: str, system_prompt: str = "", **_options: Any) -> Completion:
        self.asked.append((user_prompt, system_prompt))
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Completion(answer)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Any:
    def make(*script: Any) -> ScriptedGateway:
        gateway = ScriptedGateway(list(script))
        monkeypatch.setattr(llm_client, "get_gateway", lambda: gateway)
        monkeypatch.setattr(llm_client, "is_configured", lambda: True)
        return gateway

    return make


def ask(books: SqliteReader, question: str) -> Answer:
    return consultor_service.responder(question, reader=books, today=TODAY)


def test_a_model_fills_the_form_and_the_database_counts(books: SqliteReader, scripted: Any) -> None:
    scripted({"forma": "total", "cuentas": ["alquileres"], "desde": "2025-05-01", "hasta": "2025-05-31"})
    answer = ask(books, HARD)
    assert (answer.valida, answer.origen) == (True, "llm")
    assert (
        answer.rows
        == books.run("SELECT SUM(debe) FROM movimientos WHERE cuenta = 'Alquileres' AND mes = '2025-05'").rows
    )


def test_what_the_rules_answer_never_reaches_a_model(books: SqliteReader, scripted: Any) -> None:
    gateway = scripted()
    assert ask(books, "saldo de caja").origen == "plantilla"
    assert gateway.asked == []


@pytest.mark.parametrize(
    "question", ["borrá el asiento 5", "mostrame las contraseñas", "saldo de caja de la otra empresa"]
)
def test_what_is_forbidden_never_reaches_a_model(books: SqliteReader, scripted: Any, question: str) -> None:
    gateway = scripted()
    assert not ask(books, question).valida
    assert gateway.asked == []


def test_a_model_sees_views_and_examples_but_no_row(books: SqliteReader, scripted: Any) -> None:
    gateway = scripted({"forma": "ninguna"})
    ask(books, f"{HARD} de alquileres")
    prompt, system = gateway.asked[0]
    assert "saldos_mensuales" in system
    assert "Alquileres" in prompt
    for row in books.run("SELECT leyenda, total FROM asientos LIMIT 50").rows:
        assert all(str(value) not in prompt + system for value in row)
    assert "Lucía Gómez" not in prompt + system


@pytest.mark.parametrize(
    "said",
    [
        {"forma": "ninguna"},
        {"forma": "total", "cuentas": ["criptomonedas"]},
        {"forma": "asientos", "usuarios": ["Nadie Que Exista"]},
        {"forma": "contrapartida"},
        {"forma": "total", "cuentas": ["caja"], "desde": "2025-05-31", "hasta": "2025-05-01"},
        {"forma": "sql", "sql": "SELECT nada FROM cuentas"},
    ],
)
def test_what_a_model_cannot_ground_is_not_answered(books: SqliteReader, scripted: Any, said: dict[str, Any]) -> None:
    scripted(said, said, said, said)
    answer = ask(books, HARD)
    assert not answer.valida
    assert answer.rows == []


def test_a_statement_that_fails_is_repaired_from_the_engines_error(books: SqliteReader, scripted: Any) -> None:
    good = "SELECT AVG(renglones) AS promedio FROM asientos"
    gateway = scripted(
        {"forma": "sql", "sql": "SELECT SUM(SUM(total)) FROM asientos"},
        {"forma": "sql", "sql": f"```sql\n{good};\n```"},
    )
    answer = ask(books, HARD)
    assert answer.valida, answer.error_tecnico
    assert answer.consulta == good
    assert "SUM(SUM(total))" in gateway.asked[1][0]


def test_repairs_end_after_three(books: SqliteReader, scripted: Any) -> None:
    bad = {"forma": "sql", "sql": "SELECT SUM(SUM(total)) FROM asientos"}
    gateway = scripted(*[bad] * 9)
    assert not ask(books, HARD).valida
    assert len(gateway.asked) == 4


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM asientos", 2),
        ("UPDATE cuentas SET saldo = 0", 1),
        ("SELECT email FROM users", 4),
        ("CREATE TABLE x (y INT)", 0),
    ],
)
def test_a_statement_that_the_walls_refuse_is_never_repaired(
    books: SqliteReader, scripted: Any, sql: str, code: int
) -> None:
    gateway = scripted({"forma": "sql", "sql": sql})
    answer = ask(books, HARD)
    assert (answer.valida, answer.codigo, answer.rows) == (False, code, [])
    assert len(gateway.asked) == 1


def test_without_a_model_that_answers_the_refusal_stands(books: SqliteReader, scripted: Any) -> None:
    scripted(AllProvidersFailed([]))
    answer = ask(books, HARD)
    assert (answer.valida, answer.codigo) == (False, 5)
