"""Books to report on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.actions import load_default_chart
from apps.accounts.models import Account
from apps.companies.models import Company
from apps.trans.actions import close_transactions, post_transaction, verify_transactions
from apps.users.models import User
from ledger.entries import Draft, Line


@pytest.fixture
def codes(company: Company) -> dict[str, int]:
    """The default chart in the default company: the key of each account by its code."""
    load_default_chart(company, acting_user=None)
    return dict(Account.objects.filter(company=company).values_list("code", "pk"))


Record = Callable[..., int]


@pytest.fixture
def record(company: Company, codes: dict[str, int], teacher: User) -> Record:
    """Record `record("2026-03-05", "Venta", {"11101": 121000, "41101": -100000, "21401": -21000}, status=1)`."""

    def make(day: str, legend: str, amounts: dict[str, int], status: int = 0, user: User | None = None) -> int:
        lines = tuple(
            Line(codes[code], debit=max(amount, 0), credit=max(-amount, 0)) for code, amount in amounts.items()
        )
        draft = Draft(dt.date.fromisoformat(day), legend, lines)
        posted = post_transaction(draft, acting_user=user or teacher, company=company)
        if status >= 1:
            verify_transactions([posted.pk], acting_user=teacher, company=company)
        if status == 2:
            close_transactions([posted.pk], acting_user=teacher, company=company)
        return posted.pk

    return make


@pytest.fixture
def year(record: Record) -> Any:
    """A small year: capital of the year before, a loan, purchases, sales, wages, in all three states."""
    record("2025-11-10", "Aporte de capital", {"11104": 500_000_00, "31101": -500_000_00}, 2)
    record("2025-12-05", "Venta", {"11101": 60_500_00, "41101": -50_000_00, "21401": -10_500_00}, 2)
    record("2026-01-15", "Compra de mercaderías", {"11601": 100_000_00, "11401": 21_000_00, "21101": -121_000_00}, 2)
    record("2026-02-10", "Venta a plazo", {"11301": 242_000_00, "41101": -200_000_00, "21401": -42_000_00}, 2)
    record("2026-02-10", "Costo de la venta", {"51101": 80_000_00, "11601": -80_000_00}, 1)
    record("2026-03-01", "Préstamo a largo plazo", {"11104": 90_000_00, "22101": -90_000_00}, 1)
    record("2026-03-20", "Sueldos", {"53101": 70_000_00, "21301": -70_000_00}, 0)
    record("2026-04-05", "Cobranza", {"11104": 142_000_00, "11301": -142_000_00}, 0)
