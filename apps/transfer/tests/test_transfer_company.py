"""A company leaves as one archive and comes in whole, or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import Account
from apps.attachments.models import Attachment
from apps.attachments.queries import content_of as content_of_paper
from apps.attachments.queries import file_faults
from apps.audit.models import AuditChain, AuditEvent
from apps.audit.queries import earlier_chains, head_of, verification
from apps.books.models import DailyBook, DailyBookEntry
from apps.books.queries import content_of
from apps.common import guards
from apps.companies.actions import reopen_period
from apps.companies.models import Company, Period
from apps.trans.models import Entry, Transaction
from apps.trans.verification import verify_ledger
from apps.transfer.company.bringing import import_company
from apps.transfer.company.writing import write_archive
from apps.transfer.errors import BroughtBefore, TransferRefused
from apps.users.models import User
from services.daily import archive
from tests.contract.world import row_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(books, tmp_path) -> Path:
    """The archive of the books."""
    write_archive(books.company, tmp_path / "empresa.zip")
    return tmp_path / "empresa.zip"


def picture(company: Company) -> dict[str, Any]:
    """Return everything that an archive promises to keep, without keys of this installation."""
    lines: dict[int, list[tuple[Any, ...]]] = {}
    for key, *line in Entry.objects.filter(transaction__company=company).order_by("pk").values_list(
        "transaction_id", "account__code", "date", "debit", "credit"
    ):
        lines.setdefault(key, []).append(tuple(line))
    fields = ("user__email", "date", "legend", "status", "kind", "number", "fiscal_year", "version", "created_at",
              "updated_at", "total", "reverses__number", "reverses__date")
    transactions = [
        (*row[1:], lines[row[0]])
        for row in Transaction.objects.filter(company=company).order_by("created_at").values_list("pk", *fields)
    ]
    accounts = Account.objects.filter(company=company).order_by("code").values_list(
        "code", "name", "nature", "kind", "status", "postable", "parent__code", "liquidity", "monetary", "debits",
        "credits",
    )
    books = [
        (
            book.name, book.date_from, book.date_to, book.created_by.email, book.created_at, book.entries_count,
            book.total, book.sha256, book.status, content_of(book),
            list(DailyBookEntry.objects.filter(book=book).order_by("pk").values_list(
                "transaction__number", "transaction__date"
            )),
        )
        for book in DailyBook.objects.filter(company=company).order_by("pk")
    ]
    periods = Period.objects.filter(company=company).order_by("year", "month").values_list("year", "month", "status")
    papers = [
        (
            paper.name, paper.content_type, paper.created_at, paper.user.email, paper.transaction.created_at,
            content_of_paper(paper),
        )
        for paper in Attachment.objects.filter(company=company).order_by("pk")
    ]
    return {
        "accounts": list(accounts), "transactions": transactions, "books": books, "periods": list(periods),
        "papers": papers,
    }


def test_everything_comes_as_it_was(books, path):
    brought = import_company(path, name="Copia")
    here, there = picture(brought), picture(books.company)
    assert here == there
    assert len(here["papers"]) == 2
    assert verify_ledger() == []
    assert list(file_faults()) == []


def test_the_trail_comes_as_it_was_written_and_is_verified_by_its_own_hashes(books, path, teacher_api):
    head = head_of(books.company.pk)
    brought = import_company(path, name="Copia")
    (earlier,) = earlier_chains(brought.pk)
    assert verification(earlier, anchor=head).valid
    told = ("seq", "at", "user_id", "user_email", "action", "subject", "subject_id", "detail", "prev_hash", "hash")
    then = AuditEvent.objects.filter(chain=books.company.pk).order_by("seq").values_list(*told)
    assert list(AuditEvent.objects.filter(chain=earlier).order_by("seq").values_list(*told)) == list(then)
    answer = teacher_api.get("/api/audit/verify/?chain=earlier", headers={"X-Company": str(brought.pk)}).json()
    assert (answer["valid"], answer["head"]["hash"]) == (True, head.hash)
    rows = teacher_api.get("/api/audit/?chain=earlier&page_size=5", headers={"X-Company": str(brought.pk)}).json()
    assert rows[0]["seq"] == head.seq
    assert teacher_api.get("/api/audit/?chain=earlier").json() == []


def test_a_changed_event_of_the_earlier_trail_is_found(books, path):
    brought = import_company(path, name="Copia")
    guards.uninstall(connection)
    (earlier,) = earlier_chains(brought.pk)
    AuditEvent.objects.filter(chain=earlier, seq=2).update(detail='{"x":1}')
    guards.install(connection)
    assert [(found.code, found.company_id) for found in verify_ledger(brought)] == [
        ("chain_event_changed", brought.pk)
    ]
    assert [found.code for found in verify_ledger(books.company)] == []


def test_work_goes_on_where_it_was_left(books, path):
    """Numbers follow the last one, a reopened year takes entries, and the company may move on."""
    brought = import_company(path, name="Copia")
    accounts = dict(Account.objects.filter(company=brought).values_list("code", "pk"))
    there = type(books)(brought, books.user, {"caja": accounts["11101"], "ventas": accounts["41101"]})
    reopen_period(Period.objects.get(company=brought, year=2025).pk, **there.who)
    for day, number in ((dt.date(2025, 12, 31), 3), (dt.date(2026, 6, 1), 4)):
        key = there.post(day, "Sigue", "caja", "ventas", 100)
        there.close(key)
        assert Transaction.objects.get(pk=key).number == number
    write_archive(brought, path.with_name("otra.zip"))
    again = import_company(path.with_name("otra.zip"), name="Copia de la copia")
    assert picture(again) == picture(brought)
    assert len(earlier_chains(again.pk)) == 2
    assert {verification(chain).valid for chain in earlier_chains(again.pk)} == {True}
    assert verify_ledger() == []


def test_people_who_are_not_here_come_without_a_way_in(books, path):
    with zipfile.ZipFile(path) as zipped:
        assert b"pass" not in zipped.read("users.jsonl")
    call_command("export_company", str(books.company.pk), to=path, stdout=io.StringIO())
    moved = User.objects.get(email="ñandú@example.com")
    moved.email = "otro@example.com"
    moved.save()
    brought = import_company(path, name="Copia")
    came = User.objects.get(email="ñandú@example.com")
    assert (came.status, came.company, came.has_usable_password()) == (1, brought, False)
    assert Transaction.objects.filter(company=brought, user=came).count() == 3
    assert User.objects.get(pk=books.user.pk).company == books.company


def test_the_same_books_come_once_unless_told_again(path):
    import_company(path, name="Copia")
    with pytest.raises(BroughtBefore):
        import_company(path, name="Otra copia")
    assert import_company(path, name="Otra copia", again=True).name == "Otra copia"


def test_a_name_that_is_taken_is_refused(books, path):
    before = row_counts()
    with pytest.raises(TransferRefused):
        import_company(path)
    assert row_counts() == before


# --- What is not as it was written ----------------------------------------------------------------------------


def rewritten(path: Path, name: str, change) -> Path:
    """Return an archive whose sums are right and one file's lines are changed."""
    to = path.with_name("cambiado.zip")
    with archive.reading(path, kind="mosaite-company") as old:
        facts = dict(old.manifest.facts)
        with archive.writing(to, kind="mosaite-company", version=old.manifest.format, facts=lambda: facts) as new:
            for file in old.manifest.files:
                data = b"".join(old.pieces(file))
                if name.endswith("/") and file.name.startswith(name):
                    data = change(data)
                elif file.name == name:
                    rows = [json.loads(line) for line in data.splitlines()]
                    changed = change(rows)
                    data = b"".join(json.dumps(row).encode() + b"\n" for row in (rows if changed is None else changed))
                new.add_stream(file.name, iter([data]))
            if name == "manifest":
                change(facts)
    return to


