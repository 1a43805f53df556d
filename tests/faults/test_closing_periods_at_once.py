"""Closing a period while others write: PostgreSQL lets them, and the guards keep the order."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from apps.audit.actions import record
from apps.audit.queries import head_of, verify_chain
from apps.common.db import unit_of_work
from apps.common.errors import AppError
from apps.companies.actions import close_period, open_company, open_period
from apps.companies.errors import PeriodAlreadyClosed, PeriodClosed, PeriodExists
from apps.companies.models import Company, Period
from apps.trans.actions import post_transaction
from apps.trans.models import Transaction
from apps.users.models import User
from ledger.entries import Draft, Line

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

MARCH = dt.date(2026, 3, 15)
WAITING_S = 0.3
PATIENCE_S = 20


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


@pytest.fixture
def run(pool: ThreadPoolExecutor) -> Callable[..., Future[Any]]:
    """Run in a thread with a connection of its own; the Future holds what came or the AppError."""

    def job(call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except AppError as error:
            return error
        finally:
            connection.close()

    return lambda call, *args, **kwargs: pool.submit(job, call, args, kwargs)


@pytest.fixture
def sale(chart: dict[str, Any]) -> Draft:
    return Draft(MARCH, "Venta", (Line(chart["caja"].pk, debit=100), Line(chart["ventas"].pk, credit=100)))


def test_closing_waits_for_a_posting_under_way_and_stops_the_next(
    run: Any, sale: Draft, company: Company, teacher: User
) -> None:
    who = {"acting_user": teacher, "company": company}
    month = open_period(2026, 3, **who)
    posted, go_on = threading.Event(), threading.Event()

    @unit_of_work
    def post_slowly() -> None:
        post_transaction(sale, **who)
        posted.set()
        assert go_on.wait(PATIENCE_S)

    slow = run(post_slowly)
    assert posted.wait(PATIENCE_S)
    closing = run(close_period, month.pk, **who)
    with pytest.raises(TimeoutError):
        closing.result(WAITING_S)
    go_on.set()
    assert slow.result(PATIENCE_S) is None
    assert closing.result(PATIENCE_S).effective_status == "closed"
    assert isinstance(run(post_transaction, sale, **who).result(PATIENCE_S), PeriodClosed)
    assert Transaction.objects.count() == 1


def test_a_posting_that_comes_while_a_period_is_being_closed_waits_and_is_refused(
    run: Any, sale: Draft, company: Company, teacher: User
) -> None:
    who = {"acting_user": teacher, "company": company}
    month = open_period(2026, 3, **who)
    closed, go_on = threading.Event(), threading.Event()

    @unit_of_work
    def close_slowly() -> None:
        close_period(month.pk, **who)
        closed.set()
        assert go_on.wait(PATIENCE_S)

    slow = run(close_slowly)
    assert closed.wait(PATIENCE_S)
    posting = run(post_transaction, sale, **who)
    with pytest.raises(TimeoutError):
        posting.result(WAITING_S)
    go_on.set()
    assert slow.result(PATIENCE_S) is None
    assert isinstance(posting.result(PATIENCE_S), PeriodClosed)
    assert not Transaction.objects.exists()


def test_of_many_who_close_a_period_one_does(run: Any, company: Company, teacher: User) -> None:
    who = {"acting_user": teacher, "company": company}
    month = open_period(2026, 3, **who)
    results = [future.result(PATIENCE_S) for future in [run(close_period, month.pk, **who) for _ in range(8)]]
    assert sum(isinstance(result, PeriodAlreadyClosed) for result in results) == 7
    assert verify_chain(company.pk) == []


def test_of_many_who_open_a_period_one_does(run: Any, company: Company, teacher: User) -> None:
    who = {"acting_user": teacher, "company": company}
    results = [future.result(PATIENCE_S) for future in [run(open_period, 2026, 3, **who) for _ in range(8)]]
    assert sum(isinstance(result, PeriodExists) for result in results) == 7
    assert Period.objects.count() == 1
    assert verify_chain(company.pk) == []


def test_many_who_begin_a_trail_together_make_one_chain(run: Any, company: Company, teacher: User) -> None:
    tell = unit_of_work(record)
    told = [
        run(tell, "thing.done", acting_user=teacher, company_id=company.pk, subject="thing", subject_id=number)
        for number in range(40)
    ]
    assert not any(isinstance(future.result(PATIENCE_S), AppError) for future in told)
    assert head_of(company.pk).seq == 40
    assert verify_chain(company.pk) == []


def test_companies_opened_together_each_get_their_own_chart(run: Any, teacher: User) -> None:
    opened = [run(open_company, f"Empresa {number}", acting_user=teacher) for number in range(6)]
    companies = [future.result(PATIENCE_S) for future in opened]
    assert {company.accounts.filter(postable=True).count() for company in companies} == {191}
