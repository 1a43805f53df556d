"""A year whose results were closed by hand still has its sales."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.consultorIA import consultor_service, sample
from services.consultorIA.readers import SqliteReader
from services.consultorIA.sample import SampleBooks, SampleEntry, SampleUser

CHART = """
1 Activo
111 Caja y bancos
11101 Caja
2 Pasivo
21101 Proveedores
3 Patrimonio neto
31101 Capital social
32101 Resultado del ejercicio
4 Ingresos
41101 Ventas
"""
LAST_DAY = dt.date(2025, 12, 31)


def entry(date: dt.date, debit: str, credit: str, amount: int, legend: str = "") -> SampleEntry:
    return SampleEntry(date, legend, 0, 2, ((debit, amount, 0), (credit, 0, amount)))


def asked(folder: Path, question: str, *entries: SampleEntry) -> str:
    books = SampleBooks("Cerrada", sample.read_chart(CHART), (SampleUser("Ana"),), entries)
    sample.write(folder / "cerrada.sqlite3", [books])
    with SqliteReader(folder / "cerrada.sqlite3", 1) as reader:
        answer = consultor_service.responder(question, reader=reader, today=dt.date(2026, 3, 1), use_model=False)
    return answer.respuesta


@pytest.mark.parametrize("question", ["ventas de 2025", "ventas de diciembre de 2025", "resultado de 2025"])
def test_a_refundicion_written_by_hand_takes_nothing_from_the_years_results(tmp_path: Path, question: str) -> None:
    sale = entry(dt.date(2025, 12, 5), "11101", "41101", 1_000_00)
    closing = entry(LAST_DAY, "41101", "32101", 1_000_00, "Asiento de cierre")
    assert "$ 1.000,00" in asked(tmp_path, question, sale, closing)


@pytest.mark.parametrize("account", ["11101", "31101"])
def test_what_moves_another_account_on_the_last_day_is_no_refundicion(tmp_path: Path, account: str) -> None:
    sale = entry(dt.date(2025, 12, 5), "11101", "41101", 1_000_00)
    refund = entry(LAST_DAY, "41101", account, 200_00)
    assert "$ 800,00" in asked(tmp_path, "ventas de 2025", sale, refund)


def test_balances_begin_with_the_opening_written_by_hand(tmp_path: Path) -> None:
    opening = entry(dt.date(2025, 1, 1), "11101", "31101", 1_000_00, "Asiento de apertura")
    debt = entry(dt.date(2025, 2, 1), "11101", "21101", 500_00)
    sale = entry(dt.date(2025, 12, 5), "11101", "41101", 500_00)
    closing = entry(LAST_DAY, "41101", "32101", 500_00)
    assert "activo $ 2.000,00" in asked(tmp_path, "índice de solvencia", opening, debt, sale, closing)
