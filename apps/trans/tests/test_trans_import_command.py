"""`import_entries`."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from apps.trans.models import Transaction

pytestmark = pytest.mark.django_db

JOURNAL = "fecha,leyenda,cuenta,debe,haber\n05/03/2026,Venta,11101,12.50,\n05/03/2026,Venta,41101,,12.50\n"


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "diario.csv"
    path.write_text(JOURNAL, encoding="utf-8")
    return path


def run(path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_entries", str(path), *options, stdout=out)
    return out.getvalue()


def test_it_records_the_file_as_the_first_leader_in_their_company(journal, teacher, student, company, chart):
    assert "12,50" in run(journal)
    posted = Transaction.objects.get()
    assert (posted.user, posted.company, posted.total) == (teacher, company, 12_50)


def test_user_and_company_may_be_named(journal, teacher, student, other_company, other_chart):
    run(journal, "--user", student.email.upper(), "--company", str(other_company.pk))
    assert Transaction.objects.values_list("user", "company").get() == (student.pk, other_company.pk)


def test_a_dry_run_records_nothing(journal, teacher, chart):
    run(journal, "--dry-run")
    assert not Transaction.objects.exists()


def test_it_fails_and_names_the_row_where_one_has_an_error(journal, teacher, chart):
    journal.write_text(JOURNAL.replace("41101", "40000"), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_entries", str(journal), stdout=out)
    assert "3" in out.getvalue()
    assert "40000" in out.getvalue()
    assert not Transaction.objects.exists()


def test_it_records_a_journal_once_unless_told_again(journal, teacher, chart):
    run(journal)
    with pytest.raises(CommandError):
        run(journal)
    run(journal, "--again")
    assert Transaction.objects.count() == 2


@pytest.mark.parametrize("options", [["--user", "nobody@example.com"], ["--company", "999999"]])
def test_it_fails_for_a_user_or_company_that_is_not_there(journal, teacher, chart, options):
    with pytest.raises(CommandError):
        run(journal, *options)


def test_it_fails_for_a_file_that_cannot_be_read(tmp_path, teacher, chart):
    with pytest.raises(CommandError):
        run(tmp_path / "nowhere.csv")
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(CommandError):
        run(tmp_path / "x.pdf")


def test_it_fails_where_nobody_may_record(journal, student, chart):
    with pytest.raises(CommandError, match="--user"):
        run(journal)
