"""What is true of companies and periods, whoever stores them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from apps.companies.models import Company, Period
from apps.companies.queries import default_company

pytestmark = pytest.mark.django_db


def test_migrations_leave_one_default_company():
    assert Company.objects.get(is_default=True) == default_company()


def test_a_lost_default_company_is_made_again():
    Company.objects.filter(is_default=True).update(is_default=False)
    assert default_company().is_default


@pytest.mark.parametrize("wrong", [{"is_default": True}, {"kind": "holding"}, {"name": None}])
def test_the_database_refuses_what_no_company_can_be(company, wrong):
    with pytest.raises(IntegrityError):
        Company.objects.create(**{"name": "Otra", **wrong})


def test_there_is_one_demo_at_most(company):
    Company.objects.create(name="Una", is_demo=True)
    with pytest.raises(IntegrityError):
        Company.objects.create(name="Otra", is_demo=True)


@pytest.mark.parametrize("wrong", [
    {"month": 0}, {"month": 13}, {"year": 1899}, {"year": 10_000}, {"status": "ajar"}, {"month": 1}, {"month": None},
], ids=str)
def test_the_database_refuses_what_no_period_can_be_and_a_second_one(company, wrong):
    Period.objects.create(company=company, year=2031, month=1)
    Period.objects.create(company=company, year=2031)
    with pytest.raises(IntegrityError):
        Period.objects.create(**{"company": company, "year": 2031, "month": 2, **wrong})


def test_a_company_with_periods_is_not_deleted_by_the_way(company):
    Period.objects.create(company=company, year=2031)
    with pytest.raises(IntegrityError):
        company.delete()


def test_periods_and_companies_name_themselves(company):
    assert str(Company(name="Almacén")) == "Almacén"
    assert [str(Period(year=2026, month=month)) for month in (None, 3)] == ["2026", "2026-03"]
    assert [Period(year=2026, month=month).kind for month in (None, 3)] == ["year", "month"]
