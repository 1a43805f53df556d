"""Reading attachments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet, Sum

from apps.attachments import files
from apps.attachments.errors import FileMissing, UnknownAttachment
from apps.attachments.models import Attachment
from apps.companies.models import Company
from apps.trans.errors import UnknownTransaction
from apps.trans.models import Transaction


def attachments_of(company: Company) -> QuerySet[Attachment]:
    """Return a company's attachments, in the order in which they came."""
    return Attachment.objects.filter(company=company).select_related("user")


def attachments_of_transaction(trans_id: int, company: Company) -> QuerySet[Attachment]:
    """Return those of a transaction; UnknownTransaction."""
    if not Transaction.objects.filter(company=company, pk=trans_id).exists():
        raise UnknownTransaction
    return attachments_of(company).filter(transaction_id=trans_id)


def attachment_of(attachment_id: int, company: Company) -> Attachment:
    """Return one of them; UnknownAttachment."""
    found = attachments_of(company).filter(pk=attachment_id).first()
    if found is None:
        raise UnknownAttachment
    return found


def content_of(attachment: Attachment) -> bytes:
    """Return its bytes; FileMissing."""
    return files.read(attachment.stored_name)


def bytes_used(company: Company) -> int:
    """Return how many bytes the company's attachments take."""
    return Attachment.objects.filter(company=company).aggregate(used=Sum("bytes"))["used"] or 0


def file_faults() -> Iterator[tuple[Attachment, str]]:
    """Yield the attachments whose file is `missing` or `changed`."""
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        try:
            if files.digest(attachment.stored_name) != attachment.sha256:
                yield attachment, "changed"
        except FileMissing:
            yield attachment, "missing"
