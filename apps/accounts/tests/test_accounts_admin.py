"""Charts of accounts in the admin."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/accounts/account/"


@pytest.fixture
def root(make_user):
    return make_user("root@example.com", rol=0, is_superuser=True)


@pytest.fixture
def admin_client(root) -> Client:
    client = Client()
    client.force_login(root)
    return client


def change_page(account: Account) -> str:
    return f"{ACCOUNTS}{account.pk}/change/"


def test_charts_and_monthly_totals_are_shown(admin_client, plan, move):
    move("11101", "41101", 1234_56)
    assert "1.234,56" in admin_client.get(f"{ACCOUNTS}?q=CAJA&kind=activo").content.decode()
    assert "1.234,56" in admin_client.get("/admin/accounts/accountmonth/?q=caja").content.decode()
    assert admin_client.get(change_page(plan["11101"])).status_code == 200
    assert admin_client.get("/admin/accounts/accountmonth/add/").status_code == 403
    assert admin_client.post(f"{ACCOUNTS}{plan['11101'].pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_account_is_added_as_over_the_api(admin_client, root, company, plan):
    body = {"company": company.pk, "code": "11109", "name": "Banco Ciudad", "nature": "on", "postable": "on",
            "status": "on"}
    assert admin_client.post(f"{ACCOUNTS}add/", body).status_code == 302
    added = Account.objects.get(code="11109")
    assert (added.parent.code, added.kind, added.liquidity, added.monetary) == ("111", "activo", "corriente", True)
    assert AuditEvent.objects.get(action="account.created").user_id == root.pk


def test_an_account_is_changed_as_over_the_api(admin_client, plan):
    body = {"code": "11107", "name": "Billeteras", "nature": "on", "kind": "activo", "postable": "on",
            "parent": plan["111"].pk, "liquidity": "corriente"}
    assert admin_client.post(change_page(plan["11107"]), body).status_code == 302
    changed = Account.objects.get(pk=plan["11107"].pk)
    assert (changed.name, changed.status, changed.monetary) == ("Billeteras", False, False)
    assert AuditEvent.objects.filter(action="account.edited").count() == 1


def test_what_use_forbids_is_told_and_changes_nothing(admin_client, plan, move):
    move("11101", "41101", 100)
    body = {"code": "11199", "name": "Caja", "nature": "on", "kind": "activo", "postable": "on", "status": "on",
            "parent": plan["111"].pk, "liquidity": "corriente", "monetary": "on"}
    answer = admin_client.post(change_page(plan["11101"]), body, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert Account.objects.get(pk=plan["11101"].pk).code == "11101"
