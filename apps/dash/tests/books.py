"""What the tests of this room write into the books."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from apps.common import guards
from apps.trans.actions import close_transactions, post_transactions, verify_transactions
from apps.users.models import User
from ledger.entries import Draft, Line


def record(who: User, chart: dict[str, Any], *days: str | dt.date, status: int = 1, amount: int = 100_00) -> list[int]:
    """Record a cash sale on each of the days, bring it to `status`, return the keys."""
    lines = (Line(chart["caja"].pk, debit=amount), Line(chart["ventas"].pk, credit=amount))
    drafts = [Draft(dt.date.fromisoformat(str(day)), "Venta al contado", lines) for day in days]
    company = chart["caja"].company
    keys = [posted.pk for posted in post_transactions(drafts, acting_user=who, company=company)]
    if status > 0:
        verify_transactions(keys, acting_user=who, company=company)
    if status > 1:
        close_transactions(keys, acting_user=who, company=company)
    return keys


def tamper(statement: str, *params: Any) -> None:
    """Run a statement as somebody who owns the database and has put its guards out of the way."""
    connection.check_constraints()
    guards.uninstall(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
