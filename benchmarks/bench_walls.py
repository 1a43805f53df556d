"""What ConsultorIA's walls cost a query, beside the same query asked bare of the base tables."""

from __future__ import annotations

from typing import Any

from benchmarks import books
from benchmarks.harness import Figure, cpu_ms, stage

STORED = 10_000
QUERIES = {
    "balance of an account": (
        "SELECT saldo FROM cuentas WHERE codigo = '11101'",
        "SELECT debits - credits FROM accounts WHERE company_id = 1 AND code = '11101'",
    ),
    "months of income": (
        "SELECT mes, SUM(saldo) AS total FROM saldos_mensuales WHERE partida = 'Ingresos' GROUP BY mes ORDER BY mes",
        """SELECT m.month, SUM(m.credits - m.debits) FROM account_months m JOIN accounts a ON a.acc_id = m.account_id
        WHERE a.company_id = 1 AND a.kind = 'ingreso' GROUP BY m.month ORDER BY m.month""",
    ),
    f"all {2 * STORED:,} entries by account": (
        "SELECT cuenta, SUM(debe) AS debe, SUM(haber) AS haber FROM movimientos GROUP BY cuenta ORDER BY debe DESC",
        """SELECT a.name, SUM(e.debit), SUM(e.credit) FROM transaction_entries e
        JOIN accounts a ON a.acc_id = e.account_id JOIN transactions t ON t.trans_id = e.transaction_id
        WHERE t.company_id = 1 GROUP BY a.name ORDER BY 2 DESC""",
    ),
}


def figures() -> list[Figure]:
    """Measure each wall, and whole queries behind them."""
    with stage(DATABASE_URL="") as here:
        here.enter()
        books.open_chart()
        books.fill(STORED)
        return [*_walls(), *_queries()]


def _walls() -> list[Figure]:
    from services.consultorIA import sql_validator
    from services.consultorIA.confining import for_postgresql, for_sqlite

    sql = QUERIES["months of income"][0]
    statement = sql_validator.read(sql, "postgres")
    unseen = sql_validator.read.__wrapped__
    return [
        Figure("validator: a statement not seen before", cpu_ms(lambda: unseen(sql, "sqlite")), target=6),
        Figure("validator: one seen before", cpu_ms(lambda: sql_validator.read(sql, "sqlite")), target=0.05),
        Figure("written anew for SQLite", cpu_ms(lambda: for_sqlite(statement, 1000)), target=2),
        Figure("written anew for PostgreSQL", cpu_ms(lambda: for_postgresql(statement, 1000, 1)), target=4),
        Figure("a confined session opened, proven and closed", cpu_ms(_open), target=10),
    ]


def _open() -> None:
    from django.conf import settings

    from services.consultorIA.readers import SqliteReader

    with SqliteReader(settings.DATABASES["default"]["NAME"], 1) as reader:
        reader.run("SELECT 1")


def _queries() -> list[Figure]:
    from django.db import connection

    from apps.companies.queries import default_company
    from apps.consultor.confinement import reader_for

    def bare(sql: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    found = []
    with reader_for(default_company()) as reader:
        for name, (confined, plain) in QUERIES.items():
            peer = cpu_ms(lambda plain=plain: bare(plain))
            cost = cpu_ms(lambda confined=confined: reader.run(confined))
            found.append(Figure(f"confined: {name}", cost, target=peer * 3 + 2, peer=f"bare: {peer:.2f} ms"))
    return found
