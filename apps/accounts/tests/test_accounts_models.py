"""What is true of one account's row."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Account

sides = st.integers(0, 2**63 - 1)


@given(sides, sides)
def test_the_saldo_is_positive_on_the_side_of_the_nature(debits, credits_):
    deudora = Account(nature=True, debits=debits, credits=credits_)
    acreedora = Account(nature=False, debits=debits, credits=credits_)
    assert deudora.saldo == debits - credits_ == -acreedora.saldo


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"code": "11101"}, {"kind": "bienes"}, {"debits": -1}])
def test_the_database_refuses_what_no_account_can_be(company, change):
    fields = {"company": company, "name": "Caja", "nature": True, "kind": "activo"}
    Account.objects.create(code="11101", **fields)
    with pytest.raises(IntegrityError):
        Account.objects.create(**{**fields, "code": "11102", **change})


@pytest.mark.django_db
def test_the_search_text_follows_the_name(company):
    account = Account.objects.create(company=company, code="11101", name="Caja", nature=True, kind="activo")
    account.name = "Fondo Fijo SUCURSAL Córdoba"
    account.save(update_fields=["name"])
    account.refresh_from_db()
    assert account.search_text == "11101 fondo fijo sucursal cordoba"