def put(index: int, **fields):
    def change(rows):
        rows[index].update(fields)

    return change


def stored(settings) -> set[Path]:
    return {path for path in settings.ATTACHMENTS_DIR.rglob("*") if path.is_file()}


def drop_last(rows):
    del rows[-1]


def forge_book(rows):
    """Change what a book says, and its digest with it."""
    forged = rows[0]["content"].replace("Día 0", "Día 9")
    assert forged != rows[0]["content"]
    rows[0].update(content=forged, sha256=hashlib.sha256(forged.encode()).hexdigest())


@pytest.mark.parametrize(
    "name, change",
    [
        ("transactions.jsonl", put(0, legend="Otra")),
        ("transactions.jsonl", put(0, date="2025-12-29")),
        ("transactions.jsonl", put(0, number=7)),
        ("transactions.jsonl", put(0, status=1, number=None)),
        ("transactions.jsonl", put(0, lines=[[1, 5, 0], [2, 0, 5]])),
        ("transactions.jsonl", put(0, lines="x")),
        ("transactions.jsonl", put(0, user=99999)),
        ("transactions.jsonl", put(2, reverses=99999)),
        ("transactions.jsonl", put(0, created_at="ayer")),
        ("transactions.jsonl", put(0, kind="invented")),
        ("transactions.jsonl", drop_last),
        ("accounts.jsonl", drop_last),
        ("accounts.jsonl", put(1, parent="99")),
        ("accounts.jsonl", put(1, kind="nada")),
        ("accounts.jsonl", put(1, code=None)),
        ("accounts.jsonl", put(1, postable=False)),
        ("periods.jsonl", put(0, month=13)),
        ("periods.jsonl", put(0, status="ajar")),
        ("users.jsonl", put(0, rol=9)),
        ("users.jsonl", lambda _rows: []),
        ("users.jsonl", lambda _rows: ["x"]),
        ("books.jsonl", put(0, sha256="0" * 64)),
        ("books.jsonl", put(0, content="[]")),
        ("books.jsonl", put(0, transactions=[99999])),
        ("books.jsonl", put(0, date_to="2020-01-01")),
        ("books.jsonl", forge_book),
        ("attachments.jsonl", put(0, transaction=99999)),
        ("attachments.jsonl", put(0, user=99999)),
        ("attachments.jsonl", put(0, id=99999)),
        ("attachments.jsonl", put(0, name=None)),
        ("attachments.jsonl", drop_last),
        ("attachments/", lambda _data: b"<html><script>"),
        ("trail.jsonl", put(1, detail="{}")),
        ("trail.jsonl", put(1, user_email="otro@example.com")),
        ("trail.jsonl", drop_last),
        ("manifest", lambda facts: facts.update(total=0)),
        ("manifest", lambda facts: facts.update(trails=[])),
        ("manifest", lambda facts: facts.update(company={"name": "", "kind": "shared"})),
        ("manifest", lambda facts: facts.update(company=None)),
    ],
)
def test_what_is_not_as_its_trail_recorded_is_refused_whole(path, name, change, settings):
    before, files = row_counts(), stored(settings)
    with pytest.raises(TransferRefused):
        import_company(rewritten(path, name, change), name="Copia")
    assert (row_counts(), stored(settings)) == (before, files)


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK")
    for name in ("x.zip", "absent.zip"):
        with pytest.raises(CommandError):
            call_command("import_company", str(tmp_path / name))


