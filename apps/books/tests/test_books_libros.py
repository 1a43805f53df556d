"""Daily books through the API: foreseen, made, printed, dissolved."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zlib
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from apps.books import actions, rendering
from apps.books.errors import NothingToBook
from apps.books.models import DailyBook, DailyBookContent, DailyBookEntry
from apps.common import guards
from apps.companies.models import Company, CompanyKind, Period, PeriodStatus
from apps.trans.actions import close_transactions, erase_company_books, reverse_transaction
from apps.trans.models import Transaction
from apps.trans.verification.verify import verify_ledger
from services.daily import libro_diario, typesetting

pytestmark = pytest.mark.django_db
URL = "/api/libros/"
MARCH = {"name": "Marzo", "date_from": "2026-03-01", "date_to": "2026-03-31"}
SALE = {"11101": 121_000, "41101": -100_000, "21401": -21_000}


@pytest.fixture
def march(record):
    """Verified on the 20th, the 5th and in April; one that awaits verification."""
    return [
        record("2026-03-20", "Segunda", SALE, 1), record("2026-03-05", "Primera", SALE, 1),
        record("2026-04-01", "De abril", SALE, 1), record("2026-03-10", "Pendiente", SALE, 0),
    ]


@pytest.fixture
def book(teacher_api, march):
    return teacher_api.post(URL, MARCH).json()


def numbers():
    return dict(Transaction.objects.filter(number__isnull=False).values_list("legend", "number"))


def tamper(statement):
    """Run a statement with the guards out of the way."""
    connection.check_constraints()
    guards.uninstall(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def pages_text(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def codes_of(company):
    return [finding.code for finding in verify_ledger(company)]


def test_a_preview_tells_what_a_book_would_hold_and_closes_nothing(teacher_api, march):
    answer = teacher_api.post(f"{URL}preview/", MARCH)
    assert (answer.status_code, answer.json()) == (
        200, {"entries_count": 2, "total_debit": 242_000, "total_credit": 242_000},
    )
    assert numbers() == {}


def test_a_book_closes_the_verified_of_the_range_and_numbers_them_by_date(teacher_api, teacher, march):
    answer = teacher_api.post(URL, MARCH)
    body = answer.json()
    assert answer.status_code == 201
    assert {key: body[key] for key in ("name", "entries_count", "lines_count", "total", "status", "created_by")} == {
        "name": "Marzo", "entries_count": 2, "lines_count": 6, "total": 242_000, "status": "closed",
        "created_by": teacher.pk,
    }
    assert numbers() == {"Primera": 1, "Segunda": 2}
    assert codes_of(Company.objects.get(is_default=True)) == []


def test_the_digest_is_of_the_content_that_is_kept(book):
    content = zlib.decompress(DailyBookContent.objects.get().packed)
    assert book["sha256"] == sha256(content).hexdigest()
    company, name, date_from, _date_to, asientos = json.loads(content)
    assert (company, name, date_from) == ("Mosaite", "Marzo", "2026-03-01")
    assert asientos[0] == [1, "2026-03-05", "Primera", [
        ["11101", "Caja", 121_000, 0], ["41101", "Ventas", 0, 100_000], ["21401", "IVA débito fiscal", 0, 21_000],
    ]]


def test_a_book_may_be_of_a_user_or_a_group_alone(teacher_api, record, student, classmate):
    record("2026-03-05", "De ella", SALE, 1, user=student)
    record("2026-03-06", "De él", SALE, 1, user=classmate)
    record("2026-03-07", "De la profesora", SALE, 1)
    assert teacher_api.post(URL, {**MARCH, "user": student.pk}).json()["entries_count"] == 1
    assert teacher_api.post(f"{URL}preview/", {**MARCH, "group": "3A"}).json()["entries_count"] == 1
    assert teacher_api.post(URL, MARCH).json()["entries_count"] == 2


@pytest.mark.parametrize(("body", "status", "said"), [
    ({"date_from": "2027-01-01", "date_to": "2027-12-31"}, 400, "book_empty"),
    ({"date_from": "2026-03-31", "date_to": "2026-03-01"}, 400, "date_to"),
    ({"date_from": "2026-03-01"}, 400, "date_to"),
    ({"date_from": "1000-01-01", "date_to": "2026-03-01"}, 400, "date_from"),
    ({**MARCH, "user": 10**6}, 400, "user"),
])
def test_what_makes_no_book_is_refused(teacher_api, march, body, status, said):
    for path in (URL, f"{URL}preview/"):
        answer = teacher_api.post(path, body)
        assert answer.status_code == status
        assert said in answer.json() or answer.json()["code"] == said
    assert numbers() == {}


def test_a_book_in_a_closed_period_is_refused(teacher_api, company, march):
    Period.objects.update_or_create(company=company, year=2026, month=3, defaults={"status": PeriodStatus.CLOSED})
    answer = teacher_api.post(URL, MARCH)
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")


def test_a_book_has_a_bound(teacher_api, march, monkeypatch):
    monkeypatch.setattr(actions, "LINES_MAX", 5)
    assert teacher_api.post(URL, MARCH).json()["code"] == "book_too_large"


def test_the_pages_say_the_book_and_are_the_same_each_time(teacher_api, book, settings, tmp_path):
    first = teacher_api.get(f"{URL}{book['book_id']}/pdf/")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    text = pages_text(first)
    for said in ("Mosaite", "Marzo", "Folio 1", "11101", "Caja", "Primera", "1.210,00", "2.420,00", book["sha256"]):
        assert said in text
    settings.BOOKS_DIR = tmp_path
    assert teacher_api.get(f"{URL}{book['book_id']}/pdf/").content == first.content


def test_a_renamed_account_changes_no_book(teacher_api, book, codes, settings, tmp_path):
    before = teacher_api.get(f"{URL}{book['book_id']}/pdf/").content
    assert teacher_api.patch(f"/api/accounts/{codes['11101']}/", {"name": "Efectivo"}).status_code == 200
    settings.BOOKS_DIR = tmp_path
    assert teacher_api.get(f"{URL}{book['book_id']}/pdf/").content == before


def test_the_pages_of_a_large_book_are_made_by_a_process(teacher_api, march, monkeypatch, settings, tmp_path):
    started = []
    settings.BOOKS_DIR = tmp_path
    monkeypatch.setattr(rendering, "ONE_DOCUMENT_LINES", 5)
    monkeypatch.setattr(rendering.subprocess, "Popen", lambda command, **_how: started.append(command))
    book_id = teacher_api.post(URL, MARCH).json()["book_id"]
    answer = teacher_api.get(f"{URL}{book_id}/pdf/")
    assert (answer.status_code, answer.json()["progress"], answer.headers["Retry-After"]) == (202, 0, "2")
    assert len(started) == 1  # the lease of the first holds
    monkeypatch.undo()
    call_command("render_daily_book", str(book_id), "--lease", started[0][-1], verbosity=0)
    assert teacher_api.get(f"{URL}{book_id}/pdf/").content.startswith(b"%PDF")
    assert teacher_api.get(f"{URL}{book_id}/").json()["progress"] == 100


def test_a_lease_that_ran_out_is_taken_by_the_next(book):
    lease = actions.claim_pages(book["book_id"])
    with pytest.raises(CommandError):
        call_command("render_daily_book", str(book["book_id"]))
    DailyBook.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert actions.claim_pages(book["book_id"]) not in {None, lease}
    with pytest.raises(CommandError):
        call_command("render_daily_book", "987654")


def test_a_typesetter_that_fails_is_told_and_the_book_stands(teacher_api, march, monkeypatch, settings, tmp_path):
    settings.BOOKS_DIR = tmp_path

    def fail(*_document, **_how):
        raise typesetting.TypesettingFailed("x")

    monkeypatch.setattr(libro_diario, "typeset", fail)
    made = teacher_api.post(URL, MARCH)
    assert made.status_code == 201
    answer = teacher_api.get(f"{URL}{made.json()['book_id']}/pdf/")
    assert (answer.status_code, answer.json()["code"]) == (503, "book_pages_failed")


def test_the_list_is_filtered(teacher_api, book, teacher, student):
    for query, found in [
        ({}, 1), ({"search": "MARZO"}, 1), ({"search": "abril"}, 0), ({"date_from": "2026-03-01"}, 1),
        ({"date_from": "2026-03-02"}, 0), ({"date_to": "2026-03-30"}, 0), ({"created_by": teacher.pk}, 1),
        ({"created_by": student.pk}, 0), ({"status": "dissolved"}, 0),
    ]:
        assert len(teacher_api.get(URL, query).json()) == found, query
    assert teacher_api.get(URL, {"date_from": "ayer"}).status_code == 400


def test_dissolving_gives_the_transactions_back(teacher_api, company, book):
    assert teacher_api.delete(f"{URL}{book['book_id']}/").status_code == 204
    assert set(Transaction.objects.values_list("status", flat=True)) == {0, 1}
    assert numbers() == {}
    assert teacher_api.get(f"{URL}{book['book_id']}/").json()["status"] == "dissolved"
    assert codes_of(company) == []
    for answer in (teacher_api.delete(f"{URL}{book['book_id']}/"), teacher_api.get(f"{URL}{book['book_id']}/pdf/")):
        assert (answer.status_code, answer.json()["code"]) == (409, "book_dissolved")
    assert teacher_api.post(URL, MARCH).json()["sha256"] == book["sha256"]


def test_dissolving_leaves_no_gap_in_the_numbers(teacher_api, teacher, company, book, march):
    close_transactions([march[2]], acting_user=teacher, company=company)
    assert numbers()["De abril"] == 3
    assert teacher_api.delete(f"{URL}{book['book_id']}/").status_code == 204
    assert numbers() == {"De abril": 1}
    assert codes_of(company) == []


def test_a_book_with_later_books_cannot_be_dissolved(teacher_api, book):
    later = teacher_api.post(URL, {"date_from": "2026-04-01", "date_to": "2026-04-30"}).json()
    answer = teacher_api.delete(f"{URL}{book['book_id']}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "book_not_last")
    assert teacher_api.delete(f"{URL}{later['book_id']}/").status_code == 204
    assert teacher_api.delete(f"{URL}{book['book_id']}/").status_code == 204


def test_a_book_of_which_something_was_reversed_cannot_be_dissolved(teacher_api, teacher, company, book, march):
    reverse_transaction(march[0], reason="Error", acting_user=teacher, company=company)
    answer = teacher_api.delete(f"{URL}{book['book_id']}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "book_reversed")


def test_a_business_dissolves_no_book(business_mode, as_user, admin_user, book):
    assert as_user(admin_user).delete(f"{URL}{book['book_id']}/").status_code == 403


@pytest.mark.parametrize("statement", [
    "UPDATE daily_books SET sha256 = 'x'", "UPDATE daily_books SET status = 'dissolved'", "DELETE FROM daily_books",
    "UPDATE daily_book_contents SET book_id = book_id", "DELETE FROM daily_book_contents",
    "DELETE FROM daily_book_entries", "UPDATE daily_book_entries SET book_id = book_id + 1",
])
def test_the_database_itself_keeps_a_book(book, statement):
    with pytest.raises(IntegrityError, match="mosaite:book_fixed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert DailyBookEntry.objects.count() == 2


def test_only_closed_transactions_of_the_company_are_of_a_book(book, march):
    with pytest.raises(IntegrityError, match="mosaite:book_fixed"), transaction.atomic():
        DailyBookEntry.objects.create(book_id=book["book_id"], transaction_id=march[3])


def test_erasing_a_companys_books_takes_its_daily_books_along(teacher, company, book):
    company.kind = CompanyKind.PRACTICE
    company.save()
    assert erase_company_books(company, acting_user=teacher) == 4
    assert not DailyBook.objects.exists()


def test_students_read_and_only_who_closes_makes(student_api, teacher_api, book):
    assert [found["book_id"] for found in student_api.get(URL).json()] == [book["book_id"]]
    assert student_api.get(f"{URL}{book['book_id']}/pdf/").status_code == 200
    for answer in (
        student_api.post(URL, MARCH), student_api.post(f"{URL}preview/", MARCH),
        student_api.delete(f"{URL}{book['book_id']}/"),
    ):
        assert answer.status_code == 403


def test_a_book_without_a_name_is_called_by_its_dates(teacher_api, march):
    assert re.search("01/03/2026.*31/03/2026", teacher_api.post(URL, {**MARCH, "name": " "}).json()["name"])


@pytest.mark.parametrize(("statement", "code"), [
    ("UPDATE daily_books SET sha256 = 'x'", "book_digest"),
    ("DELETE FROM daily_book_contents", "book_digest"),
    ("DELETE FROM daily_book_entries", "book_content"),
    ("UPDATE transactions SET number = 9 WHERE number = 2", "book_content"),
])
def test_the_verification_finds_a_book_that_was_tampered_with(company, book, statement, code):
    tamper(statement)
    assert code in {finding.code for finding in verify_ledger(company)}


def test_a_renamed_account_is_no_fault_of_a_book(teacher_api, company, book, codes):
    teacher_api.patch(f"/api/accounts/{codes['11101']}/", {"name": "Efectivo"})
    assert verify_ledger(company) == []


def test_two_who_make_the_same_book_at_once_make_one(at_once, teacher, company, record):
    for day in range(1, 9):
        record(f"2026-03-{day:02}", "", SALE, 1)
    asked = actions.Range(dt.date(2026, 3, 1), dt.date(2026, 3, 31))

    def make():
        try:
            return actions.create_book(asked, acting_user=teacher, company=company).entries_count
        except NothingToBook:
            return 0

    assert sorted(at_once([make] * 4)) == [0, 0, 0, 8]
    assert set(Transaction.objects.values_list("number", flat=True)) == set(range(1, 9))
