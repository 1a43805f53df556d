"""`import_mosaite`: the first Mosaite's books come, or are set aside where everybody sees it."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from apps.accounts.actions import load_default_chart
from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.chat.models import ChatQuery
from apps.companies.models import Company, Period, PeriodStatus
from apps.trans.models import Entry, Transaction
from apps.trans.tests.books import recorded
from apps.trans.verification import verify_ledger
from apps.transfer.first.people import NOBODY
from apps.transfer.models import ImportedRow
from apps.transfer.tests.old_books import AT, PBKDF2, OldDatabase, sound
from apps.users.models import User
from tests.contract.world import row_counts, undone

pytestmark = pytest.mark.django_db

SOLD = [(1, 100, 0), (2, 0, 100)]


@pytest.fixture
def old(tmp_path) -> OldDatabase:
    """The small class's database."""
    return sound(tmp_path / "viejo.sqlite3")


def bring(path: Path, *options: str) -> dict[str, Any]:
    """Import and return the report."""
    report = path.with_name("informe.json")
    call_command("import_mosaite", str(path), "--report", str(report), *options, stdout=io.StringIO())
    return json.loads(report.read_text(encoding="utf-8"))


def codes(findings: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((found["table"], found["key"], found["code"]) for found in findings)


# --- What is sound ----------------------------------------------------------------------------------------


def test_a_sound_class_comes_whole(old):
    report = bring(old.path, "--company", "Curso 3A")
    company = Company.objects.get(name="Curso 3A")
    assert {table: (n["found"], n["brought"], n["set_aside"]) for table, n in report["counts"].items()} == {
        "users": (2, 2, 0), "accounts": (4, 4, 0), "transactions": (3, 3, 0), "transaction_entries": (7, 7, 0),
        "chat_queries": (1, 1, 0),
    }
    assert report["set_aside"] == []
    rows = Transaction.objects.filter(company=company).order_by("date")
    assert list(rows.values_list("date", "legend", "status", "number", "total", "user__email")) == [
        (dt.date(2024, 2, 1), "Aporte", 2, 1, 10_00, "ana@example.com"),
        (dt.date(2024, 3, 2), "Venta", 1, None, 50_00, "beto@example.com"),
        (dt.date(2024, 3, 5), "Venta", 2, 2, 121_00, "beto@example.com"),
    ]
    assert {row.created_at.isoformat() for row in rows} == {"2024-03-01T12:30:00+00:00"}
    caja = Account.objects.get(company=company, code="11101")
    assert (caja.saldo, caja.kind, caja.liquidity, caja.parent.code) == (181_00, "activo", "corriente", "111")
    assert Account.objects.get(company=company, code="99").kind == "orden"
    assert Account.objects.filter(company=company, postable=True).count() == 4
    question = ChatQuery.objects.get()
    assert (question.user.email, question.question, question.sources[0]["name"]) == (
        "beto@example.com", "¿Qué es el IVA?", "iva.md"
    )
    assert question.created_at.isoformat() == "2024-03-01T12:30:00+00:00"
    assert verify_ledger() == []


def test_passwords_keep_working_and_are_upgraded_at_login(old, settings):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # without the tests' cheap one
    bring(old.path)
    beto = User.objects.get(email="beto@example.com")
    assert beto.password == PBKDF2
    body = {"email": "BETO@example.com", "password": "pass1234"}
    assert APIClient().post("/api/auth/login/", body).status_code == 200
    beto.refresh_from_db()
    assert beto.password.startswith("argon2$")
    assert APIClient().post("/api/auth/login/", body).status_code == 200


def test_without_a_name_they_come_into_the_default_company(old, company):
    load_default_chart(company, acting_user=None)
    chart = Account.objects.filter(company=company).count()
    bring(old.path)
    assert Transaction.objects.filter(company=company).count() == 3
    assert Account.objects.filter(company=company).count() == chart + 1  # 99
    assert User.objects.get(email="ana@example.com").company == company


def test_a_rehearsal_reports_the_same_and_writes_nothing(old):
    before = row_counts()
    rehearsed = bring(old.path, "--company", "Nueva", "--dry-run")
    assert row_counts() == before
    done = bring(old.path, "--company", "Nueva")
    assert rehearsed == done | {"dry_run": True, "made_at": rehearsed["made_at"]}


def test_a_second_import_brings_what_is_new_and_nothing_twice(old):
    bring(old.path)
    after = row_counts()
    again = bring(old.path)
    assert {table: n["brought"] for table, n in again["counts"].items()} == dict.fromkeys(again["counts"], 0)
    assert again["counts"]["transactions"]["already"] == 3
    differing = {table for table, count in row_counts().items() if count != after[table]}
    assert differing <= {"audit_events"}
    old.post(9, *SOLD, user=2)
    assert bring(old.path)["counts"]["transactions"]["brought"] == 1
    assert Transaction.objects.count() == 4
    assert verify_ledger() == []


def test_what_changed_in_the_old_books_since_is_set_aside(old):
    bring(old.path)
    old.run("UPDATE transactions SET legend = 'Otra' WHERE trans_id = 2")
    report = bring(old.path)
    assert codes(report["set_aside"]) == [("transactions", "2", "changed_since")]
    assert report["set_aside"][0]["row"]["legend"] == "Otra"
    assert not Transaction.objects.filter(legend="Otra").exists()


def test_another_schools_file_is_not_taken_for_the_same(old, tmp_path):
    bring(old.path)
    other = OldDatabase(tmp_path / "otro.sqlite3")
    other.people((1, "Zoe", "zoe@example.com", 0, 0))
    other.chart((1, "11101", "Caja", 1), (2, "41101", "Ventas", 0))
    other.post(1, *SOLD, legend="Suya")
    other.post(2, *SOLD, legend="Suya también")
    before = row_counts()
    with pytest.raises(CommandError, match="--source"):
        bring(other.path)
    assert row_counts() == before
    assert bring(other.path, "--source", "otra escuela")["counts"]["transactions"]["brought"] == 2


# --- What is not ------------------------------------------------------------------------------------------


def test_every_ugly_row_is_set_aside_whole_with_the_reason(tmp_path, company):
    old = OldDatabase(tmp_path / "feo.sqlite3")
    old.people((1, "Ana", "ana@example.com", 0, 0), (2, "ANA", "ANA@Example.COM", 2, 0), (3, "Sin", "sin arroba", 2, 0))
    old.chart((1, "11101", "Caja", 1), (2, "41101", "Ventas", 0), (3, "ABC", "Letras", 1), (4, "11101", "Otra", 1),
              (5, "52", "", 1))
    Period.objects.create(company=company, year=2001, month=None, status=PeriodStatus.CLOSED)
    old.post(1, (1, 100, 0), (2, 0, 90))
    old.post(2, (1, 100, 0))
    old.post(3)
    old.post(4, (1, 100, 0), (77, 0, 100))
    old.post(5, (1, 100, 0), (3, 0, 100))
    old.post(6, *SOLD, date="cuando pude")
    old.post(7, *SOLD, date="31/02/2024")
    old.post(8, *SOLD, date=None)
    old.post(9, (1, 100.5, 0), (2, 0, 100.5))
    old.post(10, (1, "cien", 0), (2, 0, "cien"))
    old.post(11, (1, -100, 0), (2, 0, -100))
    old.post(12, (1, 100, 100), (2, 100, 100))
    old.post(13, *SOLD, date="01/01/1800")
    old.post(14, *SOLD, date="01/01/2001")
    old.post(15, (1, 2**62, 0), (1, 2**62, 0), (2, 0, 2**62), (2, 0, 2**62))
    old.fill("transaction_entries", [(900, 555, 1, 100, 0)])
    old.fill("chat_queries", [(1, 1, "", "x", "", 0, AT, 0), (2, 44, "¿Hola?", "x", "", 0, AT, 0)])
    report = bring(old.path)
    assert sorted((found["table"], found["code"]) for found in report["set_aside"]) == sorted([
        ("users", "email_repeated"), ("users", "email_invalid"),
        ("accounts", "code_invalid"), ("accounts", "code_repeated"), ("accounts", "name_missing"),
        ("transactions", "unbalanced"), ("transactions", "too_few_lines"), ("transactions", "no_lines"),
        ("transactions", "account_lost"), ("transactions", "account_aside"), ("transactions", "date_unreadable"),
        ("transactions", "date_unreal"), ("transactions", "date_missing"), ("transactions", "amount_fraction"),
        ("transactions", "amount_unreadable"), ("transactions", "negative_amount"), ("transactions", "two_sides"),
        ("transactions", "date_out_of_range"), ("transactions", "period_closed"),
        ("transactions", "amount_too_large"), ("transaction_entries", "transaction_lost"),
        ("chat_queries", "question_missing"), ("chat_queries", "asker_lost"),
    ])
    assert Transaction.objects.count() == 0
    unbalanced = next(found for found in report["set_aside"] if found["code"] == "unbalanced")
    assert unbalanced["row"]["date"] == "2024-03-01"
    assert [(line["debit"], line["credit"]) for line in unbalanced["lines"]] == [(100, 0), (0, 90)]
    assert PBKDF2 not in json.dumps(report)
    assert all(found["text"] and "%(" not in found["text"] for found in report["set_aside"] + report["notes"])


def test_what_can_stand_comes_with_a_note_of_what_was_assumed(tmp_path, company):
    old = OldDatabase(tmp_path / "tolerable.sqlite3")
    old.people((1, "", "ana@example.com", 9, 0), (2, "Beto", "beto@example.com", 2, "?"))
    old.run("UPDATE users SET password = 'plana' WHERE user_id = 2")
    old.chart(("1", 11101, "Caja", "Deudora"), (2, "41101", "Ventas", "Acreedora"), (3, "11101", "CAJA", "D"),
              (4, "51101", "Compras", "?"))
    old.run("UPDATE accounts SET saldo = 7 WHERE acc_id = 2")
    old.post(1, (1.0, "100", None), ("2", "", 100.0), date="05/13/2024", status="Cerrado")
    old.post(2, (3, 100, 0), (2, 0, 100), (1, 0, 0), date="3/5/24", user=99, status="raro")
    old.post(3, *SOLD, legend="x" * 600)
    report = bring(old.path)
    notes = [(table, code) for table, _key, code in codes(report["notes"])]
    assert set(notes) >= {
        ("users", "role_unknown"), ("users", "status_unknown"), ("users", "password_unknown"),
        ("accounts", "code_shared"), ("accounts", "nature_assumed"), ("accounts", "saldo_differs"),
        ("transactions", "month_first"), ("transactions", "short_year"), ("transactions", "recorder_lost"),
        ("transactions", "status_unknown"), ("transactions", "legend_cut"),
    }
    assert codes(report["set_aside"]) == [("transaction_entries", "5", "line_empty")]
    assert list(Transaction.objects.order_by("date").values_list("date", "status", "user__email")) == [
        (dt.date(2024, 3, 1), 0, "ana@example.com"), (dt.date(2024, 5, 3), 0, NOBODY),
        (dt.date(2024, 5, 13), 2, "ana@example.com"),
    ]
    ana, beto = User.objects.get(email="ana@example.com"), User.objects.get(email="beto@example.com")
    assert (ana.name, ana.status, beto.status, beto.has_usable_password()) == ("ana", 1, 1, False)
    assert verify_ledger() == []


def test_what_an_account_could_not_hold_together_with_the_rest_is_set_aside(tmp_path, company):
    old = OldDatabase(tmp_path / "enorme.sqlite3")
    old.people((1, "Ana", "ana@example.com", 0, 0))
    old.chart((1, "11101", "Caja", 1), (2, "41101", "Ventas", 0))
    for key in (1, 2, 3):
        old.post(key, (1, 2**62, 0), (2, 0, 2**62))
    assert codes(bring(old.path)["set_aside"]) == [
        ("transactions", "2", "amount_too_large"), ("transactions", "3", "amount_too_large")
    ]
    assert codes(bring(old.path)["set_aside"]) == [
        ("transactions", "2", "amount_too_large"), ("transactions", "3", "amount_too_large")
    ]
    assert Transaction.objects.count() == 1


def test_what_was_recorded_by_somebody_deleted_since_still_comes(old, teacher):
    old.people((3, "Carla", "carla@example.com", 2, 0))
    bring(old.path)
    User.objects.get(email="carla@example.com").delete()
    old.post(9, *SOLD, user=3)
    report = bring(old.path)
    assert codes(report["notes"])[-1] == ("transactions", "9", "recorder_lost")
    assert Transaction.objects.filter(user__email=NOBODY).count() == 1


def test_months_come_first_where_the_old_configuration_says_so(old):
    old.run("UPDATE config SET date_format = 'MM/DD/YYYY'")
    bring(old.path)
    assert Transaction.objects.filter(date=dt.date(2024, 5, 3), total=121_00).exists()


def test_an_account_of_the_other_nature_is_turned_where_nobody_used_it_and_set_aside_where_somebody_did(
    old, company, chart, teacher_api
):
    old.run("UPDATE accounts SET nature = 0 WHERE code = '11101'")
    recorded(teacher_api, chart)
    report = bring(old.path)
    assert ("accounts", "1", "nature_differs") in codes(report["set_aside"])
    assert Transaction.objects.count() == 1


def test_an_inactive_account_takes_its_old_entries_and_is_inactive_again(old):
    old.run("UPDATE accounts SET status = 0 WHERE acc_id = 1")
    assert bring(old.path)["counts"]["transactions"]["brought"] == 3
    caja = Account.objects.get(code="11101")
    assert (caja.status, caja.saldo) == (False, 181_00)


def test_people_who_are_here_already_keep_what_they_have(old, teacher):
    old.run("UPDATE users SET email = 'PROFESORA@example.com' WHERE user_id = 1")
    password = teacher.password
    report = bring(old.path)
    teacher.refresh_from_db()
    assert (teacher.password, teacher.name) == (password, "Profesora")
    assert ("users", "1", "user_known") in codes(report["notes"])
    assert Transaction.objects.filter(user=teacher).count() == 1


@pytest.mark.parametrize(
    "script, lacking",
    [
        ("DROP TABLE chat_queries", "chat_queries"), ("DROP TABLE config", "config"),
        ("DROP TABLE users", "users"), ("ALTER TABLE transactions DROP COLUMN legend", "transactions.legend"),
        ("ALTER TABLE accounts DROP COLUMN saldo", "accounts.saldo"),
        ("ALTER TABLE users DROP COLUMN created_at", "users.created_at"),
        ("ALTER TABLE transaction_entries DROP COLUMN entr_id", None),
    ],
)
def test_what_the_file_lacks_is_told_and_the_rest_comes(old, script, lacking):
    if lacking is None:
        old.run("CREATE TABLE lines AS SELECT trans_id AS transaction_id, acc_id AS account_id, debit, credit"
                " FROM transaction_entries; DROP TABLE transaction_entries;"
                " ALTER TABLE lines RENAME TO Transaction_Entries")
        lacking = "transaction_entries.entr_id"
    else:
        old.run(script)
    report = bring(old.path)
    assert any(lacking in found["text"] for found in report["notes"])
    assert Transaction.objects.count() == 3
    assert verify_ledger() == []


def test_what_is_not_brought_of_the_file_is_told(old):
    old.run("CREATE TABLE django_session (x TEXT); ALTER TABLE users ADD COLUMN is_superuser INTEGER;"
            "UPDATE users SET is_superuser = 1 WHERE user_id = 2; UPDATE config SET currency = 'USD'")
    notes = {found["code"]: found["text"] for found in bring(old.path)["notes"]}
    assert "django_session" in notes["others"]
    assert "USD" in notes["mode"]
    assert notes["superuser"]
    assert not User.objects.get(email="beto@example.com").is_superuser


def test_text_of_windows_and_stray_bytes_come_readable(old):
    old.run("UPDATE transactions SET legend = CAST(x'436f6d7072617320646520f1616e6475' AS TEXT) WHERE trans_id = 1;"
            "UPDATE transactions SET legend = 'con' || char(0) || 'nulo' WHERE trans_id = 2;"
            "UPDATE transactions SET legend = 'dos' || char(10) || 'renglones' WHERE trans_id = 3;")
    bring(old.path)
    assert set(Transaction.objects.values_list("legend", flat=True)) == {
        "Compras de ñandu", "connulo", "dos renglones"
    }


def test_the_old_file_is_not_touched(old):
    before = old.path.read_bytes()
    bring(old.path)
    assert old.path.read_bytes() == before
    assert {path.name for path in old.path.parent.iterdir()} == {"viejo.sqlite3", "informe.json"}


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, None, "other"])
def test_what_is_no_old_database_is_refused(tmp_path, content):
    path = tmp_path / "x.sqlite3"
    if content == "other":
        OldDatabase(path, "CREATE TABLE something (x INTEGER)")
    elif content is not None:
        path.write_bytes(content)
    before = row_counts()
    with pytest.raises(CommandError):
        bring(path)
    assert row_counts() == before


