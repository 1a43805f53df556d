"""What recurs is posted once for each due date, and what cannot be is never lost."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.companies.actions import close_period, open_period, reopen_period
from apps.recurring.actions import post_due
from apps.recurring.models import Occurrence, Schedule
from apps.trans.models import Transaction

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 2)
some_day = st.dates(dt.date(2025, 12, 1), dt.date(2026, 9, 30))


def dates():
    return [str(day) for day in Transaction.objects.order_by("date").values_list("date", flat=True)]


def url(schedule, action=""):
    return f"/api/recurring/{schedule['schedule_id']}/{action}"


def test_missed_days_are_caught_up_in_order_each_once(recur):
    recur(day=31)
    outcomes = post_due(TODAY)
    assert [str(outcome.due_date) for outcome in outcomes] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert dates() == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert post_due(TODAY) == []
    assert Schedule.objects.get().next_date == dt.date(2026, 4, 30)
    assert Transaction.objects.order_by("date").first().legend == "Abono de enero de 2026"


def test_nothing_is_posted_before_it_is_due_or_after_the_end(recur):
    recur(day=10, start="2026-04-01")
    recur(day=10, start="2026-01-01", end="2026-01-31", base=2420)
    post_due(TODAY)
    assert dates() == ["2026-01-10"]
    assert list(Schedule.objects.order_by("pk").values_list("next_date", flat=True)) == [dt.date(2026, 4, 10), None]


def test_a_closed_period_is_told_and_tried_again_and_does_not_hold_up_the_rest(recur, teacher, company):
    recur(day=10)
    period = open_period(2026, 2, acting_user=teacher, company=company)
    close_period(period.pk, acting_user=teacher, company=company)
    failed = [outcome for outcome in post_due(TODAY) if outcome.status == "failed"]
    assert [(str(outcome.due_date), outcome.code) for outcome in failed] == [("2026-02-10", "period_closed")]
    assert dates() == ["2026-01-10", "2026-03-10"]
    post_due(TODAY)
    kept = Occurrence.objects.get(status="failed")
    assert (kept.attempts, kept.code, bool(kept.message)) == (2, "period_closed", True)
    reopen_period(period.pk, acting_user=teacher, company=company)
    post_due(TODAY)
    assert dates() == ["2026-01-10", "2026-02-10", "2026-03-10"]
    assert Occurrence.objects.filter(status="posted").count() == 3


def test_an_inactive_account_is_told_in_words(recur, teacher_api, chart):
    recur(day=10, start="2026-03-01")
    chart["iva"].status = False
    chart["iva"].save()
    (outcome,) = post_due(TODAY)
    assert (outcome.status, outcome.code) == ("failed", "invalid_transaction")
    assert outcome.message
    assert Transaction.objects.count() == 0
    assert teacher_api.get("/api/recurring/").json()[0]["failed"] == 1
    chart["iva"].status = True
    chart["iva"].save()
    assert [found.status for found in post_due(TODAY)] == ["posted"]


def test_a_template_that_no_longer_fits_is_told(recur, teacher_api, template, body):
    recur(day=10, start="2026-03-01")
    body["lines"][2]["formula"] = "base * 50%"
    assert teacher_api.patch(f"/api/templates/{template['template_id']}/", {"lines": body["lines"]}).status_code == 200
    (outcome,) = post_due(TODAY)
    assert (outcome.status, outcome.code) == ("failed", "template_unfit")


def test_a_posted_one_that_was_deleted_is_not_posted_again(recur, teacher_api):
    recur(day=10, start="2026-03-01")
    (outcome,) = post_due(TODAY)
    assert teacher_api.delete(f"/api/trans/{outcome.trans_id}/").status_code == 204
    assert post_due(TODAY) == []
    kept = Occurrence.objects.get()
    assert (kept.status, kept.transaction) == ("posted", None)


def test_what_is_not_due_costs_nothing(recur, django_assert_num_queries):
    for _time in range(3):
        recur(start="2026-05-01")
    with django_assert_num_queries(1):
        assert post_due(TODAY) == []


def test_it_is_posted_in_the_name_of_who_set_it_up(recur, teacher):
    recur(day=10, start="2026-03-01")
    post_due(TODAY)
    assert Transaction.objects.get().user == teacher


def test_a_run_that_dies_in_the_middle_leaves_nothing_half_done(recur, monkeypatch):
    from apps.recurring.actions import posting

    recur(day=10, start="2026-03-01")
    note = posting._note
    monkeypatch.setattr(posting, "_note", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        post_due(TODAY)
    assert (Transaction.objects.count(), Occurrence.objects.count()) == (0, 0)
    monkeypatch.setattr(posting, "_note", note)
    assert len(post_due(TODAY)) == 1


def test_a_paused_one_waits_and_catches_up(recur, teacher_api):
    schedule = recur(day=10)
    teacher_api.patch(url(schedule), {"active": False})
    assert post_due(TODAY) == []
    teacher_api.patch(url(schedule), {"active": True})
    assert len(post_due(TODAY)) == 3


def test_a_change_of_day_counts_after_what_was_posted(recur, teacher_api):
    schedule = recur(day=10)
    post_due(TODAY)
    assert teacher_api.patch(url(schedule), {"day": 1}).json()["next_date"] == "2026-04-01"
    post_due(TODAY)
    assert dates()[-1] == "2026-04-01"


def test_a_due_date_can_be_skipped(recur, teacher_api):
    schedule = recur(day=10)
    assert teacher_api.post(url(schedule, "skip/"), {"due_date": "2026-01-10"}).json()["status"] == "skipped"
    post_due(TODAY)
    assert dates() == ["2026-02-10", "2026-03-10"]
    answer = teacher_api.post(url(schedule, "skip/"), {"due_date": "2026-03-10"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_due")
    told = teacher_api.get(url(schedule, "occurrences/")).json()
    assert [row["status"] for row in told] == ["posted", "posted", "skipped"]


def test_a_run_by_hand_answers_what_became_of_each(recur, teacher_api, student_api):
    recur(day=10)
    assert student_api.post("/api/recurring/run/").status_code == 403
    body = teacher_api.post("/api/recurring/run/").json()
    assert (body["failed"], body["posted"]) == (0, len(body["results"]))
    assert body["posted"] >= 3


def test_only_one_companys_are_run_when_it_is_named(recur, company, other_company):
    recur(day=10)
    assert post_due(TODAY, company=other_company) == []
    assert len(post_due(TODAY, company=company)) == 3


def test_what_posted_is_ended_not_deleted(recur, teacher_api, template):
    schedule = recur(day=10)
    assert teacher_api.delete(f"/api/templates/{template['template_id']}/").json()["code"] == "template_scheduled"
    post_due(TODAY)
    assert teacher_api.delete(url(schedule)).json()["code"] == "schedule_used"
    assert teacher_api.delete(url(recur(start="2100-01-01"))).status_code == 204


def test_a_base_that_does_not_fit_is_refused_when_it_is_set_up(teacher_api, template):
    sent = {"template": template["template_id"], "frequency": "monthly", "start": "2026-01-01"}
    answer = teacher_api.post("/api/recurring/", sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "template_unfit")
    early = teacher_api.post("/api/recurring/", {**sent, "base": 100, "end": "2025-01-01"})
    assert list(early.json()) == ["end"]


@pytest.mark.parametrize("fields", [{"day": 0}, {"day": 32}, {"every": 0}, {"frequency": "daily"}, {"base": 0},
                                    {"start": "1899-01-01"}, {"start": "2026-02-30"}])
def test_what_cannot_recur_is_refused(teacher_api, template, fields):
    sent = {"template": template["template_id"], "frequency": "monthly", "start": "2026-01-01", "base": 100}
    assert teacher_api.post("/api/recurring/", {**sent, **fields}).status_code == 400


def test_long_ago_is_caught_up_in_bounded_runs(recur, monkeypatch):
    from apps.recurring.actions import posting

    monkeypatch.setattr(posting, "CATCH_UP_MAX", 5)
    recur(frequency="weekly", start="2026-01-01")
    assert [len(post_due(TODAY)) for _run in range(4)] == [5, 5, 4, 0]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_day, max_size=3), st.integers(1, 31), st.integers(1, 3))
def test_whenever_it_runs_each_due_date_is_posted_once(recur, runs, day, every):
    atomic = transaction.atomic()
    atomic._from_testcase = True  # units of work are durable
    with atomic:
        schedule = Schedule.objects.get(pk=recur(day=day, every=every)["schedule_id"])
        for today in runs:
            post_due(today)
        last = max(runs, default=dt.date(2025, 1, 1))
        due = itertools.takewhile(lambda date: date <= last, schedule.recurrence.due_from(schedule.start))
        assert dates() == [str(date) for date in due]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_post_each_due_date_once(recur, at_once):
    recur(day=10)
    found = at_once([lambda: post_due(TODAY)] * 4)
    assert sum(len(outcomes) for outcomes in found) == 3
    assert dates() == ["2026-01-10", "2026-02-10", "2026-03-10"]
