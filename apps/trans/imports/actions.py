"""Recording a journal from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.audit.actions import record
from apps.audit.queries import events_of
from apps.common.db import snapshot, unit_of_work
from apps.companies.models import Company
from apps.trans.actions import post_transactions
from apps.trans.imports import reports
from apps.trans.imports.cells import WEB, Bounds
from apps.trans.imports.openings import Opening, read_opening
from apps.trans.imports.plans import Plan, plan
from apps.trans.imports.reports import FileFaultWire, ReportWire
from apps.trans.imports.rows import Reading, read_rows
from apps.trans.imports.sheets import read_sheet
from apps.users.models import User

_SUBJECT = "journal"
_DIGEST_LENGTH = 40  # what an event's subject_id holds


def rehearse_import(
    name: str, data: bytes, *, company: Company, again: bool = False, opening: Opening | None = None,
    bounds: Bounds = WEB,
) -> ReportWire:
    """Report what `import_journal` would do, and do nothing. Raises UnreadableFile."""
    reading = _read(name, data, company, opening, bounds)
    with snapshot():
        planned = plan(reading, company)
        return reports.write(planned, dry_run=True, errors=_against(planned, company, again=again), trans_ids=())


def import_journal(
    name: str, data: bytes, *, acting_user: User, company: Company, again: bool = False,
    opening: Opening | None = None, bounds: Bounds = WEB,
) -> ReportWire:
    """Record all transactions of a CSV or XLSX file, each to be verified; or none, where the report is not valid.

    With `opening` the file is one of balances, and the transaction is one. A journal that was imported
    before, from whatever file, is refused unless `again`. Raises UnreadableFile.
    """
    # Read before the unit begins: nobody else's posting waits for a file to be parsed.
    reading = _read(name, data, company, opening, bounds)
    return _record(name, reading, acting_user=acting_user, company=company, again=again)


def _read(name: str, data: bytes, company: Company, opening: Opening | None, bounds: Bounds) -> Reading:
    sheet = read_sheet(name, data, bounds)
    return read_rows(sheet) if opening is None else read_opening(sheet, opening, company)


@unit_of_work
def _record(name: str, reading: Reading, *, acting_user: User, company: Company, again: bool) -> ReportWire:
    planned = plan(reading, company)
    errors = _against(planned, company, again=again)
    if planned.faults or errors:
        return reports.write(planned, dry_run=False, errors=errors, trans_ids=())
    posted = post_transactions(planned.drafts, acting_user=acting_user, company=company)
    detail = {"file": name, "transactions": len(posted), "sha256": planned.digest}
    record(
        "journal.imported", acting_user=acting_user, company_id=company.pk, subject=_SUBJECT,
        subject_id=planned.digest[:_DIGEST_LENGTH], detail=detail,
    )
    return reports.write(planned, dry_run=False, errors=(), trans_ids=[transaction.pk for transaction in posted])


def _against(planned: Plan, company: Company, *, again: bool) -> Sequence[FileFaultWire]:
    """Return what stands against the journal as a whole: that it was imported before."""
    if again or planned.faults:
        return ()
    imported = events_of(company.pk).filter(subject=_SUBJECT, subject_id=planned.digest[:_DIGEST_LENGTH])
    at = imported.values_list("at", flat=True).first()
    if at is None:
        return ()
    message = _(
        "This journal was already imported on %(date)s: to record all of it once more, repeat the import with"
        " again=true."
    )
    return [{"code": "already_imported", "message": message % {"date": f"{dt.datetime.fromisoformat(at):%d/%m/%Y}"}}]
