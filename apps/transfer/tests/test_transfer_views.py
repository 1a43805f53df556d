"""`GET /api/companies/{id}/export/`."""

from __future__ import annotations

import pytest

from apps.transfer.company.bringing import import_company
from tests.contract.world import row_counts

pytestmark = pytest.mark.django_db


def test_the_archive_that_is_answered_can_be_brought_in(teacher_api, books, tmp_path):
    answer = teacher_api.get(f"/api/companies/{books.company.pk}/export/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    (tmp_path / "x.zip").write_bytes(content)
    assert import_company(tmp_path / "x.zip", name="Copia").name == "Copia"


@pytest.mark.parametrize("kind, first", [("beancount", b";; -*- mode: beancount"), ("hledger", b"; ")])
def test_the_journal_is_answered_as_text(teacher_api, books, kind, first):
    answer = teacher_api.get(f"/api/companies/{books.company.pk}/export/?format={kind}")
    assert answer["Content-Type"].startswith("text/plain")
    assert b"".join(answer.streaming_content).startswith(first)


def test_it_writes_nothing(teacher_api, books):
    before = row_counts()
    b"".join(teacher_api.get(f"/api/companies/{books.company.pk}/export/").streaming_content)
    assert row_counts() == before


def test_a_format_that_is_none_is_refused(teacher_api, books):
    answer = teacher_api.get(f"/api/companies/{books.company.pk}/export/?format=pdf")
    assert (answer.status_code, list(answer.json())) == (400, ["format"])


def test_no_such_company_is_not_found(teacher_api):
    assert teacher_api.get("/api/companies/99999/export/").status_code == 404


def test_only_who_leads_takes_a_company_out(student_api, as_user, outsider, books):
    for api in (student_api, as_user(outsider)):
        assert api.get(f"/api/companies/{books.company.pk}/export/").status_code == 403
