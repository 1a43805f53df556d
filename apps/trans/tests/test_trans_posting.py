"""Recording several transactions at once, as imports and templates do."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.common.errors import AppError
from apps.companies.models import Period, PeriodStatus
from apps.trans.actions import post_transactions
from apps.trans.models import Transaction
from ledger.entries import Draft, Line

pytestmark = pytest.mark.django_db
MAX = 2**63 - 1


@pytest.fixture
def draft(company, chart):
    Period.objects.create(company=company, year=2026, month=2, status=PeriodStatus.CLOSED)

    def make(*, month=3, amount=100, account="caja"):
        lines = (Line(chart[account].pk, debit=amount), Line(chart["ventas"].pk, credit=amount))
        return Draft(dt.date(2026, month, 2), "Venta", lines)

    return make


@pytest.mark.parametrize("several,code", [
    ([{"month": 2}, {"account": "inactiva"}], "period_closed"),
    ([{"account": "inactiva"}, {"month": 2}], "invalid_transaction"),
    ([{"amount": MAX}, {"amount": MAX}, {"month": 2}], "period_closed"),
    ([{"amount": MAX}, {"amount": MAX}], "balance_overflow"),
])
def test_of_several_that_cannot_stand_the_first_is_named_on_every_engine(draft, company, teacher, several, code):
    with pytest.raises(AppError, match=code):
        post_transactions([draft(), *(draft(**one) for one in several)], acting_user=teacher, company=company)
    assert not Transaction.objects.exists()


def test_several_that_can_stand_are_recorded_in_their_order(draft, company, teacher):
    posted = post_transactions([draft(amount=n) for n in (1, 2, 3)], acting_user=teacher, company=company)
    assert [transaction.total for transaction in posted] == [1, 2, 3]
    assert [transaction.pk for transaction in posted] == sorted(transaction.pk for transaction in posted)
