"""Fiscal years and months: open until closed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import AuditEvent
from apps.companies.models import Company, Period
from apps.companies.queries import is_closed

pytestmark = pytest.mark.django_db

URL = "/api/periods/"


@pytest.fixture
def opened(teacher_api):
    """Open a period through the API: `opened(2026, 3)`; returns its number."""

    def opened(year, month=None):
        body = {"kind": "year" if month is None else "month", "year": year, "month": month}
        return teacher_api.post(URL, body).json()["period_id"]

    return opened


@pytest.fixture
def sell(teacher_api, chart):
    """Record a cash sale on a day: `sell("2026-03-31")`; returns the answer."""

    def sell(date):
        lines = [{"acc_id": chart["caja"].pk, "debit": 100}, {"acc_id": chart["ventas"].pk, "credit": 100}]
        return teacher_api.post("/api/trans/", {"date": date, "entries": lines})

    return sell


def test_a_month_is_opened_closed_and_reopened(teacher_api):
    made = teacher_api.post(URL, {"kind": "month", "year": 2026, "month": 3})
    assert made.status_code == 201
    period = made.json()
    assert period == {"period_id": period["period_id"], "kind": "month", "year": 2026, "month": 3, "status": "open"}
    closed = teacher_api.post(f"{URL}{period['period_id']}/close/")
    assert (closed.status_code, closed.json()) == (200, period | {"status": "closed"})
    reopened = teacher_api.post(f"{URL}{period['period_id']}/reopen/")
    assert (reopened.status_code, reopened.json()) == (200, period)
    assert teacher_api.get(f"{URL}{period['period_id']}/").json() == period


def test_a_year_has_no_month(teacher_api):
    made = teacher_api.post(URL, {"kind": "year", "year": "2026"}, format="multipart")
    assert (made.status_code, made.json()["month"], made.json()["kind"]) == (201, None, "year")


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "week", "year": 2026}, {"kind": "month", "year": 2026}, {"kind": "year", "year": 2026, "month": 1},
     {"kind": "month", "year": 2026, "month": 0}, {"kind": "month", "year": 2026, "month": 13},
     {"kind": "year", "year": 1899}, {"kind": "year", "year": 10000}, {"kind": "year", "year": 10**40},
     {"kind": "year", "year": "MMXXVI"}, {"kind": "year", "year": None}, {"kind": "year", "year": 2026.5},
     {"kind": ["year"], "year": 2026}, {"kind": "month", "year": 2026, "month": "3.5"}],
)
def test_a_wrong_period_is_refused(teacher_api, body):
    assert teacher_api.post(URL, body).status_code == 400
    assert not Period.objects.exists()


def test_a_period_exists_once(teacher_api, opened):
    for month in (None, 5):
        opened(2026, month)
        again = teacher_api.post(URL, {"kind": "month" if month else "year", "year": 2026, "month": month})
        assert (again.status_code, again.json()["code"]) == (409, "period_exists")


def test_closing_twice_and_reopening_what_is_open_are_refused(teacher_api, opened):
    period = opened(2026, 3)
    assert teacher_api.post(f"{URL}{period}/reopen/").json()["code"] == "period_already_open"
    teacher_api.post(f"{URL}{period}/close/")
    again = teacher_api.post(f"{URL}{period}/close/")
    assert (again.status_code, again.json()["code"]) == (409, "period_already_closed")


def test_a_closed_year_closes_its_months_and_reopening_it_leaves_each_as_it_was(teacher_api, opened):
    year, march, april = opened(2026), opened(2026, 3), opened(2026, 4)
    teacher_api.post(f"{URL}{march}/close/")
    teacher_api.post(f"{URL}{year}/close/")
    assert [found["status"] for found in teacher_api.get(URL).json()] == ["closed"] * 3
    assert teacher_api.post(f"{URL}{april}/close/").json()["code"] == "period_already_closed"
    for month in (march, april):
        refused = teacher_api.post(f"{URL}{month}/reopen/")
        assert (refused.status_code, refused.json()["code"]) == (409, "year_closed")
    teacher_api.post(f"{URL}{year}/reopen/")
    assert [found["status"] for found in teacher_api.get(URL).json()] == ["open", "closed", "open"]


def test_a_month_opened_in_a_closed_year_says_that_it_is_closed(teacher_api, opened):
    teacher_api.post(f"{URL}{opened(2026)}/close/")
    made = teacher_api.post(URL, {"kind": "month", "year": 2026, "month": 7})
    assert (made.status_code, made.json()["status"]) == (201, "closed")


def test_another_companys_periods_are_not_there(teacher_api, other_company):
    foreign = Period.objects.create(company=other_company, year=2026)
    assert teacher_api.get(URL).json() == []
    assert teacher_api.get(f"{URL}{foreign.pk}/").status_code == 404
    for act in ("close", "reopen"):
        response = teacher_api.post(f"{URL}{foreign.pk}/{act}/")
        assert (response.status_code, response.json()["code"]) == (404, "period_not_found")


@pytest.mark.parametrize("pk", ["0", "abc", "-1", "9" * 19, "9" * 5000])
def test_an_unknown_period_is_404(teacher_api, pk):
    assert teacher_api.get(f"{URL}{pk}/").status_code == 404
    assert teacher_api.post(f"{URL}{pk}/close/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [("kind=year", [2026, 2025]), ("kind=month", [2026]), ("year=2025", [2025]), ("status=closed", [2026, 2026]),
     ("status=open", [2025]), ("ordering=year", [2025, 2026, 2026]), ("", [2026, 2026, 2025])],
)
def test_filters(teacher_api, opened, query, found):
    opened(2025)
    year, _month = opened(2026), opened(2026, 1)
    teacher_api.post(f"{URL}{year}/close/")
    assert [period["year"] for period in teacher_api.get(f"{URL}?{query}").json()] == found


@pytest.mark.parametrize("query", ["kind=week", "year=x", "year=0", "year=2026.5", "status=shut", "ordering=company"])
def test_a_bad_filter_is_400(teacher_api, query):
    assert teacher_api.get(f"{URL}?{query}").status_code == 400


def test_every_change_is_told(teacher_api, opened, company):
    period = opened(2026, 3)
    teacher_api.post(f"{URL}{period}/close/")
    teacher_api.post(f"{URL}{period}/reopen/")
    events = AuditEvent.objects.filter(chain=company.pk, subject="period", subject_id=str(period)).order_by("seq")
    assert [event.action for event in events] == ["period.opened", "period.closed", "period.reopened"]
    assert '"period":"2026-03"' in events[0].detail


def test_a_list_costs_the_same_for_one_and_for_a_hundred(teacher_api, opened, company, django_assert_num_queries):
    opened(2026)
    with django_assert_num_queries(3):
        teacher_api.get(URL)
    Period.objects.bulk_create(Period(company=company, year=year, month=1) for year in range(1900, 2000))
    with django_assert_num_queries(3):
        teacher_api.get(URL)


# --- what the books make of it ---------------------------------------------------------------------


def test_nothing_is_dated_in_a_closed_month_and_nothing_in_it_changes(teacher_api, opened, sell):
    early, late = (sell(day).json()["trans_id"] for day in ("2026-03-31", "2026-04-01"))
    teacher_api.post(f"{URL}{opened(2026, 3)}/close/")
    refused = sell("2026-03-01")
    assert (refused.status_code, refused.json()["code"]) == (409, "period_closed")
    for method, path in (("patch", f"/api/trans/{early}/"), ("post", f"/api/trans/{early}/toggle_status/")):
        response = getattr(teacher_api, method)(path, {"legend": "otra"})
        assert (response.status_code, response.json()["code"]) == (409, "period_closed"), path
    assert teacher_api.patch(f"/api/trans/{late}/", {"legend": "otra"}).status_code == 200
    moved = teacher_api.patch(f"/api/trans/{late}/", {"date": "2026-03-15"})
    assert (moved.status_code, moved.json()["code"]) == (409, "period_closed")


def test_a_closed_year_refuses_all_its_days(teacher_api, opened, sell):
    teacher_api.post(f"{URL}{opened(2026)}/close/")
    assert sell("2026-01-01").json()["code"] == "period_closed"
    assert sell("2026-12-31").json()["code"] == "period_closed"
    assert sell("2027-01-01").status_code == 201
    assert sell("2025-12-31").status_code == 201


def test_what_is_closed_in_one_company_is_open_in_another(teacher_api, opened, company, other_company):
    teacher_api.post(f"{URL}{opened(2026)}/close/")
    day = dt.date(2026, 5, 5)
    assert is_closed(company, day)
    assert not is_closed(other_company, day)


# --- what the database refuses by itself -----------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"year": 1899}, {"year": 10_000}, {"year": 2026, "month": 0}, {"year": 2026, "month": 13},
     {"year": 2026, "status": "shut"}],
)
def test_the_database_refuses_a_period_that_cannot_be(company, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(company=company, **wrong)


def test_the_database_refuses_the_same_period_twice(company):
    for month in (None, 1):
        Period.objects.create(company=company, year=2026, month=month)
        with pytest.raises(IntegrityError), transaction.atomic():
            Period.objects.create(company=company, year=2026, month=month)


@pytest.mark.parametrize(
    "sql", ["UPDATE periods SET year = 2027", "UPDATE periods SET month = 2", "DELETE FROM periods"]
)
def test_the_database_keeps_a_closed_period_where_it_is(company, sql):
    Period.objects.create(company=company, year=2026, month=1, status="closed")
    with pytest.raises(IntegrityError, match="period_closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_has_one_default_company(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(name="Otra", is_default=True)
