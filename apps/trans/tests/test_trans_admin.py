"""The books in the admin: shown, never written."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.trans.models import Transaction
from apps.trans.tests.books import recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(make_user) -> Client:
    client = Client()
    client.force_login(make_user("root@example.com", rol=0, is_superuser=True))
    return client


def test_the_admin_shows_transactions_and_writes_none(admin_client, teacher_api, chart):
    trans_id = recorded(teacher_api, chart)["trans_id"]
    page = f"/admin/trans/transaction/{trans_id}/"

    assert "Venta" in admin_client.get("/admin/trans/transaction/?q=venta").content.decode()
    assert "11101 Caja" in admin_client.get(f"{page}change/").content.decode()
    for path in ("transactiontally", "numbercounter", "idempotencykey"):
        assert admin_client.get(f"/admin/trans/{path}/").status_code == 200
    assert admin_client.post(f"{page}change/", {"legend": "x"}).status_code == 403
    assert admin_client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get("/admin/trans/transaction/add/").status_code == 403
    assert Transaction.objects.get().legend == "Venta"
