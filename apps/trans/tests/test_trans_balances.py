"""Trial balances over any span, against sums of the lines themselves."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db.models import Sum

from apps.trans.actions import delete_transaction, post_transactions
from apps.trans.balances import trial_balance
from apps.trans.models import Entry
from ledger.entries import Draft, Line

pytestmark = pytest.mark.django_db

SPANS = [
    (None, None), ("2026-01-01", "2026-12-31"), (None, "2026-02-28"), ("2026-02-01", None),
    ("2026-01-15", "2026-03-14"), ("2026-02-10", "2026-02-20"), ("2026-02-28", "2026-03-01"), ("2026-02-14", None),
    (None, "2026-02-14"), ("2026-03-01", "2026-02-01"), ("0001-01-01", "9999-12-31"), ("2025-12-31", "2026-01-01"),
]


@pytest.fixture
def books(company, chart, other_chart, other_company, teacher):
    """Sixty transactions in four months, some of them deleted again, and one in another company."""
    dice = random.Random(7)
    accounts = [chart[name].pk for name in ("caja", "iva", "ventas", "cmv")]
    drafts = []
    for _number in range(60):
        debited, credited = dice.sample(accounts, 2)
        day, amount = dt.date(2025, 12, 1) + dt.timedelta(days=dice.randrange(120)), dice.randrange(1, 10**9)
        drafts.append(Draft(day, "", (Line(debited, debit=amount), Line(credited, credit=amount))))
    for gone in post_transactions(drafts, acting_user=teacher, company=company)[::10]:
        delete_transaction(gone.pk, acting_user=teacher, company=company)
    foreign = Line(other_chart["caja"].pk, debit=5), Line(other_chart["ventas"].pk, credit=5)
    post_transactions([Draft(dt.date(2026, 2, 14), "", foreign)], acting_user=teacher, company=other_company)


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_a_trial_balance_is_the_sum_of_the_lines_of_its_span(company, books, first, last):
    date_from, date_to = (day and dt.date.fromisoformat(day) for day in (first, last))
    lines = Entry.objects.filter(account__company=company)
    lines = lines.filter(date__gte=date_from) if date_from else lines
    lines = lines.filter(date__lte=date_to) if date_to else lines
    expected = {
        row["account__code"]: (row["debits"], row["credits"])
        for row in lines.order_by().values("account__code").annotate(debits=Sum("debit"), credits=Sum("credit"))
    }
    found = trial_balance(company, date_from=date_from, date_to=date_to)
    assert {row.code: (row.debits, row.credits) for row in found if row.debits or row.credits} == expected
    assert sum(row.debit_balance for row in found) == sum(row.credit_balance for row in found)


def test_a_trial_balance_lists_every_postable_account_in_order(company, books):
    found = trial_balance(company)
    assert [row.code for row in found] == ["11101", "11999", "21301", "41101", "51101"]
    assert [row.saldo for row in found] == [
        row.debits - row.credits if row.nature else row.credits - row.debits for row in found
    ]


def test_a_trial_balance_costs_the_same_queries_whatever_the_span(company, books, django_assert_num_queries):
    with django_assert_num_queries(1):
        trial_balance(company)
    with django_assert_num_queries(4):
        trial_balance(company, date_from=dt.date(2026, 1, 15), date_to=dt.date(2026, 3, 15))
