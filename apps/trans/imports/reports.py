"""What an import says of itself, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TypedDict

from django.utils.translation import gettext as _

from apps.trans.imports.errors import RowFault
from apps.trans.imports.plans import Plan


class FaultWire(TypedDict):
    """One fault of a row."""

    column: str
    code: str
    message: str


class FileFaultWire(TypedDict):
    """What stands against the file as a whole."""

    code: str
    message: str


class RowWire(TypedDict):
    """What becomes of a row: `action` is create, skip or error."""

    row: int
    action: str
    transaction: int | None
    trans_id: int | None
    message: str
    errors: list[FaultWire]


class ReportWire(TypedDict):
    """An import or its rehearsal; `created` counts the transactions recorded, `total` their centavos."""

    dry_run: bool
    valid: bool
    created: int
    transactions: int
    total: int
    counts: dict[str, int]
    errors: list[FileFaultWire]
    rows: list[RowWire]


def write(plan: Plan, *, dry_run: bool, errors: Sequence[FileFaultWire], trans_ids: Sequence[int]) -> ReportWire:
    """Return the report; `trans_ids` are those recorded, in the order of the plan, or none."""
    rows = sorted(_rows(plan, trans_ids), key=lambda row: row["row"])
    counts = Counter(row["action"] for row in rows)
    return {
        "dry_run": dry_run,
        "valid": not plan.faults and not errors,
        "created": len(trans_ids),
        "transactions": len(plan.planned),
        "total": sum(draft.total for draft in plan.drafts),
        "counts": {action: counts[action] for action in ("create", "skip", "error")},
        "errors": list(errors),
        "rows": rows,
    }


def _rows(plan: Plan, trans_ids: Sequence[int]) -> Iterator[RowWire]:
    by_row: defaultdict[int, list[RowFault]] = defaultdict(list)
    for fault in plan.faults:
        by_row[fault.row].append(fault)
    told = set()
    for index, planned in enumerate(plan.planned):
        trans_id = trans_ids[index] if trans_ids else None
        for row in planned.rows:
            told.add(row.number)
            faults = by_row.pop(row.number, [])
            if faults:
                yield _faulty(row.number, index + 1, faults)
            elif planned.draft is None:
                yield _row(row.number, "skip", index + 1, message=_("Another row of its transaction has errors."))
            else:
                yield _row(row.number, "create", index + 1, trans_id=trans_id)
    for number, faults in by_row.items():
        yield _faulty(number, None, faults)
    for number in range(min(told, default=0), max(told, default=0)):
        if number not in told:
            yield _row(number, "skip", None, message=_("The row is blank."))


def _faulty(number: int, transaction: int | None, faults: list[RowFault]) -> RowWire:
    row = _row(number, "error", transaction, message=" ".join(fault.text for fault in faults))
    row["errors"] = [{"column": fault.column, "code": fault.code, "message": fault.text} for fault in faults]
    return row


def _row(
    number: int, action: str, transaction: int | None, *, message: str = "", trans_id: int | None = None
) -> RowWire:
    return {
        "row": number, "action": action, "transaction": transaction, "trans_id": trans_id, "message": message,
        "errors": [],
    }