def test_the_commands_tell_what_they_did(books, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    call_command("export_company", str(books.company.pk), stdout=out)
    (made,) = tmp_path.glob("*.mosaite.zip")
    assert made.name in out.getvalue()
    call_command("import_company", str(made), name="Copia", stdout=out)
    assert Company.objects.get(name="Copia").kind == books.company.kind
    with pytest.raises(CommandError):
        call_command("export_company", "99999")
    with pytest.raises(CommandError):
        call_command("export_company", str(books.company.pk), to=tmp_path / "no" / "such" / "folder.zip")


def test_an_empty_company_moves_too(other_company, tmp_path):
    write_archive(other_company, tmp_path / "vacia.zip")
    brought = import_company(tmp_path / "vacia.zip", name="Copia")
    assert not Transaction.objects.filter(company=brought).exists()
    assert not AuditChain.objects.filter(company_id=brought.pk).exists()


@pytest.mark.postgresql
def test_a_company_moves_to_the_other_engine_and_back(books, path, tmp_path):
    root = Path(__file__).parents[3]
    data = tmp_path / "data"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{data}/m.sqlite3", "DATA_DIR": str(data)}

    def manage(*words: str) -> str:
        run = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=root, env=environment, capture_output=True, text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    manage("migrate", "-v0")
    manage("import_company", str(path), "--name", "Allá")
    manage("verify_ledger")
    manage("export_company", "2", "--to", str(tmp_path / "vuelta.zip"))
    back = import_company(tmp_path / "vuelta.zip", name="De vuelta")
    assert picture(back) == picture(books.company)
    assert verify_ledger() == []
