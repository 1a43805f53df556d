"""The demo's commands."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone, translation

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.companies.models import Company
from apps.dash import actions
from apps.dash.tests.books import record, tamper
from apps.trans.models import Entry, Transaction, TransactionTally
from apps.users.models import User

SMALL = {"students": 4, "groups": 2, "transactions_per_student": 3}
TEACHER = "profesora@mosaite.edu"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def run(name, **options):
    out = io.StringIO()
    call_command(name, stdout=out, stderr=out, **options)
    return out.getvalue()


def load(**options):
    return run("init_dashboard_data", **SMALL | options)


def counts():
    return {model: model.objects.count() for model in (User, Company, Account, Transaction, Entry)}


@pytest.fixture(autouse=True)
def _short(request, monkeypatch):
    """Load three months, the first of them closed, save where the six are what is tested."""
    if "six_months" not in request.fixturenames:
        monkeypatch.setattr(actions, "MONTHS_BACK", 2)


@pytest.fixture
def demo(db):
    """A loaded demo; returns what the command printed."""
    return load()


@pytest.fixture
def six_months(db):
    """A loaded demo in its whole length."""
    load(students=10, groups=3)


@pytest.fixture
def demo_company(demo):
    return Company.objects.get(is_demo=True)


def test_the_demo_lives_in_a_practice_company_of_its_own(demo, demo_company):
    assert (demo_company.kind, demo_company.is_default) == ("practice", False)
    assert set(User.objects.values_list("company", flat=True)) == {demo_company.pk}
    assert set(Transaction.objects.values_list("company", flat=True)) == {demo_company.pk}
    assert list(User.objects.order_by("pk").values_list("email", "rol", "group")) == [
        (TEACHER, 0, ""), ("student001@mosaite.edu", 2, "3° A"), ("student002@mosaite.edu", 2, "3° B"),
        ("student003@mosaite.edu", 2, "3° A"), ("student004@mosaite.edu", 2, "3° B"),
    ]


def test_the_students_record_their_number_over_six_months_in_every_state(six_months, teacher_api):
    today = timezone.localdate()
    assert Transaction.objects.filter(user__rol=2).count() == 30
    assert set(Transaction.objects.values_list("status", flat=True)) == {0, 1, 2}
    assert not Transaction.objects.filter(date__gt=today).exists()
    numbers = Transaction.objects.filter(status=2).order_by("date", "number").values_list("fiscal_year", "number")
    assert list(numbers) == sorted(numbers)

    shown = teacher_api.get("/api/dash/stats/").json()

    assert all(month["asientos"] > 40 for month in shown["evolucionHistorica"][:5])
    assert {notice["code"] for notice in shown["avisos"]} == {"unverified_overdue", "group_idle"}
    assert [row["grupo"] for row in shown["actividadPorGrupo"]] == ["3° A", "3° B", "3° C"]
    assert "alerta" not in shown


def test_the_demos_books_balance_and_are_counted_right(six_months):
    totals = Account.objects.aggregate(Sum("debits"), Sum("credits"))
    assert totals["debits__sum"] == totals["credits__sum"] > 0
    assert run("check_dashboard_stats").rstrip().endswith("All figures equal the rows, of 2 companies and together.")


def test_the_printed_login_opens_the_api(demo, api_client):
    email, password = re.search(r"User: (\S+)  Password: (\S+)", demo).groups()

    answer = api_client.post("/api/auth/login/", {"email": email, "password": password})

    assert (answer.status_code, answer.json()["rol"]) == (200, 0)
    student = api_client.post("/api/auth/login/", {"email": "student004@mosaite.edu", "password": password})
    assert student.status_code == 200


def test_running_it_again_adds_nothing_and_tells_the_login_again(demo):
    before, events = counts(), AuditEvent.objects.count()

    again = load(students=9)

    assert counts() == before
    assert AuditEvent.objects.count() == events
    assert again.splitlines()[1:] == demo.splitlines()[1:]
    assert "already" in again


def test_clear_starts_again_with_another_size(demo, company, chart, teacher):
    record(teacher, chart, "2026-03-01", status=2)

    load(clear=True, students=6, groups=3)

    assert User.objects.filter(is_demo=True).count() == 7
    assert Transaction.objects.filter(user__is_demo=True, user__rol=2).count() == 18
    assert Transaction.objects.filter(company=company).count() == 1


@pytest.mark.parametrize("spelling", ["clear_dashboard_data", "clear_dahsboard_data"])
def test_clearing_removes_the_demo_and_nothing_else(db, company, chart, teacher, business_mode, spelling):
    record(teacher, chart, "2026-03-01", status=2)
    before, chains = counts(), set(AuditEvent.objects.values_list("chain", flat=True))
    load()

    assert run(spelling, confirm=True).startswith("The demo was removed")

    assert counts() == before
    assert not TransactionTally.objects.exclude(company=company).exists()
    trail = AuditEvent.objects.exclude(chain__in=chains)
    assert {"transaction.closed", "demo.loaded", "books.erased"} <= set(trail.values_list("action", flat=True))
    assert run(spelling).startswith("There is no demo here")


def test_clearing_asks_first_and_without_an_answer_removes_nothing(demo):
    before = counts()

    with pytest.raises(CommandError, match="--confirm"):
        run("clear_dashboard_data")

    assert counts() == before


def test_what_a_demo_user_recorded_elsewhere_stays_with_them_deactivated(demo, company, chart):
    demo_teacher = User.objects.get(email=TEACHER)
    record(demo_teacher, chart, "2026-03-01", status=2)

    run("clear_dashboard_data", confirm=True)

    demo_teacher.refresh_from_db()
    assert (demo_teacher.status, demo_teacher.company) == (1, company)
    assert Transaction.objects.get().user == demo_teacher
    assert "already" not in load()
    assert User.objects.get(email=TEACHER).status == 0


def test_a_demo_company_in_which_others_work_is_not_cleared(demo, demo_company, make_user):
    make_user("real@example.com", company=demo_company)
    before = counts()

    with pytest.raises(CommandError, match="1 people who are not demo data"):
        run("clear_dashboard_data", confirm=True)

    assert counts() == before


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


def test_if_empty_loads_an_empty_system_once(db):
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


def test_the_password_can_be_set_and_must_be_a_good_one(db, settings):
    settings.DEMO_PASSWORD = "12345678"
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        load()
    assert not User.objects.exists()

    settings.DEMO_PASSWORD = "piedra-papel-tijera"
    assert "Password: piedra-papel-tijera" in load()


def test_a_password_changed_since_is_not_told_wrongly(demo):
    teacher = User.objects.get(email=TEACHER)
    teacher.set_password("otra-clave-larga")
    teacher.save()

    assert "Password:" not in load()


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
