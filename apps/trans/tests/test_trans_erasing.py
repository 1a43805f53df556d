"""The one way that closed rows leave the books."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import AccountMonth
from apps.audit.models import AuditEvent
from apps.common.errors import AppError
from apps.companies.models import CompanyKind, Period, PeriodStatus
from apps.trans.actions import erase_company_books
from apps.trans.models import BooksPass, Entry, Transaction, TransactionTally
from apps.trans.tests.books import closed, recorded

pytestmark = pytest.mark.django_db


def test_erasing_leaves_nothing_but_the_trail(teacher_api, teacher, chart, company):
    one = closed(teacher_api, chart)
    teacher_api.post(f"/api/trans/{one['trans_id']}/reverse/", {"reason": "x"})
    recorded(teacher_api, chart)
    Period.objects.create(company=company, year=2026, status=PeriodStatus.CLOSED)
    events = AuditEvent.objects.count()

    assert erase_company_books(company, acting_user=teacher) == 3

    for model in (Transaction, Entry, TransactionTally, AccountMonth, BooksPass):
        assert model.objects.count() == 0
    chart["caja"].refresh_from_db()
    assert (chart["caja"].debits, chart["caja"].credits) == (0, 0)
    assert AuditEvent.objects.count() == events + 1
    assert closed(teacher_api, chart, date="2026-06-01")["number"] == 1


def test_books_of_a_business_are_never_erased(teacher_api, teacher, chart, company, business_mode):
    closed(teacher_api, chart)

    with pytest.raises(AppError) as refusal:
        erase_company_books(company, acting_user=teacher)

    assert refusal.value.code == "books_not_erasable"
    assert Transaction.objects.get().status == 2


def test_a_practice_company_may_be_erased_in_a_business_too(teacher_api, teacher, chart, company, business_mode):
    closed(teacher_api, chart)
    company.kind = CompanyKind.PRACTICE
    company.save()

    assert erase_company_books(company, acting_user=teacher) == 1


@pytest.mark.django_db(transaction=True)
def test_a_pass_is_never_committed(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        BooksPass.objects.create(company=company)

    assert BooksPass.objects.count() == 0


def test_a_pass_opens_no_other_change(teacher_api, chart, company):
    trans_id = closed(teacher_api, chart)["trans_id"]
    BooksPass.objects.create(company=company)
    changes = ["legend = 'x'", "status = 0", "date = '2026-01-01'", "total = 1", "status = 1"]

    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE transactions SET {change} WHERE trans_id = %s", [trans_id])
    BooksPass.objects.all().delete()
    assert Transaction.objects.get().status == 2
