"""Adding and removing attachments. Files come before their rows, and go after them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction as database
from django.db.models import QuerySet

from apps.attachments import files
from apps.attachments.errors import AlreadyAttached, AttachmentKept, NotTaken, SpaceUsedUp, TooLarge, TooMany
from apps.attachments.kinds import Kind, kind_of, named_after
from apps.attachments.models import NAME_MAX, Attachment
from apps.attachments.queries import attachment_of, bytes_used
from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import is_closed
from apps.config.policy import Reach
from apps.trans.errors import NotYours, UnknownTransaction
from apps.trans.models import Transaction, TransactionStatus
from apps.users.models import User

logger = logging.getLogger(__name__)
PER_TRANSACTION_MAX = 20
BATCH = 500


def attach(
    trans_id: int, name: str, content: bytes, *, acting_user: User, company: Company, reach: Reach
) -> Attachment:
    """Keep a document of a transaction, in whatever state that is.

    Raises UnknownTransaction, NotYours, TooLarge, NotTaken, AlreadyAttached, TooMany, SpaceUsedUp.
    """
    if len(content) > settings.ATTACHMENT_BYTES_MAX:
        raise TooLarge(settings.ATTACHMENT_BYTES_MAX / 2**20)
    kind = kind_of(content)
    if kind is None or not content:
        raise NotTaken
    stored_name = files.store(content)
    try:
        return _attach(
            trans_id, name, content, kind=kind, stored_name=stored_name, acting_user=acting_user, company=company,
            reach=reach,
        )
    except BaseException:
        files.remove([stored_name])
        raise


@unit_of_work
def _attach(
    trans_id: int, name: str, content: bytes, *, kind: Kind, stored_name: str, acting_user: User, company: Company,
    reach: Reach,
) -> Attachment:
    # The company too: two that come at once must not both take the last of its space.
    lock_row(Company.objects.filter(pk=company.pk)).first()
    owner = _locked(trans_id, acting_user, company, reach)
    digest = hashlib.sha256(content).hexdigest()
    there = list(Attachment.objects.filter(transaction=owner).values_list("sha256", flat=True))
    if digest in there:
        raise AlreadyAttached
    if len(there) >= PER_TRANSACTION_MAX:
        raise TooMany(PER_TRANSACTION_MAX)
    if bytes_used(company) + len(content) > settings.ATTACHMENTS_MB_PER_COMPANY * 2**20:
        raise SpaceUsedUp
    attachment = Attachment.objects.create(
        company=company, transaction=owner, user=acting_user, name=named_after(name, kind, most=NAME_MAX),
        content_type=kind.content_type, bytes=len(content), sha256=digest, stored_name=stored_name,
    )
    _tell("attachment.added", attachment, acting_user=acting_user)
    return attachment


@unit_of_work
def detach(attachment_id: int, *, acting_user: User, company: Company, reach: Reach) -> None:
    """Remove a document of a transaction that is not closed, nor dated in a closed period.

    Raises UnknownAttachment, NotYours, AttachmentKept, PeriodClosed.
    """
    attachment = attachment_of(attachment_id, company)
    owner = _locked(attachment.transaction_id, acting_user, company, reach)
    if owner.status == TransactionStatus.CLOSED:
        raise AttachmentKept
    if is_closed(company, owner.date):
        raise PeriodClosed
    _remove(Attachment.objects.filter(pk=attachment.pk))
    _tell("attachment.removed", attachment, acting_user=acting_user)


def remove_with_transactions(rows: QuerySet[Transaction]) -> None:
    """Remove the documents of transactions that are about to be deleted; a step of their room's."""
    _remove(Attachment.objects.filter(transaction__in=rows))


def clean_orphans() -> int:
    """Delete files older than a day that no row names, and return how many: those of a process that died."""
    removed, batch = 0, []
    for name in files.old_files():
        batch.append(name)
        if len(batch) == BATCH:
            removed += _clean(batch)
            batch = []
    removed += _clean(batch)
    if removed:
        logger.info("attachments.cleaned", extra={"files": removed})
    return removed


def _clean(names: Sequence[str]) -> int:
    known = set(Attachment.objects.filter(stored_name__in=names).values_list("stored_name", flat=True))
    orphans = [name for name in names if name not in known]
    for name in orphans:
        files.remove_orphan(name)
    return len(orphans)


def _remove(rows: QuerySet[Attachment]) -> None:
    names = list(rows.values_list("stored_name", flat=True))
    if names:
        rows.delete()
        database.on_commit(lambda: files.remove(names))


def _locked(trans_id: int, acting_user: User, company: Company, reach: Reach) -> Transaction:
    """Return the transaction, locked until the unit ends: it is not closed meanwhile, nor over-filled."""
    found = lock_row(Transaction.objects.filter(company=company, pk=trans_id)).first()
    if found is None:
        raise UnknownTransaction
    if reach is not Reach.ANY and found.user_id != acting_user.pk:
        raise NotYours
    return found


def _tell(action: str, attachment: Attachment, *, acting_user: User) -> None:
    record(
        action, acting_user=acting_user, company_id=attachment.company_id, subject="transaction",
        subject_id=attachment.transaction_id,
        detail={"attachment": attachment.pk, "name": attachment.name, "sha256": attachment.sha256},
    )
