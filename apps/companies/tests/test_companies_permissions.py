"""Who may read and change companies and periods; written out from the contract, not from the matrix."""

from __future__ import annotations

import pytest

from apps.companies.models import Period

pytestmark = pytest.mark.django_db

# (operation, roles in business mode, roles in educational mode)
TABLE = [
    ("companies.read", {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}),
    ("companies.write", {0}, {0}),
    ("periods.read", {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}),
    ("periods.write", {0, 2}, {0}),
    ("periods.reopen", {0}, {0}),
]


@pytest.fixture
def calls(company):
    """Each call of an operation with the status it has when it is allowed."""
    closed = Period.objects.create(company=company, year=2001, status="closed")
    opened = Period.objects.create(company=company, year=2002)
    return {
        "companies.read": [("get", "/api/companies/", 200), ("get", f"/api/companies/{company.pk}/", 200)],
        "companies.write": [
            ("post", "/api/companies/", 400), ("patch", f"/api/companies/{company.pk}/", 200),
            ("put", f"/api/companies/{company.pk}/", 400), ("delete", f"/api/companies/{company.pk}/", 409),
            ("post", "/api/companies/practice/", 400),
        ],
        "periods.read": [("get", "/api/periods/", 200), ("get", f"/api/periods/{opened.pk}/", 200)],
        "periods.write": [("post", "/api/periods/", 400), ("post", f"/api/periods/{opened.pk}/close/", 200)],
        "periods.reopen": [("post", f"/api/periods/{closed.pk}/reopen/", 200)],
    }


@pytest.mark.parametrize("rol", range(5))
@pytest.mark.parametrize("business", [True, False])
@pytest.mark.parametrize(("operation", "in_business", "in_education"), TABLE)
def test_the_table(request, as_user, make_user, calls, operation, in_business, in_education, business, rol):
    if business:
        request.getfixturevalue("business_mode")
    client = as_user(make_user("who@example.com", rol=rol))
    allowed = rol in (in_business if business else in_education)
    for method, path, status in calls[operation]:
        assert getattr(client, method)(path).status_code == (status if allowed else 403), path


@pytest.mark.parametrize("path", ["/api/companies/", "/api/periods/", "/api/companies/1/", "/api/periods/1/close/"])
def test_nobody_comes_in_without_a_token(api_client, path):
    assert api_client.get(path).status_code == 401
    assert api_client.post(path).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("delete", "/api/companies/"), ("get", "/api/companies/practice/"), ("put", "/api/periods/"),
     ("get", "/api/periods/1/close/"), ("patch", "/api/periods/1/"), ("delete", "/api/periods/1/")],
)
def test_what_there_is_not_is_405(teacher_api, method, path):
    response = getattr(teacher_api, method)(path)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
