"""The dashboard as JSON: the contract's literal keys, and the sentences for people."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.dash.queries import VERIFY_WITHIN_DAYS, Overdue, Statistics
from ledger.money import pesos

# The labels are literal on the wire, whatever the language.
MONTH_LABELS = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic")


def write(statistics: Statistics) -> dict[str, Any]:
    """Return the answer; `alerta` is there only when debe and haber differ."""
    answer: dict[str, Any] = {
        "total-alumnos": statistics.students,
        "cantidad-grupos": statistics.groups,
        "asientos-cargados": statistics.loaded,
        "libros-diarios": statistics.books,
        "evolucionHistorica": [
            {"mes": MONTH_LABELS[row.month.month - 1], "asientos": row.transactions, "cobertura": row.people}
            for row in statistics.evolution
        ],
        "actividadPorGrupo": [
            {"grupo": row.group, "asientos": row.transactions, "cobertura": row.people}
            for row in statistics.by_group
        ],
        "avisos": _notices(statistics),
    }
    if statistics.debit_excess:
        answer["alerta"] = _alert(statistics.debit_excess)
    return answer


def _alert(debit_excess: int) -> str:
    amount = {"amount": pesos(abs(debit_excess))}
    if debit_excess > 0:
        return _("There is a difference of $%(amount)s in favour of the debit balance") % amount
    return _("There is a difference of $%(amount)s in favour of the credit balance") % amount


def _notices(statistics: Statistics) -> list[dict[str, Any]]:
    overdue = [_overdue(statistics.overdue)] if statistics.overdue else []
    return overdue + [_idle(group) for group in statistics.idle_groups]


def _overdue(overdue: Overdue) -> dict[str, Any]:
    message = ngettext(
        "%(count)d transaction is still unverified more than %(days)d days after its month ended: %(month)s.",
        "%(count)d transactions are still unverified more than %(days)d days after their month ended;"
        " the oldest month is %(month)s.",
        overdue.transactions,
    ) % {
        "count": overdue.transactions,
        "days": VERIFY_WITHIN_DAYS,
        "month": date_format(overdue.oldest_month, "YEAR_MONTH_FORMAT"),
    }
    return {
        "code": "unverified_overdue", "mensaje": message,
        "asientos": overdue.transactions, "mes": f"{overdue.oldest_month:%Y-%m}",
    }


def _idle(group: str) -> dict[str, Any]:
    message = _("The group %(group)s has no transactions dated this month or the last one.") % {"group": group}
    return {"code": "group_idle", "mensaje": message, "grupo": group}
