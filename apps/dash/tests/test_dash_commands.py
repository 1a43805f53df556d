"""The demo's commands."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import TestCase
from django.utils import timezone, translation
from rest_framework.test import APIClient

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.books.models import DailyBook
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.dash import actions
from apps.dash.tests.books import record, tamper
from apps.trans.models import Entry, Transaction, TransactionTally
from apps.users.models import User
from conftest import make_chart

SMALL = {"students": 4, "groups": 2, "transactions_per_student": 3}
TEACHER = "profesora@mosaite.edu"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def short(monkeypatch):
    """Let the demo have three months, the first of them closed."""
    monkeypatch.setattr(actions, "MONTHS_BACK", 2)


def run(name, **options):
    out = io.StringIO()
    call_command(name, stdout=out, stderr=out, **options)
    return out.getvalue()


def load(**options):
    return run("init_dashboard_data", **SMALL | options)


def counts():
    return {model: model.objects.count() for model in (User, Company, Account, Transaction, Entry)}


class TestLoadedDemo(TestCase):
    """One demo, loaded once, in its whole length of six months."""

    @classmethod
    def setUpTestData(cls):
        with translation.override("en"):
            cls.printed = load()
        cls.company = Company.objects.get(is_demo=True)
        cls.email, cls.password = re.search(r"User: (\S+)  Password: (\S+)", cls.printed).groups()

    def test_it_lives_in_a_practice_company_of_its_own(self):
        assert (self.company.kind, self.company.is_default) == ("practice", False)
        assert set(User.objects.values_list("company", flat=True)) == {self.company.pk}
        assert set(Transaction.objects.values_list("company", flat=True)) == {self.company.pk}
        assert list(User.objects.order_by("pk").values_list("email", "rol", "group")) == [
            (TEACHER, 0, ""), ("student001@mosaite.edu", 2, "3° A"), ("student002@mosaite.edu", 2, "3° B"),
            ("student003@mosaite.edu", 2, "3° A"), ("student004@mosaite.edu", 2, "3° B"),
        ]

    def test_the_students_record_their_number_and_every_state_has_some(self):
        assert Transaction.objects.filter(user__rol=2).count() == 12
        assert set(Transaction.objects.values_list("status", flat=True)) == {0, 1, 2}
        assert not Transaction.objects.filter(date__gt=timezone.localdate()).exists()

    def test_closed_transactions_are_numbered_in_order_of_date(self):
        rows = Transaction.objects.filter(status=2).order_by("date", "number")
        numbers = list(rows.values_list("fiscal_year", "number"))
        assert numbers == sorted(numbers)
        assert sum(book.entries_count for book in DailyBook.objects.all()) == rows.count()

    def test_its_books_balance_and_are_counted_right(self):
        totals = Account.objects.aggregate(Sum("debits"), Sum("credits"))
        assert totals["debits__sum"] == totals["credits__sum"] > 0
        checked = run("check_dashboard_stats").rstrip()
        assert checked.endswith("All figures equal the rows, of 2 companies and together.")

    def test_the_printed_login_opens_the_dashboard_with_all_that_it_can_show(self):
        api = APIClient()
        login = api.post("/api/auth/login/", {"email": self.email, "password": self.password}).json()
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {login['access']}")

        shown = api.get("/api/dash/stats/").json()

        assert all(month["asientos"] > 40 for month in shown["evolucionHistorica"][:5])
        assert {notice["code"] for notice in shown["avisos"]} == {"unverified_overdue", "group_idle"}
        assert [row["grupo"] for row in shown["actividadPorGrupo"]] == ["3° A", "3° B"]
        assert "alerta" not in shown

    def test_students_have_the_same_password(self):
        body = {"email": "student004@mosaite.edu", "password": self.password}
        assert APIClient().post("/api/auth/login/", body).json()["rol"] == 2

    def test_running_it_again_adds_nothing_and_tells_the_login_again(self):
        before, events = counts(), AuditEvent.objects.count()

        again = load(students=9)

        assert (counts(), AuditEvent.objects.count()) == (before, events)
        assert again.splitlines()[1:] == self.printed.splitlines()[1:]
        assert "already" in again

    def test_a_password_changed_since_is_not_told_wrongly(self):
        teacher = User.objects.get(email=TEACHER)
        teacher.set_password("otra-clave-larga")
        teacher.save()

        assert "Password:" not in load()

    def test_clearing_asks_first_and_without_an_answer_removes_nothing(self):
        before = counts()

        with pytest.raises(CommandError, match="--confirm"):
            run("clear_dashboard_data")

        assert counts() == before

    def test_a_demo_company_in_which_others_work_is_not_cleared(self):
        User.objects.create_user(email="real@example.com", name="Real", company=self.company)
        before = counts()

        with pytest.raises(CommandError, match="1 people who are not demo data"):
            run("clear_dashboard_data", confirm=True)

        assert counts() == before

    def test_who_recorded_something_elsewhere_stays_deactivated(self):
        teacher = User.objects.get(email=TEACHER)
        record(teacher, make_chart(default_company()), "2026-03-01", status=2)

        run("clear_dashboard_data", confirm=True)

        teacher.refresh_from_db()
        assert (teacher.status, teacher.company) == (1, default_company())
        assert Transaction.objects.get().user == teacher


def test_a_demo_loaded_again_takes_its_deactivated_teacher_back(short, company, chart, make_user):
    teacher = make_user(TEACHER, rol=0, status=1, is_demo=True)
    record(teacher, chart, "2026-03-01")

    load()

    teacher.refresh_from_db()
    assert (teacher.status, teacher.company.is_demo) == (0, True)


def test_clear_starts_again_with_another_size(short, company, chart, teacher):
    load()
    record(teacher, chart, "2026-03-01", status=2)

    load(clear=True, students=6, groups=3)

    assert User.objects.filter(is_demo=True).count() == 7
    assert Transaction.objects.filter(user__is_demo=True, user__rol=2).count() == 18
    assert Transaction.objects.filter(company=company).count() == 1


@pytest.mark.parametrize("spelling", ["clear_dashboard_data", "clear_dahsboard_data"])
def test_clearing_removes_the_demo_and_nothing_else(
    short, company, chart, teacher, business_mode, spelling
):
    record(teacher, chart, "2026-03-01", status=2)
    before, chains = counts(), set(AuditEvent.objects.values_list("chain", flat=True))
    load()

    assert run(spelling, confirm=True).startswith("The demo was removed")

    assert counts() == before
    assert not TransactionTally.objects.exclude(company=company).exists()
    trail = AuditEvent.objects.exclude(chain__in=chains)
    assert {"transaction.closed", "demo.loaded", "books.erased"} <= set(trail.values_list("action", flat=True))
    assert run(spelling).startswith("There is no demo here")


def test_an_email_that_is_somebodys_stops_the_whole(db, make_user):
    make_user("student003@mosaite.edu", rol=2)
    before = counts()

    with pytest.raises(CommandError, match=r"student003@mosaite\.edu belongs to somebody"):
        load()

    assert counts() == before


def test_if_empty_leaves_a_system_in_use_alone(user):
    before = counts()

    assert "not loaded" in load(if_empty=True)

    assert counts() == before


def test_if_empty_loads_an_empty_system_once(short, db):
    assert load(if_empty=True).startswith("Demo loaded")
    assert "already" in load(if_empty=True)


@pytest.mark.parametrize("options, told", [
    (["--students", "0"], "between 1 and 500"),
    (["--students", "501"], "between 1 and 500"),
    (["--groups", "3", "--students", "2"], "groups must be between 1 and 2"),
    (["--groups", "²"], "between 1 and 24"),
    (["--transactions-per-student", "-1"], "between 1 and"),
    (["--students", "500", "--transactions-per-student", "21"], "between 1 and 20 for so many students"),
    (["--clear", "--if-empty"], "not allowed with"),
])
def test_sizes_out_of_bounds_are_refused_with_a_reason(db, options, told):
    with pytest.raises(CommandError, match=told):
        call_command("init_dashboard_data", *options)
    assert not Company.objects.filter(is_demo=True).exists()


def test_the_password_can_be_set_and_must_be_a_good_one(short, db, settings):
    settings.DEMO_PASSWORD = "12345678"
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        load()
    assert not User.objects.exists()

    settings.DEMO_PASSWORD = "piedra-papel-tijera"
    assert "Password: piedra-papel-tijera" in load()


@pytest.mark.parametrize("statement", [
    "UPDATE accounts SET debits = debits + 1 WHERE code = '11101'",
    "UPDATE transaction_tallies SET count = count + 1 WHERE status = 2",
    "UPDATE transaction_tallies SET month = '2019-01-01' WHERE count > 0",
])
def test_the_check_finds_figures_that_the_rows_do_not_bear_out(db, chart, teacher, statement):
    record(teacher, chart, timezone.localdate(), status=2)
    assert "All figures equal" in run("check_dashboard_stats")
    tamper(statement)

    with pytest.raises(CommandError, match="figures differ"):
        run("check_dashboard_stats")


def test_the_check_counts_overdue_and_idle_as_the_dashboard_does(db, chart, student, classmate, outsider, other_chart):
    today = timezone.localdate()
    record(student, chart, *[today - dt.timedelta(days=days) for days in range(0, 300, 13)], status=0)
    record(classmate, chart, *[today - dt.timedelta(days=days) for days in range(0, 300, 17)])
    record(outsider, other_chart, *[today - dt.timedelta(days=days) for days in range(70, 300, 19)], status=2)

    assert "All figures equal" in run("check_dashboard_stats")


def test_before_the_first_migrate_it_fails_with_a_sentence(tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "manage.py", "init_dashboard_data"]

    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