def test_nothing_is_brought_where_the_report_cannot_be_written(old, tmp_path):
    before = row_counts()
    with pytest.raises(CommandError):
        call_command("import_mosaite", str(old.path), "--report", str(tmp_path / "no" / "such" / "folder.json"))
    assert row_counts() == before


def test_the_trail_tells_what_came(old):
    bring(old.path)
    company_events = AuditEvent.objects.filter(chain__gt=0)
    assert company_events.filter(action="transaction.imported").count() == 3
    told = json.loads(company_events.get(action="first_mosaite.imported").detail)
    assert (told["transactions"], told["users"], len(told["sha256"])) == (3, 2, 64)


# --- Anything ----------------------------------------------------------------------------------------------

texts = st.sampled_from(["", " ", "x", "ñandú", "0", "1", "2", "11101", "2024-03-01", "31/12/2023", "a@b.co"])
loose = st.none() | st.integers(-2, 5) | st.sampled_from([0.5, 1.0, 2**62, -1]) | texts
keys = st.integers(1, 4)
codes_ = st.sampled_from(["11101", "41101", "1", "111", "11", "x", 21301])
dates = st.sampled_from(["2024-03-01", "1/2/2024", "x", None])
amounts = st.sampled_from([0, 0, 100, 100, 50, "100", 100.0, -5, 2**62, None, "x"])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    users=st.lists(st.tuples(*[loose] * 6), max_size=4),
    accounts=st.lists(st.tuples(codes_, *[loose] * 4), max_size=5),
    headers=st.lists(st.tuples(loose, loose, dates, loose), max_size=5),
    lines=st.lists(st.tuples(loose | keys, keys, amounts, amounts), max_size=14),
    asked=st.lists(st.tuples(*[loose] * 7), max_size=3),
)
def test_whatever_is_in_the_file_every_row_is_accounted_for(
    tmp_path_factory, company, users, accounts, headers, lines, asked
):
    path = tmp_path_factory.mktemp("old") / "any.sqlite3"
    old = OldDatabase(path)
    old.fill("users", [(None, name, email, PBKDF2, group, rol, status, at, at)
                       for name, email, group, rol, status, at in users])
    old.fill("accounts", [(None, *row) for row in accounts])
    old.fill("transactions", [(None, user, status, date, legend, AT, AT) for user, status, date, legend in headers])
    old.fill("transaction_entries", [(None, *row) for row in lines])
    old.fill("chat_queries", [(None, *row) for row in asked])
    with undone():
        report = bring(path)
        again = bring(path)
        assert verify_ledger() == []
        counts = report["counts"]
        for table, rows in (("users", users), ("accounts", accounts), ("transactions", headers),
                            ("transaction_entries", lines), ("chat_queries", asked)):
            told = counts[table]
            assert told["found"] == len(rows) == told["brought"] + told["already"] + told["set_aside"]
        assert counts["transactions"]["already"] == counts["transaction_entries"]["already"] == 0
        assert Entry.objects.count() == counts["transaction_entries"]["brought"]
        assert sum(Transaction.objects.values_list("total", flat=True)) == report["total_brought"]
        assert again["counts"]["transactions"]["brought"] == again["counts"]["chat_queries"]["brought"] == 0
        assert ImportedRow.objects.filter(table="transactions").count() == counts["transactions"]["brought"]
    shutil.rmtree(path.parent)
