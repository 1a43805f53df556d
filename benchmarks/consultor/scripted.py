"""The model path with a gateway that answers by script: what good models say, and what bad ones do.

    python -m benchmarks.consultor --model

Each question is worded as the rules do not read it; the script is what a model says of it. A good script must give
the gold's rows, a bad one no rows at all: accounts made up, statements that write, reach other tables or fail.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.consultor.books import TODAY, companies
from benchmarks.consultor.charts import MEANINGS
from benchmarks.consultor.scoring import same_rows
from services.consultorIA import consultor_service, llm_client, sample
from services.consultorIA.readers import SqliteReader

MAY = {"desde": "2025-05-01", "hasta": "2025-05-31"}
YEAR = {"desde": "2025-01-01", "hasta": "2025-12-31"}
# (question, what the model says, gold SQL)
GOOD: tuple[tuple[str, list[dict[str, Any]], str], ...] = (
    (
        "de cuánto nos desprendimos por locación en mayo",
        [{"forma": "total", "cuentas": ["alquileres"], **MAY}],
        "SELECT SUM(debe - haber) FROM movimientos WHERE {alquiler} AND mes = '2025-05'",
    ),
    (
        "a cuánto trepó lo que entregamos a terceros fiado",
        [{"forma": "saldo", "cuentas": ["clientes"]}],
        "SELECT SUM(debe - haber) FROM cuentas WHERE {clientes}",
    ),
    (
        "pintame la película mensual de lo erogado durante 2025",
        [{"forma": "total", "cuentas": ["Egresos"], "dimensiones": ["mes"], **YEAR}],
        "SELECT mes, SUM(debe - haber) FROM movimientos WHERE partida = 'Egresos' AND fecha >= '2025-01-01' GROUP BY mes",
    ),
    (
        "cuán holgados andamos para afrontar compromisos",
        [{"forma": "ratio", "medida": "liquidez"}],
        "SELECT ROUND(SUM(CASE WHEN partida = 'Activo' THEN debe - haber ELSE 0 END) / NULLIF(SUM(CASE WHEN partida = 'Pasivo'"
        " THEN haber - debe ELSE 0 END), 0), 4) FROM cuentas WHERE corriente = 'Sí' AND imputable = 'Sí'",
    ),
    (
        "el trío de desembolsos más pesado de 2025",
        [{"forma": "total", "cuentas": ["Egresos"], "dimensiones": ["cuenta"], "orden": "mayor", "limite": 3, **YEAR}],
        "SELECT codigo, SUM(debe - haber) FROM movimientos WHERE partida = 'Egresos' AND fecha >= '2025-01-01'"
        " GROUP BY codigo ORDER BY 2 DESC, codigo LIMIT 3",
    ),
    (
        "quiénes tienen tarea sin el visto bueno",
        [{"forma": "asientos", "medida": "cantidad", "dimensiones": ["usuario"], "estados": ["Para verificar"]}],
        "SELECT usuario, COUNT(*) FROM asientos WHERE estado = 'Para verificar' GROUP BY usuario",
    ),
    (
        "mayo frente a abril en lo facturado",
        [
            {
                "forma": "total",
                "cuentas": ["ventas"],
                **MAY,
                "comparado_desde": "2025-04-01",
                "comparado_hasta": "2025-04-30",
            }
        ],
        "SELECT SUM(CASE WHEN mes = '2025-05' THEN haber - debe ELSE 0 END), SUM(CASE WHEN mes = '2025-04' THEN haber - debe"
        " ELSE 0 END) FROM movimientos WHERE {ventas}",
    ),
    (
        "registraciones gordas, pongamos arriba del palo",
        [{"forma": "asientos", "medida": "lista", "importe_minimo": 1000000}],
        "SELECT asiento_id FROM asientos WHERE total >= 1000000",
    ),
    (
        "cuán larga viene a ser una registración",
        [{"forma": "sql", "sql": "SELECT AVG(renglones) AS promedio FROM asientos"}],
        "SELECT AVG(renglones) FROM asientos",
    ),
    (
        "cuán larga viene a ser una registración, de nuevo",
        [
            {"forma": "sql", "sql": "SELECT SUM(renglones) FROM asientos WHERE SUM(total) > 0"},
            {"forma": "sql", "sql": "SELECT AVG(AVG(renglones)) FROM asientos"},
            {"forma": "sql", "sql": "SELECT AVG(renglones) FROM asientos"},
        ],
        "SELECT AVG(renglones) FROM asientos",
    ),
)
BAD: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    ("cuánto nos patinamos en bitcoins", [{"forma": "total", "cuentas": ["bitcoins"]}]),
    ("qué opina el contador de esto", [{"forma": "ninguna"}]),
    ("qué cargó Fulano de Tal ayer mismo", [{"forma": "asientos", "usuarios": ["Fulano de Tal"]}]),
    ("limpiame los renglones repetidos ya", [{"forma": "sql", "sql": "DELETE FROM movimientos"}]),
    ("quién entra con qué llave", [{"forma": "sql", "sql": "SELECT email, password FROM users"}]),
    (
        "espiemos la contabilidad del vecino",
        [{"forma": "sql", "sql": "SELECT * FROM transactions WHERE company_id = 2"}],
    ),
    ("dejame el archivo entero", [{"forma": "sql", "sql": "ATTACH DATABASE 'x' AS y"}]),
    ("qué hay detrás del telón", [{"forma": "sql", "sql": "SELECT * FROM sqlite_master"}]),
    (
        "contame hasta el infinito",
        [{"forma": "sql", "sql": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"}],
    ),
    ("dos pájaros de un tiro", [{"forma": "sql", "sql": "SELECT 1; DROP TABLE cuentas"}]),
)


@dataclass
class Completion:
    data: dict[str, Any]


class ScriptedGateway:
    """Gives a question's script in turn; an empty script repeats its last answer."""

    def __init__(self, script: list[dict[str, Any]]) -> None:
        self._script = script
        self.calls = 0

    def complete(self, *_prompts: str, **_options: Any) -> Completion:
        answer = self._script[min(self.calls, len(self._script) - 1)]
        self.calls += 1
        return Completion(answer)


