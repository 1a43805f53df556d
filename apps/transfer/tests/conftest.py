"""Books with something of everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.accounts.models import Account
from apps.attachments.actions import attach
from apps.books.actions import Range, create_book, dissolve_book
from apps.companies.actions import close_period
from apps.companies.models import Company, Period
from apps.config.policy import Reach
from apps.trans import actions
from apps.users.models import User
from ledger.entries import Draft, Line

MARCH = dt.date(2026, 3, 5)


@dataclass(frozen=True)
class Books:
    """A company's books and who writes in them."""

    company: Company
    user: User
    accounts: dict[str, int]

    def post(self, day: dt.date, legend: str, debit: str, credit: str, amount: int) -> int:
        """Record a transaction of two lines; return its key."""
        lines = (Line(self.accounts[debit], debit=amount), Line(self.accounts[credit], credit=amount))
        return actions.post_transaction(Draft(day, legend, lines), **self.who).pk

    def close(self, *keys: int) -> None:
        """Verify and close."""
        actions.verify_transactions(keys, **self.who)
        actions.close_transactions(keys, **self.who)

    @property
    def who(self) -> dict:
        """Who acts where."""
        return {"acting_user": self.user, "company": self.company}


@pytest.fixture
def books(
    company: Company, chart: dict[str, Account], teacher: User, make_user: Callable[..., User], settings, tmp_path: Path
) -> Books:
    """Two years with every state, a reversal over the years' end, a book that stands and one dissolved, papers."""
    settings.ATTACHMENTS_DIR = tmp_path / "adjuntos"
    made = Books(company, teacher, {name: account.pk for name, account in chart.items()})
    student = Books(company, make_user("ñandú@example.com", rol=2, group="3A"), made.accounts)
    old = made.post(dt.date(2025, 12, 30), "Venta del año viejo", "caja", "ventas", 1_000_00)
    wrong = made.post(dt.date(2025, 12, 31), 'Con "comillas", \\ y ; punto y coma', "caja", "iva", 210_01)
    made.close(wrong, old)  # numbered in this order
    actions.reverse_transaction(wrong, reason="error", date=dt.date(2026, 1, 2), **made.who)
    booked = [student.post(MARCH + dt.timedelta(days=day), f"Día {day}", "cmv", "caja", 100 + day) for day in (0, 1)]
    actions.verify_transactions(booked, **made.who)
    create_book(Range(MARCH, MARCH + dt.timedelta(days=1), name="Marzo"), **made.who)
    given_back = made.post(dt.date(2026, 4, 1), "Vuelve a Verificado", "caja", "ventas", 7)
    actions.verify_transactions([given_back], **made.who)
    april = create_book(Range(dt.date(2026, 4, 1), dt.date(2026, 4, 1), name="Abril"), **made.who)
    dissolve_book(april.pk, **made.who)
    pending = student.post(dt.date(2026, 5, 1), "", "caja", "ventas", 2**53 + 1)
    actions.edit_transaction(pending, actions.Change(legend="* (Corregida) !"), **student.who)
    gone = made.post(dt.date(2026, 5, 2), "Borrada", "caja", "ventas", 3)
    actions.delete_transaction(gone, **made.who)
    attach(old, "factura.txt", b"Factura B 0001-00000001", reach=Reach.ANY, **made.who)
    attach(pending, "ticket.pdf", b"%PDF-1.7\n%%EOF", reach=Reach.ANY, **student.who)
    Account.objects.filter(pk=made.accounts["iva"]).update(status=False)
    year = Period.objects.create(company=company, year=2025, month=None)
    close_period(year.pk, **made.who)
    return made
