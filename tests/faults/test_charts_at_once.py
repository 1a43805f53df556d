"""Changing one chart from several sides at once: PostgreSQL lets them, one lock keeps the order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from apps.accounts.actions import create_account, delete_account, edit_account, load_default_chart
from apps.accounts.errors import AccountInUse
from apps.accounts.models import Account
from apps.common.errors import AppError, Invalid
from apps.trans.actions import post_transaction
from apps.trans.models import Transaction
from ledger.entries import Draft, Line
from tests.faults.effort import ROUNDS

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each call gave, or the AppError that it raised, having run them in threads together."""

    def job(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except AppError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(job, calls))


def test_of_the_same_code_one_account_is_made(teacher, company, chart):
    fields = {"code": "11102", "name": "Fondo fijo", "nature": True}
    outcomes = at_once(*[lambda: create_account(fields, acting_user=teacher, company=company)] * 8)
    assert [sorted(error.fields) for error in outcomes if isinstance(error, Invalid)] == [["code"]] * 7
    assert Account.objects.filter(code="11102").count() == 1


def test_the_default_chart_is_loaded_once(teacher, company):
    outcomes = at_once(*[lambda: load_default_chart(company, acting_user=teacher)] * 4)
    assert sorted(outcomes) == [0, 0, 0, 250]


def test_two_headings_do_not_go_under_each_other(teacher, company):
    one, other = (
        Account.objects.create(company=company, code=code, name=code, nature=True, kind="activo", postable=False)
        for code in ("11", "12")
    )
    for _round in range(ROUNDS):
        Account.objects.update(parent=None)
        outcomes = at_once(
            lambda: edit_account(one.pk, {"parent": other.pk}, acting_user=teacher, company=company),
            lambda: edit_account(other.pk, {"parent": one.pk}, acting_user=teacher, company=company),
        )
        assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1


def test_a_heading_does_not_become_postable_with_its_first_child(teacher, company, chart):
    heading = chart["activo"]
    for number in range(ROUNDS):
        Account.objects.filter(pk=heading.pk).update(postable=False)
        fields = {"code": f"12{number}", "name": "Otra", "nature": True, "parent": heading.pk}
        made, _edited = at_once(
            lambda fields=fields: create_account(fields, acting_user=teacher, company=company),
            lambda: edit_account(heading.pk, {"postable": True}, acting_user=teacher, company=company),
        )
        heading.refresh_from_db()
        assert isinstance(made, Invalid) is heading.postable
        heading.children.all().delete()


def test_an_account_is_not_deleted_under_a_posting(teacher, company, chart):
    for number in range(ROUNDS):
        account = Account.objects.create(company=company, code=f"13{number}", name="x", nature=True, kind="activo")
        lines = Line(account.pk, debit=100), Line(chart["ventas"].pk, credit=100)
        draft = Draft(dt.date(2026, 3, 5), "", lines)
        posted, deleted = at_once(
            lambda draft=draft: post_transaction(draft, acting_user=teacher, company=company),
            lambda account=account: delete_account(account.pk, acting_user=teacher, company=company),
        )
        assert isinstance(posted, Transaction) is isinstance(deleted, AccountInUse)
        assert Account.objects.filter(pk=account.pk).exists() is isinstance(posted, Transaction)
