"""`init_plan_cuentas`."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import Account

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("init_plan_cuentas", *arguments, stdout=out)
    return out.getvalue()


def rows() -> list[tuple]:
    return sorted(Account.objects.values_list("pk", "code", "name", "status", "debits", "credits"))


def test_it_loads_the_default_companys_chart_and_says_how_much(company, other_company):
    assert all(figure in run() for figure in ("250", "191", "59"))
    assert Account.objects.filter(company=company).count() == 250
    assert not Account.objects.filter(company=other_company).exists()


def test_run_again_it_changes_nothing(plan, move):
    move("11101", "41101", 100)
    Account.objects.filter(code="11102").update(status=False, name="Caja chica")
    before = rows()
    run()
    assert rows() == before


def test_it_adds_what_was_deleted(plan):
    Account.objects.get(code="11103").delete()
    run()
    assert Account.objects.get(code="11103").parent.code == "111"


def test_clear_puts_the_default_chart_in_the_place_of_another(company, plan):
    Account.objects.create(company=company, code="9", name="Orden", nature=True, kind="orden", postable=False)
    Account.objects.filter(code="11101").update(name="Otra")
    run("--clear")
    assert Account.objects.count() == 250
    assert Account.objects.get(code="11101").name == "Caja"


def test_clear_refuses_and_changes_nothing_where_an_account_is_in_use(plan, move):
    move("11101", "41101", 100)
    before = rows()
    with pytest.raises(CommandError):
        run("--clear")
    assert rows() == before
    assert Account.objects.get(code="11101").parent.code == "111"


def test_a_company_may_be_named(other_company):
    run("--company", str(other_company.pk))
    assert Account.objects.filter(company=other_company).count() == 250
    with pytest.raises(CommandError):
        run("--company", "999999")


def test_it_fails_with_a_hint_before_migrate(company):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts RENAME TO elsewhere")
    with pytest.raises(CommandError, match="migrate"):
        run()
