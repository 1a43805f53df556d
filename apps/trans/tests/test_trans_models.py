"""What is true of the rows of the books, whoever stores them; what is true among them is in test_trans_guards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from apps.trans.models import (
    Entry,
    IdempotencyKey,
    NeverSealed,
    NumberCounter,
    Transaction,
    TransactionTally,
)
from apps.trans.tests.raw_books import RawBooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(company, teacher, chart) -> RawBooks:
    return RawBooks(company, teacher, chart)


@pytest.mark.parametrize("wrong", [
    {"status": 3}, {"status": -1}, {"kind": "other"}, {"kind": "reversal"}, {"total": 0}, {"total": -1},
    {"entries_count": 1}, {"number": 7}, {"fiscal_year": 2026}, {"company_id": None}, {"user_id": None},
], ids=str)
def test_the_database_refuses_a_header_that_cannot_be(books, wrong):
    with pytest.raises(IntegrityError):
        books.header(**wrong)


@pytest.mark.parametrize("debit,credit", [(0, 0), (1, 1), (-1, 0), (0, -1), (-1, 1)])
def test_the_database_refuses_a_line_without_exactly_one_positive_side(books, debit, credit):
    with pytest.raises(IntegrityError, match="entries_one_positive_side"):
        books.lines(books.header(), [(books.chart["caja"], debit, credit)])


def test_a_number_is_given_once_in_a_year_of_a_company(books):
    first, second = books.closed(), books.verified()
    with pytest.raises(IntegrityError):
        Transaction.objects.filter(pk=second.pk).update(status=2, number=1, fiscal_year=first.date.year)


def test_nothing_can_stand_in_the_table_that_keeps_the_unsealed_out():
    with pytest.raises(IntegrityError):
        NeverSealed.objects.create(pk=1)


def test_a_header_is_unsealed_until_it_is_sealed_and_never_committed_so(books):
    assert Transaction(date=dt.date(2026, 1, 1)).unsealed_id is not None
    assert books.posted() in Transaction.objects.filter(unsealed=None)
    with transaction.atomic():
        books.unsealed()
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_the_newest_come_first(books):
    old, new = books.posted(date=dt.date(2026, 1, 5)), books.posted(date=dt.date(2026, 2, 5))
    newer = books.posted(date=dt.date(2026, 2, 5))
    assert list(Transaction.objects.all()) == [newer, new, old]


@pytest.mark.parametrize("row,text", [
    (Transaction(date=dt.date(2026, 3, 2), legend="Venta"), "2026-03-02 Venta"),
    (Transaction(date=dt.date(2026, 3, 2)), "2026-03-02"),
    (Entry(account_id=4, debit=5), "4: 5 / 0"),
    (TransactionTally(user_id=2, month=dt.date(2026, 3, 1), status=1, count=9), "2 2026-03 1: 9"),
    (NumberCounter(company_id=1, fiscal_year=2026, last=8), "1/2026: 8"),
    (IdempotencyKey(key="k-1"), "k-1"),
], ids=lambda value: type(value).__name__ if not isinstance(value, str) else "")
def test_rows_name_themselves(row, text):
    assert str(row) == text
