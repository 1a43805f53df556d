"""`daily`: what it does, once a day, each step by itself."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from apps.common import guards
from apps.companies.models import Period, PeriodStatus
from apps.daily import steps
from apps.daily.actions import KEPT
from apps.daily.models import DailyStep, StepState
from apps.daily.turn import turn
from apps.trans.idempotency import KEPT as KEYS_KEPT
from apps.trans.models import IdempotencyKey, Transaction
from apps.trans.tests.books import recorded
from apps.trans.tests.raw_books import sql
from services.daily import StepFailed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _light_steps(monkeypatch):
    """Leave out what reads the whole library or writes into the data folder."""
    kept = [(name, act) for name, act in steps.STEPS if name not in {"index", "backup"}]
    monkeypatch.setattr(steps, "STEPS", tuple(kept))


def put(monkeypatch, **acts) -> None:
    monkeypatch.setattr(steps, "STEPS", tuple(acts.items()))


def run(*options: str) -> list[dict]:
    out = io.StringIO()
    try:
        call_command("daily", "--json", *options, stdout=out)
    except CommandError:
        run.failed = True
    else:
        run.failed = False
    return [json.loads(line) for line in out.getvalue().splitlines()]


def outcomes(reports: list[dict]) -> dict[str, str]:
    return {report["step"]: report["outcome"] for report in reports}


def test_sound_books_pass_and_every_step_is_told(company):
    reports = run()
    assert not run.failed
    assert set(outcomes(reports).values()) == {"done"}
    assert {"verify", "statistics", "sessions", "idempotency"} <= outcomes(reports).keys()
    assert all(report["detail"] for report in reports)


def test_a_second_call_of_the_day_does_nothing(company):
    run()
    assert set(outcomes(run()).values()) == {"before"}
    assert set(DailyStep.objects.values_list("attempts", flat=True)) == {1}


def test_again_and_only_choose_what_runs(company):
    run()
    assert outcomes(run("--only", "verify", "--again")) == {"verify": "done"}
    with pytest.raises(CommandError):
        call_command("daily", "--only", "nothing")


def test_a_fault_in_the_books_fails_its_step_and_the_others_run(teacher_api, chart):
    recorded(teacher_api, chart)
    guards.uninstall(connection)
    sql("UPDATE accounts SET debits = debits + 1 WHERE acc_id = %s", chart["caja"].pk)
    guards.install(connection)
    reports = run()
    assert run.failed
    found = outcomes(reports)
    assert (found["verify"], found["sessions"]) == ("failed", "done")
    detail = next(report["detail"] for report in reports if report["step"] == "verify")
    assert "account_debits" in detail
    assert DailyStep.objects.get(step="verify").state == StepState.FAILED


def test_what_failed_is_tried_again_by_the_next_call(monkeypatch):
    calls: list[str] = []

    def act() -> str:
        calls.append("x")
        if len(calls) == 1:
            raise StepFailed("not yet")
        return "well"

    put(monkeypatch, one=act)
    assert outcomes(run()) == {"one": "failed"}
    assert outcomes(run()) == {"one": "done"}
    step = DailyStep.objects.get()
    assert (step.state, step.attempts, step.detail) == (StepState.DONE, 2, "well")


def test_an_interrupted_step_is_taken_up_where_it_was_left(monkeypatch):
    orders = [KeyboardInterrupt]

    def killed() -> str:
        if orders:
            raise orders.pop()
        return "well"

    put(monkeypatch, first=lambda: "done", killed=killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert DailyStep.objects.get(step="killed").state == StepState.RUNNING
    assert outcomes(run()) == {"first": "before", "killed": "done"}


def test_old_keys_and_old_records_go(teacher, company):
    old = IdempotencyKey.objects.create(company=company, user=teacher, key="a", fingerprint="f", answer="{}")
    IdempotencyKey.objects.filter(pk=old.pk).update(created_at=timezone.now() - KEYS_KEPT - dt.timedelta(hours=1))
    IdempotencyKey.objects.create(company=company, user=teacher, key="b", fingerprint="f", answer="{}")
    long_past = timezone.localdate() - KEPT - dt.timedelta(days=1)
    DailyStep.objects.create(day=long_past, step="verify", state=StepState.DONE, started_at=timezone.now())
    run()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["b"]
    assert not DailyStep.objects.filter(day=long_past).exists()


def test_two_at_once_do_each_step_once(at_once, monkeypatch):
    """The second finds the turn taken, or everything done."""
    started, calls = threading.Event(), []

    def slow() -> str:
        calls.append("x")
        started.wait(0.3)
        return "well"

    put(monkeypatch, slow=slow)
    told = [io.StringIO(), io.StringIO()]
    at_once([lambda out=out: call_command("daily", stdout=out) for out in told])
    assert calls == ["x"]
    assert all(out.getvalue() for out in told)


def test_the_turn_comes_back_when_its_holder_fails(at_once):
    def hold() -> bool:
        with turn() as ours:
            raise RuntimeError(str(ours))

    with pytest.raises(RuntimeError, match="True"):
        at_once([hold])

    def take() -> bool:
        with turn() as ours:
            return ours

    assert at_once([take]) == [True]


def test_what_is_due_is_posted_and_what_cannot_be_is_a_failure_until_it_can(company, recur):
    recur(day=1, start="2026-01-01", end="2026-02-28")
    assert outcomes(run("--only", "recurring")) == {"recurring": "done"}
    assert Transaction.objects.count() == 2
    recur(day=1, start="2025-01-01", end="2025-01-31")
    year = Period.objects.create(company=company, year=2025, month=None, status=PeriodStatus.CLOSED)
    (report,) = run("--only", "recurring", "--again")
    assert report["outcome"] == "failed"
    assert "2025-01-01" in report["detail"]
    Period.objects.filter(pk=year.pk).update(status=PeriodStatus.OPEN)
    assert outcomes(run("--only", "recurring")) == {"recurring": "done"}
    assert Transaction.objects.count() == 3


def test_an_attachment_without_its_file_is_a_failure(monkeypatch, company):
    assert outcomes(run("--only", "attachments")) == {"attachments": "done"}
    monkeypatch.setattr(steps, "file_faults", lambda: iter([("factura.pdf", "missing")]))
    (report,) = run("--only", "attachments", "--again")
    assert (report["outcome"], "factura.pdf: missing" in report["detail"]) == ("failed", True)


@pytest.mark.parametrize(
    "change", [None, "document", "no index"],
)
def test_the_index_is_rebuilt_only_when_it_is_stale(change, monkeypatch):
    fresh = change is None
    rebuilt = []

    class Assistant:
        def tidy_networks(self) -> None:
            pass

        def is_fresh(self) -> bool:
            return fresh

    monkeypatch.setattr(steps, "assistant", Assistant)
    monkeypatch.setattr(steps, "rebuild", lambda lease: rebuilt.append(lease) or {"total_documents": 3})
    assert steps.refresh_index()
    assert rebuilt == ([] if fresh else [None])
