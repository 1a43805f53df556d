"""What is done every day, in this order. A room that has something to do daily adds its step here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.attachments.actions import clean_orphans
from apps.attachments.queries import file_faults
from apps.chat.errors import AlreadyRebuilding
from apps.chat.rebuilding import rebuild
from apps.chat.service import assistant
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.daily.actions import StepRecord, forget_old_days
from apps.daily.backups import make_backup, new_path, rotate
from apps.dash.recount import differences
from apps.recurring.actions import post_due
from apps.recurring.models import OccurrenceStatus
from apps.trans import idempotency
from apps.trans.verification import verify_ledger
from apps.users import sessions
from services.daily import Step, StepFailed

SHOWN_MAX = 5


def post_recurring() -> str:
    """Post the recurring transactions that are due; StepFailed where some cannot be posted."""
    outcomes = post_due(today())
    failed = [outcome for outcome in outcomes if outcome.status == OccurrenceStatus.FAILED]
    if failed:
        shown = "; ".join(f"{one.name} {one.due_date}: {one.message}" for one in failed[:SHOWN_MAX])
        text = _("Recurring transactions that could not be posted: %(count)d (posted: %(posted)d).")
        raise StepFailed(text % {"count": len(failed), "posted": len(outcomes) - len(failed)} + f" {shown}")
    return _("Recurring transactions posted: %(count)d.") % {"count": len(outcomes)}


def tidy_attachments() -> str:
    """Delete files that no attachment names, and look that each attachment has its own; StepFailed where not."""
    gone = clean_orphans()
    faults = [f"{attachment}: {fault}" for attachment, fault in file_faults()]
    if faults:
        text = _("Attachments without their file: %(count)d.")
        raise StepFailed(text % {"count": len(faults)} + f" {'; '.join(faults[:SHOWN_MAX])}")
    return _("Every attachment has its file; files without one deleted: %(count)d.") % {"count": gone}


def verify_books() -> str:
    """Recompute the books of all companies; StepFailed with the first faults."""
    findings = verify_ledger()
    if findings:
        shown = "; ".join(f"{finding.code}: {finding}" for finding in findings[:SHOWN_MAX])
        raise StepFailed(_("Faults in the books: %(count)d.") % {"count": len(findings)} + f" {shown}")
    return _("The books of %(count)d companies are right.") % {"count": Company.objects.count()}


def back_up() -> str:
    """Back everything up; older backups go only where today's books were found right."""
    made = make_backup(new_path(settings.BACKUP_DIR))
    gone = []
    if StepRecord().done(today(), "verify") is not None:
        gone = rotate(settings.BACKUP_DIR, days=settings.BACKUP_KEEP_DAYS, months=settings.BACKUP_KEEP_MONTHS)
    return _("Backed up to %(path)s (%(megabytes).1f MB); older ones deleted: %(gone)d.") % {
        "path": made.path, "megabytes": made.size / 1e6, "gone": len(gone),
    }


def recount_statistics() -> str:
    """Hold the dashboard's figures against a recount of the rows; StepFailed where they differ."""
    today = timezone.localdate()
    wrong: list[str] = []
    companies = [*Company.objects.order_by("pk")]
    for company in [None, *companies]:
        with snapshot():
            found = differences(company, today=today)
        name = company.name if company else _("all companies")
        wrong += [f"{name}: {difference.figure}" for difference in found]
    if wrong:
        text = _("The dashboard differs from the rows in %(count)d figures: %(figures)s.")
        raise StepFailed(text % {"count": len(wrong), "figures": ", ".join(wrong[:SHOWN_MAX])})
    return _("The dashboard of %(count)d companies is right.") % {"count": len(companies)}


def end_old_sessions() -> str:
    """Delete what is left of expired sessions: of the API's clients and of the admin's."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return _("Expired tokens deleted: %(count)d.") % {"count": sessions.purge_expired()}


def forget_old_requests() -> str:
    """Delete idempotency keys that nobody will repeat any more."""
    return _("Idempotency keys forgotten: %(count)d.") % {"count": idempotency.purge_expired()}


def refresh_index() -> str:
    """Rebuild the assistant's index where its documents have changed."""
    service = assistant()
    service.tidy_networks()
    if service.is_fresh():
        return _("The assistant's index is up to date.")
    try:
        stats = rebuild(lease=None)
    except AlreadyRebuilding:
        return _("Another process is rebuilding the assistant's index.")
    return _("The assistant's index was rebuilt: %(count)d documents.") % {"count": stats["total_documents"]}


def forget_old_records() -> str:
    """Delete this room's own record of days long past."""
    return _("Steps of past days forgotten: %(count)d.") % {"count": forget_old_days(timezone.localdate())}


# What is due is posted first, and all of it verified before it is backed up; what only tidies comes last.
STEPS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("recurring", post_recurring),
    ("verify", verify_books),
    ("attachments", tidy_attachments),
    ("backup", back_up),
    ("statistics", recount_statistics),
    ("sessions", end_old_sessions),
    ("idempotency", forget_old_requests),
    ("index", refresh_index),
    ("records", forget_old_records),
)


def steps(only: set[str] | None = None) -> list[Step]:
    """Return the day's steps, or those of them that are named."""
    return [Step(name, act) for name, act in STEPS if only is None or name in only]


def today() -> dt.date:
    """Return the day whose steps are due, in the installation's zone."""
    return timezone.localdate()
