"""A statement beside another of the same kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.common.sheets import CellType, Column
from ledger.statements import Section, change_tenths


def compared(amount: int, then: int) -> dict[str, Any]:
    """Return the cells that set an amount beside an earlier one."""
    tenths = change_tenths(amount, then)
    return {
        "saldo_comparado": then, "variacion": amount - then,
        "variacion_porcentual": None if tenths is None else str(Decimal(tenths).scaleb(-1)),
    }


def beside(
    now: Sequence[dict[str, Any]], then: Sequence[dict[str, Any]], dates: Mapping[str, dt.date]
) -> list[dict[str, Any]]:
    """Return the rows of a statement with those of another beside them, in order of section and code.

    What stands in one of them only is 0 in the other; `dates` are those of the first. Rows without an
    account come last in their section.
    """
    rows_now, rows_then = ({(row["section"], row["acc_id"], row["name"]): row for row in rows} for rows in (now, then))
    found = []
    for key in {**rows_now, **rows_then}:
        row, other = rows_now.get(key), rows_then.get(key)
        amount, amount_then = row["saldo"] if row else 0, other["saldo"] if other else 0
        shown = dict(row or other or {})
        shown |= {"saldo": amount, "opens": shown["opens"] | dates}
        found.append(shown | compared(amount, amount_then) | {"opens_compared": other["opens"] if other else None})
    order = list(Section)
    return sorted(found, key=lambda row: (order.index(Section(row["section"])), row["acc_id"] is None, row["code"]))


def columns() -> tuple[Column, ...]:
    """Return the columns of a comparison."""
    return (
        Column("saldo_comparado", _("Compared"), CellType.MONEY), Column("variacion", _("Change"), CellType.MONEY),
        Column("variacion_porcentual", _("Change %"), CellType.NUMBER),
    )
