"""What the database refuses of attachments, whoever writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.attachments.models import Attachment
from apps.attachments.tests.conftest import send

pytestmark = pytest.mark.django_db


def refused(code: str, statement: str, *params: object) -> None:
    with pytest.raises(IntegrityError, match=f"mosaite:{code}"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_closed_transactions_document_cannot_be_deleted(teacher_api, closed_id):
    send(teacher_api, closed_id)
    refused("attachment_kept", "DELETE FROM attachments")
    assert Attachment.objects.count() == 1


def test_an_open_ones_can(teacher_api, trans_id):
    send(teacher_api, trans_id)
    Attachment.objects.all().delete()
    assert Attachment.objects.count() == 0


def test_a_document_does_not_change(teacher_api, trans_id):
    send(teacher_api, trans_id)
    refused("attachment_fixed", "UPDATE attachments SET sha256 = 'otro'")


def test_a_document_belongs_to_its_transactions_company(teacher_api, trans_id, other_company, teacher):
    send(teacher_api, trans_id)
    refused(
        "attachment_fixed",
        "INSERT INTO attachments (company_id, transaction_id, user_id, name, content_type, bytes, sha256, stored_name,"
        " created_at) VALUES (%s, %s, %s, 'a', 'b', 1, '', 'c', '2026-01-01 00:00:00')",
        other_company.pk, trans_id, teacher.pk,
    )


@pytest.mark.postgresql
def test_documents_cannot_be_truncated():
    refused("attachment_kept", "TRUNCATE attachments")
