"""Documents of transactions over the API."""

from __future__ import annotations

import os

import pytest
from django.core.management import CommandError, call_command

from apps.attachments import files
from apps.attachments.actions import PER_TRANSACTION_MAX, clean_orphans
from apps.attachments.models import Attachment
from apps.attachments.tests.conftest import JPEG, PDF, PNG, TEXT, WEBP, XML, send, stored
from apps.audit.models import AuditEvent
from apps.companies.actions import close_period, open_period
from apps.trans.actions import erase_company_books
from apps.trans.models import Transaction
from apps.trans.tests.books import recorded
from apps.trans.verification import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("content,name,kind,kept", [
    (PDF, "factura.pdf", "application/pdf", "factura.pdf"), (PNG, "foto.PNG", "image/png", "foto.png"),
    (JPEG, "foto.jpeg", "image/jpeg", "foto.jpeg"), (WEBP, "foto", "image/webp", "foto.webp"),
    (XML, "cae.xml", "application/xml", "cae.xml"), (TEXT, "recibo.txt", "text/plain; charset=utf-8", "recibo.txt"),
    (PNG, "factura.pdf", "image/png", "factura.pdf.png"), (PDF, "factura.html", "application/pdf", "factura.html.pdf"),
])
def test_what_a_document_is_is_told_by_its_content(teacher_api, trans_id, content, name, kind, kept):
    answer = send(teacher_api, trans_id, content, name)
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["content_type"], answer.json()["name"]) == (kind, kept)
    file = teacher_api.get(f"/api/attachments/{answer.json()['attachment_id']}/download/")
    assert (file.content, file["Content-Type"]) == (content, kind)
    assert file["Content-Disposition"].startswith("attachment; filename=")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]


@pytest.mark.parametrize("content", [
    b"", b"MZ\x90\x00\x03", b"<html><script>alert(1)</script></html>", b"PK\x03\x04", b"\x00\x01", b"%PDF-1.4 cortado",
    b"\xff\xfe\x00", b'<?xml version="1.0"?><a>', b'<?xml version="1.0" encoding="nada"?><a/>',
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"  <svg onload=alert(1)/>",
])
def test_anything_else_is_refused_and_leaves_no_file(teacher_api, trans_id, folder, content):
    assert send(teacher_api, trans_id, content).status_code == 400
    assert stored(folder) == []
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("name,kept", [
    ("..\\..\\etc\\factura.pdf", "factura.pdf"), ("a/b/c.pdf", "c.pdf"), ("ñandú \u202e.pdf", "ñandú .pdf"),
    ("x" * 240 + ".pdf", "x" * 146 + ".pdf"), ("...", "documento.pdf"),
])
def test_names_are_told_and_never_used(teacher_api, trans_id, folder, name, kept):
    assert send(teacher_api, trans_id, PDF, name).json()["name"] == kept
    (path,) = stored(folder)
    assert path.parent.parent == folder
    assert len(path.name) == 32
    assert path.stat().st_mode & 0o077 == 0


def test_bounds_of_size_count_and_space_are_kept(teacher_api, trans_id, settings, folder):
    settings.ATTACHMENT_BYTES_MAX = 1000
    assert send(teacher_api, trans_id, PDF + b" " * 1000).status_code == 400
    assert send(teacher_api, trans_id, PDF + b" " * 200_000).status_code == 413
    for number in range(PER_TRANSACTION_MAX):
        assert send(teacher_api, trans_id, TEXT + str(number).encode(), "a.txt").status_code == 201
    assert send(teacher_api, trans_id, TEXT).json()["code"] == "too_many_attachments"
    settings.ATTACHMENTS_MB_PER_COMPANY = 0
    Attachment.objects.first().delete()
    assert send(teacher_api, trans_id, TEXT).json()["code"] == "attachments_space_used_up"
    assert len(stored(folder)) == PER_TRANSACTION_MAX


def test_the_same_document_twice_is_refused(teacher_api, trans_id, folder):
    assert send(teacher_api, trans_id).status_code == 201
    assert send(teacher_api, trans_id, name="otra.pdf").json()["code"] == "already_attached"
    assert len(stored(folder)) == 1


