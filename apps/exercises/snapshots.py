"""What was handed in, as it stood then: JSON that grading needs nothing beside.

JSON: a list of `{trans_id, date, legend, lines: [{account, name, kind, rubro, debit, credit}]}`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from apps.exercises.solutions import is_vat
from apps.trans.models import Entry, Transaction
from ledger.grading import Asiento, Card, CodedLine

Snapshot = list[dict[str, Any]]
_LINE = ("transaction_id", "account__code", "account__name", "account__kind", "account__parent__code", "debit",
         "credit")


def take(rows: QuerySet[Transaction]) -> Snapshot:
    """Return the transactions with their lines, in the order of their dates; two queries."""
    headers = list(rows.order_by("date", "pk").values_list("pk", "date", "legend"))
    lines: dict[int, list[dict[str, Any]]] = {pk: [] for pk, _date, _legend in headers}
    entries = Entry.objects.filter(transaction_id__in=list(lines)).order_by("pk").values_list(*_LINE)
    for pk, code, name, kind, rubro, debit, credit in entries:
        lines[pk].append({
            "account": code, "name": name, "kind": kind, "rubro": rubro or "", "debit": debit, "credit": credit,
        })
    return [
        {"trans_id": pk, "date": day.isoformat(), "legend": legend, "lines": lines[pk]} for pk, day, legend in headers
    ]


def digest(snapshot: Snapshot) -> str:
    """Return the SHA-256 of the canonical content."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def asientos(snapshot: Iterable[Mapping[str, Any]]) -> list[Asiento]:
    """Return what grading takes."""
    return [
        Asiento(
            found["trans_id"], dt.date.fromisoformat(found["date"]),
            tuple(CodedLine(line["account"], line["debit"], line["credit"]) for line in found["lines"]),
        )
        for found in snapshot
    ]


def cards(snapshot: Iterable[Mapping[str, Any]]) -> dict[str, Card]:
    """Return what is known of the accounts that were used, by code."""
    return {
        line["account"]: Card(line["name"], line["kind"], line["rubro"], vat=is_vat(line["name"]))
        for found in snapshot for line in found["lines"]
    }


def lines_count(snapshot: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines it has in all."""
    return sum(len(found["lines"]) for found in snapshot)
