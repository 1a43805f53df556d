"""The admin writes through the actions, so that it leaves the same trail."""

from __future__ import annotations

import pytest

from apps.audit.models import SYSTEM_CHAIN, AuditEvent
from apps.companies.models import Company, Period
from apps.config.models import Config

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_pages(client, make_user):
    client.force_login(make_user("root@example.com", rol=0, is_superuser=True))
    return client


@pytest.mark.parametrize(
    "path",
    ["config/config/", "config/config/1/change/", "companies/company/", "companies/company/add/", "companies/period/",
     "audit/auditevent/", "audit/auditchain/", "companies/company/?q=mosaite", "audit/auditevent/?q=config"],
)
def test_every_page_opens(admin_pages, company, path):
    Period.objects.create(company=company, year=2026, month=3)
    assert admin_pages.get(f"/admin/{path}").status_code == 200


def test_the_configuration_changes_with_its_trail(admin_pages):
    form = {"system_mode": "on", "date_format": "YYYY-MM-DD", "currency": "USD"}
    assert admin_pages.post("/admin/config/config/1/change/", form).status_code == 302
    assert Config.objects.get().currency == "USD"
    assert AuditEvent.objects.filter(chain=SYSTEM_CHAIN, action="config.changed").count() == 1


def test_a_currency_that_is_none_is_refused(admin_pages):
    form = {"date_format": "YYYY-MM-DD", "currency": "ZZZ"}
    assert admin_pages.post("/admin/config/config/1/change/", form).status_code == 200
    assert Config.objects.get().currency == "ARS"


def test_a_company_is_opened_with_its_chart(admin_pages):
    assert admin_pages.post("/admin/companies/company/add/", {"name": "Nueva", "kind": "practice"}).status_code == 302
    made = Company.objects.get(name="Nueva")
    assert (made.kind, made.periods.count(), made.accounts.filter(postable=True).count()) == ("practice", 13, 191)


def test_a_company_is_renamed_and_keeps_its_kind(admin_pages, other_company):
    form = {"name": "Otro nombre", "kind": "practice", "is_default": "on"}
    assert admin_pages.post(f"/admin/companies/company/{other_company.pk}/change/", form).status_code == 302
    other_company.refresh_from_db()
    assert (other_company.name, other_company.kind, other_company.is_default) == ("Otro nombre", "shared", False)


@pytest.mark.parametrize(
    "path",
    ["companies/company/{}/delete/", "config/config/1/delete/", "config/config/add/", "companies/period/add/",
     "audit/auditevent/add/"],
)
def test_what_is_not_the_admins_is_refused(admin_pages, other_company, path):
    assert admin_pages.post(f"/admin/{path.format(other_company.pk)}", {"post": "yes"}).status_code == 403
    assert Company.objects.filter(pk=other_company.pk).exists()


def test_who_is_no_superuser_sees_no_companies(client, teacher, student):
    client.force_login(teacher)
    assert client.get("/admin/companies/company/").status_code == 403
    client.force_login(student)
    assert client.get("/admin/companies/company/").status_code == 302
