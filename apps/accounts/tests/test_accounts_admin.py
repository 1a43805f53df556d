"""Charts of accounts in the admin: shown, never written."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import Account

pytestmark = pytest.mark.django_db


def test_the_admin_shows_charts_and_writes_none(make_user, plan, move):
    client = Client()
    client.force_login(make_user("root@example.com", rol=0, is_superuser=True))
    move("11101", "41101", 1234_56)
    page = f"/admin/accounts/account/{plan['11101'].pk}/"

    listed = client.get("/admin/accounts/account/?q=caja&kind=activo").content.decode()
    assert "1.234,56" in listed
    assert client.get(f"{page}change/").status_code == 200
    assert "2026" in client.get("/admin/accounts/accountmonth/?q=caja").content.decode()
    assert client.post(f"{page}change/", {"name": "x"}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert Account.objects.get(pk=plan["11101"].pk).name == "Caja"