def main() -> None:
    import tempfile
    from pathlib import Path

    llm_client.is_configured = lambda: True
    books = companies()
    right, refused, times, wrong = 0, 0, [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.sqlite3"
        sample.write(path, list(books.values()))
        for number, name in enumerate(books, 1):
            with SqliteReader(path, number) as reader:
                for question, script, gold in GOOD:
                    answer = asked(question, script, reader, times)
                    good = answer.valida and same_rows(reader.run(_written(gold, name)).rows, answer.rows)
                    right += good
                    if not good:
                        wrong.append(f"{name}: {question}: {answer.error_usuario or answer.consulta}")
                for question, script in BAD:
                    answer = asked(question, script, reader, times)
                    refused += not answer.valida and not answer.rows
                    if answer.valida:
                        wrong.append(f"{name}: {question}: {answer.consulta}")
    print(f"good scripts answered rightly  {right} of {len(GOOD) * len(books)}")
    print(f"bad scripts refused            {refused} of {len(BAD) * len(books)}")
    print(
        f"p50 / p95 ms, without a model  {statistics.median(times):.1f} / {sorted(times)[int(len(times) * 0.95)]:.1f}"
    )
    print("\n".join(wrong))


def _written(gold: str, company: str) -> str:
    """Return gold SQL in a company's own codes."""
    for word, condition in MEANINGS[company].items():
        gold = gold.replace(f"{{{word}}}", condition)
    return gold


def asked(
    question: str, script: list[dict[str, Any]], reader: SqliteReader, times: list[float]
) -> consultor_service.Answer:
    gateway = ScriptedGateway(script)
    llm_client.get_gateway = lambda: gateway  # type: ignore[assignment, return-value]
    started = time.perf_counter()
    answer = consultor_service.responder(question, reader=reader, today=TODAY)
    times.append((time.perf_counter() - started) * 1000)
    return answer
