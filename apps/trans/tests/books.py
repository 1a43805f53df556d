"""What the tests of this room write into the books."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from apps.accounts.models import Account
from apps.companies.models import Company, Period, PeriodStatus


def sale(chart: dict[str, Any], total: int, date: str = "2026-03-02", legend: str = "Venta") -> dict[str, Any]:
    """Return the body of a cash sale of `total` centavos, in three lines where IVA fits."""
    tax = total * 21 // 121
    lines = [{"acc_id": chart["caja"].pk, "debit": total}, {"acc_id": chart["ventas"].pk, "credit": total - tax}]
    if tax:
        lines.append({"acc_id": chart["iva"].pk, "credit": tax})
    return {"date": date, "legend": legend, "entries": lines}


def post(api: APIClient, body: dict[str, Any], **headers: str) -> Any:
    """Send a transaction."""
    return api.post("/api/trans/", body, headers=headers)


def recorded(api: APIClient, chart: dict[str, Any], total: int = 121_00, **fields: Any) -> dict[str, Any]:
    """Record a sale and return it as answered."""
    answer = post(api, sale(chart, total, **fields))
    assert answer.status_code == 201, answer.json()
    return answer.json()


def closed(api: APIClient, chart: dict[str, Any], total: int = 121_00, **fields: Any) -> dict[str, Any]:
    """Record, verify and close a sale."""
    trans_id = recorded(api, chart, total, **fields)["trans_id"]
    assert api.post(f"/api/trans/{trans_id}/toggle_status/").status_code == 200
    answer = api.post(f"/api/trans/{trans_id}/close/")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def saldo(account: Account) -> int:
    """Return the balance that is stored now, in centavos."""
    account.refresh_from_db()
    return account.saldo


def close_period(company: Company, year: int, month: int | None = None) -> None:
    """Close a month, or a year."""
    Period.objects.create(company=company, year=year, month=month, status=PeriodStatus.CLOSED)