def test_a_document_is_listed_and_removed_with_its_file(
    teacher_api, trans_id, folder, company, django_capture_on_commit_callbacks
):
    attachment = send(teacher_api, trans_id).json()
    address = f"/api/attachments/{attachment['attachment_id']}/"
    assert teacher_api.get(f"/api/trans/{trans_id}/attachments/").json() == [attachment]
    assert teacher_api.get(f"/api/attachments/?transaction={trans_id}").json() == [attachment]
    assert teacher_api.get(address).json() == attachment
    with django_capture_on_commit_callbacks(execute=True):
        assert teacher_api.delete(address).status_code == 204
    assert stored(folder) == []
    told = AuditEvent.objects.filter(chain=company.pk, action__startswith="attachment.").order_by("seq")
    assert [event.action for event in told] == ["attachment.added", "attachment.removed"]


def test_a_closed_transaction_takes_more_and_keeps_all(teacher_api, closed_id, folder):
    attachment = send(teacher_api, closed_id).json()
    answer = teacher_api.delete(f"/api/attachments/{attachment['attachment_id']}/")
    assert (answer.status_code, answer.json()["code"]) == (400, "attachment_kept")
    assert len(stored(folder)) == 1


def test_in_a_closed_period_nothing_is_removed(teacher_api, trans_id, teacher, company):
    attachment = send(teacher_api, trans_id).json()
    period = open_period(2026, 3, acting_user=teacher, company=company)
    close_period(period.pk, acting_user=teacher, company=company)
    assert teacher_api.delete(f"/api/attachments/{attachment['attachment_id']}/").json()["code"] == "period_closed"


def test_documents_go_with_a_deleted_transaction(teacher_api, trans_id, folder, django_capture_on_commit_callbacks):
    send(teacher_api, trans_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert teacher_api.delete(f"/api/trans/{trans_id}/").status_code == 204
    assert (Attachment.objects.count(), stored(folder)) == (0, [])


def test_documents_go_with_erased_books(teacher_api, closed_id, company, folder, django_capture_on_commit_callbacks):
    send(teacher_api, closed_id)
    with django_capture_on_commit_callbacks(execute=True):
        erase_company_books(company, acting_user=None)
    assert (Transaction.objects.count(), Attachment.objects.count(), stored(folder)) == (0, 0, [])


def test_students_add_to_their_own_and_read_all_of_their_company(
    student_api, teacher_api, trans_id, chart, as_user, outsider
):
    theirs = send(teacher_api, trans_id).json()
    assert send(student_api, trans_id, TEXT).json()["code"] == "not_own_transaction"
    assert student_api.get(f"/api/attachments/{theirs['attachment_id']}/download/").status_code == 200
    assert student_api.delete(f"/api/attachments/{theirs['attachment_id']}/").status_code == 403
    own = recorded(student_api, chart)["trans_id"]
    assert send(student_api, own).status_code == 201
    assert as_user(outsider).get(f"/api/attachments/{theirs['attachment_id']}/download/").status_code == 404
    assert as_user(outsider).get(f"/api/trans/{trans_id}/attachments/").status_code == 404


def test_a_file_that_is_gone_is_told(teacher_api, trans_id, folder):
    attachment = send(teacher_api, trans_id).json()
    call_command("check_attachments")
    stored(folder)[0].unlink()
    answer = teacher_api.get(f"/api/attachments/{attachment['attachment_id']}/download/")
    assert (answer.status_code, answer.json()["code"]) == (404, "attachment_file_missing")
    with pytest.raises(CommandError):
        call_command("check_attachments")


def test_a_file_that_was_changed_is_told(teacher_api, trans_id, folder, capsys):
    send(teacher_api, trans_id)
    stored(folder)[0].write_bytes(PDF + b"otra cosa")
    with pytest.raises(CommandError):
        call_command("check_attachments")
    assert "changed" in capsys.readouterr().out


def test_old_files_that_nothing_names_are_cleaned(teacher_api, trans_id, folder):
    send(teacher_api, trans_id)
    kept = stored(folder)[0]
    orphan, young = files.store(b"huerfano"), files.store(b"nuevo")
    part = folder / orphan[:2] / f"{orphan[:2]}{'0' * 30}.part"
    part.write_bytes(b"a medias")
    for path in (kept, folder / orphan[:2] / orphan, part):
        os.utime(path, (0, 0))
    assert clean_orphans() == 2
    assert {path.name for path in stored(folder)} == {kept.name, young}
    assert files.exists(young)


def test_a_document_leaves_the_books_as_the_trail_recorded_them(teacher_api, chart):
    """Its event has a digest too, which is not that of the transaction's content."""
    trans_id = recorded(teacher_api, chart)["trans_id"]
    assert send(teacher_api, trans_id).status_code == 201
    assert verify_ledger() == []
