"""The demo's years before its half year, imported from a file."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from django.test import override_settings
from openpyxl import load_workbook

from apps.books.models import DailyBook
from apps.companies.models import Company
from apps.dash import actions
from apps.dash.errors import DemoHistoryDiffers
from apps.dash.history import prove
from apps.trans.models import Transaction
from apps.trans.verification import verify_ledger

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 15)
HALF_YEAR = dt.date(2026, 3, 1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The files of a demo whose company began with the year."""
    monkeypatch.setattr(actions, "YEARS_BACK", 0)
    with override_settings(LANGUAGE_CODE="es-ar"):
        actions.load_demo(
            actions.DemoSize(4, 2, 3), password="tres tristes tigres", today=TODAY, tell=lambda *_done: None,
            history=tmp_path,
        )
    return tmp_path


def test_the_years_before_are_in_the_books_closed_and_in_the_files(folder):
    past = Transaction.objects.filter(date__lt=HALF_YEAR)
    asientos = {row["asiento"] for row in csv.DictReader((folder / "diario.csv").open(), delimiter=";")}
    sheet = load_workbook(folder / "diario.xlsx", read_only=True).worksheets[0]

    assert past.count() == len(asientos) == len({row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}) > 100
    assert set(past.values_list("status", "user__rol")) == {(2, 0)}
    assert DailyBook.objects.filter(date_to__lt=HALF_YEAR).count() == 2
    assert sorted(past.values_list("number", flat=True)) == list(range(1, past.count() + 1))
    assert verify_ledger() == []


def test_the_half_year_goes_on_where_they_end(folder):
    openings = Transaction.objects.filter(legend="Asiento de apertura")
    assert list(openings.values_list("date", flat=True)) == [dt.date(2026, 1, 1)]
    assert Transaction.objects.filter(date__gte=HALF_YEAR, user__rol=2).count() == 12


def test_the_trial_balance_is_held_against_the_file(folder):
    company, file = Company.objects.get(is_demo=True), folder / "diario.csv"
    proof = prove(folder, company)
    assert (proof.file, proof.transactions, proof.total > 0) == (file, Transaction.objects.filter(
        date__lt=HALF_YEAR).count(), True)
    file.write_text(file.read_text(encoding="utf-8").replace("845.300,00", "845.300,01"), encoding="utf-8")
    with pytest.raises(DemoHistoryDiffers):
        prove(folder, company)


def test_the_whole_history_holds_more_than_two_thousand_transactions():
    """Whatever the day on which the demo is loaded."""
    for month in (1, 6, 12):
        today = dt.date(2026, month, 28)
        start = actions.shift_month(today, -actions.MONTHS_BACK)
        share = actions.share_out(
            start, today, students=30, groups=4, recorded=360, idle_since=today,
            since=dt.date(start.year - actions.YEARS_BACK, 1, 1),
        )
        assert len(share.past) >= 2000
